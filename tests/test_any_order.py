"""Runs, kills, purges, writers, approvals and pauses in any order: after every step nothing living was touched, nothing
due was forgotten, and the ledger says what happened. On the real batches, a real PostgreSQL and an S3."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import psycopg
import pytest
from batches import MODELS
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from living_platform import ENVIRONMENTS, LivingPlatform
from model import paris_cutoff
from nights import Nights
from world import TABLES

from flows import ledger, purge
from flows.database import Database
from flows.errors import Paused
from flows.ledger import RunRequest
from flows.pause import refuse_while_paused
from flows.store import Store

# A fuse in every update: at 0 the statement is cancelled, which no batch can catch, as when its session is terminated.
FUSE = """
    create sequence platform.fuse increment -1 minvalue -9000000000 maxvalue 9000000000 start 9000000000;
    create function platform.burn() returns trigger language plpgsql as $$
    begin
        if nextval('platform.fuse') = 0 then raise exception using errcode = 'query_canceled'; end if;
        return null;
    end $$;
"""


class AnyOrder(LivingPlatform):
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

    def _forget_run(self) -> None:
        self.stack, self.database, self.cutoffs = ExitStack(), None, {}

    def _interrupt(self, *_: object) -> None:
        self.seen["purges lost before the commit"] += 1
        raise KeyboardInterrupt


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
