"""The checks in their order; what stands on something that is missing is skipped, everything else is checked."""

import os
from collections.abc import Iterator
from pathlib import Path

from flows.database import Database
from flows.doctor import machine, nights, platform, server, store
from flows.doctor.findings import Finding, State, made
from flows.errors import BadConfiguration
from flows.project import DbtProject
from flows.settings import Settings, read_settings

# What a pooler says that passes on no options of a session.
_OF_POOLER = "unsupported startup parameter"


def examine(project_dir: Path | None = None) -> Iterator[Finding]:
    """One finding after the other, as they are made; takes some seconds, for dbt reads the project."""
    yield from made("this machine", machine.examine)
    try:
        settings = read_settings(project_dir)
    except BadConfiguration as refusal:
        yield Finding("settings", State.MEND, str(refusal))
        yield Finding("everything else", State.SKIPPED, "the settings can't be read")
        return
    yield Finding(
        "settings",
        State.OK,
        f"project {settings.project_dir}, platform in schema {settings.platform_schema}, ledger in "
        f"{settings.retention_schema}",
    )
    yield from made("retention periods", machine.examine_periods, settings)
    yield from made("reports", machine.examine_reports, settings)
    yield from _examine_with_database(settings)
    yield from made("Prefect", nights.examine, os.environ.get("PREFECT_API_URL"))


def _examine_with_database(settings: Settings) -> Iterator[Finding]:
    try:
        with Database.connect(settings.retention_schema) as database:
            yield from made("server", server.examine, database, settings)
            yield from made("direct connection", server.examine_directness, database, settings)
            yield from made("clocks", server.examine_clock, database)
            closed = list(made("platform", server.examine_access, database, settings))
            yield from closed or _examine_platform(database, DbtProject(settings, {}), settings)
            yield from made("file store", store.examine, database, settings)
    except BadConfiguration as refusal:
        yield _unconnected(refusal)
        yield Finding("database and file store", State.SKIPPED, "there is no connection to the database")


def _examine_platform(database: Database, project: DbtProject, settings: Settings) -> Iterator[Finding]:
    yield from made("data map", platform.examine_data_map, database, project)
    yield from made("environments", platform.examine_environments, database, project, settings)
    yield from made("preparation", platform.examine_preparation, database, project)
    yield from made("rights", platform.examine_rights, database, project)


def _unconnected(refusal: BadConfiguration) -> Finding:
    if _OF_POOLER in str(refusal):
        return Finding(
            "connection",
            State.MEND,
            "a pooler answers that passes on no session's options, and a run's lock lives in a session",
            "Set PGHOST and PGPORT to the server itself",
        )
    return Finding("connection", State.MEND, str(refusal))
