"""The nightly deployment: 02:00 Europe/Paris, one run per Paris calendar day, also on the days of the clock changes."""

from prefect.schedules import Cron, Schedule

from flows.anonymize import anonymize


def nightly() -> Schedule:
    """The schedule; `prefect.yaml` says the same for a work pool."""
    return Cron("0 2 * * *", timezone="Europe/Paris")


def serve_nightly() -> None:
    """Serves the deployment until it is stopped; late runs wait for one another."""
    anonymize.serve(name="nightly", schedule=nightly(), limit=1, tags=["retention"])
