"""A platform after a first night that went only partly well, on which refusals are tried."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from conftest import MakeWorld
from world import NOW, World

from flows import ledger
from flows.database import Database
from flows.ledger import LOCK_NAMESPACE, RunRequest
from flows.project import NodeResult
from flows.report import RunSummary
from flows.settings import read_settings

HEADER = "environment_id,retention_months"
ONE_YEAR_AND_A_HALF = NOW - timedelta(days=548)


def write_seed(project_dir: Path, content: str | bytes) -> None:
    path = project_dir / "seeds" / "retention_periods.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@dataclass(frozen=True, slots=True)
class FirstNight:
    """A run over three environments, of which one is misconfigured, with a file in a bucket that is missing."""

    world: World
    summary: RunSummary
    message: int
    refused_message: int
    agreed_message: int
    before: list[str]
    """The bytes of the misconfigured environment's rows before the run."""


@contextmanager
def first_night(make_world: MakeWorld, folder: Path) -> Iterator[FirstNight]:
    with make_world(folder) as world:
        for environment_id in (1, 2, 3):
            world.environment(environment_id)
        # As Windows editors save it. The platform agrees with the seed on 3, not on 2.
        write_seed(world.project_dir, f"\ufeff{HEADER}\r\n2,24\r\n3,12\r\n")
        set_platform_periods(world, "case environment_id when 2 then 12 when 3 then 12 end")
        message = world.message(None)
        world.attachment(message, "reports/1", bucket="elsewhere")
        refused = world.message(world.user(2), environment_id=2)
        agreed = world.message(None, ONE_YEAR_AND_A_HALF, environment_id=3)
        before = bytes_of_environment(world, 2)
        yield FirstNight(world, world.run(), message, refused, agreed, before)


def set_platform_periods(world: World, expression: str) -> None:
    path = world.project_dir / "models" / "platform" / "platform_environments.sql"
    text = path.read_text()
    assert "cast(null as integer) as retention_months" in text
    path.write_text(text.replace("cast(null as integer) as retention_months", f"{expression} as retention_months"))


def bytes_of_environment(world: World, environment_id: int) -> list[str]:
    return [
        row["text"]
        for table in ("users", "messages")
        for row in world.rows(
            f"select concat(xmin, ctid, t::text) as text from platform.{table} t where environment_id = %s order by ctid",
            environment_id,
        )
    ]


@contextmanager
def ledger_of(world: World) -> Iterator[Database]:
    with Database.connect(read_settings(world.project_dir).retention_schema) as database:
        yield database


def locks_left(world: World) -> list[dict[str, Any]]:
    """The product's locks that are held once the server has had the time to notice the sessions that ended."""
    held = (
        "select * from pg_locks where locktype = 'advisory' and classid = %s"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    deadline = time.monotonic() + 10
    while (locks := world.rows(held, LOCK_NAMESPACE)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return locks


@dataclass(frozen=True, slots=True)
class BuiltProject:
    """The dbt project as it was built once, for the step that judges it: building takes long."""

    results: Sequence[NodeResult]

    def look(self) -> Sequence[NodeResult]:
        return self.results

    def data_map(self) -> str:
        return "{}"

    rules = data_map

    def unindexed(self) -> list[str]:
        return []


def judge(world: World, results: Sequence[NodeResult], **request: object) -> None:
    """The step of the flow that judges what was built, in a run of its own."""
    from flows.run import Run
    from flows.steps import preview_due

    settings = read_settings(world.project_dir)
    asked = RunRequest(**request)  # type: ignore[arg-type]
    with ledger_of(world) as database, ledger.open_run(database, asked, ledger.fix_as_of(database, asked)) as run_id:
        preview_due.fn(Run(settings, database, asked, run_id, BuiltProject(results)))  # type: ignore[arg-type]
