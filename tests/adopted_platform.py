"""The platform of tests/adopted/, and the answers that its people give to what `retention adopt` asks."""

from collections.abc import Callable, Iterator, Mapping
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


# In the thin views: the words that were guessed, and the platform's own.
WORDS = {"'Member'": "'member'"}


@contextmanager
def database_of(
    postgres: dict[str, str], name: str, *scripts: str, **variables: str
) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
    """A database that scripts make, gone afterwards; libpq's variables, and others that are given, are set for it."""
    with connect(postgres, "postgres") as admin:
        admin.execute(f"create database {name}")
    with connect(postgres, name) as connection, pytest.MonkeyPatch.context() as patch:
        for variable, value in {**postgres, "PGDATABASE": name, **variables}.items():
            patch.setenv(variable, value)
        for script in scripts:
            connection.execute(script)
        yield connection
    with connect(postgres, "postgres") as admin:
        admin.execute(f"drop database {name} with (force)")


@contextmanager
def trap_database(postgres: dict[str, str]) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
    """A database with the trap schema, the libpq variables set for a role that may read no table of it."""
    scripts = (SCHEMA.read_text(), f"create role {STRANGER} login")
    with database_of(postgres, "adopted", *scripts, PGUSER=STRANGER) as connection:
        yield connection
    with connect(postgres, "postgres") as admin:
        admin.execute(f"drop role {STRANGER}")


def retention(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def adopt(out: Path, *arguments: str) -> Result:
    return retention("adopt", "--out", str(out), *arguments)


def project_for(postgres: dict[str, str], schema: str, out: Path) -> Path:
    """The project that is written for a schema."""
    with database_of(postgres, "of_one_schema", schema):
        result = adopt(out, "--bucket", "files")
        assert result.exit_code == 0, result.exception
    return out


def entries_of(project: Path) -> list[dict[str, Any]]:
    """The tables of the data map, as they are written."""
    sources = yaml.safe_load((project / "models" / "_sources.yml").read_text())["sources"]
    return [table for source in sources for table in source["tables"]]


def entry_of(project: Path, name: str) -> dict[str, Any]:
    """The one table of that name."""
    [table] = [table for table in entries_of(project) if table["name"] == name]
    return table


def metas_of(table: dict[str, Any]) -> dict[str, Any]:
    """What is said of each column of a table."""
    return {column["name"]: column["config"]["meta"] for column in table["columns"]}


def view(project: Path, name: str) -> str:
    return " ".join((project / "models" / f"platform_{name}.sql").read_text().split())


def decide(
    project: Path,
    answer: Callable[[tuple[str, str]], Answer] = ANSWERS.__getitem__,
    words: Mapping[str, str] = WORDS,
) -> None:
    """Answers every question in the data map, and corrects the words in the thin views that were a guess."""
    path = project / "models" / "_sources.yml"
    data_map = yaml.safe_load(path.read_text())
    for table in (table for source in data_map["sources"] for table in source["tables"]):
        for column, meta in {"": table["config"]["meta"], **metas_of(table)}.items():
            if meta.pop("decide", None):
                meta.update(answer((table["name"], column)))
    path.write_text(yaml.safe_dump(data_map, sort_keys=False, allow_unicode=True))
    for path_of_view in (project / "models").glob("platform_*.sql"):
        text = path_of_view.read_text()
        for guessed, word in words.items():
            text = text.replace(guessed, word)
        path_of_view.write_text(text)
