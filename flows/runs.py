"""The ledger's runs as a list, the newest first: their numbers, how they ended, and what they did in counts."""

from collections.abc import Sequence

from rich.console import Console

from flows.database import Database, Row
from flows.ledger import LOCK_NAMESPACE
from flows.report import print_table

# Of the environments that a run was asked for, how many are named.
MOST_NAMED = 3


def newest_runs(database: Database, last: int) -> list[Row]:
    """The newest runs, finished or not; instants are zoned, counts None where nobody could count.

    Due is what a run found when it began; a dry run anonymized and purged 0, and what it would have left nobody knows.
    """
    return database.rows("newest_runs", last=last, namespace=LOCK_NAMESPACE)


def print_runs(runs: Sequence[Row], console: Console) -> None:
    """Prints one line a run, and what to do with its number."""
    if not runs:
        console.print("No run yet; `retention run --dry-run` is one that changes nothing.", highlight=False)
        return
    print_table([_shown(run) for run in runs], console)
    console.print("One of them: retention report RUN. What each verdict means: docs/operate.md.", highlight=False)


def _shown(run: Row) -> dict[str, str]:
    """A dry run did nothing: it shows what was due, and no other counts."""
    counts = {
        "anonymized": f"{run['anonymized']:,}",
        "purged": f"{run['files_purged']:,}",
        "left over": _left(run),
    }
    return {
        "run": str(run["run_id"]),
        "night": f"{run['night']:%Y-%m-%d}",
        "started": f"{run['started_at']:%Y-%m-%d %H:%M}",
        "verdict": run["outcome"],
        "environments": _asked(run["environments"]),
        "due": f"{run['rows_due']:,}",
    } | (dict.fromkeys(counts, "") if run["dry_run"] else counts)


def _asked(environments: list[str] | None) -> str:
    if environments is None:
        return "all"
    return ", ".join(environments) if len(environments) <= MOST_NAMED else f"{len(environments):,} of them"


def _left(run: Row) -> str:
    if run["outcome"] == "at work":
        return ""
    rows = "unknown" if run["rows_left"] is None else f"{run['rows_left']:,}"
    return f"{rows} rows, {run['files_left']:,} files" if run["files_left"] else rows
