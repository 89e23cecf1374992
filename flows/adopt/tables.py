"""What is proposed for each table: what its rows are, when they are due, and its columns."""

from flows.adopt.catalog import Table
from flows.adopt.columns import propose_column
from flows.adopt.links import Links
from flows.adopt.owners import judge
from flows.adopt.parts import Parts
from flows.adopt.proposals import TableProposal
from flows.adopt.roles import belongs_to_person, role_of
from flows.adopt.words import says

# A marker of the platform's own, as the reference platform has it.
MARKER_TYPE = "date"


def propose_table(table: Table, parts: Parts, links: Links) -> TableProposal:
    """The proposal for one table, before its entry has a name and what only a person can answer is asked."""
    role = role_of(table, parts, links)
    columns = [propose_column(column, table, role, links) for column in table.columns]
    proposal = TableProposal(table, "", role, columns, belongs=belongs_to_person(table, parts, links))
    _mark(proposal)
    judge(proposal, parts, links)
    if table.triggers:
        proposal.notes.append(
            f"An update runs {', '.join(table.triggers)}: see that none copies an old value. updated_at is no activity."
        )
    if table.comment:
        proposal.notes.append(f"The platform says: {' '.join(table.comment.split())}")
    return proposal


def _mark(proposal: TableProposal) -> None:
    """The marker: a date column that is there for it, else a table of ours."""
    for own in proposal.columns:
        if own.column.data_type == MARKER_TYPE and says(own.column.words, "words", "marker"):
            proposal.marker = own.column.name
            own.meta = {"personal": False, "why": "marker"}
