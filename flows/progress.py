"""What a person sees while a long loop is under way: in Prefect, and on the terminal where one listens."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from flows.database import Database, Row

# How often the ledger is read for progress, in seconds; a hook's own notices never reach dbt's console.
INTERVAL = 2.0

A_MINUTE_AND_A_HALF = 90.0

Listener = Callable[[str], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Has `listener` told the progress of the runs of this process, as a sentence."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def in_words(counts: Row, seconds: float) -> str:
    """Done against due, rows a second and the time left, from the counts of the query `progress`."""
    done, due = counts["anonymized"], max(counts["due"], counts["anonymized"])
    sentence = f"{done:,} of {due:,} rows anonymized, {counts['files_purged']:,} files purged"
    if done and seconds > 0 and done < due:
        speed = done / seconds
        left = (due - done) / speed
        time_left = f"{left / 60:,.0f} minutes" if left >= A_MINUTE_AND_A_HALF else f"{left:,.0f} seconds"
        sentence += f", {speed:,.0f} rows a second, about {time_left} left"
    return sentence


@contextmanager
def progress(ledger_schema: str, run_id: int) -> Iterator[None]:
    """Shows done against due while what is within goes on."""
    artifact_id = create_progress_artifact(0.0, key="retention-progress", description=f"Run {run_id}")
    ended = threading.Event()

    def follow() -> None:
        began = time.monotonic()
        # What is only shown may fail: a lost database is the business of the steps.
        with suppress(Exception), Database.connect(ledger_schema) as database:
            is_over = False
            while not is_over:  # once more when it is over, for what stays to be read
                is_over = ended.wait(INTERVAL)
                counts = database.row("progress", run_id=run_id)
                sentence = in_words(counts, time.monotonic() - began)
                for listener in _listeners:
                    listener(sentence)
                share = 100.0 * min(counts["anonymized"] / max(counts["due"], 1), 1.0)
                update_progress_artifact(artifact_id, share, f"Run {run_id}: {sentence}")  # type: ignore[arg-type]

    thread = threading.Thread(target=copy_context().run, args=(follow,), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=30)
        update_progress_artifact(artifact_id, 100.0)  # type: ignore[arg-type]
