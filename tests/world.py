"""A reference platform for one test: rows are put in by name, runs are real, and everything can be compared."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import psycopg
import pytest
from commands import run_command
from psycopg import sql

TABLES = (
    "environments",
    "users",
    "messages",
    "attachments",
    "chatbot_conversations",
    "custom_events",
)
NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=5 * 365)
OLD = NOW - timedelta(days=3 * 365)
YOUNG = NOW - timedelta(days=30)

Snapshot = dict[str, dict[int, dict[str, Any]]]


@dataclass
class World:
    """One database with the reference schema, one dbt project, one S3."""

    connection: psycopg.Connection[dict[str, Any]]
    project_dir: Path
    environ: dict[str, str]
    s3: Any = field(init=False)

    def __post_init__(self) -> None:
        self.s3 = boto3.client("s3", endpoint_url=self.environ["AWS_ENDPOINT_URL_S3"])

    # Rows; what a test does not name has a plausible value of its own.

    def environment(self, environment_id: int = 1, months: int | None = None) -> int:
        self._insert(
            "environments",
            environment_id=environment_id,
            name=f"Company {environment_id}",
        )
        if months is not None:
            with (self.project_dir / "seeds" / "retention_periods.csv").open("a") as seed:
                seed.write(f"{environment_id},{months}\n")
        return environment_id

    def user(self, environment_id: int = 1, created_at: datetime = LONG_AGO, **values: Any) -> int:
        unique = uuid4().hex
        row = {
            "environment_id": environment_id,
            "network": "twitter",
            "network_id": f"person-{unique}",
            "first_name": f"First {unique}",
            "last_name": f"Last {unique}",
            "pseudonyms": [f"@{unique}", f"also {unique}"],
            "profile_url": f"https://network.example/{unique}",
            "picture_url": f"https://pictures.example/{unique}",
            "created_at": created_at,
        }
        return self._insert("users", "user_id", **row | values)

    def message(
        self,
        user_id: int | None,
        created_at: datetime = OLD,
        environment_id: int = 1,
        **values: Any,
    ) -> int:
        unique = uuid4().hex
        row = {
            "environment_id": environment_id,
            "conversation_id": 1,
            "user_id": user_id,
            "direction": "outbound" if user_id is None else "inbound",
            "visibility": "private",
            "network": "twitter",
            "network_id": f"message-{unique}",
            "url": f"https://network.example/m/{unique}",
            "content": f"Text {unique}",
            "published_at": created_at,
            "created_at": created_at,
        }
        return self._insert("messages", "message_id", **row | values)

    def attachment(self, message_id: int, key: str, bucket: str = "files", **values: Any) -> int:
        row = {
            "environment_id": 1,
            "message_id": message_id,
            "bucket": bucket,
            "object_key": key,
            "file_name": f"name of {uuid4().hex}.png",
            "content_type": "image/png",
            "byte_size": 3,
            "created_at": OLD,
        }
        return self._insert("attachments", "attachment_id", **row | values)

    def event(self, table: str, network_id: str, created_at: datetime = OLD, **values: Any) -> int:
        word = {"outcome": "solved"} if table == "chatbot_conversations" else {"name": "visit"}
        row = {
            "environment_id": 1,
            "network": "twitter",
            "user_network_id": network_id,
            "created_at": created_at,
        }
        return self._insert(table, f"{table[:-1]}_id", **row | word | values)

    def _insert(self, table: str, returning: str = "environment_id", **values: Any) -> int:
        key = f"{table[:-1]}_id"
        if key not in values:
            values[key] = self.one(f"select coalesce(max({key}), 0) + 1 as n from platform.{table}")["n"]
        statement = sql.SQL("insert into platform.{} ({}) values ({}) returning {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() * len(values)),
            sql.Identifier(returning),
        )
        return int(self.connection.execute(statement, list(values.values())).fetchone()[returning])

    # Files.

    def bucket(self, name: str = "files", versioning: str | None = None) -> None:
        self.s3.create_bucket(Bucket=name)
        if versioning:
            self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": versioning})

    def put(self, key: str, bucket: str = "files", body: bytes = b"abc") -> None:
        self.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def keys(self, bucket: str = "files") -> set[str]:
        """Keys of which any version or delete marker is left."""
        pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
        return {item["Key"] for page in pages for part in ("Versions", "DeleteMarkers") for item in page.get(part, [])}

    # Looking.

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        return self.connection.execute(query, parameters).fetchall()  # type: ignore[call-overload,no-any-return]

    def one(self, query: str, *parameters: Any) -> dict[str, Any]:
        (row,) = self.rows(query, *parameters)
        return row

    def snapshot(self) -> Snapshot:
        """Every row of the platform, by table and key."""
        return {
            table: {row[f"{table[:-1]}_id"]: row for row in self.rows(f"select * from platform.{table}")}
            for table in TABLES
        }

    def bytes_of_platform(self) -> list[str]:
        """Every row with its transaction and place: a row that was only rewritten differs too."""
        return [
            row["text"]
            for table in TABLES
            for row in self.rows(f"select concat(xmin, ctid, t::text) as text from platform.{table} t order by ctid")
        ]

    def get(self, table: str, key: int) -> dict[str, Any]:
        return self.one(f"select * from platform.{table} where {table[:-1]}_id = %s", key)

    # Surroundings.

    def enter(self, patch: pytest.MonkeyPatch) -> None:
        """The world's variables and the project's folder, as an operator's shell has them."""
        for variable, value in self.environ.items():
            patch.setenv(variable, value)
        patch.chdir(self.project_dir)

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """Whatever is done within, not a byte of the platform changes."""
        before = self.bytes_of_platform()
        yield
        assert self.bytes_of_platform() == before

    @contextmanager
    def executed(self, statement: str, undo: str) -> Iterator[None]:
        """A statement, until it is undone by another."""
        self.connection.execute(statement)  # type: ignore[call-overload]
        try:
            yield
        finally:
            self.connection.execute(undo)  # type: ignore[call-overload]

    # Running.

    def run(self, **arguments: Any) -> Any:
        """The flow, in this process, with the brake passed; returns its summary, also of a run that is not done."""
        from flows.anonymize import anonymize
        from flows.errors import RetentionError

        try:
            return anonymize(project_dir=self.project_dir, **{"approve_all": True} | arguments)
        except RetentionError as error:
            if error.summary is None:
                raise
            return error.summary

    def command(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """The console command, in a process of its own."""
        return self._forked("retention", *arguments, **environ)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """The console command, started from nothing: what a test stops or kills."""
        return subprocess.Popen(
            self.command_line(*arguments),
            env={**os.environ, **self.environ},
            cwd=self.project_dir,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @staticmethod
    def command_line(*arguments: str) -> list[str]:
        return [str(Path(sys.executable).parent / "retention"), *arguments]

    def dbt(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """dbt as people call it, in a process of its own."""
        return self._forked("dbt", *arguments, **environ)

    def _forked(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return run_command([*arguments], {**os.environ, **self.environ, **environ}, self.project_dir)

    def manifest(self) -> Any:
        """The project as dbt reads it."""
        from dbt.cli.main import dbtRunner

        folder = str(self.project_dir)
        options = ["--target", "nightly", "--log-level", "none", "--project-dir", folder, "--profiles-dir", folder]
        result = dbtRunner().invoke(["parse", *options])
        assert result.success, result.exception
        return result.result

    def set_vars(self, **variables: Any) -> None:
        """Changes vars of dbt_project.yml, as an operator would."""
        path = self.project_dir / "dbt_project.yml"
        lines = path.read_text().splitlines()
        for name, value in variables.items():
            (index,) = [i for i, line in enumerate(lines) if line.strip().startswith(f"{name}:")]
            lines[index] = f"  {name}: {json.dumps(value)}"
        path.write_text("\n".join(lines) + "\n")


def is_random_id(value: str) -> bool:
    """Whether a value has the shape of a random identifier."""
    return value.startswith("anonymized-") and len(value) == 47
