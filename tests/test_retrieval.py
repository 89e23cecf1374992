"""R1 to R3: what connectors may import, asked of the functions in the database and compared with a model of the rule."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from conftest import MakeWorld
from model import paris_cutoff
from psycopg import sql
from world import LONG_AGO, NOW, OLD, World

PARIS = ZoneInfo("Europe/Paris")
PERIODS = {1: 24, 2: 1, 3: 12, 4: 120, 5: 1200}


pytestmark = pytest.mark.xdist_group("retrieval")


@pytest.fixture(scope="module")
def asked(make_world: MakeWorld, prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A platform of five periods, looked at once."""
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("asked")) as world:
        for environment, months in PERIODS.items():
            world.environment(environment, None if environment == 1 else months)
        world.run(dry_run=True)
        yield world


@pytest.fixture(scope="module")
def connector(asked: World) -> Iterator[psycopg.Connection]:
    """A session of a role that may ask, and nothing else."""
    name = f"connector_{asked.environ['PGDATABASE']}"
    role = sql.Identifier(name)
    for statement in (
        "create role {} login",
        "grant usage on schema retention to {}",
        "grant execute on all functions in schema retention to {}",
    ):
        asked.connection.execute(sql.SQL(statement).format(role))
    with psycopg.connect(
        user=name, host=asked.environ["PGHOST"], dbname=asked.environ["PGDATABASE"], autocommit=True
    ) as c:
        yield c
    asked.connection.execute(sql.SQL("drop owned by {0}; drop role {0}").format(role))


def moments() -> Iterator[datetime]:
    """Instants at which a wrong rule shows: around midnights, month ends and clock changes in Paris."""
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2027, 2, 28), date(2028, 2, 29), date(2026, 12, 31)):
        for hour, minute in ((0, 0), (1, 59), (2, 30), (3, 0), (23, 59)):
            yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)


def test_r1_r2_r3_300_random_combinations_agree_with_a_model(connector: psycopg.Connection) -> None:
    draw = random.Random(20261124)
    fixed = list(moments())
    for number in range(300):
        environment = draw.choice(list(PERIODS))
        as_of = draw.choice(fixed) if number % 2 else NOW + timedelta(seconds=draw.randrange(-(10**8), 10**8))
        cutoff = paris_cutoff(as_of, PERIODS[environment])
        published = cutoff + draw.choice(
            [timedelta(microseconds=-1), timedelta(0), timedelta(seconds=draw.randrange(-(10**8), 10**8))]
        )
        visibility = draw.choice(["private", "public"])
        (answer,) = connector.execute(
            "select retention.may_retrieve(%s, %s, %s, %s)", (environment, visibility, published, as_of)
        ).fetchone()
        assert answer is (visibility == "public" or published >= cutoff), (environment, visibility, published, as_of)


def test_r3_no_private_message_is_both_retrievable_and_older_than_the_cutoff_of_the_purge(
    asked: World, connector: psycopg.Connection
) -> None:
    """The purge's own cutoff, read from the lines of a dry run at that very instant."""
    for as_of in list(moments())[2::8]:
        summary = asked.run(dry_run=True, as_of=as_of.isoformat())
        for line in summary.lines:
            if line["kind"] == "messages":
                page = [line["cutoff"] + timedelta(microseconds=step) for step in (-1, 0, 1)]
                (answers,) = connector.execute(
                    "select retention.may_retrieve_each(%s, %s, %s, %s)",
                    (int(line["environment_id"]), ["private"] * 3, page, as_of),
                ).fetchone()
                assert answers == [False, True, True]


def test_r1_r2_a_page_is_answered_at_once_and_in_order(connector: psycopg.Connection) -> None:
    page = [NOW - timedelta(days=days) for days in range(0, 1500, 15)]
    kinds = ["public" if number % 7 == 0 else "private" for number in range(len(page))]
    (answers,) = connector.execute("select retention.may_retrieve_each(1, %s, %s)", (kinds, page)).fetchone()
    singly = [
        connector.execute("select retention.may_retrieve(1, %s, %s)", (kind, at)).fetchone()[0]
        for kind, at in zip(kinds, page, strict=True)
    ]
    assert answers == singly
    assert set(singly) == {True, False}
    assert connector.execute("select retention.may_retrieve_each(1, '{}', '{}')").fetchone() == ([],)


def test_r1_what_cannot_be_told_is_not_retrieved(connector: psycopg.Connection) -> None:
    for environment, visibility, published in (
        (99, "private", NOW), (1, "private", None), (1, None, OLD), (1, "friends", OLD), (None, "private", NOW),
    ):  # fmt: skip
        (answer,) = connector.execute(
            "select retention.may_retrieve(%s, %s, %s)", (environment, visibility, published)
        ).fetchone()
        assert answer is False
    short_page = connector.execute("select retention.may_retrieve_each(1, array['public', 'private'], array[now()])")
    assert short_page.fetchone() == ([True, False],)


def test_r3_a_connector_needs_no_right_on_any_table(asked: World, connector: psycopg.Connection) -> None:
    for table in ("platform.messages", "platform.environments", "retention.retention_periods", "retention.runs"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connector.execute(f"select 1 from {table}")
    asked.connection.execute("create role nobody_asked")
    try:
        asked.connection.execute("grant usage on schema retention to nobody_asked; set role nobody_asked")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked.connection.execute("select retention.may_retrieve(1, 'public', now())")
    finally:
        asked.connection.execute("reset role; drop owned by nobody_asked; drop role nobody_asked")


def test_r3_the_next_night_keeps_the_grant_and_follows_a_new_period(
    asked: World, connector: psycopg.Connection
) -> None:
    question = "select retention.may_retrieve(1, 'private', now() - interval '18 months')"
    assert connector.execute(question).fetchone() == (True,)
    (asked.project_dir / "seeds" / "retention_periods.csv").open("a").write("1,12\n")
    asked.run(dry_run=True)
    assert connector.execute(question).fetchone() == (False,)


def test_r3_retrievals_that_broke_the_rule_are_listed_by_the_period_in_force_then(world: World) -> None:
    allowed_then = {"published_at": NOW - timedelta(days=500)}
    before_ledger = world.message(None, created_at=NOW - timedelta(days=2), published_at=LONG_AGO)
    world.message(None, created_at=NOW - timedelta(days=2), **allowed_then)
    world.message(None, created_at=NOW - timedelta(days=2), published_at=LONG_AGO, visibility="public")
    assert world.run().outcome == "done"
    imported_at = datetime.now(UTC)
    broke = world.message(None, created_at=imported_at, published_at=LONG_AGO)
    world.message(None, created_at=imported_at, **allowed_then)
    (world.project_dir / "seeds" / "retention_periods.csv").write_text("environment_id,retention_months\n1,12\n")
    summary = world.run()
    assert summary.outcome == "done", "an import of the past is no fault of the run"
    listed = {row["row_id"]: row["reason"] for row in world.rows("select * from retention.retrievals_against_the_rule")}
    assert listed.keys() == {before_ledger, broke}
    assert listed[before_ledger].startswith("unknown")
    assert "(R1)" in listed[broke]
    assert summary.run["offences"]["retrievals_against_the_rule"] == 2
    late = world.message(None, created_at=datetime.now(UTC), **allowed_then)
    listed = {row["row_id"] for row in world.rows("select * from retention.retrievals_against_the_rule")}
    assert listed == {before_ledger, broke, late}, "the shorter period is in force by now"


def test_u4_the_author_guard_refuses_with_an_error_that_a_connector_recognises(world: World) -> None:
    gone, living = world.user(), world.user(created_at=NOW)
    assert world.run().outcome == "done"
    shown = world.command("prepare", "--author-guard")
    assert shown.returncode == 0
    world.message(gone, created_at=NOW)
    applied = world.command("prepare", "--author-guard", "--apply")
    assert applied.returncode == 0, applied.stderr
    with pytest.raises(psycopg.Error) as refused:
        world.message(gone, created_at=NOW)
    assert refused.value.sqlstate == "RT001"
    assert "Look the user up" in refused.value.diag.message_hint
    world.message(living, created_at=NOW)
    world.message(None, created_at=NOW)
    with pytest.raises(psycopg.Error):
        world.connection.execute("update platform.messages set user_id = %s where user_id = %s", (gone, living))
    assert world.command("prepare", "--part", "triggers").returncode == 2


def test_r1_r2_the_demo_connector_imports_the_young_part_and_the_old_post(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The post is due on the day that the connector's example names, and not on the day before."""
    from flows.demo.connector import retrieve

    for name in ("PGHOST", "PGPORT", "PGDATABASE"):
        monkeypatch.setenv(name, world.environ[name])
    world.run(dry_run=True)
    try:
        done = retrieve(world.connection)
    finally:
        world.connection.execute("drop owned by demo_connector; drop role demo_connector")
    assert (done.offered, done.imported) == (6, 3)
    assert sorted(row["visibility"] for row in world.snapshot()["messages"].values()) == ["private"] * 3 + ["public"]
    for day, due in ((done.post_due_on - timedelta(days=1), 0), (done.post_due_on, 4)):
        summary = world.run(dry_run=True, as_of=f"{day}T02:00")
        assert sum(line["due"] for line in summary.lines) == due
