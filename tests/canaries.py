"""Unique strings that no compression hides, in every personal column of the data map and in files, and where they are."""

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from world import World

SOURCES = Path(__file__).parent.parent / "models" / "platform" / "_platform__sources.yml"

Columns = dict[str, dict[str, Any]]


def personal_columns() -> dict[str, Columns]:
    """Of each table of the data map, the columns that are replaced: their data type and meta."""
    return declared_columns(is_personal=True)


@cache
def declared_columns(*, is_personal: bool) -> dict[str, Columns]:
    """Of each table of the data map, the columns that are replaced, or those that are kept."""
    (source,) = [source for source in yaml.safe_load(SOURCES.read_text())["sources"] if source["name"] == "platform"]
    tables = {
        table["name"]: {
            column["name"]: {"data_type": column["data_type"], **column["config"]["meta"]}
            for column in table["columns"]
            if ("replacement" in column["config"]["meta"]) == is_personal
        }
        for table in source["tables"]
    }
    return {name: columns for name, columns in tables.items() if columns}


class Canaries:
    """Strings of one fate, known by a beginning of their own; `where` says what each was put into."""

    def __init__(self) -> None:
        self.mark = f"c{secrets.token_hex(6)}"
        self.where: dict[str, str] = {}
        self._shape = re.compile(rf"{self.mark}[0-9a-f]{{20}}".encode())

    def new(self, where: str) -> str:
        canary = self.mark + secrets.token_hex(10)
        self.where[canary] = where
        return canary

    def row(self, table: str, **given: Any) -> dict[str, Any]:
        """A canary for each personal column of a table, but those given."""
        values = dict(given)
        for name, column in personal_columns()[table].items():
            if name not in values:
                where = f"{table}.{name}"
                values[name] = (
                    [self.new(where), self.new(where)] if column["data_type"] == "text[]" else self.new(where)
                )
        return values

    def found_in(self, content: bytes) -> set[str]:
        return {match.decode() for match in self._shape.findall(content)} & set(self.where)

    def named(self, canaries: Iterable[str]) -> list[str]:
        """What the canaries were put into, for a message that helps."""
        return sorted({self.where[canary] for canary in canaries})


def plant(world: World, canaries: Canaries, created_at: datetime, versioned: str, unversioned: str) -> list[str]:
    """A row in every table with personal columns, and files, two versions of one, all with canaries; the buckets."""
    values = canaries.row("users")
    network_id, picture_bucket = values["network_id"], values["picture_bucket"]
    author = world.user(created_at=created_at, **values)
    world.bucket(picture_bucket)
    put(world, canaries, values["picture_key"], picture_bucket)
    # Longer than a page: stored out of line, and longer than what compression could make of it.
    long = canaries.new("messages.content") + secrets.token_urlsafe(6000)
    message = world.message(author, created_at, **canaries.row("messages", content=long))
    world.message(None, created_at, **canaries.row("messages"))
    for bucket in (unversioned, versioned):
        row = canaries.row("attachments")
        key = row.pop("object_key")
        world.attachment(message, key, bucket, created_at=created_at, **row)
        put(world, canaries, key, bucket)
    put(world, canaries, key, versioned)
    for table in ("chatbot_conversations", "custom_events"):
        row = canaries.row(table)
        world.event(table, row.pop("user_network_id"), created_at, **row)
        world.event(table, network_id, created_at)
    return [versioned, unversioned, picture_bucket]


def put(world: World, canaries: Canaries, key: str, bucket: str) -> None:
    """A file, or one more version of it, of which every version is another."""
    world.put(key, bucket, canaries.new(f"a file in {bucket}").encode())


def rows_of_database(world: World) -> Iterator[tuple[str, bytes]]:
    """Every table of every schema, catalogs included, and the views of the planner's samples, as text."""
    tables = world.rows(
        "select oid::regclass::text as name from pg_class where relkind in ('r', 'p', 'm')"
        " union all select unnest(array['pg_stats', 'pg_stats_ext', 'pg_stats_ext_exprs', 'pg_stat_activity'])"
    )
    for table in tables:
        name = table["name"]
        rows = world.rows(f"select coalesce(string_agg(t::text, chr(10)), '') as text from {name} as t")
        yield name, rows[0]["text"].encode()


def versions(world: World, buckets: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Every version of every file: its key and what it holds."""
    for bucket in buckets:
        for page in world.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for item in page.get("Versions", []):
                body = world.s3.get_object(Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"])["Body"].read()
                yield f"s3://{bucket}", item["Key"].encode() + b"\n" + body
            for item in page.get("DeleteMarkers", []):
                yield f"s3://{bucket}", item["Key"].encode()


def files_in(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()


def hits(canaries: Canaries, places: Iterable[tuple[str, bytes]]) -> dict[str, list[str]]:
    """Place by place, what the canaries found there were put into."""
    found = {place: canaries.found_in(content) for place, content in places}
    return {place: canaries.named(there) for place, there in found.items() if there}


def all_found(canaries: Canaries, *places: Iterable[tuple[str, bytes]]) -> set[str]:
    return {canary for place in places for _, content in place for canary in canaries.found_in(content)}
