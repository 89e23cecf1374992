"""A server of its own for a module of tests, on which a run with canaries went through, and its batches over an empty platform."""

from collections.abc import Iterator

import pytest
from batches import Batches
from canaries import Canaries
from own_server import run_with_canaries, world_of_its_own
from world import World

from flows import maintenance


@pytest.fixture(scope="module")
def own_world(
    s3_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory, prefect_server: str
) -> Iterator[World]:
    assert prefect_server
    with world_of_its_own(s3_server, tmp_path_factory.mktemp("residue") / "project") as world:
        yield world


@pytest.fixture(scope="module")
def whole_run(own_world: World) -> tuple[Batches, Canaries, bytes]:
    return run_with_canaries(own_world)


@pytest.fixture
def own_batches(whole_run: tuple[Batches, Canaries, bytes], monkeypatch: pytest.MonkeyPatch) -> Batches:
    """An empty platform and ledger; nobody waits for long."""
    for patience in ("PATIENCE", "PATIENCE_FOR_CATALOGS", "PATIENCE_FOR_COUNTERS"):
        monkeypatch.setattr(maintenance, patience, 0.4)
    monkeypatch.setattr(maintenance, "ATTEMPTS_TO_REWRITE", 2)
    batches, _, _ = whole_run
    batches.empty()
    batches.world.connection.execute("truncate retention.run_lines, retention.runs cascade")
    batches.world.environment(1)
    return batches
