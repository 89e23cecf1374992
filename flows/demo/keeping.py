"""What `retention demo --keep` does: the demo's platform in a folder of the caller's, for the real commands to work on.

The database and the dbt project stay in the folder. The S3 does not: each start puts back what a row still names.
"""

import fcntl
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from flows.demo.embedded import LONGEST_FOLDER, postgres_programs
from flows.demo.evidence import NAMED_FILES
from flows.demo.platform import ARCHIVE_BUCKET, FILES_BUCKET, create_platform, fill_platform
from flows.demo.scene import POINTERS, Scene, scene
from flows.demo.story import GENERIC_PICTURE_URL
from flows.errors import BadConfiguration

# What another terminal needs to reach the servers; all else that points anywhere is taken out of it first.
_SHOWN = ("PG", "AWS_", "DBT_", "NO_PROXY", "no_proxy", "PREFECT_API_URL", "PREFECT_SERVER_ANALYTICS_ENABLED")


def keep_running(folder: Path, console: Console) -> None:
    """Start the servers on `folder`, fill the platform where it is new, and stay until Ctrl-C.

    BadConfiguration when the folder is somebody else's, in use, or its path is too long.
    """
    folder = folder.expanduser().resolve()
    _require_fit(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder), suppress(KeyboardInterrupt), scene(folder) as stage:
        console.print(f"A messaging platform in {_as_typed(folder)}, in a real PostgreSQL and an S3 …", soft_wrap=True)
        _fill(stage, console)
        variables = folder / "variables"
        variables.write_text(shell_variables(), encoding="utf-8")
        stage.prefect.wait()
        console.print(
            f"PostgreSQL, S3 and Prefect are running. In another terminal:\n\n    . {_as_typed(variables)}\n"
            f"    cd {_as_typed(stage.project_dir)}\n\nCtrl-C stops them; the same command starts them again.",
            soft_wrap=True,
        )
        while True:
            signal.pause()


def _as_typed(path: Path) -> str:
    """A path as a person types it into a shell."""
    home = Path.home()
    return f"~/{shlex.quote(str(path.relative_to(home)))}" if home in path.parents else shlex.quote(str(path))


def _require_fit(folder: Path) -> None:
    longest = LONGEST_FOLDER - len("/pg")
    if len(os.fsencode(folder)) > longest:
        raise BadConfiguration(
            f"Keeping a platform: expected a folder of at most {longest} bytes (a Unix socket lies inside), "
            f"found {len(os.fsencode(folder))}: {folder}. Choose a shorter path."
        )
    if folder.exists() and not (folder.is_dir() and ((folder / "pg").is_dir() or not any(folder.iterdir()))):
        raise BadConfiguration(
            f"Keeping a platform: expected a new folder or one that this command made, found {folder} with something "
            "else in it. Choose another."
        )


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    (folder / "pg").mkdir(exist_ok=True)  # says whose folder it is
    with (folder / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadConfiguration(
                f"Keeping a platform: expected nobody at work on {folder}, found this command running on it. "
                "Use that one, or choose another folder."
            ) from None
        yield


def _fill(stage: Scene, console: Console) -> None:
    if stage.connection.execute("select to_regclass('platform.environments')").fetchone() == (None,):
        create_platform(stage.connection)
    if stage.connection.execute("select 1 from platform.environments limit 1").fetchone():
        console.print(
            f"It is as you left it. The {_put_back_files(stage):,} files that a row names are in S3 again.",
            soft_wrap=True,
        )
        return
    totals = fill_platform(stage.connection, stage.s3, as_of=datetime.now(UTC), generic_picture_url=GENERIC_PICTURE_URL)
    console.print(
        f"{totals.environments} companies keep data for 24, 12 and 36 months: {totals.users:,} users, "
        f"{totals.messages:,} messages, {totals.files:,} files. All of it is made up.",
        soft_wrap=True,
    )


def _put_back_files(stage: Scene) -> int:
    for bucket in (FILES_BUCKET, ARCHIVE_BUCKET):
        stage.s3.create_bucket(Bucket=bucket)
    stage.s3.put_bucket_versioning(Bucket=ARCHIVE_BUCKET, VersioningConfiguration={"Status": "Enabled"})
    files = stage.connection.execute(NAMED_FILES).fetchall()
    for bucket, key in files:
        stage.s3.put_object(Bucket=bucket, Key=key, Body=b".")
    return len(files)


def shell_variables() -> str:
    """A file to source; sh, bash and zsh read it."""
    programs = f"{Path(sys.executable).parent}:{postgres_programs()}"
    names = sorted(name for name in os.environ if name.startswith(_SHOWN))
    pointers = "|".join((*POINTERS, "PREFECT_"))
    return "\n".join([
        "# Made by `retention demo --keep`, and true while that command runs.",
        f"unset $(env | sed -nE 's/^(({pointers})[A-Z0-9_]*)=.*/\\1/p')",
        f'export PATH={shlex.quote(programs)}:"$PATH"',
        *(f"export {name}={shlex.quote(os.environ[name])}" for name in names),
        "",
    ])  # fmt: skip
