"""What the owner of the platform's tables adds: shown first, once, and without keeping a writer waiting.

One platform serves all tests; each leaves it fully prepared or lacking what it names.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
import pytest
from canaries import personal_columns
from conftest import MakeWorld, connect
from preparing import applied, catalogs, constraints, drop_constraints, logged_in_as, missing, retention
from world import World

from flows import prepare
from flows.errors import BadConfiguration
from flows.prepare import Part

pytestmark = pytest.mark.xdist_group("prepare")

CANARY = "Zoé Canary-7341"
MARKED = date(2026, 1, 2)
RANDOM_ID = "anonymized-0b0e7f0c-5d3e-4c3a-9a55-6b0a2d5f1e77"
GENERIC = "https://static.example.com/generic-profile.png"
ANONYMIZED_USER = {
    "network_id": RANDOM_ID, "first_name": "", "last_name": "", "pseudonyms": [], "profile_url": "",
    "picture_url": GENERIC, "anonymized_on": MARKED,
}  # fmt: skip


@pytest.fixture(scope="module")
def platform(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_world(tmp_path_factory.mktemp("prepare")) as world:
        world.environment(1)
        world.message(world.user())
        yield world


@pytest.fixture
def prepared(platform: World) -> World:
    applied(missing(platform))
    return platform


def test_prepare_shows_its_statements_before_it_acts_and_then_has_nothing_to_do(platform: World) -> None:
    platform.connection.execute("alter table platform.custom_events drop column anonymized_on")
    before = catalogs(platform)
    shown = retention(platform, "prepare")
    assert shown.exit_code == 0, shown.exception
    statements = shown.stdout.splitlines()
    assert statements[0] == "alter table platform.custom_events add column anonymized_on date;"
    assert "on platform.custom_events (environment_id, created_at) where anonymized_on is null;" in statements[1]
    assert catalogs(platform) == before, "looking changed something"
    done = retention(platform, "prepare", "--apply")
    assert done.exit_code == 0, done.exception
    assert done.stdout.splitlines() == [*statements, "-- Done."]
    assert retention(platform, "prepare").stdout == "-- Nothing to do.\n"
    for table in ("users", "messages", "attachments", "chatbot_conversations", "custom_events"):
        assert list(constraints(platform, table).values()) == [True]


def test_the_parts_are_prepared_one_by_one_and_the_author_guard_only_when_asked_for(prepared: World) -> None:
    drop_constraints(prepared, "users")
    assert missing(prepared, Part.INDEXES, Part.ROLES, Part.MARKERS) == []
    shown = retention(prepared, "prepare", "--part", "constraints", "--author-guard").stdout
    assert "validate constraint" in shown
    assert "create trigger" in shown
    assert prepare.read_parts(None, has_author_guard=True) == []
    assert prepare.read_parts(None, has_author_guard=False) == list(Part)
    refused = retention(prepared, "prepare", "--part", "triggers").exception
    assert isinstance(refused, BadConfiguration)
    assert "expected markers, indexes, constraints, roles, found 'triggers'" in str(refused)


def test_a_declared_table_that_is_missing_is_refused_before_anything_is_done(prepared: World) -> None:
    prepared.connection.execute("alter table platform.custom_events rename to other_events")
    try:
        with pytest.raises(BadConfiguration, match=r"found no platform\.custom_events\. Mend PLATFORM_SCHEMA"):
            missing(prepared)
    finally:
        prepared.connection.execute("alter table platform.other_events rename to custom_events")


# Indexes.


@pytest.mark.parametrize(
    ("dropped", "made", "is_enough"),
    [
        ("messages_living_idx", "(environment_id, created_at)", False),
        ("messages_living_idx", "(created_at, environment_id) where anonymized_on is null", False),
        ("messages_living_idx", "(environment_id, created_at, message_id) where anonymized_on is null", True),
        ("messages_living_idx", "(environment_id, created_at) where anonymized_on is not null", False),
        ("messages_user_idx", "(user_id)", False),
        ("messages_user_idx", "(user_id, created_at desc) include (direction)", True),
        ("messages_user_idx", "(user_id) include (created_at)", False),
        ("attachments_object_idx", "(object_key, bucket)", True),
        ("attachments_object_idx", "(lower(bucket), object_key)", False),
        ("attachments_message_idx", "(message_id) where object_key <> ''", False),
        ("custom_events_user_idx", "(user_network_id, network, environment_id)", True),
        ("custom_events_user_idx", "(environment_id, network)", False),
    ],
)
def test_an_index_counts_when_it_serves_the_same_look_up(
    prepared: World, dropped: str, made: str, is_enough: bool
) -> None:
    table = dropped.rsplit("_", 2)[0].replace("_living", "")
    with _without_index(prepared, dropped):
        prepared.connection.execute(f"create index other_idx on platform.{table} {made}")
        steps = missing(prepared, Part.INDEXES)
        prepared.connection.execute("drop index platform.other_idx")
    assert [f"on platform.{table} (" in step.statement for step in steps] == ([] if is_enough else [True])


def test_the_reference_platform_lacks_no_index_and_an_invalid_leftover_is_built_anew(prepared: World) -> None:
    assert missing(prepared, Part.INDEXES) == []
    with _without_index(prepared, "messages_user_idx"):
        (step,) = missing(prepared, Part.INDEXES)
        applied([step])
        assert missing(prepared, Part.INDEXES) == []
        name = step.statement.split()[6]
        prepared.connection.execute(
            "update pg_index set indisvalid = false where indexrelid = to_regclass(%s)", [f"platform.{name}"]
        )
        steps = missing(prepared, Part.INDEXES)
        assert [step.statement.split()[0] for step in steps] == ["drop", "create"]
        applied(steps)
        assert missing(prepared, Part.INDEXES) == []
        prepared.connection.execute(f"drop index platform.{name}")


@contextmanager
def _without_index(world: World, name: str) -> Iterator[None]:
    (definition,) = world.one("select pg_get_indexdef(%s::regclass) as text", f"platform.{name}").values()
    world.connection.execute(f"drop index platform.{name}")
    try:
        yield
    finally:
        world.connection.execute(definition)


# Constraints (decision 15).


def test_constraints_are_added_while_writers_work_and_none_of_them_waits_long(prepared: World) -> None:
    """Each writer gives up after 200 ms on a lock; transactions overlap, so that there is no gap to slip into."""
    drop_constraints(prepared, "users", "messages")
    user = prepared.user()
    steps = missing(prepared, Part.CONSTRAINTS)
    ended = threading.Event()
    refused: list[psycopg.Error] = []
    written: list[int] = []

    def write(pause: float) -> None:
        with connect(prepared.environ, prepared.environ["PGDATABASE"]) as connection:
            connection.execute("set lock_timeout = '200ms'")
            while not ended.is_set():
                try:
                    with connection.transaction():
                        connection.execute("update platform.users set network = network where user_id = %s", [user])
                        connection.execute(
                            "insert into platform.messages select 1e9 + %s + floor(random() * 1e9), environment_id,"
                            " conversation_id, user_id, direction, visibility, network, network_id, url, content,"
                            " published_at, created_at from platform.messages limit 1",
                            [len(written)],
                        )
                        time.sleep(pause)
                    written.append(1)
                except psycopg.Error as error:
                    refused.append(error)
                time.sleep(0.02)

    writers = [threading.Thread(target=write, args=(pause,)) for pause in (0.05, 0.12)]
    for writer in writers:
        writer.start()
    time.sleep(0.2)
    try:
        applied(steps)
    finally:
        ended.set()
        for writer in writers:
            writer.join()
    assert not refused
    assert len(written) > 2
    assert list(constraints(prepared, "users").values()) == list(constraints(prepared, "messages").values()) == [True]


def test_prepare_gives_up_on_a_table_that_stays_held_and_the_next_call_finishes(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_constraints(prepared, "users", "messages")
    steps = missing(prepared, Part.CONSTRAINTS)
    monkeypatch.setattr(prepare, "PATIENCE", 0.4)
    with connect(prepared.environ, prepared.environ["PGDATABASE"]) as other, other.transaction():
        other.execute("select count(*) from platform.users")
        with pytest.raises(BadConfiguration, match=r"found the table held .* platform\.users add constraint"):
            applied(steps)
    assert constraints(prepared, "users") == {}
    assert list(constraints(prepared, "messages").values()) == [True]
    remaining = missing(prepared, Part.CONSTRAINTS)
    assert len(remaining) == 2
    applied(remaining)
    assert missing(prepared, Part.CONSTRAINTS) == []


def test_m3_u2_a_connector_that_writes_any_value_back_is_refused(prepared: World) -> None:
    user = prepared.user(**ANONYMIZED_USER)
    message = prepared.message(user, network_id=RANDOM_ID, url="", content="", anonymized_on=MARKED)
    prepared.attachment(message, "", file_name="", anonymized_on=MARKED)
    for table in ("chatbot_conversations", "custom_events"):
        prepared.event(table, RANDOM_ID, anonymized_on=MARKED)
    columns = [
        (table, name, column["data_type"])
        for table, named in personal_columns().items()
        for name, column in named.items()
    ]
    assert len(columns) > 10
    for table, column, data_type in columns:
        value: Any = [CANARY] if data_type.endswith("[]") else CANARY
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            prepared.connection.execute(
                f"update platform.{table} set {column} = %s where anonymized_on is not null", [value]
            )
        assert refused.value.diag.constraint_name.startswith("retention_anonymized_")
    with pytest.raises(psycopg.errors.CheckViolation):
        prepared.user(**ANONYMIZED_USER | {"network_id": CANARY})
    with pytest.raises(psycopg.errors.CheckViolation):
        prepared.connection.execute("update platform.users set anonymized_on = %s where first_name <> ''", [MARKED])


def test_rows_that_break_the_promise_are_counted_and_never_quoted(prepared: World) -> None:
    """Decision 12: PostgreSQL's own message may quote the row."""
    drop_constraints(prepared, "users")
    user = prepared.user(**ANONYMIZED_USER | {"network_id": RANDOM_ID[:-1] + "8", "first_name": CANARY})
    with pytest.raises(BadConfiguration) as refused:
        applied(missing(prepared, Part.CONSTRAINTS))
    text = str(refused.value)
    assert CANARY not in text
    assert "found 1 that do, at: alter table platform.users validate constraint" in text
    assert "values_left_behind" in text
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    prepared.connection.execute("update platform.users set first_name = '' where user_id = %s", [user])
    (step,) = missing(prepared, Part.CONSTRAINTS)
    assert "validate" in step.statement
    applied([step])


def test_u2_a_changed_definition_replaces_the_constraint_and_lets_rows_be_mended_in_between(prepared: World) -> None:
    (name,) = constraints(prepared, "users")
    drop_constraints(prepared, "users")
    earlier = (
        "alter table platform.users add constraint retention_anonymized_0123abcd check (anonymized_on is null or true)"
    )
    prepared.connection.execute(earlier)
    steps = missing(prepared, Part.CONSTRAINTS)
    assert [step.statement.split("platform.users ")[1].split(" (")[0] for step in steps] == [
        f"add constraint {name} check",
        "drop constraint retention_anonymized_0123abcd",
        f"validate constraint {name}",
    ]
    applied(steps)
    assert constraints(prepared, "users") == {name: True}


# Roles; what they can and can't do is tried out in test_roles.py.


def test_a_right_that_the_data_map_does_not_give_is_taken_back(prepared: World) -> None:
    for statement in (
        "grant select, update, delete on platform.users to retention_runner",
        "grant update (outcome) on platform.chatbot_conversations to retention_runner",
        "grant select (content) on platform.messages to retention_analyst",
        "revoke update (url) on platform.messages from retention_runner",
    ):
        prepared.connection.execute(statement)
    steps = missing(prepared, Part.ROLES)
    assert [step.statement.split()[0] for step in steps] == ["revoke"] * 5 + ["grant"] * 3
    applied(steps)
    assert missing(prepared) == []


def test_a_role_that_owns_nothing_is_told_who_may_prepare(prepared: World) -> None:
    drop_constraints(prepared, "users")
    steps = missing(prepared, Part.CONSTRAINTS)
    with logged_in_as("retention_runner"), pytest.raises(BadConfiguration) as refused:
        applied(steps)
    assert "must be owner of table users, at: alter table platform.users add constraint" in str(refused.value)
    assert "Call it as their owner" in str(refused.value)
