"""The nightly deployment: 02:00 Europe/Paris, one run per Paris calendar day, also on the days of the clock changes."""

from prefect.schedules import Cron, Schedule
from prefect.settings import PREFECT_API_URL

from flows.alarm import keep_alarm
from flows.anonymize import anonymize
from flows.errors import BadConfiguration
from flows.settings import alarm_block

DESCRIPTION = "Every night at 02:00 Paris time. Each run takes all that is due, so a missed night is made up."


def nightly() -> Schedule:
    """The schedule; `prefect.yaml` says the same for a work pool."""
    return Cron("0 2 * * *", timezone="Europe/Paris")


def require_lasting_server() -> None:
    """Raises BadConfiguration where Prefect knows only temporary servers, which start no run and watch none."""
    if not PREFECT_API_URL.value():
        raise BadConfiguration(
            "Looking for the Prefect server that starts the nights: expected its address in PREFECT_API_URL, found "
            "none. The temporary server of a single run keeps no schedule: start one with `prefect server start` and "
            "set PREFECT_API_URL to it, or have something else start `retention run` every night."
        )


def serve_nightly() -> None:
    """Serves the deployment until it is stopped; late runs wait for one another. Keeps the alarm where one is named."""
    require_lasting_server()
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
