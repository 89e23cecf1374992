"""What PostgreSQL keeps of emptied rows, level by level, down to its files: each level does what it claims.

On a server of its own, whose own clean-up is off, and which logs every statement.
"""

import pytest
from batches import Batches
from canaries import Canaries, all_found, hits, plant, rows_of_database
from own_server import NOT_OURS, OLD, YOUNG, fill, night, work_done
from pages import files_of_server, reachable

from flows import ledger, maintenance
from flows.chain import verify
from flows.database import Database

pytestmark = pytest.mark.xdist_group("residue")


@pytest.fixture
def batches(own_batches: Batches) -> Batches:
    return own_batches


def test_b2_no_statement_of_a_run_carries_a_personal_value(whole_run: tuple[Batches, Canaries, bytes]) -> None:
    """Nor a parameter, nor an error: with every statement logged, and one row that fails (T8)."""
    _, canaries, logged = whole_run
    assert b"$anonymize$" in logged
    assert b"vacuum (index_cleanup on, truncate off)" in logged
    assert hits(canaries, [("the server's log", logged)]) == {}


def test_b2_a_run_seals_the_level_it_reached(whole_run: tuple[Batches, Canaries, bytes]) -> None:
    batches, _, _ = whole_run
    run = batches.world.one("select run_id, outcome, residue from retention.runs where data_map_version is not null")
    assert (run["outcome"], run["residue"]) == ("partly done", "vacuumed")
    with Database.connect("retention") as database:
        assert verify(database).break_found is None


def test_b2_each_level_removes_what_it_claims(batches: Batches) -> None:
    """statistics: the planner's samples. vacuumed: every old row version. rewritten: every byte. The living stay (T18, T19)."""
    world, due, living = batches.world, Canaries(), Canaries()
    fill(world, due, OLD)
    plant(world, living, YOUNG, "versioned", "files")
    world.connection.execute("analyze")
    in_tables = all_found(due, reachable(world, ("platform",)))
    assert all_found(due, files_of_server(world, NOT_OURS)) == in_tables
    lost = {where for canary, where in due.where.items() if canary not in in_tables}
    assert lost == {"a file in files", "a file in versioned", f"a file in {_picture_bucket(due)}"}
    assert hits(due, rows_of_database(world))["pg_stats"]
    alive = all_found(living, reachable(world, ("platform",)))

    assert night(batches, "statistics") == ([], "statistics")
    assert hits(due, rows_of_database(world)) == {}
    assert hits(due, reachable(world, ("platform", "retention")))  # and no more than that

    assert night(batches, "vacuumed") == ([], "vacuumed")
    assert hits(due, reachable(world, ("platform", "retention"))) == {}
    assert hits(due, files_of_server(world, NOT_OURS))  # in the files' free space

    assert night(batches, "rewritten") == ([], "rewritten")
    assert hits(due, files_of_server(world, NOT_OURS)) == {}
    assert all_found(living, reachable(world, ("platform",))) == alive
    assert all_found(living, files_of_server(world, NOT_OURS)) == alive


def _picture_bucket(canaries: Canaries) -> str:
    (bucket,) = [canary for canary, where in canaries.where.items() if where == "users.picture_bucket"]
    return bucket


@pytest.mark.parametrize("level", maintenance.LEVELS)
def test_b2_a_second_run_that_changed_nothing_touches_nothing(batches: Batches, level: str) -> None:
    """Not a byte of the platform, and no table is worked on again, at this level or one below."""
    world = batches.world
    plant(world, Canaries(), OLD, "versioned", "files")
    night(batches, level)
    before = (world.bytes_of_platform(), work_done(world))
    assert night(batches, level) == ([], level)
    assert night(batches, "statistics") == ([], "statistics")
    assert (world.bytes_of_platform(), work_done(world)) == before


def test_b2_what_a_run_that_died_changed_is_made_up_by_the_next(batches: Batches) -> None:
    """Its batches counted themselves as they were committed."""
    world, due = batches.world, Canaries()
    plant(world, due, OLD, "versioned", "files")
    with batches.night() as (_, run_id):
        batches.anonymize(run_id)
    assert hits(due, reachable(world, ("platform",)))
    assert night(batches, "vacuumed") == ([], "vacuumed")
    assert hits(due, reachable(world, ("platform", "retention"))) == {}


def test_b2_only_tables_that_were_changed_are_worked_on(batches: Batches) -> None:
    world = batches.world
    world.message(None, OLD)
    count = "select relname, vacuum_count + analyze_count as n from pg_stat_user_tables where schemaname = 'platform'"
    before = {row["relname"]: row["n"] for row in world.rows(count)}
    night(batches, "vacuumed")
    assert {row["relname"] for row in world.rows(count) if row["n"] != before[row["relname"]]} == {"messages"}


def test_b2_a_table_in_partitions_is_worked_on_part_by_part(batches: Batches) -> None:
    """The server keeps counts and files by partition."""
    world = batches.world
    world.connection.execute(
        "create schema parted; create table parted.events (id int, name text) partition by range (id);"
        "create table parted.low partition of parted.events for values from (0) to (10);"
        "create table parted.high partition of parted.events for values from (10) to (20);"
        "insert into parted.events select n, 'x' from generate_series(0, 19) as n; delete from parted.events where id = 12"
    )
    try:
        with Database.connect("retention") as database:
            start = database.row("begin_maintenance")
            work = maintenance.Maintenance(database, [("parted", "events")], start)
            for step in (work.renew_samples, work.remove_old_versions, work.rewrite):
                step()
            state = database.row("remains", schemas=["parted"], names=["events"], began=start["began"])
        assert work.left == []
        assert (state["is_analyzed"], state["is_vacuumed"], state["dead"], len(state["files"])) == (True, True, 0, 2)
    finally:
        world.connection.execute("drop schema parted cascade")


def test_b2_object_keys_are_never_sampled(batches: Batches) -> None:
    """ANALYZE of a queue that is empty again leaves old samples where they are: there must be none, also of earlier versions."""
    world, due = batches.world, Canaries()
    world.connection.execute("alter table retention.file_queue alter column object_key set statistics 100")
    world.connection.execute(
        "insert into retention.file_queue (run_id, environment_id, kind, bucket, object_key)"
        " select 1, '1', 'messages', 'files', %s || n from generate_series(1, 9) as n",
        [due.new("file_queue.object_key")],
    )
    world.connection.execute(
        "analyze retention.file_queue; delete from retention.file_queue; analyze retention.file_queue"
    )
    assert hits(due, rows_of_database(world)).get("pg_stats")
    with Database.connect("retention") as database:
        ledger.prepare_ledger(database, "retention")
    assert hits(due, rows_of_database(world)) == {}
