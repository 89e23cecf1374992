"""The reference says what the product does: its pages are written from it, and what the docs call exists."""

import re
import runpy
import shlex
from pathlib import Path

import pytest
import typer
from consoles import commands_of
from project_copy import ROOT

from flows import errors
from flows.cli import app

PAGES = runpy.run_path(str(ROOT / "docs" / "write_reference.py"))["pages"]()
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_reference_is_what_the_product_says_today(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text() == PAGES[name], "`make docs` writes it anew"


def test_the_reference_has_no_page_that_nothing_writes() -> None:
    assert {path.name for path in (ROOT / "docs" / "reference").iterdir()} == set(PAGES)


def test_every_variable_that_is_read_stands_in_the_reference() -> None:
    text = (ROOT / "flows" / "settings.py").read_text()
    names = set(re.findall(r"environ(?:\.get\(|\[|, )\"([A-Z_]+)\"", text)) - {"XDG_CACHE_HOME", "HOME"}
    assert {"PURGE_DELAY", "PLATFORM_SCHEMA", "FILE_STORE_FOLDER"} <= names
    assert not {name for name in names if f"`{name}`" not in PAGES["settings.md"]}


def test_the_readme_and_the_reference_name_the_same_exit_codes() -> None:
    codes = {error.exit_code for error in errors.RetentionError.__subclasses__()} | {0}
    readme = (ROOT / "README.md").read_text().partition("| exit code | meaning |")[2].partition("\n\n")[0]
    for table in (readme, PAGES["exit-codes.md"]):
        assert {int(code) for code in re.findall(r"^\| (\d) \|", table, re.MULTILINE)} == codes


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_call_of_the_command_in_the_docs_can_be_read_by_it(path: Path) -> None:
    group = typer.main.get_command(app)
    for call in _calls(path.read_text()):
        command, words = group, shlex.split(call)[1:]
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        if command is group:  # an option of its own, which acts as soon as it is read
            assert words, call
            assert set(words) <= {name for option in group.params for name in option.opts}, call
        elif words:
            command.make_context("retention", words)


def _calls(page: str) -> list[str]:
    """Calls in code: whole lines of a block, and what stands between backticks with an option or an argument."""
    blocks = "\n".join(re.findall(r"^ *```.*?\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL))
    lines = re.findall(r"^ *(retention (?!\s|-- ).*)$", blocks, re.MULTILINE)
    lines += [command.text for command in commands_of(page) if command.text.startswith("retention ")]
    inline = re.findall(r"`(retention [^`\n]+)`", page)
    found = [re.split(r" \| | \|\| | && | <|  #|\t#| +#", line)[0] for line in [*lines, *inline]]
    return [re.sub(r"\b(N|RUN|ENVIRONMENT|FOLDER)\b", "2", call).strip(" []") for call in found]
