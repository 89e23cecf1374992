"""When the rows of a table are due: on their own, or with the rows that they belong to."""

from collections.abc import Callable, Sequence

from flows.adopt.catalog import Table
from flows.adopt.columns import Role
from flows.adopt.derived_files import derived_owners, over_source
from flows.adopt.links import Links, Step, Way, is_part_of
from flows.adopt.parts import Parts, created_column
from flows.adopt.proposals import Owner, TableProposal


def judge(proposal: TableProposal, parts: Parts, links: Links) -> None:
    """When rows are due: on their own, or with whom."""
    table = proposal.table
    proposal.created = created_column(table)[0]
    if table in (parts.messages, parts.users):
        proposal.kind = True
        return
    if not proposal.is_personal or proposal.role == Role.STAFF:
        return
    if table is parts.conversations:
        proposal.owner = "messages"
        proposal.way = links.way(table, lambda here: here is parts.messages, is_backwards=True) or ()
        proposal.marker = "values"
        return
    direct = any(link.target is parts.messages and not link.type_column for link in links.of(table))
    direct = direct or bool(_parts_of_messages(table, parts, links))
    if direct or proposal.role not in (Role.LOG, Role.WRITTEN) or proposal.created is None:
        found = _owners(proposal, parts, links)
        if not found and proposal.role == Role.FILE:
            found = over_source(table, lambda source: _owners(source, parts, links), parts, links)
        if found:
            first = found[0]
            proposal.owner, proposal.way = first.name, first.way
            is_shared = any(step.link.type_column for step in first.way)
            others = {other.name: other for other in found[::-1] if other.name != first.name} if is_shared else {}
            owners = (first, *others.values())
            proposal.also = (*others.values(), *derived_owners(proposal, owners, parts, links))
            proposal.words = tuple(
                dict.fromkeys(step.link.word for owner in owners for step in owner.way if step.link.word)
            )
            return
    proposal.kind = True


def _owners(proposal: TableProposal, parts: Parts, links: Links) -> list[Owner]:
    """The kinds whose rows a table's rows go with, the nearest first, and the ways.

    Of files also over (type, id) pairs, and from the rows that name the file.
    """
    table, is_file = proposal.table, proposal.role == Role.FILE
    goals = (("messages", parts.messages), ("users", parts.users))
    # A company owns no message, and an agent's name on a row does not make it the agent's.
    but = [table for table in (parts.environments, *parts.staff) if table]
    for is_backwards, has_pairs in ((False, False), (False, True), (True, True)):
        if (is_backwards or has_pairs) and not is_file:
            break
        found = [
            (sum(step.link.cost for step in way), name, way)
            for name, goal in goals
            if (
                way := links.way(
                    table,
                    _is(goal),
                    is_backwards=is_backwards,
                    has_pairs=has_pairs,
                    but=[*but, *_other(goals, goal)],
                    by_handlers=False,
                )
            )
        ]
        found += [] if has_pairs else _over_conversation(table, parts, links, but)
        if found:
            return [Owner(name, way) for _, name, way in sorted(found, key=lambda one: one[0])]
    return _parts_of_messages(table, parts, links)[:1]


def _parts_of_messages(table: Table, parts: Parts, links: Links) -> list[Owner]:
    """Where messages name what they consist of by a (type, id) pair: the way back to them."""
    back = [link for link in links.to(table) if link.table is parts.messages and is_part_of(link)]
    return [Owner("messages", (Step(link, is_backwards=True),)) for link in back]


def _other(goals: Sequence[tuple[str, Table]], goal: Table) -> list[Table]:
    """A message's author owns no file of the message, nor do messages own what is the author's."""
    return [table for _, table in goals if table is not goal]


def _is(goal: Table) -> Callable[[Table], bool]:
    return lambda here: here is goal


def _over_conversation(table: Table, parts: Parts, links: Links, but: Sequence[Table]) -> list[tuple[int, str, Way]]:
    """The way over the conversation that a row belongs to, to all of its messages."""
    if parts.conversations is None:
        return []
    there = links.way(table, _is(parts.conversations), but=but, by_handlers=False)
    back = links.way(parts.conversations, _is(parts.messages), is_backwards=True)
    if there and back:
        return [(sum(step.link.cost for step in (*there, *back)) - 1, "messages", (*there, *back))]
    return []
