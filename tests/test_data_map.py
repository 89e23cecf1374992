"""A data map that says what can't be meant is refused by table and column, before anything is looked at.

Each slip here would otherwise leave personal values where they are, or stop every night half way.
"""

import copy
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from conftest import MakeWorld
from world import World

from flows.errors import BadConfiguration
from flows.project import refuse_what_macros_refused

pytestmark = pytest.mark.xdist_group("map")

KNOWN = "empty, null, random_id, constant, day, file, json"
SOURCES = "Mend it in the sources' YAML. Nothing was changed."


@dataclass
class ReadMap:
    """The project as dbt read it, once; a test changes a copy of the data map."""

    world: World
    manifest: Any

    def refusal(self, change: Callable[[dict[str, Any]], None]) -> str | None:
        from dbt.cli.main import dbtRunner

        manifest = copy.copy(self.manifest)
        manifest.sources = copy.deepcopy(self.manifest.sources)
        change({source.name: source for source in manifest.sources.values() if source.source_name == "platform"})
        manifest.nodes = dict(self.manifest.nodes)  # what fails leaves its own query there
        manifest.build_flat_graph()
        folder = str(self.world.project_dir)
        result = dbtRunner(manifest=manifest).invoke(
            ["compile", "--inline", "{{ retention.data_map() | length }}", "--target", "nightly", "--quiet",
             "--no-introspect", "--no-populate-cache", "--project-dir", folder, "--profiles-dir", folder]
        )  # fmt: skip
        os.environ.pop("DBT_INVOCATION_ID", None)
        if result.success:
            return None
        message = str(getattr(result.exception, "msg", result.exception) or result.result.results[0].message)
        assert message.startswith("Compilation Error"), message
        with pytest.raises(BadConfiguration) as refusal:
            refuse_what_macros_refused(message)
        assert refusal.value.exit_code == 2
        return str(refusal.value)


@pytest.fixture(scope="module")
def read_map(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadMap]:
    with make_world(tmp_path_factory.mktemp("map")) as world:
        yield ReadMap(world, world.manifest())


def table(name: str, **meta: Any) -> Callable[[dict[str, Any]], None]:
    """Changes a table's meta; None takes a word out."""

    def change(sources: dict[str, Any]) -> None:
        _set(sources[name].config.meta, meta)

    return change


def column(name: str, **meta: Any) -> Callable[[dict[str, Any]], None]:
    """Changes the meta of table.column; None takes a word out, `data_type` is the column's own."""

    def change(sources: dict[str, Any]) -> None:
        of_table, _, of_column = name.partition(".")
        found = sources[of_table].columns[of_column]
        if "data_type" in meta:
            found.data_type = meta.pop("data_type")
        words = dict(found.config.meta)
        _set(words, meta)
        found.config = copy.copy(found.config)
        found.config.meta = words
        found.meta = words

    return change


def _set(words: dict[str, Any], meta: dict[str, Any]) -> None:
    for word, value in meta.items():
        words.pop(word, None)
        if value is not None:
            words[word] = None if value == "YAML null" else value


SLIPS = {
    "a table without a key": (
        table("messages", key=None), "messages: expected meta.key, the name of a declared column, found ''"),
    "a key that is no column": (
        table("messages", key="id"), "messages: expected meta.key, the name of a declared column, found 'id'"),
    "a key without a type": (
        column("messages.message_id", data_type=None), "messages: expected a data_type of the key 'message_id', found none"),
    "what stays and goes": (
        table("attachments", stays="nothing of it is anybody's"),
        "attachments: expected no replacement where meta.stays keeps the whole table, found one; take out either"),
    "no marker": (
        table("users", marker=None), "users: expected meta.marker, the name of a declared date column, or aside, or values, found ''"),
    "a marker that is no column": (
        table("users", marker="done_on"), "users: expected meta.marker, the name of a declared date column, or aside, or values, found 'done_on'"),
    "a marker that is no date": (
        table("users", marker="created_at"), "users: expected the marker 'created_at' to be a date, found timestamp with time zone"),
    "a marker without a type": (
        column("users.anonymized_on", data_type=None), "users: expected the marker 'anonymized_on' to be a date, found no data_type"),
    "neither kind nor owner": (
        table("users", kind=None), "users: expected meta.kind where rows are judged on their own, or meta.owner, found neither"),
    "an unknown kind": (
        table("users", kind="people"), "users: expected meta.kind to be one of messages, attachments, users"),
    "an owner that does not exist": (
        table("attachments", owner={"table": "mails", "key": "message_id"}),
        "attachments: expected meta.owner.table, a declared table, found 'mails'"),
    "an owner that is only a word": (
        table("attachments", owner="messages"), "attachments: expected meta.owner.table, a declared table, found ''"),
    "an owner's key that is no column": (
        table("attachments", owner={"table": "messages", "key": "mail_id"}),
        "attachments: expected meta.owner.key, a declared column that names the owner, found 'mail_id'"),
    "an unknown replacement": (
        column("users.first_name", replacement="masked"), f"users.first_name: expected meta.replacement to be one of {KNOWN}, found 'masked'"),
    "null without quotes": (
        column("users.picture_bucket", replacement="YAML null"),
        f"users.picture_bucket: expected meta.replacement to be one of {KNOWN}, found 'None' (in YAML, null is written in quotes)"),
    "a replacement misspelt": (
        column("users.last_name", replacement=None, replacment="empty"),
        "users.last_name: expected meta.replacement, or meta.personal false and why, found neither"),
    "personal, and no replacement": (
        column("users.last_name", replacement=None, personal=True),
        "users.last_name: expected meta.personal to be false where nothing replaces the column, found 'True'"),
    "replaced, and not personal": (
        column("users.last_name", personal=False, why="x"), "users.last_name: expected meta.replacement or meta.personal, found both"),
    "not personal, without a reason": (
        column("messages.direction", why=None), "messages.direction: expected meta.why, the reason that it is not personal, found none"),
    "a key that is replaced": (
        column("users.user_id", personal=None, why=None, replacement="null"),
        "users.user_id: expected the key to stay as it is, found the replacement null"),
    "a marker that is replaced": (
        column("users.anonymized_on", personal=None, why=None, replacement="null"),
        "users.anonymized_on: expected the marker to stay as it is, found the replacement null"),
    "an empty text for a number": (
        column("messages.conversation_id", personal=None, why=None, replacement="empty"),
        "messages.conversation_id: expected a text column for the replacement empty, found bigint"),
    "a random identifier for a date": (
        column("messages.created_at", personal=None, why=None, replacement="random_id"),
        "messages.created_at: expected text, uuid or bigint for the replacement random_id, which must stay unique, found timestamp with time zone"),
    "a day of a text": (
        column("messages.content", replacement="day"),
        "messages.content: expected a timestamp with time zone for the replacement day, found text"),
    "a constant of nothing": (
        column("users.picture_url", value=None), "users.picture_url: expected meta.value, the name of a dbt var, or meta.literal, found none"),
    "a file without a bucket": (
        column("attachments.object_key", bucket=None),
        "attachments.object_key: expected meta.bucket, the column with the file's bucket, or meta.bucket_name, found ''"),
    "an array that is said to be one key": (
        column("attachments.object_key", data_type="text[]"),
        "attachments.object_key: expected meta.holds keys or urls of an array, without key_at, found key"),
    "URLs without what stands before their keys": (
        column("attachments.object_key", data_type="text[]", holds="urls"),
        "attachments.object_key: expected meta.base_url, what stands before the key in the URL, found none"),
    "several keys in one text": (
        column("attachments.object_key", holds="keys"),
        "attachments.object_key: expected an array, or a json or jsonb column, for several files, found text"),
    "a file in a bucket that is no column": (
        column("attachments.object_key", bucket="files"),
        "attachments.object_key: expected meta.bucket, the column with the file's bucket, or meta.bucket_name, found 'files'"),
    "a file that leaves something else": (
        column("users.picture_key", leaves="constant"),
        "users.picture_key: expected meta.leaves to be empty, null or random_id, found 'constant'"),
    "a picture that nobody shows": (
        column("users.picture_key", shown_by="avatar"),
        "users.picture_key: expected meta.shown_by, a declared column, found 'avatar'"),
    "a size that is no number": (
        column("attachments.object_key", size="file_name"),
        "attachments.object_key: expected meta.size, a declared column of whole numbers, found 'file_name'"),
    "a size that is no column": (
        column("attachments.object_key", size="length"),
        "attachments.object_key: expected meta.size, a declared column of whole numbers, found 'length'"),
    "an identifier of an unknown table": (
        column("custom_events.user_network_id", identifies={"table": "people", "column": "network_id", "within": []}),
        "custom_events.user_network_id: expected meta.identifies.table, a declared table, found 'people'"),
    "an identifier of an unknown column": (
        column("custom_events.user_network_id", identifies={"table": "users", "column": "handle", "within": []}),
        "custom_events.user_network_id: expected meta.identifies.column, a column of users, found 'handle'"),
    "an identifier within an unknown column": (
        column("custom_events.user_network_id", identifies={"table": "users", "column": "network_id", "within": ["team_id"]}),
        "custom_events.user_network_id: expected meta.identifies.within, columns of both tables, or its own with theirs, found 'team_id'"),
    "an identifier within a column that they lack": (
        column("custom_events.user_network_id", identifies={"table": "users", "column": "network_id", "within": {"environment_id": "team_id"}}),
        "custom_events.user_network_id: expected meta.identifies.within, columns of both tables, or its own with theirs, found 'team_id'"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_m3_a_slip_in_the_data_map_is_refused_by_table_and_column(read_map: ReadMap, slip: str) -> None:
    change, expected = SLIPS[slip]
    message = read_map.refusal(change)
    assert message is not None
    assert message.startswith(f"Reading the data map, {expected}"), message
    assert message.endswith(SOURCES)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        column("messages.published_at", personal=None, why=None, replacement="day"),
        column("users.first_name", data_type="varchar(200)"),
        column("users.first_name", data_type="CHARACTER VARYING"),
        column("messages.conversation_id", personal=None, why=None, replacement="null"),
    ],
    ids=["as it is", "a day", "a length", "capitals", "null for a number"],
)
def test_a_data_map_that_can_be_meant_is_taken(read_map: ReadMap, change: Callable[[dict[str, Any]], None]) -> None:
    assert read_map.refusal(change) is None


def test_a_source_that_says_nothing_of_personal_data_is_not_part_of_the_map(read_map: ReadMap) -> None:
    """An adopter's other sources are none of ours."""

    def forget(sources: dict[str, Any]) -> None:
        sources["environments"].config.meta.clear()
        for name in list(sources["environments"].columns):
            column(f"environments.{name}", personal=None, why=None)(sources)

    assert read_map.refusal(forget) is None
