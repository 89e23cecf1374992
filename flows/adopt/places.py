"""Which environment a row belongs to: by its own column, over joins, or the one of the whole database."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.adopt.catalog import Table
from flows.adopt.joins import Joins
from flows.adopt.links import Links, Step, Way
from flows.adopt.pairs import ID_WORDS
from flows.adopt.proposals import TableProposal
from flows.adopt.words import Words, lexicon


@dataclass(frozen=True, slots=True)
class EnvironmentOf:
    """The table of the environments, and the ways to it.

    Without a table, what the column that names them is called, and the users' table, which has it; without either the
    database is one environment. `known`: the tables whose rows a (type, id) pair is taken to name on the way.
    """

    table: Table | None
    links: Links
    called: Words = ()
    users: Table | None = None
    known: tuple[Table, ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether the whole database is one environment."""
        return self.table is None and not self.called

    def column(self, table: Table) -> str | None:
        """The column of a table that holds the environment's key itself."""
        if self.table is None:
            return next((column.name for column in table.columns if self.called and column.words == self.called), None)
        for link in self.links.of(table):
            if link.target is self.table and link.target_columns == (self.table.key,) and not link.type_column:
                return link.columns[0]
        return None

    def way(self, proposal: TableProposal) -> Way | None:
        """The way from a row to the one with the environment's key; over its owner's where that leads there."""
        if self.is_one:
            return ()
        own = self._way_from(proposal.table)
        for end in range(1, len(proposal.way) + 1):
            here = proposal.way[end - 1].goal
            if self.column(here) and (own is None or end < len(own)):
                return proposal.way[:end]
        if own is not None or not proposal.way:
            return own
        found = self._way_from(proposal.way[-1].goal)
        return None if found is None else (*proposal.way, *found)

    def ways_by_pairs(self, proposal: TableProposal) -> list[Way]:
        """The ways over known tables whose rows a (type, id) pair may name; none where a plain way leads there."""
        if self.is_one or self.way(proposal) is not None:
            return []
        ways = []
        for link in self.links.of(proposal.table):
            rest = self._way_from(link.target) if link.type_column and link.target in self.known else None
            if rest is not None:
                ways.append((Step(link), *rest))
        return ways

    def _way_from(self, table: Table) -> Way | None:
        """The shortest way; of equally short ones not the one over a person, whom the company's own answers lack."""

        def is_goal(here: Table) -> bool:
            return self.table is here or bool(self.column(here))

        way = self.links.way(table, is_goal)
        if way is None or self.users is None or table is self.users:
            return way
        other = self.links.way(table, lambda here: here is not self.users and is_goal(here), but=[self.users])
        return other if other is not None and len(other) <= len(way) else way

    def sql(self, proposal: TableProposal, joins: Joins) -> str:
        """The environment's key in a thin view."""
        if self.is_one:
            return "1"
        kind = self._kind()
        way = self.way(proposal)
        if way is not None:
            return self._key_at(proposal, way, kind, joins)
        found = [self._key_at(proposal, by_pair, kind, joins) for by_pair in self.ways_by_pairs(proposal)]
        one_of_them = f"coalesce({', '.join(found)})" if found[1:] else "".join(found)
        return one_of_them or f"cast(null as {kind})"

    def _key_at(self, proposal: TableProposal, way: Way, kind: str, joins: Joins) -> str:
        here = way[-1].goal if way else proposal.table
        name = self.column(here) or here.key or ""
        sql = joins.column(way, name)
        return sql if here[name].data_type == kind else f"cast({sql} as {kind})"

    def _kind(self) -> str:
        """The type of the environment's key."""
        table = self.table or self.users
        name = (self.table.key if self.table else table and self.column(table)) or ""
        return table[name].data_type if table else "text"


def column_of_tenants(messages: Table, users: Table) -> Words:
    """What messages and users call the key of a tenant that no table of the database lists; () where they name none."""
    tenants = lexicon()["tables"]["tenant"]
    shared = {column.words for column in messages.columns} & {column.words for column in users.columns}
    named = [words for words in shared if is_id_of(words, tenants)]
    return min(named, key=lambda words: (tenants[words[:-1]], words)) if named else ()


def is_id_of(words: Words, tenants: Mapping[Words, int]) -> bool:
    """Whether words are those of a tenant's id."""
    return words[:-1] in tenants and words[-1] in ID_WORDS
