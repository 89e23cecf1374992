"""What a column holds, by its name and type."""

from dataclasses import dataclass

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.pairs import is_id
from flows.adopt.words import best_list, ends_with, lexicon, says

# Meanings that name a person whatever table they are in; the others do so in a table of people or of what they wrote.
STRONG = frozenset({
    "person_name", "email", "phone", "handle", "birth", "bank", "official", "ip", "device", "postal", "network_id",
})  # fmt: skip
# Meanings that a column of any table can have without naming a person.
FILES = frozenset({"file_key", "file_url", "file_name"})

SETTINGS = ("settings, by its name", "a setting")
# How many of the words that a column allows are told.
SHOWN_WORDS = 4
# Of these types a value is personal only where its name says so.
_BARE = frozenset({Family.NUMBER, Family.UUID, Family.DATE, Family.ENUM, Family.SPAN, Family.BOOLEAN, Family.INSTANT})
_OF_BARE = {
    Family.NUMBER: frozenset({"phone", "birth", "place", "network_id", "bank", "official", "ip"}),
    Family.UUID: frozenset({"network_id", "secret", "device", "file_key"}),
    Family.DATE: frozenset({"birth"}),
    Family.INSTANT: frozenset({"birth"}),
    Family.ENUM: frozenset({"trait", "birth"}),
    Family.SPAN: frozenset(),
    Family.BOOLEAN: frozenset(),
}
# What cannot be read from a name, because the type holds anything.
_OF_TYPE = {Family.ADDRESS: "ip", Family.PLACE: "place", Family.SEARCH: "content"}
_ANYTHING = frozenset({Family.JSON, Family.HSTORE, Family.BYTES})


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word of the lexicon for what a column holds; "unknown": the name says nothing; "plain": nothing of a person."""

    name: str
    why: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it says nothing of a person."""
        return self.name == "plain"


UNKNOWN = Meaning("unknown")


def meaning_of(column: Column) -> Meaning:
    """What a column holds, as far as its name and type tell, whatever table it is in."""
    if column.is_generated:
        return Meaning("plain", f"generated from {', '.join(column.generated_from) or 'other columns'}")
    if column.family in _OF_TYPE:
        return Meaning(_OF_TYPE[column.family])
    named = _named(column)
    if column.family in _BARE:
        return _of_bare(column, named)
    if column.family in _ANYTHING:
        return _of_anything(named)
    if column.labels and named not in STRONG | {"trait"}:
        shown = ", ".join(column.labels[:SHOWN_WORDS])
        return Meaning("plain", f"one of its words: {shown}{', …' if column.labels[SHOWN_WORDS:] else ''}")
    return _of_text(column, named)


def _named(column: Column) -> str | None:
    """What the name says; an image's key, a file's path and the like are object keys."""
    words = column.words
    if words[-1:] in (("key",), ("keys",), ("path",), ("paths",)) and words[-2:-1] in lexicon()["words"]["file_thing"]:
        return "file_key"
    whole = next((name for name, phrases in lexicon()["whole"].items() if words in phrases), None)
    return whole or best_list(words, ("personal", "plain", "ambiguous"))


def _of_anything(named: str | None) -> Meaning:
    if named == "setting":
        return Meaning("plain", SETTINGS[0])
    return Meaning(named) if named and named not in ("word", "code") else UNKNOWN


def _of_bare(column: Column, named: str | None) -> Meaning:
    if named in _OF_BARE[column.family] and not _is_fact(column):
        return Meaning(named or "")
    reasons = {
        Family.NUMBER: "a number",
        Family.UUID: "internal key",
        Family.DATE: "a date of the row",
        Family.INSTANT: "an instant of the row",
        Family.ENUM: "one of the words of its type",
        Family.SPAN: "a span",
        Family.BOOLEAN: "yes or no",
    }
    return Meaning("plain", reasons[column.family])


def _of_text(column: Column, named: str | None) -> Meaning:
    if named == "word" or (named not in STRONG | FILES and _is_fact(column)):
        return Meaning("plain", "one of a few words that the platform sets")
    if named == "code":
        return Meaning("plain", "a code that the platform sets")
    if named == "setting":
        return Meaning("plain", SETTINGS[1])
    return Meaning(named) if named else UNKNOWN


def _is_fact(column: Column) -> bool:
    """Whether the name ends in what counts, orders or describes, such as email_count or avatar_size."""
    if column.words[:1] in (("is",), ("has",)):
        return True
    return ends_with(column.words, lexicon()["words"]["fact"]) and len(column.words) > 1


def is_content(column: Column) -> bool:
    """Whether it holds what somebody wrote, as text."""
    return (
        column.family == Family.TEXT
        and meaning_of(column).name == "content"
        and not says(column.words, "words", "fact")
    )


def holds_content(table: Table) -> bool:
    """Whether a table holds a text or a payload that somebody wrote."""
    return any(meaning_of(column).name in ("content", "payload") and not is_id(column) for column in table.columns)
