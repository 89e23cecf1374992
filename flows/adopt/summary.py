"""What an adoption found, for a person: parts, tables, columns, proposals, and the questions that are open."""

from typing import Any

from rich.console import Console

from flows.adopt.adoption import Adoption
from flows.adopt.catalog import Table
from flows.adopt.proposals import TableProposal
from flows.adopt.renewal import Renewal
from flows.report import print_table


def as_counts(adoption: Adoption) -> dict[str, Any]:
    """The summary for machines."""
    return {
        "folder": str(adoption.wish.out),
        "parts": {name: where for name, where, _ in _parts(adoption)},
        "tables": len({proposal.table.oid for proposal in adoption.proposals}),
        "columns": sum(len(proposal.columns) for proposal in adoption.proposals),
        "kinds": adoption.kinds,
        "personal_columns": sum(_personal(proposal) for proposal in adoption.proposals),
        "questions": [
            {"table": proposal.name, "column": column or None, "question": question}
            for proposal in adoption.proposals
            for column, question in proposal.open_questions
        ],
    }


def print_adoption(adoption: Adoption, console: Console) -> None:
    """Prints the summary, one line a table with something personal, and every question."""

    def say(text: str = "") -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    for name, where, nearly in _parts(adoption):
        say(f"{name}: {where}" + (f"  (nearly: {nearly}; --{name} names another)" if nearly else ""))
    say()
    shown = [proposal for proposal in adoption.proposals if proposal.is_personal or proposal.questions]
    if shown:
        print_table([_row(proposal) for proposal in shown], console)
    counts = as_counts(adoption)
    others = counts["tables"] - len({proposal.table.oid for proposal in shown})
    say(
        f"{counts['tables']} tables, {counts['columns']} columns, {counts['personal_columns']} of them replaced. "
        f"{others} tables hold nothing personal, by their names; models/_sources.yml says why of each column."
    )
    say()
    questions = [(proposal, asked) for proposal in adoption.proposals for asked in proposal.open_questions]
    say(f"{len(questions)} questions are open; nothing acts until each `decide` line is answered and removed:")
    for proposal, (column, question) in questions:
        say(f"- {proposal.name}{f'.{column}' if column else ''}: {question}")
    say()
    say(f"Written to {adoption.wish.out}. Read models/_sources.yml and models/platform_*.sql, then:")
    say(f"  retention plan --project-dir {adoption.wish.out}")


def print_renewal(renewal: Renewal, console: Console) -> None:
    """Prints what was added to a project, what is gone from the platform, and what is to be answered."""

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    say(f"New in the platform, and added to models/_sources.yml: {', '.join(renewal.added) or 'nothing'}.")
    if renewal.gone:
        say(f"No longer in the platform; take it out of models/_sources.yml: {', '.join(renewal.gone)}.")
    for question in renewal.questions:
        say(f"- {question}")


def _parts(adoption: Adoption) -> list[tuple[str, str, str]]:
    """The parts: name, table, and the tables that nearly got it."""
    parts = adoption.parts
    environments = _named(parts.environments) if parts.environments else "one, the whole database"
    return [
        ("messages", _named(parts.messages), ", ".join(map(_named, parts.near_messages))),
        ("users", _named(parts.users), ", ".join(map(_named, parts.near_users))),
        ("environments", environments, ", ".join(map(_named, parts.near_environments))),
    ]


def _named(table: Table) -> str:
    return f"{table.schema}.{table.name}"


def _personal(proposal: TableProposal) -> int:
    return sum(column.is_personal for column in proposal.columns)


def _row(proposal: TableProposal) -> dict[str, str]:
    due = f"with {proposal.owner}" if proposal.owner else "own age" if proposal.kind else "never"
    due = "when silent" if proposal.name == "users" else due
    return {
        "entry": proposal.name,
        "table": _named(proposal.table),
        "rows": f"{proposal.table.rows:,}" if proposal.table.rows else "",
        "columns": str(len(proposal.columns)),
        "replaced": str(_personal(proposal)),
        "due": due,
        "questions": str(len(proposal.open_questions)),
    }
