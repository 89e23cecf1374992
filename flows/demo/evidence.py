"""What the demo compares: statistics, rows and files before a run and after it, as whole result sets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg

from flows.demo.platform import ARCHIVE_BUCKET, FILES_BUCKET

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

Key = tuple[str, int]  # table, primary key

# S1: counts by columns that anonymization does not touch. The last columns are counts and sums, for the totals.
STATISTICS: dict[str, LiteralString] = {
    "messages by environment, day, network, direction, visibility": """
        select environment_id, (created_at at time zone 'Europe/Paris')::date, network, direction, visibility, count(*)
        from platform.messages group by 1, 2, 3, 4, 5
    """,
    "users by environment, day, network": """
        select environment_id, (created_at at time zone 'Europe/Paris')::date, network, count(*)
        from platform.users group by 1, 2, 3
    """,
    "files by environment, day, content type": """
        select environment_id, (created_at at time zone 'Europe/Paris')::date, content_type, count(*)
        from platform.attachments group by 1, 2, 3
    """,
    "bytes by environment, day, content type": """
        select environment_id, (created_at at time zone 'Europe/Paris')::date, content_type, sum(byte_size)::bigint
        from platform.attachments group by 1, 2, 3
    """,
    "chatbot conversations and custom events by environment, day, network": """
        select environment_id, (created_at at time zone 'Europe/Paris')::date, network, count(*) from (
            select environment_id, network, created_at from platform.chatbot_conversations
            union all
            select environment_id, network, created_at from platform.custom_events
        ) as events group by 1, 2, 3
    """,
}

ROWS: LiteralString = """
    select 'users', user_id, md5(t::text), concat(xmin, ctid), anonymized_on is not null from platform.users t
    union all
    select 'messages', message_id, md5(t::text), concat(xmin, ctid), anonymized_on is not null from platform.messages t
    union all
    select 'attachments', attachment_id, md5(t::text), concat(xmin, ctid), anonymized_on is not null
    from platform.attachments t
    union all
    select 'chatbot_conversations', chatbot_conversation_id, md5(t::text), concat(xmin, ctid), anonymized_on is not null
    from platform.chatbot_conversations t
    union all
    select 'custom_events', custom_event_id, md5(t::text), concat(xmin, ctid), anonymized_on is not null
    from platform.custom_events t
    union all
    select 'environments', environment_id, md5(t::text), concat(xmin, ctid), false from platform.environments t
"""

NAMED_FILES: LiteralString = """
    select bucket, object_key from platform.attachments where object_key <> ''
    union
    select picture_bucket, picture_key from platform.users where picture_key is not null
"""


@dataclass(frozen=True, slots=True)
class RowState:
    """A row's values and its place, as fingerprints, and whether it is marked as anonymized."""

    values: str
    place: str  # a row that was only rewritten has moved
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The platform at one moment."""

    statistics: dict[str, frozenset[tuple[Any, ...]]]
    rows: dict[Key, RowState]
    named_files: frozenset[tuple[str, str]]
    versions: dict[tuple[str, str], int]  # of each file in S3, delete markers included

    @classmethod
    def gather(cls, connection: psycopg.Connection[Any], s3: "S3Client") -> "Evidence":
        """Reads every row and lists every file."""
        return cls(
            {name: frozenset(connection.execute(query)) for name, query in STATISTICS.items()},
            {(table, key): RowState(*state) for table, key, *state in connection.execute(ROWS)},
            frozenset(connection.execute(NAMED_FILES)),
            _versions(s3),
        )

    def total(self, name: str) -> int:
        """The sum of a statistic over all its groups."""
        return sum(group[-1] for group in self.statistics[name])

    @property
    def version_count(self) -> int:
        """Versions in S3, delete markers included."""
        return sum(self.versions.values())


def changed_rows(before: Evidence, after: Evidence) -> set[Key]:
    """The rows of which a value changed, or that came or went."""
    return {
        key
        for key in before.rows.keys() | after.rows.keys()
        if key not in before.rows or key not in after.rows or before.rows[key].values != after.rows[key].values
    }


def wrongly_changed_rows(before: Evidence, after: Evidence) -> set[Key]:
    """Changed rows that were marked before, or are not marked now, or that came or went."""
    return {
        key
        for key in changed_rows(before, after)
        if key not in before.rows
        or key not in after.rows
        or before.rows[key].is_marked
        or not after.rows[key].is_marked
    }


def _versions(s3: "S3Client") -> dict[tuple[str, str], int]:
    versions: dict[tuple[str, str], int] = {}
    for bucket in (FILES_BUCKET, ARCHIVE_BUCKET):
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                versions[bucket, entry["Key"]] = versions.get((bucket, entry["Key"]), 0) + 1
    return versions
