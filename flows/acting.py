"""Anonymizing the rows of one run, in as many lanes as it has; dbt's post-hooks do it, while the run's lock is held."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect.futures import wait

from flows.budget import nights_left
from flows.database import Row
from flows.errors import Unexpected
from flows.kinds import named_kind
from flows.lanes import Lane, start_lane
from flows.refusals import worded
from flows.run import Run


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
    """Works all lanes, the first in this process, within a flow the others as tasks; the names of what stopped."""
    if run.others:
        run.project.build_shown_messages()  # the view stands before several processes build it
    for lane in run.others:
        lane.let_begin(run.lanes)
    shown = [follow_lane.submit(lane.number, lane) for lane in run.others] if FlowRunContext.get() else []
    broken = [result.name for result in run.project.anonymize() if result.is_broken]
    wait(shown)
    return broken + [f"lane {lane.number}" for lane in run.others if not lane.is_through()]


@task(name="work a lane", task_run_name="lane {number}", cache_policy=NO_CACHE, retries=0)
def follow_lane(number: int, lane: Lane) -> None:
    """Shows in Prefect how long one of the further lanes works, and whether it stopped."""
    if not lane.is_through():
        raise Unexpected(
            f"Working lane {number}: expected it to work its share of the messages, found its process ended before. "
            f"What it committed stays; the next run goes on. See logs/lane-{number}/dbt.log in the project."
        )


@contextmanager
def further_lanes(run: Run) -> Iterator[None]:
    """Where several lanes were asked for, their processes read the project meanwhile; none outlives what is within."""
    try:
        if not run.request.dry_run:
            set_lanes(run, run.request.lanes or 1)
        yield
    finally:
        set_lanes(run, 1)


def set_lanes(run: Run, count: int) -> None:
    """Has the run as many lanes: starts the processes of those that it lacks, and ends those beyond."""
    while len(run.others) >= count:
        run.others.pop().end()
    while len(run.others) < count - 1:
        run.project.read()  # each reads what this has read, in a moment
        run.others.append(start_lane(run.settings, run.project.run_settings, len(run.others) + 1))


def _left_over(line: Row) -> str:
    count = "an unknown number of" if line["left_over"] is None else f"{line['left_over']:,}"
    reason = worded(line["failure"] or "other sessions held or added them")
    return f"{count} {named_kind(line['kind'])} of environment {line['environment_id']} are still due: {reason}."
