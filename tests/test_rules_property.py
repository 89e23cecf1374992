"""Small worlds drawn at random, worked by the real batches and the real purge, against a model of the rules in Python."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from batches import Batches
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from model import PERSONAL, cutoff
from world import Snapshot, World, is_random_id

pytestmark = pytest.mark.xdist_group("batches")

PARIS = ZoneInfo("Europe/Paris")
LATE_EVENING = datetime(2026, 3, 31, 23, 59, tzinfo=PARIS)
NETWORKS = ("twitter", "facebook")
OFFSETS = (-9000, -400, -1, 0, 1, 400)


@dataclass(frozen=True)
class Drawn:
    """One world in plain values; an instant is (cutoff's offset in hours, in seconds)."""

    months: dict[int, int | None]
    users: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    attachments: list[dict[str, Any]]
    events: list[dict[str, Any]]


INSTANTS = st.tuples(st.sampled_from(OFFSETS), st.sampled_from((-1, 0, 1)))
BUCKETS = st.sampled_from(("files", "versioned"))
KEYS = st.sampled_from(("att/1", "att/10", "att/2", "pic"))


@st.composite
def worlds(draw: st.DrawFn) -> Drawn:
    months = draw(st.dictionaries(st.integers(1, 3), st.sampled_from((None, 1, 12, 24, 120)), min_size=1))
    environments = st.sampled_from(sorted(months))
    users = draw(st.lists(st.fixed_dictionaries({
        "environment_id": environments, "at": INSTANTS, "network": st.sampled_from(NETWORKS),
        "picture": st.none() | st.tuples(BUCKETS, KEYS),
    }), max_size=5))  # fmt: skip
    authors = st.sampled_from([None, *range(len(users))])
    messages = draw(st.lists(st.fixed_dictionaries({
        "environment_id": environments, "author": authors, "at": INSTANTS, "anonymized": st.sampled_from((False,) * 4 + (True,)),
    }), max_size=8))  # fmt: skip
    attachments = draw(st.lists(st.fixed_dictionaries({
        "message": st.integers(0, len(messages) - 1), "file": st.tuples(BUCKETS, KEYS),
    }), max_size=6)) if messages else []  # fmt: skip
    events = draw(st.lists(st.fixed_dictionaries({
        "table": st.sampled_from(("chatbot_conversations", "custom_events")), "environment_id": environments,
        "person": st.integers(0, 5), "at": INSTANTS, "network": st.sampled_from(NETWORKS),
    }), max_size=5))  # fmt: skip
    return Drawn(months, users, messages, attachments, events)


def cutoffs(drawn: Drawn) -> dict[int, datetime]:
    return {number: cutoff(date(2026, 3, 31), months or 24) for number, months in drawn.months.items()}


def instant(drawn: Drawn, row: dict[str, Any]) -> datetime:
    hours, seconds = row["at"]
    at = cutoffs(drawn)[row["environment_id"]].astimezone(UTC) + timedelta(hours=hours, seconds=seconds)
    return min(at, LATE_EVENING.astimezone(UTC))


def load(world: World, drawn: Drawn) -> None:
    for number, months in drawn.months.items():
        world.environment(number)
        if months is not None:
            world.connection.execute(
                "insert into retention.retention_periods values (%s, %s)", [str(number), str(months)]
            )
    for number, user in enumerate(drawn.users):
        bucket, key = user["picture"] or (None, None)
        world.user(
            user["environment_id"], instant(drawn, user), user_id=number, network=user["network"],
            network_id=f"person {number}", picture_bucket=bucket, picture_key=key,
        )  # fmt: skip
    for number, message in enumerate(drawn.messages):
        done = {"anonymized_on": date(2025, 1, 1), "content": "", "url": ""} if message["anonymized"] else {}
        author = message["author"]
        world.message(author, instant(drawn, message), message["environment_id"], message_id=number, **done)
    for number, attachment in enumerate(drawn.attachments):
        bucket, key = attachment["file"]
        environment_id = drawn.messages[attachment["message"]]["environment_id"]
        world.attachment(attachment["message"], key, bucket, attachment_id=number, environment_id=environment_id)
    for number, event in enumerate(drawn.events):
        world.event(
            event["table"], f"person {event['person']}", instant(drawn, event), network=event["network"],
            environment_id=event["environment_id"], **{f"{event['table'][:-1]}_id": number},
        )  # fmt: skip


def expected(drawn: Drawn) -> dict[str, set[int]]:
    """Which rows are anonymized after the night, by the rules as they are written."""
    at = cutoffs(drawn)
    messages = {
        number for number, row in enumerate(drawn.messages)
        if row["anonymized"] or instant(drawn, row) < at[row["environment_id"]]
    }  # fmt: skip
    users = set()
    for number, user in enumerate(drawn.users):
        written = [instant(drawn, row) for row in drawn.messages if row["author"] == number]
        last = max(written, default=instant(drawn, user))
        if last < at[user["environment_id"]]:
            users.add(number)
    gone = {(drawn.users[n]["environment_id"], drawn.users[n]["network"], n) for n in users}
    events: dict[str, set[int]] = {"chatbot_conversations": set(), "custom_events": set()}
    for number, event in enumerate(drawn.events):
        is_old = instant(drawn, event) < at[event["environment_id"]]
        if is_old or (event["environment_id"], event["network"], event["person"]) in gone:
            events[event["table"]].add(number)
    attachments = {number for number, row in enumerate(drawn.attachments) if row["message"] in messages}
    return {"messages": messages, "users": users, "attachments": attachments, **events}


def files_left(drawn: Drawn, gone: dict[str, set[int]]) -> set[tuple[str, str]]:
    named = {row["file"] for number, row in enumerate(drawn.attachments)}
    named |= {row["picture"] for row in drawn.users if row["picture"]}
    living = {row["file"] for number, row in enumerate(drawn.attachments) if number not in gone["attachments"]}
    living |= {
        row["picture"] for number, row in enumerate(drawn.users) if number not in gone["users"] and row["picture"]
    }
    return {
        (bucket, key) for bucket in ("files", "versioned") for key in ("att/1", "att/10", "att/2", "pic")
    } - named | living


def check_rows(before: Snapshot, after: Snapshot, gone: dict[str, set[int]]) -> None:
    for table, personal in PERSONAL.items():
        marked = {key for key, row in after[table].items() if row["anonymized_on"] is not None}
        assert marked == gone[table], table
        for key, row in after[table].items():
            if before[table][key]["anonymized_on"] is not None or key not in gone[table]:
                assert row == before[table][key]
                continue
            kept = set(row) - set(personal) - {"anonymized_on"}
            assert {name: row[name] for name in kept} == {name: before[table][key][name] for name in kept}
            identifiers = [row[name] for name in personal if name.endswith("network_id")]
            assert all(is_random_id(value) for value in identifiers)
            rest = [row[name] for name in personal if not name.endswith("network_id") and name != "picture_url"]
            assert all(value in ("", [], None) for value in rest)


@settings(
    max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "40")), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)  # fmt: skip
@given(drawn=worlds())
def test_any_small_world_ends_as_the_rules_say(all_batches: Batches, drawn: Drawn) -> None:
    """M1, M2, M3, M4, M6, U1, U2, P1, P3, S2, S3: what had to go is gone, what had to stay is the same to the byte."""
    batches, world = all_batches, all_batches.world
    batches.empty()
    load(world, drawn)
    for bucket in ("files", "versioned"):
        for key in ("att/1", "att/10", "att/2", "pic"):
            world.put(key, bucket)
    before = world.snapshot()
    lines = batches.whole_night()
    gone = expected(drawn)
    check_rows(before, world.snapshot(), gone)
    left = {(bucket, key) for bucket in ("files", "versioned") for key in world.keys(bucket)}
    assert left == files_left(drawn, gone)
    assert all(line["left_over"] == 0 for line in lines if line["state"] == "open")
    assert sum(line["due"] for line in lines) == sum(line["anonymized"] for line in lines)
    quiet = world.bytes_of_platform()
    batches.whole_night()
    assert world.bytes_of_platform() == quiet
