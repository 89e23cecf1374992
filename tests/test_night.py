"""One night on one platform with everything in it, through the flow: what had to go is gone, what had to stay stays.

The world is run twice; every test looks at one rule of it.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import pytest
from reports import figure_of_ledger, figures_on
from whole_platform import AS_OF, GENERIC, build
from world import Snapshot, World, is_random_id

pytestmark = pytest.mark.xdist_group("night")


@dataclass
class Night:
    """The platform before and after the first run, and after the second."""

    world: World
    rows: dict[str, int]
    before: Snapshot = field(default_factory=dict)
    after: Snapshot = field(default_factory=dict)
    first: Any = None
    second: Any = None
    bytes_after_first: list[str] = field(default_factory=list)
    bytes_after_second: list[str] = field(default_factory=list)

    def is_untouched(self, table: str, name: str) -> bool:
        key = self.rows[name]
        return self.before[table][key] == self.after[table][key]

    def is_emptied(self, table: str, name: str) -> bool:
        return self.after[table][self.rows[name]]["anonymized_on"] is not None


@pytest.fixture(scope="module")
def night(make_world: Any, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[Night]:
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("night")) as world:
        night = Night(world, build(world))
        night.before = world.snapshot()
        night.first = world.run(as_of=AS_OF)
        night.after, night.bytes_after_first = world.snapshot(), world.bytes_of_platform()
        night.second = world.run(as_of="2026-02-28T23:59")
        night.bytes_after_second = world.bytes_of_platform()
        yield night


def test_the_run_is_done_and_a_second_one_of_the_day_changes_not_a_byte(night: Night) -> None:
    """W1, P3: all runs of one Paris day share the cutoff, and a further one adds a ledger row only."""
    assert (night.first.outcome, night.second.outcome) == ("done", "done")
    assert night.bytes_after_second == night.bytes_after_first
    assert night.second.run["run_id"] > night.first.run["run_id"]


def test_m1_a_message_is_due_by_its_creation_in_the_platform_to_the_second(night: Night) -> None:
    assert night.is_emptied("messages", "second before")
    assert night.is_untouched("messages", "exactly")
    assert night.is_untouched("messages", "second after")


def test_m2_a_user_with_older_and_newer_messages_loses_only_the_older(night: Night) -> None:
    assert night.is_emptied("messages", "long")
    assert night.is_untouched("messages", "second after")
    assert night.is_untouched("users", "mixed author")


def test_m3_content_and_url_become_empty_and_the_identifier_random(night: Night) -> None:
    emptied = [row for row in night.after["messages"].values() if row["anonymized_on"] == date(2026, 2, 28)]
    assert len(emptied) > 5
    assert all((row["content"], row["url"]) == ("", "") and is_random_id(row["network_id"]) for row in emptied)
    assert len({row["network_id"] for row in emptied}) == len(emptied)


def test_s2_everything_else_of_an_emptied_row_stays_to_the_byte(night: Night) -> None:
    changed = {
        "environments": set(),
        "users": {
            "network_id", "first_name", "last_name", "pseudonyms", "profile_url", "picture_url", "picture_bucket",
            "picture_key",
        },
        "messages": {"network_id", "url", "content"},
        "attachments": {"object_key", "file_name"},
        "chatbot_conversations": {"user_network_id"},
        "custom_events": {"user_network_id"},
    }  # fmt: skip
    for table, personal in changed.items():
        assert night.before[table].keys() == night.after[table].keys()
        for key, row in night.before[table].items():
            now = night.after[table][key]
            differing = {name for name in row if row[name] != now[name]}
            allowed = personal | {"anonymized_on"} if now.get("anonymized_on") != row.get("anonymized_on") else set()
            assert differing <= allowed


def test_m4_the_files_of_due_messages_are_deleted_in_every_version_and_no_other(night: Night) -> None:
    assert night.world.keys("versioned") == {"att/10", "shared", "shared elsewhere"}
    assert night.world.keys("files") == {"att/10", "shared", "shared elsewhere", "generic.png"}
    attachment = night.after["attachments"][night.rows["due files"]]
    assert (attachment["object_key"], attachment["file_name"], attachment["bucket"]) == ("", "", "files")
    assert night.is_untouched("attachments", "living files")
    assert night.is_untouched("attachments", "shares versioned")


def test_m5_what_the_company_answered_is_emptied_too(night: Night) -> None:
    assert night.is_emptied("messages", "answer")


def test_m6_an_attachment_that_came_after_its_message_was_anonymized_goes_on_its_own(night: Night) -> None:
    assert night.is_emptied("attachments", "late")
    assert night.is_untouched("messages", "long gone")


def test_p1_each_environment_has_its_period(night: Night) -> None:
    for environment_id in (2, 3, 4):
        assert night.is_emptied("messages", f"environment {environment_id} before")
        assert night.is_untouched("messages", f"environment {environment_id} exactly")


@pytest.mark.parametrize("name", ["silent", "never wrote, old", "imported late, wrote long ago", "generic"])
def test_u1_a_user_without_activity_within_the_period_is_anonymized(night: Night, name: str) -> None:
    assert night.is_emptied("users", name)


@pytest.mark.parametrize("name", ["mixed author", "never wrote, at the cutoff", "last at the cutoff"])
def test_u1_a_user_with_activity_within_the_period_is_spared(night: Night, name: str) -> None:
    assert night.is_untouched("users", name)


def test_u2_every_personal_value_of_a_user_is_replaced(night: Night) -> None:
    user = night.after["users"][night.rows["silent"]]
    names = ("first_name", "last_name", "pseudonyms", "profile_url", "picture_url", "picture_bucket", "picture_key")
    assert [user[name] for name in names] == ["", "", [], "", GENERIC, None, None]
    assert is_random_id(user["network_id"])


def test_u2_the_generic_picture_is_never_purged(night: Night) -> None:
    assert "generic.png" in night.world.keys("files")
    assert "picture" not in night.world.keys("files")


@pytest.mark.parametrize("table", ["chatbot_conversations", "custom_events"])
def test_s3_identifiers_are_anonymized_by_the_rows_own_creation(night: Night, table: str) -> None:
    old, older = (night.after[table][night.rows[f"{table} {name}"]]["user_network_id"] for name in ("old", "older"))
    assert is_random_id(old)
    assert is_random_id(older)
    assert old != older
    assert night.is_untouched(table, f"{table} exactly")
    assert night.is_untouched(table, f"{table} of a namesake")


def test_s3_an_anonymized_users_identifier_goes_from_rows_of_any_age_as_one_random_value(night: Night) -> None:
    values = {
        night.after[table][night.rows[f"{table} of silent, {age}"]]["user_network_id"]
        for table in ("chatbot_conversations", "custom_events")
        for age in ("old", "young")
    }
    assert len(values) == 1
    assert all(is_random_id(value) for value in values)
    assert values != {night.after["users"][night.rows["silent"]]["network_id"]}


def test_s1_statistics_are_the_same_before_and_after(night: Night) -> None:
    def statistics(rows: Snapshot) -> list[Any]:
        columns = ("environment_id", "network", "direction", "visibility", "created_at")
        return [
            sorted(tuple(row[name] for name in columns) for row in rows["messages"].values()),
            sorted((row["environment_id"], row["network"], row["created_at"]) for row in rows["users"].values()),
            sum(row["byte_size"] for row in rows["attachments"].values()),
        ]

    assert statistics(night.before) == statistics(night.after)


def test_b2_nothing_personal_stays_in_ledger_or_queue(night: Night) -> None:
    assert night.world.rows("select * from retention.file_queue") == []
    text = " ".join(
        row["t"]
        for table in ("runs", "run_lines")
        for row in night.world.rows(f"select t::text as t from retention.{table} t")
    )
    for word in ("person", "First", "att/", "shared", "pictures.example"):
        assert word not in text


def test_the_ledger_counts_what_happened(night: Night) -> None:
    emptied = {
        table: sum(row["anonymized_on"] == date(2026, 2, 28) for row in night.after[table].values())
        for table in ("messages", "users", "attachments")
    }
    lines = night.world.rows("select * from retention.run_lines where run_id = %s", night.first.run["run_id"])
    counted = {kind: sum(line["anonymized"] for line in lines if line["kind"] == kind) for kind in emptied}
    assert counted["messages"] == emptied["messages"]
    assert counted["users"] == emptied["users"]
    assert all(line["due"] == line["anonymized"] and line["left_over"] == 0 for line in lines if line["cutoff"])
    assert sum(line["files_queued"] for line in lines) == sum(
        line["files_purged"] + line["files_spared"] for line in lines
    )


def test_the_ledger_keeps_what_was_checked_what_is_next_and_what_was_freed(night: Night) -> None:
    run = night.world.one("select * from retention.runs where run_id = %s", night.first.run["run_id"])
    assert run["checks"]["overdue_rows"] == {"status": "pass", "offences": 0}
    assert len(run["checks"]) >= 13
    assert [ahead["night"] for ahead in run["forecast"]] == list(range(1, 91))
    assert sum(ahead["rows"] for ahead in run["forecast"]) > 0
    kept = {row["sha256"] for row in night.world.rows("select * from retention.documents")}
    assert {run["data_map_version"], run["rules_version"]} == kept, "the second run stood on the same texts"
    freed = night.world.one("select sum(bytes_freed) as n from retention.run_lines where run_id = %s", run["run_id"])[
        "n"
    ]
    assert freed == 7 * 3, "seven files of three bytes each, two of which two rows named; a picture states no size"


def test_every_run_writes_its_report_with_the_ledgers_figures_and_links_it_in_prefect(night: Night) -> None:
    for summary in (night.first, night.second):
        run_id = summary.run["run_id"]
        path = night.world.project_dir / "reports" / f"run-{run_id}.en.html"
        assert summary.report == path.as_uri()
        page = path.read_text()
        figures = figures_on(page)
        assert len(figures) > 40
        for figure, value in figures.items():
            assert value == figure_of_ledger(night.world, run_id, figure), figure
        assert page.count(summary.run["outcome"].capitalize()) >= 1
    assert figures_on(page)["anonymized", "", ""] == 0
    asked = {"artifacts": {"key": {"any_": ["retention-report"]}}}
    linked = [
        artifact["data"]
        for artifact in httpx.post(f"{os.environ['PREFECT_API_URL']}/artifacts/filter", json=asked).json()
    ]
    assert any(night.first.report in link for link in linked)
    assert any(night.second.report in link for link in linked)


def test_a_report_is_written_again_from_the_ledger_in_either_language(night: Night) -> None:
    path = night.world.project_dir / "reports" / f"run-{night.first.run['run_id']}.en.html"
    written = path.read_text()
    path.unlink()
    again = night.world.command("report", str(night.first.run["run_id"]))
    assert (again.returncode, again.stdout) == (0, f"{path}\n"), again.stderr
    assert path.read_text() == written
    french = night.world.command("report", "--language", "fr", "--json")
    newest = path.with_name(f"run-{night.second.run['run_id']}.fr.html")
    assert json.loads(french.stdout) == {"report": str(newest)}
    assert '<html lang="fr">' in newest.read_text()
    for arguments, found in ((("99",), "found none"), (("--language", "de"), "expected en or fr, found 'de'")):
        refused = night.world.command("report", *arguments)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert found in refused.stderr


def test_dbt_and_prefect_wrote_no_personal_value_down(night: Night) -> None:
    for folder in ("logs", "target", "reports"):
        for path in (night.world.project_dir / folder).rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert b"silent person" not in content
                assert b"shared elsewhere" not in content
