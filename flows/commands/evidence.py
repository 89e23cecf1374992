"""What is due, what was done and whether it holds: `status`, `forecast`, `runs`, `ledger verify`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands.terminal import AsJson, ProjectDir, console, print_json, quiet_prefect, waiting
from flows.database import Database
from flows.errors import Alarm
from flows.settings import read_settings


@contextmanager
def _ledger() -> Iterator[Database]:
    """A session with the ledger; BadConfiguration where no run has built what is asked of it."""
    from flows.status import require_views

    settings = read_settings()
    with Database.connect(settings.retention_schema) as database:
        require_views(database, settings.retention_schema)
        yield database


def status(as_json: AsJson = False) -> None:
    """Show what is due right now and what the last run did; exit code 7 when a person has to look."""
    from flows.report import print_status
    from flows.status import read_status

    with _ledger() as database:
        found = read_status(database)
    if as_json:
        print_json(found.as_json())
    else:
        print_status(found, console())
    if found.alarms:
        sys.exit(Alarm.exit_code)


def forecast(
    months: Annotated[int | None, typer.Option(help="As if every environment's period were this long.")] = None,
    as_of: Annotated[str | None, typer.Option(help="From this instant on; Paris time without a zone.")] = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Show what falls due within 400 days, with the periods in force or with another; changes nothing."""
    quiet_prefect()
    from flows.forecast import read_forecast
    from flows.report import print_table

    with waiting("Looking 400 days ahead ..."):
        found = read_forecast(project_dir, months, as_of)
    if as_json:
        print_json(found.days)
    elif found.days:
        print_table(found.by_environment(), console())
        typer.echo("Rows and files that are due by then if no run works until then.")


def runs(
    last: Annotated[int, typer.Option(help="How many, the newest first.", min=1)] = 20,
    as_json: AsJson = False,
) -> None:
    """List the newest runs: number, night, verdict, and what was anonymized, purged and left over, in counts."""
    from flows.runs import newest_runs, print_runs

    with _ledger() as database:
        found = newest_runs(database, last)
    if as_json:
        print_json(found)
    else:
        print_runs(found, console())


def ledger_verify(
    expect: Annotated[str | None, typer.Option(help="A hash noted earlier, which must still be there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the ledger's hash chain; name the first break, with exit code 7."""
    from flows.chain import read_noted, verify

    noted = read_noted(expect)
    with _ledger() as database:
        verdict = verify(database, noted)
    if as_json:
        print_json({"holds": verdict.break_found is None, **asdict(verdict)})
        if verdict.break_found:
            sys.exit(Alarm.exit_code)
        return
    if verdict.break_found:
        raise Alarm(
            f"Verifying the ledger: expected every run as it was written, found that {verdict.break_found} "
            f"{verdict.runs:,} runs before it hold. Compare with a backup of {read_settings().retention_schema}."
        )
    typer.echo(f"The ledger holds: {verdict.runs:,} runs, each as it was written. Newest hash: {verdict.newest_hash}")
