"""`retention demo` as a newcomer runs it: a process of its own, nothing configured, nothing left behind."""

import os
import re
import subprocess

import pytest
from world import World

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> "subprocess.CompletedProcess[str]":
    home = tmp_path_factory.mktemp("home")
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home), "COLUMNS": "160"}
    return subprocess.run(
        World.command_line("demo"),
        env={**environ, "PREFECT_API_URL": prefect_server, "PREFECT_SERVER_ANALYTICS_ENABLED": "false"},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def test_the_demo_holds_what_it_promises(demo: "subprocess.CompletedProcess[str]") -> None:
    assert demo.returncode == 0, demo.stdout[-3000:]
    assert "Every promise held." in demo.stdout
    assert "FAILED" not in demo.stdout
    assert len(re.findall(r"^ +ok ", demo.stdout, re.MULTILINE)) >= 8


def test_the_demo_builds_the_platform_it_speaks_of(demo: "subprocess.CompletedProcess[str]") -> None:
    found = re.search(r"for 24, 12 and 36 months: ([\d,]+) users, ([\d,]+) messages, ([\d,]+) files", demo.stdout)
    assert found
    users, messages, files = (int(count.replace(",", "")) for count in found.groups())
    assert users == 2000
    assert 20_000 <= messages <= 21_000
    assert 1_500 <= files <= 1_510


def test_the_demo_shows_a_row_before_and_after(demo: "subprocess.CompletedProcess[str]") -> None:
    for what in ("one message", "one user"):
        table = demo.stdout.partition(what)[2]
        assert re.search(r"network_id +\S+ +anonymized-[0-9a-f-]+", table)
    assert re.search(r"^content +\S.*'' *$", demo.stdout, re.MULTILINE)


def test_s1_the_demo_changes_rows_once_and_no_statistic(demo: "subprocess.CompletedProcess[str]") -> None:
    for statistic in re.findall(
        r"ok +(?:messages|users|files|bytes) by .*: ([\d,]+) before, ([\d,]+) after", demo.stdout
    ):
        assert statistic[0] == statistic[1]
    first, second = demo.stdout.split("The same run again:")
    assert not re.search(r"^[123] +\d+ +\S+ +0 / 0", first, re.MULTILINE)
    assert len(re.findall(r"^[123] +\d+ +\S+( +0 / 0){5}", second, re.MULTILINE)) == 3


def test_the_demo_ends_clean(demo: "subprocess.CompletedProcess[str]") -> None:
    assert "Traceback" not in demo.stderr
    assert "Logging error" not in demo.stderr


def test_the_demo_leaves_nothing_behind(
    demo: "subprocess.CompletedProcess[str]", tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert demo.returncode == 0
    left = {path.name for path in (tmp_path_factory.getbasetemp() / "home0").iterdir()}
    assert not {name for name in left if name.startswith("retention-")}
