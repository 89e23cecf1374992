"""The platform of the smallest example and its project, with tables of a test's own beside it."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from conftest import MakeWorld, empty_store
from project_copy import ROOT
from world import World

OLD, YOUNG = "now() - interval '3 years'", "now() - interval '1 month'"


@contextmanager
def minimal_office(
    make_world: MakeWorld, folder: Path, name: str, *, tables: str, data_map: str, views: Mapping[str, str]
) -> Iterator[World]:
    """A silent contact, one who still writes and an agent; a note of the first, an old and a young one of the second.

    `tables` is SQL, `data_map` the YAML of a source called more, `views` the thin views of the kinds that it adds.
    """
    with make_world(folder, name) as world:
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
        world.connection.execute(tables)
        empty_store()
        world.bucket()
        world.project_dir = project_with(folder / "minimal", data_map, views)
        yield world


def project_with(target: Path, data_map: str, views: Mapping[str, str]) -> Path:
    """The example's project with more tables: their data map, and a thin view for each further kind."""
    shutil.copytree(ROOT / "examples/minimal", target, ignore=shutil.ignore_patterns("target", "logs", "dbt_packages"))
    (target / "packages.yml").write_text(f"packages:\n  - local: {ROOT}\n")
    (target / "models" / "_more.yml").write_text(data_map)
    for name, view in views.items():
        (target / "models" / f"platform_{name}.sql").write_text(f"{view}\n")
    project = target / "dbt_project.yml"
    kinds = ", ".join(["messages", "users", *views])
    project.write_text(project.read_text().replace("[messages, users]", f"[{kinds}]"))
    return target
