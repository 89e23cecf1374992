"""Clocks that disagree: nothing is changed, by whichever of the three."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from world import OLD, World

from flows.clocks import check_database_clock, check_store_clock
from flows.database import Database
from flows.errors import BadConfiguration
from flows.ledger import prepare_ledger
from flows.store import Store


@contextmanager
def store_at(offset: timedelta) -> Iterator[str]:
    """A store whose clock is off, and that refuses everything, as one does to a request signed at another time."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(403)
            self.send_header("Date", format_datetime(datetime.now(UTC) + offset, usegmt=True))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Refusing)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("minutes", "agrees"), [(-6, False), (-4, True), (4, True), (6, False)])
def test_the_database_and_this_machine_must_agree_within_5_minutes(
    bare_world: World, minutes: int, agrees: bool
) -> None:
    with Database.connect("retention") as database:
        prepare_ledger(database, "retention")
        now = datetime.now(UTC) + timedelta(minutes=minutes)
        if agrees:
            check_database_clock(database, now)
            return
        with pytest.raises(BadConfiguration, match="expected the database and this machine to agree within 5 minutes"):
            check_database_clock(database, now)


def test_a_database_clock_before_the_last_run_changes_nothing(world: World) -> None:
    world.run(dry_run=True)
    message = world.message(None, OLD)
    world.connection.execute("update retention.runs set finished_at = now() + interval '1 minute'")
    before = world.bytes_of_platform()
    told = world.command("run", "--approve-all")
    assert told.returncode == 2
    assert "expected the database's clock after the last run" in told.stderr
    assert world.bytes_of_platform() == before
    world.connection.execute("update retention.runs set finished_at = now()")
    assert world.run().outcome == "done"
    assert world.get("messages", message)["content"] == ""


def test_a_store_whose_clock_is_off_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where there are files to purge: without any the store is not asked."""
    attachment = world.attachment(world.message(None, OLD), "att/1")
    before = world.bytes_of_platform()
    with store_at(timedelta(minutes=-7)) as endpoint, monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
        with pytest.raises(BadConfiguration, match="expected the file store and the database to agree"):
            world.run()
        assert world.bytes_of_platform() == before
        world.connection.execute("update platform.attachments set object_key = ''")
        assert world.run().outcome == "done"
    assert world.get("attachments", attachment)["anonymized_on"] is not None


def test_the_store_tells_its_time_and_one_that_cannot_be_asked_is_not_judged(
    bare_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Store().clock()
    assert asked is not None
    assert abs(asked - datetime.now(UTC)) < timedelta(minutes=1)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    with Database.connect("retention") as database:
        prepare_ledger(database, "retention")
        check_store_clock(database, Store().clock())
