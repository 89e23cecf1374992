"""A platform as large as asked, filled by the server itself, and copies: all contestants begin on the same rows."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from flows import ledger
from flows.database import Database
from flows.demo.embedded import embedded_postgres
from flows.demo.platform import create_platform
from flows.prepare import Part, apply, missing_steps
from flows.project import DbtProject
from flows.settings import read_settings

ENVIRONMENTS = 20
PROJECT = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "functions", "tests/generic")

# As a server is set up that must not lose anything; the embedded one is throw-away otherwise.
DURABLE: tuple[LiteralString, ...] = (
    "alter system set fsync = on",
    "alter system set full_page_writes = on",
    "alter system set synchronous_commit = on",
    "select pg_reload_conf()",
)

# Due messages lie before the longest period's cutoff; living ones are of the last three weeks.
FILL: tuple[LiteralString, ...] = (
    "insert into platform.environments select n, 'Company ' || n from generate_series(1, 20) as n",
    """
    insert into platform.users
    select
        n, 1 + n %% 20, 'twitter', 'person-' || n, 'First ' || n, 'Last ' || n, array['@' || n],
        'https://network.example/' || n, 'https://pictures.example/' || n, null, null,
        case when n <= %(due_users)s then now() - interval '11 years' else now() - interval '20 days' end, null
    from generate_series(1, %(users)s) as n
    """,
    """
    insert into platform.messages
    select
        n, 1 + n %% 20, n / 20, %(due_users)s + 1 + n %% (%(users)s - %(due_users)s),
        'inbound', 'private', 'twitter', md5('m' || n), 'https://network.example/m/' || md5(n::text),
        repeat(md5(n::text), 4), at, at
    from (
        select
            n,
            case
                when n <= %(due)s then now() - interval '11 years' + n * interval '1 second'
                else now() - interval '20 days' + n %% 1700000 * interval '1 second'
            end as at
        from generate_series(1, %(messages)s) as n
    ) as dated
    """,
    """
    insert into platform.attachments
    select
        n, 1 + (4 * n) %% 20, 4 * n, 'files', 'key/' || n, 'name ' || n || '.png', 'image/png', 100,
        now() - interval '20 days', null
    from generate_series(1, %(messages)s / 4) as n
    """,
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows are stored, and how many of them are due."""

    messages: int
    due: int
    users: int = 2000
    due_users: int = 0


@dataclass(frozen=True, slots=True)
class Server:
    """A server of its own, with the project's files beside it."""

    variables: dict[str, str]
    folder: Path

    def connect(self, database: str) -> "psycopg.Connection[tuple[Any, ...]]":
        """A session that commits each statement."""
        return psycopg.connect(dbname=database, autocommit=True)

    def build(self, name: str, size: Size) -> None:
        """Makes a platform, prepared as the product asks for, with periods of 1, 12, 24 and 120 months."""
        with self.connect("postgres") as admin:
            admin.execute(sql.SQL("drop database if exists {0} with (force)").format(sql.Identifier(name)))
            admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        with self.connect(name) as connection:
            create_platform(connection)
            counts = {"messages": size.messages, "due": size.due, "users": size.users, "due_users": size.due_users}
            for statement in FILL:
                connection.execute(statement, counts if "%(" in statement else None)
            os.environ["PGDATABASE"] = name
            with Database.connect("retention") as database:
                ledger.prepare_ledger(database, "retention")
                project = DbtProject(read_settings(self.project(name)), {})
                apply(database, list(missing_steps(database, project, [Part.INDEXES])))
            connection.execute("vacuum (freeze, analyze)")
            connection.execute("checkpoint")

    def copy(self, source: str, name: str) -> None:
        """Copies a platform, byte by byte."""
        with self.connect("postgres") as admin:
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            admin.execute(
                sql.SQL("create database {} template {} strategy file_copy").format(
                    *map(sql.Identifier, (name, source))
                )
            )
            admin.execute("checkpoint")

    def project(self, name: str) -> Path:
        """The dbt project for one database, with the periods; dbt's parse holds for one database's name."""
        target = self.folder / f"project-{name}"
        if not target.is_dir():
            root = Path(__file__).parent.parent
            for part in PROJECT:
                (shutil.copytree if (root / part).is_dir() else _copy_file)(root / part, target / part)
            with (target / "seeds" / "retention_periods.csv").open("a") as seed:
                seed.writelines(f"{n},{(1, 12, 24, 120)[n % 4]}\n" for n in range(1, ENVIRONMENTS + 1))
        os.environ["DBT_PROFILES_DIR"] = str(target)
        return target


def _copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


@contextmanager
def server() -> Iterator[Server]:
    """A PostgreSQL with its own defaults, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with embedded_postgres(folder / "pg") as variables:
            os.environ.update(variables)
            started = Server(variables, folder)
            with started.connect("postgres") as admin:
                for statement in DURABLE:
                    admin.execute(statement)
            yield started
    finally:
        shutil.rmtree(folder, ignore_errors=True)
