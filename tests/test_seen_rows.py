"""Whoever changed a row since a batch looked at it, however they did it: the row is not as it was seen, and is judged anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from batches import Batches, rendered
from halting import halted, lines
from world import YOUNG

pytestmark = pytest.mark.xdist_group("batches")

OLD = datetime(2020, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MAKE_YOUNG = "update platform.messages set created_at = %s where message_id = %s"


@contextmanager
def made_young(batches: Batches) -> Iterator[int]:
    """A due message with an attachment, to be made young within: nothing else of both has changed afterwards."""
    world = batches.world
    message = world.message(None, OLD)
    attachment = world.attachment(message, "")
    before = world.get("messages", message), world.get("attachments", attachment)
    yield message
    assert world.get("messages", message) == {**before[0], "created_at": YOUNG}
    assert world.get("attachments", attachment) == before[1]
    assert lines(batches)["1"] == (0, 0)


def test_m1_a_message_made_young_after_a_million_other_transactions_keeps_its_text(batches: Batches) -> None:
    """A busy platform begins as many while a long look is under way."""

    def change(somebody: "psycopg.Connection[Any]") -> None:
        somebody.execute(
            "do $$ begin for _ in 1 .. 1000100 loop perform pg_current_xact_id(); commit; end loop; end $$"
        )
        somebody.execute(MAKE_YOUNG, [YOUNG, message])

    with made_young(batches) as message, halted(batches, "update on platform.attachments", change):
        batches.whole_night()


def test_m1_a_message_made_young_under_a_savepoint_before_the_look_keeps_its_text(batches: Batches) -> None:
    """The writer was at work when the batch looked; its savepoint's number is younger than its own."""
    with made_young(batches) as message, psycopg.connect() as writer:
        writer.execute("savepoint within")
        writer.execute(MAKE_YOUNG, [YOUNG, message])
        writer.execute("release within")
        with halted(batches, "update on platform.attachments", lambda _: writer.commit()):
            batches.whole_night()


def test_m1_an_attachment_that_moves_to_a_young_message_keeps_its_file(batches: Batches) -> None:
    world = batches.world
    old, young = world.message(None, OLD), world.message(None, YOUNG)
    attachment, other = world.attachment(old, "moves"), world.attachment(old, "stays")
    for key in ("moves", "stays"):
        world.put(key)
    before = world.get("attachments", attachment)
    move = "update platform.attachments set message_id = %s where attachment_id = %s"
    with halted(batches, "insert on retention.file_queue", lambda mover: mover.execute(move, [young, attachment])):
        batches.whole_night()
    assert world.get("attachments", attachment) == {**before, "message_id": young}
    assert world.get("attachments", other)["object_key"] == ""
    assert world.get("messages", old)["content"] == ""
    assert world.keys("files") == {"moves"}


@pytest.mark.parametrize("table", ["messages", "attachments"])
def test_what_the_platform_deletes_between_look_and_update_counts_as_nothing(batches: Batches, table: str) -> None:
    world = batches.world
    kept, deleted = world.message(None, OLD), world.message(None, OLD + DAY)
    world.attachment(kept, "")
    gone = world.attachment(deleted, "")
    key = deleted if table == "messages" else gone

    def change(somebody: "psycopg.Connection[Any]") -> None:
        if table == "messages":
            somebody.execute("delete from platform.attachments where attachment_id = %s", [gone])
        somebody.execute(f"delete from platform.{table} where {table[:-1]}_id = %s", [key])

    with halted(batches, "update on platform.attachments", change):
        batches.whole_night()
    assert world.get("messages", kept)["content"] == ""
    assert lines(batches)["1"] == ((1 if table == "messages" else 2), 0)


def test_a_row_that_fails_as_its_batch_is_committed_is_left_and_named_and_the_others_are_done(batches: Batches) -> None:
    """A constraint trigger that the platform deferred speaks only then."""
    world = batches.world
    made = [world.message(None, OLD + number * DAY) for number in range(7)]
    world.connection.execute(
        f"""
        create function public.refuse() returns trigger language plpgsql as $refuse$
        begin
            if new.message_id = {made[4]} then
                raise exception using errcode = 'check_violation', message = 'never';
            end if;
            return null;
        end $refuse$;
        create constraint trigger refuse after update on platform.messages
        initially deferred for each row execute function public.refuse()
        """
    )
    try:
        batches.whole_night()
    finally:
        world.connection.execute("drop function public.refuse cascade")
    left = {message for message in made if world.get("messages", message)["content"] != ""}
    assert left == {made[4]}
    assert lines(batches)["1"] == (6, 1)


@pytest.mark.parametrize(
    ("trigger_on", "table", "column"),
    [
        ("messages", "messages", "content"),
        ("attachments", "attachments", "file_name"),
        ("attachments", "messages", "content"),
    ],
)
def test_a_value_that_is_put_back_as_its_batch_is_committed_undoes_it(
    batches: Batches, trigger_on: str, table: str, column: str
) -> None:
    """By a trigger that the platform deferred: its row is left as it was, and named; the others are done."""
    world = batches.world
    made = [world.message(None, OLD + number * DAY) for number in range(5)]
    files = [world.attachment(message, "") for message in made]
    stubborn = (made if table == "messages" else files)[2]
    before = world.get(table, stubborn)
    world.connection.execute(
        f"""
        create function public.put_back() returns trigger language plpgsql as $back$
        begin
            if new.message_id = {made[2]} then
                update platform.{table} set {column} = 'again' where {table[:-1]}_id = {stubborn} and {column} = '';
            end if;
            return null;
        end $back$;
        create constraint trigger put_back after update on platform.{trigger_on}
        initially deferred for each row execute function public.put_back()
        """
    )
    try:
        batches.whole_night()
    finally:
        world.connection.execute("drop function public.put_back cascade")
    assert world.get(table, stubborn) == before
    assert [world.get("messages", message)["content"] == "" for message in made] == [True, True, False, True, True]
    query = (
        "select failure from retention.run_lines where kind = 'messages' and left_over = 1 order by run_id desc limit 1"
    )
    assert world.one(query)["failure"] == f"{table} were updated and not emptied: look for a trigger of the platform"


def writes_at_once(batches: Batches) -> bool:
    """Whether batches of messages may, as the database at hand is."""
    macro = "retention.may_write_at_once(retention.mapped_table('messages'), thin)"
    template = f"{{% set thin = ref('platform_messages') %}}{{{{ {macro} if execute }}}}"
    (answer,) = rendered(batches.world, batches.as_of, [template])
    return answer.strip() == "True"


@pytest.mark.parametrize("view", ["messages", "attachments"])
def test_a_kind_of_which_a_thin_view_keeps_rows_locks_first(batches: Batches, view: str) -> None:
    """What keeps a row is often written with a reference to it, which waits for a lock and for nothing less."""
    world = batches.world
    assert writes_at_once(batches) == (world.connection.info.server_version >= 180000)
    thin = f"retention.platform_{view}"
    with world.executed(
        f"alter view {thin} rename to as_it_was; create view {thin} as select *, false as is_kept from retention.as_it_was",
        f"drop view {thin}; alter view retention.as_it_was rename to platform_{view}",
    ):
        assert not writes_at_once(batches)


@pytest.mark.parametrize("table", ["messages", "attachments"])
def test_a_kind_whose_rows_are_kept_elsewhere_locks_first(batches: Batches, table: str) -> None:
    """Of a foreign table, a partition among others or all there is, nobody tells which transaction wrote a row last."""
    world = batches.world
    world.connection.execute(
        "create foreign data wrapper elsewhere; create server elsewhere foreign data wrapper elsewhere"
    )
    with world.executed(
        f"create foreign table public.older () inherits (platform.{table}) server elsewhere",
        "drop foreign data wrapper elsewhere cascade",
    ):
        assert not writes_at_once(batches)
