"""The morning after a first night: rows that fell due since, and an analyst without any right to personal data."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from conftest import MakeWorld
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from preparing import logged_in_as
from project_copy import copy_project
from psycopg import sql
from world import OLD, YOUNG, World

PARIS = ZoneInfo("Europe/Paris")
LEDGER = ("runs", "run_lines", "file_queue")

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Morning:
    """The platform after its first night, and the analyst's copy of the project."""

    world: World
    analyst: World
    before_any_run: dbtRunnerResult
    due_message: int
    nightly_project: Manifest
    analyst_project: Manifest
    variables: str
    """The vars of the night's run, as dbt had them."""

    def dbt(self, *arguments: str, target: str = "nightly") -> dbtRunnerResult:
        """A command as the owner of everything gives it, in the project as it was parsed for the target."""
        is_nightly = target == "nightly"
        manifest = self.nightly_project if is_nightly else self.analyst_project
        return invoke(self.world if is_nightly else self.analyst, manifest, *arguments, "--target", target)

    def replay(self) -> dbtRunnerResult:
        """The night's own command that anonymizes, by hand and once more."""
        return self.dbt("run", "--select", "path:models/anonymized", "--vars", self.variables)

    def ledger(self) -> list[Rows]:
        """Every row of ledger and queue, with its table and its transaction."""
        return [
            self.world.rows(
                f"select tableoid, xmin::text as changed_by, t::text from retention.{table} t order by ctid"
            )
            for table in LEDGER
        ]


def invoke(world: World, manifest: Manifest | None, *arguments: str) -> dbtRunnerResult:
    options = ("--project-dir", str(world.project_dir), "--profiles-dir", str(world.project_dir), "--log-level", "none")
    return dbtRunner(manifest=manifest).invoke([*arguments, *options])


def _parse(world: World, *arguments: str) -> Manifest:
    result = invoke(world, None, "parse", *arguments)
    assert isinstance(result.result, Manifest), result.exception
    return result.result


def unbuilt(result: dbtRunnerResult) -> dict[str, str]:
    """What dbt says of each node that it did not build."""
    nodes = getattr(result.result, "results", [])
    return {
        node.node.name: " ".join((node.message or "").split()) for node in nodes if node.status in ("error", "fail")
    }


@contextmanager
def first_morning(make_world: MakeWorld, folder: Path) -> Iterator[Morning]:
    with make_world(folder) as world:
        analyst = _analyst(world)
        world.environment(1)
        world.bucket()
        with logged_in_as("analyst"):
            analyst_project = _parse(analyst)
            before_any_run = invoke(analyst, analyst_project, "run", "--select", "due_*")
        world.message(world.user(), OLD)
        assert world.run().outcome == "done"
        _grant(world)
        author = world.user()
        due = world.message(author, OLD)
        world.attachment(due, "reports/1")
        world.message(author, YOUNG)
        world.user()
        world.event("custom_events", "somebody")
        world.connection.execute(
            "insert into retention.file_queue (run_id, environment_id, kind, bucket, object_key)"
            " values (1, '1', 'messages', 'files', 'reports/0')"
        )
        run = world.one("select run_id, as_of from retention.runs")
        # In the flow's form, so that dbt finds most of it parsed.
        variables = json.dumps({"as_of": run["as_of"].astimezone(PARIS).isoformat(), "run_id": run["run_id"]})
        nightly_project = _parse(world, "--target", "nightly", "--vars", variables)
        yield Morning(world, analyst, before_any_run, due, nightly_project, analyst_project, variables)
        world.connection.execute("drop owned by analyst cascade")
        world.connection.execute("drop role analyst")


def _analyst(world: World) -> World:
    """A login role with a schema of its own, empty, and no right anywhere else."""
    world.connection.execute("create role analyst login")
    world.connection.execute("create schema retention_analyst authorization analyst")
    project_dir = copy_project(world.project_dir.parent / "analyst" / "project")
    environ = world.environ | {"PGUSER": "analyst", "DBT_PROFILES_DIR": str(project_dir)}
    return World(world.connection, project_dir, environ)


def _grant(world: World) -> None:
    shared = [
        row["name"]
        for row in world.rows("select relname as name from pg_class where relnamespace = 'retention'::regnamespace")
        if row["name"].startswith("platform_") or row["name"] == "retention_periods"
    ]
    world.connection.execute("grant usage on schema retention to analyst")
    for name in shared:
        world.connection.execute(sql.SQL("grant select on retention.{} to analyst").format(sql.Identifier(name)))


def view_states(world: World) -> dict[str, dict[str, Any]]:
    """By name, which views there are and which transaction last wrote them, their rule and their comment."""
    return {
        row["name"]: row
        for row in world.rows(
            "select c.relname as name, c.oid, c.xmin::text as view, r.xmin::text as rule, d.xmin::text as comment"
            " from pg_class c join pg_rewrite r on r.ev_class = c.oid"
            " left join pg_description d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0"
            " where c.relnamespace = 'retention'::regnamespace and c.relkind = 'v'"
        )
    }
