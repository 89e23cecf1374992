"""The contests: the product against what one would write by hand, on copies of the same rows, in turns."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.platform import Server, Size
from flows import ledger
from flows.acting import further_lanes, work_lanes
from flows.activity import remember_activity
from flows.database import Database
from flows.lanes import open_lanes
from flows.ledger import RunRequest
from flows.project import ANONYMIZED, DbtProject, NodeResult, node_results
from flows.run import Run
from flows.settings import read_settings

PGANONYMIZE = Path(".venv-bench/bin/pganonymize")
RULES = Path(__file__).with_name("pganonymize.yml")

BY_HAND = (
    """
    update platform.attachments set object_key = '', file_name = '', anonymized_on = current_date
    where anonymized_on is null and message_id in (
        select message_id from platform.messages
        where anonymized_on is null and created_at < now() - interval '120 months'
    )
    """,
    """
    update platform.messages
    set network_id = 'anonymized-' || gen_random_uuid(), url = '', content = '', anonymized_on = current_date
    where anonymized_on is null and created_at < now() - interval '120 months'
    """,
)


class Project(DbtProject):
    """The project without Prefect around the batches, which would start a server for itself within what is measured."""

    def anonymize(self) -> list[NodeResult]:
        """Builds the views whose post-hooks anonymize."""
        return node_results(self.run_alone("run", ["--select", ANONYMIZED], self.alone))


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what, against what, the ratio that was measured, and what is to be reached."""

    number: str
    what: str
    against: str
    measured: str
    reach: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What one turn took."""

    seconds: float
    wal_bytes: int


def by_hand(server: Server, name: str) -> Cost:
    """One UPDATE per table."""
    with server.connect(name) as connection, _measured(server, name) as cost:
        for statement in BY_HAND:
            connection.execute(statement)
    return cost()


def by_pganonymize(server: Server, name: str) -> Cost:
    """The tool of that name, from its own environment, on the same columns."""
    asked = [PGANONYMIZE, "--schema", RULES, "--dbname", name, "--host", server.variables["PGHOST"]]
    asked += ["--port", server.variables["PGPORT"], "--user", server.variables["PGUSER"], "--password", ""]
    with _measured(server, name) as cost:
        subprocess.run(
            asked, check=True, env={**os.environ, "PGOPTIONS": "-c search_path=platform"}, stdout=subprocess.DEVNULL
        )
    return cost()


def by_product(server: Server, name: str, lanes: int = 1) -> Cost:
    """The post-hooks as dbt runs them; of several lanes the time from the first one's start to the last one's end.

    As in every run, the processes of further lanes read the project while this one looks at what is due.
    """
    with open_run(server, name, lanes=lanes) as run:
        lines, _ = ledger.open_lines(run.database, run.run_id, run.request, run.project.unindexed())
        run.lanes = open_lanes(run.database, run.run_id, lines, lanes)
        run.project.run_settings["lanes"] = str(run.lanes)
        with _measured(server, name) as cost:
            broken = work_lanes(run)
        _must_be_through(run, broken)
        if lanes == 1:
            return Cost(_seconds_of_lines(server, name, run), cost().wal_bytes)
    return cost()


def anonymizing(server: Server, due: int, turns: int) -> list[Figure]:
    """Contests 1 and 9."""
    server.build("backlog", Size(messages=due, due=due))
    contestants: dict[str, Callable[[str], Cost]] = {
        "hand": lambda name: by_hand(server, name),
        "one lane": lambda name: by_product(server, name),
        "two lanes": lambda name: by_product(server, name, 2),
        "pganonymize": lambda name: by_pganonymize(server, name),
    }
    costs: dict[str, list[Cost]] = {who: [] for who in contestants}
    for _ in range(turns):
        for who, work in contestants.items():
            server.copy("backlog", "turn")
            costs[who].append(work("turn"))
            _must_be_empty(server, who)
    speed = {who: due / statistics.median(cost.seconds for cost in found) for who, found in costs.items()}
    wal = {who: statistics.median(cost.wal_bytes for cost in found) / due for who, found in costs.items()}
    against = f"one UPDATE per table, {speed['hand']:,.0f} rows/s"
    return [
        Figure("1", f"{due:,} due messages with attachments, one lane: {speed['one lane']:,.0f} rows/s", against,
               f"{speed['one lane'] / speed['hand']:.2f}", "≥ 0.95"),
        Figure("1", f"the same, two lanes: {speed['two lanes']:,.0f} rows/s", against,
               f"{speed['two lanes'] / speed['hand']:.2f}", "≥ 1.3"),
        Figure("2", "the same, one lane", f"pganonymize: {speed['pganonymize']:,.0f} rows/s",
               f"{speed['one lane'] / speed['pganonymize']:.1f}", "≥ 2.5"),
        Figure("9", f"WAL per row, one lane: {wal['one lane']:,.0f} bytes", f"{wal['hand']:,.0f} bytes",
               f"{wal['one lane'] / wal['hand']:.2f}", "≤ 1.05"),
    ]  # fmt: skip


def nights(server: Server, stored: tuple[int, int], due: int, due_users: int) -> list[Figure]:
    """Contests 3 and 4: the SQL of a night with the same due in a small and a large platform, and with nothing due."""
    seconds: list[float] = []
    for number in stored:
        server.build("night", Size(messages=number, due=due, users=number // 10, due_users=due_users))
        with open_run(server, "night") as run:  # the night before, which leaves behind when users were last active
            remember_activity(run.database, run.settings.retention_schema)
        seconds.append(_night(server, "night"))
        nothing = _night(server, "night")
    small, large = (f"{number:,}" for number in stored)
    return [
        Figure("3", f"a night with {due:,} messages and {due_users:,} users due, {large} stored: {seconds[1]:.2f} s",
               f"{small} stored: {seconds[0]:.2f} s", f"{seconds[1] / seconds[0]:.2f}", "≤ 1.2"),
        Figure("4", f"a night with nothing due, {large} stored", "", f"{nothing:.2f} s", "under 1 s"),
    ]  # fmt: skip


def _night(server: Server, name: str) -> float:
    """Seconds of the SQL of a night: the look, the batches, the recounts."""
    with open_run(server, name) as run:
        began = time.monotonic()
        remember_activity(run.database, run.settings.retention_schema)
        ledger.open_lines(run.database, run.run_id, run.request)
        looked = time.monotonic() - began
        _must_be_through(run, [result.name for result in run.project.anonymize() if result.is_broken])
        return looked + _seconds_of_lines(server, name, run)


def _seconds_of_lines(server: Server, name: str, run: Run) -> float:
    with server.connect(name) as connection:
        ((seconds,),) = connection.execute(
            "select coalesce(sum(seconds), 0) from retention.run_lines where run_id = %s", [run.run_id]
        )
    return float(seconds)


def _must_be_empty(server: Server, who: str) -> None:
    """A contestant that left a text behind has measured something else."""
    with server.connect("turn") as connection:
        ((left,),) = connection.execute("select count(*) from platform.messages where content <> ''")
    if left:
        raise SystemExit(f"Measuring: expected {who} to empty every text, found {left:,} left.")


def _must_be_through(run: Run, broken: list[str]) -> None:
    left = sum(row["left_over"] or 0 for row in run.database.rows("lines", run_id=run.run_id))
    if broken or left:
        raise SystemExit(f"Measuring: expected every due row to be done, found {left:,} left and broken: {broken}.")


@contextmanager
def open_run(server: Server, name: str, environments: tuple[str, ...] | None = None, lanes: int = 1) -> Iterator[Run]:
    """A run that is open while what is within goes on, its views built, its lanes ready to begin."""
    os.environ["PGDATABASE"] = name
    settings = read_settings(server.project(name))
    request = RunRequest(is_approved=True, environments=environments, lanes=lanes)
    with Database.connect(settings.retention_schema) as database, ledger.only_run(database):
        clock = ledger.fix_as_of(database, request)
        with ledger.open_run(database, request, clock) as run_id:
            project = Project(settings, {"as_of": clock.as_of.isoformat(), "run_id": str(run_id)})
            run = Run(settings, database, request, run_id, project)
            with further_lanes(run):
                project.look()
                yield run
            ledger.finish_run(database, run_id, "done", {})


@contextmanager
def _measured(server: Server, name: str) -> Iterator[Callable[[], Cost]]:
    with server.connect(name) as connection:
        ((before,),) = connection.execute("select pg_current_wal_lsn()")
        began = time.monotonic()
        found: list[Cost] = []
        yield lambda: found[0]
        seconds = time.monotonic() - began
        ((wal_bytes,),) = connection.execute("select pg_wal_lsn_diff(pg_current_wal_lsn(), %s)", [before])
        found.append(Cost(seconds, int(wal_bytes)))
