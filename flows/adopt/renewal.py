"""Adopting anew what the platform has added since: every decision stays, what is new is asked about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.adopt.adoption import Adoption
from flows.adopt.declared import DATA_MAP, Declared, Gap
from flows.adopt.proposals import TableProposal
from flows.adopt.rulings import rule
from flows.adopt.sources import column_lines, source_lines, table_lines
from flows.errors import BadConfiguration

NEW = "New since the platform was adopted: is it right so?"
_KINDS = re.compile(r"^(\s*kinds: \[)([^\]]*)(\])", re.MULTILINE)


@dataclass(slots=True)
class Renewal:
    """What is new, what is gone, and the files that say so."""

    added: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


def renew(folder: Path, declared: Declared, adoption: Adoption) -> Renewal:
    """Compares a declared data map with what is proposed now, and words what is missing of it."""
    renewal = Renewal(gone=_gone(declared, adoption))
    edits: list[tuple[Gap, list[str]]] = []
    new_tables: list[TableProposal] = []
    for proposal in adoption.proposals:
        place = (proposal.table.schema, proposal.table.name)
        if place not in declared.names:
            new_tables.append(proposal)
        elif not proposal.repeats:
            edits += _new_columns(declared, proposal, renewal)
    edits += _new_tables(declared, adoption, new_tables, renewal)
    ruled = [rule(proposal, adoption, declared) for proposal in adoption.proposals if not proposal.repeats]
    edits += [edit for edit in ruled if edit]
    if edits:
        renewal.files[str(DATA_MAP)] = _edited(declared.text, edits)
    decided = [p for p in adoption.proposals if (p.table.schema, p.table.name) in declared.unruled and not p.repeats]
    renewal.added += [f"the rule of {p.table.schema}.{p.table.name}" for p in decided]
    _add_kinds(folder, adoption, [p for p in (*new_tables, *decided) if p.name in adoption.kinds], renewal)
    return renewal


def write_renewal(folder: Path, renewal: Renewal) -> None:
    """Writes what changed; a thin view that is there already stays as it is."""
    for name, text in renewal.files.items():
        path = folder / name
        if not (name.startswith("models/platform_") and path.exists()):
            path.write_text(text, encoding="utf-8")


def _new_columns(declared: Declared, proposal: TableProposal, renewal: Renewal) -> list[tuple[Gap, list[str]]]:
    place = (proposal.table.schema, proposal.table.name)
    edits = []
    for own in proposal.columns:
        if own.column.name not in declared.columns[place]:
            own.meta = {"decide": NEW} | own.meta
            edits.append((declared.column_gaps[place], column_lines(own)))
            renewal.added.append(f"{'.'.join(place)}.{own.column.name}")
            renewal.questions.append(f"{declared.names[place]}.{own.column.name}: {own.meta['decide']}")
    return edits


def _new_tables(
    declared: Declared, adoption: Adoption, proposals: Sequence[TableProposal], renewal: Renewal
) -> list[tuple[Gap, list[str]]]:
    edits = []
    last = Gap(len(declared.text.splitlines()) - 1, 2)
    for schema in dict.fromkeys(proposal.table.schema for proposal in proposals):
        new = [proposal for proposal in proposals if proposal.table.schema == schema]
        for proposal in new:
            proposal.questions.insert(0, NEW)
            renewal.added.append(f"{schema}.{proposal.table.name}")
            renewal.questions += [
                f"{proposal.name}{f'.{column}' if column else ''}: {asked}" for column, asked in proposal.open_questions
            ]
        lines = [line for proposal in new for line in table_lines(proposal, adoption.environments)]
        if schema in declared.table_gaps:
            edits.append((declared.table_gaps[schema], ["", *lines]))
        else:
            edits.append((last, ["", *source_lines(schema, lines)]))
    return edits


def _edited(text: str, edits: Sequence[tuple[Gap, list[str]]]) -> str:
    lines = text.splitlines()
    # From below, so that line numbers hold; at one place the first stands first.
    for gap, added in sorted(edits, key=lambda edit: edit[0].line)[::-1]:
        first = next(line for line in added if line.strip())
        margin = len(first) - len(first.lstrip())
        moved = [f"{' ' * gap.indent}{line[margin:]}" if line.strip() else "" for line in added]
        lines[gap.line + 1 : (gap.line if gap.until is None else gap.until) + 1] = moved if moved[-1] else moved[:-1]
    return "\n".join(lines) + "\n"


def _add_kinds(folder: Path, adoption: Adoption, new: Sequence[TableProposal], renewal: Renewal) -> None:
    if not new:
        return
    path = folder / "dbt_project.yml"
    text = path.read_text(encoding="utf-8")
    names = ", ".join(proposal.name for proposal in new)
    if not _KINDS.search(text):
        raise BadConfiguration(
            f"Adding the kinds {names} to {path}: expected a line `kinds: [...]` under vars, found none. "
            "Write it there on one line, and call again; nothing was written."
        )
    renewal.files["dbt_project.yml"] = _KINDS.sub(rf"\g<1>\g<2>, {names}\g<3>", text, count=1)
    views = adoption.files()
    renewal.files |= {name: views[name] for p in new if (name := f"models/platform_{p.name}.sql")}


def _gone(declared: Declared, adoption: Adoption) -> list[str]:
    there = {(p.table.schema, p.table.name): {own.column.name for own in p.columns} for p in adoption.proposals}
    schemas = {schema for schema, _ in there}
    gone = [".".join(place) for place in declared.names if place not in there and place[0] in schemas]
    for place, columns in there.items():
        gone += [f"{'.'.join(place)}.{name}" for name in sorted(declared.columns.get(place, set()) - columns)]
    return gone
