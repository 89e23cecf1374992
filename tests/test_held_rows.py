"""How long a batch holds rows: what it reads while it does, and what it leaves to those who hold them already."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from batches import Batches, rendered
from halting import lines
from world import World

pytestmark = pytest.mark.xdist_group("batches")

OLD = datetime(2020, 1, 1, tzinfo=UTC)
YOUNG = datetime(2026, 3, 1, tzinfo=UTC)

# What the session has read of a table so far is asked whenever the view's column is computed, and when rows are updated.
WATCH = """
create table public.read_so_far (batch xid8, is_locked boolean, rows bigint);
create function public.note(is_locked boolean) returns timestamptz language plpgsql as $note$
begin
    insert into public.read_so_far
    select pg_current_xact_id(), is_locked, sum(pg_stat_get_xact_tuples_returned(oid))
    from (
        select '{read}'::regclass::oid as oid
        union all
        select indexrelid from pg_index where indrelid = '{read}'::regclass
    ) as read;
    return null;
end $note$;
create function public.note_update() returns trigger language plpgsql as $note$
begin
    perform public.note(true);
    return null;
end $note$;
create function public.holds_a_row() returns boolean language sql volatile as $holds$
    select exists (select 1 from {table} where {key} < 10000 and xmax <> '0' and anonymized_on is null)
$holds$;
create trigger note_update before update on {table} for each statement execute function public.note_update();
"""


@contextmanager
def watched(world: World, table: str, key: str, item: str, name: str, read: str) -> Iterator[None]:
    """Notes for each batch how much it has read of `read` since it holds a row of `table` with a key below 10,000.

    `item` is what the thin view shows as the column `name`, and goes on to show.
    """
    view = f"retention.platform_{table}"
    shown = world.one(f"select pg_get_viewdef('{view}'::regclass) as sql")["sql"]
    noting = rf"case when public.note(public.holds_a_row()) is null then \1 end as {name}"
    watching, times = re.subn(rf"((?:\w+\.)?{item})(?: AS {name})?", noting, shown)
    assert times == 1
    statement = WATCH.format(table=f"platform.{table}", key=key, read=f"platform.{read}")
    world.connection.execute(statement.encode())
    world.connection.execute(f"create or replace view {view} as {watching}".encode())
    try:
        yield
    finally:
        world.connection.execute(f"create or replace view {view} as {shown}".encode())
        world.connection.execute(
            "drop function public.note_update cascade; drop function public.note, public.holds_a_row;"
            " drop table public.read_so_far"
        )


def read_while_held(world: World) -> int:
    """The most rows that one batch read from when it held a row until it updated them."""
    return int(
        world.one(
            "select max(rows) as most from (select max(rows) - min(rows) as rows from public.read_so_far"
            " where is_locked group by batch) as held"
        )["most"]
    )


@pytest.mark.parametrize("messages_in_statistics", ["as they are", "all of one user"])
def test_u3_while_users_are_held_nothing_is_read_but_their_own_messages(
    batches: Batches, messages_in_statistics: str
) -> None:
    """Fifteen are due and 3,000 write: whoever wants one of the fifteen waits neither for a search among all, nor for a
    reading of all messages, to which statistics lead that were made when a single user wrote."""
    world = batches.world
    for _ in range(15):
        world.user(created_at=OLD)
    world.connection.execute(
        "insert into platform.users select n, 1, 'x', n, '', '', '{}', '', '', null, null, timestamptz '2020-02-01', null"
        " from generate_series(10001, 13000) as n"
    )
    world.connection.execute(
        "insert into platform.messages select n, 1, n, 10001, 'inbound', 'private', 'x', n, '', 'text', %s, %s"
        " from generate_series(10001, 30000) as n",
        [YOUNG, YOUNG],
    )
    world.connection.execute("analyze platform.users, platform.messages")
    world.connection.execute("update platform.messages set user_id = 10001 + message_id % 3000")
    if messages_in_statistics == "as they are":
        world.connection.execute("analyze platform.messages")
    with watched(world, "users", "user_id", "NULL::timestamp with time zone", "last_message_at", read="messages"):
        batches.whole_night()
        assert lines(batches, "users")["1"] == (15, 0)
        assert read_while_held(world) < 200


def test_m6_while_a_late_attachment_is_held_nothing_is_read_but_its_own_message(batches: Batches) -> None:
    """Two came late and 3,000 live: whoever wants one of the two does not wait for a search among all."""
    world = batches.world
    message = world.message(None, OLD)
    batches.whole_night()
    for number in range(2):
        world.attachment(message, f"late/{number}", created_at=OLD)
    world.connection.execute(
        "insert into platform.messages select n, 1, n, null, 'outbound', 'private', 'x', n, '', 'text', %s, %s"
        " from generate_series(10001, 13000) as n",
        [YOUNG, YOUNG],
    )
    world.connection.execute(
        "insert into platform.attachments select n, 1, n, 'files', 'key/' || n, '', '', 1, timestamptz '2020-02-01', null"
        " from generate_series(10001, 13000) as n"
    )
    world.connection.execute("analyze platform.messages, platform.attachments")
    with watched(world, "attachments", "attachment_id", "content_type", "content_type", read="messages"):
        batches.whole_night()
        assert lines(batches, "attachments")["1"] == (2, 0)
        assert read_while_held(world) < 200


def test_t17_users_of_one_instant_whom_somebody_holds_keep_neither_the_others_nor_the_run(batches: Batches) -> None:
    """More than a batch takes are held, and come first: the look goes on behind them, though at the same instant."""
    world = batches.world
    made = [world.user(created_at=OLD) for _ in range(12)]
    held, free = made[:7], made[7:]
    with psycopg.connect() as somebody, batches.night() as (_, run_id):
        somebody.execute("select 1 from platform.users where user_id = any(%s) for key share", [held])
        batches.anonymize(run_id, "anonymized_users")
        assert lines(batches, "users")["1"] == (5, 7)
    done = {number for number in made if world.get("users", number)["anonymized_on"] is not None}
    assert done == set(free)
    batches.whole_night()
    assert lines(batches, "users")["1"] == (7, 0)


MOVE = """
create table public.to_move as select %s::bigint as user_id;
create function public.moved(bigint) returns boolean language plpgsql volatile as $moved$
begin
    update platform.users set environment_id = 2
    where user_id = $1 and user_id in (select user_id from public.to_move) and environment_id = 1;
    return true;
end $moved$
"""


def test_u3_who_moves_to_another_environment_between_search_and_lock_is_judged_there(batches: Batches) -> None:
    """A longer period applies there; the search itself moves the user, as somebody else may meanwhile."""
    world = batches.world
    world.environment(2)
    world.connection.execute("insert into retention.retention_periods values ('2', '1200')")
    mover, other = world.user(created_at=OLD), world.user(created_at=OLD + timedelta(days=1))
    before = world.get("users", mover)
    world.connection.execute(MOVE % mover)  # type: ignore[arg-type]
    shown = world.one("select pg_get_viewdef('retention.platform_users'::regclass) as sql")["sql"].rstrip().rstrip(";")
    watching = f"create or replace view retention.platform_users as select * from ({shown}) as users where public.moved(user_id)"
    with batches.night() as (_, run_id):
        world.connection.execute(watching.encode())
        try:
            batches.anonymize(run_id, "anonymized_users")
        finally:
            world.connection.execute(f"create or replace view retention.platform_users as {shown}".encode())
            world.connection.execute("drop function public.moved; drop table public.to_move")
        assert lines(batches, "users")["1"] == (1, 0)
    assert world.get("users", mover) == {**before, "environment_id": 2}
    assert world.get("users", other)["anonymized_on"] is not None


def test_whether_an_index_leads_to_a_users_messages_is_asked_of_the_server(batches: Batches) -> None:
    """Without one, to judge users one by one would read all messages as often."""
    leads = "{{ retention.is_led_to(retention.thin_view('messages'), retention.mapped_table('users')) if execute }}"
    with batches.world.executed(
        "alter index platform.messages_user_idx rename to renamed_idx",
        "alter index platform.renamed_idx rename to messages_user_idx",
    ):
        assert rendered(batches.world, batches.as_of, [leads]) == ["True"]
    with batches.world.executed(
        "drop index platform.messages_user_idx",
        "create index messages_user_idx on platform.messages (user_id, created_at)",
    ):
        assert rendered(batches.world, batches.as_of, [leads]) == ["False"]
