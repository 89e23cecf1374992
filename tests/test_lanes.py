"""Lanes: the same rows in the end, whatever becomes of a lane's process; none is left behind."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import TaskRunFilter
from world import OLD, YOUNG, World

from flows.errors import BadConfiguration
from flows.lanes import Lane, check_lanes, open_lanes, start_lane


def emptied(world: World, environment_id: int = 1) -> int:
    count = "select count(*) as n from platform.messages where content = '' and environment_id = %s"
    return int(world.one(count, environment_id)["n"])


def test_lanes_share_the_messages_and_leave_what_one_lane_leaves(world: World) -> None:
    world.environment(2)
    for number in range(60):
        writer = world.user() if number % 10 == 0 else None  # a lane takes 256 neighbours
        message = world.message(writer, OLD, 1 + number % 2, message_id=256 * number)
        world.attachment(message, f"key/{number}", environment_id=1 + number % 2)
        world.put(f"key/{number}")
    living = world.message(None, YOUNG)
    summary = world.run(lanes=3)
    assert (summary.outcome, summary.left) == ("done", [])
    assert emptied(world, 1) == emptied(world, 2) == 30
    assert world.get("messages", living)["content"] != ""
    assert world.keys() == set()
    by_lane = world.rows(
        "select lane, sum(anonymized)::integer as done, sum(left_over)::integer as left_over from retention.run_lines"
        " where kind = 'messages' group by lane order by lane"
    )
    assert by_lane == [{"lane": lane, "done": 20, "left_over": 0} for lane in range(3)]
    lines = {line["environment_id"]: line for line in summary.lines if line["kind"] == "messages"}
    assert [(line["due"], line["anonymized"], line["files_purged"]) for line in lines.values()] == [(30, 30, 30)] * 2
    assert world.run(approve_all=False).outcome == "done", "the brake compares with all lanes"


def old_messages(world: World, count: int) -> None:
    world.connection.execute(
        "insert into platform.messages select coalesce((select max(message_id) from platform.messages), 0) + n, 1, 1, null,"
        " 'outbound', 'private', 'twitter', 'x', 'x', 'x', %s, %s from generate_series(1, %s) as n",
        (OLD, OLD, count),
    )


def test_what_a_person_released_is_worked_to_its_end_in_every_lane(world: World) -> None:
    old_messages(world, 2500)
    assert world.run(approve_all=False).outcome == "held back"
    assert world.command("approve", "1", "--yes").returncode == 0
    summary = world.run(approve_all=False, lanes=2)
    assert (summary.outcome, summary.left, emptied(world)) == ("done", [], 2500)


def test_t48_lanes_share_what_may_go_unjudged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backdated import that arrives once the brake has looked: two lanes take no more of it than one."""
    world.run()
    old_messages(world, 40)

    def import_meanwhile(*arguments: Any) -> int:
        old_messages(world, 5000)
        return open_lanes(*arguments)

    monkeypatch.setattr("flows.steps.open_lanes", import_meanwhile)
    summary = world.run(approve_all=False, lanes=2)
    assert summary.outcome == "partly done"
    assert 40 <= emptied(world) <= 40 + 1000 + 500, "one batch of the other lane may have been under way"


def test_little_that_is_due_is_worked_in_one_lane(world: World) -> None:
    world.message(None, OLD)
    world.run()
    assert {row["lane"] for row in world.rows("select lane from retention.run_lines")} == {0}


@pytest.mark.parametrize("lanes", [0, -1, 65])
def test_a_number_of_lanes_that_cannot_be_meant_is_refused(lanes: int) -> None:
    with pytest.raises(BadConfiguration, match=f"--lanes: expected a whole number from 1 to 64, found {lanes}"):
        check_lanes(lanes)


# Their processes


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Lane]]:
    """The further lanes that a run started; each has ended with it."""
    lanes: list[Lane] = []

    def start(*arguments: Any) -> Lane:
        lanes.append(start_lane(*arguments))
        return lanes[-1]

    monkeypatch.setattr("flows.acting.start_lane", start)
    yield lanes
    assert [lane.number for lane in lanes if lane.process.returncode is None] == []


def messages_of_two_lanes(world: World) -> None:
    for lane in range(2):
        world.message(None, OLD, message_id=256 * (2 + lane))


def is_shown(task: str, state: str) -> bool:
    """Whether Prefect shows a task that ended so, once its server has recorded it."""
    deadline = time.monotonic() + 60
    with get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            found = client.read_task_runs(task_run_filter=TaskRunFilter(name={"any_": [task]}))
            if state in {run.state_name for run in found}:
                return True
            time.sleep(0.2)
    return False


def test_a_lane_that_dies_leaves_its_share_and_the_run_says_so(
    world: World, started: list[Lane], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages_of_two_lanes(world)
    let_begin = Lane.let_begin

    def kill_and_let_begin(lane: Lane, lanes: int) -> None:
        lane.process.kill()
        let_begin(lane, lanes)

    with monkeypatch.context() as patch:
        patch.setattr(Lane, "let_begin", kill_and_let_begin)
        summary = world.run(lanes=2)
    assert (summary.outcome, emptied(world)) == ("failed", 1)
    assert "anonymizing stopped in lane 1;" in summary.left[0]
    assert is_shown("lane 1", "Failed")
    assert world.run().outcome == "done"
    assert emptied(world) == 2


@pytest.mark.parametrize("arguments", [{"lanes": 3}, {"lanes": 2, "dry_run": True}])
def test_lanes_that_nothing_is_due_for_have_no_process(
    world: World, started: list[Lane], arguments: dict[str, Any]
) -> None:
    world.message(None, OLD)
    world.run(**arguments)
    assert emptied(world) == (0 if "dry_run" in arguments else 1)
    assert {row["lane"] for row in world.rows("select lane from retention.run_lines")} == {0}


def test_a_run_that_is_refused_leaves_no_lane_behind(world: World, started: list[Lane]) -> None:
    world.connection.execute("alter table platform.messages add column private_note text")
    with pytest.raises(BadConfiguration, match="private_note"):
        world.run(lanes=3)
    assert [lane.number for lane in started] == [1, 2]


def test_a_lane_ends_whose_run_is_gone_before_it_was_let_begin(world: World) -> None:
    from flows.settings import read_settings

    world.message(None, OLD)
    lane = start_lane(read_settings(world.project_dir), {}, 1)
    assert lane.process.stdin
    lane.process.stdin.close()
    assert not lane.is_through()
    assert emptied(world) == 0
