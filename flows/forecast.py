"""What falls due on the coming days, with the periods in force or with another: answered before anyone changes one."""

from dataclasses import dataclass
from pathlib import Path

from flows.database import Database, Row
from flows.errors import BadConfiguration
from flows.ledger import RunRequest, fix_as_of
from flows.project import DbtProject
from flows.settings import read_settings
from flows.status import require_views

# Nights ahead that a person is shown; the model has every day between.
SHOWN_NIGHTS = (0, 7, 30, 90, 399)
NIGHT_BEGINS = 2  # o'clock, Paris time

_COLUMNS = (
    "environment_id::text as environment_id, day, day - min(day) over () as days_ahead, cutoff, rows_due, files_due, "
    "rows_due_by_then, files_due_by_then"
)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The rows of the model due_forecast: one per environment and day; `tonight`: days ahead of the next 02:00."""

    days: list[Row]
    tonight: int

    def by_environment(self) -> list[dict[str, str]]:
        """One row an environment: rows and files due by then, for each of SHOWN_NIGHTS, if no run works until then."""
        shown: dict[str, dict[str, str]] = {}
        for row in self.days:
            ahead = row["days_ahead"] - self.tonight
            if ahead in SHOWN_NIGHTS:
                line = shown.setdefault(row["environment_id"], {"environment": row["environment_id"]})
                name = "tonight" if ahead == 0 else f"in {ahead} nights"
                line[name] = f"{row['rows_due_by_then']:,} rows, {row['files_due_by_then']:,} files"
        return list(shown.values())


def read_forecast(project_dir: Path | None, months: int | None, as_of: str | None) -> Forecast:
    """Reads the forecast without building anything; `months` is a hypothetical period, in months."""
    if months is not None and not 1 <= months <= 1200:  # noqa: PLR2004 - the range that P1 allows
        raise BadConfiguration(
            f"Reading --months: expected whole months from 1 to 1200, found {months}. "
            "Give such a number, or leave it out for the periods in force."
        )
    settings = read_settings(project_dir)
    with Database.connect(settings.retention_schema) as database:
        require_views(database, settings.retention_schema)
        given = {"as_of": as_of, "hypothetical_months": str(months) if months else None}
        clock = fix_as_of(database, RunRequest(as_of=as_of, dry_run=True))
        tonight = 0 if clock.as_of.hour < NIGHT_BEGINS else 1
        project = DbtProject(settings, {name: value for name, value in given.items() if value is not None})
        return Forecast(database.select(project.compiled("due_forecast"), _COLUMNS), tonight)
