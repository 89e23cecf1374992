"""What stands before the first night: `init`, `doctor`, and what the owner of the platform's tables adds, `prepare`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.terminal import AsJson, ProjectDir, console, print_json, quiet_prefect, waiting
from flows.database import Database
from flows.errors import BadConfiguration
from flows.settings import read_settings


def init(
    folder: Annotated[Path, typer.Argument(help="Where to, a folder that is empty or not there yet.")],
    as_json: AsJson = False,
) -> None:
    """Copy the dbt project into a folder of your own, where you edit its seeds, data map and thin views."""
    from flows.parts import copy_project

    copied = copy_project(folder)
    if as_json:
        print_json({"folder": str(folder.resolve()), "files": copied})
        return
    typer.echo(f"{copied} files in {folder}. Edit there, in this order, and run the commands in that folder:")
    typer.echo("  models/platform/_platform__sources.yml  the data map: every column, and what replaces it")
    typer.echo("  models/platform/*.sql                   the thin views: your names become ours")
    typer.echo("  seeds/retention_periods.csv             whole months, one line per environment")
    typer.echo("Then: retention doctor")


def doctor(as_json: AsJson = False, project_dir: ProjectDir = None) -> None:
    """Check everything that an operator gets wrong, and say how to mend it; changes nothing.

    Exit codes: 0 nothing has to be mended, 2 something has to.
    """
    quiet_prefect()
    from flows.doctor import examine, print_findings

    with waiting("Looking at database, project, file store and Prefect ..."):
        findings = list(examine(project_dir))
    if as_json:
        print_json(
            {
                "is_sound": not any(finding.is_fault for finding in findings),
                "findings": [asdict(finding) for finding in findings],
            }
        )
    else:
        print_findings(findings, console())
    if any(finding.is_fault for finding in findings):
        sys.exit(BadConfiguration.exit_code)


def prepare(
    part: Annotated[
        list[str] | None, typer.Option(help="Only markers, indexes, constraints or roles; may be repeated.")
    ] = None,
    author_guard: Annotated[
        bool, typer.Option("--author-guard", help="A trigger that refuses messages of anonymized users.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Execute the statements, not only print them.")] = False,
    as_json: AsJson = False,
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
        with waiting("Comparing the data map with the database ..."):
            steps = list(preparation.missing_steps(database, DbtProject(settings, {}), parts)) if parts else []
        if author_guard:
            steps.append(preparation.author_guard(database, settings))
        statements = [step.shown for step in steps]
        if not as_json:
            typer.echo("\n".join(statements or ["-- Nothing to do."]))
        if steps and apply:
            preparation.apply(database, steps)
        if as_json:
            print_json({"statements": statements, "is_applied": apply})
        elif steps and apply:
            typer.echo("-- Done.")
