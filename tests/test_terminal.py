"""The command on a terminal and in a pipe: contents on one screen, JSON for machines, colours for people only, completion."""

import json
import os
import pty
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from rich.console import Console
from typer.testing import CliRunner
from world import World

from flows.cli import _run_app, app
from flows.commands.contents import HEADINGS
from flows.doctor.findings import Finding, State, print_findings
from flows.parts import PARTS

ROOT = Path(__file__).parent.parent
COMMAND = typer.main.get_command(app)
SCREEN = {"COLUMNS": "80", "LINES": "24"}


def _commands() -> Iterator[tuple[str, object]]:
    for name, command in COMMAND.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        yield from ((f"{name} {word}", part) for word, part in inner.items()) if inner else [(name, command)]


def test_the_help_fits_a_screen_and_is_the_table_of_contents() -> None:
    shown = CliRunner().invoke(app, ["--help"], env=SCREEN)
    lines = shown.output.splitlines()
    assert shown.exit_code == 0
    assert len(lines) < 24, "with the prompt after it"
    assert max(map(len, lines)) <= 80
    chapters = [heading for line in lines for heading in HEADINGS if line.startswith(f"{heading}  ")]
    assert chapters == list(HEADINGS)
    listed = re.findall(r"^(?:[A-Z][a-z]+(?: [a-z]+)?|)  +(\w+)  +\S.*[^ …]$", shown.output, re.MULTILINE)
    assert sorted(listed) == sorted(COMMAND.commands)  # type: ignore[attr-defined]
    assert "..." not in shown.output.partition("\n")[2], "each command's line says all it has to"


def test_every_command_says_what_it_does_and_what_each_option_means() -> None:
    for name, command in _commands():
        assert command.help, name  # type: ignore[attr-defined]
        for parameter in command.params:  # type: ignore[attr-defined]
            assert parameter.help, (name, parameter.name)


def test_every_command_that_prints_data_prints_json() -> None:
    with_json = {name for name, command in _commands() if any("--json" in p.opts for p in command.params)}  # type: ignore[attr-defined]
    assert {name for name, _ in _commands()} - with_json == {"demo", "serve", "policy"}, "the last prints a document"


def test_an_error_is_one_paragraph_and_for_machines_one_document(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PGPORT", "abc")
    told = [
        subprocess.run(World.command_line("status", *option), capture_output=True, text=True, cwd=tmp_path, check=False)
        for option in ((), ("--json",))
    ]
    assert [result.returncode for result in told] == [2, 2]
    plain, as_json = told
    assert plain.stdout == ""
    assert len(plain.stderr.splitlines()) == 1
    assert plain.stderr.endswith("Check PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE; nothing was changed.\n")
    assert json.loads(as_json.stdout) == {"error": plain.stderr.strip(), "exit_code": 2}


@pytest.mark.parametrize(
    "arguments",
    ["rum", "run --dryrun", "run --as-of", "run everything", "forecast --months two", "approve", "approve 1 2",
     "report x", "ledger repair", "ledger verify --expect", "policy"],
)  # fmt: skip
def test_words_that_no_command_knows_are_one_document_for_machines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: str
) -> None:
    """As any other error: on standard output, with the exit code, whether `--json` stands before or after the fault."""
    monkeypatch.setenv("PGPORT", "abc")
    command, *rest = arguments.split()
    for words in ([command, *rest, "--json"], [command, "--json", *rest]):
        monkeypatch.setattr("sys.argv", ["retention", *words])
        with pytest.raises(SystemExit) as end:
            _run_app()
        told = capsys.readouterr()
        assert (end.value.code, told.err) == (2, "")
        said = json.loads(told.out)
        assert said.keys() == {"error", "exit_code"}
        assert said["exit_code"] == 2
        assert said["error"].startswith(
            ("Reading the command line: ", "Reading --expect: ", "Connecting to PostgreSQL: ")
        )


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    piped = subprocess.run(
        World.command_line("--help"), capture_output=True, env=os.environ | SCREEN, check=True
    ).stdout
    leader, follower = pty.openpty()
    subprocess.run(
        World.command_line("--help"), stdout=follower, env=os.environ | SCREEN | {"TERM": "xterm"}, check=True
    )
    os.close(follower)
    shown = os.read(leader, 100_000)
    os.close(leader)
    assert b"\x1b[" not in piped
    assert b"\x1b[1m" in shown
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", shown).replace(b"\r\n", b"\n") == piped


def test_a_finding_is_one_line_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    findings = [
        Finding("clocks", State.OK, "0.1 seconds apart"),
        Finding("markers", State.MEND, "6 tables have no marker column", "retention prepare --part markers --apply"),
        Finding("alarm", State.LOOK, "nobody is told", "retention alarm"),
    ]
    print_findings(findings, Console(width=40))
    assert capsys.readouterr().out.splitlines() == [
        "ok      clocks   0.1 seconds apart.",
        "mend    markers  6 tables have no marker column. retention prepare --part markers --apply.",
        "look    alarm    nobody is told. retention alarm.",
        "1 to mend; 1 to look at, 3 checked.",
    ]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("retention runs --l", "--last"),
        ("retention le", "ledger"),
        ("retention ledger v", "verify"),
        ("retention run --dry", "--dry-run"),
    ],
)
def test_tab_completes_commands_and_options(typed: str, completed: str) -> None:
    words = typed.split()
    environ = {"_RETENTION_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)}
    told = CliRunner().invoke(app, [], env=environ, prog_name="retention")
    assert told.output.split() == [completed]


def test_a_copy_of_the_project_goes_into_an_empty_folder_only(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    first = CliRunner().invoke(app, ["init", str(target), "--json"])
    assert json.loads(first.output)["files"] > 100
    assert all((target / part).exists() for part in PARTS)
    (target / "seeds" / "retention_periods.csv").write_text("mine")
    again = CliRunner().invoke(app, ["init", str(target)])
    assert "expected a folder that is empty" in str(again.exception)
    assert (target / "seeds" / "retention_periods.csv").read_text() == "mine"
