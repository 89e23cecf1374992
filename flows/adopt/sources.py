"""The data map as YAML: one source a schema, every table and column, questions where a person has to decide."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from flows.adopt.columns import ColumnProposal
from flows.adopt.places import EnvironmentOf
from flows.adopt.proposals import TableProposal, own_link
from flows.adopt.views import singular_meta
from flows.adopt.words import snake

HEAD = """\
# The data map: every table and column of the platform, and what replaces what is personal. Written by `retention adopt`
# from names and types; from now on it is yours. Where a line says `decide`, answer by correcting what stands beside it
# and removing the line: while one stands, no command acts. What the words mean: docs/adopt.md of the product.
"""
MARKER_HEAD = """\
# marker: aside keeps what is done in a table of ours, and leaves yours as they are. A date column anonymized_on in the
# table itself is faster: add it to the table (`retention prepare --part markers` prints the statement), declare it
# below with data_type date, personal: false, why: marker, and say marker: anonymized_on.
"""


def sources_yaml(proposals: Sequence[TableProposal], environments: EnvironmentOf) -> str:
    """The sources of all tables, by schema."""
    lines = [HEAD, MARKER_HEAD, "sources:"]
    for schema in dict.fromkeys(proposal.table.schema for proposal in proposals):
        tables = [proposal for proposal in proposals if proposal.table.schema == schema]
        lines += source_lines(schema, [line for proposal in tables for line in table_lines(proposal, environments)])
    return "\n".join(lines) + "\n"


def source_lines(schema: str, tables: Sequence[str]) -> list[str]:
    """A source: one schema, with the lines of its tables."""
    return [f"  - name: {_scalar(snake(schema))}", f"    schema: {_scalar(schema)}", "    tables:", *tables]


def table_meta(proposal: TableProposal, environments: EnvironmentOf) -> dict[str, Any]:
    """The meta of one table."""
    table = proposal.table
    meta: dict[str, Any] = {}
    questions = proposal.questions
    if questions:
        meta["decide"] = (
            " ".join(f"({n}) {text}" for n, text in enumerate(questions, 1)) if questions[1:] else questions[0]
        )
    meta["key"] = table.key or next(iter(table.primary_key), table.columns[0].name)
    if not proposal.is_personal and not proposal.kind:
        return meta
    if proposal.owner:
        link = own_link(proposal)
        meta["owner"] = {"table": proposal.owner} | ({"key": link.columns[0]} if link else {})
    else:
        meta["kind"] = proposal.name
    meta["marker"] = proposal.marker
    column = environments.column(table)
    if column:
        meta["environment"] = column
    if proposal.created:
        # An index needs the instant as it is stored; of any other form only the words of plan and policy are told.
        meta["created" if proposal.created.type_name == "timestamptz" else "counted_from"] = proposal.created.name
    if proposal.unreached:
        meta["unreached"] = proposal.unreached
    singular = singular_meta(proposal.name)
    return meta | ({"singular": singular} if singular else {})


def table_lines(proposal: TableProposal, environments: EnvironmentOf) -> list[str]:
    """One entry, with its columns, and what a person should know of the table as comments."""
    table = proposal.table
    rows = f"About {table.rows:,} rows. " if table.rows else ""
    lines = [f"      # {rows}{note}" for note in proposal.notes[:1]] + [
        f"      # {note}" for note in proposal.notes[1:]
    ]
    if rows and not proposal.notes:
        lines.append(f"      # {rows.strip()}")
    lines.append(f"      - name: {_scalar(proposal.name)}")
    if proposal.name != table.name:
        lines.append(f"        identifier: {_scalar(table.name)}")
    lines += config_lines(table_meta(proposal, environments), " " * 8)
    if proposal.repeats:  # the same table again: its columns are said once
        return [*lines, f"        columns: *columns_of_{proposal.repeats}", ""]
    lines.append(f"        columns: &columns_of_{proposal.name}" if proposal.also else "        columns:")
    for column in proposal.columns:
        lines += column_lines(column)
    return [*lines, ""]


def column_lines(proposal: ColumnProposal) -> list[str]:
    """One column, with its type and meta."""
    column = proposal.column
    lines = [f"          - name: {_scalar(column.name)}", f"            data_type: {_scalar(column.data_type)}"]
    if column.comment:
        lines.append(f"            description: {_scalar(plain_text(column.comment))}")
    return lines + config_lines(proposal.meta, " " * 12)


def config_lines(meta: Mapping[str, Any], indent: str) -> list[str]:
    """A config with its meta: on one line, or with a question that can be removed as a line of its own."""
    if "decide" not in meta:
        return [f"{indent}config: {_flow({'meta': dict(meta)})}"]
    written = [f"{indent}config:", f"{indent}  meta:"]
    return written + [f"{indent}    {_scalar(name)}: {_flow(value)}" for name, value in meta.items()]


def plain_text(text: str) -> str:
    """A comment of the database's, as dbt takes it: on one line, and not to be rendered."""
    return " ".join(text.split()).replace("{{", "{ {").replace("{%", "{ %").replace("{#", "{ #")


def _scalar(value: str) -> str:
    return _flow(value)


def _flow(value: object) -> str:
    """A value as YAML on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=float("inf"), allow_unicode=True)
    return text.removesuffix("...\n").strip()


def kinds_of(proposals: Iterable[TableProposal]) -> list[str]:
    """The kinds of row in the order in which they are shown: messages, attachments, users, then the others."""
    personal = [proposal.name for proposal in proposals if proposal.is_personal or proposal.kind]
    first = [name for name in ("messages", "attachments", "users") if name in personal]
    return first + sorted(name for name in personal if name not in first)
