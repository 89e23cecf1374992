"""Reports of nights that did not go well, what only the run knew, and a ledger of before."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from batches import Batches
from model import PARIS
from nights import Nights
from reports import figure_of_ledger, figures_on, page_of, settings_of

from flows import chain, closing, ledger
from flows.database import Database
from flows.errors import BadConfiguration
from flows.ledger import RunRequest
from flows.page.figures import read_figures

pytestmark = pytest.mark.xdist_group("batches")
AS_OF = datetime(2026, 3, 31, 2, tzinfo=PARIS)
OLD = AS_OF - timedelta(days=3 * 365)
DAY = timedelta(days=1)


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
