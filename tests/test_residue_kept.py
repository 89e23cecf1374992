"""What keeps old values where they are, transactions, slots, rights, locks, errors: it is named, and made up by a later run.

On a server of its own, whose own clean-up is off.
"""

import pytest
from batches import Batches
from canaries import Canaries, hits, plant
from own_server import OLD, YOUNG, impatient_writer, night, session, slot_of_a_replica, work_done
from pages import reachable

pytestmark = pytest.mark.xdist_group("residue")


@pytest.fixture
def batches(own_batches: Batches) -> Batches:
    return own_batches


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
