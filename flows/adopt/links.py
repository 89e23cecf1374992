"""How rows of one table name rows of another: foreign keys, `<thing>_id` by convention, and (type, id) pairs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from itertools import count

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.words import Words, one_of, says, singular, words_of

ID_WORDS = frozenset({"id", "uuid", "guid", "fk", "nr"})
# What a step costs where there are several ways: a declared one is preferred to a guessed one.
BY_FOREIGN_KEY, BY_NAME, GUESSED, BY_PAIR, BACKWARDS = 10, 12, 18, 25, 15
# What a pair names that belongs to a message is rather the message's row of a file than the message.
PAIR_OF_FILE = 11
LONGEST_WAY = 4


@dataclass(frozen=True, slots=True)
class Link:
    """Columns of `table` that name a row of `target`; of a (type, id) pair also the column and the word of the type."""

    table: Table
    columns: tuple[str, ...]
    target: Table
    target_columns: tuple[str, ...]
    cost: int = BY_FOREIGN_KEY
    type_column: str = ""
    word: str = ""
    is_known_word: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way: along a link, or back from the row that is named to the rows that name it."""

    link: Link
    is_backwards: bool = False

    @property
    def origin(self) -> Table:
        """Where the step starts."""
        return self.link.target if self.is_backwards else self.link.table

    @property
    def goal(self) -> Table:
        """Where the step leads."""
        return self.link.table if self.is_backwards else self.link.target


Way = tuple[Step, ...]


class Links:
    """All links of a catalog's tables."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tables

    def of(self, table: Table) -> list[Link]:
        """The links of one table to others, and to itself."""
        return self._all[table.oid]

    @cached_property
    def types_of_keys(self) -> frozenset[str]:
        """The types of keys that are text: a text column of one of them, called an id, names a row of the platform."""
        keys = [table[table.key] for table in self.tables if table.key]
        return frozenset(key.data_type for key in keys if key.family == Family.TEXT and key.words == ("id",))

    def to(self, table: Table) -> list[Link]:
        """The links that lead to a table from others."""
        return [
            link for links in self._all.values() for link in links if link.target is table and link.table is not table
        ]

    def way(
        self,
        table: Table,
        is_goal: Callable[[Table], bool],
        *,
        is_backwards: bool = False,
        has_pairs: bool = False,
        but: Sequence[Table] = (),
        by_handlers: bool = True,
    ) -> Way | None:
        """The shortest way from a table to one that is a goal, the table itself included; None where there is none.

        `is_backwards`: it may begin with a step to the rows that name the table's; `has_pairs`: (type, id) pairs count;
        not `by_handlers`: who reviewed or resolved a row is not whom it is of.
        """
        places = count()
        ahead: list[tuple[int, int, Table, Way]] = [(0, next(places), table, ())]
        seen = {other.oid for other in but}
        while ahead:
            cost, _, here, way = heappop(ahead)
            if is_goal(here):
                return way
            if here.oid in seen or len(way) == LONGEST_WAY:
                continue
            seen.add(here.oid)
            for step in self._steps(here, is_backwards=is_backwards and all(taken.is_backwards for taken in way)):
                if (step.link.type_column and not has_pairs) or not (by_handlers or _is_of(step)):
                    continue
                price = cost + step.link.cost + (BACKWARDS if step.is_backwards else 0)
                heappush(ahead, (price, next(places), step.goal, (*way, step)))
        return None

    def _steps(self, table: Table, *, is_backwards: bool) -> Iterator[Step]:
        for link in self.of(table):
            yield Step(link)
        if is_backwards:
            for link in self.to(table):
                if not link.type_column:
                    yield Step(link, is_backwards=True)

    @cached_property
    def _all(self) -> Mapping[int, list[Link]]:
        return {table.oid: list(self._found(table)) for table in self.tables}

    def _found(self, table: Table) -> Iterator[Link]:
        by_oid = {other.oid: other for other in self.tables}
        declared: set[str] = set()
        for key in table.foreign_keys:
            declared.update(key.columns)
            yield Link(table, key.columns, by_oid[key.target], key.target_columns)
        pairs = {name: type_name for type_name, name in pairs_of(table)}
        for column in table.columns:
            if column.name in pairs:
                yield from self._by_pair(table, table[pairs[column.name]], column)
            elif column.name not in declared:
                target = self._by_name(table, column)
                if target and not (target is table and column.name == table.key):
                    yield Link(table, (column.name,), target, (target.key or "",), BY_NAME)

    def _by_name(self, table: Table, column: Column) -> Table | None:
        """The table that `<thing>_id` names: the thing as it is, or without its first words, as in last_message_id."""
        if not is_id(column) or column.is_array or says(column.words, "personal", "network_id"):
            return None
        thing = column.words[:-1]
        while thing:
            for is_exact in (True, False):
                found = [other for other in self.tables if _is_named(other, thing, is_exact) and fits(column, other)]
                near = [other for other in found if other.schema == table.schema] or found
                if len(near) == 1:
                    return near[0]
            thing = thing[1:]
        return None

    def _by_pair(self, table: Table, type_column: Column, column: Column) -> Iterator[Link]:
        for other in self.tables:
            if not fits(column, other):
                continue
            known = [label for label in type_column.labels if _names(label, other)]
            if type_column.labels and not known:
                continue
            word = known[0] if known else "".join(part.capitalize() for part in one_of(other.words))
            key, cost = other.key or "", PAIR_OF_FILE if says(other.words[-1:], "tables", "file") else BY_PAIR
            yield Link(table, (column.name,), other, (key,), cost, type_column.name, word, bool(known))


def pairs_of(table: Table) -> list[tuple[str, str]]:
    """The (type, id) pairs of a table: the names of both columns, where no foreign key says what the id names."""
    declared = {name for key in table.foreign_keys for name in key.columns}
    by_words = {column.words: column.name for column in table.columns if column.family in (Family.TEXT, Family.ENUM)}
    return [
        (by_words[(*column.words[:-1], kind)], column.name)
        for column in table.columns
        for kind in ("type", "kind", "typ", "tipo")
        if column.name not in declared
        and len(column.words) > 1
        and column.words[-1] in ID_WORDS
        and (*column.words[:-1], kind) in by_words
        and not (column.family == Family.TEXT and says((*column.words[:-1], kind), "words", "media_type"))
    ]


def is_id(column: Column) -> bool:
    """Whether a column is called the id of something."""
    return len(column.words) > 1 and column.words[-1] in ID_WORDS


def fits(column: Column, table: Table) -> bool:
    """Whether a column can hold the key of a table, by type."""
    if table.key is None:
        return False
    key = table[table.key]
    return column.family == key.family and not column.is_array


def _is_of(step: Step) -> bool:
    """Whether the row that a step leads to is more to the other than somebody who dealt with it."""
    names = [step.link.table[name].words[:-1] for name in step.link.columns]
    return step.is_backwards or not any(says(words, "words", "handler") for words in names)


def _is_named(table: Table, thing: Words, is_exact: bool) -> bool:
    name = one_of(table.words)
    wanted = one_of(thing)
    return name == wanted if is_exact else name[-len(wanted) :] == wanted and len(name) > len(wanted)


def _names(label: str, table: Table) -> bool:
    """Whether a word of a type column stands for the rows of a table."""
    words = one_of(words_of(label))
    name = one_of(table.words)
    return bool(words) and (name[-len(words) :] == words or words[-len(name) :] == name or singular(label) == name[-1])
