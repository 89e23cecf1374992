"""What a run did, read back from the ledger, for a person and for Prefect. Counts only."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from flows.database import Database, Row
from flows.errors import HeldBack, OffencesFound, PartlyDone, RetentionError, Unexpected

OUTCOME_ERRORS: dict[str, type[RetentionError]] = {
    "partly done": PartlyDone,
    "held back": HeldBack,
    "offences found": OffencesFound,
    "failed": Unexpected,
}


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run as the ledger has it: its row, its lines by environment and kind, and what is left, in sentences."""

    run: Row
    lines: list[Row]
    left: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """The ledger's word for how the run ended."""
        return str(self.run["outcome"])

    @property
    def exit_code(self) -> int:
        """0 for done and for a dry run, else that of the outcome's error."""
        error = OUTCOME_ERRORS.get(self.outcome)
        return error.exit_code if error else 0


def summarize(database: Database, run_id: int, left: Iterable[str] = ()) -> RunSummary:
    """Reads a run back from the ledger."""
    return RunSummary(
        database.row("run", run_id=run_id),
        database.rows("lines", run_id=run_id),
        list(left),
    )


def by_environment(summary: RunSummary) -> list[dict[str, str | int]]:
    """One row an environment: cutoff, and of messages, users, events and files what was due and what is done."""
    rows: dict[str, dict[str, str | int]] = {}
    for line in summary.lines:
        row = rows.setdefault(line["environment_id"], _blank(line))
        if line["cutoff"] is not None:
            row["months"], row["cutoff"] = (
                line["retention_months"],
                _paris(line["cutoff"]),
            )
        kind = line["kind"] if line["kind"] in ("messages", "users") else "events"
        if line["kind"] == "attachments":
            row["late attachments"] = line["anonymized"] or line["due"]
        else:
            _add(row, f"{kind} due", line["due"])
            _add(row, f"{kind} done", line["anonymized"])
        _add(row, "files due", line["files_due"])
        _add(row, "files purged", line["files_purged"])
        _add(row, "left over", line["left_over"] or 0)
    return list(rows.values())


def print_summary(summary: RunSummary, console: Console) -> None:
    """Prints the verdict, one line an environment, and what is left."""
    run = summary.run
    console.print(f"Run {run['run_id']}, as of {_paris(run['as_of'])} Paris time: [bold]{summary.outcome}[/bold]")
    rows = by_environment(summary)
    if rows:
        table = Table(*rows[0], box=None, pad_edge=False, header_style="")
        for column in table.columns[2:]:
            column.justify = "right"
        for row in rows:
            table.add_row(*(f"{value:,}" if isinstance(value, int) else value for value in row.values()))
        console.print(table)
    if summary.outcome == "dry run":
        console.print("Nothing was changed; without --dry-run these would be anonymized and purged.")
    for sentence in summary.left:
        console.print(f"Left: {sentence}", markup=False, highlight=False)


def _blank(line: Row) -> dict[str, str | int]:
    counts = (
        "messages due",
        "messages done",
        "late attachments",
        "users due",
        "users done",
        "events due",
        "events done",
    )
    row: dict[str, str | int] = {
        "environment": line["environment_id"],
        "months": "",
        "cutoff": "none",
    }
    return row | dict.fromkeys((*counts, "files due", "files purged", "left over"), 0)


def _add(row: dict[str, str | int], name: str, count: int) -> None:
    row[name] = int(row[name]) + count


def _paris(instant: object) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"
