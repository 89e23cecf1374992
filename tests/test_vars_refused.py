"""A var that can't be meant is refused before anything is changed: dbt's own `int` would take two for 0 and 1.5 for 1."""

import pytest
from world import OLD, YOUNG, World


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


@pytest.mark.parametrize(
    "value", ["value_indexes", ["values"], ["constraints", "constraints"], {"constraints": True}, True]
)
def test_what_is_no_proof_changes_nothing(world: World, value: object) -> None:
    world.message(None, YOUNG)
    world.set_vars(proofs=value)
    with world.untouched():
        told = world.command("run", "--approve-all")
    assert told.returncode == 2, told.stdout + told.stderr
    assert (
        "Reading the var proofs: expected a list of constraints, marker_indexes, value_indexes, activity, each once"
        in told.stderr
    )
    assert f"found '{value}'. Set it under vars in dbt_project.yml." in told.stderr


def test_a_variable_of_dbt_that_keeps_verification_from_testing_does_not_pass_for_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.message(None, OLD)
    monkeypatch.setenv("DBT_RESOURCE_TYPES", "analysis")
    summary = world.run()
    assert summary.outcome == "failed"
    assert "verification ran no test; look for DBT_ variables that choose what dbt works on." in summary.left
