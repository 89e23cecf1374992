"""A platform of many users: who falls due is looked up by what was remembered, and is the same as among all."""

import json
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from conftest import MakeWorld, connect
from preparing import applied, missing
from roles import ANALYST, refusal
from world import LONG_AGO, NOW, OLD, YOUNG, World

import flows.activity
from flows.prepare import Part

pytestmark = pytest.mark.xdist_group("activity")

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def many(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    """A platform that counts as one of many users, after its first night."""
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("many"), "many") as world, pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows.activity, "FEWEST_USERS", 1)
        world.bucket("files")
        world.environment(1)
        world.environment(2, 1)
        world.message(world.user(), YOUNG)
        assert world.run().outcome == "done"
        yield world


def anonymized(world: World) -> set[int]:
    rows = world.rows("select user_id from platform.users where anonymized_on is not null")
    return {row["user_id"] for row in rows}


def uses_what_it_remembers(world: World) -> bool:
    view = world.one("select pg_get_viewdef('retention.brake_verdicts'::regclass) as text")["text"]
    return "user_activity" in view and "late_since" in view


def test_u1_who_falls_due_is_found_by_what_was_remembered(many: World) -> None:
    """One who wrote long ago, one who never wrote, one whose environment keeps data for a month; and each one's opposite."""
    gone = [many.user(), many.user(), many.user(2, YOUNG - 60 * DAY)]
    many.message(gone[0], OLD)
    stay = [many.user(), many.user(created_at=YOUNG), many.user(2, NOW - 5 * DAY), many.user(created_at=NOW)]
    many.message(stay[0], OLD)
    many.message(stay[0], NOW - DAY)
    many.message(stay[3], OLD)  # imported later than it was created, and its author writes
    many.message(stay[3], NOW)
    many.connection.execute("update retention.activity_state set swept_at = now() - interval '8 days'")
    summary = many.run()
    assert (summary.outcome, summary.left) == ("done", [])
    assert uses_what_it_remembers(many)
    assert anonymized(many) >= set(gone)
    assert not anonymized(many) & set(stay)


def test_a_look_reads_what_is_due_and_what_came_since_not_what_is_stored(many: World) -> None:
    """20,000 living rows of each kind beside a few due ones: no table is read from one end to the other."""
    for kind in ("users", "messages", "attachments"):
        many.connection.execute(
            f"create index if not exists {kind}_living_idx on platform.{kind} (environment_id, created_at)"
            " where anonymized_on is null"
        )
    fill = (
        "insert into platform.users select n, 1, 'x', n, '', '', '{{}}', '', '', null, null, {at}, null {rows}",
        "insert into platform.messages select n, 1, n, n, 'inbound', 'private', 'x', n, '', 'text', {at}, {at} {rows}",
        "insert into platform.attachments select n, 1, n, 'files', 'key/' || n, '', '', 1, {at}, null {rows}",
    )
    for statement in fill:
        rows = "from generate_series(1000001, 1020000) as n"
        many.connection.execute(statement.format(at="now() - interval '40 days'", rows=rows).encode())
    many.connection.execute("update retention.activity_state set swept_at = now() - interval '8 days'")
    many.message(many.user(), OLD)
    assert many.run().outcome == "done"
    assert many.run().outcome == "done"  # since when rows may be late is remembered from here on
    many.message(many.user(), OLD)
    many.connection.execute("vacuum analyze platform.users, platform.messages, platform.attachments")
    with many.connection.transaction():
        assert many.one("select sum(due) as due from retention.brake_verdicts")["due"] > 0
        read = many.one(
            "select sum(seq_tup_read + idx_tup_fetch) as rows from pg_stat_xact_user_tables where schemaname = 'platform'"
        )
    many.connection.execute("delete from platform.attachments where attachment_id > 1000000")
    many.connection.execute("update retention.activity_state set swept_at = now() - interval '8 days'")
    assert read["rows"] < 2000


def test_u1_a_user_who_came_since_the_last_night_is_known(many: World) -> None:
    """Without a sweep: a new profile, whose messages an import brought with an old date of creation."""
    user = many.user(created_at=NOW)
    many.message(user, OLD)
    writer = many.user(created_at=NOW)
    many.message(writer, NOW)
    assert many.run().outcome == "done"
    assert anonymized(many) & {user, writer} == {user}


def test_u1_a_user_whose_activity_nobody_saw_is_an_offence_and_due_the_next_night(many: World) -> None:
    """The platform deletes the message that kept the user: what is remembered says that the user writes."""
    user = many.user()
    message = many.message(user, NOW)
    assert many.run().outcome == "done"
    many.connection.execute("delete from platform.messages where message_id = %s", [message])
    assert many.run().outcome == "offences found"
    assert user not in anonymized(many)
    assert many.run().outcome == "done"
    assert user in anonymized(many)


def test_m6_what_comes_late_is_found_by_when_it_came(many: World) -> None:
    message = many.message(None, OLD)
    assert many.run().outcome == "done"
    many.put("late/1")
    late = many.attachment(message, "late/1", created_at=NOW)
    living = many.attachment(many.message(None, YOUNG), "living/1", created_at=YOUNG)
    many.put("living/1")
    assert many.run().outcome == "done"
    assert many.get("attachments", late)["object_key"] == ""
    assert many.get("attachments", living)["object_key"] == "living/1"
    assert many.keys() == {"living/1"}


def test_m6_what_was_passed_over_is_sought_among_all_however_old_it_is(many: World) -> None:
    assert many.run().outcome == "done"  # after which only what is young is sought
    held = many.attachment(many.message(None, OLD), "held/1", created_at=LONG_AGO)
    with psycopg.connect(dbname=many.environ["PGDATABASE"]) as holder:
        holder.execute("select 1 from platform.attachments where attachment_id = %s for update", [held])
        summary = many.run()
        assert summary.outcome == "partly done"
        assert any(left.startswith("1 late attachments of environment 1 are still due") for left in summary.left), (
            summary.left
        )
        assert many.get("attachments", held)["object_key"] == "held/1"
    assert many.run().outcome == "done"
    assert many.get("attachments", held)["object_key"] == ""


def test_analysts_look_without_what_is_remembered_and_see_the_same(
    many: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decision 13: keys and dates of all living users are nothing for them; what is due is sought among all."""
    ahead = NOW - 600 * DAY
    many.message(many.user(created_at=ahead), ahead)
    many.connection.execute("update retention.activity_state set swept_at = now() - interval '8 days'")
    assert many.run().outcome == "done"
    many.enter(monkeypatch)
    applied(missing(many, Part.ROLES))
    told = {role: many.command("forecast", "--json", PGUSER=role) for role in (many.environ["PGUSER"], ANALYST)}
    assert [answer.returncode for answer in told.values()] == [0, 0], told[ANALYST].stdout
    by_owner, by_analyst = (json.loads(answer.stdout) for answer in told.values())
    assert by_analyst == by_owner
    assert by_owner[0]["rows_due"] == 0 < sum(row["rows_due"] for row in by_owner)
    with connect(many.environ | {"PGUSER": ANALYST}, many.environ["PGDATABASE"]) as session:
        for table in ("user_activity", "activity_state"):
            assert refusal(session, f"select * from retention.{table}") == "42501"
    looked = many.dbt("run", "--select", "due_*", PGUSER=ANALYST)
    assert looked.returncode == 0, looked.stdout
    with connect(many.environ | {"PGUSER": ANALYST}, many.environ["PGDATABASE"]) as session:
        due = session.execute("select sum(rows_due) as n from retention_retention_analyst.due_forecast").fetchone()
    assert due == {"n": sum(row["rows_due"] for row in by_owner)}


def test_what_is_remembered_may_be_dropped_with_the_views_that_read_it(many: World) -> None:
    many.connection.execute("drop table retention.user_activity cascade")
    user = many.user()
    assert many.run().outcome == "done"
    assert user in anonymized(many)
    assert many.run().outcome == "done"
    assert uses_what_it_remembers(many)


def test_m6_what_came_late_with_an_old_date_is_an_offence_and_due_the_next_night(many: World) -> None:
    message = many.message(None, OLD)
    assert many.run().outcome == "done"
    late = many.attachment(message, "late/2", created_at=LONG_AGO)
    assert many.run().outcome == "offences found"
    assert many.run().outcome == "done"
    assert many.get("attachments", late)["object_key"] == ""


def test_what_is_remembered_of_a_user_goes_with_the_user(many: World) -> None:
    living = {row["user_id"] for row in many.rows("select user_id from platform.users where anonymized_on is null")}
    assert {row["user_id"] for row in many.rows("select user_id from retention.user_activity")} == living
