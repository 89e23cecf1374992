"""The docs as a newcomer follows them: every command is run, in one world, and prints what the page shows.

`DOCS_WRITE=1` writes into the pages what was printed; read the difference before it is committed.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from consoles import Shell, commands_of, is_alike, run_page
from project_copy import ROOT

pytestmark = [pytest.mark.xdist_group("docs"), pytest.mark.timeout(1500)]

# Read from top to bottom; each goes on where the one before ended.
PAGES = (
    "tutorial.md",
    "period.md",
    "evidence.md",
    "report.md",
    "analysts.md",
    "operate.md",
    "retrieval.md",
    "residue.md",
    "upgrade.md",
    "restore.md",
)
# Its commands need another platform than the tutorial's: tests/test_adopted_run.py runs each, and compares what it shows.
ELSEWHERE = {"adopt.md"}
COMMAND = re.compile(
    r"^ *(?:\$ )?(?:retention|dbt|prefect|psql|pg_dump|pg_restore|createdb|make|pip|python) ", re.MULTILINE
)


@pytest.fixture(scope="module")
def shell() -> Iterator[Shell]:
    """A newcomer's terminal in the product's folder, with nothing set."""
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        shell = Shell(Path(home), ROOT, {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
        yield shell
        shell.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_command_prints_what_the_page_shows(shell: Shell, name: str) -> None:
    wrong = run_page(shell, ROOT / "docs" / name, write="DOCS_WRITE" in os.environ)
    assert not wrong, "\n\n".join(wrong)


def test_every_command_of_the_readme_runs(shell: Shell) -> None:
    """After the pages, where environments, runs and months go by small numbers; the schedule alone would never end."""
    lines = re.findall(r"^(retention .*?) +#", (ROOT / "README.md").read_text(), re.MULTILINE)
    commands = [re.sub(r"\b[14]2\b", "2", line) for line in lines if line != "retention serve"]
    assert len(commands) > 8
    # Held back, paused, or asking to be looked at; two say what a person has to set up.
    fine = {0, 4, 7, 8}
    told = {command: shell.run(command) for command in commands}
    wrong = [(command, *found) for command, found in told.items() if found[1] not in fine]
    assert not [each for each in wrong if each[0] not in {"retention doctor", "retention alarm"} or each[2] != 2]
    assert shell.run("retention resume")[1] == 0


def test_a_platform_that_was_stopped_is_as_it_was_left(shell: Shell) -> None:
    counts = 'psql -Atc "select count(*), sum(anonymized) from retention.run_lines"'
    before = shell.run(counts)
    assert shell.interrupt() == [0]
    assert shell.run(counts)[1] == 2
    said = shell.run_beside(f"{ROOT}/.venv/bin/retention demo --keep ~/platform", "starts them again.")
    assert re.search(r"It is as you left it\. The \d+ files that a row names are in S3 again\.", said)
    assert shell.run(f". {shell.home}/platform/variables; {counts}") == before
    assert shell.run("retention run")[1] == 0


def test_a_command_stands_nowhere_but_in_a_console_block() -> None:
    pages = {path.name: path.read_text() for path in (ROOT / "docs").rglob("*.md")}
    assert {name for name, page in pages.items() if list(commands_of(page))} - ELSEWHERE == set(PAGES)
    for name in pages.keys() - ELSEWHERE:
        fences = re.findall(r"^ *```(?!console)[^\n]*\n(.*?)^ *```$", pages[name], re.MULTILINE | re.DOTALL)
        outside = [fence for fence in fences if COMMAND.search(fence) and "console" not in fence]
        assert not outside, f"{name}: {outside}"


def test_the_site_is_built_whole_and_asks_nobody_for_anything(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(ROOT / "docs"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    pages = {path: path.read_text() for path in tmp_path.rglob("*.html")}
    assert len(pages) > 30
    for path, page in pages.items():
        fetched = re.findall(r"<(?:script|img|link|iframe|source)\b[^>]*?(?:src|href)=\"([^\"]+)\"", page)
        assert not [address for address in fetched if re.match(r"[a-z]*:?//", address)], path.name
    for style in tmp_path.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", style.read_text()), style.name


def test_what_is_shown_is_compared_with_what_is_printed() -> None:
    assert is_alike("Run 4, 2026-11-25: done\n", "Run 4, 2027-01-31: done\n")
    assert not is_alike("Run 4: done\n", "Run 4: held back\n")
    assert not is_alike("3 / 3\n", "3 / 4\n")
    assert is_alike("3 rows\n", "4 rows\n", counts_vary=True)
    assert is_alike("first\n...\nlast\n", "first\nsecond\nthird\nlast\n")
    assert not is_alike("first\n...\nlast\n", "first\nsecond\n")
    assert is_alike("a ... d\n", "a b c d\n")
    assert not is_alike("shown\n", "")
