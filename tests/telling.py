"""The console command in this process: what an operator is told, and how it ends."""

from dataclasses import dataclass

from typer.testing import CliRunner

from flows.cli import app
from flows.errors import BadConfiguration


@dataclass(frozen=True, slots=True)
class Told:
    code: int
    text: str


def retention(*arguments: str) -> Told:
    """The console command, in this process: what it says and how it ends."""
    result = CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, BadConfiguration):
        return Told(result.exception.exit_code, str(result.exception))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Told(result.exit_code, result.output)


def refusal_of(*arguments: str) -> str:
    """What a command says that ends as one that is badly configured."""
    told = retention(*arguments)
    assert told.code == BadConfiguration.exit_code == 2
    return told.text
