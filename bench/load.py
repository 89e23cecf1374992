"""A platform at work: reads, inserts and edits on several connections, `python -m bench.load SECONDS RATE`.

At RATE operations a second, or as fast as it goes where RATE is 0; until SECONDS have passed, or, where SECONDS is 0,
its input ends. An operation's time counts from when it was to begin, so that one that waits for others counts as slow.
Prints JSON: operations, seconds, and the 99th percentile of their times in milliseconds.
"""

import json
import random
import sys
import threading
import time
from collections.abc import Callable

import psycopg

CONNECTIONS = 4

READ = "select message_id, content from platform.messages where user_id = %s order by created_at desc limit 20"
INSERT = """
    insert into platform.messages
    values (%s, %s, %s, %s, 'inbound', 'private', 'twitter', %s, 'https://network.example/new', %s, now(), now())
"""
EDIT = "update platform.messages set content = %s where message_id = %s"


class Load:
    """What the connections share: the time of each operation, and the end."""

    def __init__(self, rate: float) -> None:
        self.times: list[float] = []
        self.ended = threading.Event()
        self.rate = rate
        with psycopg.connect() as connection:
            query = "select max(message_id), max(user_id) from platform.messages"
            self.messages, self.users = connection.execute(query).fetchone() or (1, 1)

    def work(self, number: int) -> None:
        """One connection's operations, in turn with the others'."""
        draw = random.Random(number)  # noqa: S311 - a load
        step, turn = (CONNECTIONS / self.rate if self.rate else 0.0), 0
        first = time.perf_counter() + step * number / CONNECTIONS
        with psycopg.connect(autocommit=True) as connection:
            while not self.ended.is_set():
                due = first + step * turn if step else time.perf_counter()
                time.sleep(max(due - time.perf_counter(), 0))
                self._operation(connection, draw, self.messages + 1 + turn * CONNECTIONS + number)
                self.times.append(time.perf_counter() - due)
                turn += 1

    def _operation(self, connection: "psycopg.Connection[tuple[object, ...]]", draw: random.Random, new: int) -> None:
        chance, text = draw.random(), f"{draw.random()} " * 8
        if chance < 0.6:  # noqa: PLR2004 - mostly reads
            connection.execute(READ, [draw.randint(1, self.users)])
        elif chance < 0.9:  # noqa: PLR2004 - then new messages
            user = draw.randint(self.users // 2, self.users)
            connection.execute(INSERT, [new, 1 + new % 20, new // 20, user, f"load-{new}", text])
        else:
            connection.execute(EDIT, [text, draw.randint(self.messages * 9 // 10, self.messages)])


def main(seconds: float, rate: float, say: Callable[[str], object]) -> None:
    """Works until the end, and says what came of it."""
    load = Load(rate)
    threads = [threading.Thread(target=load.work, args=(number,)) for number in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    if seconds:
        time.sleep(seconds)
    else:
        sys.stdin.read()
    load.ended.set()
    for thread in threads:
        thread.join()
    times = sorted(load.times)
    took = time.perf_counter() - began
    p99 = times[len(times) * 99 // 100] * 1000
    say(json.dumps({"operations": len(times), "seconds": took, "p99": p99}))


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), print)
