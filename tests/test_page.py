"""The page of a report without a database: its words, its charts, and that it asks nobody for anything."""

import re
import tomllib
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from flows.page import writing
from flows.page.charts import Series, bars, line, ticks
from flows.page.figures import Figures, _environment
from flows.page.saying import verdict_of
from flows.page.words import PARIS, Words
from flows.page.writing import render
from flows.report import OUTCOME_ERRORS

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 23)
MIDNIGHT = datetime(2024, 11, 23, tzinfo=PARIS)
LANGUAGES = ("en", "fr")


def a_line(environment: str = "1", kind: str = "messages", **values: Any) -> dict[str, Any]:
    counts = dict.fromkeys(("due", "anonymized", "files_due", "files_purged", "files_spared", "left", "left_over"), 0)
    texts = dict.fromkeys(("failure", "files_failure", "held", "bytes_freed", "files_left"))
    named = {"environment_id": environment, "kind": kind, "retention_months": 24, "cutoff": MIDNIGHT, "state": "open"}
    return counts | texts | named | values


def figures_of(lines: list[dict[str, Any]], outcome: str = "done", **run: Any) -> Figures:
    ended = datetime(2026, 11, 23, 2, 9, tzinfo=PARIS)
    texts = dict.fromkeys(("said", "checks", "forecast", "data_map_version", "rules_version"))
    numbers = {"run_id": 42, "paris_date": DAY, "as_of": ended, "started_at": ended, "finished_at": ended}
    names = {
        "outcome": outcome,
        "hash": "a" * 64,
        "previous_hash": "0" * 64,
        "product_version": "1",
        "database_name": "db",
    }
    nights = [
        {"day": DAY - timedelta(days=ago), "runs": None if ago == 3 else 1, "outcome": None if ago == 3 else "done",
         "anonymized": None if ago == 3 else 1000 + ago, "files_purged": 2, "bytes_freed": 5_000_000 if ago else None,
         "oldest_due_days": None if ago == 3 else int(ago == 2)}
        for ago in reversed(range(90))
    ]  # fmt: skip
    environments = [_environment([*group]) for _, group in groupby(lines, itemgetter("environment_id"))]
    ahead = [{"night": night, "rows": 7, "files": 1, "day": DAY + timedelta(days=night)} for night in range(1, 91)]
    return Figures(texts | numbers | names | run, lines, environments, nights, ahead, {}, {})


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.partition("</style>")[2]))


# Words.


def keys(catalog: dict[str, Any], path: str = "") -> set[str]:
    return {
        key
        for name, value in catalog.items()
        for key in (keys(value, f"{path}{name}.") if isinstance(value, dict) else {path + name})
    }


def test_both_languages_say_the_same_things_with_the_same_values() -> None:
    catalogs = [tomllib.loads((ROOT / f"flows/page/{language}.toml").read_text()) for language in LANGUAGES]
    english, french = ({key: value_at(catalog, key) for key in keys(catalog)} for catalog in catalogs)
    assert english.keys() == french.keys()
    for key, sentence in english.items():
        if isinstance(sentence, str):
            assert set(re.findall(r"{\w+}", sentence)) == set(re.findall(r"{\w+}", french[key])), key


def value_at(catalog: Any, path: str) -> Any:
    for name in path.split("."):
        catalog = catalog[name]
    return catalog


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_model_that_is_checked_and_every_outcome_is_explained(language: str) -> None:
    words = Words(language)
    models = yaml.safe_load((ROOT / "models/compliance/_compliance__models.yml").read_text())["models"]
    (cutoffs,) = (ROOT / "models/due/_due__models.yml").read_text().split("data_tests: [")[1:]
    tests = [f"{test}_due_cutoffs_environment_id" for test in cutoffs.partition("]")[0].split(", ")]
    assert not [name for name in [*tests, *(model["name"] for model in models)] if not words.has(f"check.{name}")]
    for outcome in (*OUTCOME_ERRORS, "done", "interrupted", "dry run"):
        assert words.has(f"outcome.{outcome.replace(' ', '_')}")
        assert words.has(f"verdict.{outcome.replace(' ', '_')}")


SAYS_WHY = ("macros/brake/brake_reason.sql", "macros/rules/environment_cutoffs.sql", "macros/batches/close_line.sql")
NOT_SAID = re.compile(r"SQLSTATE|^, |^\^|^open$")


def test_every_reason_that_the_ledger_gives_has_its_french() -> None:
    texts = [
        text
        for path in SAYS_WHY
        for text in re.findall(r"(?:then|format\()\s*'((?:[^']|'')+)'", (ROOT / path).read_text())
    ]
    reasons = [text.replace("''", "'").replace("%s", "3") for text in texts if not NOT_SAID.search(text)]
    assert len(reasons) == 11, reasons
    assert not [reason for reason in reasons if Words("fr").reason(reason) is None]
    assert Words("fr").reason("its period changed from 24 to 12 months") == "la durée est passée de 24 à 12 mois"
    assert Words("fr").reason("S1: messages of 2024-01-02 would be counted differently by network") is not None
    assert Words("fr").reason("SQLSTATE 23514, table messages") is None
    assert Words("en").reason(reasons[0]) is None, "English is what it is said in"


def test_each_language_writes_numbers_sizes_and_days_its_own_way() -> None:
    english, french = map(Words, LANGUAGES)
    assert (english.number(1234567), french.number(1234567)) == ("1,234,567", "1\u202f234\u202f567")
    assert (english.size(999), english.size(1000), english.size(5_250_000)) == (
        "999\u00a0B",
        "1\u00a0kB",
        "5.2\u00a0MB",
    )
    assert french.size(5_250_000) == "5,2\u00a0Mo"
    assert (english.day(DAY), french.day(DAY)) == ("23 November 2026", "23 novembre 2026")
    assert [french("count.rows", count=count) for count in (0, 1, 2)] == ["0 ligne", "1 ligne", "2 lignes"]
    assert [english("count.rows", count=count) for count in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]


# Charts.


@pytest.mark.parametrize("largest", [1, 2, 3, 4, 5, 7, 10, 11, 99, 100, 101, 12_345, 10**9, 10**15])
def test_an_axis_has_few_round_numbers_and_reaches_over_the_largest(largest: int) -> None:
    found = ticks(largest)
    assert found[0] == 0
    assert found[-1] >= largest
    assert 2 <= len(found) <= 6
    assert {len(set(str(number).strip("0"))) for number in found} <= {0, 1, 2}


@pytest.mark.parametrize("draw", [bars, line])
def test_a_chart_is_a_drawing_and_nothing_else(draw: Any) -> None:
    series = Series([DAY + timedelta(days=number) for number in range(90)], [None, *range(89)])
    svg = ET.fromstring(draw("name", series, str, str))
    tags = {element.tag.partition("}")[2] for element in svg.iter()}
    assert tags <= {"svg", "g", "rect", "path", "text", "circle"}
    assert not {name for element in svg.iter() for name in element.attrib} & {"href", "style", "onclick", "id"}
    assert svg.get("role") == "img"
    marks = [
        element
        for element in svg.iter()
        if element.tag.endswith(("circle", "rect")) and element.get("class") != "background"
    ]
    assert len(marks) == 89, "one mark for each day that has a value"
    assert not draw("name", Series(series.days, [None, *[0] * 89]), str, str), "its caption says it better"


# The page.


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", [*OUTCOME_ERRORS, "done", "interrupted", "dry run"])
def test_the_verdict_is_one_sentence_for_every_outcome(language: str, outcome: str) -> None:
    verdict = verdict_of(figures_of([a_line(due=5, anonymized=3, left=4, files_left=2)], outcome), Words(language))
    assert verdict.endswith(".")
    assert verdict.count(".") == 1, verdict


def test_the_verdict_says_how_much_was_done_and_how_much_is_left() -> None:
    lines = [a_line("1", due=1240, anonymized=1234, files_purged=1, left=6), a_line("2", due=3, anonymized=3)]
    english, french = map(Words, LANGUAGES)
    assert verdict_of(figures_of(lines, "partly done"), english) == (
        "Partly done: 1,237 rows anonymized in 2 environments and 1 file purged; 6 rows left for the next run."
    )
    assert re.sub(r"\s", " ", verdict_of(figures_of(lines, "partly done"), french)) == (
        "Fait en partie : 1 237 lignes anonymisées dans 2 environnements et 1 fichier purgé ;"
        " il reste 6 lignes pour la prochaine exécution."
    )
    nothing = verdict_of(figures_of([a_line()], "partly done"), english)
    assert nothing.endswith("; something left for the next run."), "old row versions, say"
    assert verdict_of(figures_of([a_line()]), english) == "Done: nothing was due."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_nobody_for_anything_and_runs_nothing(language: str) -> None:
    page = render(figures_of([a_line(due=1, left=1)]), language)
    assert not re.search(r"<(script|link rel=.stylesheet|img|iframe|object|embed)", page)
    asked = re.findall(r"""(?:src|href|action|data|xlink:href)=["']([^"']*)|url\(|@import""", page)
    assert all(found.startswith("#") or found == "data:," for found in asked)
    assert re.findall(r"https?://[^\s\"<]+", page) == ["http://www.w3.org/2000/svg"] * 4
    assert "default-src 'none'" in page


def test_what_the_ledger_says_is_text_and_never_markup() -> None:
    evil = "<script>alert(1)</script>&"
    line = a_line(evil, evil, due=1, left=1, held=evil, failure=evil, state="held back")
    said = {"left": [evil], "warnings": [evil]}
    page = render(figures_of([line], said=said, checks={evil: {"status": "fail", "offences": 1}}), "en")
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;") > 6


def test_why_rows_are_left_is_said_in_the_language_and_codes_as_they_are() -> None:
    lines = [
        a_line("1", due=4, left=4, held="its period changed from 24 to 12 months", state="held back"),
        a_line("2", due=2, left=1),
        a_line("3", due=2, left=2, failure="SQLSTATE 23514, table messages"),
        a_line("4", files_left=3, files_failure="AccessDenied"),
        a_line("5", files_left=1),
    ]
    page = render(figures_of(lines, "partly done"), "fr")
    reasons = re.findall(r'<td class="why" colspan="11"><div><strong>Pourquoi.:</strong> (.*?)</div></td>', page)
    assert reasons == [
        "la durée est passée de 24 à 12 mois",
        "d’autres sessions les tenaient ou les ont ajoutées",
        '<span lang="en">SQLSTATE 23514, table messages</span>',
        '<span lang="en">AccessDenied</span>',
        "des fichiers attendent la prochaine exécution",
    ]


def test_what_becomes_of_each_column_is_said_for_every_word_of_the_data_map() -> None:
    columns = {
        "content": {"replacement": "empty"}, "seen": {"replacement": "day"}, "mood": {"replacement": "constant", "literal": 7},
        "shown": {"replacement": "constant", "value": "a_var"}, "raw": {"replacement": "json", "paths": {"a.b": "empty", "c": "null"}},
        "kept": {"personal": False, "why": "x"}, "id": {"replacement": "random_id"}, "gone": {"replacement": "null"},
    }  # fmt: skip
    data_map = {
        "messages": {"meta": {"key": "id", "kind": "messages"}, "columns": columns},
        "files": {
            "meta": {"key": "id", "owner": {"table": "messages"}},
            "columns": {"key": {"replacement": "file", "leaves": "random_id"}},
        },
        "plain": {"meta": {"key": "id"}, "columns": {"id": {"personal": False}}},
    }
    for language, said in (("en", "the value of 7"), ("fr", "la valeur de 7")):
        figures = replace(figures_of([]), data_map=data_map, rules={"vars": {"message_direction": "inbound"}})
        rules = text_of(render(figures, language)).partition(Words(language)("rule.which"))[2]
        assert said in rules
        assert "files.key" in rules
        assert "a.b, c" in rules
        assert "kept" not in rules
        assert "plain" not in rules
        assert Words(language)("rule.messages_inbound") in rules
        assert text_of(f"</style>{Words(language)('rule.owned')}") in rules


def test_what_nobody_could_count_is_unknown_and_not_zero() -> None:
    page = text_of(render(figures_of([a_line(due=5, left=None, left_over=None, files_purged=2)]), "en"))
    assert page.count("unknown") >= 4, "rows left and storage freed, of the environment and of its kind of row"


def test_of_very_many_environments_those_with_the_most_left_over_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 10)
    lines = [a_line(str(number), due=1, left=int(number % 2 == 0)) for number in range(20)]
    page = render(figures_of(lines, "partly done"), "en")
    shown = re.findall(r'<th scope="row">(\d+)</th>\s*<td class="fixed">', page)
    assert shown == [str(number) for number in range(0, 20, 2)]
    assert "10 of 20 environments are shown" in page
    assert 'data-figure="due" data-environment="" data-kind="">20</data>' in page, "sums are over all"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Files were not counted"), ("fr", "fichiers n’ont pas été comptés")]
)
def test_files_ahead_that_nobody_counted_are_not_claimed(language: str, said: str) -> None:
    counted = figures_of([a_line()])
    unknown = replace(counted, ahead=[night | {"files": None} for night in counted.ahead])
    rows, files = (Words(language)(f"count.{name}", count=count) for name, count in (("rows", 630), ("files", 90)))
    page = text_of(render(counted, language))
    assert f"{rows} {'and' if language == 'en' else 'et'} {files}" in page
    assert said not in page
    page = text_of(render(unknown, language))
    assert rows in page
    assert files not in page
    assert said in page
    assert page.count(Words(language)("figure.unknown")) == 90


def test_nothing_is_claimed_where_a_run_did_not_come_that_far() -> None:
    figures = replace(figures_of([], "failed"), ahead=[])
    page = text_of(render(figures, "en"))
    for said in (
        "No environment was looked at",
        "This run was not verified",
        "did not look ahead",
        "not come as far as",
    ):
        assert said in page
