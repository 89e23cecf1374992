"""A connector as a platform would write it: it asks the database before it imports, one question a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

ENVIRONMENT = 1  # keeps data for the default, 24 months
MONTH = timedelta(days=30.5)

# The platform's own grants to its connector, and all that it needs of the product.
ROLE = """
    create role demo_connector login;
    grant usage on schema platform, retention to demo_connector;
    grant select, insert on platform.messages to demo_connector;
    grant execute on function retention.may_retrieve_each to demo_connector;
"""
INSERT = """
    insert into platform.messages (
        message_id, environment_id, conversation_id, direction, visibility, network, network_id, url, content,
        published_at, created_at
    )
    select coalesce(max(message_id), 0) + 1, %s, 1, 'inbound', %s, 'twitter', %s, '', %s, %s, now()
    from platform.messages
    returning message_id
"""
# The first Paris day whose cutoff lies after the import (P3).
DUE_ON = """
    select ((created_at at time zone 'Europe/Paris')::date + 1 + interval '24 months')::date
    from platform.messages where message_id = %s
"""


@dataclass(frozen=True, slots=True)
class Offered:
    """An earlier message that the network offers."""

    network_id: str
    visibility: str
    published_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """How many private messages of how many were imported, the oldest of them, and the post's due day."""

    offered: int
    imported: int
    oldest: datetime
    post_due_on: date | None


def import_earlier(connection: psycopg.Connection[Any], offered: Sequence[Offered]) -> list[tuple[Offered, int]]:
    """Imports those of a page that may be retrieved (R1, R2); each with its new key."""
    question = "select retention.may_retrieve_each(%s, %s, %s)"
    kinds, instants = [one.visibility for one in offered], [one.published_at for one in offered]
    (answers,) = connection.execute(question, (ENVIRONMENT, kinds, instants)).fetchone() or ([],)
    imported = []
    for one, may in zip(offered, answers, strict=True):
        if may:
            values = (ENVIRONMENT, one.visibility, one.network_id, one.text, one.published_at)
            (key,) = connection.execute(INSERT, values).fetchone() or (0,)
            imported.append((one, key))
    return imported


def retrieve(owner: psycopg.Connection[Any]) -> Retrieved:
    """Plays two retrievals as a role that has no right on the product's tables.

    A private message arrives in a conversation of three years: its history is offered. Then somebody comments on a
    public post of three years ago, which is imported for the context it gives.
    """
    owner.execute(ROLE.encode())
    now = datetime.now(UTC)
    history = [Offered(f"demo-private-{n}", "private", now - n * 6 * MONTH, f"Made up, part {n}") for n in range(1, 7)]
    post = Offered("demo-post", "public", now - 36 * MONTH, "Made up: what do you think of our new shop?")
    with psycopg.connect(user="demo_connector", autocommit=True) as connection:
        young = import_earlier(connection, history)
        posts = import_earlier(connection, [post])
        due_on = connection.execute(DUE_ON, (posts[0][1],)).fetchone() if posts else None
    return Retrieved(len(history), len(young), min(one.published_at for one, _ in young), due_on[0] if due_on else None)
