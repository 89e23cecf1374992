"""The console command `retention`: one entry for people and scripts."""

import atexit
import os
import sys
from typing import NoReturn

import typer

from flows.commands import adopting, evidence, night, preparing, reporting, safety
from flows.commands.terminal import fail
from flows.errors import RetentionError, Unexpected

app = typer.Typer(
    help="Keeps a messaging platform inside its retention periods: anonymizes in place, purges files, proves it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ledger_app = typer.Typer(help="The ledger: what every run did, in counts.", no_args_is_help=True)

for command in (
    night.run,
    evidence.status,
    reporting.report,
    reporting.certificate,
    safety.approve,
    safety.pause,
    safety.resume,
    evidence.forecast,
    adopting.adopt,
    adopting.plan,
    adopting.policy,
    preparing.prepare,
    night.serve,
    night.demo,
):
    app.command()(command)
app.add_typer(ledger_app, name="ledger")
ledger_app.command("verify")(evidence.ledger_verify)


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
        fail(error)
    except Exception as error:  # noqa: BLE001 - an error's text may quote a row, its type does not
        fail(Unexpected(f"Something unexpected stopped the command: {type(error).__name__}. See logs/dbt.log."))


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
