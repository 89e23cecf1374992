"""What one check found, and how it is shown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ParamSpec

from rich.console import Console
from rich.text import Text

from flows.errors import BadConfiguration

_Arguments = ParamSpec("_Arguments")


class State(StrEnum):
    """How a check ended: only what keeps nights from doing their work has to be mended."""

    OK = "ok"
    LOOK = "look"
    MEND = "mend"
    SKIPPED = "skipped"


_STYLES = {State.OK: "green", State.LOOK: "yellow", State.MEND: "bold red", State.SKIPPED: "dim"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was checked, how it ended, what was found, what mends it. Never a value, never an object key."""

    check: str
    state: State
    found: str
    remedy: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether it has to be mended before a night can do its work."""
        return self.state is State.MEND


def made(
    check: str, make: Callable[_Arguments, Iterable[Finding]], *arguments: _Arguments.args, **more: _Arguments.kwargs
) -> Iterator[Finding]:
    """The findings of one check; what keeps it from being made is one of them, and stops no other check."""
    try:
        yield from make(*arguments, **more)
    except BadConfiguration as refusal:  # says what mends it in its last sentence
        yield Finding(check, State.MEND, str(refusal))
    except Exception as error:  # noqa: BLE001 - an error's text may quote a row, its type does not
        yield Finding(check, State.MEND, f"the check itself failed with {type(error).__name__}", "See logs/dbt.log")


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    """Prints a line for each finding, and the verdict."""
    width = max(len(finding.check) for finding in findings)
    for finding in findings:
        said = finding.found.removesuffix(".") + "."
        if finding.remedy:
            said += f" {finding.remedy}."
        word = (f"{finding.state:7} ", _STYLES[finding.state])
        line = Text.assemble(word, f"{finding.check:{width}}  ", said)
        console.print(line, highlight=False, soft_wrap=True)
    faults = sum(finding.is_fault for finding in findings)
    looks = sum(finding.state is State.LOOK for finding in findings)
    verdict = f"{faults} to mend" if faults else "Nothing has to be mended"
    console.print(f"{verdict}; {looks} to look at, {len(findings)} checked.", highlight=False)
