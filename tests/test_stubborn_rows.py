"""Rows that can't be emptied: the others have their turn, the run ends, and it says what stood in the way."""

from datetime import UTC, datetime, timedelta

import pytest
from batches import Batches
from test_concurrency import line
from world import World

pytestmark = pytest.mark.xdist_group("batches")

OLD = datetime(2020, 1, 1, tzinfo=UTC)


def _trigger(world: World, body: str, when: str = "before update") -> None:
    world.connection.execute(
        f"create function platform.meddle() returns trigger language plpgsql as $$ begin {body} end $$;"
        f"create trigger meddle {when} on platform.messages for each row execute function platform.meddle()"
    )


@pytest.fixture
def stubborn(batches: Batches) -> Batches:
    yield batches
    batches.world.connection.execute("drop function if exists platform.meddle() cascade")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("if old.message_id = 3 then return null; end if; return new;", id="suppresses the update"),
        pytest.param("if old.message_id = 3 then new.anonymized_on := null; end if; return new;", id="clears the marker"),
        pytest.param("if old.message_id = 3 then new.content := old.content; end if; return new;", id="puts a text back"),
    ],
)  # fmt: skip
def test_an_update_that_a_trigger_takes_back_ends_and_is_named(stubborn: Batches, body: str) -> None:
    """It would otherwise be found again and again, all night; or pass for done."""
    world = stubborn.world
    for number in range(8):
        world.message(None, OLD + timedelta(days=number))
    _trigger(world, body)
    with stubborn.night() as (_, run_id):
        stubborn.anonymize(run_id)
    found = line(stubborn, "messages")
    assert (found["anonymized"], found["left_over"]) == (7, 1)
    assert found["failure"] == "messages were updated and not emptied: look for a trigger of the platform"
    assert world.get("messages", 3)["content"] != ""


def test_rows_behind_many_that_fail_have_their_turn(stubborn: Batches) -> None:
    """The oldest thirty are refused, every night; the healthy ones behind them must not wait for ever."""
    world = stubborn.world
    for number in range(60):
        world.message(None, OLD + timedelta(days=number))
    _trigger(world, "if old.message_id <= 30 then raise exception 'no'; end if; return new;")
    with stubborn.night() as (_, run_id):
        stubborn.anonymize(run_id)
    found = line(stubborn, "messages")
    assert (found["anonymized"], found["left_over"]) == (30, 30)
    assert found["failure"] == "SQLSTATE P0001"
