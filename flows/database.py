"""The one door to PostgreSQL: a connection, and the statements of `sql/queries/` by their names."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from flows.errors import BadConfiguration

Row = dict[str, Any]

# What a role may not read, or a database lacks; their messages name objects, never a value.
NOT_THERE = (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable)

# The purge's check of living rows reads what is committed by then. Rows that row security hides would pass for rows
# that are not there: with it off the server refuses to read. The server frees the run's locks within a second of this
# process's death, and within a minute when this machine falls silent. Without jit: the planner can't count what lies
# before a cutoff that it does not know yet, and would compile for longer than the look takes.
SESSION = (
    "-c timezone=Europe/Paris -c idle_session_timeout=0 -c idle_in_transaction_session_timeout=0 "
    "-c default_transaction_isolation=read\\ committed -c row_security=off "
    "-c client_connection_check_interval=1000 -c jit=off "
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
)

# The files of `sql/` that make a thing, in their order: lines name approvals, and an earlier version's tables are there
# before what they lack is added.
SCRIPTS = {
    "schema": ("alone", "schema"),
    "ledger": (
        "alone",
        "ledger/runs", "ledger/approvals", "ledger/pauses", "ledger/run_lines", "ledger/file_queue", "ledger/activity",
        "ledger/done_rows", "ledger/upgrade", "ledger/grants",
    ),
    "functions": (
        "alone",
        "functions/emptied_json", "functions/holds_json", "functions/undeclared_paths", "functions/url_decoded",
    ),
}  # fmt: skip


class Database:
    """A session in which the ledger's statements run, each on its own unless within `transaction`.

    It holds the run's advisory locks, so it lives as long as the run.
    """

    def __init__(self, connection: psycopg.Connection[Row], ledger_schema: str) -> None:
        self._connection = connection
        self._ledger_schema = ledger_schema

    @classmethod
    @contextmanager
    def connect(cls, ledger_schema: str, *, is_read_only: bool = False) -> Iterator["Database"]:
        """Opens a session by libpq's variables; BadConfiguration when the server can't be reached.

        One that is read-only can't write whatever it executes: the server refuses.
        """
        try:
            connection = psycopg.connect(
                autocommit=True,
                row_factory=dict_row,
                connect_timeout=10,
                application_name="retention",
                keepalives_idle=30,
                keepalives_interval=10,
                keepalives_count=3,
                options=f"{SESSION} -c default_transaction_read_only=on" if is_read_only else SESSION,
            )
        except psycopg.OperationalError as error:
            found = " ".join(str(error).split()).replace(" host None", f" host {_host()!r}")
            raise BadConfiguration(
                f"Connecting to PostgreSQL: expected a server, found {found}{'' if found[-1:] in '.?!' else '.'} "
                "Check PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE; nothing was changed."
            ) from None
        with connection:
            yield cls(connection, ledger_schema)

    @property
    def told_pid(self) -> int:
        """The session's number as it was told at the beginning: by the server, or by what stands before it."""
        return self._connection.info.backend_pid

    def run_script(self, name: str) -> None:
        """Executes the files of `sql/` that make one of SCRIPTS, each of several statements, in one transaction."""
        with self._connection.transaction():
            for file in SCRIPTS[name]:
                self._connection.execute(self._compose(_text(f"{file}.sql")))

    def text_of(self, name: str, **schemas: str) -> str:
        """A file of `sql/` as text, with the ledger's schema and others filled in."""
        identifiers = {word: sql.Identifier(schema) for word, schema in schemas.items()}
        composed = sql.SQL(_text(f"{name}.sql")).format(ledger=sql.Identifier(self._ledger_schema), **identifiers)
        return composed.as_string(self._connection)

    def execute_alone(self, statement: str, lock_timeout: int) -> None:
        """Executes a statement in no transaction but its own; waits for locks up to `lock_timeout` ms, 0: for ever."""
        self._connection.execute("select set_config('lock_timeout', %s, false)", [str(lock_timeout)])
        self._connection.execute(statement.encode())

    def select(self, query: str, columns: str) -> list[Row]:
        """Columns of a query that dbt compiled, in a transaction that can't write.

        BadConfiguration where the role may not read what it names, or the database lacks it.
        """
        try:
            with self._connection.transaction():
                self._connection.execute("set transaction read only")
                return self._connection.execute(f"select {columns} from ({query}) as compiled".encode()).fetchall()  # noqa: S608
        except NOT_THERE as error:
            raise BadConfiguration(
                f"Reading the platform as {self._connection.info.user}: expected the tables and columns of the data "
                f"map, and a role that may read them, found: {error.diag.message_primary}. Mend PLATFORM_SCHEMA, the "
                "data map or the thin view, or grant what is missing; nothing was changed."
            ) from None

    def rows(self, name: str, **parameters: object) -> list[Row]:
        """The rows of a named statement; BadConfiguration where the role may not, or a view is an earlier version's."""
        try:
            return self._connection.execute(self._compose(_statements()[name]), parameters).fetchall()
        except NOT_THERE as error:
            raise BadConfiguration(
                f"Reading {self._ledger_schema} as {self._connection.info.user}: expected a role that may, and this "
                f"version's views, found: {error.diag.message_primary}. Grant the role what is missing, or run "
                "`retention run --dry-run` once."
            ) from None

    def rows_within(self, seconds: float, name: str, **parameters: object) -> list[Row] | None:
        """The rows of a named statement that is only wanted if it is quick; None where it took longer."""
        limit = f"{seconds * 1000:.0f}"
        try:
            with self._connection.transaction():
                self._connection.execute("select set_config('statement_timeout', %s, true)", [limit])
                return self.rows(name, **parameters)
        except psycopg.errors.QueryCanceled:
            return None

    def row(self, name: str, **parameters: object) -> Row:
        """The only row of a named statement."""
        (row,) = self.rows(name, **parameters)
        return row

    def execute(self, name: str, **parameters: object) -> int:
        """Executes a named statement that returns no rows; the number of rows it touched."""
        return self._connection.execute(self._compose(_statements()[name]), parameters).rowcount

    def attempt(self, name: str, *table: str) -> str | None:
        """Executes a named statement outside a transaction, on a table where one is given by schema and name.

        Returns the SQLSTATE where it failed, never the error's text: it may quote a row.
        """
        identifiers = {"table": sql.Identifier(*table)} if table else {}
        statement = sql.SQL(_statements()[name]).format(**identifiers)
        try:
            self._connection.execute(statement)
        except psycopg.Error as error:
            if error.sqlstate is None:  # the connection is gone
                raise
            return error.sqlstate
        return None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction around several statements."""
        with self._connection.transaction():
            yield

    def _compose(self, text: str) -> sql.Composed:
        # The text is a file of this package; only the schema's name is filled in.
        return sql.SQL(text).format(ledger=sql.Identifier(self._ledger_schema))


def _host() -> str:
    """The host that libpq's variables or service file name; psycopg says None of one that it can't resolve."""
    return next(
        option.val or b"" for option in psycopg.pq.Conninfo.get_defaults() if option.keyword == b"host"
    ).decode()


def _text(file_name: str) -> str:
    return files("flows").joinpath("sql", file_name).read_text(encoding="utf-8")


@cache
def _statements() -> dict[str, str]:
    """The statements of `sql/queries/`, by name; a name stands once, in whichever file."""
    statements: dict[str, str] = {}
    for file in files("flows").joinpath("sql", "queries").iterdir():
        parts = re.split(r"^-- name: (\w+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        statements |= dict(zip(parts[1::2], parts[2::2], strict=True))
    return statements
