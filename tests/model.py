"""The rules once more, in plain Python, written apart from the product: what tests compare it with."""

import calendar
from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def cutoff(day: date, months: int) -> datetime:
    """P3, on the calendar, by counting: the first instant of the day, `months` calendar months earlier."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime(year, month + 1, min(day.day, last), tzinfo=PARIS)


def paris_cutoff(as_of: datetime, months: int) -> datetime:
    """P3, of an instant: by its Paris day."""
    return cutoff(as_of.astimezone(PARIS).date(), months)
