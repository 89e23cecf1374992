"""`retention demo --keep`: what it refuses before it starts anything, and what another terminal gets. See test_docs.py."""

import fcntl
import os
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from flows.demo import keeping
from flows.errors import BadConfiguration


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    with pytest.raises(BadConfiguration, match="something else in it"):
        keeping.keep_running(tmp_path, Console())
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_a_path_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="at most 86 bytes"):
        keeping.keep_running(tmp_path / ("x" * 90), Console())
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_at_work_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LONGEST_FOLDER", 4096)
    (tmp_path / "pg").mkdir()
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BadConfiguration, match="found this command running on it"):
            keeping.keep_running(tmp_path, Console())


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_variables_lead_to_the_platform_and_to_nothing_else(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOST", "/a folder/pg")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    (tmp_path / "variables").write_text(keeping.shell_variables())
    elsewhere = {
        "PGSERVICE": "a",
        "AWS_PROFILE": "b",
        "FILE_STORE_FOLDER": "/c",
        "PURGE_DELAY": "9",
        "PREFECT_HOME": "d",
    }
    read = subprocess.run(
        [shell, "-c", f". {tmp_path}/variables; env; command -v retention; command -v psql"],
        env={"PATH": os.environ["PATH"], **elsewhere},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert {"PGHOST=/a folder/pg", "AWS_ENDPOINT_URL_S3=http://127.0.0.1:1"} <= set(read)
    assert not elsewhere.keys() & {line.partition("=")[0] for line in read}
    assert [Path(line).name for line in read[-2:]] == ["retention", "psql"]
