"""The sentences that a run ends with, on a report in French: translated where they are ours, else marked as English."""

from datetime import timedelta
from typing import Any

import pytest
from test_page import a_line, figures_of

from flows import refusals
from flows.acting import _left_over
from flows.brake import held_back, large_shares
from flows.budget import nights_left
from flows.page.words import Words
from flows.page.writing import render
from flows.project import NodeResult
from flows.views import _not_renewed


def _said() -> list[str]:
    line: dict[str, Any] = {
        "environment_id": "a b",
        "kind": "custom_events",
        "state": "open",
        "anonymized": 0,
        "due": 1,
    }
    held = "its period changed from 36 to 24 months"
    lines = [line | {"held": held, "due": due, "environment_id": str(due)} for due in (1200, 0)]
    kept, notes = held_back(lines)
    left = [line | {"left_over": count, "failure": None} for count in (1200, None)]
    worked = [nights_left([line | {"left_over": 9, "anonymized": done}], timedelta(1), timedelta(1)) for done in (0, 3)]
    return [
        *kept, *notes, *large_shares([line]), *map(_left_over, left), *map(str, worked),
        _left_over(line | {"left_over": 2, "failure": "SQLSTATE 23514, table messages"}), _not_renewed([NodeResult("due_messages", None, "error", 0, "")]),
        "environment 3 is misconfigured: the seed and the platform set different periods.",
        "42 files stay queued for the next run: SlowDown (42). What each means: docs/operate.md, Files.",
        "42 files stay queued for the next run: the budget was used up.",
        "the report shows no forecast: stopped by X. Ask for it with: retention forecast",
        "anonymizing stopped in anonymized_messages, lane 1; what was committed stays, the next run goes on.",
        "purging files stopped with OSError; they stay queued.", "stopped by OSError.", "1 offences in overdue_rows.",
        "1 offences in overdue_rows, which only warns.", "the test overdue_rows could not be run.",
        "verification ran no test; look for DBT_ variables that choose what dbt works on.",
        "7 old row versions of a.b can't be removed while these are open: session 4. Once they are ended, the next run removes them.",
        "old values stay in a.b, a.c: other sessions held the lock; the next run tries again.",
        "old values stay in a.b: maintenance failed with SQLSTATE 42501.",
        "old values stay in a.b: night may not maintain them. Let it: grant maintain on a.b to night.",
        "old values stay in a.b: night may not maintain them. Before PostgreSQL 17 only their owner may: do this.",
        "pg_catalog.pg_statistic are not rewritten while these are open: session 4 (3 minutes).",
    ]  # fmt: skip


@pytest.mark.parametrize("said", _said())
def test_every_sentence_that_a_run_ends_with_has_its_french(said: str) -> None:
    french = Words("fr").sentence(said)
    assert french is not None
    assert not {"the", "is", "are", "of", "with"} & set(french.replace(",", " ").split())
    assert Words("en").sentence(said) is None, "English is what it is said in"


def test_reasons_counts_and_kinds_within_a_sentence_are_said_in_the_language_too() -> None:
    said = (
        "environment 3 is held back: 1 late attachments, 1,200 chatbot conversations, 5 visits: "
        "its period changed from 36 to 24 months. See what would go, and release it, with: retention approve 3"
    )
    assert Words("fr").sentence(said) == (
        "L’environnement 3 est retenu\u00a0: 1 pièces jointes tardives, 1\u202f200 conversations de robot, 5 visits\u00a0: "
        "la durée est passée de 36 à 24 mois. Voir ce qui partirait, et le libérer, par\u00a0: retention approve 3"
    )


@pytest.mark.parametrize("code", refusals.WORDS)
def test_what_a_database_refused_is_said_in_french_too(code: str) -> None:
    english = refusals.worded(f"SQLSTATE {code}, table messages")
    french = Words("fr").reason(english)
    assert french is not None
    assert french.startswith(f"SQLSTATE {code}, table messages\u00a0: ")
    assert refusals.WORDS[code] not in french


def test_what_is_not_translated_is_marked_as_english() -> None:
    said = {"left": ["An error of ours says what mends it.", "1 offences in overdue_rows."], "warnings": []}
    page = render(figures_of([a_line()], "failed", said=said), "fr")
    assert '<li lang="en">An error of ours says what mends it.</li>' in page
    assert "<li>Manquements dans overdue_rows\u00a0: 1.</li>" in page
    assert '<li lang="en">' not in render(figures_of([a_line()], "failed", said=said), "en")
