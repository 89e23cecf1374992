"""The console command `retention`: one entry for people and scripts."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.errors import RetentionError, Unexpected
from flows.settings import read_settings

app = typer.Typer(
    help="Keeps a messaging platform inside its retention periods: anonymizes in place, purges files, proves it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ProjectDir = Annotated[
    Path | None,
    typer.Option("--project-dir", help="The dbt project; default: the current folder."),
]


@app.command()
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what is due; change nothing.")] = False,
    as_of: Annotated[
        str | None,
        typer.Option(help="Judge by this instant; Paris time without a zone."),
    ] = None,
    environment: Annotated[list[str] | None, typer.Option(help="Only this environment; may be repeated.")] = None,
    approve_all: Annotated[bool, typer.Option("--approve-all", help="Pass the brake for all that is due.")] = False,
    project_dir: ProjectDir = None,
) -> None:
    """Anonymize what is due, purge its files, verify; print a summary.

    Exit codes: 0 done, 1 unexpected error, 2 bad configuration (nothing was changed), 3 partly done (something is left
    for the next run), 4 held back, 5 another run in progress, 6 offences found.
    """
    _quiet_prefect()
    console = Console()
    try:
        _check_before_prefect(project_dir)
        from flows.anonymize import anonymize
        from flows.report import print_summary

        summary = anonymize(as_of, environment or None, dry_run, approve_all, project_dir)
        if summary is not None:
            print_summary(summary, console)
    except RetentionError as error:
        _fail(error, console)


@app.command()
def serve() -> None:
    """Serve the schedule: one run a day, 02:00 Europe/Paris."""
    try:
        read_settings()
    except RetentionError as error:
        _fail(error, Console())
    from flows.schedule import serve_nightly

    serve_nightly()


@app.command()
def demo() -> None:
    """Build a small platform here and show the main job on it."""
    _quiet_prefect()
    from flows.demo.story import tell

    # Wide enough for the tables where there is no terminal to ask.
    raise typer.Exit(tell(Console(width=None if sys.stdout.isatty() else 110)))


def main() -> None:
    """Entry point; what nobody planned for ends in one paragraph, not in a traceback."""
    try:
        app()
    except RetentionError as error:
        _fail(error, Console())
    except Exception as error:  # noqa: BLE001 - an error's text may quote a row, its type does not
        _fail(
            Unexpected(f"Something unexpected stopped the command: {type(error).__name__}. See logs/dbt.log."),
            Console(),
        )


def _check_before_prefect(project_dir: Path | None) -> None:
    """What can be refused at once is, before a server is started for the flow."""
    from flows.database import Database
    from flows.periods import check_periods

    settings = read_settings(project_dir)
    check_periods(settings.project_dir)
    with Database.connect(settings.retention_schema):
        pass


def _quiet_prefect() -> None:
    """On the terminal the summary speaks; Prefect's own log goes to Prefect."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")


def _fail(error: RetentionError, console: Console) -> None:
    from flows.report import RunSummary, print_summary

    if isinstance(error.summary, RunSummary):
        print_summary(error.summary, console)
    else:
        Console(stderr=True).print(f"{error}", markup=False, highlight=False, soft_wrap=True)
    sys.exit(error.exit_code)
