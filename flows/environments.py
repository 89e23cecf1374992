"""The environments that a run is asked for: refused where the platform has none of that name, before it is opened."""

from collections.abc import Sequence

from flows.database import Database
from flows.errors import BadConfiguration
from flows.project import DbtProject
from flows.settings import Settings


def check_environments(database: Database, project: DbtProject, asked: Sequence[str] | None) -> None:
    """Raises BadConfiguration with those that the platform does not have, by its thin view as the project has it now.

    The view itself may not be there yet, or be an earlier night's.
    """
    if asked is None:
        return
    rows = database.select(project.compiled("platform_environments"), "environment_id::text as environment_id")
    if unknown := sorted(set(asked) - {row["environment_id"] for row in rows}):
        raise BadConfiguration(
            f"Reading --environment: expected environments of the platform, found {', '.join(unknown)}. "
            "Correct them; nothing was changed."
        )


def refuse_unknown(settings: Settings, asked: Sequence[str] | None) -> None:
    """The same, in a session of its own."""
    if asked is not None:
        with Database.connect(settings.retention_schema) as database:
            check_environments(database, DbtProject(settings, {}), asked)
