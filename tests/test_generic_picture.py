"""U2: the generic picture is never purged, whichever row names it; a person's own is."""

from datetime import UTC, datetime

import pytest
from conftest import MakeWorld
from world import World

OLD = datetime(2020, 1, 1, tzinfo=UTC)
GENERIC = "https://static.example.com/generic-profile.png"


def test_u2_the_generic_picture_that_is_configured_stays_and_a_persons_own_behind_its_url_goes(
    make_world: MakeWorld, prefect_server: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("generic")) as world:
        world.set_vars(generic_picture_bucket="files", generic_picture_key="generic.png")
        world.environment(1)
        world.bucket("files")
        for key in ("generic.png", "own.png", "att/1"):
            world.put(key)
        world.user(created_at=OLD, picture_url=GENERIC, picture_bucket="files", picture_key="own.png")
        world.user(created_at=OLD, picture_url=f"{GENERIC}?v=2", picture_bucket="files", picture_key="generic.png")
        message = world.message(None, OLD)
        for key in ("generic.png", "att/1"):
            world.attachment(message, key)
        _queued_before_it_was_configured(world)
        assert world.run().outcome == "done"
        assert world.keys() == {"generic.png"}


def _queued_before_it_was_configured(world: World) -> None:
    world.run(dry_run=True)
    world.connection.execute(
        "insert into retention.file_queue (run_id, environment_id, kind, bucket, object_key)"
        " values (1, '1', 'users', 'files', 'generic.png')"
    )
