"""What the two roles can do, and an attacker's list of what they can't, tried out as each of them.

A night of a superuser comes first; then, on the same rows in a platform that was only prepared, the runner's.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from canaries import declared_columns
from conftest import MakeWorld, connect
from preparing import logged_in_as, missing, retention
from project_copy import copy_project
from roles import (
    ANALYST,
    RUNNER,
    Nights,
    against_the_server,
    both_nights,
    let_through,
    readable,
    refusal,
    statements_against_the_platform,
)
from world import NOW, OLD, World

from flows.database import Database
from flows.errors import BadConfiguration
from flows.prepare import Part

pytestmark = pytest.mark.xdist_group("roles")
CANARY = "Canary-9174"

Log_in = Callable[[str], "psycopg.Connection[dict[str, Any]]"]


@pytest.fixture(scope="module")
def nights(make_world: MakeWorld, prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    assert prefect_server
    with both_nights(make_world, tmp_path_factory.mktemp("roles")) as nights:
        yield nights


@pytest.fixture
def log_in(nights: Nights) -> Iterator[Log_in]:
    """Sessions of other roles, each statement undone."""
    opened: list[psycopg.Connection[dict[str, Any]]] = []

    def as_role(role: str) -> "psycopg.Connection[dict[str, Any]]":
        environ = nights.world.environ | {"PGUSER": role}
        opened.append(connect(environ, environ["PGDATABASE"]))
        return opened[-1]

    yield as_role
    for connection in opened:
        connection.close()


def test_whoever_looks_where_nothing_was_built_for_them_is_told_what_to_do(nights: Nights) -> None:
    world, newcomer = nights.world, nights.world.executed("create role newcomer login", "drop role newcomer")
    with newcomer:
        told = world.dbt("run", "--select", "due_*", PGUSER="newcomer").stdout
    assert 'Log in as retention_analyst, or have the tables\' owner say: create schema "retention_newcomer"' in told
    offences = ("test", "--select", "overdue_rows", "--exclude-resource-type", "unit_test")
    told = world.dbt(*offences, PGUSER=ANALYST).stdout
    assert "Testing overdue_rows: expected it in the schema retention_retention_analyst, found none. Ask the sh" in told
    assert "dbt test --target nightly --exclude-resource-type unit_test." in told


# The runner.


def test_s2_a_night_of_the_runner_does_what_a_superusers_does(nights: Nights) -> None:
    assert nights.by_runner == nights.by_superuser
    assert len(nights.by_runner) > 20
    owners = nights.world.rows(
        "select distinct relowner::regrole::text as owner from pg_class where relnamespace = 'retention'::regnamespace"
    )
    assert owners == [{"owner": RUNNER}]


def test_what_a_superuser_built_is_handed_over(nights: Nights) -> None:
    """Views read with their owner's rights: the runner's are enough for every one of them."""
    by_runner, by_analyst = (set(nights.handed_over[role]) for role in (RUNNER, ANALYST))
    assert by_runner == set(readable(nights.world, RUNNER))
    assert by_analyst == set(readable(nights.world, ANALYST)) >= set(READABLE)
    for_the_flow = {
        "brake_baselines",
        "brake_verdicts",
        "maintained_tables",
        "nights_ahead",
        "newest_run",
        "activity_state",
        "done_rows",
    }
    assert by_runner - by_analyst == {"file_queue", "files_to_purge", "named_files", "file_references"} | for_the_flow


def test_a_night_leaves_a_prepared_platform_prepared(nights: Nights) -> None:
    assert missing(nights.world) == []


def test_status_and_ledger_are_read_by_the_runner(nights: Nights) -> None:
    for arguments in (("status",), ("ledger", "verify")):
        read = nights.world.command(*arguments, PGUSER=RUNNER)
        assert read.returncode == 0, read.stdout + read.stderr


def test_the_runner_can_do_nothing_with_the_platform_but_empty_declared_columns(nights: Nights, log_in: Log_in) -> None:
    world = nights.world
    world.connection.execute("alter table platform.users add column secret text")
    try:
        kept = [
            f"update platform.{table} set {column} = {column}"
            for table, columns in declared_columns(is_personal=False).items()
            for column in columns
            if column != "anonymized_on"
        ]
        undeclared = ["select secret from platform.users", "select * from platform.users", "table platform.users"]
        statements = [*statements_against_the_platform(), *kept, *undeclared, *against_the_server(world)]
        assert len(statements) > 100
        superuser = world.environ["PGUSER"]
        statements = [re.sub(r"\bpostgres\b", superuser, statement) for statement in statements]
        assert let_through(log_in(RUNNER), statements) == {}
    finally:
        world.connection.execute("alter table platform.users drop column secret")


def test_rows_that_row_security_hides_from_the_runner_are_not_taken_for_none(nights: Nights) -> None:
    """Else the night would find nothing due, and be green."""
    with logged_in_as(RUNNER), Database.connect("retention") as database:
        nights.world.connection.execute("alter table platform.messages enable row level security")
        try:
            with pytest.raises(BadConfiguration, match='row-level security policy for table "messages"'):
                database.rows("verdicts", environment_id="1", as_of=NOW)
        finally:
            nights.world.connection.execute("alter table platform.messages disable row level security")
        assert database.rows("verdicts", environment_id="1", as_of=NOW)


def test_the_runner_updates_each_personal_column(nights: Nights, log_in: Log_in) -> None:
    """The other side: what is refused above is not refused for another reason."""
    runner = log_in(RUNNER)
    for table, columns in declared_columns(is_personal=True).items():
        for column in (*columns, "anonymized_on"):
            assert refusal(runner, f"update platform.{table} set {column} = {column}") is None, (table, column)


def test_a_batch_that_breaks_a_constraint_of_the_platform_passes_on_no_value(nights: Nights) -> None:
    """Decision 12: PostgreSQL's DETAIL quotes the row, and it would reach dbt's files and our output."""
    world = nights.world
    world.connection.execute("alter table platform.messages add constraint written check (content <> '') not valid")
    message = world.message(None, OLD, content=CANARY, network_id=CANARY)
    try:
        with logged_in_as(RUNNER):
            run = retention(world, "run")
    finally:
        world.connection.execute("alter table platform.messages drop constraint written")
        world.connection.execute("delete from platform.messages where message_id = %s", [message])
    summary = run.exception.summary
    assert summary.outcome == "partly done"
    assert "SQLSTATE 23514, table messages, constraint written" in " ".join(summary.left)
    assert CANARY not in " ".join([run.output, str(run.exception), str(summary)])
    for folder in ("target", "logs"):
        for path in (world.project_dir / folder).rglob("*"):
            assert path.is_dir() or CANARY.encode() not in path.read_bytes(), path
    held = world.one("select string_agg(t::text, '') as text from retention.run_lines t")
    assert CANARY not in held["text"]


def test_m3_a_cleared_marker_is_listed_by_its_key(nights: Nights) -> None:
    world = nights.world
    assert world.rows("select * from retention.cleared_markers") == []
    with world.connection.transaction(force_rollback=True):
        cleared = world.connection.execute(
            "update platform.users set anonymized_on = null where anonymized_on is not null returning user_id"
        ).fetchall()
        listed = world.rows("select environment_id, kind, row_id, reason from retention.cleared_markers")
    assert listed == [
        {
            "environment_id": "1",
            "kind": "users",
            "row_id": str(row["user_id"]),
            "reason": "holds an anonymized identifier, is not marked as anonymized",
        }
        for row in cleared
    ]


# The analyst.


def test_the_analyst_looks_at_what_is_due_in_a_schema_of_its_own(nights: Nights, log_in: Log_in) -> None:
    folder = copy_project(nights.world.project_dir.parent / "analyst")
    analyst = World(
        nights.world.connection, folder, nights.world.environ | {"PGUSER": ANALYST, "DBT_PROFILES_DIR": str(folder)}
    )
    looked = analyst.dbt("run", "--select", "due_*")
    assert looked.returncode == 0, looked.stdout
    (kinds,) = log_in(ANALYST).execute("select count(*) as n from retention_retention_analyst.due_totals").fetchall()
    assert kinds["n"] == 10


READABLE = (
    "platform_messages", "due_messages", "due_files", "due_cutoffs", "message_statistics", "overdue_rows", "cleared_markers",
    "environment_status", "anonymized_users_feed", "anonymized_messages", "retention_periods", "feed_environments", "runs",
    "run_lines", "approvals", "pauses", "documents",
)  # fmt: skip


def test_the_analyst_reads_every_shared_relation(nights: Nights, log_in: Log_in) -> None:
    analyst = log_in(ANALYST)
    for name in READABLE:
        assert refusal(analyst, f"select * from retention.{name}") is None, name


def test_the_analyst_reads_no_personal_column_no_key_and_no_platform_table(nights: Nights, log_in: Log_in) -> None:
    columns = declared_columns(is_personal=True)
    statements = [f"select {column} from platform.{table}" for table, names in columns.items() for column in names]
    statements += [f"select count(*) from platform.{table}" for table in (*columns, "environments")]
    statements += [
        f"select * from retention.{name}" for name in ("file_queue", "files_to_purge", "named_files", "file_references")
    ]
    statements += [f"select object_key from retention.{name}" for name in ("file_queue", "file_references")]
    analyst = log_in(ANALYST)
    assert let_through(analyst, statements) == {}
    personal = {column for names in columns.values() for column in names}
    readable = analyst.execute(
        "select c.oid::regclass::text as relation, array_agg(a.attname::text) as columns"
        " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
        " where c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)' and c.relkind in ('r', 'v', 'm', 'p')"
        " and has_column_privilege(c.oid, a.attnum, 'select') group by c.oid"
    ).fetchall()
    assert len(readable) > len(READABLE)
    assert {row["relation"] for row in readable if personal & set(row["columns"])} == set()
    shown = analyst.execute("select count(*) as n from pg_stats where schemaname = 'platform'").fetchone()
    assert shown == {"n": 0}


def test_the_analyst_changes_nothing_and_calls_nothing_of_ours(nights: Nights, log_in: Log_in) -> None:
    world = nights.world
    changeable = world.rows(
        "select oid::regclass::text as relation from pg_class"
        " where relnamespace = any(array['retention', 'platform']::regnamespace[]) and relkind in ('r', 'v', 'S')"
        " and (case relkind when 'S' then has_sequence_privilege(%(role)s, oid, 'usage, update')"
        "  else has_any_column_privilege(%(role)s, oid, 'insert, update, references')"
        "  or has_table_privilege(%(role)s, oid, 'delete, truncate, trigger') end)".replace("%(role)s", f"'{ANALYST}'")
    )
    assert changeable == []
    statements = [
        "update retention.platform_users set anonymized_on = null",
        "update retention.platform_messages set created_at = now()",
        "update retention.retention_periods set retention_months = '1200'",
        "update retention.runs set outcome = 'done'",
        "insert into retention.pauses default values",
        "insert into retention.approvals (environment_id, kind) values ('1', 'users')",
        "truncate retention.runs cascade",
        "drop table retention.runs cascade",
        "drop view retention.due_messages cascade",
        "create or replace view retention.due_messages as select 1 as message_id",
        "create table retention.own ()",
        "drop schema retention cascade",
        "alter schema retention rename to other",
        "set role retention_runner",
        "select retention.may_retrieve(1, 'private', now())",
        "select retention.may_retrieve_each(1, array['private'], array[now()])",
        *statements_against_the_platform(),
        *against_the_server(world),
    ]
    superuser = world.environ["PGUSER"]
    statements = [re.sub(r"\bpostgres\b", superuser, statement) for statement in statements]
    analyst = log_in(ANALYST)
    before = world.bytes_of_platform()
    assert let_through(analyst, statements) == {}
    assert world.bytes_of_platform() == before
    functions = world.rows(
        "select oid::regprocedure::text as name from pg_proc where pronamespace in ('retention'::regnamespace, 'platform'::regnamespace)"
        " and (has_function_privilege(%s, oid, 'execute'))",
        ANALYST,
    )
    # They read what they are given and nothing else; views for analysts call them.
    assert {row["name"].partition("(")[0] for row in functions} == {
        f"retention.{name}" for name in ("emptied_json", "holds_json", "undeclared_paths", "url_decoded")
    }
    assert refusal(analyst, "create view retention_retention_analyst.own as select * from retention.due_users") is None


def test_neither_role_has_a_right_beyond_the_prepared_ones(nights: Nights) -> None:
    roles = nights.world.rows(
        "select rolname, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as is_mighty,"
        " has_database_privilege(oid, current_database(), 'create') as may_create,"
        " exists (select 1 from pg_auth_members where member = pg_roles.oid) as is_member"
        " from pg_roles where rolname = any(%s) order by 1",
        [ANALYST, RUNNER],
    )
    powers = {"is_mighty": False, "may_create": False, "is_member": False}
    assert roles == [{"rolname": name} | powers for name in (ANALYST, RUNNER)]
    assert missing(nights.world, Part.ROLES) == []
