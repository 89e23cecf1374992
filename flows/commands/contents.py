"""The help of the command itself: its table of contents, a heading and the commands under it, within one screen."""

from typing import Any

from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

TRY = "Try it and set it up"
NIGHTS = "Have it work"
LOOK = "Look"
HOLD = "Keep it in hand"
HEADINGS = (TRY, NIGHTS, LOOK, HOLD)

_INDENT = 2
_GAP = 2


class Contents(TyperGroup):
    """A group that prints its commands under their headings, without frames."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - of a private module of typer's
        """Prints usage, purpose, commands and options; as wide as the terminal, plain where there is none."""
        out = Console(highlight=False)
        out.print(Text.assemble(("Usage: ", "yellow"), (f"{ctx.command_path} COMMAND [OPTIONS]", "bold")))
        out.print(self.help or "")
        out.print()
        shown = [(name, command) for name, command in self.commands.items() if not command.hidden]
        width = max(len(name) for name, _ in shown)
        for heading in HEADINGS:
            out.print(Text(heading, "bold"))
            for name, command in shown:
                if (getattr(command, "rich_help_panel", None) or LOOK) == heading:
                    said = command.get_short_help_str(out.width - _INDENT - width - _GAP)
                    out.print(Text.assemble(" " * _INDENT, (f"{name:{width + _GAP}}", "bold cyan"), said))
        options = [option for parameter in self.get_params(ctx) for option in parameter.opts[:1]]
        out.print(Text.assemble(("Options: ", "bold"), ", ".join(options)))
