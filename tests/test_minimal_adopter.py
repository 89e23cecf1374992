"""Another platform than the reference one, by a project that depends on this one: nothing of the engine is copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import MakeWorld
from project_copy import ROOT
from world import World

pytestmark = pytest.mark.xdist_group("minimal")

OLD, YOUNG = "now() - interval '3 years'", "now() - interval '1 month'"


@pytest.fixture(scope="module")
def office(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    """The example's database with old and young rows, and its project beside it."""
    assert prefect_server
    folder = tmp_path_factory.mktemp("office")
    with make_world(folder, "office") as world:
        world.connection.execute("drop schema platform cascade")
        world.connection.execute((ROOT / "examples/minimal/platform.sql").read_text())
        world.connection.execute(
            f"""
            insert into public.contacts (full_name, email, is_agent, created_at) values
                ('Silent for years', 'silent@example.com', false, {OLD}),
                ('Still writes', 'writes@example.com', false, {OLD}),
                ('Our own agent', 'agent@example.com', true, {OLD});
            insert into public.notes (contact_id, body, meta, created_at) values
                (1, 'an old note', '{{"phone": "+33 1", "source": "web", "cc": [{{"name": "Someone"}}, {{"name": "Else"}}]}}', {OLD}),
                (2, 'old, by one who still writes', '{{}}', {OLD}),
                (2, 'a young note', '{{"phone": "+33 2", "source": 1.50}}', {YOUNG})
            """
        )
        world.project_dir = _project(folder / "minimal")
        yield world


def _project(target: Path) -> Path:
    shutil.copytree(ROOT / "examples/minimal", target, ignore=shutil.ignore_patterns("target", "logs", "dbt_packages"))
    (target / "packages.yml").write_text(f"packages:\n  - local: {ROOT}\n")
    return target


def test_what_is_due_is_emptied_and_what_lives_stays_to_the_byte(office: World) -> None:
    living = "select concat(xmin, ctid, t::text) as row from {0} t where created_at > now() - interval '2 years'"
    before = [office.rows(living.format(table)) for table in ("public.notes", "public.contacts")]
    agent = office.one("select concat(xmin, ctid, c::text) as row from public.contacts c where is_agent")
    summary = office.run()
    assert (summary.outcome, summary.left) == ("done", [])
    silent, writes = office.rows("select full_name, email from public.contacts where not is_agent order by id")
    assert silent["full_name"] == ""
    assert silent["email"].startswith("anonymized-")
    assert writes == {"full_name": "Still writes", "email": "writes@example.com"}
    old = office.rows(
        "select body, meta::text as meta from public.notes where created_at < now() - interval '2 years' order by length(meta::text)"
    )
    assert old == [
        {"body": "", "meta": "{}"},
        {"body": "", "meta": '{"cc": [{"name": null}, {"name": null}], "phone": "", "source": "web"}'},
    ]
    assert [office.rows(living.format(table)) for table in ("public.notes", "public.contacts")] == before
    assert office.one("select concat(xmin, ctid, c::text) as row from public.contacts c where is_agent") == agent
    assert office.rows("select kind, count(*)::integer as n from retention.done_rows group by kind order by kind") == [
        {"kind": "messages", "n": 2}, {"kind": "users", "n": 1},
    ]  # fmt: skip


def test_a_second_night_finds_nothing_and_a_new_path_is_an_offence_that_shows_no_value(office: World) -> None:
    assert office.run().outcome == "done"
    office.connection.execute(
        """insert into public.notes (contact_id, body, meta, created_at)
            values (2, 'x', '{"secret": "A. Person", "cc": [{"name": "N", "jane@example.com": 1}]}', now())"""
    )
    summary = office.run()
    assert summary.outcome == "offences found"
    offences = office.rows("select kind, column_name, path, row_count from retention.undeclared_paths order by path")
    assert offences == [
        {"kind": "messages", "column_name": "meta", "path": "cc[].?", "row_count": "1"},
        {"kind": "messages", "column_name": "meta", "path": "secret", "row_count": "1"},
    ]


def test_a_column_that_nobody_declared_stops_the_night_before_anything_else(office: World) -> None:
    office.connection.execute("alter table public.notes add column body_html text")
    done = office.command("run", "--project-dir", str(office.project_dir))
    assert done.returncode == 2
    assert "notes.body_html" in done.stderr
