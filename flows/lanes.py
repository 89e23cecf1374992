"""More batches at once: each further lane is a dbt process, `flows.lane`, that works its share of the messages.

The lanes share the run, its lock and its ledger. A lane acts only while the run's own session lives, like any batch.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.database import Database, Row
from flows.errors import BadConfiguration
from flows.settings import Settings

# Where nobody asked for lanes, their processes start once it is known how much is due; with fewer messages the four
# seconds that they need before they can begin weigh more.
FEWEST_MESSAGES = 1_000_000
MOST_LANES = 64


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


@dataclass(frozen=True, slots=True)
class Lane:
    """A further lane: a process of `flows.lane`, which has begun to read the project."""

    number: int
    process: "subprocess.Popen[bytes]"

    def let_begin(self, lanes: int) -> None:
        """Has it work its share of so many; one whose process is gone already is found out by its end."""
        if self.process.stdin:
            with suppress(BrokenPipeError), self.process.stdin:
                self.process.stdin.write(f"{lanes}\n".encode())

    def is_through(self) -> bool:
        """Waits for its end; whether it did all that it was let do."""
        return self.process.wait() == 0

    def end(self) -> None:
        """Ends it where it is: its session's batch is undone. Nothing where it has ended."""
        self.process.terminate()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()


def start_lane(settings: Settings, run_settings: Mapping[str, str], number: int) -> Lane:
    """Starts a lane's process; silent, with logs of its own. It changes nothing before it is let."""
    project, work = settings.project_dir, settings.work_dir
    target, logs = work / "target" / f"lane-{number}", work / "logs" / f"lane-{number}"
    _hand_over_parse(work / "target", target)
    variables = {f"RETENTION_{name.upper()}": value for name, value in run_settings.items()}
    places = {"project-dir": project, "profiles-dir": project, "target-path": target, "log-path": logs}
    options = [word for name, place in places.items() for word in (f"--{name}", str(place))]
    process = subprocess.Popen(  # noqa: S603 - ours, with arguments of ours
        [sys.executable, "-P", "-m", "flows.lane", *options],  # -P: whatever the current folder holds
        env={**os.environ, **variables, "RETENTION_LANE": str(number)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return Lane(number, process)


def _hand_over_parse(target: Path, of_lane: Path) -> None:
    of_lane.mkdir(parents=True, exist_ok=True)
    parsed = target / "partial_parse.msgpack"
    if parsed.is_file():
        shutil.copy(parsed, of_lane)
