"""What the steps of one run share."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flows.database import Database
from flows.lanes import Lane
from flows.ledger import RunRequest
from flows.project import DbtProject
from flows.settings import Settings


@dataclass(slots=True)
class Run:
    """What the steps of one run share, and what each of them could not finish, in sentences."""

    settings: Settings
    database: Database
    request: RunRequest
    run_id: int
    project: DbtProject
    deadline: datetime | None = None
    """When the budget is used up and no further batch is taken; None: never."""
    lanes: int = 1
    others: list[Lane] = field(default_factory=list)
    """The processes of the lanes beyond the first."""
    left: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    offences: dict[str, int] = field(default_factory=dict)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    has_failed_tests: bool = False
    broken: list[str] = field(default_factory=list)

    def is_out_of_time(self) -> bool:
        """Whether the budget is used up."""
        return self.deadline is not None and datetime.now(UTC) >= self.deadline
