"""Whether the promise is kept right now, from the database alone: no dbt, no Prefect, so that any monitor can ask."""

from dataclasses import dataclass

from flows.database import Database, Row
from flows.errors import BadConfiguration
from flows.periods import unknown_environments


@dataclass(frozen=True, slots=True)
class Status:
    """One row per environment, what a person has to look at, and what only makes nights slow, in sentences."""

    environments: list[Row]
    alarms: list[str]
    hints: list[str]

    def as_json(self) -> dict[str, object]:
        """For machines; instants are ISO 8601."""
        return {
            "is_healthy": not self.alarms,
            "alarms": self.alarms,
            "hints": self.hints,
            "environments": self.environments,
        }


def require_views(database: Database, ledger_schema: str) -> None:
    """BadConfiguration where no run has made the views that are read here."""
    if not database.row("is_prepared", view=f"{ledger_schema}.environment_status")["is_prepared"]:
        raise BadConfiguration(
            f"Reading what is due: expected the product's views in the schema {ledger_schema}, found none. "
            "Run `retention run --dry-run` once; it changes no platform row."
        )


def read_status(database: Database) -> Status:
    """Reads every environment, and judges: overdue, stuck, misconfigured, or no night for 26 hours."""
    environments = database.rows("environment_status")
    alarms = [alarm for environment in environments for alarm in _alarms(environment)]
    alarms += [
        f"runs are paused since {row['paused_at']:%Y-%m-%d %H:%M} by the database role {row['paused_by']}; "
        "`retention resume` lets them act."
        for row in database.rows("paused")
    ]
    alarms += unknown_environments(database.rows("unknown_configured"))
    alarms += [_offences(run) for run in database.rows("last_offences")]
    night = database.row("last_night")
    if not night["has_run"]:
        alarms.insert(0, "no run over all environments has finished yet.")
    elif not night["is_recent"]:
        when = f"{night['finished_at']:%Y-%m-%d %H:%M}"
        alarms.insert(0, f"no run over all environments has finished for 26 hours; the last one did on {when}.")
    hints = [
        f"an index is missing, and nights read the whole table: {row['statement']}; "
        "`retention prepare --part indexes --apply` builds all that are."
        for row in database.rows("missing_indexes")
    ]
    hints += [
        f"the last run found {row['sorts']:,} sorts of rows that no rule reaches, so that they stay for ever: the "
        "model rows_without_rule counts them."
        for row in database.rows("rows_without_rule")
    ]
    return Status(environments, alarms, hints)


def _alarms(environment: Row) -> list[str]:
    name = f"environment {environment['environment_id']}"
    found = []
    if environment["problem"]:
        found.append(f"{name} is misconfigured, so nothing of it is due: {environment['problem']}.")
    if environment["rows_overdue"]:
        found.append(f"{name}: {environment['rows_overdue']:,} rows were due more than 26 hours ago.")
    if environment["files_stuck"]:
        found.append(f"{name}: {environment['files_stuck']:,} files are stuck: {environment['stuck_because']}.")
    if environment["held"]:
        found.append(
            f"{name} is held back: {environment['held']}. See what would go, and release it, with: retention approve "
            f"{environment['environment_id']}"
        )
    if environment["last_outcome"] in ("failed", "interrupted", "offences found"):
        found.append(f"{name}: its last run, {environment['last_run_id']}, ended as {environment['last_outcome']}.")
    return found


def _offences(run: Row) -> str:
    listed = ", ".join(f"{name} ({count:,})" for name, count in sorted(run["offences"].items()))
    return f"the last run, {run['run_id']}, ended as offences found: {listed}. These models hold keys and reasons."
