"""Which columns every batch proves to be as they were: what statistics count, and the keys that name rows."""

from flows.adopt.catalog import Column
from flows.adopt.places import EnvironmentOf
from flows.adopt.proposals import TableProposal
from flows.adopt.words import holds, lexicon


def add_proofs(proposal: TableProposal, environments: EnvironmentOf) -> None:
    """Says of the columns that stay and are counted which rule they prove: S1 or S2."""
    if not proposal.is_personal:
        return
    environment = environments.column(proposal.table) if environments.table else None
    links = {name for link in environments.links.of(proposal.table) for name in link.columns}
    for own in proposal.columns:
        if own.meta.get("personal") is False and not own.column.is_generated:
            rule = _rule(own.column, proposal, environment, links)
            if rule:
                own.meta["proves"] = rule


def _rule(column: Column, proposal: TableProposal, environment: str | None, links: set[str]) -> str | None:
    if column is proposal.created or column.name == environment:
        return "S1"
    if holds(column.words, lexicon()["words"]["size"]) and proposal.name == "attachments":
        return "S1"
    is_counted = proposal.name == "attachments" and holds(column.words, lexicon()["words"]["media_type"])
    return "S2" if is_counted or column.name == proposal.table.key or column.name in links else None
