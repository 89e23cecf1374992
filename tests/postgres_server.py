"""A server of an installed PostgreSQL, for running the tests on other versions than the embedded one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from flows.demo.embedded import embedded_postgres


@contextmanager
def installed_postgres(binaries: Path, folder: Path, **settings: str) -> Iterator[dict[str, str]]:
    """Runs the server of `binaries` on `folder`, as the user postgres when called by root; yields libpq's variables."""
    user = "postgres" if os.geteuid() == 0 else None
    data = folder / "data"
    if user:
        shutil.chown(folder, user)
        folder.chmod(0o755)
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options += "".join(f" -c {name}={value}" for name, value in settings.items())
    _call(
        [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ],
        user,
    )
    _call(
        [
            binaries / "pg_ctl",
            "-D",
            data,
            "-l",
            folder / "log",
            "-w",
            "-o",
            options,
            "start",
        ],
        user,
    )
    try:
        yield {
            "PGHOST": str(folder),
            "PGPORT": "5432",
            "PGUSER": "postgres",
            "PGPASSWORD": "",
            "PGDATABASE": "postgres",
        }
    finally:
        _call([binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], user)


def _connect(variables: dict[str, str]) -> psycopg.Connection:
    return psycopg.connect(
        host=variables["PGHOST"], port=variables["PGPORT"], user=variables["PGUSER"], dbname="postgres", autocommit=True
    )


def _call(arguments: list[str | Path], user: str | None) -> None:
    subprocess.run(
        arguments,
        user=user,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
    )


@contextmanager
def own_postgres(folder: Path, **settings: str) -> Iterator[dict[str, str]]:
    """A server for one test file, with settings that only a start can change; of POSTGRES_BIN, or the embedded one."""
    if binaries := os.environ.get("POSTGRES_BIN"):
        with installed_postgres(Path(binaries), folder, **settings) as variables:
            yield variables
        return
    with embedded_postgres(folder) as variables, _connect(variables) as connection:
        for name, value in settings.items():
            connection.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value)))
    with embedded_postgres(folder) as variables:
        yield variables
