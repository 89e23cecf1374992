"""The kill switch: while the database says that runs are paused, none acts, whoever or whatever starts it."""

from flows.database import Database
from flows.errors import Paused


def pause(database: Database) -> bool:
    """Pauses; False when it was paused already."""
    return bool(database.execute("pause"))


def resume(database: Database) -> bool:
    """Lets runs act again; False when they were not paused."""
    return bool(database.execute("resume"))


def is_paused(database: Database) -> bool:
    """Whether a person has paused and nobody resumed."""
    return bool(database.rows("paused"))


def refuse_while_paused(database: Database) -> None:
    """Raises Paused, with since when and by whom."""
    for row in database.rows("paused"):
        raise Paused(
            f"Starting a run: expected runs to be allowed, found them paused since {row['paused_at']:%Y-%m-%d %H:%M} "
            f"by the database role {row['paused_by']}. Nothing was changed; let them act again with: retention resume"
        )
