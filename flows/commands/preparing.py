"""What the owner of the platform's tables adds once: `prepare`."""

from typing import Annotated

import typer

from flows.database import Database
from flows.errors import BadConfiguration
from flows.settings import read_settings


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
