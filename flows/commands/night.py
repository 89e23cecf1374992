"""The run and what calls it: `run`, `serve`, `alarm`, `demo`."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.budget import read_budget
from flows.commands.terminal import AsJson, ProjectDir, console, print_json, quiet_prefect, showing_progress
from flows.database import Database
from flows.lanes import check_lanes
from flows.maintenance import check_level
from flows.settings import read_settings, require_prefect


def run(  # noqa: PLR0913, PLR0917 - a command's options
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what is due; change nothing.")] = False,
    as_of: Annotated[
        str | None,
        typer.Option(help="Judge by this instant; Paris time without a zone."),
    ] = None,
    environment: Annotated[list[str] | None, typer.Option(help="Only this environment; may be repeated.")] = None,
    approve_all: Annotated[bool, typer.Option("--approve-all", help="Pass the brake for all that is due.")] = False,
    residue: Annotated[str | None, typer.Option(help="statistics, vacuumed or rewritten; see docs/residue.md.")] = None,
    lanes: Annotated[
        int | None, typer.Option(help="Batches at work at once; default: what the server lets one query use.")
    ] = None,
    budget: Annotated[str | None, typer.Option(help="Take no new batch after this time, such as 2h or 90m.")] = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Anonymize what is due, purge its files, verify; print a summary.

    Exit codes: 0 done, 1 unexpected error, 2 bad configuration (nothing was changed), 3 partly done (something is left
    for the next run), 4 held back, 5 another run in progress, 6 offences found, 8 paused.
    """
    quiet_prefect()
    check_level(residue)
    check_lanes(lanes)
    read_budget(budget)
    _check_before_prefect(project_dir)
    from flows.anonymize import anonymize
    from flows.environments import refuse_unknown
    from flows.report import print_summary

    refuse_unknown(read_settings(project_dir), environment or None)
    with showing_progress():
        summary = anonymize(as_of, environment or None, dry_run, approve_all, project_dir, residue, lanes, budget)
    if summary is not None and as_json:
        print_json(summary.as_json())
    elif summary is not None:
        print_summary(summary, console())


def serve() -> None:
    """Serve the schedule: one run a day, 02:00 Europe/Paris."""
    read_settings()
    require_prefect()
    from flows.schedule import serve_nightly

    serve_nightly()


def alarm(as_json: AsJson = False) -> None:
    """Have Prefect tell ALARM_BLOCK when a night was not finished by 04:00; `serve` does so too."""
    read_settings()
    require_prefect()
    quiet_prefect()
    from flows.alarm import keep_alarm
    from flows.schedule import require_lasting_server

    require_lasting_server()
    name = keep_alarm()
    if as_json:
        print_json({"automation": name})
    else:
        typer.echo(f"Prefect now has the automation {name!r}.")


def demo(
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Keep the platform in this folder, to work on; Ctrl-C stops it.")
    ] = None,
) -> None:
    """Build a small platform here and show the main job on it; with --keep, leave the job to you."""
    quiet_prefect()
    terminal = Console(width=None if sys.stdout.isatty() else 110)
    if keep:
        from flows.demo.keeping import keep_running

        keep_running(keep, terminal)
        return
    from flows.demo.story import tell

    raise typer.Exit(tell(terminal))


def _check_before_prefect(project_dir: Path | None) -> None:
    """What can be refused at once is, before a server is started for the flow.

    Without dbt: where it is imported before Prefect, a library of its own writes all of Prefect's log to the terminal.
    """
    from flows.periods import check_periods

    settings = read_settings(project_dir)
    check_periods(settings.project_dir)
    with Database.connect(settings.retention_schema):
        pass
    require_prefect()
