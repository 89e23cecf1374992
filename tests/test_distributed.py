"""Tables distributed by environment: what Citus refuses is in no statement, and the rows become what they become elsewhere.

Citus itself is not here: the forms are those that were measured on it, and are looked for in what is executed.
"""

import re
from collections.abc import Iterator

import psycopg
import pytest
from batches import Batches
from conftest import MakeWorld
from world import LONG_AGO, OLD, YOUNG, World, is_random_id

pytestmark = pytest.mark.xdist_group("distributed")

TABLES = ("users", "messages", "attachments", "chatbot_conversations", "custom_events")


@pytest.fixture(scope="module")
def distributed(
    make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str
) -> Iterator[Batches]:
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("distributed"), "distributed") as world:
        world.set_vars(distributed=True, batch_rows_max=2)
        world.bucket("files")
        yield Batches(world, "2026-03-31T02:00")


def statements(batches: Batches) -> list[str]:
    """What the hooks execute, without comments, one statement each."""
    text = "\n".join(block for blocks in batches.blocks.values() for block in blocks)
    return [" ".join(part.split()) for part in re.sub(r"--.*", "", text).split(";")]


def test_every_statement_that_locks_or_changes_rows_is_of_one_environment_and_of_the_platforms_own_table(
    distributed: Batches,
) -> None:
    found = [
        statement
        for statement in statements(distributed)
        if re.search(r'update "[^"]+"."platform"|for update', statement) and "run_lines" not in statement
    ]
    assert len(found) >= 3 * len(TABLES)
    for statement in found:
        assert '"environment_id" = _environment_id' in statement, statement
        assert '"retention"."platform_' not in statement, statement
        assert "ctid" not in statement, statement


def test_no_update_of_a_distributed_table_draws_a_random_value_or_returns_rows(distributed: Batches) -> None:
    updates = [part for part in statements(distributed) if re.search(r'update "[^"]+"."platform"', part)]
    assert updates
    for statement in updates:
        update = statement[re.search(r'update "[^"]+"."platform"', statement).start() :]  # type: ignore[union-attr]
        assert "gen_random_uuid" not in update, update
        assert "returning" not in update, update
        if "gen_random_uuid" in statement:
            assert "with drawn as materialized" in statement, statement


def test_what_is_due_is_emptied_with_what_belongs_to_it_and_what_lives_stays_to_the_byte(distributed: Batches) -> None:
    world = distributed.world
    distributed.empty()
    for environment_id in (1, 2):
        world.environment(environment_id)
    rows = {environment_id: _fill(world, environment_id) for environment_id in (1, 2)}
    before = world.snapshot()
    lines = {(line["environment_id"], line["kind"]): line for line in distributed.whole_night()}
    after = world.snapshot()
    for environment_id, (due, living) in rows.items():
        assert lines[str(environment_id), "messages"]["anonymized"] == 5
        assert lines[str(environment_id), "messages"]["dependents"] == 5
        assert lines[str(environment_id), "users"]["anonymized"] == 1
        assert all(line["left_over"] == 0 for line in lines.values() if line["state"] == "open")
        for table, key in due:
            row = after[table][key]
            assert row["anonymized_on"] is not None, (table, key)
            assert not (row.get("content"))
            assert not (row.get("first_name"))
            assert not (row.get("object_key"))
            assert not (row.get("picture_key"))
            for name in ("network_id", "user_network_id"):
                assert name not in row or is_random_id(row[name])
        for table, key in living:
            assert after[table][key] == before[table][key], (table, key)
        of_person = {
            after[table][key]["user_network_id"] for table, key in due if "user_network_id" in after[table][key]
        }
        assert len(of_person) == 1
    assert {line["files_purged"] for (_, kind), line in lines.items() if kind == "messages"} == {5}
    assert world.keys() == {"living/1", "living/2"}
    assert distributed.whole_night()[0]["anonymized"] == 0


def test_t17_rows_of_one_instant_that_somebody_holds_keep_neither_the_others_nor_the_run(distributed: Batches) -> None:
    """Three are held and come first, of which a batch takes two."""
    world = distributed.world
    distributed.empty()
    world.environment(1)
    held, free = ([world.user(created_at=LONG_AGO) for _ in range(count)] for count in (3, 4))
    with psycopg.connect() as somebody, distributed.night() as (_, run_id):
        somebody.execute("select 1 from platform.users where user_id = any(%s) for key share", [held])
        distributed.anonymize(run_id, "anonymized_users")
    done = {row["user_id"] for row in world.rows("select user_id from platform.users where anonymized_on is not null")}
    assert done == set(free)
    distributed.whole_night()
    assert not world.rows("select 1 from platform.users where anonymized_on is null")


def _fill(world: World, environment_id: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Rows of one environment: those due, and those that live."""
    due: list[tuple[str, int]] = []
    silent = world.user(environment_id, LONG_AGO, network_id=f"silent-{environment_id}", picture_bucket="files",
                        picture_key=f"picture/{environment_id}")  # fmt: skip
    writes = world.user(environment_id, LONG_AGO)
    world.put(f"picture/{environment_id}")
    for number in range(5):
        message = world.message(silent if number else writes, OLD, environment_id)
        key = f"old/{environment_id}/{number}"
        world.put(key)
        due += [("messages", message), ("attachments", world.attachment(message, key, environment_id=environment_id))]
    young = world.message(writes, YOUNG, environment_id)
    world.put(f"living/{environment_id}")
    living = [("messages", young), ("users", writes)]
    living.append(("attachments", world.attachment(young, f"living/{environment_id}", environment_id=environment_id)))
    due.append(("users", silent))
    for table, created_at in (("chatbot_conversations", OLD), ("custom_events", YOUNG)):
        due.append((table, world.event(table, f"silent-{environment_id}", created_at, environment_id=environment_id)))
    return due, living
