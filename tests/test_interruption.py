"""How what ends a run reaches those who work for it, and that nobody's way with signals is changed by it."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any

import pytest
from prefect.exceptions import TerminationSignal
from prefect.utilities.engine import capture_sigterm, is_prefect_sigterm_handler_installed

from flows.account import stopped_by
from flows.interruption import ToldToEnd, told_to_dbt, understood_as_an_end
from flows.workers import workers


@contextmanager
def handling(number: int, handler: Any) -> Iterator[None]:
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


def own(*_: object) -> None:
    """A handler that ends nothing."""


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN, signal.SIG_DFL, own])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_has_its_own_handlers_again_once_dbt_is_done(number: int, handler: Callable[..., object]) -> None:
    with handling(number, handler):
        with told_to_dbt(), told_to_dbt():
            pass
        assert signal.getsignal(number) is handler


def test_an_interrupt_that_dbt_swallows_ends_the_run_all_the_same() -> None:
    with pytest.raises(KeyboardInterrupt), handling(signal.SIGINT, signal.default_int_handler), told_to_dbt():
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise ValueError  # as Prefect's runner does, of whatever ended dbt


@pytest.mark.parametrize("handler", [signal.SIG_IGN, own])
def test_a_process_that_does_not_end_at_an_interrupt_still_does_not(handler: Callable[..., object]) -> None:
    with handling(signal.SIGINT, handler), told_to_dbt():
        signal.raise_signal(signal.SIGINT)


def test_a_run_in_a_thread_leaves_the_process_s_handlers_alone() -> None:
    before = signal.getsignal(signal.SIGINT)

    def work() -> object:
        with understood_as_an_end(), told_to_dbt():
            return signal.getsignal(signal.SIGINT)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result() is before


def test_sigterm_is_of_the_kind_that_dbt_and_psycopg_understand_and_prefect_still_hears_of_a_cancellation() -> None:
    """Prefect asks whether the handler is its own before it tells a run that it is cancelled, not dying."""
    with pytest.raises(ToldToEnd) as told, handling(signal.SIGTERM, own), capture_sigterm(), understood_as_an_end():
        with told_to_dbt():
            assert is_prefect_sigterm_handler_installed()
            with suppress(SystemExit):
                signal.raise_signal(signal.SIGTERM)
        pytest.fail("the run went on")
    assert isinstance(told.value, TerminationSignal)
    assert told.value.code == 143
    assert stopped_by(told.value).left == ["stopped by SIGTERM."]
    with pytest.raises(TerminationSignal) as other, handling(signal.SIGTERM, own), capture_sigterm():
        signal.raise_signal(signal.SIGTERM)
    assert not isinstance(other.value, ToldToEnd)


def test_who_is_told_to_end_waits_for_no_thread_and_whose_work_fails_waits_for_all() -> None:
    never, begun, done = Event(), Event(), []

    def wait() -> None:
        begun.set()
        never.wait(60)
        done.append(1)

    with pytest.raises(KeyboardInterrupt), workers(1) as pool:
        pool.submit(wait)
        pool.submit(done.append, 2)
        begun.wait(60)
        raise KeyboardInterrupt
    assert done == []
    never.set()
    with pytest.raises(ValueError, match="fails"), workers(1) as pool:
        pool.submit(wait)
        raise ValueError("fails")
    assert sorted(set(done)) == [1]
