"""A batch that is halted between its look and its update, while somebody else changes what it looked at."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from batches import Batches


@contextmanager
def halted(batches: Batches, when: str, change: Callable[["psycopg.Connection[Any]"], object]) -> Iterator[None]:
    """The first batch halts at the statement `when`, until `change` is committed by somebody else."""
    connection = batches.world.connection
    connection.execute(
        """
        create table public.halt_is_over ();
        create function public.halt() returns trigger language plpgsql as $halt$
        begin
            if pg_try_advisory_lock(77) then  -- held until the session ends: the first time only
                for _ in 1 .. 600 loop
                    exit when exists (select 1 from public.halt_is_over);
                    perform pg_sleep(0.05);
                end loop;
            end if;
            return new;
        end $halt$
        """
    )
    connection.execute(f"create trigger halt before {when} for each row execute function public.halt()")

    def change_meanwhile() -> None:
        with psycopg.connect(autocommit=True) as somebody:
            for _ in range(1000):
                held = somebody.execute("select 1 from pg_locks where locktype = 'advisory' and objid = 77").fetchone()
                if held:
                    change(somebody)
                    somebody.execute("insert into public.halt_is_over default values")
                    return
                time.sleep(0.01)

    thread = threading.Thread(target=change_meanwhile)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        connection.execute("drop function public.halt cascade; drop table public.halt_is_over")


def lines(batches: Batches, kind: str = "messages") -> dict[str, tuple[int, int]]:
    """What the newest run anonymized and left of a kind, by environment."""
    rows = batches.world.rows(
        "select environment_id, anonymized, left_over from retention.run_lines"
        " where run_id = (select max(run_id) from retention.runs) and kind = %s",
        kind,
    )
    return {row["environment_id"]: (row["anonymized"], row["left_over"]) for row in rows}
