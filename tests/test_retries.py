"""What Prefect does once more by itself, where it shows: what only looks or waits. What empties rows is never done again."""

import time
from typing import Any

import pytest
from outages import Front
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.runtime import flow_run
from world import OLD, World

from flows import steps
from flows.store import Store


def _attempts(run: str) -> dict[str, tuple[str, int]]:
    """How each task of a run ended, and how often it was begun, by its name."""
    with get_client(sync_client=True) as client:
        tasks = client.read_task_runs(flow_run_filter=FlowRunFilter(id={"any_": [run]}))
        return {task.name.rpartition("-")[0]: (task.state_name or "", task.run_count) for task in tasks}


def _recorded_attempts(run: str, expected: dict[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """The same of the tasks expected, once these are there.

    Prefect's server records states behind the run, and of several that reach it at once the last alone.
    """
    deadline = time.monotonic() + 60
    while True:
        found = {name: attempts for name, attempts in _attempts(run).items() if name in expected}
        if found == expected or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def test_a_store_that_comes_back_is_waited_for_and_that_shows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put("key")
    world.attachment(world.message(world.user(), OLD), "key")
    front = Front(world.environ["AWS_ENDPOINT_URL_S3"])
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", front.url)
    monkeypatch.setattr(steps.purge_queue, "retry_delay_seconds", 1)
    ask = Store.trouble
    answers: list[str | None] = []
    runs: list[str] = []

    def ask_and_let_it_come_back(store: Store) -> Any:
        runs.append(flow_run.id or "")
        answers.append(ask(store))
        front.come_back()
        return answers[-1]

    monkeypatch.setattr(Store, "trouble", ask_and_let_it_come_back)
    front.go_away(refuse=True)
    try:
        summary = world.run()
    finally:
        front.close()
    assert (summary.outcome, summary.left) == ("done", [])
    assert answers == ["EndpointConnectionError"], "the last attempt does not ask, it purges"
    assert world.keys() == set()
    expected = {"purge files": ("Completed", 2), "anonymize rows": ("Completed", 1)}
    assert _recorded_attempts(runs[0], expected) == expected


def test_only_what_waits_or_looks_is_done_again_whatever_prefects_default_is() -> None:
    """PREFECT_TASKS_DEFAULT_RETRIES holds for tasks that say nothing."""
    retried = {task.name for task in vars(steps).values() if hasattr(task, "retries") and task.retries}
    assert retried == {"purge files", "verify that nothing due is left"}
