"""dbt as it is meant to be used: the site describes everything, freshness is asked, a contract is kept, nothing is deprecated."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeWorld
from world import OLD, World

pytestmark = pytest.mark.xdist_group("dbt site")

NIGHTLY = ("--target", "nightly")


@pytest.fixture(scope="module")
def world(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("site")) as world:
        world.environment(1)
        world.bucket()
        world.message(world.user(), OLD)
        assert world.run().outcome == "done"
        yield world


@pytest.fixture(scope="module")
def site(world: World) -> dict[str, Any]:
    made = world.dbt("docs", "generate", *NIGHTLY)
    assert made.returncode == 0, made.stdout
    target = world.project_dir / "target"
    assert (target / "index.html").is_file()
    return {name: json.loads((target / f"{name}.json").read_text()) for name in ("manifest", "catalog")}


def _ours(site: dict[str, Any], part: str) -> list[dict[str, Any]]:
    return [node for node in site["manifest"][part].values() if node["package_name"] == "retention"]


def test_the_site_describes_every_model_column_macro_and_exposure(site: dict[str, Any]) -> None:
    nodes = [node for node in _ours(site, "nodes") if node["resource_type"] in ("model", "seed")]
    described = [*nodes, *(n for part in ("sources", "macros", "exposures", "functions") for n in _ours(site, part))]
    assert len(described) > 150
    assert not [node["unique_id"] for node in described if not node["description"].strip()]
    with_columns = [*nodes, *_ours(site, "sources")]
    assert not [
        f"{node['name']}.{column['name']}"
        for node in with_columns
        for column in node["columns"].values()
        if not column["description"].strip()
    ]
    assert not [
        f"{macro['name']}.{argument['name']}"
        for macro in _ours(site, "macros")
        for argument in macro["arguments"]
        if not argument["description"].strip()
    ]


def test_the_columns_that_are_described_are_those_that_exist(site: dict[str, Any]) -> None:
    shown = {unique_id: entry for part in ("nodes", "sources") for unique_id, entry in site["catalog"][part].items()}
    differing = {
        node["name"]: sorted(set(node["columns"]) ^ set(shown[node["unique_id"]]["columns"]))
        for node in (*_ours(site, "nodes"), *_ours(site, "sources"))
        if node["resource_type"] in ("model", "seed", "source") and node["unique_id"] in shown
    }
    assert len(differing) > 40
    assert {name: columns for name, columns in differing.items() if columns} == {}


def test_the_lineage_shows_the_way_of_a_row_to_the_report_and_the_purge(site: dict[str, Any]) -> None:
    parents = site["manifest"]["parent_map"]

    def upstream(name: str) -> set[str]:
        found = set(parents[name])
        return found | {one for parent in found for one in upstream(parent)}

    of_purge = {name.split(".")[-1] for name in upstream("exposure.retention.purge")}
    assert {
        "messages", "platform_messages", "due_messages", "anonymized_messages", "file_queue", "files_to_purge", "attachments",
    } <= of_purge  # fmt: skip
    of_report = {name.split(".")[-1] for name in upstream("exposure.retention.report")}
    assert {"runs", "run_lines", "due_forecast", "environment_status", "messages"} <= of_report


def test_what_others_may_build_upon_is_public_and_under_contract(site: dict[str, Any]) -> None:
    models = [node for node in _ours(site, "nodes") if node["resource_type"] == "model"]
    assert {node["group"] for node in models} == {"looking", "proving", "acting"}
    for node in models:
        folder = Path(node["original_file_path"]).parts[1]
        is_public = folder in ("due", "statistics", "evidence", "compliance")
        assert node["access"] == ("public" if is_public else "protected"), node["name"]
        assert node["contract"]["enforced"] is (folder in ("due", "statistics", "evidence")), node["name"]


def test_a_view_that_breaks_its_contract_is_refused_and_stays_as_it_was(world: World) -> None:
    path = world.project_dir / "models" / "due" / "_due__models.yml"
    before, text = world.one("select pg_get_viewdef('retention.due_totals'::regclass) as v"), path.read_text()
    column = "      - {name: due, data_type: bigint, description: Rows that are due.}\n"
    assert column in text
    try:
        for broken, said in (
            (column.replace("bigint", "text"), "due bigint instead of text"),
            ("", "due bigint instead of nothing"),
            (column + "      - {name: owed, data_type: bigint, description: x}\n", "owed missing instead of bigint"),
        ):
            path.write_text(text.replace(column, broken))
            told = world.dbt("run", "--select", "due_totals", *NIGHTLY)
            assert told.returncode == 1
            assert f"its YAML promises other columns: {said}. Mend the model, or its YAML." in told.stdout
            assert world.one("select pg_get_viewdef('retention.due_totals'::regclass) as v") == before
    finally:
        path.write_text(text)
    assert world.dbt("run", "--select", "due_totals", *NIGHTLY).returncode == 0


def test_w1_source_freshness_is_that_of_the_last_night(world: World) -> None:
    asked = ("source", "freshness", *NIGHTLY)
    assert world.dbt(*asked).returncode == 0
    world.connection.execute("begin")
    world.connection.execute("update retention.runs set finished_at = finished_at - interval '27 hours'")
    world.connection.execute("commit")
    stale = world.dbt(*asked)
    world.connection.execute("update retention.runs set finished_at = finished_at + interval '27 hours'")
    assert stale.returncode == 1
    assert "ERROR STALE" in stale.stdout


def test_nothing_that_dbt_calls_deprecated_is_used(world: World) -> None:
    told = world.dbt("--warn-error", "parse", "--no-partial-parse", "--show-all-deprecations", *NIGHTLY)
    assert told.returncode == 0, told.stdout
    assert "deprecat" not in told.stdout.lower()
