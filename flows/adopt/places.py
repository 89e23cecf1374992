"""Which environment a row belongs to: by its own column, over joins, or the one of the whole database."""

from dataclasses import dataclass

from flows.adopt.catalog import Table
from flows.adopt.joins import Joins
from flows.adopt.links import Links, Way
from flows.adopt.proposals import TableProposal


@dataclass(frozen=True, slots=True)
class EnvironmentOf:
    """The table of the environments, and the ways to it; None: the database is one environment."""

    table: Table | None
    links: Links

    def column(self, table: Table) -> str | None:
        """The column of a table that holds the environment's key itself."""
        for link in self.links.of(table):
            if link.target is self.table and link.target_columns == (self.table.key,) and not link.type_column:
                return link.columns[0]
        return None

    def way(self, proposal: TableProposal) -> Way | None:
        """The way from a row to the one with the environment's key; over its owner's where that leads there."""
        if self.table is None:
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

    def _way_from(self, table: Table) -> Way | None:
        return self.links.way(table, lambda here: here is self.table or bool(self.column(here)))

    def sql(self, proposal: TableProposal, joins: Joins) -> str:
        """The environment's key in a thin view."""
        if self.table is None:
            return "1"
        kind = self.table[self.table.key or ""].data_type
        way = self.way(proposal)
        if way is None:
            return f"cast(null as {kind})"
        here = way[-1].goal if way else proposal.table
        name = self.column(here) or here.key or ""
        sql = joins.column(way, name)
        return sql if here[name].data_type == kind else f"cast({sql} as {kind})"
