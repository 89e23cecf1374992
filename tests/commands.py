"""Console commands in processes of their own, forked from one that has imported already what they import.

A command started from nothing spends most of its time on imports. Tests that kill a command, or look at how it starts,
start it from nothing: `World.command_line`.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["warm"])


def run_command(
    arguments: list[str], environ: Mapping[str, str], folder: Path, timeout: float = 300
) -> "subprocess.CompletedProcess[str]":
    """Runs `retention ...` or `dbt ...` in `folder` and returns what it printed and its exit code."""
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)  # where the server finds what it preloads
    with tempfile.TemporaryDirectory(prefix="command-") as outputs:
        process = _CONTEXT.Process(target=_execute, args=(arguments, dict(environ), str(folder), outputs))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(arguments, timeout)
        stdout, stderr = ((Path(outputs) / name).read_text() for name in ("stdout", "stderr"))
    return subprocess.CompletedProcess(arguments, process.exitcode, stdout, stderr)


def _execute(arguments: list[str], environ: dict[str, str], folder: str, outputs: str) -> None:
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(Path(outputs) / name, os.O_CREAT | os.O_WRONLY), number)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    sys.argv = arguments
    if arguments[0] == "retention":
        from flows.cli import main
    else:
        from dbt.cli.main import cli as main
    try:
        main()
    except SystemExit as end:  # not by Python's own end, which waits for threads that the fork left behind
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else int(end.code is not None))
