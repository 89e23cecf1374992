"""Real conversations, read where they lie and never copied: nothing of a due row remains, every living row is untouched.

The data sets are not part of the project; where they are missing, their place is taken by conversations made up here, so
that the test says the same of those.
"""

import gzip
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from world import World

DATA = Path(os.environ.get("CONVERSATIONS", Path(__file__).parents[2] / "shared" / "data"))
LINE = re.compile(r"^\[(\d\d):(\d\d)\] <([^>]+)> (.*)$")
TWEETS, CHAT = 1, 2


@dataclass(frozen=True)
class Said:
    """One message: who wrote it (None: the company), when, where, what."""

    environment_id: int
    author: str | None
    at: datetime
    url: str
    text: str


def tweets() -> Iterator[Said]:
    for path in sorted((DATA / "ibm-twitter-care").glob("*.json.gz")):
        for talk in json.loads(gzip.decompress(path.read_bytes())):
            for turn in talk["dialogContent"]:
                at = datetime.fromisoformat(turn["datetime"])
                url = f"https://network.example/{turn['tweet_ID']}"
                yield Said(TWEETS, turn.get("client"), at, url, turn["message"])
            last = talk["agentURL"]
            at = datetime.fromtimestamp(((int(last["tweet_ID"]) >> 22) + 1288834974657) / 1000, UTC)
            yield Said(TWEETS, None, at, last["url"], last["url_utterance"])


def chat() -> Iterator[Said]:
    for path in sorted((DATA / "ubuntu-irc" / "irc").glob("*.raw.txt.gz")):
        day, hour = path.name.split(".")[1].split("_")
        start = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(hours=int(hour))
        for number, line in enumerate(gzip.decompress(path.read_bytes()).decode().splitlines()):
            if found := LINE.match(line):
                yield Said(CHAT, found[3], start + timedelta(seconds=number), f"irc:{path.name}:{number}", found[4])


def made_up() -> Iterator[Said]:
    for environment_id in (TWEETS, CHAT):
        for number in range(3000):
            at = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=number * 1.9)
            author = f"somebody-{number // 30}" if number % 3 else None
            yield Said(
                environment_id, author, at, f"https://network.example/{environment_id}/{number}", f"made up {number}"
            )


def load(world: World, said: list[Said]) -> None:
    ids: dict[tuple[int, str], int] = {}
    for message in said:
        if message.author is not None:
            ids.setdefault((message.environment_id, message.author), len(ids) + 1)
    cursor = world.connection.cursor()
    with cursor.copy(
        "copy platform.users (user_id, environment_id, network, network_id, first_name, last_name, pseudonyms,"
        " profile_url, picture_url, created_at) from stdin"
    ) as copy:
        for (environment_id, name), number in ids.items():
            first = (
                min(m.at for m in said if (m.environment_id, m.author) == (environment_id, name))
                if number < 50
                else said[0].at
            )
            copy.write_row(
                (number, environment_id, "net", name, name, name, [name], f"https://network.example/{name}", "", first)
            )  # fmt: skip
    with cursor.copy(
        "copy platform.messages (message_id, environment_id, conversation_id, user_id, direction, visibility, network,"
        " network_id, url, content, published_at, created_at) from stdin"
    ) as copy:
        for number, m in enumerate(said, 1):
            author = ids[m.environment_id, m.author] if m.author is not None else None
            copy.write_row((
                number, m.environment_id, 1, author, "inbound" if author else "outbound", "public", "net",
                m.url, m.url, m.text, m.at, m.at,
            ))  # fmt: skip


def values(rows: list[dict[str, Any]]) -> set[str]:
    found: set[str] = set()
    for row in rows:
        for name in ("content", "url", "network_id", "first_name", "last_name", "profile_url"):
            if row.get(name):
                found.add(row[name])
        found.update(row.get("pseudonyms") or [])
    return found


@pytest.mark.parametrize("as_of", ["2016-06-20T02:00", "2021-06-01T02:00"])
def test_b2_m1_u2_no_handle_url_or_text_of_a_due_row_remains(world: World, as_of: str) -> None:
    """Judged once with most of the chat due, once with the tweets due too; nothing of them is printed when it fails."""
    is_real = (DATA / "ubuntu-irc").is_dir()
    said = [*tweets(), *chat()] if is_real else [*made_up()]
    world.environment(CHAT, 24)
    load(world, said)
    before = world.snapshot()
    summary = world.run(as_of=as_of)
    assert summary.outcome == "done"
    after = world.snapshot()
    for table in ("messages", "users"):
        gone = {key for key, row in after[table].items() if row["anonymized_on"] is not None}
        assert gone
        personal = values([before[table][key] for key in gone])
        assert len(personal & values([after[table][key] for key in gone])) == 0, "a personal value remains"
        living = [key for key in before[table] if key not in gone]
        assert all(before[table][key] == after[table][key] for key in living), "a living row was changed"
    cutoffs = {line["environment_id"]: line["cutoff"] for line in summary.lines if line["kind"] == "messages"}
    due = {n for n, m in enumerate(said, 1) if m.at < cutoffs[str(m.environment_id)]}
    assert due == {key for key, row in after["messages"].items() if row["anonymized_on"] is not None}
