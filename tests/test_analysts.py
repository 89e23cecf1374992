"""Looking is not acting: what analysts see, who have no right to anything personal.

One platform after one night serves all tests, with rows that fell due since.
"""

import re
import subprocess
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from canaries import personal_columns
from conftest import connect
from mornings import PARIS, Morning, invoke, unbuilt
from preparing import logged_in_as
from psycopg import sql
from world import NOW, OLD

pytestmark = pytest.mark.xdist_group("analysts")
DUE = (
    "due_attachments", "due_cutoffs", "due_events", "due_files", "due_forecast", "due_messages", "due_totals", "due_users",
)  # fmt: skip


@pytest.fixture(scope="module")
def look(morning: Morning) -> "subprocess.CompletedProcess[str]":
    """The analysts' command, to the letter, in a process of its own."""
    before = morning.world.bytes_of_platform()
    result = morning.analyst.dbt("run", "--select", "due_*")
    assert morning.world.bytes_of_platform() == before, "T1: inspecting changed the platform"
    return result


@pytest.fixture
def as_analyst(morning: Morning) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
    with connect(morning.analyst.environ, morning.analyst.environ["PGDATABASE"]) as connection:
        yield connection


def test_t1_before_any_run_the_analysts_command_says_what_to_do(morning: Morning) -> None:
    """Decision 8: not a word of a relation that does not exist."""
    assert not morning.before_any_run.success
    messages = unbuilt(morning.before_any_run)
    assert "due_cutoffs" in messages
    for message in messages.values():
        assert "expected the shared views in the schema retention, found none that this role may read." in message
        assert "Run `retention run --dry-run` once (it changes no platform row), and grant this role usage" in message


def test_t1_analysts_see_what_is_due_without_a_right_to_anything_personal(
    unchanged: Morning, look: "subprocess.CompletedProcess[str]", as_analyst: "psycopg.Connection[dict[str, Any]]"
) -> None:
    """Decision 8, S3: in an empty schema of their own."""
    assert look.returncode == 0, look.stdout
    (due,) = as_analyst.execute("select * from retention_analyst.due_messages").fetchall()
    assert due["message_id"] == unchanged.due_message
    assert (due["environment_id"], due["created_at"], due["age_days"]) == (1, OLD, 3 * 365)
    assert due["cutoff"] == unchanged.world.one("select cutoff from retention.run_lines limit 1")["cutoff"]
    counts = as_analyst.execute(
        "select kind, due, files_due from retention_analyst.due_totals where due > 0"
    ).fetchall()
    assert {row["kind"]: (row["due"], row["files_due"]) for row in counts} == {
        "messages": (1, 1),
        "users": (1, 0),
        "custom_events": (1, 0),
    }
    for personal in ("platform.users", "platform.messages", "retention.file_queue", "retention.file_references"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_analyst.execute(sql.SQL("select * from {}").format(sql.Identifier(*personal.split("."))))


def test_t8_the_analysts_views_show_keys_and_dates_and_no_personal_column(
    morning: Morning, look: "subprocess.CompletedProcess[str]"
) -> None:
    """T6, T8, B2: neither in the views nor anywhere in their SQL."""
    assert look.returncode == 0
    columns: dict[str, list[str]] = {}
    for row in morning.world.rows(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'retention_analyst' order by table_name, ordinal_position"
    ):
        columns.setdefault(row["table_name"], []).append(row["column_name"])
    assert tuple(columns) == DUE
    assert columns["due_messages"] == ["message_id", "environment_id", "created_at", "age_days", "cutoff"]
    assert columns["due_users"] == ["user_id", "environment_id", "last_active_at", "age_days", "cutoff"]
    assert all({"environment_id", "cutoff"} <= set(names) for names in columns.values())
    personal = {name for columns in personal_columns().values() for name in columns}
    assert {"first_name", "content", "object_key"} <= personal
    assert not personal & {name for names in columns.values() for name in names}
    compiled = morning.analyst.project_dir / "target" / "run" / "retention" / "models" / "due"
    words = {word for path in compiled.glob("*.sql") for word in re.findall(r"\w+", path.read_text())}
    assert "cutoff" in words
    # `url` and the like are named by nothing: the thin views say only whether there is a file.
    assert not personal & words


def test_p3_analysts_preview_a_day_to_come_in_paris_time(
    unchanged: Morning, look: "subprocess.CompletedProcess[str]", as_analyst: "psycopg.Connection[dict[str, Any]]"
) -> None:
    """P3: more is due then; the cutoff is the start of a summer day in Paris, 24 months before."""
    assert look.returncode == 0
    count = "select count(*) as n from retention_analyst.due_messages"
    today = as_analyst.execute(count).fetchone()
    preview = ("run", "--select", "due_*", "--vars", f'{{as_of: "{NOW.year + 3}-07-01"}}')
    with logged_in_as("analyst"):
        result = invoke(unchanged.analyst, unchanged.analyst_project, *preview)
    assert result.success, unbuilt(result)
    cutoffs = as_analyst.execute("select cutoff, as_of from retention_analyst.due_cutoffs").fetchall()
    assert cutoffs == [
        {"cutoff": datetime(NOW.year + 1, 7, 1, tzinfo=PARIS), "as_of": datetime(NOW.year + 3, 7, 1, tzinfo=PARIS)}
    ]
    assert (today, as_analyst.execute(count).fetchone()) == ({"n": 1}, {"n": 2})
    assert unchanged.world.one("select count(*) as n from retention.due_messages") == {"n": 1}, "theirs alone"
