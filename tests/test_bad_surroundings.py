"""Bad surroundings: rights, foreign objects, types, readers who stay. One paragraph, one exit code, not a byte of the
platform changed.

One platform serves all; each test puts its fault in and takes it out again.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from conftest import MakeWorld
from project_copy import copy_project
from telling import refusal_of
from world import OLD, World

from flows import ledger
from flows.database import Database
from flows.errors import BadConfiguration
from flows.project import DbtProject, NodeResult, refuse_what_database_refused
from flows.settings import read_settings
from flows.status import read_status, require_views
from flows.views import _refuse_unfit_map, build_views


@pytest.fixture(scope="module")
def built(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A platform with a due row, whose views are built once, without a flow around."""
    with make_world(tmp_path_factory.mktemp("surroundings")) as world:
        world.environment(1)
        world.message(world.user(), OLD)
        world.connection.execute("create role stranger login")
        with Database.connect("retention") as database:
            ledger.prepare_ledger(database, "retention")
        DbtProject(read_settings(world.project_dir), {"as_of": OLD.isoformat(), "run_id": "0"}).look()
        yield world
        world.connection.execute("drop owned by stranger; drop role stranger")


@pytest.fixture
def world(built: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    built.enter(monkeypatch)
    with built.untouched():
        yield built


# The database's state


@pytest.mark.parametrize("command", [["status"], ["ledger", "verify"]])
def test_a_role_that_may_not_read_the_ledger_is_told_so(
    world: World, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("PGUSER", "stranger")
    told = refusal_of(*command)
    assert told.startswith("Reading retention as stranger: expected a role that may")
    assert "permission denied" in told


def test_a_view_of_an_earlier_version_names_what_it_lacks(world: World) -> None:
    rename = "alter view retention.environment_status rename column {} to {}".format
    with (
        world.executed(rename("stuck_because", "stuck"), rename("stuck", "stuck_because")),
        Database.connect("retention") as database,
        pytest.raises(BadConfiguration, match=r'column "stuck_because" does not exist.*retention run --dry-run'),
    ):
        require_views(database, "retention")
        read_status(database)


@pytest.mark.parametrize(
    ("there", "found"),
    [
        (
            "create view foreign_schema.runs as select date '2026-01-01' as paris_date, true as is_scheduled, 'done' as outcome",
            'column "run_id" does not exist',
        ),
        ("create table foreign_schema.runs (id integer)", 'column "run_id" does not exist'),
    ],
    ids=["a view", "a table of something else"],
)
def test_a_ledger_that_is_somebody_elses_is_refused(world: World, there: str, found: str) -> None:
    made = world.executed(f"create schema foreign_schema; {there}", "drop schema foreign_schema cascade")
    with made, Database.connect("foreign_schema") as database, pytest.raises(BadConfiguration) as refusal:
        ledger.prepare_ledger(database, "foreign_schema")
    message = str(refusal.value)
    assert message.startswith(
        "Opening the ledger in the schema foreign_schema: expected the product's own tables or none"
    )
    assert found in message
    assert message.endswith("Set RETENTION_SCHEMA to a schema of its own; nothing was changed.")


def test_what_keeps_a_view_from_being_built_is_named(world: World) -> None:
    """A right that is missing, and something of another kind under the view's name."""
    settings = read_settings(world.project_dir)
    faults = world.executed(
        "drop view retention.anonymized_users_feed; create table retention.anonymized_users_feed (id integer);"
        "grant stranger to current_user; grant all on schema retention to stranger;"
        "grant usage on schema platform to stranger",
        "drop table retention.anonymized_users_feed",
    )
    with faults:
        results = DbtProject(settings, {"as_of": OLD.isoformat(), "run_id": "0"}).look()
    (broken,) = [result for result in results if result.is_broken]
    with pytest.raises(BadConfiguration) as refusal:
        refuse_what_database_refused(broken)
    assert str(refusal.value) == (
        'Building anonymized_users_feed: expected the database to allow it, found: Building "'
        f'{world.environ["PGDATABASE"]}"."retention"."anonymized_users_feed": expected a view or nothing there, found '
        "something else. Rename or drop it. Mend the rights of the role in PGUSER, or what is named there; nothing was changed."
    )


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        pytest.param(
            ("models/platform/_platform__sources.yml", "version: ["), "expected node content", id="the data map's YAML"
        ),
        pytest.param(("dbt_project.yml", "name: ["), "expected node content", id="the project's YAML"),
        pytest.param(("profiles.yml", None), "profile named 'retention'", id="no profiles"),
        pytest.param(("models/due/due_cutoffs.sql", "{% if %}"), "due_cutoffs", id="a model's template"),
    ],
)
def test_a_project_that_dbt_cannot_read_is_refused(
    world: World, tmp_path: Path, spoil: tuple[str, str | None], found: str
) -> None:
    project_dir = copy_project(tmp_path / "project")
    name, text = spoil
    (project_dir / name).unlink() if text is None else (project_dir / name).write_text(text)
    with pytest.raises(BadConfiguration) as refusal:
        DbtProject(read_settings(project_dir), {"as_of": OLD.isoformat(), "run_id": "0"}).look()
    assert found in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_options_of_the_server_that_it_does_not_know_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c nosuch=1")
    with pytest.raises(BadConfiguration, match="nosuch"):
        DbtProject(read_settings(world.project_dir), {"as_of": OLD.isoformat(), "run_id": "0"}).look()


# Somebody reads what is to be renewed, in a transaction that stays open


def _renewed(world: World, read: str) -> tuple[list[str], float]:
    """What building the views for another instant warns of while a reader's transaction is open, and how long it takes."""
    settings = read_settings(world.project_dir)
    project = DbtProject(settings, {"as_of": "2026-01-01T02:00+01:00", "run_id": "0"})
    with psycopg.connect() as reader, Database.connect("retention") as database:
        reader.execute(f"select count(*) from retention.{read}")
        began = time.monotonic()
        try:
            return build_views(database, project), time.monotonic() - began
        finally:
            reader.rollback()
            DbtProject(settings, {"as_of": OLD.isoformat(), "run_id": "0"}).look()


def test_r3_a_dump_that_reads_the_periods_keeps_neither_the_run_nor_a_connector_waiting(world: World) -> None:
    """T5: a truncate of the seed would wait for the dump, and may_retrieve behind it."""
    with psycopg.connect(autocommit=True, options="-c lock_timeout=200ms") as connector:
        ended = threading.Event()
        failures: list[str] = []

        def ask() -> None:
            while not ended.wait(0.01):
                try:
                    connector.execute("select retention.may_retrieve(1, 'private', now())")
                except psycopg.Error as error:
                    failures.append(type(error).__name__)

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            warnings, _ = _renewed(world, "retention_periods")
        finally:
            ended.set()
            asking.join()
    assert warnings == []
    assert failures == []


def test_t5_an_analyst_whose_transaction_stays_open_does_not_keep_the_night_from_going_on(world: World) -> None:
    warnings, took = _renewed(world, "due_cutoffs")
    (warning,) = warnings
    assert warning.startswith("due_cutoffs, due_events")
    assert "somebody reads them in a transaction that is still open" in warning
    assert took < 30


def test_t5_a_view_that_a_night_stands_on_is_waited_for_some_seconds_and_named(world: World) -> None:
    with pytest.raises(BadConfiguration) as refusal:
        _renewed(world, "brake_verdicts")
    assert str(refusal.value) == (
        "Building brake_verdicts: expected it to be free for a tenth of a second, found it read in an open transaction for "
        "some seconds. End that transaction (pg_stat_activity); nothing was changed."
    )


@pytest.mark.parametrize(
    ("said", "is_named"),
    [
        ("permission denied for table messages", True),
        ("must be owner of view platform_users", True),
        ('relation "platform.users" does not exist', True),
        ("server closed the connection unexpectedly", False),
        ("canceling statement due to lock timeout", False),
    ],
)
def test_a_refusal_of_the_database_is_told_from_an_accident(said: str, is_named: bool) -> None:
    result = NodeResult(
        "platform_users", None, "error", 0, f"Database Error in model platform_users (models/x.sql)\n  {said}\n"
    )
    if not is_named:
        refuse_what_database_refused(result)
        return
    with pytest.raises(BadConfiguration) as refusal:
        refuse_what_database_refused(result)
    assert str(refusal.value).startswith(
        f"Building platform_users: expected the database to allow it, found: {said}. Mend the rights of the role in PGUSER"
    )


TYPES = [
    ("users", "anonymized_on", "timestamp with time zone", "date"),
    ("messages", "anonymized_on", "text", "date"),
    ("messages", "content", "bytea", "text"),
    ("users", "pseudonyms", "text", "text[]"),
]


def test_a_column_of_another_type_than_declared_is_refused(world: World) -> None:
    """A marker that is no date would be written, and never be found again."""
    view = world.one("select pg_get_viewdef('retention.mistyped_columns') as text")["text"]
    with world.connection.transaction(force_rollback=True):
        world.connection.execute("drop schema retention cascade; create schema retention")
        world.connection.execute(f"create view retention.mistyped_columns as {view}")
        for table, column, stored, _ in TYPES:
            world.connection.execute(
                f"alter table platform.{table} add column other {stored};"
                f"alter table platform.{table} drop column {column} cascade;"
                f"alter table platform.{table} rename column other to {column}"
            )
        rows = Database(world.connection, "retention").rows("mistyped_columns")
    with pytest.raises(BadConfiguration) as refusal:
        _refuse_unfit_map(rows)
    message = str(refusal.value)
    assert message.startswith("Comparing the data map with the database: expected the same columns, found ")
    for table, column, stored, declared in TYPES:
        assert f"{table}.{column} {declared} in the data map, {stored} in the database" in message
    assert message.endswith(
        "Mend the data map in the sources' YAML, PLATFORM_SCHEMA or the database; nothing was changed."
    )
