"""The nightly flow: fix as_of → preview what is due → anonymize → purge files → remove old row versions → verify
→ report.

Exactly once a day is the ledger's job, not the scheduler's: Prefect may start a run twice, or a week of them at once.
"""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext

from flows import ledger
from flows.alarm import tell
from flows.budget import read_budget
from flows.clocks import check_database_clock
from flows.closing import reported_run
from flows.database import Database
from flows.environments import check_environments
from flows.form import AsOf, Budget, Environments, Lanes, Residue
from flows.interruption import understood_as_an_end
from flows.lanes import check_lanes
from flows.ledger import Clock, RunRequest
from flows.maintenance import check_level
from flows.pause import refuse_while_paused
from flows.periods import check_periods
from flows.project import DbtProject
from flows.report import OUTCOME_ERRORS, RunSummary
from flows.run import Run
from flows.settings import Settings, read_settings
from flows.steps import report, work_through


def _run_name() -> str:
    return f"anonymize {datetime.now(ZoneInfo('Europe/Paris')):%Y-%m-%d}"


@flow(
    name="anonymize",
    flow_run_name=_run_name,
    version=version("retention"),
    description="Anonymizes in place what has outlived its retention period, purges its files, and verifies both.",
    on_failure=[tell],
    on_crashed=[tell],
)
def anonymize(  # noqa: PLR0913, PLR0917 - what a run can be asked
    as_of: AsOf = None,
    environments: Environments = None,
    dry_run: bool = False,
    approve_all: bool = False,
    project_dir: Path | None = None,
    residue: Residue = None,
    lanes: Lanes = None,
    budget: Budget = None,
) -> RunSummary | None:
    """Anonymizes in place what has outlived its retention period, purges its files from S3, and verifies both.

    Args:
        as_of: The instant to judge by, ISO 8601, Paris time without a zone. Empty: now.
        environments: The environments to work on, by their keys. Empty: all of them.
        dry_run: Only count what is due; no platform row is changed.
        approve_all: Pass the brake for all that is due; never by schedule. What is anonymized can not be undone.
        project_dir: The dbt project's folder. Empty: the worker's current folder.
        residue: How far old row versions are removed, see docs/residue.md. Empty: as the var residue says.
        lanes: How many batches work at once. Empty: as many as the server lets one query use.
        budget: How long new batches are taken, such as 2h or 90m. Empty: without end.

    Returns the run as the ledger has it, or None when the day's scheduled run is complete already. Raises the errors of
    `flows.errors`, among them PartlyDone with the summary.
    """
    is_scheduled = _is_started_by_schedule()
    is_approved = approve_all and not is_scheduled
    request = RunRequest(as_of, environments, dry_run, is_approved, is_scheduled, residue, lanes, read_budget(budget))
    with understood_as_an_end():
        summary = run_once(read_settings(project_dir), request)
    if summary is None:
        get_run_logger().info("Today's scheduled run is complete already; nothing to do.")
    elif summary.outcome in OUTCOME_ERRORS:
        raise OUTCOME_ERRORS[summary.outcome](" ".join(summary.left), summary)
    return summary


def run_once(settings: Settings, request: RunRequest) -> RunSummary | None:
    """Opens a run, works it through and closes it, alone on its database; what can be refused is before it is open."""
    check_level(request.residue)
    check_lanes(request.lanes)
    check_periods(settings.project_dir)
    project = DbtProject(settings, {})
    with Database.connect(settings.retention_schema) as database:
        check_environments(database, project, request.environments)
        ledger.prepare_ledger(database, settings.retention_schema)
        with ledger.only_run(database):
            if not request.dry_run:
                refuse_while_paused(database)
            check_database_clock(database)
            clock = fix_as_of(database, request)
            if request.is_scheduled and ledger.is_complete(database, clock):
                return None
            with reported_run(database, settings, request, clock) as run_id:
                project.run_settings |= {"as_of": clock.as_of.isoformat(), "run_id": str(run_id)}
                run = Run(settings, database, request, run_id, project)
                if request.budget:
                    run.deadline = ledger.started_at(database, run_id) + request.budget
                    project.run_settings["deadline"] = run.deadline.isoformat()
                work_through(run)
                return report(run)


@task(name="fix the instant to judge by", cache_policy=NO_CACHE, retries=0)
def fix_as_of(database: Database, request: RunRequest) -> Clock:
    """One instant, by the database's clock, for every view, batch and test of the run."""
    return ledger.fix_as_of(database, request)


def _is_started_by_schedule() -> bool:
    context = FlowRunContext.get()
    return bool(context and context.flow_run and context.flow_run.auto_scheduled)
