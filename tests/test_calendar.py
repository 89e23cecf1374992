"""P3 and W1 on the calendar: cutoffs against a model in Python, and Prefect's own schedule around the clock changes."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from model import cutoff
from prefect.server.schemas.schedules import CronSchedule

from flows.schedule import nightly

pytestmark = pytest.mark.xdist_group("calendar")

PARIS = ZoneInfo("Europe/Paris")
MACRO = Path(__file__).parent.parent / "macros" / "rules" / "cutoff.sql"
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))


def cutoff_sql() -> str:
    """The macro's own text, with psycopg's parameters in place of its arguments."""
    body = re.search(r"-%}(.*){%- endmacro", MACRO.read_text(), re.DOTALL)
    assert body
    return "select " + body[1].replace("{{ as_of }}", "%s::timestamptz").replace("{{ months }}", "%s::integer")


@pytest.fixture(scope="module", params=["UTC", "Europe/Paris", "Pacific/Auckland"])
def connection(request: pytest.FixtureRequest, postgres: dict[str, str]) -> "psycopg.Connection[tuple[datetime]]":
    """T13: the session's zone must not matter."""
    return psycopg.connect(
        host=postgres["PGHOST"], user=postgres["PGUSER"], dbname="postgres", options=f"-c timezone={request.param}"
    )


@settings(max_examples=300, deadline=None)
@given(as_of=INSTANTS, months=st.integers(1, 360))
def test_p3_the_cutoff_is_the_start_of_the_paris_day_minus_calendar_months(
    connection: "psycopg.Connection[tuple[datetime]]", as_of: datetime, months: int
) -> None:
    expected = cutoff(as_of.astimezone(PARIS).date(), months)
    (found,) = connection.execute(cutoff_sql(), [as_of, months]).fetchone() or (None,)
    assert found == expected


@settings(max_examples=300, deadline=None)
@given(as_of=INSTANTS, later=st.timedeltas(timedelta(0), timedelta(days=40)), months=st.integers(1, 120))
def test_p3_the_cutoff_never_moves_back(
    connection: "psycopg.Connection[tuple[datetime]]", as_of: datetime, later: timedelta, months: int
) -> None:
    """Once due, always due: at month ends and clock changes too."""
    (first,) = connection.execute(cutoff_sql(), [as_of, months]).fetchone() or (None,)
    (second,) = connection.execute(cutoff_sql(), [as_of + later, months]).fetchone() or (None,)
    assert first is not None
    assert second is not None
    assert second >= first


@pytest.mark.parametrize(
    ("as_of", "months", "expected"),
    [
        (datetime(2026, 3, 31, 2, tzinfo=PARIS), 1, datetime(2026, 2, 28, tzinfo=PARIS)),
        (datetime(2024, 3, 31, 2, tzinfo=PARIS), 1, datetime(2024, 2, 29, tzinfo=PARIS)),
        (datetime(2026, 2, 28, 2, tzinfo=PARIS), 24, datetime(2024, 2, 28, tzinfo=PARIS)),
        (datetime(2028, 2, 29, 23, 59, tzinfo=PARIS), 12, datetime(2027, 2, 28, tzinfo=PARIS)),
        (datetime(2026, 10, 25, 2, 30, tzinfo=PARIS), 1, datetime(2026, 9, 25, tzinfo=PARIS)),
        (datetime(2026, 3, 29, 3, 0, tzinfo=PARIS), 1, datetime(2026, 2, 28, tzinfo=PARIS)),
    ],
)  # fmt: skip
def test_p3_month_ends_leap_days_and_clock_changes(
    connection: "psycopg.Connection[tuple[datetime]]", as_of: datetime, months: int, expected: datetime
) -> None:
    assert connection.execute(cutoff_sql(), [as_of, months]).fetchone() == (expected,)


@pytest.mark.parametrize("start", [date(2026, 3, 27), date(2026, 10, 23), date(2027, 3, 26)])
def test_w1_the_schedule_starts_one_run_per_paris_day_through_the_clock_changes(start: date) -> None:
    """T10: 02:00 does not exist in spring and comes twice in autumn; the hour may differ by interpreter, the day not."""
    planned = nightly()
    schedule = CronSchedule(cron=planned.cron, timezone=planned.timezone)
    first = datetime(start.year, start.month, start.day, tzinfo=PARIS)
    dates = asyncio.run(schedule.get_dates(n=6, start=first))
    assert [moment.astimezone(PARIS).date() for moment in dates] == [start + timedelta(days=day) for day in range(6)]
    assert all(1 <= moment.astimezone(PARIS).hour <= 3 for moment in dates)


def test_w1_a_work_pool_gets_the_same_schedule() -> None:
    """prefect.yaml and `retention serve` say the same."""
    (deployment,) = yaml.safe_load((MACRO.parents[2] / "prefect.yaml").read_text())["deployments"]
    (schedule,) = deployment["schedules"]
    assert (schedule["cron"], schedule["timezone"]) == (nightly().cron, nightly().timezone)
