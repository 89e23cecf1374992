"""The nightly deployment: 02:00 Europe/Paris, one run per Paris calendar day, also on the days of the clock changes."""

from prefect.schedules import Cron, Schedule

from flows.alarm import keep_alarm
from flows.anonymize import anonymize
from flows.settings import alarm_block

DESCRIPTION = "Every night at 02:00 Paris time. Each run takes all that is due, so a missed night is made up."


def nightly() -> Schedule:
    """The schedule; `prefect.yaml` says the same for a work pool."""
    return Cron("0 2 * * *", timezone="Europe/Paris")


def serve_nightly() -> None:
    """Serves the deployment until it is stopped; late runs wait for one another. Keeps the alarm where one is named."""
    if alarm_block() is not None:
        keep_alarm()
    anonymize.serve(
        name="nightly",
        pause_on_shutdown=False,  # a night that nobody serves has to be late, so that somebody is told
        description=DESCRIPTION,
        schedule=nightly(),
        limit=1,
        tags=["retention"],
    )
