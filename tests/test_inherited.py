"""Triggers of the platform on a table that inherits from the one whose rows are emptied."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from batches import Batches

pytestmark = pytest.mark.xdist_group("batches")

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ADD_FILE = (
    "insert into platform.attachments values (78, 1, new.message_id, 'files', 'added', 'n', 't', 1, '2020-01-01')"
)
PUT_BACK = """if pg_trigger_depth() = 1 then
    update platform.messages set content = old.content where message_id = new.message_id;
end if"""


@pytest.fixture
def inherited(batches: Batches) -> Iterator[Batches]:
    """A due message in a table that inherits from the platform's own."""
    world = batches.world
    world.connection.execute(
        """
        alter table platform.attachments drop constraint attachments_message_id_fkey;
        create table platform.old_messages () inherits (platform.messages)
        """
    )
    message = world.message(None, LONG_AGO)
    world.connection.execute(
        "with moved as (delete from only platform.messages where message_id = %s returning *)"
        " insert into platform.old_messages select * from moved",
        [message],
    )
    yield batches
    world.connection.execute("drop table platform.old_messages; drop function public.act cascade")
    batches.empty()
    world.connection.execute(
        "alter table platform.attachments add foreign key (message_id) references platform.messages"
    )


def act(batches: Batches, when: str, what: str) -> None:
    batches.world.connection.execute(
        "create function public.act() returns trigger language plpgsql as"
        f" $act$ begin {what}; return new; end $act$;"
        f" create trigger act {when} update on platform.old_messages for each row execute function public.act()"
    )


@pytest.mark.parametrize("when", ["before", "after"])
def test_m6_what_a_trigger_of_a_table_that_inherits_adds_goes_the_same_night(inherited: Batches, when: str) -> None:
    inherited.world.put("added")
    act(inherited, when, ADD_FILE)
    inherited.whole_night()
    assert inherited.world.get("attachments", 78)["object_key"] == ""
    assert inherited.world.keys("files") == set()


def test_t21_a_value_that_a_trigger_of_a_table_that_inherits_puts_back_undoes_the_batch(inherited: Batches) -> None:
    act(inherited, "after", PUT_BACK)
    (line, *_) = [line for line in inherited.whole_night() if line["kind"] == "messages"]
    assert (line["anonymized"], line["left_over"]) == (0, 1)
    assert inherited.world.one("select anonymized_on from platform.messages")["anonymized_on"] is None
