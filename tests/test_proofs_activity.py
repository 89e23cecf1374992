"""Verification that goes by what nights remember of activity: who may be silent and what may be late is asked, all of it weekly."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from conftest import MakeWorld
from preparing import applied, missing
from world import LONG_AGO, NOW, OLD, YOUNG, World

import flows.activity
from flows.prepare import Part

pytestmark = pytest.mark.xdist_group("proofs_activity")

MANY = 5000
FIRST = 1_000_000
RANDOM_ID = "anonymized-0b0e7f0c-5d3e-4c3a-9a55-6b0a2d5f1e77"
SWEPT_LONG_AGO = "update retention.activity_state set swept_at = now() - interval '6 days'"


@pytest.fixture(scope="module")
def world(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    """After two nights, so that since when rows may be late is remembered; 5,000 users live who wrote of late."""
    assert prefect_server
    with (
        make_world(tmp_path_factory.mktemp("remembered"), "remembered") as world,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(flows.activity, "FEWEST_USERS", 1)
        world.bucket("files")
        world.environment(1)
        world.environment(2, 12)
        for statement in (
            "insert into platform.users select n, 1, 'x', n, '', '', '{}', '', '', null, null, %s, null",
            "insert into platform.messages select n, 1, n, n, 'inbound', 'private', 'x', n, '', 'text', %s, now()",
            "insert into platform.attachments select n, 1, n, 'files', 'key/' || n, '', '', 1, %s, null",
        ):
            numbers = f" from generate_series({FIRST}, {FIRST + MANY - 1}) as n"
            world.connection.execute((statement + numbers).encode(), [YOUNG])
        applied(missing(world, [Part.INDEXES]))
        world.set_vars(proofs=["activity"])
        assert world.run().outcome == "done"
        world.connection.execute(SWEPT_LONG_AGO)
        assert world.run().outcome == "done"
        yield world


def overdue(world: World) -> set[tuple[str, int]]:
    return {(row["kind"], int(row["row_id"])) for row in world.rows("select kind, row_id from retention.overdue_rows")}


@pytest.fixture(autouse=True)
def between_two_sweeps(world: World) -> None:
    world.connection.execute(SWEPT_LONG_AGO + ", late_since = now() - interval '2 days'")


def silent_users(world: World) -> dict[str, int]:
    """Who is past the period, by what is remembered, or unknown to it, and who writes while it says otherwise."""
    users = {name: world.user() for name in ("known", "unknown", "writes")}
    users["other environment"] = world.user(2, NOW - timedelta(days=400))
    world.message(users["writes"], NOW - timedelta(days=1))
    for name, user in users.items():
        environment = 2 if name == "other environment" else 1
        at = NOW if name == "unknown" else LONG_AGO
        world.connection.execute("insert into retention.user_activity values (%s, %s, %s)", [user, environment, at])
    return users


def test_u1_between_two_sweeps_those_are_asked_of_whom_it_is_remembered(world: World) -> None:
    users = silent_users(world)
    assert overdue(world) == {("users", users["known"]), ("users", users["other environment"])}


def test_u1_in_the_night_of_a_sweep_everybody_is_asked(world: World) -> None:
    users = silent_users(world)
    world.connection.execute("update retention.activity_state set swept_at = now(), late_since = '-infinity'")
    expected = {("users", users[name]) for name in ("known", "unknown", "other environment")}
    assert overdue(world) >= expected
    assert ("users", users["writes"]) not in overdue(world)


def test_m6_what_came_since_the_last_night_is_listed_and_once_all_is_sought_what_is_older_too(world: World) -> None:
    done = world.message(None, OLD, content="", url="", network_id=RANDOM_ID, anonymized_on=NOW.date())
    late = world.attachment(done, "", file_name="", created_at=NOW - timedelta(hours=1))
    old = world.attachment(done, "", file_name="", created_at=LONG_AGO)
    world.attachment(world.message(None, YOUNG), "", file_name="", created_at=NOW - timedelta(hours=1))
    found = {row for row in overdue(world) if row[0] == "attachments"}
    assert found == {("attachments", late)}
    world.connection.execute("update retention.activity_state set late_since = '-infinity'")
    assert {row for row in overdue(world) if row[0] == "attachments"} == {("attachments", late), ("attachments", old)}


def test_between_two_sweeps_no_living_user_nor_attachment_is_read_that_nothing_is_remembered_of(world: World) -> None:
    assert world.run().outcome in ("done", "offences found")
    world.connection.execute(SWEPT_LONG_AGO)
    assert world.run().outcome == "done"
    world.connection.execute("vacuum analyze platform.users, platform.messages, platform.attachments")
    with world.connection.transaction():
        overdue(world)
        read = world.rows(
            "select relname, seq_tup_read + idx_tup_fetch as rows from pg_stat_xact_user_tables where schemaname = 'platform'"
        )
    assert {row["relname"]: row["rows"] for row in read if row["rows"] > MANY / 10} == {}
