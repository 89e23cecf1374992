"""What the commands share: options, and how they speak to a terminal or a script."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from flows.errors import RetentionError

# Wide enough for the tables where there is no terminal to ask.
WIDTH_OF_A_PIPE = 160

# What the command that is being executed was asked for; an error answers in the same form.
_asked_for_json = [False]


def ask_for_json(as_json: bool) -> None:
    """Remembers in which form the command that is being executed was asked to answer."""
    _asked_for_json[0] = as_json


AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for machines.")]
ProjectDir = Annotated[
    Path | None,
    typer.Option("--project-dir", help="The dbt project; default: the current folder, else the one that is installed."),
]


def console() -> Console:
    """Standard output, as wide as the terminal, or wide enough for a table."""
    return Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE)


def print_json(value: object) -> None:
    """Prints a value for machines; instants are ISO 8601."""
    typer.echo(json.dumps(value, indent=2, default=lambda instant: instant.isoformat()))


def quiet_prefect() -> None:
    """On the terminal the summary speaks; Prefect's own log goes to Prefect."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")


@contextmanager
def showing_progress() -> Iterator[None]:
    """Where a person looks on, one line that says how far the run is; nothing in a pipe or a log."""
    from flows.progress import listening

    stderr = Console(stderr=True)
    if not stderr.is_terminal:
        yield
        return
    with stderr.status("Looking for what is due ...") as line, listening(line.update):
        yield


@contextmanager
def waiting(sentence: str) -> Iterator[None]:
    """Where a person looks on, says what takes some seconds; nothing in a pipe or a log."""
    stderr = Console(stderr=True)
    if not stderr.is_terminal:
        yield
        return
    with stderr.status(sentence):
        yield


def fail(error: RetentionError) -> NoReturn:
    """Ends the command with the error's exit code, after the run's summary or else the error's one paragraph."""
    from flows.report import RunSummary, print_summary

    if isinstance(error.summary, RunSummary):
        if _asked_for_json[0]:
            print_json(error.summary.as_json())
        else:
            print_summary(error.summary, console())
    elif _asked_for_json[0]:
        print_json({"error": str(error), "exit_code": error.exit_code})
    else:
        Console(stderr=True).print(f"{error}", markup=False, highlight=False, soft_wrap=True)
    sys.exit(error.exit_code)
