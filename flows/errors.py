"""What a run can end in besides done, each with its exit code.

RetentionError
├── Unexpected            1   a fault of the product or of what it stands on
├── BadConfiguration      2   nothing was changed: settings, data map, periods, database
├── PartlyDone            3   something is left for the next run
├── HeldBack              4   the brake holds something back
├── AnotherRun            5   another run is in progress
├── OffencesFound         6   verification lists offences
├── Alarm                 7   status or the ledger says that a person has to look
└── Paused                8   a person has paused all runs; nothing was changed
"""


class RetentionError(Exception):
    """Base of all: what was being done, what was expected, what was found, what to do. Never a personal value.

    `summary` is the run's summary where the run went through to its report.
    """

    exit_code = 1

    def __init__(self, message: str, summary: object = None) -> None:
        super().__init__(message)
        self.summary = summary


class Unexpected(RetentionError):
    """A fault nobody planned for; batches that were committed stay."""


class BadConfiguration(RetentionError):
    """Settings, data map, periods or database do not allow a run; nothing was changed."""

    exit_code = 2


class PartlyDone(RetentionError):
    """What could be done is done; something is left for the next run."""

    exit_code = 3


class HeldBack(RetentionError):
    """The brake holds something back until a person approves it."""

    exit_code = 4


class AnotherRun(RetentionError):
    """Another run is in progress on this database; nothing was changed."""

    exit_code = 5


class OffencesFound(RetentionError):
    """The run is through and its verification lists offences."""

    exit_code = 6


class Alarm(RetentionError):
    """Something is overdue, stuck or missing, or the ledger was edited; a person has to look."""

    exit_code = 7


class Paused(RetentionError):
    """A person has paused all runs; nothing was changed."""

    exit_code = 8
