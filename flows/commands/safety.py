"""What an operator holds in hand: `approve`, `pause`, `resume`."""

import sys
from typing import Annotated

import typer

from flows.commands.terminal import AsJson, ProjectDir, console, print_json, quiet_prefect, waiting
from flows.database import Database
from flows.ledger import prepare_ledger
from flows.settings import read_settings


def approve(
    environment: Annotated[str, typer.Argument(help="The environment whose rows are released.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; with --json nothing is released without it.")] = False,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Show what the brake holds back of an environment, and release it for the next run."""
    quiet_prefect()
    from flows.approval import read_held, release
    from flows.report import print_held

    with waiting("Looking at what is held back ..."):
        held = read_held(project_dir, environment)
    if as_json:
        if held and yes:
            release(held)
        print_json({"environment_id": environment, "held": held, "is_released": bool(held) and yes})
        return
    if not held:
        typer.echo(f"Nothing of environment {environment} is held back; nothing to release.")
        return
    print_held(held, console())
    if sys.stdin.isatty() and not yes:
        typer.confirm("Release these rows? What is anonymized can not be undone.", abort=True)
    release(held)
    typer.echo(f"Released for the next run, and recorded in the ledger: environment {environment}.")


def pause(as_json: AsJson = False) -> None:
    """Keep every run from acting, whoever starts it; one at work stops after its batch."""
    _switch(True, "Paused: no run acts until `retention resume`.", "Paused already.", as_json)


def resume(as_json: AsJson = False) -> None:
    """Let runs act again."""
    _switch(False, "Resumed: the next run acts.", "It was not paused.", as_json)


def _switch(to_paused: bool, changed: str, unchanged: str, as_json: bool) -> None:
    from flows import pause as switch

    settings = read_settings()
    with Database.connect(settings.retention_schema) as database:
        prepare_ledger(database, settings.retention_schema)
        has_changed = switch.pause(database) if to_paused else switch.resume(database)
    if as_json:
        print_json({"is_paused": to_paused, "has_changed": has_changed})
    else:
        typer.echo(changed if has_changed else unchanged)
