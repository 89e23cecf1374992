"""What a person releases from the brake: shown first, then recorded in the ledger exactly as it was shown."""

from pathlib import Path

from flows import ledger
from flows.database import Database, Row
from flows.errors import BadConfiguration
from flows.ledger import RunRequest
from flows.periods import check_periods
from flows.project import DbtProject
from flows.settings import Settings, read_settings
from flows.views import build_views


def read_held(project_dir: Path | None, environment_id: str) -> list[Row]:
    """What the brake would hold back of an environment right now, a row for each kind; builds the views to know.

    Raises BadConfiguration for an environment that the platform does not have, or that is misconfigured.
    """
    settings = read_settings(project_dir)
    check_periods(settings.project_dir)
    with Database.connect(settings.retention_schema) as database:
        ledger.prepare_ledger(database, settings.retention_schema)
        with ledger.only_run(database):
            verdicts = _verdicts(database, settings, environment_id)
    if not verdicts:
        raise BadConfiguration(
            f"Approving: expected an environment of the platform, found {environment_id}. Correct it; "
            "nothing was released."
        )
    if verdicts[0]["problem"]:
        raise BadConfiguration(
            f"Approving environment {environment_id}: expected a retention period, found that "
            f"{verdicts[0]['problem']}. Mend it first; nothing was released."
        )
    return [row for row in verdicts if row["held"]]


def release(held: list[Row]) -> None:
    """Records what was shown: rows before each cutoff are released for as long as runs work on them."""
    settings = read_settings()
    with Database.connect(settings.retention_schema) as database, database.transaction():
        for row in held:
            names = ("environment_id", "kind", "retention_months", "cutoff", "as_of", "due", "files_due")
            database.execute("approve", **{name: row[name] for name in (*names, "oldest_due_at", "newest_due_at")})


def _verdicts(database: Database, settings: Settings, environment_id: str) -> list[Row]:
    clock = ledger.fix_as_of(database, RunRequest())
    build_views(database, DbtProject(settings, {"as_of": clock.as_of.isoformat()}))
    return database.rows("verdicts", environment_id=environment_id, as_of=clock.as_of)
