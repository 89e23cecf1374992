"""Columns in which other kinds repeat a person's identifier: they lose it with the person, whatever their own age."""

from collections.abc import Sequence

from flows.adopt.catalog import Column, Family
from flows.adopt.columns import ColumnProposal
from flows.adopt.meanings import meaning_of
from flows.adopt.places import EnvironmentOf
from flows.adopt.proposals import TableProposal
from flows.adopt.replacements import can_be_random

Within = list[str] | dict[str, str]

# What a person can be found by; the surest first.
FINDS = ("network_id", "phone", "handle", "email")


def link_identifiers(environments: EnvironmentOf, proposals: Sequence[TableProposal]) -> None:
    """Says of rows that are judged by their own age and name a person by text which identifier they repeat."""
    users = next(proposal for proposal in proposals if proposal.name == "users")
    for proposal in proposals:
        if not proposal.kind or proposal.name in ("messages", "users"):
            continue
        for meaning in FINDS:
            own = _column(proposal, meaning)
            theirs = _column(users, meaning)
            if own and theirs and own.column.family == theirs.column.family:
                _link(own, theirs.column, _within(environments, proposal, users))
                break


def _column(proposal: TableProposal, meaning: str) -> ColumnProposal | None:
    for own in proposal.columns:
        is_one = own.is_personal and own.column.family == Family.TEXT and not own.column.is_array
        if is_one and meaning_of(own.column).name == meaning:
            return own
    return None


def _within(environments: EnvironmentOf, proposal: TableProposal, users: TableProposal) -> Within | None:
    """The environment's column in both tables, by both names where they differ; None where one has it not."""
    if environments.is_one:
        return []
    own, theirs = environments.column(proposal.table), environments.column(users.table)
    if not own or not theirs or proposal.table[own].data_type != users.table[theirs].data_type:
        return None
    return [own] if own == theirs else {own: theirs}


def _link(own: ColumnProposal, theirs: Column, within: Within | None) -> None:
    if within is None or not can_be_random(own.column):
        own.meta = {
            "decide": f"Does it repeat {theirs.name} of users? As proposed it goes with its own row only",
            **own.meta,
        }
        return
    identifies: dict[str, object] = {"table": "users", "column": theirs.name}
    kept = {name: said for name, said in own.meta.items() if name == "unless_stays"}
    own.meta = {"replacement": "random_id", "identifies": identifies | ({"within": within} if within else {}), **kept}
