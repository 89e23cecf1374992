"""What is checked of PostgreSQL: the server, who connects, whether directly, and its clock."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from flows.clocks import LARGEST_DIFFERENCE
from flows.database import Database
from flows.doctor.findings import Finding, State
from flows.ledger import OLDEST_SERVER
from flows.settings import Settings


def examine(database: Database, settings: Settings) -> Iterator[Finding]:
    """Version, whether it can be written, the role, and its right to keep a ledger."""
    state = database.row("state_of_server", ledger_name=settings.retention_schema)
    session = database.row("session", **_schemas(settings))
    shown = f"PostgreSQL {session['server_version']}, database {session['database']}"
    if state["version"] < OLDEST_SERVER:
        yield Finding("server", State.MEND, f"{shown}, wanted 14 or later", "Upgrade the server")
    elif state["is_read_only"]:
        yield Finding("server", State.MEND, f"{shown}, which is read-only", "Point PGHOST at the primary server")
    else:
        yield Finding("server", State.OK, shown)
    if session["is_superuser"]:
        remedy = "Have nights run as retention_runner: retention prepare --part roles --apply"
        yield Finding("role", State.LOOK, f"{session['role']} is a superuser and may do everything", remedy)
    else:
        yield Finding("role", State.OK, f"{session['role']} is no superuser")
    yield _ledger(settings.retention_schema, session["role"], state | session)


def examine_access(database: Database, settings: Settings) -> Iterator[Finding]:
    """Nothing where the role may use the platform's schema; else the finding that says so."""
    session = database.row("session", **_schemas(settings))
    name = settings.platform_schema
    if session["may_use_platform"] is None:
        yield Finding("platform", State.MEND, f"there is no schema {name}", "Set PLATFORM_SCHEMA and PGDATABASE")
    elif not session["may_use_platform"]:
        remedy = "Run as retention_runner, after: retention prepare --part roles --apply"
        yield Finding("platform", State.MEND, f"{session['role']} may not use the schema {name}", remedy)


def _schemas(settings: Settings) -> dict[str, str]:
    return {"ledger_name": settings.retention_schema, "platform_name": settings.platform_schema}


def _ledger(schema: str, role: str, state: dict[str, object]) -> Finding:
    if not state["has_schema"] and not state["may_create_schema"]:
        remedy = f"As the database's owner: create schema {schema} authorization {role}"
        return Finding("ledger", State.MEND, f"no schema {schema}, and {role} may not create it", remedy)
    if state["has_schema"] and not state["may_create_in_schema"]:
        remedy = "Run as its owner, or hand it over: retention prepare --part roles --apply"
        return Finding("ledger", State.MEND, f"{role} may create nothing in the schema {schema}", remedy)
    if not state["has_views"]:
        remedy = "Build them, which changes no platform row: retention run --dry-run"
        return Finding("ledger", State.LOOK, f"no run has built the views in {schema} yet", remedy)
    return Finding("ledger", State.OK, f"{role} keeps it in the schema {schema}")


def examine_directness(database: Database, settings: Settings) -> Iterator[Finding]:
    """Whether one session stays one: the locks that keep two runs apart live in it.

    A pooler in transaction mode gives an idle session's connection to the next one.
    """
    check = "direct connection"
    session = database.row("session", **_schemas(settings))
    with Database.connect(settings.retention_schema) as other:
        is_shared = other.row("session", **_schemas(settings))["pid"] == session["pid"]
    remedy = "Set PGHOST and PGPORT to the server itself"
    if is_shared:
        yield Finding(check, State.MEND, "a pooler in transaction mode answers, in which a run's lock is lost", remedy)
    elif session["timezone"] != "Europe/Paris":
        found = (
            "a pooler answers that drops a session's options: its time zone, row security, how soon it notices a death"
        )
        yield Finding(check, State.MEND, found, remedy)
    elif database.told_pid != session["pid"]:
        found = "a pooler or proxy stands before the server; sessions stay whole"
        yield Finding(check, State.LOOK, found, "A direct connection is one thing less that can break")
    else:
        yield Finding(check, State.OK, "the server itself answers")


def examine_clock(
    database: Database, other: str = "this machine", read: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Finding]:
    """The database's clock against another."""
    apart = abs((database.row("database_now")["now"] - read()).total_seconds())
    if apart > LARGEST_DIFFERENCE.total_seconds():
        found = f"the database and {other} are {apart:,.0f} seconds apart"
        yield Finding("clocks", State.MEND, found, "Set both by a time server")
    else:
        yield Finding("clocks", State.OK, f"the database and {other} are {apart:.1f} seconds apart")
