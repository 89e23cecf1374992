"""The unit tests of the models, run as people run them: over the views that a night has built."""

import json

from world import World


def test_every_dbt_unit_test_passes(world: World) -> None:
    world.run()
    tested = world.dbt("test", "--select", "test_type:unit", "--target", "nightly", "--no-use-colors")
    assert tested.returncode == 0, tested.stdout[-3000:]
    assert "PASS=" in tested.stdout
    assert int(tested.stdout.rpartition("PASS=")[2].split()[0]) >= 90


def test_every_model_has_a_dbt_unit_test(world: World) -> None:
    listed = world.dbt("list", "--resource-type", "model", "unit_test", "--output", "json", "--quiet", "--output-keys",
                       "resource_type", "name", "depends_on", "original_file_path")  # fmt: skip
    nodes = [json.loads(line) for line in listed.stdout.splitlines() if line.startswith("{")]
    models = {node["name"] for node in nodes if node["resource_type"] == "model"}
    tested = {
        node["depends_on"]["nodes"][0].rpartition(".")[2] for node in nodes if node["resource_type"] == "unit_test"
    }
    assert models
    assert not models - tested
