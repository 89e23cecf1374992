"""The command itself: its table of contents, within one screen of 24 by 80, and words that it does not know."""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from flows.commands.terminal import ask_for_json
from flows.errors import BadConfiguration

TRY = "Set up"
NIGHTS = "Work"
LOOK = "Look"
HOLD = "Decide"
HEADINGS = (TRY, NIGHTS, LOOK, HOLD)

_CHAPTER_WIDTH = max(map(len, HEADINGS)) + 2


class Contents(TyperGroup):
    """A group that prints its commands chapter by chapter, and refuses in the form that it is asked to answer in."""

    def main(self, args: Sequence[str] | None = None, **options: Any) -> Any:  # type: ignore[override]  # noqa: ANN401
        """Runs a command; with --json, words that it does not know are an error like any other, in JSON."""
        words = sys.argv[1:] if args is None else [*args]
        ask_for_json("--json" in words)
        if "--json" not in words:
            return super().main(args, **options)
        try:
            sys.exit(super().main(words, **options | {"standalone_mode": False}))
        except typer.TyperException as error:
            context = getattr(error, "ctx", None)
            said = " ".join(error.format_message().split())
            said += "" if said[-1:] in ".?" else "."
            name = context.command_path if context else "retention"
            raise BadConfiguration(f"Reading the command line: {said} See: {name} --help") from None

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - of a private module of typer's
        """Prints usage, purpose, commands and options; as wide as the terminal, plain where there is none."""
        out = Console(highlight=False)
        out.print(Text.assemble(("Usage: ", "yellow"), (f"{ctx.command_path} COMMAND [OPTIONS]", "bold")))
        out.print(self.help or "")
        out.print()
        shown = [(name, command) for name, command in self.commands.items() if not command.hidden]
        width = max(len(name) for name, _ in shown) + 2
        for heading in HEADINGS:
            chapter = heading
            for name, command in shown:
                if (getattr(command, "rich_help_panel", None) or LOOK) == heading:
                    said = command.get_short_help_str(out.width - _CHAPTER_WIDTH - width)
                    first = (f"{chapter:{_CHAPTER_WIDTH}}", "bold")
                    out.print(Text.assemble(first, (f"{name:{width}}", "bold cyan"), said))
                    chapter = ""
        options = [option for parameter in self.get_params(ctx) for option in parameter.opts[:1]]
        out.print(Text.assemble(("Options: ", "bold"), ", ".join(options)), end="")  # typer ends the line
