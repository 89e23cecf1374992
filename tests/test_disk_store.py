"""Files on a local disk instead of S3, and where a store has a file: the same promises, the same words for trouble."""

from pathlib import Path

import pytest
from batches import Batches
from world import OLD, YOUNG

from flows.disk_store import DiskStore
from flows.errors import BadConfiguration
from flows.layout import FileLayout
from flows.purge import PurgedFiles, Queue, purge_files
from flows.settings import read_settings
from flows.store import QueuedFile

pytestmark = pytest.mark.xdist_group("batches")


def put(folder: Path, *places: str) -> None:
    for place in places:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(b"abc")


def purged(batches: Batches, folder: Path, layout: str = "{key}") -> PurgedFiles:
    """One night's batches and the purge of what they queued, from a folder."""
    with batches.night() as (database, run_id):
        batches.anonymize(run_id)
        return purge_files(database, DiskStore(folder), run_id, Queue(layout=FileLayout(layout)))


def test_m4_a_due_file_goes_from_the_disk_and_a_living_one_stays(batches: Batches, tmp_path: Path) -> None:
    world = batches.world
    put(tmp_path, "files/old/1", "files/young/1", "files/shared/1", "files/other")
    world.attachment(world.message(None, OLD), "old/1")
    world.attachment(world.message(None, YOUNG), "young/1", created_at=YOUNG)
    world.attachment(world.message(None, OLD), "shared/1")
    world.attachment(world.message(None, YOUNG), "shared/1", created_at=YOUNG)
    found = purged(batches, tmp_path)
    assert (found.purged, found.spared, sum(found.failed.values())) == (1, 1, 0)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"files/young/1", "files/shared/1", "files/other"}
    assert world.rows("select 1 from retention.file_queue") == []


def test_files_are_where_the_layout_says(batches: Batches, tmp_path: Path) -> None:
    world = batches.world
    put(tmp_path, "files/uploads/ab/cd/abcdef", "files/abcdef")
    world.attachment(world.message(None, OLD), "abcdef")
    assert purged(batches, tmp_path, "uploads/{key:0:2}/{key:2:4}/{key}").purged == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["abcdef"]
    assert (tmp_path / "files/abcdef").is_file()


def test_a_key_that_leads_out_of_the_folder_or_may_be_spelled_otherwise_is_refused_and_stays_queued(
    batches: Batches, tmp_path: Path
) -> None:
    world, folder = batches.world, tmp_path / "store"
    put(tmp_path, "outside", "store/files/inside/1")
    (folder / "files/link").symlink_to(tmp_path)
    for key in ("../../outside", "link/outside", "inside", "inside/..", "inside//1", "./inside/1", "x/../inside/1"):
        world.attachment(world.message(None, OLD), key)
    found = purged(batches, folder)
    assert dict(found.failed) == {"InvalidKey": 6, "IsADirectory": 1}
    assert (tmp_path / "outside").is_file()
    assert (folder / "files/inside/1").is_file()
    reasons = {row["failure"] for row in world.rows("select failure from retention.file_queue")}
    assert reasons == {"InvalidKey", "IsADirectory"}


def test_what_is_gone_counts_as_deleted_and_what_was_not_listed_does_not(tmp_path: Path) -> None:
    put(tmp_path, "files/1", "files/2")
    store = DiskStore(tmp_path)
    listing = store.list_versions([QueuedFile(1, "files", "1"), QueuedFile(3, "files", "3")])
    put(tmp_path, "files/3")  # written after the listing: stays
    deletion = store.delete(listing, {1, 2, 3})
    assert (deletion.gone, deletion.failed) == ({1, 3}, {2: "NotListed"})
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == ["2", "3"]


def test_a_folder_that_is_not_there_is_bad_configuration_and_not_an_empty_store(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="Mount it, or mend FILE_STORE_FOLDER; nothing was changed"):
        DiskStore(tmp_path / "unmounted")


@pytest.mark.parametrize("text", ["", "uploads/", "{key", "{key}/{name}", "{key:0:2}"])
def test_a_layout_without_the_key_is_refused(text: str) -> None:
    environ = {"FILE_LAYOUT": text or "x"}
    with pytest.raises(BadConfiguration, match="Reading FILE_LAYOUT"):
        read_settings(environ=environ)
