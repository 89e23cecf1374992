"""A help desk of one company, from adoption to an approved run: what had to go is gone, the rest untouched."""

from collections.abc import Iterator
from typing import Any

import pytest
from adopted_platform import HELPDESK, decide, retention
from fix_adopted import MakePlatform
from world import World

# The whole way is walked in the first test's setup.
pytestmark = [pytest.mark.xdist_group("helpdesk"), pytest.mark.timeout(900)]
# By entry and column, "" for the table: what stands in the place of the question; elsewhere what is proposed is right.
ANSWERS: dict[tuple[str, str], dict[str, Any]] = {
    ("bulletins", ""): {"stays": "the company's own news"},
    ("photos", "object_key"): {"replacement": "file", "leaves": "random_id", "bucket_name": "files"},
}
WORDS = {
    "of_listed_types.of_listed_types_name = 'CaseMail'": "of_listed_types.of_listed_types_name in ('Mail', 'Mail::Raw')",
    "not in ('CaseMail', 'Person')": "not in ('Mail', 'Mail::Raw', 'Person')",
    "own.shown_type = 'CaseMail'": "own.shown_type = 'mail'",
    "own.shown_type = 'Person'": "own.shown_type = 'person'",
}
PHOTO = "c0000000-0000-0000-0000-00000000000"
PURGED = {"GONEhash1", "GONEhash3", f"{PHOTO}1", f"{PHOTO}2"}
KEPT = {"STAYShash4", "STAYShash6", "STAYShash7", "STAYShash8", "STAYShash9", f"{PHOTO}3", f"{PHOTO}4"}

Told = dict[str, Any]


@pytest.fixture(scope="module")
def told(make_platform: MakePlatform) -> Iterator[Told]:
    """The whole way, once: what each command printed, the rows before and after, and the world."""
    with make_platform("desk", [HELPDESK], PURGED | KEPT) as world:
        yield _way(world)


def _way(world: World) -> Told:
    folder = str(world.project_dir)
    assert retention("adopt", "--out", folder, "--bucket", "files").exit_code == 0
    decide(world.project_dir, lambda place: ANSWERS.get(place, {}), WORDS)
    told: Told = {"world": world, "before": rows(world), "folder": folder}
    told["plan"] = retention("plan", "--project-dir", folder)
    assert told["plan"].exit_code == 0, told["plan"].exception
    assert retention("approve", "1", "--yes", "--project-dir", folder).exit_code == 0
    told["run"] = retention("run", "--project-dir", folder)
    told["after"] = rows(world)
    return told


def rows(world: World) -> dict[str, dict[str, str]]:
    """Every row of the platform as text, with its transaction, by table and key; bytes as the text that they are."""
    names = [
        row["name"] for row in world.rows("select relname as name from pg_stat_user_tables where schemaname = 'public'")
    ]
    return {
        name: {
            row["key"]: row["text"]
            for row in world.rows(
                f"select coalesce(to_jsonb(t) ->> 'id', t::text) as key, concat(t.xmin, ' ', t::text, ' ',"
                f" {'encode(t.data, $$escape$$)' if name == 'stored_bytes' else 'null'}) as text from {name} as t"
            )
        }
        for name in names
    }


def lines(told: Told, when: str) -> list[str]:
    return [f"{name} {text}" for name, table in told[when].items() for text in table.values()]


def test_a_night_over_a_platform_without_tenants_finds_no_offence(told: Told) -> None:
    assert told["run"].exit_code == 0, (told["run"].stdout, told["run"].exception)


def test_m3_u2_what_is_due_holds_no_personal_value_wherever_a_copy_lies(told: Told) -> None:
    assert any("GONE" in line for line in lines(told, "before"))
    assert not [line for line in lines(told, "after") if "gone" in line.lower()]


def test_m2_u1_every_living_row_staff_and_what_the_company_set_up_are_the_same_to_the_byte(told: Told) -> None:
    living = [line for line in lines(told, "before") if "STAYS" in line and "GONE" not in line]
    assert len(living) > 30
    assert not set(living) - set(lines(told, "after"))
    assert {name: set(table) for name, table in told["after"].items()} == {
        name: set(table) for name, table in told["before"].items()
    }


def test_m4_files_by_hash_and_by_uuid_are_purged_and_what_a_living_row_names_as_well_is_not(told: Told) -> None:
    assert told["world"].keys() == KEPT


def test_two_entries_of_one_table_mark_its_rows_together(told: Told) -> None:
    """Each photo is done by one of the two entries; a random identifier without any marker is an offence still."""
    world = told["world"]
    found = "select count(*) as n from retention.cleared_markers"
    assert world.one(found)["n"] == 0
    world.connection.execute("begin")
    world.connection.execute("update photos set network_ref = 'anonymized-' || gen_random_uuid() where id = 4")
    try:
        assert world.one(found)["n"] == 1
    finally:
        world.connection.execute("rollback")


def test_the_plan_counts_what_goes_with_its_owner_and_indexes_a_uuid_as_the_text_that_files_are_looked_up_by(
    told: Told,
) -> None:
    printed = told["plan"].stdout
    due = {line.split()[0]: line.split()[1] for line in printed.splitlines() if line.endswith(" 1")}
    assert {name: due[name] for name in ("messages", "uploads", "uploads_of_users", "stored_bytes", "cases")} == {
        "messages": "3", "uploads": "5", "uploads_of_users": "1", "stored_bytes": "1", "cases": "1",
    }  # fmt: skip
    assert printed.count(" on public.photos ((object_key::text));") == 1
    assert retention("prepare", "--part", "indexes", "--apply", "--project-dir", told["folder"]).exit_code == 0
    assert "photos" not in retention("prepare", "--part", "indexes", "--project-dir", told["folder"]).stdout


def test_a_table_that_stays_by_one_line_says_why_at_each_column(told: Told) -> None:
    policy = retention("policy", "--project-dir", told["folder"]).stdout
    assert "the company's own news" in policy
