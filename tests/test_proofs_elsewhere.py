"""Where a platform is another: tables in partitions get an index each, what an index can't know is left to reading."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import MakeWorld
from proving import applied, listed, look, project, proofs, verified
from world import LONG_AGO, NOW, World

from flows.database import Database
from flows.prepare import Step, apply

pytestmark = pytest.mark.xdist_group("proofs elsewhere")

SOURCES = Path("models/platform/_platform__sources.yml")
RANDOM_ID = "anonymized-0b0e7f0c-5d3e-4c3a-9a55-6b0a2d5f1e77"


@pytest.fixture(scope="module")
def elsewhere(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_world(tmp_path_factory.mktemp("elsewhere"), "elsewhere") as world:
        world.environment(1)
        world.set_vars(proofs=["marker_indexes", "value_indexes"])
        yield world


def built(world: World) -> list[Step]:
    """The indexes of offending rows that are missing, built; those of partitioned tables for nights are built by hand."""
    steps = [step for step in proofs(world) if "retention_proof_" in step.statement]
    with Database.connect("retention") as database:
        apply(database, steps)
    return steps


def test_each_partition_has_an_index_and_one_that_is_added_lacks_its_own(elsewhere: World) -> None:
    elsewhere.connection.execute(
        "alter table platform.custom_events rename to whole; alter table platform.whole rename constraint custom_events_pkey to p;"
        "create table platform.custom_events (like platform.whole) partition by range (created_at);"
        "create table platform.events_old partition of platform.custom_events for values from (minvalue) to ('2024-01-01');"
        "create table platform.\"Events\" partition of platform.custom_events for values from ('2024-01-01') to ('2200-01-01')"
    )
    built(elsewhere)
    where = (
        "select tablename from pg_indexes where indexname ~ '^retention_proof_' and tablename ~* 'events' order by 1"
    )
    assert [row["tablename"] for row in elsewhere.rows(where)] == ["Events", "Events", "events_old", "events_old"]
    elsewhere.connection.execute("create table platform.events_later partition of platform.custom_events default")
    assert {step.statement.split(" on ")[1].split(" ")[0] for step in built(elsewhere)} == {"platform.events_later"}
    assert built(elsewhere) == []
    look(elsewhere)
    elsewhere.event("custom_events", "somebody", LONG_AGO, custom_event_id=1, anonymized_on=NOW.date())
    elsewhere.event("custom_events", RANDOM_ID, NOW, custom_event_id=2)
    elsewhere.connection.execute(
        "insert into platform.custom_events select n, 1, 'twitter', %s, 'visit', '2020-01-01', '2024-01-02' from generate_series(3, 20000) n",
        [RANDOM_ID],
    )
    elsewhere.connection.execute("analyze platform.custom_events")
    told = verified(elsewhere, "values_left_behind", "cleared_markers")
    assert told.offences == {"values_left_behind": 1, "cleared_markers": 1}
    assert told.read.total() <= 4
    elsewhere.connection.execute(
        "drop table platform.custom_events cascade; alter table platform.whole rename to custom_events"
    )


@pytest.mark.parametrize("marker", ["aside", "values"])
def test_what_is_marked_in_no_column_is_read_as_ever(elsewhere: World, marker: str) -> None:
    path = elsewhere.project_dir / SOURCES
    before = path.read_text()
    path.write_text(
        before.replace("marker: anonymized_on, kind: custom_events", f"marker: {marker}, kind: custom_events")
    )
    try:
        statements = [step.statement for step in built(elsewhere)]
        assert [said for said in statements if said.startswith("create") and "custom_events" in said] == []
        look(elsewhere)
        assert [name for name, rows in listed(elsewhere).items() if rows] == []
    finally:
        path.write_text(before)
    assert project(elsewhere).data_map()


def test_a_document_that_functions_of_ours_read_is_in_no_index_and_looked_at_apart(elsewhere: World) -> None:
    """The rest of the table is in the index, and found by it; both are told."""
    elsewhere.connection.execute("alter table platform.chatbot_conversations add column said jsonb")
    path = elsewhere.project_dir / SOURCES
    before = path.read_text()
    column = (
        "          - {name: said, data_type: jsonb, description: What was said,\n"
        "             config: {meta: {replacement: json, paths: {text: empty}}}}\n"
    )
    at = before.index("          - name: outcome")
    path.write_text(before[:at] + column + before[at:])
    try:
        applied(elsewhere)
        (predicate,) = elsewhere.rows(
            "select pg_get_expr(indpred, indrelid) as it from pg_index where indexrelid::regclass::text"
            " ~ 'retention_proof_' and indrelid::regclass::text ~ 'chatbot' and pg_get_expr(indpred, indrelid) ~ 'IS NOT NULL|NOT \\(anonymized_on IS NULL\\)'"
        )
        assert "said" not in predicate["it"]
        look(elsewhere)
        key = elsewhere.event("chatbot_conversations", "somebody", LONG_AGO, anonymized_on=NOW.date())
        elsewhere.connection.execute('update platform.chatbot_conversations set said = \'{"text": "again"}\'')
        assert [row[2:4] for row in listed(elsewhere)["values_left_behind"]] == [
            (str(key), "said"),
            (str(key), "user_network_id"),
        ]
    finally:
        path.write_text(before)
