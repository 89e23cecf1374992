"""The help of the command itself: its table of contents, chapters and their commands, within one screen of 24 by 80."""

from typing import Any

from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

TRY = "Set up"
NIGHTS = "Work"
LOOK = "Look"
HOLD = "Decide"
HEADINGS = (TRY, NIGHTS, LOOK, HOLD)

_CHAPTER_WIDTH = max(map(len, HEADINGS)) + 2


class Contents(TyperGroup):
    """A group that prints its commands chapter by chapter, without frames."""

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
        out.print(Text.assemble(("Options: ", "bold"), ", ".join(options)))
