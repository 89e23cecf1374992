"""Runs, kills, purges, writers, approvals and pauses in any order: after every step nothing living was touched, nothing
due was forgotten, and the ledger says what happened. On the real batches, a real PostgreSQL and an S3."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar

import psycopg
import pytest
from batches import MODELS
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from model import PARIS, paris_cutoff
from nights import Nights
from world import TABLES, is_random_id

from flows import ledger, purge
from flows.chain import verify
from flows.database import Database
from flows.errors import Paused
from flows.ledger import RunRequest
from flows.pause import refuse_while_paused
from flows.store import Store

FIRST_DAY = datetime(2016, 3, 31, 2, tzinfo=PARIS)
LAST_DAY = datetime(2026, 3, 31, 2, tzinfo=PARIS)  # no run acts on a day that has not come
ENVIRONMENTS = st.sampled_from((1, 2))
BUCKETS = st.sampled_from(("files", "versioned"))
NUMBERS = st.integers(0, 10_000)
PERSONAL = {
    "users": ("network_id", "first_name", "last_name", "pseudonyms", "profile_url", "picture_url", "picture_bucket", "picture_key"),
    "messages": ("network_id", "url", "content"),
    "attachments": ("object_key", "file_name"),
    "chatbot_conversations": ("user_network_id",),
    "custom_events": ("user_network_id",),
}  # fmt: skip
FILE_COLUMNS = {"users": ("picture_bucket", "picture_key"), "attachments": ("bucket", "object_key")}

# A fuse in every update: at 0 the statement is cancelled, which no batch can catch, as when its session is terminated.
FUSE = """
    create sequence platform.fuse increment -1 minvalue -9000000000 maxvalue 9000000000 start 9000000000;
    create function platform.burn() returns trigger language plpgsql as $$
    begin
        if nextval('platform.fuse') = 0 then raise exception using errcode = 'query_canceled'; end if;
        return null;
    end $$;
"""


class AnyOrder(RuleBasedStateMachine):
    nights: ClassVar[Nights]
    store: ClassVar[Store]
    seen: ClassVar[Counter[str]] = Counter()  # what came about, over all examples

    @initialize()
    def begin(self) -> None:
        self.batches, self.world = self.nights.batches, self.nights.world
        self.nights.empty()
        self.world.connection.execute("truncate retention.pauses; update retention.newest_run set run_id = 0")
        self.world.connection.execute("select setval('platform.fuse', 9000000000)")
        self.now = FIRST_DAY
        self.months = {1: 24, 2: 24}
        self.rows: dict[str, dict[int, dict[str, Any]]] = {table: {} for table in TABLES}
        self.versions: Counter[tuple[str, str]] = Counter()
        self.queued: Counter[tuple[str, str]] = Counter()
        self.marked = 0
        self.cutoffs: dict[int, datetime] = {}
        self.stack, self.database, self.run_id = ExitStack(), None, 0
        for environment_id in (1, 2):
            self._keep("environments", self.world.environment(environment_id))
            self.somebody_comes(environment_id, 900, "files")
            self.somebody_writes(1, environment_id, 900)
            self.a_file_is_attached(environment_id - 1, "versioned")

    # The platform

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

    # People

    @rule(environment_id=ENVIRONMENTS, months=st.sampled_from((1, 12, 24, 36)))
    def a_period_is_changed(self, environment_id: int, months: int) -> None:
        self.months[environment_id] = months
        self.nights.periods(**{f"environment_{environment_id}": months})

    @rule(environment_id=ENVIRONMENTS)
    def what_is_held_is_approved(self, environment_id: int) -> None:
        names = (
            "environment_id",
            "kind",
            "retention_months",
            "cutoff",
            "as_of",
            "due",
            "files_due",
            "oldest_due_at",
            "newest_due_at",
        )
        for verdict in self.nights.verdicts(self.now, environment_id):
            if verdict["held"]:
                self.seen["approvals"] += 1
                with Database.connect("retention") as database:
                    database.execute("approve", **{name: verdict[name] for name in names})

    @rule()
    def runs_are_paused(self) -> None:
        Database(self.world.connection, "retention").execute("pause")

    @rule()
    def runs_are_resumed(self) -> None:
        Database(self.world.connection, "retention").execute("resume")

    # Runs

    @precondition(lambda self: self.database is None)
    @rule(approved=st.booleans())
    def a_run_is_opened(self, approved: bool) -> None:
        self.nights.look(self.now)
        database = self.stack.enter_context(Database.connect("retention"))
        self.stack.enter_context(ledger.only_run(database))
        try:
            refuse_while_paused(database)
        except Paused:
            self.stack.close()
            return
        request = RunRequest(as_of=self.now.isoformat(), is_approved=approved)
        clock = ledger.fix_as_of(database, request)
        self.run_id = self.stack.enter_context(ledger.open_run(database, request, clock))
        ledger.open_lines(database, self.run_id, request)
        self.database = database
        self.cutoffs = {number: paris_cutoff(self.now, months) for number, months in self.months.items()}

    @precondition(lambda self: self.database is not None)
    @rule(model=st.sampled_from(MODELS))
    def rows_are_anonymized(self, model: str) -> None:
        self.batches.anonymize(self.run_id, model)

    @precondition(lambda self: self.database is not None)
    @rule(model=st.sampled_from(MODELS), updates=st.integers(1, 6))
    def rows_are_anonymized_until_the_session_is_lost(self, model: str, updates: int) -> None:
        self.world.connection.execute("select setval('platform.fuse', %s)", [updates])
        try:
            self.batches.anonymize(self.run_id, model)
        except psycopg.errors.QueryCanceled:
            self.seen["sessions lost in a batch"] += 1
        self.world.connection.execute("select setval('platform.fuse', 9000000000)")

    @precondition(lambda self: self.database is not None)
    @rule(workers=st.sampled_from((1, 2)))
    def files_are_purged(self, workers: int) -> None:
        def work() -> None:
            with Database.connect("retention") as database:
                purge.purge_files(database, self.store, self.run_id, purge.Queue())

        threads = [threading.Thread(target=work) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    @precondition(lambda self: self.database is not None)
    @rule()
    def a_purge_is_lost_between_the_store_and_the_commit(self) -> None:
        with (
            pytest.MonkeyPatch.context() as patch,
            suppress(KeyboardInterrupt),
            Database.connect("retention") as database,
        ):
            patch.setattr(purge, "_count", self._interrupt)
            purge.purge_files(database, self.store, self.run_id, purge.Queue())

    @precondition(lambda self: self.database is not None)
    @rule(model=st.sampled_from(MODELS))
    def the_flow_is_killed(self, model: str) -> None:
        """Then its batches do nothing any more."""
        assert self.database is not None
        self.database._connection.close()  # noqa: SLF001 - as the end of its process would
        with suppress(psycopg.OperationalError):
            self.stack.close()
        self._forget_run()
        try:
            self.batches.anonymize(self.run_id, model)
        except psycopg.errors.ObjectNotInPrerequisiteState:
            self.seen["batches of a dead flow"] += 1

    @precondition(lambda self: self.database is not None)
    @rule()
    def the_run_is_finished(self) -> None:
        assert self.database is not None
        ledger.finish_run(self.database, self.run_id, "done", {})
        self.stack.close()
        self._forget_run()

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self._abandon_run()
            try:
                self._one_more_run_makes_up_for_everything()
            finally:
                self._abandon_run()

    def _abandon_run(self) -> None:
        with suppress(psycopg.OperationalError):
            self.stack.close()
        self._forget_run()

    def _one_more_run_makes_up_for_everything(self) -> None:
        self.runs_are_resumed()
        self.a_run_is_opened(approved=True)
        self.batches.anonymize(self.run_id)
        self.files_are_purged(1)
        self.the_rows_that_changed_were_due()
        left = self.world.rows("select 1 from retention.run_lines where run_id = %s and left_over <> 0", self.run_id)
        assert not left
        assert not self.world.rows("select 1 from retention.file_queue")
        self.no_file_is_forgotten_and_no_living_one_gone()
        self.the_run_is_finished()
        self.the_ledger_says_what_happened()

    # After every step

    @invariant()
    def every_promise_holds(self) -> None:
        """In this order: what the rows say is what the others are compared with."""
        self.the_rows_that_changed_were_due()
        self.no_file_is_forgotten_and_no_living_one_gone()
        self.the_ledger_says_what_happened()

    def the_rows_that_changed_were_due(self) -> None:
        """M1, M2, U1, M6, S3; T29: and nothing but their personal values changed."""
        now = self.world.snapshot()
        changed = [
            (table, self.rows[table][key], row)
            for table in TABLES
            for key, row in now[table].items()
            if row != self.rows[table][key]
        ]
        assert {table: set(rows) for table, rows in now.items()} == {
            table: set(rows) for table, rows in self.rows.items()
        }
        for table, before, after in changed:
            assert before["anonymized_on"] is None
            assert after["anonymized_on"] == self.now.astimezone(PARIS).date() or self.cutoffs
            assert self._was_due(table, before, now), (table, before)
            kept = set(after) - set(PERSONAL[table]) - {"anonymized_on"}
            assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
            for name in PERSONAL[table]:
                value = after[name]
                assert is_random_id(str(value)) if name.endswith("network_id") else name == "picture_url" or not value
            if file := _file(table, before):
                self.queued[file] += 1
            self.seen[table] += 1
        self.marked += len(changed)
        self.rows = now

    def no_file_is_forgotten_and_no_living_one_gone(self) -> None:
        """T42, T44: an object is named by a living row or queued, or it is gone with every version; each entry has a row
        that was emptied."""
        there: Counter[tuple[str, str]] = Counter()
        for bucket in ("files", "versioned"):
            page = self.world.s3.list_object_versions(Bucket=bucket)
            there.update((bucket, item["Key"]) for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])])
        living = {file for table in FILE_COLUMNS for row in self.rows[table].values() if (file := _file(table, row))}
        queue = Counter(
            (row["bucket"], row["object_key"])
            for row in self.world.rows("select bucket, object_key from retention.file_queue")
        )
        for file, versions in self.versions.items():
            if there[file]:
                assert file in living or file in queue, "forgotten"
            assert there[file] == versions or (file not in living and there[file] == 0), "a living file is gone"
        assert all(count <= self.queued[file] for file, count in queue.items()), "an entry without its reason"
        assert queue.keys() <= self.queued.keys()

    def the_ledger_says_what_happened(self) -> None:
        totals = self.world.one(
            "select coalesce(sum(anonymized + dependents), 0) as rows, coalesce(sum(files_queued), 0) as queued,"
            " coalesce(sum(files_purged + files_spared), 0) as worked_off,"
            " (select count(*) from retention.file_queue) as waiting from retention.run_lines"
        )
        assert totals["rows"] == self.marked
        self.seen["files worked off"] = max(int(totals["worked_off"]), self.seen["files worked off"])
        assert totals["queued"] == sum(self.queued.values()) == totals["worked_off"] + totals["waiting"]
        assert verify(Database(self.world.connection, "retention")).break_found is None

    def _was_due(self, table: str, row: dict[str, Any], now: dict[str, dict[int, dict[str, Any]]]) -> bool:
        cutoff = self.cutoffs.get(row["environment_id"])
        if cutoff is None:
            return False
        if table == "attachments":
            return now["messages"][row["message_id"]]["anonymized_on"] is not None
        if table == "users":
            written = [
                message["created_at"] for message in now["messages"].values() if message["user_id"] == row["user_id"]
            ]
            return max(written, default=row["created_at"]) < cutoff
        return row["created_at"] < cutoff or any(
            before["network_id"] == row.get("user_network_id") and now["users"][key]["anonymized_on"] is not None
            for key, before in self.rows["users"].items()
        )

    def _interrupt(self, *_: object) -> None:
        self.seen["purges lost before the commit"] += 1
        raise KeyboardInterrupt

    def _forget_run(self) -> None:
        self.stack, self.database, self.cutoffs = ExitStack(), None, {}

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


def _file(table: str, row: dict[str, Any]) -> tuple[str, str] | None:
    bucket, key = (row[name] for name in FILE_COLUMNS.get(table, ())) if table in FILE_COLUMNS else (None, None)
    return (bucket, key) if key else None


@pytest.fixture
def nights(nights: Nights) -> Iterator[Nights]:
    connection = nights.world.connection
    connection.execute(FUSE)
    for table in TABLES[1:]:
        connection.execute(f"create trigger burn after update on platform.{table} execute function platform.burn()")
    yield nights
    connection.execute("drop function platform.burn() cascade; drop sequence platform.fuse")


@pytest.mark.timeout(36_000)
def test_whatever_happens_in_whatever_order_the_promises_hold_after_every_step(nights: Nights) -> None:
    """M1, M2, M4, M6, U1, U3, P1, S3, B2."""
    AnyOrder.nights, AnyOrder.store = nights, Store()
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=int(os.environ.get("ORDER_EXAMPLES", "20")),
            stateful_step_count=int(os.environ.get("ORDER_STEPS", "40")),
            deadline=None,
            derandomize="ORDER_EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {*TABLES[1:], "approvals"} <= AnyOrder.seen.keys(), AnyOrder.seen
    assert AnyOrder.seen["files worked off"] > 1
    if "ORDER_EXAMPLES" in os.environ:  # enough of them, and drawn anew: then the rare ones are among them
        rare = {"sessions lost in a batch", "batches of a dead flow", "purges lost before the commit"}
        assert rare <= AnyOrder.seen.keys(), AnyOrder.seen
