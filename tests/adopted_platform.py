"""The platform of tests/adopted/, and the answers that its people give to what `retention adopt` asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from conftest import connect
from typer.testing import CliRunner, Result

from flows.cli import app

FOLDER = Path(__file__).parent / "adopted"
SCHEMA = FOLDER / "schema.psql"
ROWS = FOLDER / "rows.psql"
STRANGER = "stranger"
HELPDESK = FOLDER / "helpdesk.psql"
BASE_URL = "https://files.example.com/"

Answer = dict[str, Any]
# By entry and column, "" for the table: what stands in the place of the question.
ANSWERS: dict[tuple[str, str], Answer] = {
    ("users", ""): {},
    ("users", "mood"): {},
    ("messages", "author_type"): {},
    ("messages", "props"): {
        "replacement": "json",
        "paths": {"contact.name": "empty", "items[].email": "null"},
        "keeps": ["contact.score", "items[].qty", "theme"],
    },
    ("messagerie_historique_des_clients", ""): {},
    ("sms_messages", "RecordingUrl"): {"base_url": BASE_URL},
    ("visits", "visited_on"): {},
    ("thread_drafts", ""): {},
}


@contextmanager
def trap_database(postgres: dict[str, str]) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
    """A database with the trap schema, the libpq variables set for a role that may read no table of it."""
    with connect(postgres, "postgres") as admin:
        admin.execute("create database adopted")
    with connect(postgres, "adopted") as connection, pytest.MonkeyPatch.context() as patch:
        connection.execute(SCHEMA.read_text())
        connection.execute(f"create role {STRANGER} login")
        for variable, value in {**postgres, "PGDATABASE": "adopted", "PGUSER": STRANGER}.items():
            patch.setenv(variable, value)
        yield connection
    with connect(postgres, "postgres") as admin:
        admin.execute("drop database adopted with (force)")
        admin.execute(f"drop role {STRANGER}")


def adopt(out: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["adopt", "--out", str(out), *arguments])


def view(adopted: tuple[Path, Result], name: str) -> str:
    return " ".join((adopted[0] / "models" / f"platform_{name}.sql").read_text().split())


def decide(project: Path) -> None:
    """Answers every question in the data map, and corrects the one word in the thin views that was a guess."""
    path = project / "models" / "_sources.yml"
    data_map = yaml.safe_load(path.read_text())
    for source in data_map["sources"]:
        for table in source["tables"]:
            _answer(table["config"]["meta"], table["name"], "")
            for column in table["columns"]:
                _answer(column["config"]["meta"], table["name"], column["name"])
    path.write_text(yaml.safe_dump(data_map, sort_keys=False, allow_unicode=True))
    view = project / "models" / "platform_messages.sql"
    view.write_text(view.read_text().replace("'Member'", "'member'"))


def _answer(meta: Answer, entry: str, column: str) -> None:
    if meta.pop("decide", None):
        meta |= ANSWERS[entry, column]
