"""Nights of the two roles and of a superuser on the same rows, and an attacker's list of statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from conftest import MakeWorld, connect
from preparing import applied, logged_in_as, missing
from world import NOW, OLD, YOUNG, Snapshot, World, is_random_id

from flows.prepare import Part

RUNNER = "retention_runner"
ANALYST = "retention_analyst"


@dataclass(frozen=True, slots=True)
class Nights:
    """The platform after the runner's first night, and what that night and a superuser's did."""

    world: World
    by_superuser: dict[str, Any]
    by_runner: dict[str, Any]
    handed_over: dict[str, list[str]]
    """After the superuser's night was handed over to the roles: what each of them then reads, by role."""


def _fill(world: World) -> None:
    """Something due and something living of each kind, and files."""
    world.environment(1)
    world.environment(2, months=12)
    world.bucket()
    for key in ("old/1", "young/1", "picture/1"):
        world.put(key)
    gone = world.user(picture_bucket="files", picture_key="picture/1")
    stays = world.user(created_at=NOW, environment_id=2)
    world.attachment(world.message(gone, OLD), "old/1")
    world.attachment(world.message(stays, YOUNG, environment_id=2), "young/1", environment_id=2)
    for table in ("chatbot_conversations", "custom_events"):
        world.event(table, world.get("users", gone)["network_id"], YOUNG)
        world.event(table, "somebody", OLD)
        world.event(table, "somebody", YOUNG)


def _effect(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """By table, key and column, what changed into what; a random identifier is only called so."""
    assert {table: rows.keys() for table, rows in before.items()} == {
        table: rows.keys() for table, rows in after.items()
    }
    return {
        f"{table} {key} {column}": "a random identifier" if is_random_id(str(value)) else value
        for table, rows in after.items()
        for key, row in rows.items()
        for column, value in row.items()
        if value != before[table][key][column]
    }


def _night(world: World, *, may_maintain: bool = True) -> dict[str, Any]:
    before = world.snapshot()
    summary = world.run()
    if may_maintain:
        assert (summary.outcome, summary.left) == ("done", []), (summary.outcome, summary.left)
    else:
        (left,) = summary.left
        assert summary.outcome == "partly done"
        assert f"{RUNNER} may not maintain them. Before PostgreSQL 17 only their owner" in left
    assert world.keys() == {"young/1"}
    return _effect(before, world.snapshot())


@contextmanager
def both_nights(make_world: MakeWorld, folder: Path) -> Iterator[Nights]:
    with make_world(folder / "superuser") as world:
        _fill(world)
        by_superuser = _night(world)
        applied(missing(world, Part.ROLES))
        assert missing(world, Part.ROLES) == []
        handed_over = {role: readable(world, role) for role in (RUNNER, ANALYST)}
    with make_world(folder / "runner") as world:
        _fill(world)
        applied(missing(world))
        with logged_in_as(RUNNER):
            # Vacuum and analyze can be granted from PostgreSQL 17 on; before, the owner does them, or lends its role.
            by_runner = _night(world, may_maintain=world.connection.info.server_version >= 170000)
        yield Nights(world, by_superuser, by_runner, handed_over)


def readable(world: World, role: str) -> list[str]:
    """The tables and views of ours that a role reads in fact, those that stand on the platform's tables included."""
    names = world.rows(
        "select relname as name from pg_class where relnamespace = 'retention'::regnamespace and relkind in ('r', 'v')"
    )
    with connect(world.environ | {"PGUSER": role}, world.environ["PGDATABASE"]) as session:
        return sorted(
            row["name"] for row in names if refusal(session, f"select * from retention.{row['name']} limit 1") is None
        )


def refusal(connection: "psycopg.Connection[dict[str, Any]]", statement: Any) -> str | None:
    """The SQLSTATE that a statement is refused with; None where it is not. It is undone in any case."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def let_through(connection: "psycopg.Connection[dict[str, Any]]", statements: list[Any]) -> dict[str, str | None]:
    """The statements that were not refused for want of a right, with what became of them."""
    found = {str(statement): refusal(connection, statement) for statement in statements}
    return {statement: state for statement, state in found.items() if state != "42501"}


def statements_against_the_platform() -> list[str]:
    tables = ("users", "messages", "attachments", "chatbot_conversations", "custom_events", "environments")
    on_each = [
        "delete from platform.{}",
        "truncate platform.{} cascade",
        "insert into platform.{} default values",
        "drop table platform.{} cascade",
        "alter table platform.{} disable trigger all",
        "alter table platform.{} add column extra text",
        "alter table platform.{} owner to retention_runner",
        "alter table platform.{} rename to other",
        "create trigger own before update on platform.{} for each row execute function suppress_redundant_updates_trigger()",
        "create rule own as on delete to platform.{} do instead nothing",
        "create index on platform.{} (environment_id)",
        "create policy own on platform.{}",
        "comment on table platform.{} is 'own'",
        "update platform.{} set environment_id = environment_id",
        "create table own (id integer references platform.{})",
    ]
    return [
        *(statement.format(table) for table in tables for statement in on_each),
        "create table platform.own ()",
        "create view platform.own as select 1",
        "create function platform.own() returns integer language sql as 'select 1'",
        "drop schema platform cascade",
        "alter schema platform rename to other",
    ]


STATEMENTS_AGAINST_THE_SERVER = [
    "create schema own",
    "create table public.own ()",
    "create role own",
    "create access method own type index handler bthandler",
    "create event trigger own on ddl_command_start execute function suppress_redundant_updates_trigger()",
    "alter role current_user superuser",
    "alter role current_user createrole",
    "set role postgres",
    "set session authorization postgres",
    "set log_statement = 'all'",
    "select pg_reload_conf()",
    "copy (select 1) to '/tmp/own'",
    "copy (select 1) to program 'true'",
    "select pg_read_file('PG_VERSION')",
    "select pg_ls_dir('.')",
    "select lo_import('/etc/hostname')",
    "select * from pg_authid",
    "select * from pg_statistic",
    "select * from pg_hba_file_rules",
    "set session_replication_role = replica",
    "update pg_class set relowner = 10",
    "alter database {database} rename to other",
    "create publication own for all tables",
    "do language c 'own'",
]


def against_the_server(world: World) -> list[str]:
    return [statement.format(database=world.environ["PGDATABASE"]) for statement in STATEMENTS_AGAINST_THE_SERVER]
