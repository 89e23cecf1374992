"""What PostgreSQL keeps of emptied rows, level by level, down to its files: each level does what it claims, or says why not.

On a server of its own, whose own clean-up is off, and which logs every statement.
"""

from collections.abc import Iterator

import pytest
from batches import Batches
from canaries import Canaries, all_found, hits, plant, rows_of_database
from own_server import (
    NOT_OURS,
    OLD,
    YOUNG,
    fill,
    impatient_writer,
    night,
    run_with_canaries,
    session,
    slot_of_a_replica,
    work_done,
    world_of_its_own,
)
from pages import files_of_server, reachable
from world import World

from flows import ledger, maintenance
from flows.chain import verify
from flows.database import Database

pytestmark = pytest.mark.xdist_group("residue")


@pytest.fixture(scope="module")
def own_world(
    s3_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory, prefect_server: str
) -> Iterator[World]:
    assert prefect_server
    with world_of_its_own(s3_server, tmp_path_factory.mktemp("residue") / "project") as world:
        yield world


@pytest.fixture(scope="module")
def whole_run(own_world: World) -> tuple[Batches, Canaries, bytes]:
    return run_with_canaries(own_world)


@pytest.fixture
def batches(whole_run: tuple[Batches, Canaries, bytes], monkeypatch: pytest.MonkeyPatch) -> Batches:
    """An empty platform and ledger; nobody waits for long."""
    for patience in ("PATIENCE", "PATIENCE_FOR_CATALOGS", "PATIENCE_FOR_COUNTERS"):
        monkeypatch.setattr(maintenance, patience, 0.4)
    monkeypatch.setattr(maintenance, "ATTEMPTS_TO_REWRITE", 2)
    batches, _, _ = whole_run
    batches.empty()
    batches.world.connection.execute("truncate retention.run_lines, retention.runs cascade")
    batches.world.environment(1)
    return batches


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


def test_b2_what_holds_old_row_versions_back_is_named_and_they_are_made_up(batches: Batches) -> None:
    """An analyst's transaction, a prepared one, a replica's slot: VACUUM would report success and remove nothing."""
    world, due = batches.world, Canaries()
    plant(world, due, OLD, "versioned", "files")
    with session() as analyst, session() as preparer:
        analyst.execute("set transaction isolation level repeatable read")
        analyst.execute(f"select count(*) as {due.mark} from platform.messages")
        preparer.execute("insert into platform.environments values (77, 'prepared')")
        preparer.execute(f"prepare transaction '{due.mark}'")
        slot_of_a_replica("standby")
        prepared = world.one("select transaction::text as xid from pg_prepared_xacts")["xid"]

        (sentence,), level = night(batches, "vacuumed")
        assert level == "statistics"
        assert "old row versions of platform.attachments, " in sentence
        assert f"the session with pid {analyst.info.backend_pid}" in sentence
        assert f"the prepared transaction {prepared}" in sentence
        assert "the replication slot standby" in sentence
        assert due.mark not in sentence
        assert hits(due, reachable(world, ("platform",)))
    world.connection.execute(f"rollback prepared '{due.mark}'")
    world.connection.execute("select pg_drop_replication_slot('standby')")
    assert night(batches, None) == ([], "vacuumed")
    assert hits(due, reachable(world, ("platform", "retention"))) == {}


def test_b2_a_consumer_of_changes_holds_back_the_catalogs_alone(batches: Batches) -> None:
    world = batches.world
    world.message(None, OLD)
    world.connection.execute("select pg_create_logical_replication_slot('consumer', 'pgoutput')")
    try:
        (sentence,), level = night(batches, "rewritten")
    finally:
        world.connection.execute("select pg_drop_replication_slot('consumer')")
    assert level == "vacuumed"
    assert sentence == (
        "pg_catalog.pg_statistic, pg_catalog.pg_statistic_ext_data are not rewritten while these are open: "
        "the replication slot consumer."
    )


def test_b2_a_younger_transaction_and_a_vacuum_hold_nothing_back(batches: Batches) -> None:
    """Rows that the platform itself leaves behind meanwhile are no reason to be partly done."""
    world = batches.world
    message, living = world.message(None, OLD), world.message(None, YOUNG)
    with session() as platform, batches.night() as (database, run_id):
        batches.anonymize(run_id)
        world.connection.execute("update platform.messages set content = 'new' where message_id = %s", [living])
        began = database.row("begin_maintenance")
        platform.execute("set transaction isolation level repeatable read")
        platform.execute("select 1")
        assert database.rows("holders", newest=began["newest"], with_catalogs=True) == []
    assert world.get("messages", message)["content"] == ""


def test_b2_a_role_that_may_not_is_named_with_the_grant(batches: Batches) -> None:
    """The server only warns. What the role owns is worked on all the same; once it may, the rest is made up."""
    world = batches.world
    plant(world, Canaries(), OLD, "versioned", "files")
    world.connection.execute(
        "create role runner login; grant usage on schema retention, platform to runner; grant all on all tables in schema retention to runner;"
        "alter table retention.file_queue owner to runner; alter table retention.run_lines owner to runner"
    )
    before = {row["relid"]: row for row in work_done(world)}
    (sentence,), level = night(batches, "vacuumed", role="runner")
    names = ", ".join(
        f"platform.{table}" for table in ("attachments", "chatbot_conversations", "custom_events", "messages", "users")
    )
    assert level is None
    assert sentence.startswith(f"old values stay in {names}: runner may not maintain them. ")
    if world.connection.info.server_version >= 170000:
        assert sentence.endswith(f"Let it: grant maintain on {names} to runner.")
        world.connection.execute(f"grant maintain on {names} to runner")
    else:
        assert sentence.endswith("only their owner or the database's may: make runner a member of that role.")
        world.connection.execute("grant postgres to runner")
    worked_on = {row["relid"] for row in work_done(world) if row != before[row["relid"]]}
    ours = world.one(
        "select array['retention.file_queue'::regclass::oid, 'retention.run_lines'::regclass::oid] as oids"
    )["oids"]
    assert set(ours) <= worked_on
    assert night(batches, "vacuumed", role="runner") == ([], "vacuumed")


def test_b2_a_table_that_is_in_use_is_not_rewritten_and_no_writer_waits_for_long(batches: Batches) -> None:
    world = batches.world
    plant(world, Canaries(), OLD, "versioned", "files")
    with session() as reader:
        reader.execute("lock table platform.messages in access share mode")
        with impatient_writer() as written:
            (sentence,), level = night(batches, "rewritten")
    assert sentence == "old values stay in platform.messages: other sessions held the lock; the next run tries again."
    assert level == "vacuumed"
    assert written[-1] == -1, "a writer waited for a second"
    assert night(batches, "rewritten") == ([], "rewritten")


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


def test_b2_an_error_of_the_server_is_passed_on_by_its_code_alone(batches: Batches) -> None:
    """Its text may quote a row: an index over an expression that fails, say."""
    world = batches.world
    world.message(None, OLD)
    living = world.message(None, YOUNG, content="Jean")
    with batches.night() as (_, run_id):
        batches.anonymize(run_id)
    world.connection.execute(
        "create function platform.picky(text) returns int immutable language plpgsql as"
        " $$ begin if current_setting('platform.picky', true) = 'on' then return $1::int; end if; return 1; end $$;"
        "create index picky on platform.messages (platform.picky(content))"
    )
    world.connection.execute("alter database residue set platform.picky = 'on'")
    try:
        left, level = night(batches, "statistics")
    finally:
        world.connection.execute("alter database residue reset platform.picky")
        world.connection.execute("drop index platform.picky; drop function platform.picky(text)")
    assert left == ["old values stay in platform.messages: maintenance failed with SQLSTATE 22P02."]
    assert level is None
    assert world.get("messages", living)["content"] == "Jean"


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
