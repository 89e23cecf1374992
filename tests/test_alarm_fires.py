"""W1: a run that hangs, or that nobody takes, is told of by Prefect itself, after the time that the automation waits."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.states import Completed, Running, Scheduled
from test_alarm import board_with_block

from flows.alarm import AUTOMATION, keep_alarm

pytestmark = pytest.mark.xdist_group("alarm fires")
WITHIN = timedelta(seconds=10)
PATIENCE = 120.0


@flow(name="a night")
def night() -> None:
    """Stands for the flow: Prefect knows it by the tag of its run."""


@pytest.fixture
def board(prefect_server: str) -> Iterator[list[dict[str, str]]]:
    assert prefect_server
    with board_with_block("watchers") as pinned, get_client(sync_client=True) as client:
        keep_alarm(WITHIN)
        yield pinned
        client.delete_automation(client.read_automations_by_name(AUTOMATION)[0].id)


@pytest.mark.timeout(200)
def test_w1_a_night_that_hangs_or_never_begins_is_told_and_one_that_ends_is_not(board: list[dict[str, str]]) -> None:
    due = datetime.now(UTC) - timedelta(minutes=1)
    with get_client(sync_client=True) as client:
        time.sleep(6)  # the server reads new automations every five seconds
        hangs, ends, unwatched = (
            client.create_flow_run(night, name=name, tags=tags)
            for name, tags in (("hangs", ["retention"]), ("ends", ["retention"]), ("unwatched", []))
        )
        for run in (hangs, ends, unwatched):
            client.set_flow_run_state(run.id, Running(), force=True)
        client.set_flow_run_state(ends.id, Completed(), force=True)
        never = client.create_flow_run(
            night, name="never begins", tags=["retention"], state=Scheduled(scheduled_time=due)
        )
        began = time.monotonic()
        while len(board) < 2 and time.monotonic() - began < PATIENCE:
            time.sleep(1)
        time.sleep(2)
        assert client.read_flow_run(never.id).state.type is StateType.SCHEDULED
    assert {told["title"] for told in board} == {AUTOMATION}
    assert sorted(told["text"].partition(" began or was due")[0] for told in board) == [
        "The run hangs", "The run never begins",
    ]  # fmt: skip
