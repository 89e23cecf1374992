"""The unit tests of the models, run as people run them: over the views that a night has built."""

from collections.abc import Iterator

import pytest
from conftest import MakeWorld
from world import World

pytestmark = pytest.mark.xdist_group("unit tests")


@pytest.fixture(scope="module")
def built(make_world: MakeWorld, prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_world(tmp_path_factory.mktemp("unit")) as world:
        world.environment(1)
        world.run()
        yield world


def test_every_dbt_unit_test_passes(built: World) -> None:
    tested = built.dbt("test", "--select", "test_type:unit", "--target", "nightly", "--no-use-colors")
    assert tested.returncode == 0, tested.stdout[-3000:]
    assert "PASS=" in tested.stdout
    assert int(tested.stdout.rpartition("PASS=")[2].split()[0]) >= 90


def test_every_model_has_a_dbt_unit_test(built: World) -> None:
    manifest = built.manifest()
    models = {node.name for node in manifest.nodes.values() if node.resource_type == "model"}
    tested = {test.depends_on.nodes[0].rpartition(".")[2] for test in manifest.unit_tests.values()}
    assert models
    assert not models - tested
