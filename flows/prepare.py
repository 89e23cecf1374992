"""What the owner of the platform's tables may add, once and by choice; printed before it is done."""

import psycopg

from flows.database import Database
from flows.errors import BadConfiguration
from flows.settings import Settings


def author_guard(database: Database, settings: Settings) -> str:
    """The statements of the trigger that refuses messages of anonymized users (U4)."""
    return database.text_of("author_guard", platform=settings.platform_schema)


def apply(database: Database, statements: str) -> None:
    """Executes statements in one transaction; BadConfiguration when this role may not, and nothing is changed."""
    try:
        database.run_text(statements)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedTable) as e:
        raise BadConfiguration(
            f"Preparing the platform: expected the tables and a role that owns them, found: {e.diag.message_primary}. "
            "Run it as their owner, or hand the printed statements to somebody who is; nothing was changed."
        ) from None
