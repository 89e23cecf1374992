"""Batches that lock nothing before they write: what changes between their look and their update is never lost nor destroyed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from batches import Batches
from conftest import MakeWorld
from halting import halted, lines
from preparing import applied, logged_in_as, missing
from world import YOUNG

pytestmark = pytest.mark.xdist_group("batches")

OLD = datetime(2020, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def test_m1_a_message_that_is_made_young_between_look_and_update_keeps_its_text(batches: Batches) -> None:
    world = batches.world
    message = world.message(None, OLD)
    world.put("its-file")
    attachment = world.attachment(message, "its-file")
    before = world.get("messages", message), world.get("attachments", attachment)
    make_young = "update platform.messages set created_at = %s where message_id = %s"
    with halted(batches, "update on platform.attachments", lambda other: other.execute(make_young, [YOUNG, message])):
        batches.whole_night()
    assert world.get("messages", message) == {**before[0], "created_at": YOUNG}
    assert world.get("attachments", attachment) == before[1]
    assert world.keys("files") == {"its-file"}
    assert lines(batches)["1"] == (0, 0)


def test_m4_a_file_whose_key_changes_between_look_and_update_is_purged_by_its_new_key(batches: Batches) -> None:
    world = batches.world
    message = world.message(None, OLD)
    attachment = world.attachment(message, "old-key")
    for key in ("old-key", "new-key"):
        world.put(key)
    change_key = "update platform.attachments set object_key = 'new-key' where attachment_id = %s"
    with halted(batches, "insert on retention.file_queue", lambda other: other.execute(change_key, [attachment])):
        batches.whole_night()
    assert world.get("attachments", attachment)["object_key"] == ""
    assert world.get("messages", message)["content"] == ""
    assert world.keys("files") == {"old-key"}, "nothing names it any more: the platform let go of it"
    assert lines(batches)["1"] == (1, 0)


def test_m6_an_attachment_that_comes_between_look_and_update_goes_the_same_night(batches: Batches) -> None:
    world = batches.world
    message = world.message(None, OLD)
    world.attachment(message, "")
    world.put("late-file")
    add = "insert into platform.attachments values (78, 1, %s, 'files', 'late-file', 'n', 't', 1, now())"
    with halted(batches, "update on platform.attachments", lambda other: other.execute(add, [message])):
        batches.whole_night()
    assert world.get("attachments", 78)["object_key"] == ""
    assert world.keys("files") == set()


@pytest.mark.parametrize("acts", ["before", "after"])
def test_m6_an_attachment_that_a_trigger_adds_as_its_message_is_emptied_goes_the_same_night(
    batches: Batches, acts: str
) -> None:
    """Nobody else is at work: the server's snapshot stays the same."""
    world = batches.world
    message = world.message(None, OLD)
    world.put("added-file")
    world.connection.execute(
        f"""
        create function public.add_file() returns trigger language plpgsql as $add$
        begin
            insert into platform.attachments values (78, 1, new.message_id, 'files', 'added-file', 'n', 't', 1, '2020-01-01');
            return new;
        end $add$;
        create trigger add_file {acts} update on platform.messages for each row execute function public.add_file()
        """
    )
    try:
        batches.whole_night()
    finally:
        world.connection.execute("drop function public.add_file cascade")
    assert world.get("messages", message)["content"] == ""
    assert world.get("attachments", 78)["object_key"] == ""
    assert world.keys("files") == set()


@pytest.mark.parametrize("environments", [1, 3])
def test_t17_what_somebody_holds_is_left_and_counted_wherever_it_lies(batches: Batches, environments: int) -> None:
    """The first, one in the middle and the last, in lines one by one and in batches over three environments."""
    world = batches.world
    for environment in range(2, environments + 1):
        world.environment(environment)
    made = [world.message(None, OLD + number * DAY, 1 + number % environments) for number in range(18)]
    held = [made[0], made[7], made[17]]
    with psycopg.connect() as somebody, batches.night() as (_, run_id):
        somebody.execute("select 1 from platform.messages where message_id = any(%s) for key share", [held])
        somebody.execute("select 1 from platform.messages where message_id = %s for update", [made[7]])
        batches.anonymize(run_id)
        free = [row["message_id"] for row in world.rows("select message_id from platform.messages where content = ''")]
    assert made[7] not in free
    assert set(made) - set(held) <= set(free)
    assert sum(left for _, left in lines(batches).values()) == len(made) - len(free)
    batches.whole_night()
    assert not world.rows("select 1 from platform.messages where content <> ''")


def test_t17_a_line_that_was_not_among_those_worked_together_is_worked_from_its_beginning(batches: Batches) -> None:
    """What several environments did together says nothing of one that was not among them."""
    world = batches.world
    for environment in (2, 3):
        world.environment(environment)
    made = [world.message(None, OLD + number * DAY, 1 + number % 2) for number in range(12)]
    third = world.message(None, OLD + 3 * DAY, 3)
    with batches.night() as (_, run_id):
        world.connection.execute(
            "update retention.run_lines set due = 0 where environment_id = '3' and kind = 'messages' and run_id = %s",
            [run_id],
        )
        batches.anonymize(run_id)
    assert lines(batches) == {"1": (6, 0), "2": (6, 0), "3": (1, 0)}
    assert {world.get("messages", number)["content"] for number in [*made, third]} == {""}


def test_t21_messages_that_a_trigger_touches_with_their_attachments_go_too(batches: Batches) -> None:
    """The platform's own trigger makes each message another than was seen: every batch at once is undone, and locks."""
    world = batches.world
    made = [world.message(None, OLD + number * DAY) for number in range(25)]
    for message in made:
        world.put(f"file/{message}")
        world.attachment(message, f"file/{message}")
    world.connection.execute(
        """
        create function public.touch() returns trigger language plpgsql as $touch$
        begin
            update platform.messages set visibility = visibility where message_id = new.message_id;
            return new;
        end $touch$;
        create trigger touch after update on platform.attachments for each row execute function public.touch()
        """
    )
    try:
        batches.whole_night()
    finally:
        world.connection.execute("drop function public.touch cascade")
    assert lines(batches)["1"] == (25, 0)
    assert {world.get("messages", message)["content"] for message in made} == {""}
    assert world.keys("files") == set()


@pytest.mark.parametrize("may_see_writers", [True, False])
def test_a_role_that_may_not_see_who_wrote_a_row_last_locks_first(
    make_world: MakeWorld, prefect_server: str, tmp_path: Path, may_see_writers: bool
) -> None:
    """As after an upgrade, until `prepare` was called: a row that a writer refers to is then left until it has ended."""
    assert prefect_server
    with make_world(tmp_path) as world:
        world.environment(1)
        message = world.message(None, OLD)
        applied(missing(world))
        if not may_see_writers:
            world.connection.execute("revoke select (xmin) on platform.messages from retention_runner")
            assert [step.statement for step in missing(world)] == [
                "grant select (xmin) on platform.messages to retention_runner"
            ]
        with psycopg.connect() as somebody, logged_in_as("retention_runner"):
            somebody.execute("select 1 from platform.messages where message_id = %s for key share", [message])
            summary = world.run()
        writes_at_once = may_see_writers and world.connection.info.server_version >= 180000
        assert (world.get("messages", message)["content"] == "") == writes_at_once
        assert any("still due" in sentence for sentence in summary.left) != writes_at_once
