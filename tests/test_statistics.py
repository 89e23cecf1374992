"""S1 to S3: what is counted before and after, row by row, and that a batch which would move a figure is undone."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from batches import Batches
from model import PARIS
from world import NOW, OLD, TABLES, YOUNG, World

pytestmark = pytest.mark.xdist_group("batches")

BY_ROWS = ("message_statistics", "active_user_statistics", "user_statistics", "file_statistics")


def statistics(world: World, *models: str) -> dict[str, list[dict[str, Any]]]:
    return {model: world.rows(f"select * from retention.{model} s order by s::text") for model in models or BY_ROWS}


def fill(world: World) -> None:
    world.environment(2)
    world.connection.execute("insert into retention.retention_periods values ('2', '12')")
    for number in range(40):
        environment = 1 + number % 2
        at = OLD + timedelta(days=number * 37, hours=number)
        user = world.user(environment, at, network=("twitter", "facebook")[number % 3 // 2])
        for direction in ("inbound", "outbound"):
            message = world.message(
                user if direction == "inbound" else None, at, environment,
                visibility=("private", "public")[number % 2], direction=direction,
            )  # fmt: skip
            world.attachment(
                message, f"key/{number}/{direction}", environment_id=environment, byte_size=number, created_at=at
            )


def test_s1_s2_every_statistic_is_the_same_row_by_row(batches: Batches) -> None:
    world = batches.world
    fill(world)
    before = statistics(world)
    assert all(before.values())
    lines = batches.whole_night()
    assert sum(line["anonymized"] for line in lines) > 20
    assert statistics(world) == before


MOVING = {
    "messages": ("visibility", "new.visibility := 'public'", "by visibility"),
    "attachments": ("byte_size", "new.byte_size := 7", "by byte_size"),
    "users": ("network", "new.network := 'moved'", "by network"),
    "custom_events": ("created_at", "new.created_at := new.created_at + interval '1 day'", "by created_at"),
}


@pytest.fixture
def spoiled(batches: Batches) -> Iterator[Batches]:
    """The batches of a platform whose triggers `spoil` what is emptied."""
    yield batches
    for table in TABLES:
        batches.world.connection.execute(f"drop function if exists platform.spoil_{table}() cascade")


def spoil(world: World, table: str, when: str, action: str, environment: int = 1) -> None:
    """Has a trigger of the platform spoil what is emptied in one environment."""
    world.connection.execute(
        f"create function platform.spoil_{table}() returns trigger language plpgsql as"  # type: ignore[call-overload]
        f" $$ begin {action}; return new; end $$;"
        f"create trigger spoil {when} on platform.{table} for each row"
        " when (old.anonymized_on is null and new.anonymized_on is not null"
        f" and old.environment_id = {environment}) execute function platform.spoil_{table}()"
    )


def test_s1_a_batch_that_would_move_a_statistic_is_undone_and_named(spoiled: Batches) -> None:
    """In each of four environments a trigger moves something else; the fifth goes, and what was spoiled stays to the byte."""
    world = spoiled.world
    for environment in range(1, 6):
        if environment > 1:
            world.environment(environment)
        user = world.user(environment, OLD, network_id=f"somebody of {environment}")
        message = world.message(user, OLD, environment)
        world.attachment(message, f"key/{environment}", environment_id=environment)
        world.put(f"key/{environment}")
        world.event("custom_events", "not a user's", OLD, environment_id=environment)
    before, rows = statistics(world), world.snapshot()
    for environment, (table, (_, action, _)) in enumerate(MOVING.items(), 1):
        spoil(world, table, "before update", action, environment)
    lines = spoiled.whole_night()
    assert statistics(world) == before
    failures = {line["environment_id"]: line["failure"] for line in lines if line["failure"]}
    assert all(line["left_over"] for line in lines if line["failure"]), "which ends the run as partly done"
    after = world.snapshot()
    for environment, (table, (_, _, figure)) in enumerate(MOVING.items(), 1):
        failure = f"S1: {table} of {OLD.astimezone(PARIS):%Y-%m-%d} would be counted differently {figure}"
        assert failures.pop(str(environment)) == failure
        (key,) = [key for key, row in rows[table].items() if row["environment_id"] == environment]
        assert after[table][key] == rows[table][key]
    assert failures == {}
    assert all(row["anonymized_on"] for table in MOVING for row in after[table].values() if row["environment_id"] == 5)
    assert world.keys() == {"key/1", "key/2"}, "what is not emptied keeps its file"


def test_s1_a_trigger_that_acts_after_the_update_is_seen_too(spoiled: Batches) -> None:
    world = spoiled.world
    message = world.message(None, OLD)
    spoil(world, "messages", "after update", "delete from platform.messages where message_id = new.message_id")
    (line,) = (line for line in spoiled.whole_night() if line["failure"])
    assert line["left_over"] == 1
    assert "S1: messages would be fewer" in line["failure"]
    assert world.get("messages", message)["content"] != ""


def test_s1_a_platform_that_works_meanwhile_is_no_difference(spoiled: Batches) -> None:
    """Rows that come and go during a run are not the run's: a trigger writes and deletes others as each row is emptied."""
    world = spoiled.world
    world.message(None, OLD)
    bystander = world.message(None, YOUNG, message_id=500)
    spoil(
        world, "messages", "after update",
        "insert into platform.messages select 1000 + new.message_id, environment_id, conversation_id, user_id, direction,"
        " visibility, network, network_id, url, content, now(), now() from platform.messages where message_id = 500;"
        " delete from platform.messages where message_id = 500",
    )  # fmt: skip
    assert [line["failure"] for line in spoiled.whole_night() if line["left_over"]] == []
    assert bystander not in world.snapshot()["messages"]


# S3


def test_s3_people_are_counted_by_identifier_in_whole_months_of_the_period(batches: Batches) -> None:
    world = batches.world
    world.environment(2)
    world.connection.execute("insert into retention.retention_periods values ('2', '1')")
    start = world.one(
        "select date_trunc('month', now() at time zone 'Europe/Paris') at time zone 'Europe/Paris' as at"
    )["at"]
    for _ in range(3):
        world.event("custom_events", "one person", start - timedelta(days=40))
        world.event("custom_events", "one person", start - timedelta(days=40), network="facebook")
        world.event("chatbot_conversations", "one person", start - timedelta(days=70), environment_id=2)
    world.event("custom_events", "", start - timedelta(days=40))
    world.event("custom_events", "one person", NOW - timedelta(days=731))
    world.event("custom_events", "one person", start)
    shown = world.rows("select custom_events, users from retention.custom_event_statistics order by month")
    assert shown == [{"custom_events": 7, "users": 2}, {"custom_events": 1, "users": 1}]
    assert world.rows("select * from retention.chatbot_conversation_statistics") == [], "older than one month"


def test_s3_a_person_who_is_anonymized_keeps_being_counted_once(batches: Batches) -> None:
    world = batches.world
    user = world.user(network_id="a person")
    for days in (35, 36, 400):
        world.event("custom_events", "a person", NOW - timedelta(days=days))
        world.event("chatbot_conversations", "a person", NOW - timedelta(days=days))
    models = ("chatbot_conversation_statistics", "custom_event_statistics")
    before = statistics(world, *models)
    assert before["custom_event_statistics"]
    batches.whole_night()
    assert world.get("users", user)["anonymized_on"]
    identifiers = {
        row["user_network_id"]
        for table in ("custom_events", "chatbot_conversations")
        for row in world.snapshot()[table].values()
    }
    assert len(identifiers) == 1
    assert identifiers.isdisjoint({"a person", world.get("users", user)["network_id"]})
    assert statistics(world, *models) == before


def test_s3_statistics_never_show_the_instant_at_which_they_were_built(batches: Batches) -> None:
    """They are built as of a day eight months ago: an event of 900 days ago was younger than two years then."""
    world = batches.world
    world.event("custom_events", "a person", NOW - timedelta(days=900))
    assert world.rows("select * from retention.custom_event_statistics") == []
