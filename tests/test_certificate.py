"""Proof of a run for a third party: checked with nothing of ours, and any alteration is found."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from batches import Batches
from model import PARIS
from reports import figures_on, settings_of

from flows import chain, closing, ledger
from flows.account import Account
from flows.certificate import Certificate, write_certificate
from flows.database import Database
from flows.errors import Alarm, BadConfiguration
from flows.ledger import RunRequest

pytestmark = pytest.mark.xdist_group("batches")

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "docs" / "check_certificate.py"
AS_OF = datetime(2026, 3, 31, 2, tzinfo=PARIS)
OLD = AS_OF - timedelta(days=3 * 365)
DATA_MAP, RULES = '{"messages":{"columns":{},"meta":{"key":"message_id"}}}', '{"macros":{},"vars":{}}'


@pytest.fixture(scope="module")
def issued() -> dict[str, str]:
    """The files of one certificate, issued for the first test that asks."""
    return {}


@pytest.fixture
def certified(batches: Batches, issued: dict[str, str], tmp_path: Path) -> Certificate:
    """The certificate of the second of three nights, with every kind of row, for one test to alter."""
    if not issued:
        certify_nights(batches)
        told = batches.world.command("certificate", "2", "--json")
        assert told.returncode == 0, told.stderr
        issued |= {name: Path(path).name for name, path in json.loads(told.stdout).items()}
        issued |= {path.name: path.read_text() for path in (batches.world.project_dir / "reports").glob("run-2.c*")}
    paths = Certificate(tmp_path / issued["certificate"], tmp_path / issued["page"])
    for path in (paths.json, paths.page):
        path.write_text(issued[path.name])
    return paths


def certify_nights(batches: Batches) -> None:
    batches.empty_ledger()
    world = batches.world
    for number in range(3):
        message = world.message(world.user(created_at=OLD), OLD)
        world.put(f"key/{number}")
        world.attachment(message, f"key/{number}")
        world.event("custom_events", f"somebody-{number}")
        with Database.connect("retention") as database, ledger.only_run(database):
            asked = RunRequest(as_of=batches.as_of, is_approved=True)
            with ledger.open_run(database, asked, ledger.fix_as_of(database, asked)) as run_id:
                closing.note_documents(database, run_id, DATA_MAP, RULES)
                ledger.open_lines(database, run_id, asked)
                batches.anonymize(run_id)
                batches.purge(database, run_id)
                checks = {"overdue_rows": {"status": "pass", "offences": 0}, "own": {"status": "fail", "offences": 4}}
                account = Account(["something is left."], [], checks, [{"night": 1, "rows": 2, "files": 3}])
                ledger.finish_run(database, run_id, "offences found", {"own": 4}, account)


def check(path: Path, *noted: str) -> "subprocess.CompletedProcess[str]":
    """The published script as a third party has it: isolated, with nothing of ours."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(path), *noted]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd="/", env={})


class Script:
    """The published script, compiled once: each alteration is tried in this process."""

    def __init__(self) -> None:
        self._code = compile(SCRIPT.read_text(), str(SCRIPT), "exec")

    def finds(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(path)])
        with pytest.raises(SystemExit) as end:
            exec(self._code, {"__name__": "__main__"})
        return bool(end.value.code)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a JSON."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in items:
            yield from leaves(inner, (*path, name))
    else:
        yield path


def altered(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value}0"


def test_a_third_party_checks_a_certificate_with_a_script_of_under_60_lines_and_nothing_of_ours(
    certified: Certificate,
) -> None:
    assert len(SCRIPT.read_text().splitlines()) < 60
    held = check(certified.json)
    assert (held.returncode, held.stdout) == (0, "Every run, text and figure is what it was.\n"), held.stderr
    content = json.loads(certified.json.read_text())
    assert [entry["content"]["run"]["run_id"] for entry in content["chain"]] == [1, 2, 3]
    assert sorted(content["documents"].values()) == sorted([DATA_MAP, RULES])
    assert check(certified.json, content["chain"][0]["hash"]).returncode == 0, "a hash that was noted earlier"
    foreign = check(certified.json, "f" * 64)
    assert (foreign.returncode, foreign.stdout) == (1, "no run has the hash that was noted\n")


def test_every_altered_value_of_a_certificate_is_found(certified: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    original, script = certified.json.read_text(), Script()
    assert not script.finds(certified.json, monkeypatch)
    ways = list(leaves(json.loads(original)))
    assert len(ways) > 200
    for way in ways:
        content = json.loads(original)
        parent = content
        for name in way[:-1]:
            parent = parent[name]
        parent[way[-1]] = altered(parent[way[-1]])
        certified.json.write_text(json.dumps(content))
        assert script.finds(certified.json, monkeypatch), way


def test_every_altered_figure_of_the_page_is_found_even_with_a_new_hash_of_the_page(
    certified: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, page, script = certified.json.read_text(), certified.page.read_text(), Script()
    figures = list(figures_on(page))
    assert len(figures) > 40
    cells = page.split("<data ")
    for number in range(1, len(cells)):
        value, rest = cells[number].split('"', 2)[1:]
        shown, behind = rest.split(">", 1)[1].split("<", 1)
        another_text = rest.replace(f">{shown}<", f">{shown}7<", 1)
        for new in (f'value="{int(value) + 1}"{rest}', f'value="{value}"{another_text}'):
            forged = "<data ".join([*cells[:number], new, *cells[number + 1 :]])
            assert behind
            certified.page.write_text(forged)
            content = json.loads(original)
            assert script.finds(certified.json, monkeypatch)
            content["page"]["sha256"] = chain.digest(forged)
            certified.json.write_text(json.dumps(content))
            is_size = 'data-figure="bytes_freed"' in rest
            assert script.finds(certified.json, monkeypatch) or (is_size and "7<" in new), new[:200]
            certified.json.write_text(original)


def test_a_run_taken_out_of_the_chain_or_put_in_another_place_is_found(
    certified: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, script = certified.json.read_text(), Script()
    for change in (
        lambda runs: runs.pop(1),
        lambda runs: runs.reverse(),
        lambda runs: runs.insert(1, runs[0]),
        lambda runs: runs.clear(),
    ):
        content = json.loads(original)
        change(content["chain"])
        certified.json.write_text(json.dumps(content))
        assert script.finds(certified.json, monkeypatch)
    certified.json.write_text("{}")
    broken = check(certified.json)
    assert (broken.returncode, broken.stdout) == (1, "it can't be read: KeyError: 'chain'\n")


def test_the_page_of_a_certificate_is_the_report_with_chain_data_map_and_rules(certified: Certificate) -> None:
    page = certified.page.read_text()
    assert figures_on(page)["offences", "", ""] == 4
    for entry in json.loads(certified.json.read_text())["chain"]:
        assert entry["hash"] in page
    for text in (DATA_MAP, RULES):
        assert text.replace('"', "&#34;") in page
        assert chain.digest(text) in page


def test_a_certificate_begins_where_it_is_told_to_and_is_refused_where_it_would_prove_nothing(batches: Batches) -> None:
    certify_nights(batches)
    connection, settings = batches.world.connection, settings_of(batches.world)
    in_french = settings_of(batches.world, RETENTION_LANGUAGE="fr")
    database = Database(connection, "retention")
    written = write_certificate(database, settings, 2, since=2)
    assert len(json.loads(written.json.read_text())["chain"]) == 2
    assert check(written.json).returncode == 0
    written = write_certificate(database, settings, 2, since=3)
    assert len(json.loads(written.json.read_text())["chain"]) == 2, "never without the run itself"
    newest = write_certificate(database, settings, None)
    assert newest.json.name == "run-3.certificate.en.json", "without a number, as of a report"
    english, french = write_certificate(database, settings, 2), write_certificate(database, in_french, 2)
    assert {check(each.json).returncode for each in (english, french)} == {0}, "neither takes the other's place"
    before = written.json.stat().st_mtime_ns
    for edit, error, said in (
        ("update retention.run_lines set anonymized = anonymized + 1 where run_id = 1", Alarm, "run 1"),
        ("delete from retention.documents", BadConfiguration, "Certify a later run"),
    ):
        with connection.transaction(force_rollback=True):
            connection.execute(edit)  # type: ignore[call-overload]
            with pytest.raises(error, match=said):
                write_certificate(database, settings, 2)
    assert written.json.stat().st_mtime_ns == before
