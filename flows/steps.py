"""The steps of one run: preview what is due → anonymize rows → purge files → remove old row versions → verify → report.

They change no platform row themselves: the post-hooks of dbt's anonymized models do, while the run's lock is held.
"""

from dataclasses import replace
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import TaskRunContext

from flows import ledger
from flows.account import Account
from flows.acting import anonymize_rows, further_lanes, set_lanes
from flows.activity import remember_activity
from flows.brake import held_back, large_shares
from flows.clocks import check_store_clock
from flows.closing import look_ahead, note_documents, publish
from flows.errors import BadConfiguration, Unexpected
from flows.lanes import open_lanes
from flows.maintenance import maintain
from flows.progress import progress
from flows.purge import Queue, open_store, purge_together
from flows.report import BOUNDARY, RunSummary, by_environment, summarize
from flows.run import Run
from flows.s3_answers import is_of_store
from flows.views import build_views

# What Prefect does once more by itself, so that it shows: waiting for a store that is down, and looking. Anonymizing is
# not done again within a run: the next run goes on from the rows as they are.
RETRIES = 1
RETRY_DELAY_SECONDS = 30


def work_through(run: Run) -> None:
    """The steps between opening a run and closing it; a dry run ends after the first."""
    with further_lanes(run):
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
        set_lanes(run, run.lanes)


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
