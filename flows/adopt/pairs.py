"""Pairs of columns that name a row of any table: the one says which table, the other which row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.words import Words, ends_with, lexicon, one_of, says, singular, words_of

ID_WORDS = frozenset({"id", "uuid", "guid", "fk", "nr"})
TYPE_WORDS = ("type", "kind", "typ", "tipo")


@dataclass(frozen=True, slots=True)
class Pair:
    """A (type, id) pair: the word of the type stands in `said_by`, the row's own column or one of the list `types`.

    `types` is a table that lists types, of which the row names one by its column `named_by`.
    """

    column: Column
    said_by: Column
    types: Table | None = None
    named_by: str = ""


def is_id(column: Column) -> bool:
    """Whether a column is called the id of something."""
    return len(column.words) > 1 and column.words[-1] in ID_WORDS


def pairs_of(table: Table, named: Mapping[str, Table]) -> Iterator[Pair]:
    """The pairs of a table, where no foreign key says what the id names; `named`: whose keys its columns hold."""
    declared = {name for key in table.foreign_keys for name in key.columns}
    by_words = {column.words: column for column in table.columns if column.family in (Family.TEXT, Family.ENUM)}
    listed = next(_lists_of_types(table, named), None)
    for column in table.columns:
        if column.name in declared or not is_id(column):
            continue
        said = [(*column.words[:-1], kind) for kind in TYPE_WORDS if (*column.words[:-1], kind) in by_words]
        if said and not (column.family == Family.TEXT and says(said[0], "words", "media_type")):
            yield Pair(column, by_words[said[0]])
        elif listed and column.words[:-1] in lexicon()["words"]["any_row"]:
            types, named_by, said_by = listed
            yield Pair(column, said_by, types, named_by)


def _lists_of_types(table: Table, named: Mapping[str, Table]) -> Iterator[tuple[Table, str, Column]]:
    """The tables that list types, of which a row names one: with the column that does, and the one with the word."""
    called = lexicon()["words"]["type_list"]
    for name, types in named.items():
        said_by = next((column for column in types.columns if _is_word_of_type(column)), None)
        if said_by and ends_with(one_of(types.words), called) and ends_with(table[name].words[:-1], called):
            yield types, name, said_by


def _is_word_of_type(column: Column) -> bool:
    return column.family == Family.TEXT and column.words in {("model",), ("name",), ("type",), ("class", "name")}


def word_for(pair: Pair, table: Table) -> tuple[str, bool]:
    """The word that stands for the rows of a table, and whether the type's own words say so; '' where they say no."""
    known = [label for label in pair.said_by.labels if is_word_for(label, table)]
    if known:
        return known[0], True
    if pair.said_by.labels:
        return "", False
    parts: Words = one_of(table.words)
    is_small = pair.said_by.words == ("model",)
    return "".join(part if is_small else part.capitalize() for part in parts), False


def is_word_for(label: str, table: Table) -> bool:
    """Whether a word of a type column stands for the rows of a table."""
    words = one_of(words_of(label))
    name = one_of(table.words)
    return bool(words) and (name[-len(words) :] == words or words[-len(name) :] == name or singular(label) == name[-1])
