"""What ends a run before its time: SIGTERM, of which Prefect makes an exception of its own, and Ctrl-C."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from prefect.exceptions import TerminationSignal
from prefect.utilities import engine

# What was raised while dbt was at work.
_heard: list[BaseException] = []


class ToldToEnd(TerminationSignal, SystemExit):
    """SIGTERM as a run hears it: of the one kind at which dbt and psycopg end on the server what they wait for.

    Prefect's own exception they do not know. dbt would wait for its statements, of which one of ours may be a night's
    work, and psycopg would leave a session with which nothing can be written any more, the run's end least of all.
    """

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.code = 128 + signal  # by which shells know what ended a command
        _heard.append(self)


@contextmanager
def understood_as_an_end() -> Iterator[None]:
    """Has Prefect raise SIGTERM so that everybody understands it.

    Prefect's handler itself stays: with another in its place a run that is cancelled would be recorded as crashed.
    """
    engine.TerminationSignal = ToldToEnd  # type: ignore[attr-defined]
    try:
        yield
    finally:
        engine.TerminationSignal = TerminationSignal  # type: ignore[attr-defined]


@contextmanager
def told_to_dbt() -> Iterator[None]:
    """Raises afterwards what ended dbt: of Prefect's runner's errors nobody can tell it from a fault of the project."""
    _heard.clear()
    before = signal.getsignal(signal.SIGINT)

    def hear(number: int, frame: FrameType | None) -> None:
        try:
            before(number, frame)  # type: ignore[operator, misc]
        except BaseException as end:
            _heard.append(end)
            raise

    is_heard = callable(before) and threading.current_thread() is threading.main_thread()
    try:
        if is_heard:
            signal.signal(signal.SIGINT, hear)
        yield
    finally:
        if is_heard:
            signal.signal(signal.SIGINT, before)
        if _heard:
            raise _heard[0]
