"""What a project is trusted for: one version everywhere, what is shipped is what stands here, files that others' tools can read."""

import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import yaml
from prefect import Task
from project_copy import PROJECT
from world import World

from flows import steps
from flows.database import SCRIPTS
from flows.parts import PARTS

ROOT = Path(__file__).parent.parent


def test_the_version_is_the_same_wherever_it_stands() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    dbt = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
    assert project["version"] == dbt["version"]
    assert f'name = "retention"\nversion = "{project["version"]}"' in (ROOT / "uv.lock").read_text()


def test_the_newest_release_of_the_changelog_is_the_version_that_the_command_says() -> None:
    """What is not released stands above it; versions and dates go down, and each release says something."""
    version_here = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    text = (ROOT / "CHANGELOG.md").read_text()
    unreleased, *sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    released = [re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})", section) for section in sections]
    assert unreleased == "[Unreleased]"
    assert all(released), sections
    numbers = [tuple(map(int, release.groups()[:3])) for release in released]
    days = [date.fromisoformat(release[4]) for release in released]
    assert numbers == sorted(set(numbers), reverse=True)
    assert days == sorted(days, reverse=True)
    assert ".".join(map(str, numbers[0])) == version_here
    assert all(re.search(r"^- ", section, re.MULTILINE) for section in text.split("\n## [")[2:])
    told = subprocess.run(World.command_line("--version"), capture_output=True, text=True, check=True)
    assert told.stdout == f"retention {version_here}\n"
    assert f'"retention-{version_here}-py3-none-any.whl[demo]"' in (ROOT / "README.md").read_text()


def test_no_step_waits_for_prefects_leave_to_begin() -> None:
    """For a task with tags Prefect's server is asked for a slot first: where it is busy it is asked again, seconds later."""
    tasks = [step for step in vars(steps).values() if isinstance(step, Task)]
    assert len(tasks) >= 6
    assert [task.name for task in tasks if task.tags] == []


def test_what_is_copied_is_the_whole_project() -> None:
    assert set(PARTS) - {"prefect.yaml"} == set(PROJECT)
    assert all((ROOT / part).exists() for part in PARTS)


def test_every_file_that_makes_a_part_of_the_ledger_is_executed() -> None:
    for folder in ("ledger", "functions"):
        files = {f"{folder}/{path.stem}" for path in (ROOT / "flows" / "sql" / folder).iterdir()}
        assert set(SCRIPTS[folder]) == {"alone", *files}


def test_what_a_project_has_is_there() -> None:
    for name in ("LICENSE", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "Containerfile"):
        assert (ROOT / name).stat().st_size > 500, name
    assert "Apache License" in (ROOT / "LICENSE").read_text()


def test_ci_calls_what_people_call() -> None:
    """Every command of the workflow is a target of the Makefile."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    commands = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {f"make {target}" for target in ("lint", "test", "endure", "wheel", "audit")} == set(commands)
    assert {command.split()[1] for command in commands} <= targets


def test_the_compose_file_starts_the_three_servers_and_the_nights() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(services) == {"database", "store", "prefect", "nights"}
    assert set(services["nights"]["depends_on"]) == {"database", "store", "prefect"}
    assert (ROOT / services["nights"]["build"]["dockerfile"]).is_file()
    mounted = services["database"]["volumes"][0].split(":")[0]
    assert (ROOT / mounted).is_file()
    settings = services["nights"]["environment"]
    readme = (ROOT / "README.md").read_text()
    assert all(f"`{name}`" in readme or name.startswith("AWS_") for name in settings)
