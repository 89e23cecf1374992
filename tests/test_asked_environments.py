"""Environments that a run is asked for and the platform does not have: refused before anything is opened, anywhere."""

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest
from telling import retention
from world import OLD, World

from flows.anonymize import run_once
from flows.errors import BadConfiguration
from flows.ledger import RunRequest
from flows.settings import read_settings

REFUSAL = (
    "Reading --environment: expected environments of the platform, found 9, acme. Correct them; nothing was changed."
)


@pytest.fixture
def entered(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A platform with a due row, on which nothing of ours was ever run."""
    world.message(world.user(), OLD)
    world.enter(monkeypatch)
    return world


def _asked_of_prefect(url: str, environment: str) -> list[str]:
    """The flow runs that were asked for an environment, by name."""
    body = json.dumps({"sort": "START_TIME_DESC", "limit": 50}).encode()
    request = urllib.request.Request(f"{url}/flow_runs/filter", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        runs = json.load(answer)
    return [run["name"] for run in runs if environment in (run["parameters"].get("environments") or [])]


def test_p1_unknown_environments_are_refused_by_name_and_leave_nothing_behind(
    entered: World, prefect_server: str
) -> None:
    before = entered.bytes_of_platform()
    told = retention("run", "--environment", "1", "--environment", "acme", "--environment", "9")
    assert (told.code, told.text) == (2, REFUSAL)
    assert entered.bytes_of_platform() == before
    assert entered.rows("select from pg_namespace where nspname = 'retention'") == [], "no ledger, no view"
    assert not _asked_of_prefect(prefect_server, "acme")
    assert not list(entered.project_dir.glob("reports/*"))


def test_p1_a_run_that_prefect_started_refuses_them_before_the_ledger_is_opened(entered: World) -> None:
    with pytest.raises(BadConfiguration) as refusal:
        run_once(read_settings(), RunRequest(environments=["9", "1", "acme"]))
    assert str(refusal.value) == REFUSAL
    assert entered.rows("select from pg_namespace where nspname = 'retention'") == []


def test_a_run_that_is_piped_writes_nothing_beside_its_summary(entered: World) -> None:
    """Started from nothing: which of dbt and Prefect is imported first decides who writes Prefect's log to whom."""
    command = entered.command_line("run", "--dry-run", "--environment", "1")
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("Run 1, as of ")


def test_p1_which_environments_there_are_is_the_thin_views_to_say(entered: World) -> None:
    view = Path(entered.project_dir / "models" / "platform" / "platform_environments.sql")
    view.write_text(view.read_text().replace("    environment_id,", "    'acme ' || environment_id as environment_id,"))
    told = retention("run", "--environment", "1")
    assert (told.code, "found 1. Correct" in told.text) == (2, True)
    view.write_text("select 1 as environment_id from {{ source('platform', 'environments') }} where no_such_column")
    told = retention("run", "--environment", "1")
    assert told.code == 2
    assert 'found: column "no_such_column" does not exist. Mend PLATFORM_SCHEMA, the data map or the thin' in told.text


def test_a_value_that_came_back_to_an_environment_that_is_gone_is_an_offence(world: World) -> None:
    """A run of all environments answers for it, though no line of the ledger does; one of other environments does not."""
    world.message(None, OLD, 9, content="again", anonymized_on=OLD.date())
    summary = world.run()
    assert summary.outcome == "offences found"
    assert any("values_left_behind" in sentence for sentence in summary.left)
    assert world.run(environments=["1"]).outcome == "done"
