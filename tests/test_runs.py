"""The list of runs: what the ledger says of each, newest first, finished or not, for a person and for machines."""

import json
from datetime import datetime, timedelta

import pytest
from batches import Batches
from model import PARIS
from nights import Nights
from reports import settings_of
from telling import retention
from world import World

from flows import ledger
from flows.database import Database
from flows.errors import BadConfiguration
from flows.page.writing import write_page
from flows.runs import newest_runs

pytestmark = pytest.mark.xdist_group("batches")
AS_OF = datetime(2026, 3, 31, 2, tzinfo=PARIS)
OLD = AS_OF - timedelta(days=3 * 365)


@pytest.fixture
def listed(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> World:
    batches.empty_ledger()
    batches.world.enter(monkeypatch)
    return batches.world


def _told(*options: str) -> list[list[str]]:
    """The lines of the list, each by its words."""
    told = retention("runs", *options)
    assert told.code == 0, told.text
    return [line.split() for line in told.text.splitlines()]


def test_runs_are_listed_newest_first_with_how_they_ended_and_what_they_did(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = nights.world
    world.environment(1)
    nights.messages(3, OLD)
    nights.at(AS_OF)
    nights.at(AS_OF + timedelta(days=1), approved=True)
    world.enter(monkeypatch)
    header, second, first, hint = _told()
    assert " ".join(header) == "run night started verdict environments due anonymized purged left over"
    assert second == ["2", "2026-04-01", "2026-04-01", "02:00", "done", "all", "3", "3", "0", "0"]
    assert first == ["1", "2026-03-31", "2026-03-31", "02:00", "held", "back", "all", "3", "0", "0", "3"]
    assert hint[:6] == ["One", "of", "them:", "retention", "report", "RUN."]
    assert [line[0] for line in _told("--last", "1")[1:-1]] == ["2"]
    (newest, held) = json.loads(retention("runs", "--json").text)
    assert (newest["outcome"], newest["anonymized"], newest["rows_left"], newest["files_left"]) == ("done", 3, 0, 0)
    assert (held["outcome"], held["anonymized"], held["rows_left"]) == ("held back", 0, 3)
    assert [(run["dry_run"], run["rows_due"], run["files_due"]) for run in (newest, held)] == [(False, 3, 0)] * 2
    assert newest["started_at"].startswith("2026-04-01T02:00:00+02:00")


def test_a_run_at_work_is_told_from_one_whose_process_died(listed: World, batches: Batches) -> None:
    with batches.night() as (_, run_id):
        line = _told()[1]
        assert (line[:2], line[4:6]) == ([str(run_id), "2026-03-31"], ["at", "work"])
    with Database.connect("retention") as database:
        request = ledger.RunRequest(as_of=batches.as_of, environments=[*"1234"])
        clock = ledger.fix_as_of(database, request)
        opened = ledger.open_run(database, request, clock)
        run_id = opened.__enter__()
        database.rows("unlock")
        assert [run["outcome"] for run in newest_runs(database, 2)] == ["interrupted", "done"]
        opened.__exit__(None, None, None)
    assert _told()[1][0] == str(run_id)
    assert _told()[1][5:8] == ["4", "of", "them"]


def test_what_nobody_could_count_is_unknown(listed: World, batches: Batches) -> None:
    with batches.night():
        listed.connection.execute(
            "update retention.run_lines set left_over = null, files_left = 2 where kind = 'messages'"
        )
    assert _told()[1][-4:] == ["unknown", "rows,", "2", "files"]


def test_a_dry_run_says_what_was_due_and_nothing_of_what_was_done_or_left(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counted what is due; what would be left over of that nobody knows, and no 0 says that nothing would."""
    world = nights.world
    world.environment(1)
    for number in range(3):
        message = world.message(None, OLD)
        if number:
            world.attachment(message, f"due/{number}")
    world.enter(monkeypatch)
    with Database.connect("retention") as database:
        request = ledger.RunRequest(as_of=nights.batches.as_of, dry_run=True)
        with ledger.open_run(database, request, ledger.fix_as_of(database, request)) as run_id:
            ledger.open_lines(database, run_id, request)
            ledger.finish_run(database, run_id, "dry run", {})
    (dry,) = json.loads(retention("runs", "--json").text)
    assert (dry["outcome"], dry["dry_run"], dry["rows_due"], dry["files_due"]) == ("dry run", True, 3, 2)
    assert (dry["anonymized"], dry["files_purged"], dry["rows_left"], dry["files_left"]) == (0, 0, None, None)
    assert _told()[1][4:] == ["dry", "run", "all", "3"]


def test_a_report_of_a_run_that_is_not_there_points_to_the_list(listed: World) -> None:
    assert retention("runs").text == "No run yet; `retention run --dry-run` is one that changes nothing.\n"
    with Database.connect("retention") as database:
        for number, found in ((None, "expected a finished run, found none."), (7, "with the number 7, found none.")):
            with pytest.raises(BadConfiguration) as refusal:
                write_page(database, settings_of(listed), number)
            assert found in str(refusal.value)
            assert str(refusal.value).endswith("`retention runs` lists them.")
    for command in ("report", "certificate"):
        assert "`retention runs` lists" in retention(command, "--help").text.replace("│", "").replace("\n", " ")


def test_no_run_is_no_number_of_lines(listed: World) -> None:
    told = retention("runs", "--last", "0")
    assert told.code == 2
    assert "--last" in told.text
