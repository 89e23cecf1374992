"""What dbt by hand can't do, though it is the owner who calls it, and how views are replaced.

One platform after one night serves all tests: rows that fell due since, and one parsed project for each of the two
targets, since parsing takes longer than most commands.
"""

import json
import shutil

import pytest
from conftest import connect
from dbt.cli.main import dbtRunnerResult
from mornings import Morning, unbuilt, view_states

from flows.ledger import LOCK_NAMESPACE

pytestmark = pytest.mark.xdist_group("by_hand")


def test_t1_building_everything_by_hand_changes_no_row(unchanged: Morning) -> None:
    """T1: all models, hooks and data tests; the tests say that rows are overdue."""
    result = unchanged.dbt("build", "--exclude-resource-type", "unit_test")
    assert list(unbuilt(result)) == ["retention_is_empty_overdue_rows_"]
    assert unchanged.dbt("run", "--full-refresh").success


def test_t2_building_empty_views_is_refused(unchanged: Morning) -> None:
    """T2: `--empty` would say that nothing is due, and rewrites sources within hooks."""
    messages = unbuilt(unchanged.dbt("run", "--empty"))
    assert {"platform_messages", "files_to_purge"} <= set(messages)
    assert all(
        "a view that lists nothing would say that nothing is due. Leave --empty out." in m for m in messages.values()
    )
    assert unbuilt(unchanged.dbt("run", "--empty", "--select", "due_cutoffs", "anonymized_messages", target="analyst"))


def test_t4_the_id_of_a_finished_run_opens_nothing_and_neither_does_a_retry(unchanged: Morning) -> None:
    """T4, decision 5: a batch needs its run open in the ledger, even where a session holds the run's lock."""
    with connect(unchanged.world.environ, unchanged.world.environ["PGDATABASE"]) as other:
        other.execute("select pg_advisory_lock(%s, 1)", (LOCK_NAMESPACE,))
        _assert_opens_nothing(unchanged.replay())
        _assert_opens_nothing(unchanged.dbt("retry"))


def test_t4_the_id_of_a_run_that_died_opens_nothing(morning: Morning) -> None:
    """T4, decision 5: a batch needs a live session that holds its run's lock, though the ledger has the run open."""
    world = morning.world
    before = world.bytes_of_platform()
    finished = world.one("select finished_at, outcome from retention.runs where run_id = 1")
    world.connection.execute("update retention.runs set finished_at = null, outcome = null where run_id = 1")
    try:
        _assert_opens_nothing(morning.replay())
    finally:
        close = "update retention.runs set finished_at = %s, outcome = %s where run_id = 1"
        world.connection.execute(close, list(finished.values()))
    assert world.bytes_of_platform() == before


def _assert_opens_nothing(result: dbtRunnerResult) -> None:
    messages = unbuilt(result)
    assert set(messages) == {"anonymized_messages", "anonymized_users"}, "the events wait for the users"
    for message in messages.values():
        assert "Anonymizing for run 1: expected the run to be open and its session alive, found it is not." in message
        assert "Nothing was changed by this command; start a run with: retention run" in message


def test_t7_the_macro_that_anonymizes_only_returns_sql(unchanged: Morning) -> None:
    """T7: called by itself, with any condition, it executes nothing."""
    arguments = json.dumps({"kind": "messages", "is_due": "true"})
    result = unchanged.dbt("run-operation", "anonymize", "--args", arguments, "--vars", '{"run_id": 1}')
    assert result.success


def test_t1_cloning_is_refused_and_drops_nothing(unchanged: Morning) -> None:
    """Decision 6: `dbt clone --full-refresh` drops what it copies, `full_refresh: false` or not."""
    project_dir = unchanged.world.project_dir
    state = project_dir / "state"
    state.mkdir()
    shutil.copy(project_dir / "target" / "manifest.json", state)
    relations = "select oid from pg_class where relnamespace = 'retention'::regnamespace order by oid"
    before = unchanged.world.rows(relations)
    result = unchanged.dbt("clone", "--state", str(state), "--full-refresh")
    assert {"platform_messages", "due_messages", "overdue_rows", "anonymized_users", "retention_periods"} <= set(
        unbuilt(result)
    )
    assert all("it is built, never cloned" in message for message in unbuilt(result).values())
    assert unchanged.world.rows(relations) == before


def test_t1_outside_the_nightly_target_nothing_shared_is_built(unchanged: Morning) -> None:
    """Decision 8: `dbt run` as the owner, with the default target."""
    before = view_states(unchanged.world)
    messages: dict[str, str] = {}
    for command in (["seed"], ["run"], ["run", "--select", "path:models/anonymized"]):
        messages |= unbuilt(unchanged.dbt(*command, target="analyst"))
    assert {"retention_periods", "platform_messages", "files_to_purge", "anonymized_messages"} <= set(messages)
    for message in messages.values():
        assert "it is shared, and only the target nightly builds it; found the target analyst." in message
        assert "To look at what is due: dbt run --select due_*." in message
    assert view_states(unchanged.world) == before


# How views are replaced.


def test_t5_a_view_that_has_not_changed_is_left_alone_and_a_changed_one_replaced_in_place(unchanged: Morning) -> None:
    """T5, decision 7: nobody who reads a view is in the way, and what analysts have built on it stays."""
    world = unchanged.world
    world.connection.execute("create schema reports")
    world.connection.execute("create view reports.waiting as select count(*) as n from retention.due_messages")
    assert unchanged.dbt("run").success
    first = view_states(world)
    assert unchanged.dbt("run").success
    assert view_states(world) == first

    assert unchanged.dbt("run", "--select", "due_cutoffs", "--vars", '{as_of: "2000-01-01"}').success
    changed = view_states(world)
    assert changed["due_cutoffs"] != first["due_cutoffs"]
    assert changed["due_cutoffs"]["oid"] == first["due_cutoffs"]["oid"], "replaced, not dropped"
    assert changed["due_messages"] == first["due_messages"]
    assert world.one("select n from reports.waiting") == {"n": 0}

    assert unchanged.dbt("run", "--select", "due_cutoffs").success
    assert world.one("select n from reports.waiting") == {"n": 1}
    world.connection.execute("drop schema reports cascade")


def test_t5_a_full_refresh_leaves_what_analysts_have_built(unchanged: Morning) -> None:
    world = unchanged.world
    world.connection.execute("create schema reports")
    world.connection.execute("create view reports.waiting as select count(*) as n from retention.due_messages")
    try:
        unchanged.dbt("build", "--full-refresh", "--resource-type", "seed", "model")
        assert world.one("select n from reports.waiting") == {"n": 1}
    finally:
        world.connection.execute("drop schema reports cascade")


def test_t5_a_view_with_other_columns_is_made_anew_unless_something_stands_on_it(unchanged: Morning) -> None:
    """Decision 7: PostgreSQL can't replace it in place; dropping by cascade would take what others built."""
    world = unchanged.world
    columns = "select array_agg(attname::text order by attnum) as n from pg_attribute where attrelid = 'retention.missed_nights'::regclass"
    before = world.one(columns)
    world.connection.execute("drop view retention.missed_nights")
    world.connection.execute("create view retention.missed_nights as select 1 as something_else")
    world.connection.execute("create view public.standing_on_it as select * from retention.missed_nights")

    messages = unbuilt(unchanged.dbt("run", "--select", "missed_nights"))
    assert "view standing_on_it depends on view retention.missed_nights" in messages["missed_nights"]
    assert world.one("select something_else from public.standing_on_it") == {"something_else": 1}

    world.connection.execute("drop view public.standing_on_it")
    assert unchanged.dbt("run", "--select", "missed_nights").success
    assert world.one(columns) == before


def test_t46_a_view_that_was_tampered_with_is_restored(unchanged: Morning) -> None:
    """Decision 4: a list of offences that somebody emptied can't stay green."""
    world = unchanged.world
    offences = "select count(*) as n from retention.overdue_rows where kind = 'messages'"
    assert world.one(offences) == {"n": 1}
    (definition,) = world.one("select pg_get_viewdef('retention.overdue_rows'::regclass) as text").values()
    emptied = (
        f"create or replace view retention.overdue_rows as select * from ({definition.rstrip(';')}) as t where false"
    )
    world.connection.execute(emptied)
    assert world.one(offences) == {"n": 0}
    assert unchanged.dbt("run", "--select", "overdue_rows").success
    assert world.one(offences) == {"n": 1}
