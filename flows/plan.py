"""What a run would do on a platform, before there is one: rules, what is due now, what the database lacks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from flows.adopt.summary import several
from flows.database import Database, Row
from flows.ledger import prepare_ledger
from flows.periods import check_periods, unknown_environments
from flows.policy import Policy, read_policy
from flows.prepare import Part, missing_steps
from flows.project import DbtProject
from flows.report import print_table
from flows.settings import read_settings
from flows.views import build_views

# What the tables' owner adds for speed and for safety; roles and grants are `retention prepare --part roles`.
SHOWN_PARTS = (Part.MARKERS, Part.INDEXES, Part.CONSTRAINTS)


@dataclass(frozen=True, slots=True)
class Plan:
    """The policy; and, once nothing is left to decide, periods, what is due by kind, and the statements to add.

    `with_owners`: what goes with due rows of another kind; `never_due`: rows that no period applies to, and why;
    `unreached`: rows that no thin view shows; `warnings`: what would keep a run from beginning.
    """

    policy: Policy
    periods: list[Row] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    due: dict[str, Row] = field(default_factory=dict)
    with_owners: dict[str, Row] = field(default_factory=dict)
    never_due: list[Row] = field(default_factory=list)
    unreached: list[Row] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        counts = {
            kind: {name: row[name] for name in ("due", "files_due", "environments")} for kind, row in self.due.items()
        }
        return {
            "rules": {rule.entry: rule.rule for rule in self.policy.rules},
            "questions": [
                {"table": asked.entry, "column": asked.column, "question": asked.question}
                for asked in self.policy.questions
            ],
            "periods": self.periods,
            "warnings": self.warnings,
            "due": counts,
            "with_owners": {kind: {"rows": row["rows"]} for kind, row in self.with_owners.items()},
            "never_due": [{name: row[name] for name in ("kind", "reason", "rows")} for row in self.never_due],
            "unreached": self.unreached,
            "statements": self.statements,
        }


def read_plan(project_dir: Path | None) -> Plan:
    """Reads the plan; where no question is open it builds the views, as a dry run does, and changes no platform row."""
    settings = read_settings(project_dir)
    project = DbtProject(settings, {})
    check_periods(settings.project_dir)
    with Database.connect(settings.retention_schema) as database:
        policy = read_policy(project)
        if policy.questions:
            return Plan(policy)
        prepare_ledger(database, settings.retention_schema)
        build_views(database, project)
        return Plan(
            policy,
            database.rows("plan_periods"),
            unknown_environments(database.rows("unknown_configured")),
            {row["kind"]: row for row in database.rows("plan_totals")},
            {row["kind"]: row for row in database.select(project.rows_with_due_owners(), "kind, rows, environments")},
            database.rows("plan_never_due"),
            sorted(database.select(project.unreached_rows(), "table_name, unreached, row_count"), key=_table_name),
            [step.shown for step in missing_steps(database, project, SHOWN_PARTS)],
        )


def print_plan(plan: Plan, console: Console) -> None:
    """Prints one sentence a table, counts, statements, and first of all what a person has to decide."""

    def say(text: str = "") -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    for rule in plan.policy.personal:
        say(f"- {rule.rule}.")
    say(f"- {len(plan.policy.rules) - len(plan.policy.personal)} more tables: nothing in them is personal.")
    say()
    if plan.policy.questions:
        say(f"{several(len(plan.policy.questions), 'open question')}, and nothing acts; answer each in the data map:")
        for question in plan.policy.questions:
            say(f"- {question}")
        return
    for sentence in _about_periods(plan):
        say(sentence)
    say()
    if plan.due:
        order = [rule.entry for rule in plan.policy.personal]
        print_table([_row(kind, plan) for kind in order if kind in plan.due], console)
    for row in plan.never_due:
        say(f"Never due: {row['rows']:,} rows of {row['kind']} {row['reason']}.")
    for row in plan.unreached:
        say(
            f"No rule reaches {row['unreached']:,} of {several(row['row_count'], 'row')} of {row['table_name']}: no "
            "thin view shows them. Is none of them a customer's?"
        )
    say()
    say(f"{several(len(plan.statements), 'statement')} for the tables' owner; `retention prepare --apply` adds them:")
    for statement in plan.statements:
        say(statement)


def _about_periods(plan: Plan) -> Iterator[str]:
    for period in plan.periods:
        said = period["problem"] or f"{period['months']} months"
        yield f"Period of {several(period['environments'], 'environment')}: {said}."
    for warning in plan.warnings:
        yield f"Warning: {warning}"


def _table_name(row: Row) -> str:
    return str(row["table_name"])


def _row(kind: str, plan: Plan) -> dict[str, str]:
    """What is due of a kind, with what goes with due rows of another."""
    row, with_owners = plan.due[kind], plan.with_owners.get(kind, {"rows": 0, "environments": 0})
    return {
        "due now": kind,
        "rows": f"{row['due'] + with_owners['rows']:,}",
        "files": f"{row['files_due']:,}",
        "environments": f"{max(row['environments'], with_owners['environments']):,}",
    }
