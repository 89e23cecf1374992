"""Threads at work together, for which nobody waits who was told to end: one may wait for a store that never answers."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def workers(count: int, name: str = "") -> Iterator[Executor]:
    """As many threads; what is within ends once they are done with their work, unless a signal ends it."""
    pool = ThreadPoolExecutor(count, thread_name_prefix=name)
    try:
        yield pool
    except BaseException as error:
        is_told = not isinstance(error, Exception)
        pool.shutdown(wait=not is_told, cancel_futures=is_told)
        raise
    pool.shutdown()
