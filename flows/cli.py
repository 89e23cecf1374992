"""The console command `retention`: one entry for people and scripts."""

import atexit
import os
import signal
import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from flows.commands import adopting, evidence, night, preparing, reporting, safety
from flows.commands.contents import HOLD, LOOK, NIGHTS, TRY, Contents
from flows.commands.terminal import fail
from flows.errors import RetentionError, Unexpected

app = typer.Typer(
    help="Keeps a messaging platform inside its retention periods, and proves it.",
    cls=Contents,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
ledger_app = typer.Typer(help="The ledger: what every run did, in counts, and its hash chain.", no_args_is_help=True)
ledger_app.command("verify")(evidence.ledger_verify)

# The order and the words of the table of contents; a command's own help says the rest.
CONTENTS = (
    (TRY, night.demo, "Build a small platform here and show the main job on it."),
    (TRY, preparing.init, "Copy the dbt project into a folder of your own."),
    (TRY, adopting.adopt, "Write a project for a platform, from its catalog."),
    (TRY, adopting.plan, "What would happen, table by table; what to decide."),
    (TRY, adopting.policy, "The same as a written policy, in Markdown."),
    (TRY, preparing.doctor, "Check what operators get wrong; say how to mend it."),
    (TRY, preparing.prepare, "Show, or add, what the platform's tables lack."),
    (NIGHTS, night.run, "Anonymize what is due, purge its files, verify."),
    (NIGHTS, night.serve, "Serve the schedule: one run a day, 02:00 Paris time."),
    (NIGHTS, night.alarm, "Have Prefect tell you of a night unfinished by 04:00."),
    (LOOK, evidence.status, "Is the promise kept right now? What is due?"),
    (LOOK, evidence.forecast, "What falls due, with these periods or with another."),
    (LOOK, evidence.runs, "The newest runs: how each ended, what it did."),
    (LOOK, reporting.report, "Write a run's report again: one HTML page."),
    (LOOK, reporting.certificate, "A run's proof, which a third party can check."),
    (HOLD, safety.approve, "Show what the brake holds back, and release it."),
    (HOLD, safety.pause, "Keep every run from acting, whoever starts it."),
    (HOLD, safety.resume, "Let runs act again."),
)
for heading, command, words in CONTENTS:
    app.command(rich_help_panel=heading, short_help=words)(command)
app.add_typer(ledger_app, name="ledger", rich_help_panel=LOOK, short_help="Is every run's row as it was written?")


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"retention {version('retention')}")
        raise typer.Exit


@app.callback()
def _options(
    is_asked: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main() -> None:
    """Entry point; what nobody planned for ends in one paragraph, not in a traceback."""
    try:
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _end)
        _run_app()
    except SystemExit as end:
        _leave(end.code)


def _run_app() -> None:
    try:
        app()
    except RetentionError as error:
        fail(error)
    except Exception as error:  # noqa: BLE001 - an error's text may quote a row, its type does not
        fail(Unexpected(f"Something unexpected stopped the command: {type(error).__name__}. See logs/dbt.log."))


def _leave(code: str | int | None) -> NoReturn:
    """Ends the process with the exit code as it is.

    Prefect leaves daemon threads behind, and the interpreter's own end sometimes aborts in one of them, with a code
    that says that the run crashed.
    """
    if "prefect" not in sys.modules or not isinstance(code, int | None):
        sys.exit(code)
    _leave_now(code or 0)


def _end(number: int, _: object) -> NoReturn:
    """Ends the command at SIGTERM: the signal itself would leave behind a server that Prefect started for the run.

    It raises nothing: what is being imported, for one, might swallow it, and the run would go on.
    """
    _leave_now(128 + number)  # by which shells know what ended a command


def _leave_now(code: int) -> NoReturn:
    """Does what is registered for the end, such as stopping Prefect's server; a further signal ends it at once."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    try:
        atexit._run_exitfuncs()  # noqa: SLF001 - there is no other name for it
        sys.stdout.flush()
        sys.stderr.flush()
    finally:  # whatever the signal came into the middle of
        os._exit(code)
