"""The look ahead on a platform of many users: who falls silent is looked up, and nothing read of what falls due later."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from ahead import PERIODS, Counts, fill, reckoned, told
from conftest import MakeWorld
from model import PARIS
from world import NOW, World

import flows.activity
from flows import closing
from flows.database import Database

pytestmark = pytest.mark.xdist_group("ahead")

LAST_RUN = "select run_id, paris_date from retention.runs order by run_id desc limit 1"


@pytest.fixture(scope="module")
def many(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    """A platform that counts as one of many users, with three periods, after its first night."""
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("ahead"), "ahead") as world, pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows.activity, "FEWEST_USERS", 1)
        world.bucket("files")
        for environment, months in PERIODS.items():
            world.environment(environment, months)
        fill(world, random.Random(16), datetime.now(PARIS).date())
        assert world.run().outcome == "done"
        yield world


def look(world: World) -> Counts:
    with pytest.MonkeyPatch.context() as patch:
        world.enter(patch)
        with Database.connect("retention") as database:
            forecast, _ = closing.look_ahead(database, world.one(LAST_RUN)["run_id"])
    return told(forecast)


def sweep(world: World) -> None:
    world.connection.execute("update retention.activity_state set swept_at = now() - interval '8 days'")


def test_u1_s3_who_is_remembered_falls_due_on_the_night_that_the_rules_say(many: World) -> None:
    """One of them writes again before the run, one is deleted by the platform after it."""
    writes, deleted = many.rows(
        "select user_id from platform.users where anonymized_on is null and environment_id = 2"
        " and user_id not in (select user_id from platform.messages where user_id is not null) order by user_id limit 2"
    )
    many.message(writes["user_id"], NOW - timedelta(minutes=5), 2)
    assert many.run().outcome == "done"
    assert "user_activity" in many.one("select pg_get_viewdef('retention.nights_ahead'::regclass) as text")["text"]
    many.connection.execute("delete from platform.users where user_id = %s", [deleted["user_id"]])
    found = look(many)
    assert found == reckoned(many, many.one(LAST_RUN)["paris_date"])
    assert len(found) > 60


def test_a_look_ahead_reads_what_falls_due_not_what_is_stored(many: World) -> None:
    """20,000 living rows of each kind that fall due in two years, beside those of the next nights."""
    at = "now() - interval '40 days'"
    for statement in (
        "insert into platform.users select n, 3, 'x', n, '', '', '{{}}', '', '', null, null, {at}, null {rows}",
        "insert into platform.messages select n, 3, n, n, 'inbound', 'private', 'x', n, '', 'text', {at}, {at} {rows}",
        "insert into platform.attachments select n, 3, n, 'files', 'key/' || n, '', '', 1, {at}, null {rows}",
        "insert into platform.custom_events select n, 3, 'x', n, '', {at}, null {rows}",
        "insert into platform.chatbot_conversations select n, 3, 'x', n, '', {at}, null {rows}",
    ):
        filled = statement.format(at=at, rows="from generate_series(1000001, 1020000) as n")
        many.connection.execute(filled.encode())
    sweep(many)
    assert many.run().outcome == "done"
    assert many.run().outcome == "done"  # since when rows may be late is remembered from here on
    many.connection.execute("vacuum analyze")
    for column in ("rows_due", "files_due"):
        with many.connection.transaction():
            assert many.one(f"select sum({column}) as due from retention.nights_ahead")["due"] > 0
            read = many.one(
                "select sum(seq_tup_read + idx_tup_fetch) as rows from pg_stat_xact_user_tables where schemaname = 'platform'"
            )
        assert read["rows"] < 3000, column
