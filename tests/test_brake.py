"""The brake: what is held back before anything is changed, what a person releases, and that ordinary nights pass."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from model import paris_cutoff
from nights import Nights
from world import OLD

from flows.approval import release
from flows.database import Database
from flows.status import read_status

pytestmark = pytest.mark.xdist_group("batches")

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
FIRST = datetime(2025, 1, 25, 2, tzinfo=PARIS)
PERIODS = {1: 1, 2: 12, 3: 24, 4: 120}


@pytest.fixture
def nights(nights: Nights) -> Nights:
    """Four environments of 1, 12, 24 and 120 months, and an empty ledger."""
    for number, months in PERIODS.items():
        nights.world.environment(number)
        nights.periods(**{f"environment_{number}": months})
    return nights


def cutoff_of(nights: Nights, as_of: datetime, environment_id: int = 1) -> datetime:
    assert nights
    return paris_cutoff(as_of, PERIODS[environment_id])


def content_left(nights: Nights, environment_id: int = 1) -> int:
    count = "select count(*) as n from platform.messages where content <> '' and environment_id = %s"
    return int(nights.world.one(count, environment_id)["n"])


# What is held back


def test_a_first_run_is_held_back_whatever_its_size_and_an_environment_with_nothing_due_is_not(nights: Nights) -> None:
    nights.messages(1, OLD)
    night = nights.at(FIRST)
    assert night.held == [
        (
            "environment 1 is held back: 1 messages: no run has finished for it yet. "
            "See what would go, and release it, with: retention approve 1"
        )
    ]
    assert night.lines[1, "messages"]["state"] == "held back"
    assert night.lines[2, "messages"]["state"] == "open"
    assert content_left(nights) == 1
    assert nights.at(FIRST + DAY).outcome == "held back", "a night that held it back is no finished run for it"
    assert nights.at(FIRST + 2 * DAY, approved=True).outcome == "done"
    assert content_left(nights) == 0


def test_p1_a_changed_period_is_held_back_and_the_others_go_on(nights: Nights) -> None:
    for number in PERIODS:
        nights.messages(2, cutoff_of(nights, FIRST, number) - DAY, number)
    nights.at(FIRST, approved=True)
    nights.periods(environment_2=6)
    for number in PERIODS:
        nights.messages(2, cutoff_of(nights, FIRST, number) + timedelta(hours=1), number)
    night = nights.at(FIRST + DAY)
    assert [sentence.partition(". ")[0] for sentence in night.held] == [
        "environment 2 is held back: 2 messages: its period changed from 12 to 6 months"
    ]
    assert [content_left(nights, number) for number in PERIODS] == [0, 2, 0, 0]


def test_p1_a_period_that_changed_while_nothing_was_due_is_held_back_when_rows_fall_due(nights: Nights) -> None:
    """The typo that is noticed too late: 2 months for 24."""
    nights.at(FIRST, approved=True)
    nights.periods(environment_3=2)
    assert nights.at(FIRST + DAY).outcome == "done", "nothing is due, so nothing is held"
    nights.messages(1, FIRST - 20 * DAY, 3)
    for days in (2, 30, 60):
        night = nights.at(FIRST + days * DAY)
    assert "its period changed from 24 to 2 months" in night.held[0]
    assert content_left(nights, 3) == 1


def test_a_cutoff_that_moved_on_more_than_the_time_since_the_last_run_is_held_back(nights: Nights) -> None:
    nights.at(FIRST, approved=True)
    nights.messages(1, cutoff_of(nights, FIRST) - DAY)
    nights.world.connection.execute("update retention.run_lines set cutoff = cutoff - interval '6 days'")
    assert "its cutoff moved on by 7 days, more than the time since its last run" in nights.at(FIRST + DAY).held[0]
    nights.world.connection.execute("update retention.run_lines set cutoff = cutoff + interval '2 days'")
    assert nights.at(FIRST + DAY).outcome == "done"


def test_a_run_for_an_instant_of_the_past_lets_no_history_through(nights: Nights) -> None:
    """Nothing was due in 2015; what the next run finds due has waited for eleven years, and no time has passed."""
    nights.messages(5, OLD)
    assert nights.at(datetime(2015, 1, 1, 2, tzinfo=PARIS)).outcome == "done"
    nights.world.connection.execute("update retention.runs set started_at = %s", [FIRST])
    assert "its cutoff moved on by" in nights.at(FIRST + DAY).held[0]
    assert content_left(nights) == 5


@pytest.mark.parametrize(("backdated", "is_held"), [(1000, False), (1001, True)])
def test_t48_rows_that_appear_behind_the_last_cutoff_are_held_back_when_they_are_many(
    nights: Nights, backdated: int, is_held: bool
) -> None:
    """A backdated import; a cleared marker is the same."""
    nights.at(FIRST, approved=True)
    nights.messages(backdated, cutoff_of(nights, FIRST) - DAY)
    nights.messages(500, cutoff_of(nights, FIRST) + timedelta(hours=1))
    night = nights.at(FIRST + DAY)
    assert night.outcome == ("held back" if is_held else "done")
    if is_held:
        assert f"1,501 messages: {backdated} rows appeared that were due at its last run already" in night.held[0]
    assert content_left(nights) == (backdated + 500 if is_held else 0)


def test_t48_a_cleared_marker_is_held_back(nights: Nights) -> None:
    nights.messages(1200, cutoff_of(nights, FIRST) - DAY)
    nights.at(FIRST, approved=True)
    nights.world.connection.execute("update platform.messages set anonymized_on = null")
    assert "1200 rows appeared" in nights.at(FIRST + DAY).held[0]


def test_t48_many_rows_that_are_less_than_a_hundredth_of_the_living_ones_pass(nights: Nights) -> None:
    nights.at(FIRST, approved=True)
    nights.messages(110_000, FIRST)
    nights.messages(1001, cutoff_of(nights, FIRST) - DAY)
    assert nights.at(FIRST + DAY).outcome == "done"


def test_rows_that_the_last_run_left_over_have_not_appeared(nights: Nights) -> None:
    nights.messages(1500, cutoff_of(nights, FIRST) - DAY)
    with psycopg.connect() as other:
        other.execute("select 1 from platform.messages for update")
        assert nights.at(FIRST, approved=True).lines[1, "messages"]["left_over"] == 1500
    assert nights.at(FIRST + DAY).outcome == "done"
    assert content_left(nights) == 0


@pytest.mark.parametrize("others", [0, 20])
def test_t48_rows_that_appear_after_the_brake_looked_wait_for_the_next_ones_look(nights: Nights, others: int) -> None:
    """A backdated import that arrives while the run works: no more than a thousand go unjudged, the others are held back.

    With others due, environments are worked together.
    """
    nights.at(FIRST, approved=True)
    nights.messages(others, cutoff_of(nights, FIRST + DAY, 2) - timedelta(hours=1), 2)
    nights.messages(10, cutoff_of(nights, FIRST + DAY) - timedelta(hours=1))
    old = cutoff_of(nights, FIRST) - DAY
    line = nights.at(FIRST + DAY, meanwhile=lambda: nights.messages(2500, old)).lines[1, "messages"]
    assert (line["due"], line["anonymized"], line["left_over"]) == (10, 1010, 1500)
    assert "more rows became due than the brake had judged" in str(line["failure"])
    assert "1500 rows appeared" in nights.at(FIRST + 2 * DAY).held[0]
    assert (content_left(nights), content_left(nights, 2)) == (1500, 0)
    assert nights.at(FIRST + 3 * DAY, approved=True).outcome == "done"
    assert content_left(nights) == 0


# No false alarm


def test_p3_ordinary_nights_pass_through_month_ends_and_clock_changes(nights: Nights) -> None:
    """Periods of 1, 12, 24 and 120 months, from January over the last days of February and 30 March (P3, W1)."""
    nights.at(FIRST, approved=True)
    for days in range(1, 70):
        as_of = FIRST + days * DAY
        for number in PERIODS:
            nights.messages(3, cutoff_of(nights, as_of, number) - timedelta(hours=1), number)
        night = nights.at(as_of)
        assert night.held == [], as_of
    assert [content_left(nights, number) for number in PERIODS] == [0, 0, 0, 0]


@pytest.mark.parametrize("days", [7, 31, 200])
def test_w1_after_an_outage_or_a_restored_backup_the_next_night_passes(nights: Nights, days: int) -> None:
    """A week, a month (a backup of that age restored is the same), and longer; small and huge."""
    nights.at(FIRST, approved=True)
    for number, each in ((1, 20), (2, 1)):
        for day in range(days):
            nights.messages(each, cutoff_of(nights, FIRST, number) + day * DAY, number)
    night = nights.at(FIRST + (days + 4) * DAY)
    assert night.held == []
    assert [content_left(nights, number) for number in (1, 2)] == [0, 0]
    large = {row["environment_id"] for row in night.large}
    assert large == ({"1"} if days * 20 > 1000 else set()), "a large share only warns"


# What a person releases


def test_approved_rows_are_released_up_to_what_was_shown_and_later_ones_are_judged(nights: Nights) -> None:
    nights.messages(5, cutoff_of(nights, FIRST, 2) - DAY, 2)
    held = [row for row in nights.verdicts(FIRST, 2) if row["held"]]
    assert [(row["kind"], row["due"]) for row in held] == [("messages", 5)]
    assert "content → empty" in held[0]["rule"]
    release(held)
    nights.messages(2, cutoff_of(nights, FIRST, 2) + timedelta(hours=1), 2)
    assert nights.at(FIRST + DAY).outcome == "done", "an ordinary night after what was approved"
    assert content_left(nights, 2) == 0


def test_p1_what_was_approved_goes_and_what_a_later_change_of_the_period_makes_due_is_held(nights: Nights) -> None:
    nights.messages(5, cutoff_of(nights, FIRST, 2) - DAY, 2)
    release([row for row in nights.verdicts(FIRST, 2) if row["held"]])
    nights.messages(7, FIRST - 200 * DAY, 2)
    nights.periods(environment_2=3)
    night = nights.at(FIRST + DAY)
    assert "its period changed from 12 to 3 months" in night.held[0]
    assert content_left(nights, 2) == 7
    assert night.lines[2, "messages"]["anonymized"] == 5


def test_an_approval_holds_for_as_long_as_runs_work_on_it(nights: Nights) -> None:
    """A run that dies does not use it up."""
    nights.messages(5, cutoff_of(nights, FIRST, 2) - DAY, 2)
    release([row for row in nights.verdicts(FIRST, 2) if row["held"]])
    nights.world.connection.execute(
        "insert into retention.runs (as_of, paris_date, is_scheduled, dry_run, is_approved, product_version, finished_at, outcome)"
        " values (now(), now(), false, false, false, 'x', now(), 'interrupted')"
    )
    assert nights.at(FIRST + DAY).outcome == "done"
    nights.messages(1500, cutoff_of(nights, FIRST, 2) - DAY, 2)
    assert nights.at(FIRST + 2 * DAY).outcome == "held back", "it is used up when a run has finished"


@pytest.mark.parametrize("created_at", ["-infinity", "0044-03-15 BC"])
def test_rows_of_an_instant_that_no_calendar_has_are_shown_and_released(nights: Nights, created_at: str) -> None:
    nights.messages(1, OLD)
    nights.world.connection.execute("update platform.messages set created_at = %s::timestamptz", [created_at])
    held = [row for row in nights.verdicts(FIRST, 1) if row["held"]]
    assert [(row["due"], row["oldest_due_at"].year, row["newest_due_at"].year) for row in held] == [(1, 1000, 1000)]
    with Database.connect("retention") as database:
        (status,) = [row for row in read_status(database).environments if row["environment_id"] == "1"]
    assert (status["rows_due"], status["oldest_due_at"].year) == (1, 1000)
    release(held)
    assert nights.at(FIRST).outcome == "done"
    assert content_left(nights) == 0


def test_where_nothing_is_due_nothing_is_the_oldest(nights: Nights) -> None:
    nights.messages(1, OLD)
    shown = {row["kind"]: row["oldest_due_at"] for row in nights.verdicts(FIRST, 1)}
    assert [kind for kind, oldest in shown.items() if oldest] == ["messages"]
    nights.at(FIRST, approved=True)
    noted = nights.world.rows("select kind from retention.run_lines where oldest_due_at is not null")
    assert [line["kind"] for line in noted] == ["messages"]
    nights.look(FIRST)
    with Database.connect("retention") as database:
        (status,) = [row for row in read_status(database).environments if row["environment_id"] == "1"]
    assert (status["rows_due"], status["oldest_due_at"], status["oldest_due_days"]) == (0, None, None)
