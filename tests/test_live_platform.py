"""The platform works while a run goes on over a backlog: nobody waits long, nobody is deadlocked, whoever writes is spared."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from world import LONG_AGO, OLD, YOUNG, World

Act = Callable[[psycopg.Connection[Any], random.Random], None]

BACKLOG = 60_000
PEOPLE = 3_000
# Somebody who wants no lock takes 2 ms; what is over this, the machine took.
STALL_SECONDS = 0.01
LONGEST_WAIT = 0.2


def fill(world: World) -> None:
    """A backlog of messages, their authors, every tenth with a file; every third file is shared with the next message."""
    world.connection.execute(
        "insert into platform.users select n, 1, 'twitter', 'person ' || n, 'First', 'Last', '{}', 'https://n.example/' || n,"
        f" 'https://p.example/' || n, null, null, %s from generate_series(1, {PEOPLE}) as n",
        [LONG_AGO],
    )
    world.connection.execute(
        "insert into platform.messages select n, 1, n / 10, 1 + n %% 3000, 'inbound', 'private', 'twitter', 'm' || n,"
        " 'https://n.example/m/' || n, repeat('text ', 20), %s, %s + n * interval '1 second', null"
        f" from generate_series(1, {BACKLOG}) as n",
        [OLD, OLD],
    )
    world.connection.execute(
        "insert into platform.attachments select n, 1, n * 10, 'files', 'att/' || n, 'name ' || n, 'image/png', 3, %s, null"
        f" from generate_series(1, {BACKLOG // 10}) as n",
        [OLD],
    )
    for number in range(1, 301):
        world.put(f"att/{number}")
    world.connection.execute("analyze")


def _named(world: World) -> set[str]:
    """Keys of the backlog that an emptied row had: gone, unless shared; who deletes a message deletes its file."""
    rows = world.rows("select attachment_id from platform.attachments where anonymized_on is not null")
    return {f"att/{row['attachment_id']}" for row in rows}


class Writers:
    """Sessions of the platform, each doing one thing again and again, with a lock_timeout of 200 ms."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.done: Counter[str] = Counter()
        self.errors: list[str] = []
        self.longest = 0.0
        self.waits: list[tuple[float, float]] = []
        """When those began whom a lock kept too long, and when they gave up."""
        self.stalls: list[tuple[float, float]] = []
        """When somebody who wanted no lock was kept all the same."""
        self.wrote: set[int] = set()
        self.shared: set[str] = set()
        self._lock = threading.Lock()
        self._next = 1_000_000

    def acts(self) -> list[Act]:
        return [
            self.edit_message, self.delete_message, self.edit_attachment, self.attach_late, self.write_message,
            self.write_at_once, self.edit_user, self.come_and_go, self.share_file,
        ]  # fmt: skip

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [threading.Thread(target=self.work, args=(act, seed)) for seed, act in enumerate(self.acts())]
        threads.append(threading.Thread(target=self.commit_alone))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()

    def commit_alone(self) -> None:
        """Counts a little and commits rows that nobody else wants: what takes long here is the machine, or its disk."""
        with psycopg.connect(autocommit=True) as connection:
            connection.execute("create table public.alone (n integer)")
            while not self.ended.is_set():
                began = time.monotonic()
                connection.execute("insert into public.alone select count(*) from generate_series(1, 5000)")
                if time.monotonic() - began > STALL_SECONDS:
                    self.stalls.append((began, time.monotonic()))
                time.sleep(0.005)

    def kept_by_locks(self) -> list[tuple[float, float]]:
        """The waits, but for those of which the machine took half, as it kept somebody who wanted no lock so long."""
        return [wait for wait in self.waits if self.stalled_within(*wait) < LONGEST_WAIT / 2]

    def stalled_within(self, began: float, ended: float) -> float:
        """For how long of a time the machine kept somebody who wanted no lock."""
        return sum(max(min(ended, until) - max(began, since), 0) for since, until in self.stalls)

    def number(self) -> int:
        with self._lock:
            self._next += 1
            return self._next

    def work(self, act: Act, seed: int) -> None:
        draw = random.Random(seed)
        with psycopg.connect(autocommit=True, options="-c lock_timeout=200ms") as connection:
            while not self.ended.is_set():
                began = time.monotonic()
                try:
                    with connection.transaction():
                        act(connection, draw)
                    self.done[act.__name__] += 1
                except psycopg.errors.LockNotAvailable:
                    self.waits.append((began, time.monotonic()))
                except psycopg.errors.DeadlockDetected as error:
                    self.errors.append(f"{act.__name__}: {error.sqlstate}")
                self.longest = max(self.longest, time.monotonic() - began)
                time.sleep(draw.uniform(0, 0.01))

    def edit_message(self, connection: psycopg.Connection[Any], draw: random.Random) -> None:
        message = draw.randint(1, BACKLOG)
        connection.execute("update platform.messages set visibility = visibility where message_id = %s", [message])

    def delete_message(self, connection: psycopg.Connection[Any], draw: random.Random) -> None:
        message = draw.randint(1, BACKLOG // 10) * 10
        connection.execute("delete from platform.attachments where message_id = %s", [message])
        connection.execute("delete from platform.messages where message_id = %s", [message])

    def edit_attachment(self, connection: psycopg.Connection[Any], draw: random.Random) -> None:
        """Several rows in one transaction, in any order: what invites a deadlock."""
        for _ in range(3):
            attachment = draw.randint(1, BACKLOG // 10)
            connection.execute(
                "update platform.attachments set content_type = content_type where attachment_id = %s", [attachment]
            )

    def attach_late(self, connection: psycopg.Connection[Any], draw: random.Random) -> None:
        key = f"late/{self.number()}"
        connection.execute(
            "insert into platform.attachments values (%s, 1, %s, 'files', %s, 'late', 'image/png', 3, now(), null)",
            [self.number(), draw.randint(1, BACKLOG // 10) * 10 - 1, key],
        )

    def write_message(self, connection: psycopg.Connection[Any], draw: random.Random) -> None:
        """In two statements: looks its author up, holds the row, inserts (U4)."""
        user_id = draw.randint(1, PEOPLE)
        found = connection.execute(
            "select anonymized_on from platform.users where user_id = %s for key share", [user_id]
        ).fetchone()
        if found and found[0] is None:
            self._insert(connection, user_id)
            self.wrote.add(user_id)

    def write_at_once(self, connection: psycopg.Connection[Any], draw: random.Random) -> None:
        """Inserts without looking."""
        self._insert(connection, draw.randint(1, PEOPLE))

    def edit_user(self, connection: psycopg.Connection[Any], draw: random.Random) -> None:
        connection.execute("update platform.users set network = network where user_id = %s", [draw.randint(1, PEOPLE)])

    def come_and_go(self, connection: psycopg.Connection[Any], _: random.Random) -> None:
        number = self.number()
        connection.execute(
            "insert into platform.users values (%s, 1, 'twitter', %s, 'F', 'L', '{}', 'u', 'u', null, null, now(), null)",
            [number, f"person {number}"],
        )
        connection.execute("delete from platform.users where user_id = %s", [number])

    def share_file(self, connection: psycopg.Connection[Any], draw: random.Random) -> None:
        """A key is copied to a living message, holding a row that has it, as the platform's rule says."""
        held = connection.execute(
            "select object_key from platform.attachments where attachment_id = %s and anonymized_on is null for share",
            [draw.randint(1, 300)],
        ).fetchone()
        if held:
            message = self._insert(connection, None)
            connection.execute(
                "insert into platform.attachments values (%s, 1, %s, 'files', %s, 'shared', 'image/png', 3, now(), null)",
                [self.number(), message, held[0]],
            )
            self.shared.add(held[0])

    def _insert(self, connection: psycopg.Connection[Any], user_id: int | None) -> int:
        number = self.number()
        connection.execute(
            "insert into platform.messages select %s, 1, 1, %s, 'inbound', 'private', 'twitter', 'x', 'x', 'x', now(), now()",
            [number, user_id],
        )
        return number


@pytest.fixture(params=[True, False], ids=["with a foreign key", "without"])
def live(request: pytest.FixtureRequest, world: World) -> World:
    """The backlog, with and without the foreign key between messages and users."""
    if not request.param:
        world.connection.execute("alter table platform.messages drop constraint messages_user_id_fkey")
    fill(world)
    return world


def test_u3_a_run_over_a_backlog_goes_unnoticed_by_those_who_write(live: World) -> None:
    """M6, U3, U4, T16, T17, T29: no deadlock and no wait over 200 ms reaches a writer, whoever writes is spared, no file
    goes that a living row names; what they held is done by the next run."""
    writers = Writers()
    with writers.at_work():
        summary = live.run()
        took = writers.done.copy()
    assert summary.outcome in ("done", "partly done", "offences found"), summary.left
    assert writers.errors == []
    assert writers.kept_by_locks() == [], (writers.longest, took)
    assert all(took[act.__name__] > 10 for act in writers.acts()), took
    spared = live.rows(
        "select user_id from platform.users where user_id = any(%s) and anonymized_on is not null", [*writers.wrote]
    )
    assert spared == []
    assert writers.wrote
    assert writers.shared
    assert writers.shared <= live.keys()

    again = live.run()
    assert not any("still due" in sentence for sentence in again.left), again.left
    kept = live.one(
        "select count(*) filter (where anonymized_on is null and created_at < %s) as messages,"
        " count(*) filter (where content <> '' and anonymized_on is not null) as texts from platform.messages", YOUNG
    )  # fmt: skip
    assert kept == {"messages": 0, "texts": 0}
    assert not live.rows(
        "select 1 from platform.attachments a join platform.messages m using (message_id)"
        " where m.anonymized_on is not null and a.object_key <> ''"
    )
    assert writers.shared <= live.keys()
    assert live.keys() <= writers.shared | {f"att/{number}" for number in range(1, 301)} - _named(live)


def test_t21_a_platform_whose_triggers_are_slow_waits_no_longer_for_the_first_batch(world: World) -> None:
    """How long a row takes is not known before the first batch; writers wait for all of it."""
    fill(world)
    world.connection.execute(
        "create function platform.slow() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(0.004); return new; end $$;"
        "create trigger slow before update of content on platform.messages for each row execute function platform.slow();"
        f"update platform.messages set created_at = now() where message_id > {BACKLOG // 20}"
    )
    ended, errors, edits = threading.Event(), [], 0

    def edit() -> None:
        nonlocal edits
        with psycopg.connect(autocommit=True, options="-c lock_timeout=200ms") as connection:
            while not ended.is_set():
                row = random.randint(1, BACKLOG // 20)
                try:
                    connection.execute("update platform.messages set conversation_id = 1 where message_id = %s", [row])
                    edits += 1
                except psycopg.Error as error:
                    errors.append(type(error).__name__)

    writer = threading.Thread(target=edit)
    writer.start()
    try:
        summary = world.run()
    finally:
        ended.set()
        writer.join()
    assert errors == []
    assert edits > 100
    assert summary.run["outcome"] in ("done", "partly done", "offences found")


def test_batches_that_cost_the_same_whatever_their_rows_are_not_of_single_rows(world: World) -> None:
    """A trigger of each statement takes longer than a batch aims at: a smaller batch would not be quicker."""
    fill(world)
    world.connection.execute(
        "create function platform.slow() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(0.06); return null; end $$;"
        "create trigger slow before update on platform.messages for each statement execute function platform.slow();"
        f"update platform.messages set created_at = now() where message_id > {BACKLOG // 20}"
    )
    assert world.run().outcome in ("done", "partly done", "offences found")
    worked = world.one(
        "select sum(batches) as batches, sum(anonymized) as rows from retention.run_lines where kind = 'messages'"
    )
    assert worked["rows"] >= BACKLOG // 20
    assert worked["batches"] < worked["rows"] / 4
