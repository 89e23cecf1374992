"""The rules in force as a person reads them: from the data map, sound or not, never from a row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flows.errors import BadConfiguration
from flows.project import DbtProject
from flows.settings import read_settings


@dataclass(frozen=True, slots=True)
class Question:
    """What a person has yet to decide: of a table, or of one column of it."""

    entry: str
    column: str | None
    question: str

    def __str__(self) -> str:
        return f"{self.entry}{f'.{self.column}' if self.column else ''}: {self.question}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One declared table: its rule in a sentence, and its columns: {name, becomes, why}."""

    entry: str
    table: str
    rule: str
    when: str
    is_personal: bool
    columns: list[dict[str, str | None]]


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of all tables, in the order in which kinds are shown, and the questions that are open."""

    default_months: int
    direction: str
    rules: list[Rule]
    questions: list[Question] = field(default_factory=list)

    @property
    def personal(self) -> list[Rule]:
        """The rules under which something is replaced."""
        return [rule for rule in self.rules if rule.is_personal]


def read_policy(project: DbtProject) -> Policy:
    """Reads the policy from the project; nothing is built, and no row is read."""
    found: dict[str, Any] = project.policy()
    order = {kind: place for place, kind in enumerate(found["kinds"])}
    tables = sorted(found["tables"], key=lambda table: (order.get(table["entry"], len(order)), table["entry"]))
    shown = ("entry", "table", "rule", "when", "is_personal", "columns")
    return Policy(
        found["default_months"],
        found["direction"],
        [Rule(**{name: table[name] for name in shown}) for table in tables],
        [Question(table["entry"], **asked) for table in tables for asked in table["questions"]],
    )


def written_policy(project_dir: Path | None) -> str:
    """The policy in Markdown, for who has to answer for it."""
    settings = read_settings(project_dir)
    policy = read_policy(DbtProject(settings, {}))
    if not policy.rules:
        raise BadConfiguration(
            f"Writing the policy: expected a data map in {settings.project_dir}, found no table with meta.key. "
            "Name the project with --project-dir, or write one with `retention adopt`."
        )
    return "\n".join(_lines(policy)) + "\n"


def _lines(policy: Policy) -> Iterator[str]:
    yield from (f"# Retention policy, {date.today():%d %B %Y}", "")  # noqa: DTZ011 - the day of who asks
    yield from _scope(policy)
    yield from ("## What is emptied, and when", "")
    for rule in policy.personal:
        yield f"- **{rule.entry}** (`{rule.table}`){rule.rule.removeprefix(rule.entry)}."
    yield from ("", *_files(policy), *_kept(policy), *_boundaries(), *_open(policy))


def _scope(policy: Policy) -> Iterator[str]:
    yield "## Scope"
    yield ""
    yield (
        f"Personal data in {len(policy.personal)} tables of the platform is anonymized in place, every night at 02:00 "
        "Europe/Paris, in PostgreSQL and in the file store. The rows stay, with their keys, dates and statistics."
    )
    yield ""
    yield (
        f"- Period: {policy.default_months} months, unless the environment (one client company's space) has its own; "
        "nothing finer has a period. It is counted in calendar months to the beginning of the day in Paris."
    )
    yield "- Counted from the row's creation in the platform, never from a publication elsewhere or a later change."
    if policy.direction == "both":
        yield "- Messages in both directions: what customers wrote, and the company's answers, since these name them."
    else:
        yield "- Messages that customers wrote. The company's own answers stay as they are, by decision."
    yield "- Rows that the platform has marked as deleted are treated like all others."
    yield (
        "- A person is anonymized when no message of theirs was created within the period; a person who writes again "
        "afterwards is a new one."
    )
    yield ""


def _files(policy: Policy) -> Iterator[str]:
    named = [
        f"`{rule.table}.{column['name']}`"
        for rule in policy.personal
        for column in rule.columns
        if "its file is deleted" in (column["becomes"] or "")
    ]
    if named:
        yield "## Files"
        yield ""
        yield (
            f"The files named by {', '.join(named)} are deleted from the file store in every version, after the row is "
            "emptied, unless another row that lives still names them."
        )
        yield ""


def _kept(policy: Policy) -> Iterator[str]:
    yield from ("## What is kept, and why", "")
    for rule in policy.rules:
        kept: dict[str, list[str]] = {}
        for column in rule.columns:
            if column["why"]:
                kept.setdefault(column["why"], []).append(f"`{column['name']}`")
        if kept:
            reasons = "; ".join(f"{', '.join(names)}: {why}" for why, names in kept.items())
            yield f"- **{rule.entry}** (`{rule.table}`): {reasons}."
    yield ""


def _boundaries() -> Iterator[str]:
    yield "## Boundaries"
    yield ""
    yield (
        "- Only data stored on the platform (B1). What a company copied to a CRM or another tool is its own to "
        "anonymize."
    )
    yield (
        "- What was anonymized can't be recovered from the platform, the product's ledger, logs, queue or reports "
        "(B2). What can be from outside: public posts by their exact instant, persons by internal keys that a company "
        "copied elsewhere, backups until they are overwritten."
    )
    yield "- Random identifiers come from a cryptographic source, are derived from nothing, and no mapping is kept."
    yield ""


def _open(policy: Policy) -> Iterator[str]:
    yield from ("## Open points", "")
    if not policy.questions:
        yield "None: every column of every declared table is decided."
    for question in policy.questions:
        yield f"- {question}"
