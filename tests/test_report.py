"""Reports of nights that did not go well, proof of a run, and a ledger of before: what a third party is handed."""

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
from nights import Nights
from reports import figure_of_ledger, figures_on
from world import World

from flows import chain, closing, ledger
from flows.account import Account
from flows.certificate import Certificate, write_certificate
from flows.database import Database
from flows.errors import Alarm, BadConfiguration
from flows.ledger import RunRequest
from flows.page.figures import read_figures
from flows.page.writing import write_page
from flows.settings import Settings, read_settings

pytestmark = pytest.mark.xdist_group("batches")

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "docs" / "check_certificate.py"
AS_OF = datetime(2026, 3, 31, 2, tzinfo=PARIS)
OLD = AS_OF - timedelta(days=3 * 365)
DAY = timedelta(days=1)
DATA_MAP, RULES = '{"messages":{"columns":{},"meta":{"key":"message_id"}}}', '{"macros":{},"vars":{}}'


def settings_of(world: World, **environ: str) -> Settings:
    return read_settings(world.project_dir, {**world.environ, **environ})


def page_of(world: World, run_id: int) -> str:
    with Database.connect("retention") as database:
        return write_page(database, settings_of(world), run_id).read_text()


# Nights that did not go well.


def test_a_held_back_run_has_its_report_with_what_is_left_and_why(nights: Nights) -> None:
    nights.world.environment(1)
    nights.messages(3, OLD)
    held = nights.at(AS_OF)
    assert held.outcome == "held back"
    page = page_of(nights.world, 1)
    assert "Held back: 3 rows left until a person approves" in page
    assert "<strong>Why:</strong> no run has finished for it yet</div></td>" in page
    figures = figures_on(page)
    assert (figures["left_over", "1", "messages"], figures["anonymized", "1", ""]) == (3, 0)
    assert all(value == figure_of_ledger(nights.world, 1, figure) for figure, value in figures.items())


def test_a_run_that_is_stopped_has_its_report_with_the_reason_and_never_a_foreign_text(batches: Batches) -> None:
    batches.empty_ledger()
    world = batches.world
    for error in (BadConfiguration("Reading the seed: expected months. Mend it."), ValueError("a value of a row")):
        with Database.connect("retention") as database, pytest.raises(type(error)):  # noqa: SIM117
            with closing.reported_run(
                database, settings_of(world), RunRequest(), ledger.fix_as_of(database, RunRequest())
            ):
                raise error
    first, second = ((world.project_dir / "reports" / f"run-{number}.en.html").read_text() for number in (1, 2))
    assert "Failed: the run could not be finished" in first
    assert "Reading the seed: expected months. Mend it." in first
    assert "stopped by ValueError." in second
    assert "a value of a row" not in second


def test_a_report_that_cannot_be_written_is_a_warning_and_no_more(batches: Batches) -> None:
    batches.empty_ledger()
    batches.whole_night()
    world = batches.world
    (world.project_dir / "file").write_text("")
    with Database.connect("retention") as database:
        settings = settings_of(world, RETENTION_REPORTS="file")
        address, (warning,) = closing.publish(database, settings, 1)
    assert address is None
    assert "could not be written" in warning
    assert warning.endswith("write it with: retention report 1")


def test_where_reports_are_shown_is_what_prefect_links(batches: Batches, tmp_path: Path) -> None:
    batches.empty_ledger()
    batches.whole_night()
    environ = {"RETENTION_REPORTS": str(tmp_path / "kept"), "RETENTION_REPORTS_URL": "https://reports.example/kept/"}
    with Database.connect("retention") as database:
        settings = settings_of(batches.world, **environ, RETENTION_LANGUAGE="fr")
        assert closing.publish(database, settings, 1) == ("https://reports.example/kept/run-1.fr.html", [])
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["run-1.fr.html"]


# What only the run knew.


def test_a_run_tells_what_falls_due_on_each_of_the_next_90_nights(nights: Nights) -> None:
    nights.world.environment(1)
    midnight = datetime(2024, 3, 31, tzinfo=PARIS)  # the cutoff of AS_OF
    for days, count in ((-1, 1), (0, 2), (1, 3), (89, 5), (90, 7)):
        nights.messages(count, midnight + days * DAY)
    with nights.batches.night() as (database, run_id):
        nights.look(AS_OF)
        forecast, warnings = closing.look_ahead(database, run_id)
    assert warnings == []
    assert forecast is not None
    told = {row["night"]: row["rows"] for row in forecast if row["rows"]}
    assert told == {1: 1 + 2, 2: 3, 90: 5}, "what is due already goes with the first night"


def test_a_look_ahead_that_takes_too_long_is_left_out_and_said(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "LONGEST_LOOK", 0.001)
    with batches.night() as (database, run_id):
        forecast, (warning,) = closing.look_ahead(database, run_id)
        assert database.row("run", run_id=run_id)["run_id"] == run_id, "the session goes on"
    assert forecast is None
    assert "the report shows no forecast: it took longer than" in warning


def test_the_age_of_the_oldest_due_row_grows_with_each_night_that_did_not_work(nights: Nights) -> None:
    nights.world.environment(1)
    nights.messages(1, datetime(2024, 3, 30, 12, tzinfo=PARIS))
    nights.at(AS_OF - DAY, approved=True)
    nights.messages(1, datetime(2024, 3, 30, 12, tzinfo=PARIS))
    nights.at(AS_OF, approved=True)
    nights.messages(1, datetime(2024, 3, 31, 12, tzinfo=PARIS))
    nights.at(AS_OF + 4 * DAY, approved=True)
    with Database.connect("retention") as database:
        shown = {night["day"]: night["oldest_due_days"] for night in read_figures(database, None).nights}
    assert len(shown) == 90
    ages = [shown[(AS_OF + days * DAY).date()] for days in (-1, 0, 1, 2, 3, 4)]
    assert ages == [0, 0, None, None, None, 3], "the row was due on the first of the nights without a run"


def test_bytes_are_freed_once_a_file_and_only_when_it_is_gone(batches: Batches) -> None:
    batches.empty_ledger()
    world = batches.world
    message = world.message(world.user(created_at=OLD), OLD)
    living = world.message(None, AS_OF - DAY)
    for key, size in (("one", 100), ("twice", 20), ("twice", 20), ("shared", 3)):
        world.put(key)
        world.attachment(message, key, byte_size=size)
    world.attachment(living, "shared", byte_size=3)
    world.attachment(message, "nowhere", bucket="missing", byte_size=7)
    with batches.night() as (database, run_id):
        batches.anonymize(run_id)
        batches.purge(database, run_id)
        database.execute("note_files_left", run_id=run_id, environments=None)
    line = world.one("select bytes_freed, files_left, files_failure from retention.run_lines where kind = 'messages'")
    assert line == {"bytes_freed": 120, "files_left": 1, "files_failure": "NoSuchBucket"}
    page = page_of(world, 1)
    assert "<strong>Why:</strong> NoSuchBucket</div></td>" in page
    assert figures_on(page)["files_left", "1", ""] == 1


def test_a_ledger_of_before_keeps_its_hashes_when_it_is_upgraded(batches: Batches) -> None:
    batches.empty_ledger()
    world = batches.world
    for _ in range(2):
        batches.whole_night()
    new = {
        "runs": ("rules_version", "checks", "said", "forecast"),
        "run_lines": ("bytes_freed", "files_left", "files_failure"),
    }
    with world.connection.transaction(force_rollback=True):
        for table, columns in {**new, "file_queue": ("byte_size",)}.items():
            for column in columns:
                world.connection.execute(f"alter table retention.{table} drop column {column} cascade")
        world.connection.execute("drop table retention.documents")
        database = Database(world.connection, "retention")
        ledger.prepare_ledger(database, "retention")
        verdict = chain.verify(database)
        assert (verdict.runs, verdict.break_found) == (2, None)
        assert read_figures(database, 1).run["checks"] is None
        ledger.prepare_ledger(database, "retention")


# Proof for a third party.


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
    database = Database(connection, "retention")
    written = write_certificate(database, settings, 2, since=2)
    assert len(json.loads(written.json.read_text())["chain"]) == 2
    assert check(written.json).returncode == 0
    written = write_certificate(database, settings, 2, since=3)
    assert len(json.loads(written.json.read_text())["chain"]) == 2, "never without the run itself"
    newest = write_certificate(database, settings, None)
    assert newest.json.name == "run-3.certificate.json", "without a number, as of a report"
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
