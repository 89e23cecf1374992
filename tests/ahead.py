"""What falls due on each night ahead, reckoned from the platform's rows one by one; and rows of which many do."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from model import cutoff
from world import World

DAY = timedelta(days=1)
PERIODS = {1: 1, 2: 3, 3: 24}
Counts = dict[int, tuple[int, int]]


def fill(world: World, draw: random.Random, today: date) -> None:
    """People around the cutoffs of the next 100 nights, with later messages, files, and events of known and unknown persons."""
    for number in range(60):
        environment = 1 + number % 3

        def around(of: int = environment) -> datetime:
            edge = cutoff(today + draw.randrange(-3, 100) * DAY, PERIODS[of])
            at = edge + draw.choice((timedelta(0), -timedelta(seconds=1), timedelta(hours=9)))
            return min(at, cutoff(today, 0))

        identifier = f"net-{draw.random()}"
        user = world.user(environment, around() - draw.randrange(60) * DAY, network_id=identifier)
        for written in range(draw.randrange(4)):
            message = world.message(user if written else None, around(), environment)
            for _ in range(draw.randrange(3)):
                world.put(key := f"key/{draw.random()}")
                world.attachment(message, key, environment_id=environment, created_at=cutoff(today, 0))
        for name in (identifier, identifier, f"nobody-{number}", ""):
            world.event("custom_events", name, around(), environment_id=environment)
            world.event("chatbot_conversations", name, around(), environment_id=draw.choice((1, 2, 3)))


def reckoned(world: World, day: date) -> Counts:
    """Rows and files by night, where there are any."""
    rows = world.snapshot()
    found: Counter[tuple[int, str]] = Counter()

    def night(row: dict[str, Any], at: datetime) -> int | None:
        nights = (n for n in range(91) if at < cutoff(day + n * DAY, PERIODS[row["environment_id"]]))
        return next((max(n, 1) for n in nights), None)

    def count(at: int | None, files: int = 0, of_rows: int = 1) -> None:
        if at:
            found.update({(at, "rows"): of_rows, (at, "files"): files})

    def files_of(message: dict[str, Any]) -> int:
        own = [row for row in rows["attachments"].values() if row["message_id"] == message["message_id"]]
        return sum(row["anonymized_on"] is None and row["object_key"] != "" for row in own)

    def living(table: str) -> list[dict[str, Any]]:
        return [row for row in rows[table].values() if row["anonymized_on"] is None]

    for message in living("messages"):
        count(night(message, message["created_at"]), files_of(message))
    persons: dict[tuple[int, str], int | None] = {}
    for user in living("users"):
        written = [row["created_at"] for row in rows["messages"].values() if row["user_id"] == user["user_id"]]
        falls = night(user, max(written, default=user["created_at"]))
        persons[user["environment_id"], user["network_id"]] = falls
        count(falls, int(user["picture_key"] is not None))
    for event in [*living("custom_events"), *living("chatbot_conversations")]:
        own = night(event, event["created_at"])
        person = persons.get((event["environment_id"], event["user_network_id"]))
        count(own, of_rows=0 if own and person and person < own else 1)
    for late in living("attachments"):
        is_late = rows["messages"][late["message_id"]]["anonymized_on"] is not None
        count(1 if is_late else None, int(late["object_key"] != ""))
    return {at: (found[at, "rows"], found[at, "files"]) for at in sorted({at for at, _ in +found})}


def told(forecast: list[dict[str, Any]] | None) -> Counts:
    """What a look found, where there is anything; it names every night once."""
    assert forecast is not None
    assert [night["night"] for night in forecast] == list(range(1, 91))
    return {night["night"]: (night["rows"], night["files"]) for night in forecast if night["rows"] or night["files"]}
