"""The console command `retention`: one entry for people and scripts."""

import atexit
import json
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from flows.database import Database
from flows.errors import Alarm, BadConfiguration, RetentionError, Unexpected
from flows.settings import read_settings

app = typer.Typer(
    help="Keeps a messaging platform inside its retention periods: anonymizes in place, purges files, proves it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ledger_app = typer.Typer(help="The ledger: what every run did, in counts.", no_args_is_help=True)
app.add_typer(ledger_app, name="ledger")

AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]
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
def status(as_json: AsJson = False) -> None:
    """Show what is due right now and what the last run did; exit code 7 when a person has to look."""
    from flows.report import print_status
    from flows.status import read_status, require_views

    settings = read_settings()
    with Database.connect(settings.retention_schema) as database:
        require_views(database, settings.retention_schema)
        found = read_status(database)
    if as_json:
        _print_json(found.as_json())
    else:
        print_status(found, Console(width=None if sys.stdout.isatty() else 140))
    if found.alarms:
        sys.exit(Alarm.exit_code)


@app.command()
def forecast(
    months: Annotated[int | None, typer.Option(help="As if every environment's period were this long.")] = None,
    as_of: Annotated[str | None, typer.Option(help="From this instant on; Paris time without a zone.")] = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Show what falls due within 400 days, with the periods in force or with another; changes nothing."""
    _quiet_prefect()
    from flows.forecast import read_forecast
    from flows.report import print_table

    found = read_forecast(project_dir, months, as_of)
    if as_json:
        _print_json(found.days)
    elif found.days:
        print_table(found.by_environment(), Console(width=None if sys.stdout.isatty() else 200))
        typer.echo("Rows and files that are due by then if no run works until then.")


@app.command()
def prepare(
    author_guard: Annotated[
        bool, typer.Option("--author-guard", help="A trigger that refuses messages of anonymized users.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Execute the statements, not only print them.")] = False,
) -> None:
    """Print what the owner of the platform's tables may add; with --apply, do it."""
    from flows import prepare as steps

    settings = read_settings()
    if not author_guard:
        raise BadConfiguration("Preparing the platform: expected what to add, found nothing. Give --author-guard.")
    with Database.connect(settings.retention_schema) as database:
        statements = steps.author_guard(database, settings)
        typer.echo(statements)
        if apply:
            steps.apply(database, statements)
            typer.echo("-- Done.")


@ledger_app.command("verify")
def ledger_verify(
    expect: Annotated[str | None, typer.Option(help="A hash noted earlier, which must still be there.")] = None,
) -> None:
    """Recompute the ledger's hash chain; name the first break, with exit code 7."""
    from flows.chain import verify
    from flows.status import require_views

    settings = read_settings()
    with Database.connect(settings.retention_schema) as database:
        require_views(database, settings.retention_schema)
        verdict = verify(database, settings.retention_schema, expect)
    if verdict.break_found:
        raise Alarm(
            f"Verifying the ledger: expected every run as it was written, found that {verdict.break_found} "
            f"{verdict.runs:,} runs before it hold. Compare with a backup of {settings.retention_schema}."
        )
    typer.echo(f"The ledger holds: {verdict.runs:,} runs, each as it was written. Newest hash: {verdict.newest_hash}")


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
        _run_app()
    except SystemExit as end:
        _leave(end.code)


def _run_app() -> None:
    try:
        app()
    except RetentionError as error:
        _fail(error, Console())
    except Exception as error:  # noqa: BLE001 - an error's text may quote a row, its type does not
        _fail(
            Unexpected(f"Something unexpected stopped the command: {type(error).__name__}. See logs/dbt.log."),
            Console(),
        )


def _leave(code: str | int | None) -> NoReturn:
    """Ends the process with the exit code as it is.

    Prefect leaves daemon threads behind, and the interpreter's own end sometimes aborts in one of them, with a code
    that says that the run crashed. What is registered for the end, such as stopping Prefect's server, is done here.
    """
    if "prefect" not in sys.modules or not isinstance(code, int | None):
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no other name for it
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


def _check_before_prefect(project_dir: Path | None) -> None:
    """What can be refused at once is, before a server is started for the flow."""
    from flows.periods import check_periods

    settings = read_settings(project_dir)
    check_periods(settings.project_dir)
    with Database.connect(settings.retention_schema):
        pass


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2, default=lambda instant: instant.isoformat()))


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
