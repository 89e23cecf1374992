"""The joins of a thin view: tables on a way, each with the columns that are asked of it, under names of their own."""

from dataclasses import dataclass, field

from flows.adopt.catalog import Table
from flows.adopt.links import Step, Way

# The platform's own row in a thin view; what is joined is called of_<table>, so that no column's name stands twice.
OWN = "own"


@dataclass(slots=True)
class _Joined:
    """One joined table: its alias, what it is joined on, and the columns that are taken from it."""

    table: Table
    alias: str
    on: list[str]
    taken: dict[str, str] = field(default_factory=dict)


class Joins:
    """The tables that a thin view joins, by the way that leads to them."""

    def __init__(self, base: Table, source_of: dict[int, str], needed: Way = ()) -> None:
        self._base, self._source_of, self._needed = base, source_of, needed
        self._joined: dict[Way, _Joined] = {}

    def column(self, way: Way, name: str) -> str:
        """A column of the table at the way's end, as SQL; joins what it needs, each table once."""
        if not way:
            return f"{OWN}.{self._base[name].quoted}"
        joined = self._join(way)
        return f"{joined.alias}.{self._take(joined, name)}"

    def names(self, way: Way) -> set[str]:
        """The columns that are asked of the table at a way's end."""
        return set(self._joined[way].taken) if way in self._joined else set()

    def imports(self) -> list[str]:
        """One common table expression a joined table."""
        return [self._import(joined) for joined in self._joined.values()]

    def clauses(self) -> list[str]:
        """One join a joined table: to the left, so that a row without an owner is shown, and listed as an offence.

        Along `needed` it is an inner one: only rows that this way leads on from are the entry's.
        """
        return [
            f"{'inner' if way == self._needed[: len(way)] else 'left'} join {joined.alias} on {' and '.join(joined.on)}"
            for way, joined in self._joined.items()
        ]

    def _join(self, way: Way) -> _Joined:
        if way not in self._joined:
            step, before = way[-1], way[:-1]
            if before:
                self._join(before)
            if step.link.types and not step.is_backwards:
                self._join((*before, Step(step.link.types)))
            joined = _Joined(step.goal, self._alias(step.goal), [])
            self._joined[way] = joined
            joined.on = self._conditions(step, before, joined)
        return self._joined[way]

    def _conditions(self, step: Step, before: Way, joined: _Joined) -> list[str]:
        link = step.link
        pairs = list(zip(link.columns, link.target_columns, strict=True))
        if step.is_backwards:
            pairs = [(target, own) for own, target in pairs]
        on = [f"{self.column(before, here)} = {joined.alias}.{self._take(joined, there)}" for here, there in pairs]
        if link.type_column:
            there = (*before, Step(link.types)) if link.types else before
            kind = (
                f"{joined.alias}.{self._take(joined, link.type_column)}"
                if step.is_backwards
                else self.column(there, link.type_column)
            )
            on.append(f"{kind} = {literal(link.word)}")
        return on

    def _take(self, joined: _Joined, name: str) -> str:
        """The name under which a joined table shows a column."""
        if name not in joined.taken:
            plain = "_".join(joined.table[name].words) or "column"
            taken = f"{joined.alias}_{plain}"[:60]
            while taken in joined.taken.values():
                taken += "_"
            joined.taken[name] = taken
        return joined.taken[name]

    def _alias(self, table: Table) -> str:
        alias = f"of_{'_'.join(table.words) or 'table'}"[:28]
        taken = {joined.alias for joined in self._joined.values()}
        while alias in taken:
            alias += "_too"
        return alias

    def _import(self, joined: _Joined) -> str:
        columns = ",\n".join(f"        {joined.table[name].quoted} as {taken}" for name, taken in joined.taken.items())
        return f"{joined.alias} as (\n    select\n{columns}\n    from {self._source_of[joined.table.oid]}\n)"


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
