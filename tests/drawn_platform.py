"""A platform drawn from a seed, and what it has come to after runs and kills."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from model import cutoff
from world import TABLES, World, is_random_id

AS_OF = "2026-03-31T02:00"
CUTOFF = cutoff(datetime.fromisoformat(AS_OF).date(), 24)
BUCKETS = ("files", "versioned")
# Lanes take runs of 256 keys: nearer to each other, all messages would be the first lane's.
APART = 16


def draw_platform(world: World, seed: int) -> None:
    """Empties the platform and the store, and fills them: the same seed gives the same rows and objects."""
    draw = Random(seed)
    world.connection.execute("truncate " + ", ".join(f"platform.{table}" for table in TABLES))
    for bucket in BUCKETS:
        for page in world.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                world.s3.delete_object(Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"])
    files = [(draw.choice(BUCKETS), f"att/{number}") for number in range(40)]
    for bucket, key in files:
        for version in range(draw.randint(1, 3)):
            world.put(key, bucket, f"{key} {version}".encode())
        if draw.random() < 0.2:
            world.s3.delete_object(Bucket=bucket, Key=key) if bucket == "versioned" else None
    with world.connection.transaction():
        for environment_id in (1, 2):
            world.environment(environment_id)
        for user_id in range(1, 31):
            picture = draw.choice(files) if draw.random() < 0.3 else (None, None)
            world.user(
                draw.choice((1, 2)), _instant(draw), user_id=user_id, network_id=f"person {user_id}",
                first_name=f"First {user_id}", last_name=f"Last {user_id}", pseudonyms=[f"@{user_id}"],
                profile_url=f"https://n.example/{user_id}", picture_url=f"https://p.example/{user_id}",
                picture_bucket=picture[0], picture_key=picture[1],
            )  # fmt: skip
        for number in range(1, 181):
            author = draw.choice([None, *range(1, 31)])
            done = number % 40 == 0
            values = {
                "network_id": f"message {number}",
                "url": f"https://n.example/m/{number}",
                "content": f"Text {number}",
            }
            unknown = f"anonymized-{UUID(int=draw.getrandbits(128), version=4)}"
            emptied = {"anonymized_on": date(2025, 1, 1), "network_id": unknown, "content": "", "url": ""}
            gone = emptied if done else {}
            world.message(author, _instant(draw, 0.8), draw.choice((1, 2)), message_id=number * APART, **values | gone)
            if draw.random() < 0.3 or done:
                bucket, key = draw.choice(files)
                world.attachment(number * APART, key, bucket, file_name=f"name {number}")
        for number in range(1, 41):
            table = draw.choice(("chatbot_conversations", "custom_events"))
            world.event(
                table, f"person {draw.randint(1, 35)}", _instant(draw), environment_id=draw.choice((1, 2)),
                **{f"{table[:-1]}_id": number},
            )  # fmt: skip


def _instant(draw: Random, due: float = 0.6) -> datetime:
    seconds = draw.randint(1, 10_000_000)
    return CUTOFF + timedelta(seconds=-seconds if draw.random() < due else min(seconds, 9_000_000))


@dataclass
class State:
    """What a platform has come to, with random values by their shape: which of them are the same."""

    rows: list[tuple[Any, ...]]
    objects: list[tuple[Any, ...]]
    totals: dict[tuple[str, str], tuple[int, ...]]
    queue: int
    marked: int


def state(world: World, since: int) -> State:
    """Everything that a run may have changed; the ledger's sums of the runs after `since`."""
    known: dict[str, str] = {}

    def shape(value: Any) -> Any:
        return known.setdefault(value, f"random {len(known)}") if is_random_id(str(value)) else value

    rows = [
        (table, *(shape(value) for value in row.values()))
        for table in TABLES
        for row in world.rows(f"select * from platform.{table} order by 1")
    ]
    marked = " union all ".join(f"select anonymized_on from platform.{table}" for table in TABLES[1:])
    totals = world.rows(
        "select environment_id, kind, sum(anonymized)::bigint as anonymized, sum(dependents)::bigint as dependents,"
        " sum(files_queued)::bigint as queued, sum(files_purged + files_spared)::bigint as worked_off from retention.run_lines where run_id > %s"
        " group by 1, 2",
        since,
    )
    return State(
        rows,
        _objects(world),
        {(row.pop("environment_id"), row.pop("kind")): tuple(row.values()) for row in totals},
        world.one("select count(*) as n from retention.file_queue")["n"],
        world.one(f"select count(*) as n from ({marked}) as t where anonymized_on = '2026-03-31'")["n"],
    )


def _objects(world: World) -> list[tuple[Any, ...]]:
    return sorted(
        (bucket, part, item["Key"], item["IsLatest"], item.get("ETag", ""))
        for bucket in BUCKETS
        for page in world.s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
        for part in ("Versions", "DeleteMarkers")
        for item in page.get(part, [])
    )
