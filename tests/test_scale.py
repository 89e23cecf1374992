"""Budget, pauses and progress: the same rows in the end, and a person who knows how far it is."""

from datetime import timedelta

import pytest
from batches import Batches
from world import LONG_AGO, OLD, World

from flows.budget import nights_left, read_budget
from flows.errors import BadConfiguration
from flows.progress import in_words, listening


def emptied(world: World, environment_id: int = 1) -> int:
    count = "select count(*) as n from platform.messages where content = '' and environment_id = %s"
    return int(world.one(count, environment_id)["n"])


# Budget


def test_a_budget_that_is_used_up_ends_the_run_as_partly_done_and_says_what_is_left(world: World) -> None:
    world.message(None, OLD)
    world.attachment(world.message(None, OLD), "key/1")
    world.put("key/1")
    before = world.bytes_of_platform()
    summary = world.run(budget="1s")  # which building the views takes
    assert (summary.outcome, summary.exit_code) == ("partly done", 3)
    assert "2 messages of environment 1 are still due: the budget was used up." in summary.left
    assert any("2 rows are left" in sentence for sentence in summary.left)
    assert world.bytes_of_platform() == before
    assert world.run(approve_all=False, budget="2h").outcome == "done", "what was left over is not held back"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2h", timedelta(hours=2)), ("90m", timedelta(minutes=90)), ("1h30m", timedelta(minutes=90)), ("45s", timedelta(seconds=45))],
)  # fmt: skip
def test_a_budget_is_read(text: str, expected: timedelta) -> None:
    assert read_budget(text) == expected


@pytest.mark.parametrize("text", ["", "2", "h", "0h", "-1h", "1.5h", "2 h", "2H", "1d", "30m1h", "٢h"])
def test_a_budget_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadConfiguration, match="--budget: expected a time such as 2h, 90m or 1h30m"):
        read_budget(text)


def line(anonymized: int, left_over: int | None, state: str = "open") -> dict[str, object]:
    return {"anonymized": anonymized, "left_over": left_over, "state": state}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line(10, 0)], None),
        ([line(3600, 7200), line(0, None, "held back")], "7,200 rows are left, 2 more nights like this one at 1 rows a second"),
        ([line(3600, 100)], "100 rows are left, 1 more night like this one at 1 rows a second"),
        ([line(0, 5)], "before a single row was done: 5 rows are left. Give it more time."),
    ],
)  # fmt: skip
def test_what_is_left_is_said_in_nights(lines: list[dict[str, object]], expected: str | None) -> None:
    said = nights_left(lines, timedelta(hours=1), timedelta(hours=1))
    assert said is None if expected is None else expected in str(said)


@pytest.mark.xdist_group("batches")
def test_the_oldest_are_worked_first(batches: Batches) -> None:
    world = batches.world
    world.environment(2)
    world.message(None, OLD, 1)
    world.message(None, LONG_AGO, 2)
    batches.whole_night()
    order = world.rows("select environment_id from platform.messages order by xmin::text::bigint")
    assert [row["environment_id"] for row in order] == [2, 1]


# Pauses


@pytest.mark.xdist_group("batches")
def test_a_database_that_is_behind_is_given_time_between_batches(batches: Batches) -> None:
    """A trigger makes each row take four times what a batch aims at: as long as the batches take, nothing is done."""
    world = batches.world
    for _ in range(4):
        world.message(None, OLD)
    world.connection.execute(
        "create function platform.dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(0.16); return new; end $$;"
        "create trigger dawdle before update on platform.messages for each row execute function platform.dawdle()"
    )
    try:
        batches.whole_night()
    finally:
        world.connection.execute("drop function platform.dawdle() cascade")
    worked = world.one("select seconds from retention.run_lines where kind = 'messages' order by run_id desc limit 1")
    assert emptied(world) == 4
    assert worked["seconds"] > (4 + 3) * 0.16


# Progress


def test_progress_is_told_in_words() -> None:
    counts = {"anonymized": 1000, "due": 4000, "files_purged": 7}
    assert in_words(counts, 10) == (
        "1,000 of 4,000 rows anonymized, 7 files purged, 100 rows a second, about 30 seconds left"
    )
    assert in_words(counts | {"due": 100_000}, 10).endswith("about 16 minutes left")
    assert in_words(counts | {"anonymized": 0}, 10) == "0 of 4,000 rows anonymized, 7 files purged"
    assert in_words(counts | {"due": 900}, 10) == "1,000 of 1,000 rows anonymized, 7 files purged"


def test_whoever_looks_on_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import progress

    monkeypatch.setattr(progress, "INTERVAL", 0.05)
    world.message(None, OLD)
    told: list[str] = []
    with listening(told.append):
        world.run()
    assert told
    assert all("rows anonymized" in sentence for sentence in told)
