"""Batches over many environments at once: the order of creation, each by its own cutoff, each with its own counts."""

from datetime import UTC, datetime, timedelta

import pytest
from batches import Batches
from world import YOUNG

pytestmark = pytest.mark.xdist_group("batches")

OLD = datetime(2020, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def three(batches: Batches) -> Batches:
    """Three environments; more is due than one batch takes, so that they are worked together."""
    batches.world.environment(2)
    batches.world.environment(3)
    return batches


def counts(batches: Batches, kind: str = "messages") -> dict[str, tuple[int, ...]]:
    rows = batches.world.rows(
        "select environment_id, due, anonymized, dependents, files_queued, left_over from retention.run_lines"
        " where run_id = (select max(run_id) from retention.runs) and kind = %s and due > 0 order by 1",
        kind,
    )
    return {row.pop("environment_id"): tuple(row.values()) for row in rows}


def left(batches: Batches) -> list[int]:
    return [
        row["message_id"]
        for row in batches.world.rows("select message_id from platform.messages where content <> '' order by 1")
    ]


def test_rows_of_many_environments_go_in_the_order_of_their_creation(three: Batches) -> None:
    world = three.world
    made = [world.message(None, OLD + number * DAY, 1 + number % 3) for number in range(12)]
    three.whole_night()
    worked = world.rows("select message_id from platform.messages order by xmin::text::bigint, created_at")
    assert [row["message_id"] for row in worked] == made
    assert counts(three) == {str(number): (4, 4, 0, 0, 0) for number in (1, 2, 3)}


def test_m1_each_environment_is_worked_by_its_own_cutoff(three: Batches) -> None:
    """The same instants are due in one environment and not in another."""
    world = three.world
    world.connection.execute("insert into retention.retention_periods values ('2', '120')")
    made = {number: [world.message(None, OLD + number * DAY, env) for env in (1, 2, 3)] for number in range(6)}
    three.whole_night()
    assert left(three) == [messages[1] for messages in made.values()]
    assert counts(three) == {"1": (6, 6, 0, 0, 0), "3": (6, 6, 0, 0, 0)}


def test_u2_dependents_and_files_count_with_the_environment_of_their_owner(three: Batches) -> None:
    world = three.world
    for number in range(9):
        environment = 1 + number % 3
        message = world.message(None, OLD + number * DAY, environment)
        for file in range(environment):
            world.attachment(message, f"key/{number}/{file}", environment_id=environment)
    three.whole_night()
    assert counts(three) == {"1": (3, 3, 3, 3, 0), "2": (3, 3, 6, 6, 0), "3": (3, 3, 9, 9, 0)}
    queued = world.rows("select environment_id, count(*) as n from retention.file_queue group by 1 order by 1")
    purged = world.rows(
        "select environment_id, files_purged as n from retention.run_lines"
        " where run_id = (select max(run_id) from retention.runs) and files_purged > 0 order by 1"
    )
    assert queued == []
    assert [(row["environment_id"], row["n"]) for row in purged] == [("1", 3), ("2", 6), ("3", 9)]


def test_an_environment_that_fails_stops_no_other(three: Batches) -> None:
    world = three.world
    for number in range(30):
        world.message(None, OLD + number * DAY, 1 + number % 3)
    living = world.message(None, YOUNG)
    world.connection.execute(
        "create function platform.refuse() returns trigger language plpgsql as $$ begin"
        " if new.environment_id = 2 then raise exception 'no' using errcode = 'P0077'; end if; return new; end $$;"
        "create trigger refuse before update on platform.messages for each row execute function platform.refuse()"
    )
    try:
        lines = {line["environment_id"]: line for line in three.whole_night() if line["kind"] == "messages"}
    finally:
        world.connection.execute("drop function platform.refuse() cascade")
    assert counts(three) == {"1": (10, 10, 0, 0, 0), "2": (10, 0, 0, 0, 10), "3": (10, 10, 0, 0, 0)}
    assert (lines["1"]["failure"], lines["2"]["failure"]) == (None, "SQLSTATE P0077")
    assert living in left(three)
    three.whole_night()
    assert left(three) == [living]


@pytest.mark.parametrize(
    "instants",
    [
        pytest.param([OLD.isoformat()] * 20, id="all at one instant"),
        pytest.param(["-infinity", "0044-03-15 BC", "1000-01-01", "1500-06-01", *["2020-01-01"] * 8, "2023-12-31"], id="centuries apart"),
        pytest.param([(OLD + timedelta(microseconds=n)).isoformat() for n in range(20)], id="a microsecond apart"),
    ],
)  # fmt: skip
def test_instants_near_and_far_all_go(three: Batches, instants: list[str]) -> None:
    for number, instant in enumerate(instants):
        message = three.world.message(None, OLD, 1 + number % 3)
        three.world.connection.execute(
            "update platform.messages set created_at = %s where message_id = %s", (instant, message)
        )
    three.whole_night()
    assert left(three) == []


def test_windows_read_what_is_due_not_what_is_stored(three: Batches) -> None:
    """One environment keeps for ten years what is long due in the others: its 20,000 rows are left unread."""
    connection = three.world.connection
    connection.execute("insert into retention.retention_periods values ('2', '120')")
    connection.execute(
        "create index if not exists messages_living_idx on platform.messages (environment_id, created_at)"
        " where anonymized_on is null"
    )
    connection.execute(
        "insert into platform.messages select n, 2, n, null, 'inbound', 'private', 'x', n, '', 'text', at, at"
        " from (select n, timestamptz '2020-01-01' + n * interval '1 minute' as at from generate_series(1, 20000) as n) as dated"
    )
    for number in range(30):
        three.world.message(None, OLD + number * DAY, 1 + 2 * (number % 2))
    connection.execute("vacuum analyze platform.messages")
    counted = "select seq_tup_read + idx_tup_fetch as rows from pg_stat_user_tables where relid = 'platform.messages'::regclass"
    with three.night() as (_, run_id):
        before = three.world.one(counted)["rows"]
        three.anonymize(run_id, "anonymized_messages")
        read = three.world.one(counted)["rows"] - before
    assert len(left(three)) == 20000
    assert read < 2000


def test_more_environments_than_are_worked_together_all_have_their_turn(batches: Batches) -> None:
    world = batches.world
    for number in range(2, 105):
        world.environment(number)
    for number in range(1, 105):
        world.message(None, OLD + number * DAY, number)
    batches.whole_night()
    assert left(batches) == []
    assert set(counts(batches).values()) == {(1, 1, 0, 0, 0)}


def test_m3_random_identifiers_of_one_batch_begin_alike_and_no_two_are_the_same(three: Batches) -> None:
    for number in range(60):
        three.world.message(None, OLD + number * DAY, 1 + number % 3)
    three.whole_night()
    found = three.world.rows("select xmin::text as batch, network_id from platform.messages")
    begins: dict[str, set[str]] = {}
    for row in found:
        begins.setdefault(row["batch"], set()).add(row["network_id"][:19])
    assert all(len(beginnings) == 1 for beginnings in begins.values())
    assert len(set.union(*begins.values())) == len(begins) > 10
    assert len({row["network_id"][19:] for row in found}) == len(found)
