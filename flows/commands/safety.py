"""What an operator holds in hand: `approve`, `pause`, `resume`."""

import sys
from typing import Annotated

import typer

from flows.commands.terminal import ProjectDir, console, quiet_prefect
from flows.database import Database
from flows.ledger import prepare_ledger
from flows.settings import read_settings


def approve(
    environment: Annotated[str, typer.Argument(help="The environment whose rows are released.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    project_dir: ProjectDir = None,
) -> None:
    """Show what the brake holds back of an environment, and release it for the next run."""
    quiet_prefect()
    from flows.approval import read_held, release
    from flows.report import print_held

    held = read_held(project_dir, environment)
    if not held:
        typer.echo(f"Nothing of environment {environment} is held back; nothing to release.")
        return
    print_held(held, console())
    if sys.stdin.isatty() and not yes:
        typer.confirm("Release these rows? What is anonymized can not be undone.", abort=True)
    release(held)
    typer.echo(f"Released for the next run, and recorded in the ledger: environment {environment}.")


def pause() -> None:
    """Keep every run from acting, whoever starts it; one at work stops after its batch."""
    from flows import pause as switch

    settings = read_settings()
    with Database.connect(settings.retention_schema) as database:
        prepare_ledger(database, settings.retention_schema)
        typer.echo("Paused: no run acts until `retention resume`." if switch.pause(database) else "Paused already.")


def resume() -> None:
    """Let runs act again."""
    from flows import pause as switch

    settings = read_settings()
    with Database.connect(settings.retention_schema) as database:
        prepare_ledger(database, settings.retention_schema)
        typer.echo("Resumed: the next run acts." if switch.resume(database) else "It was not paused.")
