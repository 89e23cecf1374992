"""What is checked of PostgreSQL: the server, who connects, whether directly, and its clock."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flows.clocks import LARGEST_DIFFERENCE
from flows.database import Database
from flows.doctor.findings import Finding, State
from flows.ledger import OLDEST_SERVER
from flows.settings import Settings


def examine(database: Database, settings: Settings) -> Iterator[Finding]:
    """Version, whether it can be written, the role, and its right to keep a ledger."""
    state = database.row("state_of_server", ledger_name=settings.retention_schema)
    session = database.row("session", ledger_name=settings.retention_schema)
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
    session = database.row("session", ledger_name=settings.retention_schema)
    with Database.connect(settings.retention_schema) as other:
        is_shared = other.row("session", ledger_name=settings.retention_schema)["pid"] == session["pid"]
    if is_shared or session["timezone"] != "Europe/Paris":
        remedy = "Set PGHOST and PGPORT to the server itself"
        yield Finding(check, State.MEND, "a pooler in transaction mode answers, in which a run's lock is lost", remedy)
    elif database.told_pid != session["pid"]:
        found = "a pooler or proxy stands before the server; sessions stay whole"
        yield Finding(check, State.LOOK, found, "A direct connection is one thing less that can break")
    else:
        yield Finding(check, State.OK, "the server itself answers")


def examine_clock(database: Database) -> Iterator[Finding]:
    """The database's clock against this machine's."""
    apart = abs((database.row("database_now")["now"] - datetime.now(UTC)).total_seconds())
    if apart > LARGEST_DIFFERENCE.total_seconds():
        yield Finding(
            "clocks",
            State.MEND,
            f"database and this machine are {apart:,.0f} seconds apart",
            "Set both by a time server",
        )
    else:
        yield Finding("clocks", State.OK, f"database and this machine are {apart:.1f} seconds apart")
