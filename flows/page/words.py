"""What a report says, in the languages that it is written in, and how each writes numbers, dates and sizes."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

PARIS = ZoneInfo("Europe/Paris")
THOUSAND = 1000


class Words:
    """One language: sentences by their name in its file, with values written as the language does."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        self._catalog = _catalog(language)

    def __call__(self, name: str, /, **values: Any) -> str:  # noqa: ANN401 - whatever a sentence speaks of
        """The sentence, with values put in; `count` chooses between one and several."""
        sentence: Any = self._catalog
        for part in name.split("."):
            sentence = sentence[part]
        if isinstance(sentence, Mapping):
            sentence = sentence[self._locale.plural_form(values["count"])]
        return str(sentence).format(**{key: self._written(value) for key, value in values.items()})

    def has(self, name: str) -> bool:
        """Whether the language has a sentence of this name."""
        part, _, rest = name.partition(".")
        return rest in self._catalog.get(part, {})

    def reason(self, reason: str) -> str | None:
        """A reason of the ledger in this language; None where it is not one of the known ones, such as a code."""
        for pattern, sentence in self._catalog["reasons"]:
            if found := re.fullmatch(pattern, reason):
                return found.expand(sentence)
        return None

    def sentence(self, said: str) -> str | None:
        """A sentence that a run ended with in this language; None where it is not one of the known ones."""
        for pattern, sentence in self._catalog["sentences"]:
            if found := re.fullmatch(pattern, said):
                return str(sentence).format(
                    **{part: self._part(part, text) for part, text in found.groupdict().items()}
                )
        return None

    def _part(self, part: str, text: str) -> str:
        """A part of such a sentence: `n` is a number, `counts` are numbers of a `kind` each, `why` is a reason."""
        if part == "n":
            return self.number(int(text.replace(",", "")))
        if part == "counts":
            counts = (count.split(" ", 1) for count in text.split(", "))
            return ", ".join(f"{self._part('n', number)} {self._part('kind', kind)}" for number, kind in counts)
        if part == "kind":
            name = f"kind.{text.removeprefix('late ').replace(' ', '_')}"
            return self(name).lower() if self.has(name) else text
        return (self.reason(text) or text) if part == "why" else text

    def number(self, value: float) -> str:
        """A number with its thousands apart."""
        return str(format_decimal(value, locale=self._locale))

    def size(self, value: int) -> str:
        """Bytes in the largest unit that leaves a whole one, with one digit behind it."""
        units: list[str] = self._catalog["units"]
        size, unit = float(value), 0
        while size >= THOUSAND and unit < len(units) - 1:
            size, unit = size / THOUSAND, unit + 1
        return f"{format_decimal(round(size, 1), locale=self._locale)}\u00a0{units[unit]}"

    def day(self, value: date) -> str:
        """A date in words."""
        return str(format_date(value, "d MMMM y", locale=self._locale))

    def short_day(self, value: date) -> str:
        """A date without its year, for an axis."""
        return str(format_date(value, "d MMM", locale=self._locale))

    def instant(self, value: datetime) -> str:
        """An instant in Paris, to the minute."""
        return str(format_datetime(value.astimezone(PARIS), "d MMMM y HH:mm", locale=self._locale))

    def _written(self, value: object) -> object:
        if isinstance(value, bool | str) or value is None:
            return value
        if isinstance(value, int | float):
            return self.number(value)
        if isinstance(value, datetime):
            return self.instant(value)
        return self.day(value) if isinstance(value, date) else value


@cache
def _catalog(language: str) -> dict[str, Any]:
    return tomllib.loads(files("flows.page").joinpath(f"{language}.toml").read_text(encoding="utf-8"))
