"""The reference platform, filled with invented people: something of everything the rules speak of.

Rows and objects are drafted in memory, from a seed, and then loaded: the same seed and `as_of` give
the same platform. No message lies within two days of a cutoff; tests of the edges add their own rows.
"""

# ruff: noqa: PLR2004 - the shares of a draw are the draw

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from random import Random
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.request import Request, urlopen
from uuid import UUID

import psycopg
from psycopg import sql

from flows.demo import people
from flows.demo.people import Message, User

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

GENERIC_PICTURE_URL = "https://static.platform.example/generic-picture.png"
FILES_BUCKET = "platform-files"  # keeps no versions
ARCHIVE_BUCKET = "platform-archive"  # keeps every version
PERIODS = {1: 24, 2: 12, 3: 36}  # months, per environment; the draft relies on them, the seeds set them

_ENVIRONMENTS = {1: "Boulangerie Lumen", 2: "Nordaster Telecom", 3: "Maison Halcyon"}
_USERS = 2000
_ATTACHED_FILES = 800
_SHARED_FILES = 10  # of each sort
_ANONYMIZED_MESSAGES = 20
_LATE_FILES = 5
_EVENTS = 1000  # of each sort

_SPAN = timedelta(days=1461)  # four years
_MONTH = timedelta(days=30.44)
_MARGIN = timedelta(days=5)
_PERIODS = {environment_id: months * _MONTH for environment_id, months in PERIODS.items()}

_Era = Literal["old", "new"]
_ERAS: tuple[_Era, ...] = ("old", "new")
_HISTORIES: tuple[tuple[_Era, ...], ...] = (("old",), ("new",), _ERAS)


class _File(NamedTuple):
    bucket: str
    key: str
    byte_size: int
    versions: int
    is_hidden: bool  # by a delete marker


@dataclass(frozen=True, slots=True)
class Totals:
    """What `fill_platform` loaded: rows per table, objects in S3, and the versions of these (markers not counted)."""

    environments: int
    users: int
    messages: int
    attachments: int
    chatbot_conversations: int
    custom_events: int
    files: int
    file_versions: int


def create_platform(connection: psycopg.Connection[Any]) -> None:
    """Create the schema `platform` and its empty tables, in one transaction.

    Raises psycopg.errors.DuplicateSchema when the schema exists.
    """
    tables = resources.files(__package__).joinpath("reference_platform.sql").read_bytes()
    with connection.transaction():
        connection.execute("create schema platform")
        connection.execute("set local search_path to platform")
        connection.execute(tables)


def fill_platform(
    connection: psycopg.Connection[Any],
    s3_client: "S3Client",
    *,
    as_of: datetime,
    seed: int = 1,
    generic_picture_url: str = GENERIC_PICTURE_URL,
) -> Totals:
    """Fill the empty tables and two new buckets with four years before `as_of` (with a zone).

    About 2,000 users, 20,000 messages and 1,500 files, each of its attachment's `byte_size` (50 to 2,000 bytes).
    Objects first, then all rows in one transaction: no row ever names a file that is not there yet.

    Raises ValueError when `as_of` has no zone, psycopg.errors.UniqueViolation when the tables are not empty.
    """
    if as_of.tzinfo is None:
        raise ValueError(f"Filling the platform: expected as_of with a time zone, found {as_of.isoformat()}.")
    draft = _Draft(as_of, seed, generic_picture_url)
    _upload(s3_client, draft.files)
    with connection.transaction(), connection.cursor() as cursor:
        for table, rows in draft.tables.items():
            with cursor.copy(sql.SQL("copy {} from stdin").format(sql.Identifier("platform", table))) as copy:
                for row in rows:
                    copy.write_row(row)
    return Totals(
        **{table: len(rows) for table, rows in draft.tables.items()},
        files=len(draft.files),
        file_versions=sum(file.versions for file in draft.files),
    )


def _upload(s3_client: "S3Client", files: Iterable[_File]) -> None:
    for bucket in (FILES_BUCKET, ARCHIVE_BUCKET):
        s3_client.create_bucket(Bucket=bucket)
    s3_client.put_bucket_versioning(Bucket=ARCHIVE_BUCKET, VersioningConfiguration={"Status": "Enabled"})

    def put(file: _File) -> None:
        # By a signed URL, which serves all versions: put_object takes twice as long, most of it in boto3.
        target = {"Bucket": file.bucket, "Key": file.key, "ContentType": "text/plain"}
        url = s3_client.generate_presigned_url("put_object", Params=target)
        for version in range(file.versions):
            body = f"version {version + 1}\n".encode().ljust(file.byte_size, b".")
            request = Request(url, body, {"Content-Type": "text/plain"}, method="PUT")  # noqa: S310 - the client's URL
            urlopen(request).close()  # noqa: S310
        if file.is_hidden:
            s3_client.delete_object(Bucket=file.bucket, Key=file.key)

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(put, files))  # the list raises what a thread raised


class _Draft:
    """Every row and file of the platform, drawn from one seed in a fixed order."""

    def __init__(self, as_of: datetime, seed: int, generic_picture_url: str) -> None:
        self.as_of = as_of
        self.random = Random(seed)  # noqa: S311 - draws of examples, not secrets
        self.generic_picture_url = generic_picture_url
        self.users: list[User] = []
        self.messages: list[Message] = []
        self.attachments: list[tuple[Any, ...]] = []
        self.files: list[_File] = []
        self.conversations = 0
        for environment_id in self.random.choices((1, 2, 3), (50, 30, 20), k=_USERS):
            self.add_user(environment_id)
        self.add_attachments()
        self.add_anonymized_messages()
        self.tables: dict[str, list[Any]] = {
            "environments": list(_ENVIRONMENTS.items()),
            "users": self.users,
            "messages": self.messages,
            "attachments": self.attachments,
            "chatbot_conversations": self.events("resolved", "handed over", "abandoned"),
            "custom_events": self.events("order_placed", "survey_answered", "newsletter_opened"),
        }

    def up_to(self, longest: timedelta) -> timedelta:
        return timedelta(seconds=self.random.randrange(int(longest.total_seconds())))

    def moment(self, environment_id: int, era: _Era) -> datetime:
        period = _PERIODS[environment_id]
        newest, oldest = (period + _MARGIN, _SPAN) if era == "old" else (_MARGIN, period - _MARGIN)
        return self.as_of - newest - self.up_to(oldest - newest)

    def fell_due_at(self, message: Message) -> datetime:
        return message.created_at + _PERIODS[message.environment_id]

    def add_user(self, environment_id: int) -> None:
        user_id = len(self.users) + 1
        eras = self.random.choice(_HISTORIES)
        starts = [self.moment(environment_id, era) for era in eras for _ in range(self.random.randint(1, 4))]
        user = people.make_user(self.random, user_id, environment_id, min(starts))
        if user_id % 3 == 0:
            file = self.add_file(FILES_BUCKET, f"pictures/{user_id}")
            url = f"https://files.platform.example/{file.key}"
            user = user._replace(picture_url=url, picture_bucket=file.bucket, picture_key=file.key)
        elif user_id % 3 == 1:
            user = user._replace(picture_url=self.generic_picture_url)
        self.users.append(user)
        if user_id % 10:  # the tenth never writes
            for start in starts:
                self.add_conversation(user, start)

    def add_conversation(self, user: User, at: datetime) -> None:
        self.conversations += 1
        is_private = user.network == "whatsapp" or self.random.random() < 0.5
        for _ in range(self.random.randint(1, 3)):
            for is_answer in (False, True) if self.random.random() < 0.7 else (False,):
                self.messages.append(people.make_message(
                    self.random, user, len(self.messages) + 1, self.conversations, at,
                    is_private=is_private, is_answer=is_answer,
                ))  # fmt: skip
                at += self.up_to(timedelta(hours=3))
        if self.conversations % 50 == 0:  # real data repeats identifiers across conversations
            self.messages[-1] = self.messages[-1]._replace(network_id=self.messages[-20].network_id)

    def add_file(self, bucket: str, key: str) -> _File:
        past = (1, False) if bucket == FILES_BUCKET else (self.random.randint(1, 3), self.random.random() < 0.1)
        self.files.append(_File(bucket, key, self.random.randint(50, 2000), *past))
        return self.files[-1]

    def attach(self, *messages: Message, created_at: datetime | None = None) -> None:
        """Give the messages one new file. Keys are prefixes of each other; some hold the file's name."""
        number = len(self.attachments) + 1
        last_name = self.random.choice(people.LAST_NAMES)
        if author := messages[0].user_id:
            last_name = self.users[author - 1].last_name
        name, content_type = people.name_file(self.random, last_name)
        bucket = FILES_BUCKET if number % 6 else ARCHIVE_BUCKET
        file = self.add_file(bucket, f"att/{number}" if number % 25 != 5 else f"att/{number}/{name}")
        for message in messages:
            row = (len(self.attachments) + 1, message.environment_id, message.message_id, bucket, file.key, name)
            self.attachments.append((*row, content_type, file.byte_size, created_at or message.created_at, None))

    def add_attachments(self) -> None:
        for message in self.random.choices(self.messages, k=_ATTACHED_FILES):
            self.attach(message)
        due = [message for message in self.messages if self.fell_due_at(message) < self.as_of]
        living = [message for message in self.messages if self.fell_due_at(message) >= self.as_of]
        for message in self.random.sample(due, _SHARED_FILES):
            here = [other for other in living if other.environment_id == message.environment_id]
            elsewhere = [other for other in living if other.environment_id != message.environment_id]
            for others in (here, elsewhere, due):
                self.attach(message, self.random.choice(others))

    def add_anonymized_messages(self) -> None:
        """Anonymize some messages, one month after they fell due; a file came late to the first of them."""
        attached = {row[2] for row in self.attachments}
        due = [message for message in self.messages if self.fell_due_at(message) < self.as_of - 2 * _MONTH]
        bare = [message for message in due if message.message_id not in attached]
        for number, message in enumerate(self.random.sample(bare, _ANONYMIZED_MESSAGES)):
            self.messages[message.message_id - 1] = message._replace(
                network_id=f"anonymized-{UUID(int=self.random.getrandbits(128), version=4)}",
                url="", content="", anonymized_on=(self.fell_due_at(message) + _MONTH).date(),
            )  # fmt: skip
            if number < _LATE_FILES:
                self.attach(message, created_at=self.as_of - self.up_to(_MARGIN))

    def events(self, *names: str) -> list[tuple[Any, ...]]:
        """Draw rows of chatbot_conversations or custom_events; a person may well come before the profile."""
        return [
            (number, user.environment_id, user.network, user.network_id, self.random.choice(names),
             self.moment(user.environment_id, self.random.choice(_ERAS)), None)
            for number, user in enumerate(self.random.choices(self.users, k=_EVENTS), start=1)
        ]  # fmt: skip
