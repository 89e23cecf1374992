"""What a report says in sentences: the verdict, and what each chart shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.page.charts import Series, bars, line
from flows.page.figures import Figures
from flows.page.words import Words


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and what it shows in a sentence."""

    svg: str
    says: str


def verdict_of(figures: Figures, words: Words) -> str:
    """How the run ended, in one sentence."""
    outcome = figures.run["outcome"].replace(" ", "_")
    if outcome == "done" and not figures.total("due") + figures.total("anonymized") + figures.total("files_purged"):
        return words("verdict.nothing")
    rows = words("count.rows_anonymized", count=figures.total("anonymized"))
    worked = sum(row["anonymized"] > 0 for row in figures.environments)
    if worked:
        rows = words("verdict.in_environments", rows=rows, environments=words("count.environments", count=worked))
    return words(
        f"verdict.{outcome}",
        done=_both(words, rows, words("count.files_purged", count=figures.total("files_purged"))),
        left=_counted(figures, words, "left", "files_left"),
        due=_counted(figures, words, "due", "files_due"),
        offences=words("count.offences", count=figures.offences),
    )


def _counted(figures: Figures, words: Words, rows: str, files: str) -> str:
    """Rows and files, but not the one there is none of; of old row versions alone, say, only that something is left."""
    counts = (("count.rows", figures.total(rows)), ("count.files", figures.total(files)))
    parts = [words(name, count=count) for name, count in counts if count]
    return _both(words, *parts) if parts else words("verdict.something")


def _both(words: Words, first: str, second: str | None = None) -> str:
    return words("verdict.and", first=first, second=second) if second else first


def charts_of(figures: Figures, words: Words) -> dict[str, Chart]:
    """The charts by name: rows anonymized, age of the oldest due row, storage freed, what falls due."""
    days = [night["day"] for night in figures.nights]

    def over_time(name: str) -> Series:
        return Series(days, [night[name] for night in figures.nights])

    anonymized, oldest, freed = over_time("anonymized"), over_time("oldest_due_days"), over_time("bytes_freed")
    ahead = Series([night["day"] for night in figures.ahead], [night["rows"] for night in figures.ahead])
    axis: Any = (words.short_day, words.number)
    charts = {
        "anonymized": Chart(bars("anonymized", anonymized, *axis), _anonymized(figures, anonymized, words)),
        "oldest": Chart(line("oldest", oldest, *axis), _oldest(oldest, words)),
        "freed": Chart(bars("freed", freed, words.short_day, words.size), _freed(freed, words)),
    }
    if figures.ahead:
        charts["ahead"] = Chart(bars("ahead", ahead, *axis), _ahead(figures, ahead, words))
    return charts


def _most(series: Series) -> tuple[int, date | None]:
    """The largest value and the last day that has it; no day where all is nothing."""
    most = max((value for value in series.values if value), default=0)
    days = [day for day, value in zip(series.days, series.values, strict=True) if most and value == most]
    return most, days[-1] if days else None


def _anonymized(figures: Figures, series: Series, words: Words) -> str:
    most, day = _most(series)
    missing = sum(not night["runs"] for night in figures.nights)
    return words(
        "chart.anonymized_most" if day else "chart.anonymized_says",
        total=words("count.rows_anonymized", count=sum(value or 0 for value in series.values)),
        nights=words("count.nights", count=len(series.days) - missing),
        missing=missing,
        day=day,
        most=most,
    )


def _oldest(series: Series, words: Words) -> str:
    most, day = _most(series)
    return (
        words("chart.oldest_says", days=words("count.days", count=most), day=day) if day else words("chart.oldest_none")
    )


def _freed(series: Series, words: Words) -> str:
    known = [value for value in series.values if value is not None]
    return words("chart.freed_says", total=words.size(sum(known))) if known else words("chart.freed_unknown")


def _ahead(figures: Figures, series: Series, words: Words) -> str:
    most, day = _most(series)
    counts = {"count.rows": [night["rows"] for night in figures.ahead]}
    if all(night["files"] is not None for night in figures.ahead):
        counts["count.files"] = [night["files"] for night in figures.ahead]
    said = words(
        "chart.ahead_most" if day else "chart.ahead_says",
        due=_both(words, *(words(name, count=sum(values)) for name, values in counts.items())),
        day=day,
        most=most,
    )
    return said if "count.files" in counts else f"{said} {words('chart.ahead_rows')}"
