"""Verification that reads no whole table: what indexes of offending rows and valid constraints tell, is what reading tells."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from conftest import MakeWorld, connect
from preparing import constraints, drop_constraints, retention
from proving import TABLES, TESTS, applied, fill, listed, look, project, proofs, settle, verified
from world import LONG_AGO, NOW, OLD, World

from flows.database import Database
from flows.doctor.platform import examine_preparation
from flows.prepare import Part
from flows.status import read_status

pytestmark = pytest.mark.xdist_group("proofs")

INDEXES = ["marker_indexes", "value_indexes"]
RANDOM_ID = "anonymized-0b0e7f0c-5d3e-4c3a-9a55-6b0a2d5f1e77"
DONE = {"network_id": RANDOM_ID, "url": "", "content": "", "anonymized_on": NOW.date()}
LEFT, CLEARED = "marked as anonymized, holds a value", "holds an anonymized identifier, is not marked as anonymized"
PLANTED = 1_000_000  # what a test plants has keys from here on
READ_NOTHING = [test for test in TESTS if test != "overdue_rows"]


@pytest.fixture(scope="module")
def filled(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_world(tmp_path_factory.mktemp("proofs"), "proofs") as world:
        fill(world)
        world.set_vars(proofs=INDEXES)
        applied(world)
        look(world)
        yield world


@pytest.fixture
def world(filled: World) -> Iterator[World]:
    """Every promise is kept, and the indexes stand; what a test plants is gone afterwards."""
    settle(filled)
    assert [name for name, rows in listed(filled).items() if rows] == []
    yield filled
    for table in reversed(TABLES):
        filled.connection.execute(f"delete from platform.{table} where {table[:-1]}_id >= {PLANTED}")  # type: ignore[arg-type]


def proof_indexes(world: World, table: str = "%") -> list[str]:
    names = world.rows(
        "select indexname from pg_indexes where indexname like 'retention_proof_%%' and tablename like %s", table
    )
    return sorted(row["indexname"] for row in names)


def plant(world: World) -> dict[str, list[tuple[str, ...]]]:
    """One offence of each sort, and beside each what is none; the lists that have to come of it."""
    done = world.message(None, LONG_AGO, message_id=PLANTED, **DONE)
    world.message(None, LONG_AGO, message_id=PLANTED + 1, **DONE)
    world.attachment(done, "", attachment_id=PLANTED, file_name="", created_at=LONG_AGO, anonymized_on=NOW.date())
    for table in ("chatbot_conversations", "custom_events"):
        for key in (PLANTED, PLANTED + 1):
            world.event(table, RANDOM_ID, LONG_AGO, anonymized_on=NOW.date(), **{f"{table[:-1]}_id": key})
    for statement in (
        "update platform.messages set content = 'again', url = 'again' where message_id = 1000000",
        "update platform.attachments set file_name = 'again.png' where attachment_id = 1000000",
        "update platform.custom_events set user_network_id = 'again' where custom_event_id = 1000000",
        "update platform.chatbot_conversations set anonymized_on = null where chatbot_conversation_id = 1000000",
    ):
        world.connection.execute(statement)  # type: ignore[arg-type]
    world.message(None, message_id=PLANTED + 2, created_at=NOW, network_id=RANDOM_ID)
    world.message(None, message_id=PLANTED + 3, created_at=OLD)
    world.message(None, message_id=PLANTED + 4, created_at=NOW, environment_id=99)
    world.message(None, message_id=PLANTED + 5, environment_id=99, **DONE)
    world.user(user_id=PLANTED, environment_id=98, created_at=OLD)
    world.user(user_id=PLANTED + 1, created_at=OLD)
    world.attachment(PLANTED + 1, "key", attachment_id=PLANTED + 1, created_at=OLD)
    unknown = "of an environment that the platform does not have: no period applies"
    return {
        "values_left_behind": [
            ("1", "attachments", "1000000", "file_name", LEFT),
            ("1", "custom_events", "1000000", "user_network_id", LEFT),
            ("1", "messages", "1000000", "content", LEFT),
            ("1", "messages", "1000000", "url", LEFT),
        ],
        "cleared_markers": [
            ("1", "chatbot_conversations", "1000000", CLEARED),
            ("1", "messages", "1000002", CLEARED),
        ],
        "overdue_rows": [
            ("1", "attachments", "1000001", "its owner is anonymized (M6)"),
            ("1", "chatbot_conversations", "1000000", "created before the cutoff (S3)"),
            ("1", "messages", "1000003", "created before the cutoff (M1)"),
            ("1", "users", "1000001", "no activity within the period (U1)"),
        ],
        "rows_without_environment": [("98", "users", "1", unknown), ("99", "messages", "1", unknown)],
    }


def counts(offences: dict[str, list[Any]]) -> dict[str, int]:
    return {test: len(rows) for test, rows in offences.items()}


def test_while_every_promise_is_kept_the_tests_read_no_row(world: World) -> None:
    assert len(proof_indexes(world)) == len(TABLES) + len(TABLES) - 1, "attachments hold no identifier"
    told = verified(world, *READ_NOTHING)
    assert (told.offences, told.read.total()) == (dict.fromkeys(READ_NOTHING, 0), 0)
    with world.executed(
        "alter database proofs set random_page_cost = 40", "alter database proofs reset random_page_cost"
    ):
        told = verified(world, "values_left_behind", "cleared_markers")
    assert told.read.total() == 0, "whatever the planner takes the indexes for"
    overdue = verified(world, "overdue_rows")
    assert overdue.offences == {"overdue_rows": 0}
    assert overdue.read["chatbot_conversations"] == overdue.read["custom_events"] == 0


def test_every_offence_is_found_as_by_reading_and_only_offending_rows_are_read(world: World) -> None:
    expected = plant(world)
    settle(world)
    assert listed(world) == expected
    for test in READ_NOTHING:
        told = verified(world, test)
        assert told.offences == {test: len(expected[test])}
        assert told.read.total() <= 3 * len(expected[test]), "a row that is new is looked at once a question"
    assert verified(world).offences == counts(expected)
    with _without_any_index(world):
        assert listed(world) == expected
        read = verified(world)
    assert read.offences == counts(expected)
    assert read.read.total() > 60_000, "whole tables"


@contextmanager
def _without_any_index(world: World) -> Iterator[None]:
    """Neither the indexes of offending rows nor those of living ones stand; the views are built anew, and so afterwards."""
    rows = world.rows(
        "select indexname, indexdef from pg_indexes where schemaname = 'platform'"
        " and (indexname ~ '^retention_proof_' or indexname ~ '_living_idx$')"
    )
    for row in rows:
        world.connection.execute(f"drop index platform.{row['indexname']}")
    look(world)
    try:
        yield
    finally:
        for row in rows:
            world.connection.execute(row["indexdef"])
        look(world)


def test_rows_that_name_no_environment_or_no_instant_are_found_by_the_index_too(world: World) -> None:
    columns = ("environment_id", "created_at")
    for column in columns:
        world.connection.execute(f"alter table platform.messages alter {column} drop not null")  # type: ignore[arg-type]
    world.message(None, message_id=PLANTED, created_at=NOW, environment_id=None)  # type: ignore[arg-type]
    world.message(None, message_id=PLANTED + 1, created_at=None, published_at=NOW)  # type: ignore[arg-type]
    world.message(None, message_id=PLANTED + 2, created_at=None, published_at=NOW, **DONE)  # type: ignore[arg-type]
    found = listed(world)["rows_without_environment"]
    world.connection.execute("delete from platform.messages where message_id >= 1000000")
    for column in columns:
        world.connection.execute(f"alter table platform.messages alter {column} set not null")  # type: ignore[arg-type]
    assert found == [
        ("1", "messages", "1", "without an instant of creation: no period ends"),
        ("None", "messages", "1", "of an environment that the platform does not have: no period applies"),
    ]


def test_the_platforms_own_role_writes_as_before(world: World) -> None:
    """It may write the tables, owns none of them, and knows nothing of us."""
    world.connection.execute(
        "create role clerk login; grant usage on schema platform to clerk;"
        "grant select, insert, update, delete on all tables in schema platform to clerk"
    )
    try:
        with connect({**world.environ, "PGUSER": "clerk"}, world.environ["PGDATABASE"]) as clerk:
            clerk.execute(
                "insert into platform.messages select 1000000, environment_id, 1, null, direction, visibility, network, 'n', 'u', 'c',"
                " published_at, created_at from platform.messages where message_id = 2"
            )
            for values in ("content = 'edited'", "anonymized_on = now(), network_id = 'odd'", "content = '', url = ''"):
                assert clerk.execute(f"update platform.messages set {values} where message_id = 1000000").rowcount == 1  # type: ignore[arg-type]
            assert listed(world)["values_left_behind"] == [("3", "messages", "1000000", "network_id", LEFT)]
            assert clerk.execute("delete from platform.messages where message_id = 1000000").rowcount == 1
    finally:
        world.connection.execute("drop owned by clerk; drop role clerk")


# Preparing.


def test_without_the_var_nothing_is_said_of_them_and_what_stands_is_dropped(world: World) -> None:
    assert proofs(world) == []
    names = proof_indexes(world)
    world.set_vars(proofs=["marker_indexes"])
    assert applied(world) == [
        f"drop index concurrently if exists platform.{name}" for name in names if name not in proof_indexes(world)
    ]
    assert len(proof_indexes(world)) == len(TABLES) - 1
    world.set_vars(proofs=[])
    applied(world)
    assert proof_indexes(world) == []
    assert retention(world, "prepare", "--part", "indexes").stdout == "-- Nothing to do.\n"
    world.set_vars(proofs=INDEXES)
    assert len(applied(world)) == len(names)
    assert proof_indexes(world) == names


def test_one_that_is_missing_or_broken_is_named_with_its_statement_and_built(world: World) -> None:
    with Database.connect("retention") as database:
        assert read_status(database).hints == []
    (name, _) = proof_indexes(world, "messages")
    world.connection.execute(
        "update pg_index set indisvalid = false where indexrelid = to_regclass(%s)", [f"platform.{name}"]
    )
    with Database.connect("retention") as database:
        (hint,) = read_status(database).hints
        (finding,) = [found for found in examine_preparation(database, project(world)) if found.check == "indexes"]
    assert f"create index concurrently if not exists {name} on platform.messages (message_id) where " in hint
    assert finding.found == "1 indexes are missing, so that nights read whole tables"
    assert [statement.split()[0] for statement in applied(world)] == ["drop", "create"]
    assert proofs(world) == []


def test_a_changed_picture_replaces_the_index_that_looks_for_it(world: World) -> None:
    before = proof_indexes(world, "users")
    world.set_vars(generic_picture_url="https://static.example.com/other.png")
    assert [statement.split()[0] for statement in applied(world)] in (["create", "drop"], ["drop", "create"])
    assert len(set(proof_indexes(world, "users")) - set(before)) == 1
    world.set_vars(generic_picture_url="https://static.example.com/generic-profile.png")
    applied(world)
    assert proof_indexes(world, "users") == before


# Constraints.


def test_a_valid_constraint_is_believed_and_one_that_is_not_valid_is_not(world: World) -> None:
    world.set_vars(proofs=["constraints"])
    applied(world)
    try:
        world.message(None, LONG_AGO, message_id=PLANTED, **DONE | {"content": "again"})
        steps = proofs(world, Part.CONSTRAINTS)
        for step in steps:
            if "validate" not in step.statement:
                world.connection.execute(step.statement)  # type: ignore[call-overload]
        assert verified(world, "values_left_behind").offences == {"values_left_behind": 1}
        world.connection.execute(
            "alter table platform.messages drop constraint " + next(iter(constraints(world, "messages")))
        )  # type: ignore[arg-type]
        world.connection.execute("delete from platform.messages where message_id = 1000000")
        applied(world, Part.CONSTRAINTS)
        told = verified(world, "values_left_behind")
        assert (told.offences, told.read.total()) == ({"values_left_behind": 0}, 0)
        with pytest.raises(psycopg.errors.CheckViolation):
            world.connection.execute("update platform.messages set content = 'again' where message_id = 1")
        world.set_vars(proofs=[])
        assert verified(world, "values_left_behind").read["messages"] == 20_000, "each table once"
    finally:
        drop_constraints(world, *TABLES)
        world.set_vars(proofs=INDEXES)
        applied(world)
