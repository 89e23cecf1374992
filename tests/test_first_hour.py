"""What a person who never heard of the product meets in the first hour: a word that is wrong, a folder, a server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner
from prefect.exceptions import TerminationSignal
from telling import refusal_of
from test_terminal import ROOT
from typer.testing import CliRunner
from world import World

from flows.brake import held_back
from flows.cli import app
from flows.commands.reporting import _writing
from flows.database import Database
from flows.errors import BadConfiguration
from flows.forecast import read_forecast
from flows.page.writing import write_file
from flows.parts import copy_project
from flows.project import DbtProject
from flows.settings import read_settings, require_prefect


def test_the_command_says_its_version() -> None:
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.output.split()[0]) == (0, "retention")
    assert told.output.split()[1][0].isdigit()


@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"]], ids=str)
def test_the_script_of_third_parties_says_how_it_is_called(arguments: list[str]) -> None:
    script = str(ROOT / "docs" / "check_certificate.py")
    told = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "python check_certificate.py run-42.certificate.en.json [HASH]" in told.stderr


def test_the_script_of_third_parties_names_the_file_that_is_not_there(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "docs" / "check_certificate.py"), str(tmp_path / "run-7.certificate.en.json")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "run-7.certificate.en.json" in told.stdout


def test_a_host_that_is_unknown_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "no.such.host.invalid")
    with pytest.raises(BadConfiguration) as refused, Database.connect("retention"):
        pass
    assert "failed to resolve host 'no.such.host.invalid'" in str(refused.value)


@pytest.mark.parametrize("proxies", [{}, {"http_proxy": "http://proxy.invalid:3128"}], ids=["none", "another's"])
def test_a_prefect_server_that_no_proxy_leads_to_is_asked(
    monkeypatch: pytest.MonkeyPatch, proxies: dict[str, str]
) -> None:
    """A list of hosts that no proxy is asked for is no proxy itself."""
    for name, value in {**proxies, "no_proxy": "127.0.0.1,localhost"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadConfiguration, match="Reaching Prefect at PREFECT_API_URL"):
        require_prefect({"PREFECT_API_URL": "http://127.0.0.1:9/api"})


def test_a_prefect_server_behind_a_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    require_prefect({"PREFECT_API_URL": "http://prefect.example/api"})


def test_a_folder_of_reports_that_cannot_be_written_is_named_with_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").touch()
    monkeypatch.setenv("RETENTION_REPORTS", str(tmp_path / "a-file" / "reports"))
    settings = read_settings(ROOT)
    with pytest.raises(BadConfiguration) as refused, _writing(settings):
        write_file(settings.reports / "run-1.en.html", "")
    assert str(refused.value).startswith(f"Writing to {settings.reports}: expected a folder that this user may write")
    assert "set RETENTION_REPORTS to another" in str(refused.value)


def test_a_forecast_for_no_months_says_what_may_be_asked() -> None:
    with pytest.raises(BadConfiguration, match=r"found 0\. Give such a number, or leave it out"):
        read_forecast(None, 0, None)


def test_m6_attachments_that_are_counted_by_themselves_are_called_late_wherever_they_are_counted() -> None:
    line = {"environment_id": "1", "kind": "attachments", "held": "no run has finished for it yet", "due": 2}
    (sentence,), _ = held_back([line])
    assert sentence.startswith("environment 1 is held back: 2 late attachments: no run")


@pytest.mark.parametrize("command", ["serve", "alarm"])
def test_a_schedule_and_its_alarm_are_refused_where_there_is_no_server_that_would_keep_them(
    tmp_path: Path, command: str
) -> None:
    """Prefect would start a temporary server, which serves for ever and starts nothing."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_API", "ALARM"))}
    told = subprocess.run(
        World.command_line(command), env=environ | {"PREFECT_HOME": str(tmp_path)}, cwd=ROOT,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert told.returncode == BadConfiguration.exit_code
    assert told.stderr.startswith(
        "Looking for the Prefect server that starts the nights: expected its address in PREFECT_API_URL"
    )


def test_a_folder_that_may_not_be_written_gets_no_copy_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    told = refusal_of("init", str(tmp_path / "a-file" / "copy"))
    assert "expected a folder that this user may write, found: Not a directory. Mend the folder's rights" in told


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), TerminationSignal(signal=15)], ids=["Ctrl-C", "SIGTERM"])
def test_what_ends_a_run_while_dbt_is_at_work_is_no_fault_of_the_project(tmp_path: Path, stop: BaseException) -> None:
    """dbt returns both as if the command had failed, and neither has a word to say."""

    def ending(_: object) -> None:
        raise stop

    copy_project(tmp_path / "project")
    project = DbtProject(read_settings(tmp_path / "project"), {})
    with pytest.raises(type(stop)):
        project.run_alone("parse", [], dbtRunner(callbacks=[ending]))
