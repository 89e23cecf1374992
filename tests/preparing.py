"""Preparing a world's platform in this process, as the command does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from world import World

from flows.cli import app
from flows.database import Database
from flows.prepare import Part, Step, apply, missing_steps
from flows.project import DbtProject
from flows.settings import read_settings


def retention(world: World, *arguments: str) -> Result:
    """The console command, without a process of its own; an error is in `exception`."""
    return CliRunner().invoke(app, [*arguments, "--project-dir", str(world.project_dir)])


@dataclass(frozen=True)
class CompiledOnce:
    """The project's query of a preparation, which changes with the project only, not with the database."""

    project_dir: Path

    @cache  # noqa: B019 - a few worlds a session
    def preparation(self) -> str:
        return DbtProject(read_settings(self.project_dir), {}).preparation()


def missing(world: World, *parts: Part) -> list[Step]:
    """The steps that the world's database lacks."""
    with Database.connect("retention") as database:
        return list(missing_steps(database, CompiledOnce(world.project_dir), parts or list(Part)))


def applied(steps: list[Step]) -> None:
    with Database.connect("retention") as database:
        apply(database, steps)


@contextmanager
def logged_in_as(role: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGUSER", role)
        yield


def catalogs(world: World) -> list[dict[str, Any]]:
    """What a preparation can change: every column, index, constraint, schema and right."""
    return world.rows(
        "select 'column' as kind, concat(attrelid::regclass, attname, attacl) as what from pg_attribute"
        "  where attrelid in (select oid from pg_class where relnamespace = 'platform'::regnamespace)"
        " union all select 'relation', concat(oid::regclass, relacl, relowner) from pg_class where oid > 16384"
        " union all select 'constraint', concat(conrelid::regclass, conname, convalidated) from pg_constraint"
        " union all select 'schema', concat(nspname, nspowner, nspacl) from pg_namespace"
        " union all select 'role', rolname from pg_roles order by 1, 2"
    )


def constraints(world: World, table: str) -> dict[str, bool]:
    """The product's constraints of a table, and whether each is validated."""
    rows = world.rows(
        "select conname, convalidated from pg_constraint where conrelid = %s::regclass and conname ~ '^retention_'",
        f"platform.{table}",
    )
    return {row["conname"]: row["convalidated"] for row in rows}


def drop_constraints(world: World, *tables: str) -> None:
    for table in tables:
        for name in constraints(world, table):
            world.connection.execute(f"alter table platform.{table} drop constraint {name}")
