"""Writes docs/reference/ from what the product itself reads; `make docs` calls it, a test fails where a page is old."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
import yaml

from flows.cli import app

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by docs/write_reference.py from {source}: change it there. -->\n"


def pages() -> dict[str, str]:
    """The text of every page by its file name."""
    return {
        "commands.md": commands(),
        "settings.md": settings(),
        "exit-codes.md": exit_codes(),
        "models.md": models(),
        "ledger.md": ledger(),
    }


def commands() -> str:
    """Every command with its options, from the command line itself."""
    lines = [NOTE.format(source="flows/cli.py"), "# Commands\n"]
    for name, command in _leaves(typer.main.get_command(app), "retention"):
        lines += [f"## {name}\n", *_help(command)]
    return "\n".join(lines)


def _leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command by its full name; typer brings its own kind of click."""
    for part, inner in getattr(command, "commands", {}).items():
        yield from _leaves(inner, f"{name} {part}")
    if not hasattr(command, "commands") and not command.hidden:
        yield name, command


def _help(command: Any) -> Iterator[str]:
    yield from (re.sub(r"\s+", " ", paragraph) + "\n" for paragraph in (command.help or "").split("\n\n"))
    shown = [parameter for parameter in command.params if not parameter.hidden]
    if shown:
        yield "| | meaning |\n|---|---|"
        yield from (f"| `{_spelling(each)}` | {_cell(each.help or '')} |" for each in shown)
        yield ""


def _spelling(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.name.upper())
    return ", ".join(parameter.opts) + ("" if parameter.is_flag else f" {parameter.name.upper()}")


def settings() -> str:
    """The README's table, and the dbt vars that it leaves to those who adopt another platform."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme[readme.index("| setting | meaning | default |") :].partition("\n\n")[0]
    named = set(re.findall(r"`([a-z_]+)`", table))
    rows = [f"| `{name}` | {_cell(why)} | `{value}` |" for name, why, value in _vars() if name not in named]
    more = "\n".join(["| dbt var | meaning | default |", "|---|---|---|", *rows])
    return "\n".join([
        NOTE.format(source="README.md and dbt_project.yml"),
        "# Settings\n",
        "Environment variables, and vars of `dbt_project.yml`.\n",
        table.replace("](docs/", "](../"),
        "\nFor another platform than the reference, beside its [data map](../data-map.md):\n",
        more + "\n",
    ])  # fmt: skip


def _vars() -> Iterator[tuple[str, str, str]]:
    """Each var of dbt_project.yml, the comment above it and its default, as they are written."""
    text = (ROOT / "dbt_project.yml").read_text(encoding="utf-8")
    comment: list[str] = []
    for line in text[text.index("\nvars:\n") :].split("\n\n", 1)[0].splitlines():
        if found := re.match(r"  ([a-z_]+): (.*)", line):
            yield found[1], " ".join(comment), found[2]
            comment = []
        elif line.startswith("  #"):
            comment.append(line.removeprefix("  #").strip())


def exit_codes() -> str:
    """Every way in which a command ends, from the errors themselves."""
    tree = ast.parse((ROOT / "flows" / "errors.py").read_text(encoding="utf-8"))
    rows = {0: ("done", "Everything that was asked for is done.")}
    for error in (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name != "RetentionError"):
        codes = [node.value for node in error.body if isinstance(node, ast.Assign)]
        code = codes[0].value if codes and isinstance(codes[0], ast.Constant) else 1
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", error.name).lower()
        rows[int(str(code))] = (name, " ".join((ast.get_docstring(error) or "").split()))
    table = "\n".join(f"| {code} | {name} | {_cell(words)} |" for code, (name, words) in sorted(rows.items()))
    return (
        f"{NOTE.format(source='flows/errors.py')}\n# Exit codes\n\n"
        f"| code | ends as | meaning |\n|---|---|---|\n{table}\n\n"
        "What to do about each: [when a run does not end as done](../operate.md#when-a-run-does-not-end-as-done).\n"
    )


def models() -> str:
    """Every model with its columns, folder by folder, from the dbt project's own descriptions."""
    lines = [NOTE.format(source="the _models.yml beside each model"), "# Models\n"]
    for path in sorted((ROOT / "models").glob("*/_*__models.yml")):
        lines.append(f"## models/{path.parent.name}\n")
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            lines += [f"### {model['name']}\n", *_described(model)]
    return "\n".join(lines)


def ledger() -> str:
    """Every table of the ledger with its columns, and the views over it."""
    path = ROOT / "models" / "anonymized" / "_ledger__sources.yml"
    (source,) = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    lines = [
        NOTE.format(source="models/anonymized/_ledger__sources.yml"),
        "# The ledger\n",
        " ".join(source["description"].split()),
        "They are in the schema `RETENTION_SCHEMA`; how to ask them is in [evidence](../evidence.md).\n",
    ]
    for table in source["tables"]:
        lines += [f"## {table['name']}\n", *_described(table)]
    return "\n".join(lines)


def _described(entry: dict[str, Any]) -> Iterator[str]:
    yield " ".join(entry["description"].split()) + "\n"
    if columns := entry.get("columns"):
        yield "| column | meaning |\n|---|---|"
        yield from (f"| `{column['name']}` | {_cell(column.get('description', ''))} |" for column in columns)
        yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file_name, content in pages().items():
        (FOLDER / file_name).write_text(content, encoding="utf-8")
