"""What a report looks ahead to: counted as the rules say, in no more time than it may take."""

import random
from datetime import datetime

import pytest
from ahead import PERIODS, fill, reckoned, told
from model import PARIS
from nights import Nights
from world import LONG_AGO

from flows import closing

pytestmark = pytest.mark.xdist_group("batches")


def test_m1_m6_u1_s3_each_night_is_told_what_the_rules_say_of_each_row(nights: Nights) -> None:
    """What is due already goes with the first night, and what came late too."""
    world = nights.world
    today = datetime.fromisoformat(nights.batches.as_of).astimezone(PARIS).date()
    for environment in PERIODS:
        world.environment(environment)
    nights.periods(**{f"environment_{number}": months for number, months in PERIODS.items()})
    fill(world, random.Random(16), today)
    gone = world.message(None, LONG_AGO, anonymized_on=today)
    world.attachment(gone, "late/1")
    with nights.batches.night() as (database, run_id):
        forecast, warnings = closing.look_ahead(database, run_id)
        only = database.rows("rows_ahead", run_id=run_id)
    assert warnings == []
    found = told(forecast)
    assert found == reckoned(world, today)
    assert len(found) > 60
    assert found[1][0] > 3
    assert sum(files for _, files in found.values()) > 20
    assert sum(night["rows"] for night in only) == sum(rows for rows, _ in found.values())


def test_files_are_left_out_of_a_look_that_has_no_time_for_them(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.world.environment(1)
    nights.messages(3, datetime(2024, 3, 31, 12, tzinfo=PARIS))
    monkeypatch.setattr(closing, "SHORTEST_LOOK", 0.0)
    monkeypatch.setattr(closing, "SHARE_FOR_FILES", 0.0)
    with nights.batches.night() as (database, run_id):
        forecast, warnings = closing.look_ahead(database, run_id)
    assert warnings == []
    assert forecast is not None
    assert forecast[0] == {"night": 1, "rows": 3, "files": None}
    assert {night["files"] for night in forecast} == {None}


@pytest.mark.parametrize(("took", "rows", "files"), [(0, 2, 2), (8, 2, 2), (40, 10, 2), (100, 25, 5), (86_400, 60, 60)])
def test_a_look_may_take_a_share_of_what_the_run_took(took: float, rows: float, files: float) -> None:
    assert closing.limit_of(took * closing.SHARE_FOR_ROWS) == rows
    assert closing.limit_of(took * closing.SHARE_FOR_FILES) == files
