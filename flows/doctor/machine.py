"""What is checked of this machine: what is installed, the calendar, the project's seeds."""

import os
from collections.abc import Iterator
from importlib.metadata import requires, version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement

from flows.doctor.findings import Finding, State
from flows.periods import check_periods
from flows.settings import Settings

_SHOWN = ("dbt-core", "dbt-postgres", "prefect", "psycopg", "boto3")


def examine() -> Iterator[Finding]:
    """The versions of what the product stands on, against those it was made for; the Paris calendar."""
    wanted = [Requirement(text) for text in requires("retention") or ()]
    unfit = [
        f"{requirement.name} {version(requirement.name)}, wanted {requirement.specifier}"
        for requirement in wanted
        if requirement.marker is None and not requirement.specifier.contains(version(requirement.name))
    ]
    shown = ", ".join(f"{name} {version(name)}" for name in _SHOWN)
    if unfit:
        yield Finding(
            "versions here", State.MEND, ", ".join(unfit), "Install retention anew into an environment of its own"
        )
    else:
        yield Finding("versions here", State.OK, f"retention {version('retention')}, {shown}")
    try:
        ZoneInfo("Europe/Paris")
    except ZoneInfoNotFoundError:
        remedy = "Install the system's tzdata, or the package tzdata"
        yield Finding("time zone here", State.MEND, "this machine does not know Europe/Paris", remedy)
    else:
        yield Finding("time zone here", State.OK, "Europe/Paris is known")


def examine_periods(settings: Settings) -> Iterator[Finding]:
    """The seeds, as a run reads them."""
    check_periods(settings.project_dir)
    yield Finding("retention periods", State.OK, "the seeds can be read")


def examine_reports(settings: Settings) -> Iterator[Finding]:
    """Whether a run can write its report; what keeps it from that is told, and nothing else of the run is kept back."""
    folder = next(parent for parent in (settings.reports, *settings.reports.parents) if parent.exists())
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        yield Finding("reports", State.OK, f"they are written to {settings.reports}")
    else:
        remedy = "Let the user that runs work write there, or set RETENTION_REPORTS"
        yield Finding("reports", State.LOOK, f"nothing can be written to {settings.reports}", remedy)
