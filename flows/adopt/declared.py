"""A data map that is there already: what it declares, and where in its text more can be said."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from flows.errors import BadConfiguration

DATA_MAP = Path("models") / "_sources.yml"
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Where lines can be added: after which one (from 0), how far to the right; `until`: in place of those up to it."""

    line: int
    indent: int
    until: int | None = None


@dataclass(slots=True)
class Declared:
    """What a data map says: by schema and table the entry's name, its columns, and where more of them go.

    `unruled`: where something is replaced in a table and nothing says when, these columns and the place of its config.
    """

    text: str
    names: dict[Place, str] = field(default_factory=dict)
    columns: dict[Place, set[str]] = field(default_factory=dict)
    column_gaps: dict[Place, Gap] = field(default_factory=dict)
    unruled: dict[Place, tuple[set[str], Gap]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    table_gaps: dict[str, Gap] = field(default_factory=dict)

    def place_of(self, entry: str) -> str | None:
        """The table of an entry, as schema.table."""
        return next((".".join(place) for place, name in self.names.items() if name == entry), None)


def read_declared(folder: Path) -> Declared:
    """Reads the data map of an adopter's project; BadConfiguration where there is none that can be read."""
    path = folder / DATA_MAP
    try:
        declared = Declared(path.read_text(encoding="utf-8"))
        root = yaml.compose(declared.text)
        for source in _items(root, "sources"):
            _read_source(declared, source)
    except (OSError, yaml.YAMLError, KeyError) as error:
        raise BadConfiguration(
            f"Reading the data map in {path}: expected YAML with sources, tables and columns, found "
            f"{type(error).__name__}. Name the folder of an adopted project with --out; nothing was written."
        ) from None
    return declared


def is_one_environment(folder: Path) -> bool:
    """Whether an adopter's project says that the whole database is one environment."""
    view = folder / "models" / "platform_environments.sql"
    return view.is_file() and "1 as environment_id" in view.read_text(encoding="utf-8")


def _read_source(declared: Declared, source: Node) -> None:
    name = _text(source, "name")
    schema = _text(source, "schema") or name
    if "{{" in schema:
        raise KeyError(schema)  # its name is known to dbt only
    declared.sources[schema] = name
    tables = _value(source, "tables")
    declared.table_gaps[schema] = _gap(tables)
    for table in _items(source, "tables"):
        entry = _text(table, "name")
        place = (schema, _text(table, "identifier") or entry)
        if place not in declared.names:
            declared.names[place] = entry
            declared.columns[place] = {_text(column, "name") for column in _items(table, "columns")}
            declared.column_gaps[place] = _gap(_value(table, "columns"))
            _read_rule(declared, place, table)


def _read_rule(declared: Declared, place: Place, table: Node) -> None:
    replaced = {_text(c, "name") for c in _items(table, "columns") if "replacement" in _meta(c)}
    if replaced and not {"kind", "owner", "stays"} & set(_meta(table)):
        config = _value(table, "config")
        key = next(key for key, value in table.value if value is config)
        first, last = key.start_mark, _last_line(config)
        declared.unruled[place] = (replaced, Gap(first.line - 1, first.column, last))


def _meta(node: Node) -> list[str]:
    """The words that are said in config.meta."""
    try:
        return [key.value for key, _ in _value(_value(node, "config"), "meta").value]
    except KeyError:
        return []


def _gap(node: Node) -> Gap:
    first = node.value[0]
    return Gap(_last_line(node), first.start_mark.column - len("- "))


def _last_line(node: Node) -> int:
    """The last line of what is said in a node; a block's own end lies behind the comments that follow."""
    if isinstance(node, ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(node, MappingNode) else last)


def _value(node: Node | None, name: str) -> Node:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == name:
                found: Node = value
                return found
    raise KeyError(name)


def _text(node: Node, name: str) -> str:
    try:
        return str(_value(node, name).value)
    except KeyError:
        return ""


def _items(node: Node | None, name: str) -> Iterator[Node]:
    value = _value(node, name)
    if not isinstance(value, SequenceNode):
        raise KeyError(name)
    yield from value.value
