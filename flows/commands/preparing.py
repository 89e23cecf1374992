"""What the owner of the platform's tables adds once: `prepare`."""

from typing import Annotated

import typer

from flows.commands.terminal import ProjectDir, quiet_prefect
from flows.database import Database
from flows.settings import read_settings


def prepare(
    part: Annotated[
        list[str] | None, typer.Option(help="Only markers, indexes, constraints or roles; may be repeated.")
    ] = None,
    author_guard: Annotated[
        bool, typer.Option("--author-guard", help="A trigger that refuses messages of anonymized users.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Execute the statements, not only print them.")] = False,
    project_dir: ProjectDir = None,
) -> None:
    """Print the statements that the platform lacks, by the data map; with --apply, execute them as well.

    --author-guard adds its trigger, and is all there is where no part is given.
    """
    quiet_prefect()
    from flows import prepare as preparation
    from flows.project import DbtProject

    settings = read_settings(project_dir)
    parts = preparation.read_parts(part, author_guard)
    with Database.connect(settings.retention_schema) as database:
        steps = list(preparation.missing_steps(database, DbtProject(settings, {}), parts)) if parts else []
        if author_guard:
            steps.append(preparation.author_guard(database, settings))
        for step in steps:
            typer.echo(f"{step.statement.strip().rstrip(';')};")
        if not steps:
            typer.echo("-- Nothing to do.")
        elif apply:
            preparation.apply(database, steps)
            typer.echo("-- Done.")
