"""The steps of one run: preview what is due → anonymize rows → purge files → remove old row versions → verify → report.

They change no platform row themselves: the post-hooks of dbt's anonymized models do, while the run's lock is held.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import TaskRunContext

from flows import ledger
from flows.account import Account
from flows.activity import remember_activity
from flows.brake import held_back, large_shares
from flows.budget import nights_left
from flows.clocks import check_store_clock
from flows.closing import look_ahead, note_documents, publish
from flows.database import Database, Row
from flows.errors import BadConfiguration, Unexpected
from flows.kinds import named_kind
from flows.lanes import let_begin, open_lanes, start_lane
from flows.ledger import RunRequest
from flows.maintenance import maintain
from flows.progress import progress
from flows.project import DbtProject
from flows.purge import Queue, open_store, purge_together
from flows.refusals import worded
from flows.report import BOUNDARY, RunSummary, by_environment, summarize
from flows.s3_answers import is_of_store
from flows.settings import Settings
from flows.views import build_views

# What Prefect does once more by itself, so that it shows: waiting for a store that is down, and looking. Anonymizing is
# not done again within a run: the next run goes on from the rows as they are.
RETRIES = 1
RETRY_DELAY_SECONDS = 30


@dataclass(slots=True)
class Run:
    """What the steps of one run share, and what each of them could not finish, in sentences."""

    settings: Settings
    database: Database
    request: RunRequest
    run_id: int
    project: DbtProject
    deadline: datetime | None = None
    """When the budget is used up and no further batch is taken; None: never."""
    lanes: int = 1
    left: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    offences: dict[str, int] = field(default_factory=dict)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    has_failed_tests: bool = False
    broken: list[str] = field(default_factory=list)

    def is_out_of_time(self) -> bool:
        """Whether the budget is used up."""
        return self.deadline is not None and datetime.now(UTC) >= self.deadline


def work_through(run: Run) -> None:
    """The steps between opening a run and closing it; a dry run ends after the first."""
    preview_due(run)
    if run.request.dry_run:
        return
    with progress(run.settings.retention_schema, run.run_id):
        anonymize_rows(run)
        purge_queue(run)
        remove_old_row_versions(run)
    verify(run)


@task(name="look at what is due", cache_policy=NO_CACHE, retries=0)
def preview_due(run: Run) -> None:
    """Builds the views, and writes down the work."""
    run.warnings += build_views(run.database, run.project)
    note_documents(run.database, run.run_id, run.project.data_map(), run.project.rules())
    remember_activity(run.database, run.settings.retention_schema)
    lines, large = ledger.open_lines(run.database, run.run_id, run.request, run.project.unindexed())
    for line in lines:
        if line["state"] == "misconfigured" and line["kind"] == "messages":
            run.left.append(f"environment {line['environment_id']} is misconfigured: {line['failure']}.")
    run.held, notes = held_back(lines)
    run.warnings += notes + large_shares(large)
    if not run.request.dry_run and (any(line["files_due"] for line in lines) or _queue(run).count(run.database)):
        check_store_clock(run.database, open_store(run.settings).clock())
    if not run.request.dry_run:
        run.lanes = open_lanes(run.database, run.run_id, lines, run.request.lanes)
        run.project.run_settings["lanes"] = str(run.lanes)


@task(name="anonymize rows", cache_policy=NO_CACHE, retries=0)
def anonymize_rows(run: Run) -> None:
    """Has dbt anonymize, batch by batch, in every lane; says what was left over."""
    began = datetime.now(UTC)
    if broken := work_lanes(run):
        stopped = ", ".join(broken)
        run.broken.append(f"anonymizing stopped in {stopped}; what was committed stays, the next run goes on.")
    lines = run.database.rows("lines", run_id=run.run_id)
    run.left += [_left_over(line) for line in lines if line["state"] == "open" and line["left_over"] != 0]
    if run.request.budget and run.is_out_of_time():
        said = nights_left(lines, run.request.budget, datetime.now(UTC) - began)
        run.left += [said] if said else []


def work_lanes(run: Run) -> list[str]:
    """Works all lanes, the first of them in this process; the names of what stopped."""
    with ExitStack() as ending:
        others = [start_lane(run.settings, run.project.run_settings, lane) for lane in range(1, run.lanes)]
        for lane in others:
            ending.callback(lane.wait)
            ending.callback(lane.terminate)
        if others:
            run.project.build_shown_messages()  # the view stands before several processes build it
        for lane in others:
            let_begin(lane)
        broken = [result.name for result in run.project.anonymize() if result.is_broken]
        return broken + [f"lane {number}" for number, lane in enumerate(others, 1) if lane.wait() != 0]


@task(name="purge files", cache_policy=NO_CACHE, retries=RETRIES, retry_delay_seconds=RETRY_DELAY_SECONDS)
def purge_queue(run: Run) -> None:
    """Deletes the queued files from the file store; what fails stays queued."""
    logger = get_run_logger()
    queue = _queue(run)
    if not (files := queue.count(run.database)):
        return
    try:
        store = open_store(run.settings)
    except BadConfiguration as error:  # a disk that is no longer there
        run.broken.append(f"purging files did not begin: {error}")
        return
    if _is_tried_again() and is_of_store(trouble := store.trouble() or ""):
        raise Unexpected(f"The file store does not answer: {trouble}. Files stay queued; this step is tried again.")
    try:
        purged = purge_together(
            run.database, run.settings.retention_schema, store, run.run_id, queue, files, run.is_out_of_time
        )
    except Exception as error:  # noqa: BLE001 - the store must not keep the rest of the run from being verified and reported
        run.broken.append(f"purging files stopped with {type(error).__name__}; they stay queued.")
        return
    logger.info(
        "Purged %d files, spared %d that living rows name.",
        purged.purged,
        purged.spared,
    )
    waiting = queue.count(run.database)
    if waiting:
        reasons = ", ".join(f"{reason} ({count:,})" for reason, count in purged.failed.most_common())
        reasons = reasons or ("the budget was used up" if run.is_out_of_time() else "held by another worker")
        meaning = " What each means: docs/operate.md, Files." if purged.failed else ""
        run.left.append(f"{waiting:,} files stay queued for the next run: {reasons}.{meaning}")


@task(name="remove old row versions", cache_policy=NO_CACHE, retries=0)
def remove_old_row_versions(run: Run) -> None:
    """Removes what PostgreSQL keeps of the emptied rows, and of the queue; what can't be removed yet is left."""
    run.left += maintain(run.database, run.run_id, run.request.residue)


@task(
    name="verify that nothing due is left",
    cache_policy=NO_CACHE,
    retries=RETRIES,
    retry_delay_seconds=RETRY_DELAY_SECONDS,
)
def verify(run: Run) -> None:
    """Runs the data tests over what the run undertook."""
    logger = get_run_logger()
    results = run.project.verify()
    if _is_tried_again() and (broken := [result.name for result in results if result.is_broken]):
        raise Unexpected(f"Tests could not be run: {', '.join(broken[:5])}. This step is tried again; it only looks.")
    if not results:
        run.broken.append("verification ran no test; look for DBT_ variables that choose what dbt works on.")
    for result in results:
        run.checks[result.check] = {"status": result.status, "offences": result.failures}
        logger.info("%s: %s, %d offences.", result.name, result.status, result.failures)
        if result.is_broken:
            run.broken.append(f"the test {result.name} could not be run.")
        elif result.failures:
            run.offences[result.tested or result.name] = result.failures
            if result.status == "fail":
                run.has_failed_tests = True
                run.left.append(f"{result.failures:,} offences in {result.tested or result.name}.")
            else:
                run.warnings.append(
                    f"{result.failures:,} offences in {result.tested or result.name}, which only warns."
                )


@task(name="close the run and report", cache_policy=NO_CACHE, retries=0)
def report(run: Run) -> RunSummary:
    """Closes the run in the ledger, writes its report and shows both in Prefect."""
    left = [*run.broken, *run.held, *run.left]
    if not run.request.dry_run:
        scope = None if run.request.environments is None else list(run.request.environments)
        run.database.execute("note_files_left", run_id=run.run_id, environments=scope)
    forecast, unseen = look_ahead(run.database, run.run_id)
    account = Account(left, [*run.warnings, *unseen], run.checks or None, forecast)
    ledger.finish_run(run.database, run.run_id, _outcome(run), run.offences, account)
    address, unwritten = publish(run.database, run.settings, run.run_id)
    summary = summarize(run.database, run.run_id, left, [*account.warnings, *unwritten])
    summary = replace(summary, report=address)
    rows: list[dict[str, Any]] = [*by_environment(summary)]
    create_table_artifact(
        table=rows,
        key="retention-run",
        description=f"Run {run.run_id}: {summary.outcome}. {' '.join([*summary.left, *summary.warnings])} {BOUNDARY}",
    )
    return summary


def _outcome(run: Run) -> str:
    if run.request.dry_run:
        return "dry run"
    if run.broken:
        return "failed"
    if run.has_failed_tests:
        return "offences found"
    if run.held:
        return "held back"
    return "partly done" if run.left else "done"


def _is_tried_again() -> bool:
    """Whether Prefect does this task once more when it fails now; the last attempt reports what it could not do."""
    context = TaskRunContext.get()
    return context is not None and context.task_run.run_count <= context.task.retries


def _queue(run: Run) -> Queue:
    return Queue(run.request.environments, run.settings.purge_delay, run.settings.file_layout)


def _left_over(line: Row) -> str:
    count = "an unknown number of" if line["left_over"] is None else f"{line['left_over']:,}"
    reason = worded(line["failure"] or "other sessions held or added them")
    return f"{count} {named_kind(line['kind'])} of environment {line['environment_id']} are still due: {reason}."
