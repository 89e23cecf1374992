"""The rules once more, in plain Python, written apart from the product: what tests compare it with."""

import calendar
from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# By table of the reference platform, what an emptied row loses.
PERSONAL = {
    "users": ("network_id", "first_name", "last_name", "pseudonyms", "profile_url", "picture_url", "picture_bucket", "picture_key"),
    "messages": ("network_id", "url", "content"),
    "attachments": ("object_key", "file_name"),
    "chatbot_conversations": ("user_network_id",),
    "custom_events": ("user_network_id",),
}  # fmt: skip


def cutoff(day: date, months: int) -> datetime:
    """P3, on the calendar, by counting: the first instant of the day, `months` calendar months earlier."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime(year, month + 1, min(day.day, last), tzinfo=PARIS)


def paris_cutoff(as_of: datetime, months: int) -> datetime:
    """P3, of an instant: by its Paris day."""
    return cutoff(as_of.astimezone(PARIS).date(), months)
