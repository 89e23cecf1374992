"""Files that are made from others, such as thumbnails: they go with the file that they are made from."""

from collections.abc import Callable, Iterator, Sequence

from flows.adopt.catalog import Table
from flows.adopt.columns import Role
from flows.adopt.links import Links, Step, Way
from flows.adopt.meanings import FILES, meaning_of
from flows.adopt.parts import Parts
from flows.adopt.proposals import Owner, TableProposal
from flows.adopt.roles import role_of


def over_source(
    table: Table, owners_of: Callable[[TableProposal], Sequence[Owner]], parts: Parts, links: Links
) -> list[Owner]:
    """The owners of the files of another table that a table's own are made from: over the way there, then as theirs."""
    way = links.way(
        table, lambda here: here is not table and role_of(here, parts, links) == Role.FILE, by_handlers=False
    )
    if way is None:
        return []
    source = TableProposal(way[-1].goal, "", Role.FILE, [])
    return [Owner(owner.name, (*way, *owner.way)) for owner in owners_of(source)]


def derived_owners(proposal: TableProposal, owners: Sequence[Owner], parts: Parts, links: Links) -> tuple[Owner, ...]:
    """Of a table that holds files and those made from them: the owners of the latter, over the former."""
    if proposal.role != Role.FILE:
        return ()
    named = {owner.way[-1].goal.oid for owner in owners}
    kept = {table.oid for table in (parts.messages, parts.users, *parts.staff)} | named
    return tuple(
        Owner(owner.name, (*way, *owner.way), is_derived=True)
        for way in _ways_to_itself(proposal.table, links)
        if not any(step.goal.oid in kept for step in way)
        for owner in owners
    )


def _ways_to_itself(table: Table, links: Links) -> Iterator[Way]:
    """From a file to the one that it is made from: a column of its own names it, or the row that names the file does.

    The latter over a (type, id) pair that names a row of which nothing is known but the file that it is made from.
    """
    for link in links.of(table):
        if link.target is table and not link.type_column:
            yield (Step(link),)
    for back in links.to(table):
        for pair in links.of(back.table) if not back.type_column else ():
            down = [link for link in links.of(pair.target) if not link.type_column and not link.is_by_content]
            is_of_file_only = [link.target for link in down] == [table] and not _holds_file(pair.target)
            if pair.type_column and pair.target is not back.table and is_of_file_only:
                yield (Step(back, is_backwards=True), Step(pair), Step(down[0]))


def _holds_file(table: Table) -> bool:
    return any(meaning_of(column).name in FILES for column in table.columns)
