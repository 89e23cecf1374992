"""What a run says of itself besides its counts, for its report: numbers, names and sentences, never a value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.errors import RetentionError

# By the exceptions that Prefect, a run and Python make of them.
SIGNALS = {"TerminationSignal": "SIGTERM", "ToldToEnd": "SIGTERM", "KeyboardInterrupt": "Ctrl-C"}


@dataclass(frozen=True, slots=True)
class Account:
    """What is left and what it warned of, in sentences; what was checked; what falls due next.

    `checks`: by model, the test's status and how many offences. `forecast`: night, rows and files. None: not known.
    """

    left: Sequence[str] = ()
    warnings: Sequence[str] = ()
    checks: Mapping[str, Mapping[str, Any]] | None = None
    forecast: Sequence[Mapping[str, int]] | None = None

    @property
    def said(self) -> dict[str, list[str]] | None:
        """The sentences as the ledger keeps them; None for none."""
        said = {"left": [*self.left], "warnings": [*self.warnings]}
        return said if any(said.values()) else None


def stopped_by(error: BaseException) -> Account:
    """The account of a run that an error ended. Ours says what to do; the text of any other may quote a row."""
    return Account(left=[str(error) if isinstance(error, RetentionError) else f"stopped by {name_of(error)}."])


def name_of(error: BaseException) -> str:
    """What an error that is not ours is called: the signal that it was made of, or its type."""
    name = type(error).__name__
    return SIGNALS.get(name, name)
