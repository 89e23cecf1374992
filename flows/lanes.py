"""More batches at once: each further lane is a dbt process that works its share of the messages.

The lanes share the run, its lock and its ledger. A lane acts only while the run's own session lives, like any batch.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from flows.database import Database, Row
from flows.errors import BadConfiguration
from flows.settings import Settings

# With 1,000,000 due messages two lanes took four fifths of the time of one; with fewer the three seconds that a second
# dbt process needs to start weigh more.
FEWEST_MESSAGES = 1_000_000
MOST_LANES = 64

# dbt is imported while the first lane builds the view; a process whose parent is gone ends.
BEGIN_ONCE_LET = "import sys; from dbt.cli.main import cli; sys.stdin.readline() and cli()"


def check_lanes(lanes: int | None) -> None:
    """Raises BadConfiguration for a number of lanes that can't be meant."""
    if lanes is not None and not 1 <= lanes <= MOST_LANES:
        raise BadConfiguration(
            f"Reading --lanes: expected a whole number from 1 to {MOST_LANES}, found {lanes}. "
            "Leave it out for as many as the server lets one query use; nothing was changed."
        )


def open_lanes(database: Database, run_id: int, lines: list[Row], asked: int | None) -> int:
    """How many lanes the run has, and a ledger line for each; one where so little is due that more would not help."""
    due = sum(line["due"] for line in lines if line["kind"] == "messages" and line["state"] == "open")
    if asked is None:
        asked = int(database.row("server_lanes")["lanes"]) if due >= FEWEST_MESSAGES else 1
    lanes: int = min(asked, max(due, 1))
    if lanes > 1:
        database.execute("open_lanes", run_id=run_id, lanes=lanes)
    return lanes


def start_lane(settings: Settings, run_settings: Mapping[str, str], lane: int) -> "subprocess.Popen[bytes]":
    """Starts dbt for the messages of one lane; silent, with logs of its own; it begins once it is let."""
    project, work = settings.project_dir, settings.work_dir
    target, logs = work / "target" / f"lane-{lane}", work / "logs" / f"lane-{lane}"
    _hand_over_parse(work / "target", target)
    variables = {f"RETENTION_{name.upper()}": value for name, value in run_settings.items()}
    places = {"project-dir": project, "profiles-dir": project, "target-path": target, "log-path": logs}
    options = [word for name, place in places.items() for word in (f"--{name}", str(place))]
    options += ["--select", "anonymized_messages", "--target", "nightly"]
    options += ["--no-write-json", "--log-level", "none", "--log-level-file", "warn"]
    return subprocess.Popen(  # noqa: S603 - dbt, with arguments of ours
        [sys.executable, "-c", BEGIN_ONCE_LET, "run", *options],
        env={**os.environ, **variables, "RETENTION_LANE": str(lane)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def let_begin(lane: "subprocess.Popen[bytes]") -> None:
    """Has a lane begin; one whose process is gone already is found out by its end."""
    if lane.stdin:
        with suppress(BrokenPipeError), lane.stdin:
            lane.stdin.write(b"\n")


def _hand_over_parse(target: Path, of_lane: Path) -> None:
    of_lane.mkdir(parents=True, exist_ok=True)
    parsed = target / "partial_parse.msgpack"
    if parsed.is_file():
        shutil.copy(parsed, of_lane)
