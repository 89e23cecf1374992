"""Names taken apart into words, and what the lexicon knows of them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

Words = tuple[str, ...]

# A name that is written as one word, "createat", is taken apart where it consists of known words only.
SHORTEST_GLUED = 6
# Short words that may stand glued to others; any other would be found in every name.
SHORT = frozenset({"id", "at", "on", "ip", "by", "tz", "ts", "no", "to", "cc", "is"})
LONGEST_PART = 16

_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_IRREGULAR = {"people": "person", "media": "media", "children": "child", "status": "status", "address": "address"}


@cache
def words_of(name: str) -> Words:
    """The words of a name: snake_case, camelCase, spaces and accents taken apart, numbers left out."""
    found = [part.lower() for part in _CAMEL.findall(_without_accents(name)) if not part.isdigit()]
    return tuple(word for part in found for word in _unglued(part))


def _unglued(word: str) -> Words:
    if word in vocabulary() or len(word) < SHORTEST_GLUED:
        return (word,)
    return _parts(word) or (word,)


def _parts(word: str) -> Words | None:
    """The fewest known words that make up a word; None where there are none."""
    best: list[Words | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - LONGEST_PART), end):
            part, before = word[start:end], best[start]
            if before is None or not (part in SHORT or (len(part) > 2 and part in vocabulary())):  # noqa: PLR2004
                continue
            here = best[end]
            if here is None or len(before) + 1 < len(here):
                best[end] = (*before, part)
    return best[len(word)]


@cache
def lexicon() -> Mapping[str, Mapping[str, Mapping[Words, int]]]:
    """The lexicon: part → list → phrases, each a tuple of words, with their place in the list."""
    text = files("flows").joinpath("adopt", "lexicon.toml").read_text(encoding="utf-8")
    return {
        part: {
            name: {tuple(phrase.split()): place for place, phrase in enumerate(phrases)}
            for name, phrases in lists.items()
        }
        for part, lists in tomllib.loads(text).items()
    }


@cache
def vocabulary() -> frozenset[str]:
    """Every word that the lexicon knows."""
    return frozenset(
        word for lists in lexicon().values() for phrases in lists.values() for phrase in phrases for word in phrase
    )


def holds(words: Words, phrases: Iterable[Words]) -> bool:
    """Whether one of the phrases stands in the words, in a row."""
    return _longest(words, phrases) > (0, 0)


def says(words: Words, part: str, *names: str) -> bool:
    """Whether a phrase of one of these lists of the lexicon stands in the words."""
    return any(holds(words, lexicon()[part][name]) for name in names)


def speaks_of_people(words: Words) -> bool:
    """Whether a table's name speaks of who writes, or of what is written: contact_inboxes, user_preferences."""
    return any(holds(words, lexicon()["tables"][name]) for name in ("customer", "person", "message", "conversation"))


def ends_with(words: Words, phrases: Iterable[Words]) -> bool:
    """Whether the words end with one of the phrases."""
    return any(words[-len(phrase) :] == phrase for phrase in phrases)


def best_list(words: Words, parts: Sequence[str]) -> str | None:
    """The list that holds the longest phrase in the words, of equally long ones the later; None where none does."""
    found: list[tuple[tuple[int, int], str]] = []
    for part in parts:
        for name, phrases in lexicon()[part].items():
            place = _longest(words, phrases)
            if place > (0, 0):
                found.append((place, name))
    return max(found)[1] if found else None


def _longest(words: Words, phrases: Iterable[Words]) -> tuple[int, int]:
    """Length and end of the longest of the phrases that stands in the words; (0, 0) where none does."""
    known = phrases if isinstance(phrases, Mapping) else frozenset(phrases)
    for length in range(len(words), 0, -1):
        for end in range(len(words), length - 1, -1):
            if words[end - length : end] in known:
                return length, end
    return 0, 0


def singular(word: str) -> str:
    """One of what a word names several of."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - not "ties"
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes", "uses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def one_of(words: Words) -> Words:
    """The words with the last one in the singular."""
    return (*words[:-1], singular(words[-1])) if words else words


def snake(name: str) -> str:
    """A name in small letters, digits and underscores, as models and sources are called."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", _without_accents(name))
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_") or "unnamed"


def _without_accents(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
