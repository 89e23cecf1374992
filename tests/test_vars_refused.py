"""A var that can't be meant is refused before anything is changed: dbt's own `int` would take two for 0 and 1.5 for 1."""

import pytest
from world import YOUNG, World


@pytest.mark.parametrize(
    ("name", "value", "bounds"),
    [
        ("default_retention_months", "two", "1 to 1200"),
        ("default_retention_months", 1.5, "1 to 1200"),
        ("batch_rows_max", 0, "1 to 100000"),
    ],
)
def test_p1_a_number_that_is_none_changes_nothing(world: World, name: str, value: object, bounds: str) -> None:
    world.message(None, YOUNG)
    before = world.bytes_of_platform()
    world.set_vars(**{name: value})
    told = world.command("run", "--approve-all")
    assert world.bytes_of_platform() == before
    assert told.returncode == 2, told.stdout + told.stderr
    assert f"Reading the var {name}: expected a whole number from {bounds}, found '{value}'." in told.stderr
