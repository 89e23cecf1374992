"""How rows of one table name rows of another: foreign keys, `<thing>_id` by convention, and (type, id) pairs."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from itertools import count

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.meanings import meaning_of
from flows.adopt.pairs import ID_WORDS, Pair, is_id, pairs_of, word_for
from flows.adopt.words import Words, lexicon, one_of, says

# What a step costs where there are several ways: a declared one is preferred to a guessed one.
BY_FOREIGN_KEY, BY_NAME, GUESSED, BY_PAIR, BACKWARDS = 10, 12, 18, 25, 15
# What a pair names that belongs to a message is rather the message's row of a file than the message.
PAIR_OF_FILE = 11
LONGEST_WAY = 4
# A word that fewer tables begin with, or a smaller share of them, says something of each.
FEWEST_PREFIXED, PREFIXED_SHARE = 3, 0.6


@dataclass(frozen=True, slots=True)
class Link:
    """Columns of `table` that name a row of `target`; of a (type, id) pair also the column and the word of the type.

    Where the word stands in a list of types, `types` leads there.
    """

    table: Table
    columns: tuple[str, ...]
    target: Table
    target_columns: tuple[str, ...]
    cost: int = BY_FOREIGN_KEY
    type_column: str = ""
    word: str = ""
    is_known_word: bool = False
    types: "Link | None" = None

    @property
    def is_by_content(self) -> bool:
        """Whether both rows have the same hash of what the one holds and the other tells of."""
        return self.columns == self.target_columns and self.cost == GUESSED

    @property
    def type_said_by(self) -> str:
        """The row's own column that says the type of a pair."""
        return self.types.columns[0] if self.types else self.type_column


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way: along a link, or back from the row that is named to the rows that name it."""

    link: Link
    is_backwards: bool = False

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

        `is_backwards`: it may begin with steps to the rows that name the table's; `has_pairs`: (type, id) pairs count;
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
            is_first = all(taken.is_backwards or taken.link.is_by_content for taken in way)
            for step in self._steps(here, is_backwards=is_backwards and is_first):
                if (step.link.type_column and not has_pairs) or (is_by_handler(step) and not by_handlers):
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
        guessed = {column.name: self._by_name(table, column) for column in table.columns}
        named = {name: target for name, (target, _) in guessed.items() if target}
        for key in table.foreign_keys:
            declared.update(key.columns)
            named |= {key.columns[0]: by_oid[key.target]} if len(key.columns) == 1 else {}
            yield Link(table, key.columns, by_oid[key.target], key.target_columns)
        pairs = {pair.column.name: pair for pair in pairs_of(table, named)}
        for column in table.columns:
            if column.name in pairs:
                yield from self._by_pair(table, pairs[column.name])
            elif column.name not in declared:
                yield from self._by_content(table, column)
                target, cost = guessed[column.name]
                if target and not (target is table and column.name == table.key):
                    yield Link(table, (column.name,), target, (target.key or "",), cost)

    def _by_name(self, table: Table, column: Column) -> tuple[Table | None, int]:
        """The table that `<thing>_id` names, and what the step costs: the thing, or without its first words.

        A table that has more words before the thing, other than those of all tables, is a guess.
        """
        if not is_id(column) or column.is_array or says(column.words, "personal", "network_id"):
            return None, 0
        thing = column.words[:-1]
        while thing:
            for cost in (BY_NAME, GUESSED):
                found = [other for other in self.tables if self._is_named(other, thing, cost) and fits(column, other)]
                near = [other for other in found if other.schema == table.schema] or found
                if len(near) == 1:
                    return near[0], cost
            thing = thing[1:]
        return None, 0

    @cached_property
    def _prefix(self) -> str:
        """The word that most tables' names begin with; '' where there is none."""
        first = Counter(table.words[0] for table in self.tables if len(table.words) > 1)
        word, times = first.most_common(1)[0] if first else ("", 0)
        return word if times >= max(FEWEST_PREFIXED, len(self.tables) * PREFIXED_SHARE) else ""

    def _is_named(self, table: Table, thing: Words, cost: int) -> bool:
        name, wanted = one_of(table.words), one_of(thing)
        if cost == BY_NAME:
            return wanted in (name, name[1:] if name[:1] == (self._prefix,) else name)
        return name[-len(wanted) :] == wanted and len(name) > len(wanted)

    def _by_content(self, table: Table, column: Column) -> Iterator[Link]:
        """From bytes that are found by what they are, to the row that tells of them: both have the unique hash."""
        if not _is_hash(column, table) or not any(other.family == Family.BYTES for other in table.columns):
            return
        for other in self.tables:
            theirs = next((one for one in other.columns if one.name == column.name), None)
            is_told = theirs and _is_hash(theirs, other) and not any(c.family == Family.BYTES for c in other.columns)
            if is_told and other is not table:
                yield Link(table, (column.name,), other, (column.name,), GUESSED)

    def _by_pair(self, table: Table, pair: Pair) -> Iterator[Link]:
        types = Link(table, (pair.named_by,), pair.types, (pair.types.key or "",)) if pair.types else None
        for other in self.tables:
            word, is_known = word_for(pair, other)
            if word and fits(pair.column, other):
                cost = PAIR_OF_FILE if says(other.words[-1:], "tables", "file") else BY_PAIR
                key = (other.key or "",)
                yield Link(table, (pair.column.name,), other, key, cost, pair.said_by.name, word, is_known, types)


def _is_hash(column: Column, table: Table) -> bool:
    is_text = column.family == Family.TEXT and not column.is_array and not column.is_nullable
    return is_text and column.name in table.single_keys and meaning_of(column).name == "digest"


def fits(column: Column, table: Table) -> bool:
    """Whether a column can hold the key of a table, by type."""
    if table.key is None:
        return False
    key = table[table.key]
    return column.family == key.family and not column.is_array


def is_part_of(link: Link) -> bool:
    """Whether a (type, id) pair names what its own row consists of: a table whose name goes on from that of the row's.

    Not one that is called after an author, whoever that may be.
    """
    whole, part = one_of(link.table.words), link.target.words
    stem = link.table[link.columns[0]].words[0]
    by_author = any(stem.startswith(words[0]) for words in lexicon()["words"]["author"])
    return bool(link.type_column) and len(part) > len(whole) and part[: len(whole)] == whole and not by_author


def is_by_handler(step: Step) -> bool:
    """Whether the row that a step leads to is no more to the other than somebody who made it or dealt with it."""
    return not step.is_backwards and is_made_by(step.link)


def is_made_by(link: Link) -> bool:
    """Whether a link names who made a row or dealt with it, whosever it is."""
    made = lexicon()["words"]["made_by"]
    names = [link.table[name].words for name in link.columns]
    plain = [words[:-1] if words[-1:] and words[-1] in ID_WORDS else words for words in names]
    return any(words[-1:] in made or says(words, "words", "handler") for words in plain)
