"""W1 over ten years of nights: planned by Prefect's own schedule, started late, twice or by hand, in the real ledger."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import psycopg
import pytest
from prefect.server.schemas.schedules import CronSchedule
from world import World

from flows import ledger
from flows.database import Database
from flows.errors import AnotherRun
from flows.ledger import RunRequest
from flows.schedule import nightly

PARIS = ZoneInfo("Europe/Paris")
BEGIN, END = date(2015, 1, 1), date(2025, 1, 1)
DAY = timedelta(days=1)
# Prefect's scheduler plans at least three runs ahead, each time it looks.
PLANNED_AHEAD = 3


def paris_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)


def paris_day(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()


def clock_changes() -> list[date]:
    """Paris days that are not 24 hours long."""
    days = [BEGIN + timedelta(days=number) for number in range((END - BEGIN).days)]
    return [
        day
        for day in days
        if paris_midnight(day + DAY).astimezone(UTC) - paris_midnight(day).astimezone(UTC) != timedelta(hours=24)
    ]


CHANGES = clock_changes()
# A week each, one with the clock change of spring in it and one with that of autumn.
OUTAGES = [
    (datetime(2018, 3, 21, 12, tzinfo=UTC), datetime(2018, 3, 28, 9, 30, tzinfo=UTC)),
    (datetime(2021, 10, 27, 1, tzinfo=UTC), datetime(2021, 11, 3, 23, 45, tzinfo=UTC)),
]


def looks() -> Iterator[datetime]:
    """When the scheduler looks: every other day at noon, and around each clock change every ten minutes."""
    for number in range((END - BEGIN).days):
        day = BEGIN + timedelta(days=number)
        if number % 2 == 0:
            yield paris_midnight(day).astimezone(UTC) - timedelta(hours=11)
        if day in CHANGES:
            for minutes in range(-120, 360, 10):
                yield paris_midnight(day).astimezone(UTC) + timedelta(minutes=minutes)


@pytest.fixture(scope="module")
def planned() -> list[datetime]:
    """What Prefect's scheduler writes down in ten years: it keeps a run by its instant, so each once."""
    schedule = CronSchedule(cron=nightly().cron, timezone=nightly().timezone)

    async def plan() -> set[datetime]:
        found: set[datetime] = set()
        for look in looks():
            dates = await schedule.get_dates(n=PLANNED_AHEAD, start=look)
            found.update(moment.astimezone(UTC) for moment in dates)
        return found

    return sorted(moment for moment in asyncio.run(plan()) if BEGIN <= paris_day(moment) < END)


@dataclass
class Scheduler:
    """Starts what is planned, on a ledger; a run is what the flow does around its steps."""

    world: World
    database: Database
    database_of_another: Database
    complete: Counter[date] = field(default_factory=Counter)
    skipped: Counter[date] = field(default_factory=Counter)

    def start(self, now: datetime, *, outcome: str = "done", by_hand: bool = False, doubled: bool = False) -> None:
        """One start at an instant; `doubled`, another machine starts the same run while this one works."""
        request = RunRequest(as_of=now.isoformat(), is_scheduled=not by_hand)
        with ledger.only_run(self.database):
            clock = ledger.fix_as_of(self.database, request)
            if request.is_scheduled and ledger.is_complete(self.database, clock):
                self.skipped[clock.paris_date] += 1
                return
            with ledger.open_run(self.database, request, clock) as run_id:
                if doubled:
                    with pytest.raises(AnotherRun), ledger.only_run(self.database_of_another):
                        pass
                ledger.finish_run(self.database, run_id, outcome, None)
            if request.is_scheduled and outcome == "done":
                self.complete[clock.paris_date] += 1

    def recorded(self) -> Counter[date]:
        """Scheduled runs that the ledger has as complete, by Paris day."""
        rows = self.world.rows("select paris_date from retention.runs where is_scheduled and outcome = 'done'")
        return Counter(row["paris_date"] for row in rows)


@pytest.fixture
def scheduler(bare_world: World) -> Iterator[Scheduler]:
    with Database.connect("retention") as database, Database.connect("retention") as another:
        ledger.prepare_ledger(database, "retention")
        yield Scheduler(bare_world, database, another)


def test_w1_prefect_plans_one_run_for_each_paris_day_of_ten_years(planned: list[datetime]) -> None:
    """However often its scheduler looks, and whenever: no day twice, none left out, none before 01:00 or after 03:00."""
    days = Counter(map(paris_day, planned))
    assert set(days.values()) == {1}
    assert len(days) == (END - BEGIN).days == 3653
    odd = {paris_day(moment): moment.astimezone(PARIS).hour for moment in planned if moment.astimezone(PARIS).hour != 2}
    assert set(odd) == {day for day in CHANGES if day.month == 3}, "only where 02:00 does not exist"
    assert set(odd.values()) <= {1, 3}


def test_w1_ten_years_of_nights_are_recorded_once_for_each_day_that_had_one(
    scheduler: Scheduler, planned: list[datetime]
) -> None:
    """Late runs of two weeks of outage, double starts, retries and runs by hand included."""
    draw = random.Random(20260329)
    late: list[datetime] = []
    for moment in planned:
        outage = next((end for begin, end in OUTAGES if begin <= moment < end), None)
        if outage:
            late.append(outage)
            continue
        while late:  # one after the other, by their order, as soon as somebody is there to work again
            back = late.pop(0)
            scheduler.start(back, doubled=draw.random() < 0.5)
        is_change = paris_day(moment) in CHANGES
        if not is_change and draw.random() < 0.02:
            scheduler.start(moment, outcome=draw.choice(["failed", "partly done", "held back"]))
            scheduler.start(moment + timedelta(minutes=10), by_hand=draw.random() < 0.3)
        scheduler.start(moment + timedelta(seconds=3), doubled=is_change)
        if is_change:
            scheduler.start(moment + timedelta(hours=1))
            scheduler.start(moment + timedelta(hours=2), by_hand=True)
    recorded = scheduler.recorded()
    assert set(recorded.values()) == {1}
    assert recorded == scheduler.complete
    missing = {BEGIN + timedelta(days=number) for number in range((END - BEGIN).days)} - set(recorded)
    down = {paris_day(moment) for moment in planned for begin, end in OUTAGES if begin <= moment < end}
    back = {paris_day(end) for _, end in OUTAGES}
    assert missing == down - back, "a day without anybody to work has no run, and every other has one"
    # Seven late runs each; after midnight the new day's own run is skipped too.
    assert [scheduler.skipped[day] for day in sorted(back)] == [6, 7]
    assert scheduler.world.one("select count(*) as n from retention.runs where finished_at is null")["n"] == 0


@pytest.mark.parametrize("change", [date(2024, 3, 31), date(2024, 10, 27)])
def test_w1_starts_at_both_ends_of_a_long_and_a_short_day_are_one_night(scheduler: Scheduler, change: date) -> None:
    """The day is Paris's: its first and last moments, and both 02:30 of autumn, belong to one."""
    first, last = paris_midnight(change), paris_midnight(change + DAY) - timedelta(microseconds=1)
    instants = [first, *(first.astimezone(UTC) + timedelta(minutes=30 * number) for number in range(9)), last]
    for instant in instants:
        scheduler.start(instant)
    assert scheduler.recorded() == {change: 1}
    scheduler.start(first - timedelta(microseconds=1))
    scheduler.start(last + timedelta(microseconds=1))
    assert scheduler.recorded() == {change - DAY: 1, change: 1, change + DAY: 1}


def test_w1_the_database_itself_refuses_a_second_complete_run_of_a_day(scheduler: Scheduler) -> None:
    """Whatever starts runs, with or without the lock."""
    request = RunRequest(as_of="2024-10-27T02:30", is_scheduled=True)
    clock = ledger.fix_as_of(scheduler.database, request)
    with (
        pytest.raises(psycopg.errors.UniqueViolation),
        ledger.open_run(scheduler.database, request, clock) as first,
        ledger.open_run(scheduler.database_of_another, request, clock) as second,
    ):
        ledger.finish_run(scheduler.database, first, "done", None)
        ledger.finish_run(scheduler.database_of_another, second, "done", None)
    outcomes = scheduler.world.rows("select outcome from retention.runs order by run_id")
    assert [row["outcome"] for row in outcomes] == ["done", "failed"]
    assert scheduler.recorded() == {date(2024, 10, 27): 1}


def test_w1_the_flow_leaves_at_once_when_its_day_is_complete(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same order in the flow's own code, with the steps between begin and end left out."""
    from flows import anonymize
    from flows.settings import read_settings

    worked: list[int] = []
    monkeypatch.setattr(anonymize, "DbtProject", lambda *_: SimpleNamespace(run_settings={}))
    monkeypatch.setattr(anonymize, "work_through", lambda run: worked.append(run.run_id))
    monkeypatch.setattr(anonymize, "fix_as_of", ledger.fix_as_of)
    monkeypatch.setattr(anonymize, "report", lambda run: ledger.finish_run(run.database, run.run_id, "done", None))
    settings = read_settings(scheduler.world.project_dir)
    for as_of, is_scheduled in (
        ("2024-10-27T00:30+00:00", True), ("2024-10-27T01:30+00:00", True),
        ("2024-10-27T01:30+00:00", False), ("2024-10-28T01:00+00:00", True),
    ):  # fmt: skip
        anonymize.run_once(settings, RunRequest(as_of=as_of, is_scheduled=is_scheduled))
    assert len(worked) == 3, "the second scheduled start of 27 October did nothing"
    assert scheduler.recorded() == {date(2024, 10, 27): 1, date(2024, 10, 28): 1}
