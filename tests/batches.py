"""The batches themselves, as dbt renders them, without the flow around: many small nights in one database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from world import World

from flows import ledger
from flows.database import Database
from flows.ledger import RunRequest
from flows.purge import PurgedFiles, Queue, purge_files
from flows.store import Store

PLACEHOLDER_RUN = 424242
BETWEEN_HOOKS = "\n-- next hook\n"
MODELS = ("anonymized_messages", "anonymized_users", "anonymized_events")


class Batches:
    """The post-hooks of the anonymized models, rendered once; the views stand as of `as_of`."""

    def __init__(self, world: World, as_of: str) -> None:
        self.world = world
        self.as_of = as_of
        self.store = Store()
        world.run(as_of=as_of)
        nodes = {name: world.manifest().nodes[f"model.retention.{name}"].config for name in MODELS}
        hooks = [(name, hook.sql) for name in MODELS for hook in nodes[name].post_hook]
        session = nodes[MODELS[0]].pre_hook[-1].sql
        self.session, *blocks = rendered(world, as_of, [session, *(text for _, text in hooks)])
        self.blocks = {
            name: [block for (of, _), block in zip(hooks, blocks, strict=True) if of == name] for name in MODELS
        }

    @contextmanager
    def night(self) -> Iterator[tuple[Database, int]]:
        """An open run with its lines, as the flow has it when the batches begin."""
        with Database.connect("retention") as database, ledger.only_run(database):
            request = RunRequest(as_of=self.as_of, is_approved=True)
            clock = ledger.fix_as_of(database, request)
            with ledger.open_run(database, request, clock) as run_id:
                ledger.open_lines(database, run_id, request)
                yield database, run_id
                ledger.finish_run(database, run_id, "done", {})

    def anonymize(self, run_id: int, *models: str) -> None:
        """Works the batches of the given models, of all when none is given, in a session of their own."""
        with psycopg.connect(autocommit=True) as connection:
            for statement in self.session.split(";"):
                connection.execute(statement)
            for model in models or MODELS:
                for block in self.blocks[model]:
                    connection.execute(block.replace(str(PLACEHOLDER_RUN), str(run_id)))

    def purge(self, database: Database, run_id: int) -> PurgedFiles:
        return purge_files(database, self.store, run_id, Queue())

    def whole_night(self) -> list[dict[str, Any]]:
        """Anonymizes and purges; the run's lines."""
        with self.night() as (database, run_id):
            self.anonymize(run_id)
            self.purge(database, run_id)
            return database.rows("lines", run_id=run_id)

    def empty_ledger(self) -> None:
        """Takes every run out of the ledger; the next one is number 1."""
        self.world.connection.execute(
            "truncate retention.approvals, retention.run_lines, retention.runs, retention.file_queue restart identity cascade"
        )

    def empty(self) -> None:
        """Takes every row out of the platform, and every period out of the seed's table."""
        there = {bucket["Name"] for bucket in self.world.s3.list_buckets()["Buckets"]}
        for bucket, versioning in (("files", None), ("versioned", "Enabled")):
            if bucket not in there:  # another test's world has emptied the store
                self.world.bucket(bucket, versioning)
            pages = self.world.s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
            for page in pages:
                for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                    self.world.s3.delete_object(Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"])
        self.world.connection.execute(
            "truncate platform.custom_events, platform.chatbot_conversations, platform.attachments, platform.messages,"
            " platform.users, platform.environments, retention.retention_periods, retention.file_queue"
        )


def rendered(world: World, as_of: str, hooks: list[str]) -> list[str]:
    """The hooks as dbt compiles them with a run's settings, all at once: each command of dbt takes a second."""
    from dbt.cli.main import dbtRunner

    folder = str(world.project_dir)
    arguments = ["compile", "--inline", BETWEEN_HOOKS.join(hooks), "--target", "nightly", "--quiet"]
    with pytest.MonkeyPatch.context() as patch:  # not --vars, with which dbt would parse the project anew
        patch.setenv("RETENTION_AS_OF", as_of)
        patch.setenv("RETENTION_RUN_ID", str(PLACEHOLDER_RUN))
        result = dbtRunner().invoke([*arguments, "--project-dir", folder, "--profiles-dir", folder])
    assert result.success, result.exception
    os.environ.pop("DBT_INVOCATION_ID", None)
    return str(result.result.results[0].node.compiled_code).split(BETWEEN_HOOKS)  # type: ignore[union-attr]
