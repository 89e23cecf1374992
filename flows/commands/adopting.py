"""Beginning on a platform: `adopt`, `plan`, `policy`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import available_timezones

import typer
from rich.console import Console

from flows.commands.terminal import AsJson, ProjectDir, console, print_json, quiet_prefect
from flows.errors import BadConfiguration
from flows.settings import read_settings

if TYPE_CHECKING:
    from flows.adopt.adoption import Wish

EPOCHS = ("seconds", "milliseconds")


def adopt(  # noqa: PLR0913, PLR0917 - a command's options
    out: Annotated[Path, typer.Option(help="The new folder of your project.")] = Path("retention-project"),
    schema: Annotated[list[str] | None, typer.Option(help="Only this schema; may be repeated.")] = None,
    time_zone: Annotated[str, typer.Option(help="The zone of timestamps that are stored without one.")] = "UTC",
    epoch: Annotated[
        str | None, typer.Option(help="What instants stored as numbers count: seconds or milliseconds.")
    ] = None,
    bucket: Annotated[str | None, typer.Option(help="The bucket of all files, where no column says it.")] = None,
    messages: Annotated[str | None, typer.Option(help="The table of the messages, where the guess is wrong.")] = None,
    users: Annotated[str | None, typer.Option(help="The table of the people who write them.")] = None,
    environments: Annotated[
        str | None, typer.Option(help="The table of your client companies; none: the whole database is one.")
    ] = None,
    update: Annotated[bool, typer.Option("--update", help="Add to the project in --out what is new since.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a project for a platform that is new to us, from its catalog: names and types, never a value.

    What it can't decide is marked `decide`, and nothing acts until a person has answered. With --update every decision
    in the folder stays, and tables and columns that the platform has added since are written beside them.
    """
    from flows.adopt.adoption import Wish
    from flows.adopt.adoption import adopt as adopt_platform
    from flows.adopt.parts import Named
    from flows.adopt.summary import as_counts, print_adoption

    check_wish(time_zone, epoch)
    wish = Wish(out, schema, time_zone, epoch, bucket, named=Named(messages, users, environments))
    if update:
        _update(wish, as_json=as_json)
        return
    stderr = Console(stderr=True)
    if stderr.is_terminal and not as_json:
        with stderr.status("Reading the catalog ...") as line:
            adoption = adopt_platform(read_settings(), wish, line.update)
    else:
        adoption = adopt_platform(read_settings(), wish, lambda _: None)
    if as_json:
        print_json(as_counts(adoption))
    else:
        print_adoption(adoption, console())


def _update(wish: "Wish", *, as_json: bool) -> None:
    from flows.adopt.adoption import look
    from flows.adopt.declared import is_one_environment, read_declared
    from flows.adopt.parts import NO_TABLE, Named
    from flows.adopt.renewal import renew, write_renewal
    from flows.adopt.summary import print_renewal

    declared = read_declared(wish.out)
    named = Named(*(declared.place_of(entry) for entry in ("messages", "users", "environments")))
    if is_one_environment(wish.out):
        named = replace(named, environments=NO_TABLE)
    schemas = [*dict.fromkeys([*declared.sources, *(wish.schemas or ())])]
    known = replace(wish, schemas=schemas, known=declared.names, sources=declared.sources, named=named)
    renewal = renew(wish.out, declared, look(read_settings(), known, lambda _: None))
    write_renewal(wish.out, renewal)
    if as_json:
        print_json({"added": renewal.added, "gone": renewal.gone, "questions": renewal.questions})
    else:
        print_renewal(renewal, console())


def plan(as_json: AsJson = False, project_dir: ProjectDir = None) -> None:
    """Show what a run would do: each table's rule, what is due now, what to add, what is to decide; changes no row."""
    quiet_prefect()
    from flows.plan import print_plan, read_plan

    found = read_plan(project_dir)
    if as_json:
        print_json(found.as_json())
    else:
        print_plan(found, console())


def policy(project_dir: ProjectDir = None) -> None:
    """Print the rules in force as a written policy, in Markdown."""
    quiet_prefect()
    from flows.policy import written_policy

    typer.echo(written_policy(project_dir), nl=False)


def check_wish(time_zone: str, epoch: str | None) -> None:
    """Refuses a zone or a unit that nobody knows, before anything is read."""
    if time_zone not in available_timezones():
        raise BadConfiguration(
            f"Reading --time-zone: expected a zone such as Europe/Paris, found {time_zone!r}. Correct --time-zone."
        )
    if epoch not in (None, *EPOCHS):
        raise BadConfiguration(f"Reading --epoch: expected {' or '.join(EPOCHS)}, found {epoch!r}. Correct --epoch.")
