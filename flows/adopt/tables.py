"""What is proposed for each table: what its rows are, when they are due, and its columns."""

from flows.adopt.catalog import Family, Table
from flows.adopt.columns import Role, file_meta, propose_column
from flows.adopt.links import Links
from flows.adopt.meanings import meaning_of
from flows.adopt.owners import judge
from flows.adopt.parts import Parts, is_called
from flows.adopt.proposals import TableProposal
from flows.adopt.roles import belongs_to_person, role_of
from flows.adopt.words import says

# What shows rows of elsewhere, by the catalog's word.
COPIES = {"f": "a foreign table", "m": "a materialized view"}
# A marker of the platform's own, as the reference platform has it.
MARKER_TYPE = "date"


def propose_table(table: Table, parts: Parts, links: Links) -> TableProposal:
    """The proposal for one table, before its entry has a name and what only a person can answer is asked."""
    role = role_of(table, parts, links)
    columns = [propose_column(column, table, role, links) for column in table.columns]
    proposal = TableProposal(table, "", role, columns, belongs=belongs_to_person(table, parts, links))
    _find_key(proposal, links)
    if table.key is None or table.kind in COPIES:
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


def _find_key(proposal: TableProposal, links: Links) -> None:
    """Where files are told of and no column looks like an object key: a unique uuid or hash may be one; it is asked."""
    if proposal.role != Role.FILE or any(own.meta.get("replacement") == "file" for own in proposal.columns):
        return
    holds_bytes = any(own.column.family == Family.BYTES for own in proposal.columns)
    tells_size = any(says(own.column.words, "words", "size") for own in proposal.columns)
    for own in proposal.columns:
        column = own.column
        is_unique = proposal.table.is_unique(column.name) and column.name != proposal.table.key and not holds_bytes
        is_hash = column.family == Family.TEXT and meaning_of(column).name == "digest"
        if is_unique and (is_hash or (tells_size and column.family == Family.UUID)):
            own.meta = file_meta(column, proposal.table, "Is it the key of the row's file? No column is called one.")
            return
    if holds_bytes or not tells_size or _is_told_elsewhere(proposal.table, links):
        return
    proposal.questions.append("Where are its files? No column looks like an object key: as proposed none is purged.")


def _is_told_elsewhere(table: Table, links: Links) -> bool:
    """Whether a row names one of another table of files."""
    return any(is_called(link.target, "file") for link in links.of(table) if not link.type_column)


def _leave(proposal: TableProposal) -> None:
    """Replaces nothing where no update reaches a row, or would meet its neighbours: no column names one row."""
    named = [own.column.name for own in proposal.columns if own.is_personal]
    what = COPIES.get(proposal.table.kind)
    for own in proposal.columns:
        if own.is_personal:
            own.meta = {"personal": False, "why": what or "no column names one row of this table"}
    if named and what:
        proposal.questions.append(
            f"{', '.join(named)} may be personal in {what}: is it emptied where its rows come from, and refreshed?"
        )
    elif named:
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
