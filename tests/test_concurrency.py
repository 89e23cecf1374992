"""What happens while the platform works: writers, late attachments, rows that others hold, rows that fail."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from batches import Batches
from world import World

pytestmark = pytest.mark.xdist_group("batches")

OLD = datetime(2020, 1, 1, tzinfo=UTC)
YOUNG = datetime(2026, 3, 1, tzinfo=UTC)
CANARY = "canary-7f3a"


def session() -> psycopg.Connection[Any]:
    return psycopg.connect()


def insert_message(connection: psycopg.Connection[Any], user_id: int, message_id: int = 900) -> None:
    connection.execute(
        "insert into platform.messages select %s, 1, 1, %s, 'inbound', 'private', 'twitter', 'x', 'x', 'x', %s, %s",
        [message_id, user_id, YOUNG, YOUNG],
    )


def line(batches: Batches, kind: str) -> dict[str, Any]:
    return batches.world.one(
        "select * from retention.run_lines where kind = %s order by run_id desc limit 1", kind
    )  # fmt: skip


@pytest.mark.parametrize("has_foreign_key", [True, False])
def test_u3_a_user_who_writes_between_selection_and_update_is_spared(batches: Batches, has_foreign_key: bool) -> None:
    """With and without a foreign key: a message whose insert is under way when the batch begins spares its author."""
    world: World = batches.world
    writer, silent = world.user(created_at=OLD), world.user(created_at=OLD)
    drop = "alter table platform.messages drop constraint messages_user_id_fkey"
    with session() as connection, batches.night() as (_, run_id):
        if not has_foreign_key:
            world.connection.execute(drop)
        insert_message(connection, writer)
        timer = threading.Timer(0.05, connection.commit)
        timer.start()
        batches.anonymize(run_id, "anonymized_users")
        timer.join()
    if not has_foreign_key:
        world.connection.execute("alter table platform.messages add foreign key (user_id) references platform.users")
    assert world.get("users", writer)["anonymized_on"] is None
    assert world.get("users", silent)["anonymized_on"] is not None


def test_u3_without_a_foreign_key_a_writer_that_does_not_finish_leaves_the_users_for_later(batches: Batches) -> None:
    world = batches.world
    writer = world.user(created_at=OLD)
    world.connection.execute("alter table platform.messages drop constraint messages_user_id_fkey")
    with session() as connection, batches.night() as (_, run_id):
        insert_message(connection, writer)
        batches.anonymize(run_id, "anonymized_users")
        assert line(batches, "users")["left_over"] == 1
        connection.rollback()
    world.connection.execute("alter table platform.messages add foreign key (user_id) references platform.users")
    batches.whole_night()
    assert world.get("users", writer)["anonymized_on"] is not None


def test_rows_that_others_hold_are_left_and_counted_and_taken_the_next_time(batches: Batches) -> None:
    """T17: nothing to lock does not mean done."""
    world = batches.world
    held, free = world.message(None, OLD), world.message(None, OLD)
    with session() as connection, batches.night() as (_, run_id):
        connection.execute("select 1 from platform.messages where message_id = %s for update", [held])
        batches.anonymize(run_id, "anonymized_messages")
        assert line(batches, "messages")["left_over"] == 1
    assert world.get("messages", held)["anonymized_on"] is None
    assert world.get("messages", free)["anonymized_on"] is not None
    batches.whole_night()
    assert world.get("messages", held)["anonymized_on"] is not None


def test_m6_an_attachment_being_inserted_while_its_message_is_emptied_is_not_forgotten(batches: Batches) -> None:
    world = batches.world
    message = world.message(None, OLD)
    world.put("being-inserted")
    with session() as connection, batches.night() as (database, run_id):
        connection.execute(
            "insert into platform.attachments values (77, 1, %s, 'files', 'being-inserted', 'n', 't', 1, now())",
            [message],
        )
        timer = threading.Timer(0.3, connection.commit)
        timer.start()
        batches.anonymize(run_id, "anonymized_messages")
        timer.join()
        batches.purge(database, run_id)
    batches.whole_night()
    assert world.get("attachments", 77)["object_key"] == ""
    assert world.keys("files") == set()


def test_a_row_that_fails_is_left_and_named_without_a_value_and_the_others_are_done(batches: Batches) -> None:
    """An integrity error inside a batch: the rest goes on, and what is passed on is SQLSTATE, table and constraint."""
    world = batches.world
    messages = [world.message(None, OLD + timedelta(days=day)) for day in range(7)]
    bad = messages[4]
    world.connection.execute("update platform.messages set content = %s where message_id = %s", [CANARY, bad])
    world.connection.execute(
        f"alter table platform.messages add constraint keeps_text check (message_id <> {bad} or content <> '')"
    )
    with batches.night() as (_, run_id):
        batches.anonymize(run_id)
    world.connection.execute("alter table platform.messages drop constraint keeps_text")
    done = {number for number in messages if world.get("messages", number)["anonymized_on"] is not None}
    assert done == set(messages) - {bad}
    left = line(batches, "messages")
    assert left["left_over"] == 1
    assert left["failure"] == "SQLSTATE 23514, table messages, constraint keeps_text"


def test_t17_attachments_that_others_hold_keep_neither_their_messages_nor_the_line(batches: Batches) -> None:
    """M6: the messages are emptied without waiting, what is held is left and counted, and taken the next time."""
    world = batches.world
    held = [world.attachment(world.message(None, OLD), f"held/{number}") for number in range(12)]
    free = [world.attachment(world.message(None, OLD), f"free/{number}") for number in range(4)]
    with session() as connection, batches.night() as (_, run_id):
        connection.execute("select 1 from platform.attachments where attachment_id = any(%s) for update", [held])
        began = time.monotonic()
        batches.anonymize(run_id, "anonymized_messages")
        took = time.monotonic() - began
        assert line(batches, "messages")["left_over"] == 0
        assert line(batches, "attachments")["left_over"] == len(held)
    assert took < 5
    assert all(world.get("attachments", number)["object_key"] for number in held)
    assert not any(world.get("attachments", number)["object_key"] for number in free)
    batches.whole_night()
    assert not any(world.get("attachments", number)["object_key"] for number in held)
    assert world.one("select count(*) as n from retention.file_queue")["n"] == 0


def test_m6_attachments_that_keep_coming_late_do_not_keep_a_run_from_ending(batches: Batches) -> None:
    """Each update of one adds another, as busy writers would; what comes after the last look is left and counted."""
    world = batches.world
    world.attachment(world.message(None, OLD, anonymized_on=YOUNG.date(), content="", url=""), "late/0")
    world.connection.execute(
        "create function platform.another() returns trigger language plpgsql as $$ begin"
        " insert into platform.attachments select max(attachment_id) + 1, 1, max(message_id), 'files',"
        " 'late/' || count(*), 'n', 't', 1, now() from platform.attachments having count(*) < 500; return null; end $$;"
        "create trigger another after update on platform.attachments for each statement execute function platform.another()"
    )
    with batches.night() as (_, run_id):
        batches.anonymize(run_id, "anonymized_messages")
        assert line(batches, "attachments")["left_over"] == 1
    world.connection.execute("drop function platform.another() cascade")
    assert world.one("select count(*) as n from platform.attachments")["n"] < 10
    batches.whole_night()
    assert not world.rows("select 1 from platform.attachments where object_key <> ''")


def test_a_batch_acts_only_while_its_run_is_open_and_alive(batches: Batches) -> None:
    """T1: the batches' SQL with the id of a finished run raises and changes nothing."""
    world = batches.world
    with batches.night() as (_, run_id):
        pass
    world.message(None, OLD)
    before = world.bytes_of_platform()
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="expected the run to be open"):
        _reopen_lines_and_anonymize(batches, run_id)
    assert world.bytes_of_platform() == before


def _reopen_lines_and_anonymize(batches: Batches, run_id: int) -> None:
    batches.world.connection.execute("update retention.run_lines set state = 'open', due = 1")
    batches.anonymize(run_id)


def test_t44_a_file_that_a_living_row_names_is_spared_until_that_row_goes(batches: Batches) -> None:
    world = batches.world
    world.put("shared")
    world.attachment(world.message(None, OLD), "shared")
    living = world.message(None, YOUNG)
    world.attachment(living, "shared")
    batches.whole_night()
    assert world.keys() == {"shared"}
    world.connection.execute("update platform.messages set created_at = %s where message_id = %s", [OLD, living])
    batches.whole_night()
    assert world.keys() == set()


def test_m4_a_purge_interrupted_between_s3_and_the_queue_is_done_again(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim is released, the file is gone already, and the entry leaves the queue the next time."""
    from flows import purge

    world = batches.world
    world.put("att/1")
    world.attachment(world.message(None, OLD), "att/1")
    with batches.night() as (database, run_id):
        batches.anonymize(run_id)
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(purge, "_count", _interrupt)
            batches.purge(database, run_id)
    assert world.keys() == set()
    assert world.one("select count(*) as n from retention.file_queue")["n"] == 1
    lines = batches.whole_night()
    assert world.one("select count(*) as n from retention.file_queue")["n"] == 0
    assert sum(entry["files_purged"] for entry in lines) == 1


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
