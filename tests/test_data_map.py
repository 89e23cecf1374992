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


def slip(
    place: str, expected: str, told_of: str | None = None, **meta: Any
) -> tuple[Callable[[dict[str, Any]], None], str]:
    """A change of a table or of table.column, and what is said of it there."""
    change = column if "." in place else table
    return change(place, **meta), f"{told_of or place}: expected {expected}"


SLIPS = {
    "a table without a key": slip("messages", "meta.key, the name of a declared column, found ''", key=None),
    "a key that is no column": slip("messages", "meta.key, the name of a declared column, found 'id'", key="id"),
    "a key without a type": slip("messages.message_id", "a data_type of the key 'message_id', found none", told_of="messages", data_type=None),
    "what stays and goes": slip("attachments", "no replacement where meta.stays keeps the whole table, found one; take out either", stays="nothing of it is anybody's"),
    "no marker": slip("users", "meta.marker, the name of a declared date column, or aside, or values, found ''", marker=None),
    "a marker that is no column": slip("users", "meta.marker, the name of a declared date column, or aside, or values, found 'done_on'", marker="done_on"),
    "a marker that is no date": slip("users", "the marker 'created_at' to be a date, found timestamp with time zone", marker="created_at"),
    "a marker without a type": slip("users.anonymized_on", "the marker 'anonymized_on' to be a date, found no data_type", told_of="users", data_type=None),
    "neither kind nor owner": slip("users", "meta.kind where rows are judged on their own, or meta.owner, found neither", kind=None),
    "an unknown kind": slip("users", "meta.kind to be one of messages, attachments, users", kind="people"),
    "an owner that does not exist": slip("attachments", "meta.owner.table, a declared table, found 'mails'", owner={"table": "mails", "key": "message_id"}),
    "an owner that is only a word": slip("attachments", "meta.owner.table, a declared table, found ''", owner="messages"),
    "an owner's key that is no column": slip("attachments", "meta.owner.key, a declared column that names the owner, found 'mail_id'", owner={"table": "messages", "key": "mail_id"}),
    "an unknown replacement": slip("users.first_name", f"meta.replacement to be one of {KNOWN}, found 'masked'", replacement="masked"),
    "null without quotes": slip("users.picture_bucket", f"meta.replacement to be one of {KNOWN}, found 'None' (in YAML, null is written in quotes)", replacement="YAML null"),
    "a replacement misspelt": slip("users.last_name", "meta.replacement, or meta.personal false and why, found neither", replacement=None, replacment="empty"),
    "personal, and no replacement": slip("users.last_name", "meta.personal to be false where nothing replaces the column, found 'True'", replacement=None, personal=True),
    "replaced, and not personal": slip("users.last_name", "meta.replacement or meta.personal, found both", personal=False, why="x"),
    "not personal, without a reason": slip("messages.direction", "meta.why, the reason that it is not personal, found none", why=None),
    "a key that is replaced": slip("users.user_id", "the key to stay as it is, found the replacement null", personal=None, why=None, replacement="null"),
    "a marker that is replaced": slip("users.anonymized_on", "the marker to stay as it is, found the replacement null", personal=None, why=None, replacement="null"),
    "an empty text for a number": slip("messages.conversation_id", "a text column for the replacement empty, found bigint", personal=None, why=None, replacement="empty"),
    "a random identifier for a date": slip("messages.created_at", "text, uuid or bigint for the replacement random_id, which must stay unique, found timestamp with time zone", personal=None, why=None, replacement="random_id"),
    "a day of a text": slip("messages.content", "a timestamp with time zone for the replacement day, found text", replacement="day"),
    "a constant of nothing": slip("users.picture_url", "meta.value, the name of a dbt var, or meta.literal, found none", value=None),
    "a file without a bucket": slip("attachments.object_key", "meta.bucket, the column with the file's bucket, or meta.bucket_name, found ''", bucket=None),
    "an array that is said to be one key": slip("attachments.object_key", "meta.holds keys or urls of an array, without key_at, found key", data_type="text[]"),
    "URLs without what stands before their keys": slip("attachments.object_key", "meta.base_url, what stands before the key in the URL, found none", data_type="text[]", holds="urls"),
    "several keys in one text": slip("attachments.object_key", "an array, or a json or jsonb column, for several files, found text", holds="keys"),
    "a file in a bucket that is no column": slip("attachments.object_key", "meta.bucket, the column with the file's bucket, or meta.bucket_name, found 'files'", bucket="files"),
    "a file that leaves something else": slip("users.picture_key", "meta.leaves to be empty, null or random_id, found 'constant'", leaves="constant"),
    "a picture that nobody shows": slip("users.picture_key", "meta.shown_by, a declared column, found 'avatar'", shown_by="avatar"),
    "a size that is no number": slip("attachments.object_key", "meta.size, a declared column of whole numbers, found 'file_name'", size="file_name"),
    "a size that is no column": slip("attachments.object_key", "meta.size, a declared column of whole numbers, found 'length'", size="length"),
    "an identifier of an unknown table": slip("custom_events.user_network_id", "meta.identifies.table, a declared table, found 'people'", identifies={"table": "people", "column": "network_id", "within": []}),
    "an identifier of an unknown column": slip("custom_events.user_network_id", "meta.identifies.column, a column of users, found 'handle'", identifies={"table": "users", "column": "handle", "within": []}),
    "an identifier within an unknown column": slip("custom_events.user_network_id", "meta.identifies.within, columns of both tables, or its own with theirs, found 'team_id'", identifies={"table": "users", "column": "network_id", "within": ["team_id"]}),
    "an identifier within a column that they lack": slip("custom_events.user_network_id", "meta.identifies.within, columns of both tables, or its own with theirs, found 'team_id'", identifies={"table": "users", "column": "network_id", "within": {"environment_id": "team_id"}}),
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
