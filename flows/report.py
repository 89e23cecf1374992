"""What a run did, read back from the ledger, for a person and for Prefect. Counts only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.database import Database, Row
from flows.errors import HeldBack, OffencesFound, PartlyDone, RetentionError, Unexpected
from flows.kinds import named_kind
from flows.status import Status

# The ledger's kinds that have a column of their own; all others are counted as events.
THINGS = {"messages": "messages", "attachments": "late attachments", "users": "users"}

# B1: what no run of ours can reach.
BOUNDARY = "Only the platform's own data: what a company copied to a CRM or another tool is its own to anonymize."

STYLES = {"done": "bold green", "dry run": "bold cyan", "offences found": "bold red", "failed": "bold red"}

OUTCOME_ERRORS: dict[str, type[RetentionError]] = {
    "partly done": PartlyDone,
    "held back": HeldBack,
    "offences found": OffencesFound,
    "failed": Unexpected,
}


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run as the ledger has it: its row, its lines by environment and kind, and what is left, in sentences.

    `warnings` call for a look and leave the outcome as it is. `report`: where its page is.
    """

    run: Row
    lines: list[Row]
    left: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    report: str | None = None

    @property
    def outcome(self) -> str:
        """The ledger's word for how the run ended."""
        return str(self.run["outcome"])

    @property
    def exit_code(self) -> int:
        """0 for done and for a dry run, else that of the outcome's error."""
        error = OUTCOME_ERRORS.get(self.outcome)
        return error.exit_code if error else 0

    def as_json(self) -> dict[str, object]:
        """For machines: the run's row, its lines, and what is left; instants are ISO 8601."""
        return {
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "run": self.run,
            "lines": self.lines,
            "left": self.left,
            "warnings": self.warnings,
        }


def summarize(database: Database, run_id: int, left: Iterable[str] = (), warnings: Iterable[str] = ()) -> RunSummary:
    """Reads a run back from the ledger."""
    return RunSummary(
        database.row("run", run_id=run_id),
        database.rows("lines", run_id=run_id),
        list(left),
        list(warnings),
    )


def by_environment(summary: RunSummary) -> list[dict[str, str]]:
    """One row an environment: period, cutoff, and of each thing "done / due"; of a dry run what is due."""
    done: dict[str, Counter[str]] = {}
    due: dict[str, Counter[str]] = {}
    rows: dict[str, dict[str, str]] = {}
    for line in summary.lines:
        environment, thing = line["environment_id"], THINGS.get(line["kind"], "events")
        row = rows.setdefault(environment, {"environment": environment, "months": "", "cutoff": "none"})
        if line["cutoff"] is not None:
            row |= {"months": str(line["retention_months"]), "cutoff": f"{line['cutoff']:%Y-%m-%d}"}
        due.setdefault(environment, Counter()).update({thing: line["due"], "files": line["files_due"]})
        gone = line["files_purged"] + line["files_spared"]
        done.setdefault(environment, Counter()).update({thing: line["anonymized"], "files": gone})
    for environment, row in rows.items():
        for thing in ("messages", "late attachments", "users", "events", "files"):
            count = f"{due[environment][thing]:,}"
            row[thing] = count if summary.run["dry_run"] else f"{done[environment][thing]:,} / {count}"
    return list(rows.values())


def print_summary(summary: RunSummary, console: Console) -> None:
    """Prints the verdict, one line an environment, and what is left."""
    run = summary.run
    outcome = Text(summary.outcome, STYLES.get(summary.outcome, "bold yellow"))
    console.print(f"Run {run['run_id']}, as of {_paris(run['as_of'])} Paris time:", outcome)
    rows = by_environment(summary)
    if rows:
        print_table(rows, console)
        if not summary.run["dry_run"]:
            console.print("Counts are done / due; a file that a living row still names is spared, and counts as done.")
    if summary.outcome == "dry run":
        console.print("Nothing was changed; without --dry-run these would be anonymized and purged.")
    if not summary.run["dry_run"]:
        console.print(BOUNDARY)
    for word, sentences in (("Warning", summary.warnings), ("Left", summary.left)):
        _print_named(word, sentences, console)
    if summary.report:
        console.print(f"Report: {summary.report}", markup=False, highlight=False, soft_wrap=True)


def print_held(held: Sequence[Row], console: Console) -> None:
    """Prints what the brake holds back of one environment: counts, ages, reasons, and what would happen to the rows."""
    first = held[0]
    console.print(
        f"Environment {first['environment_id']} keeps data for {first['retention_months']} months: "
        f"what is due lies before {_paris(first['cutoff'])} Paris time."
    )
    print_table([_held_row(row) for row in held], console)
    for row in held:
        console.print(f"- {row['rule']}.", markup=False, highlight=False, soft_wrap=True)


def print_table(rows: Sequence[Mapping[str, str]], console: Console) -> None:
    """Prints rows of the same keys; numbers to the right of the first column."""
    table = Table(*rows[0], box=None, pad_edge=False, header_style="")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        table.add_row(*row.values())
    console.print(table)


def _print_named(word: str, sentences: Iterable[str], console: Console) -> None:
    style = {"Alarm": "bold red", "Hint": "cyan"}.get(word, "bold yellow")
    for sentence in sentences:
        console.print(Text.assemble((word, style), f": {sentence}"), highlight=False, soft_wrap=True)


def print_status(status: Status, console: Console) -> None:
    """Prints one line an environment, and what a person has to look at."""
    if status.environments:
        print_table([_status_row(environment) for environment in status.environments], console)
    _print_named("Alarm", status.alarms, console)
    _print_named("Hint", status.hints, console)
    if not status.alarms:
        console.print(
            Text.assemble(("Healthy", "bold green"), ": nothing is overdue, no file is stuck, and the last night ran.")
        )


def _status_row(environment: Row) -> dict[str, str]:
    age, last = environment["oldest_due_days"], environment["last_finished_at"]
    return {
        "environment": environment["environment_id"],
        "months": str(environment["retention_months"] or ""),
        "cutoff": f"{environment['cutoff']:%Y-%m-%d}" if environment["cutoff"] else "none",
        "rows due": f"{environment['rows_due']:,}",
        "files due": f"{environment['files_due']:,}",
        "oldest": f"{age:,.0f} days" if age is not None else "",
        "queued files": f"{environment['files_queued']:,}",
        "last run": f"{environment['last_run_id']}, {_paris(last)}: {environment['last_outcome']}" if last else "never",
    }


def _held_row(row: Row) -> dict[str, str]:
    oldest, newest = row["oldest_due_at"], row["newest_due_at"]
    return {
        "rows": named_kind(row["kind"]),
        "due": f"{row['due']:,}",
        "files": f"{row['files_due']:,}",
        "oldest": _paris(oldest) if oldest else "",
        "newest": _paris(newest) if newest else "",
        "held back because": row["held"],
    }


def _paris(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"
