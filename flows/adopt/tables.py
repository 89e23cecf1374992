"""What is proposed for each table: what its rows are, when they are due, and its columns."""

from flows.adopt.catalog import Family, Table
from flows.adopt.columns import Role, file_meta, propose_column
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
    _find_key(proposal)
    if table.key is None:
        _leave(proposal)
    _mark(proposal)
    judge(proposal, parts, links)
    if table.triggers:
        proposal.notes.append(
            f"An update runs {', '.join(table.triggers)}: see that none copies an old value. updated_at is no activity."
        )
    if table.comment:
        proposal.notes.append(f"The platform says: {' '.join(table.comment.split())}")
    return proposal


def _find_key(proposal: TableProposal) -> None:
    """Where files are told of and no column looks like an object key: a unique uuid may be one, and is asked about."""
    if proposal.role != Role.FILE or any(own.meta.get("replacement") == "file" for own in proposal.columns):
        return
    if not any(says(own.column.words, "words", "size") for own in proposal.columns):
        return
    for own in proposal.columns:
        column = own.column
        is_unique = proposal.table.is_unique(column.name) and column.name != proposal.table.key
        if column.family == Family.UUID and is_unique:
            own.meta = file_meta(column, proposal.table, "Is it the key of the row's file? No column is called one.")
            return
    proposal.questions.append("Where are its files? No column looks like an object key: as proposed none is purged.")


def _leave(proposal: TableProposal) -> None:
    """Replaces nothing where no column names one row: what is meant for a row would meet its neighbours."""
    named = [own.column.name for own in proposal.columns if own.is_personal]
    for own in proposal.columns:
        if own.is_personal:
            own.meta = {"personal": False, "why": "no column names one row of this table"}
    if named:
        proposal.questions.append(
            f"{', '.join(named)} may be personal, but no column is unique and not null by itself, so that no row can "
            "be named: may it stay? If not, add one (bigint generated always as identity unique) and adopt anew"
        )


def _mark(proposal: TableProposal) -> None:
    """The marker: a date column that is there for it, else a table of ours."""
    for own in proposal.columns:
        if own.column.data_type == MARKER_TYPE and says(own.column.words, "words", "marker"):
            proposal.marker = own.column.name
            own.meta = {"personal": False, "why": "marker"}
