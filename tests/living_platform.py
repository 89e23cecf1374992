"""A platform on which people come and write in any order, with days going by."""

from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from model import PARIS
from promises import Promises
from world import TABLES

FIRST_DAY = datetime(2016, 3, 31, 2, tzinfo=PARIS)
LAST_DAY = datetime(2026, 3, 31, 2, tzinfo=PARIS)  # no run acts on a day that has not come
ENVIRONMENTS = st.sampled_from((1, 2))
BUCKETS = st.sampled_from(("files", "versioned"))
NUMBERS = st.integers(0, 10_000)


class LivingPlatform(Promises):
    """What people do, on the platform's own tables and files; each step is remembered for the promises."""

    @initialize()
    def begin(self) -> None:
        self.batches, self.world = self.nights.batches, self.nights.world
        self.nights.empty()
        self.world.connection.execute("truncate retention.pauses; update retention.newest_run set run_id = 0")
        self.world.connection.execute("select setval('platform.fuse', 9000000000)")
        self.now = FIRST_DAY
        self.months = {1: 24, 2: 24}
        self.rows = {table: {} for table in TABLES}
        self.versions = Counter()
        self.queued = Counter()
        self.marked = 0
        self.cutoffs = {}
        self.stack, self.database, self.run_id = ExitStack(), None, 0
        for environment_id in (1, 2):
            self._keep("environments", self.world.environment(environment_id))
            self.somebody_comes(environment_id, 900, "files")
            self.somebody_writes(1, environment_id, 900)
            self.a_file_is_attached(environment_id - 1, "versioned")

    @rule(environment_id=ENVIRONMENTS, days=st.sampled_from((0, 300, 900)), picture=st.none() | BUCKETS)
    def somebody_comes(self, environment_id: int, days: int, picture: str | None) -> None:
        number = len(self.rows["users"]) + 1
        file = {"picture_bucket": picture, "picture_key": self._upload(picture, f"pic/{number}")} if picture else {}
        at = self.now - timedelta(days=days)
        self._keep("users", self.world.user(environment_id, at, user_id=number, network_id=f"person {number}", **file))

    @rule(nth=NUMBERS, environment_id=ENVIRONMENTS, days=st.sampled_from((0, 1, 300, 731, 900)))
    def somebody_writes(self, nth: int, environment_id: int, days: int) -> None:
        """Also a person who was anonymized, and the company."""
        authors = [None, *(key for key, row in self.rows["users"].items() if row["environment_id"] == environment_id)]
        self._keep("messages", self.world.message(_of(authors, nth), self.now - timedelta(days=days), environment_id))

    @rule(
        nth=NUMBERS, table=st.sampled_from(("chatbot_conversations", "custom_events")), days=st.sampled_from((0, 900))
    )
    def something_is_counted(self, nth: int, table: str, days: int) -> None:
        person = _of(self.rows["users"].values(), nth)
        if person is not None:
            at = self.now - timedelta(days=days)
            self._keep(
                table, self.world.event(table, person["network_id"], at, environment_id=person["environment_id"])
            )

    @rule(nth=NUMBERS, bucket=BUCKETS)
    def a_file_is_attached(self, nth: int, bucket: str) -> None:
        """Also to a message that was anonymized (M6)."""
        message = _of(self.rows["messages"].values(), nth)
        if message is not None:
            self._attach(message, bucket, self._upload(bucket, f"att/{len(self.rows['attachments']) + 1}"))

    @rule(nth=NUMBERS, other=NUMBERS)
    def a_key_is_copied(self, nth: int, other: int) -> None:
        """From a living row, which is what the platform's rule asks for."""
        source = _of([row for row in self.rows["attachments"].values() if row["object_key"]], nth)
        message = _of(self.rows["messages"].values(), other)
        if source is not None and message is not None:
            self._attach(message, source["bucket"], source["object_key"])

    @rule(nth=NUMBERS)
    def a_file_is_written_anew(self, nth: int) -> None:
        living = _of([row for row in self.rows["attachments"].values() if row["object_key"]], nth)
        if living is not None:
            self._upload(living["bucket"], living["object_key"])

    @rule(days=st.sampled_from((1, 5, 40, 400)))
    def days_go_by(self, days: int) -> None:
        self.now = min(self.now + timedelta(days=days), LAST_DAY)

    def _attach(self, message: dict[str, Any], bucket: str, key: str) -> None:
        number = self.world.attachment(
            message["message_id"], key, bucket, environment_id=message["environment_id"], created_at=self.now
        )
        self._keep("attachments", number)

    def _upload(self, bucket: str, key: str) -> str:
        self.world.put(key, bucket)
        self.versions[bucket, key] = 1 if bucket == "files" else self.versions[bucket, key] + 1
        return key

    def _keep(self, table: str, key: int) -> None:
        self.rows[table][key] = self.world.get(table, key)


def _of(items: Any, nth: int) -> Any:
    listed = list(items)
    return listed[nth % len(listed)] if listed else None
