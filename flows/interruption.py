"""SIGTERM and Ctrl-C while dbt is at work."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType


@contextmanager
def told_to_dbt() -> Iterator[None]:
    """Has dbt end its sessions at SIGTERM as it does at Ctrl-C, and raises afterwards what either would have raised.

    dbt knows Ctrl-C alone: after SIGTERM, of which Prefect makes an exception of its own, it waits until its statements
    have ended, and one of ours may be a night's work. And what Prefect's runner raises no longer tells an interrupt
    from a fault of the project.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []

    def interrupt(number: int, _: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    try:
        with ExitStack() as handlers:
            for number in (signal.SIGTERM, signal.SIGINT):
                if callable(before := signal.getsignal(number)):
                    handlers.callback(signal.signal, number, before)
                    signal.signal(number, interrupt)
            yield
    finally:
        if received:
            signal.raise_signal(received[0])
