"""The page itself: a run's figures in one HTML file that asks nobody for anything, written whole or not at all."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from flows.database import Database, Row
from flows.page.figures import COUNTS, NIGHTS_BEFORE, Figures, read_figures
from flows.page.saying import charts_of, verdict_of
from flows.page.words import PARIS, Words
from flows.settings import Settings

# Of environments, and of their kinds of row; a page of more is of no use to a person, and slow to open.
MOST_ROWS = 1000

SECTIONS = ("figures", "environments", "history", "ahead", "checks", "rules", "uncovered", "proof")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a certificate's page shows besides: the JSON's name, how many runs its chain has, the newest with hashes."""

    json_name: str
    runs: int
    chain: Sequence[tuple[int, str]]


def write_page(database: Database, settings: Settings, run_id: int | None = None) -> Path:
    """Writes a run's report, the newest run's for None, from the ledger; where it is."""
    figures, language = read_figures(database, run_id), settings.language
    return write_file(settings.reports / f"run-{figures.run['run_id']}.{language}.html", render(figures, language))


def address_of(settings: Settings, path: Path) -> str:
    """Where people open it: below RETENTION_REPORTS_URL, or as a file."""
    return f"{settings.reports_url.rstrip('/')}/{path.name}" if settings.reports_url else path.resolve().as_uri()


def render(figures: Figures, language: str, proof: Proof | None = None) -> str:
    """The page as HTML."""
    words = Words(language)
    return _template().render(
        figures=figures,
        words=words,
        proof=proof,
        paris=PARIS,
        nights=NIGHTS_BEFORE,
        sections=SECTIONS,
        verdict=verdict_of(figures, words),
        charts=charts_of(figures, words),
        totals=_totals(figures),
        environments=_shown(figures.environments),
        lines=_shown([line for line in figures.lines if any(line[name] for name in COUNTS) or line["left"] is None]),
        rules=_rules(figures),
        style=files("flows.page").joinpath("page.css").read_text(encoding="utf-8"),
    )


def write_file(path: Path, content: str) -> Path:
    """Writes a file under another name first, so that whoever opens it sees all of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(content, encoding="utf-8")
    return unfinished.replace(path)


def _totals(figures: Figures) -> Row:
    is_left_known = all(row["is_left_known"] for row in figures.environments)
    totals: Row = {name: figures.total(name) for name in COUNTS}
    return totals | {"bytes_freed": figures.bytes_freed, "is_left_known": is_left_known}


def _shown(rows: list[Row]) -> list[Row]:
    """As many rows as a page can hold: those with the most left over, then those with the most due, in their order."""
    most = sorted(rows, key=lambda row: (row["left"] is None, row["left"] or 0, row["files_left"] or 0, row["due"]))
    chosen = {id(row) for row in most[-MOST_ROWS:]}
    return [row for row in rows if id(row) in chosen]


def _rules(figures: Figures) -> list[dict[str, Any]]:
    """By kind of row, which are due and what replaces each personal column, of its own and of what belongs to it."""
    tables = figures.data_map
    owned = {name: table["meta"]["owner"]["table"] for name, table in tables.items() if table["meta"].get("owner")}
    kinds = sorted([*(name for name, table in tables.items() if "kind" in table["meta"]), *owned])
    return [
        {
            "kind": kind,
            "which": "owned" if kind in owned and kind != "attachments" else _which(kind, figures),
            "columns": [
                (column if name == kind else f"{name}.{column}", meta)
                for name, table in tables.items()
                if kind in {name, owned.get(name)}
                for column, meta in table["columns"].items()
                if "replacement" in meta
            ],
        }
        for kind in kinds
    ]


def _which(kind: str, figures: Figures) -> str:
    """The sentence that says which rows of a kind are due."""
    if kind == "messages" and figures.rules.get("vars", {}).get("message_direction") == "inbound":
        return "messages_inbound"
    return kind if kind in {"messages", "attachments", "users"} else "other"


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files("flows.page").joinpath("page.html.j2").read_text(encoding="utf-8"))
