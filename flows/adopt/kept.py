"""What keeps a file: a row that names it, and leads to none of the owners that the entries of its table have."""

from collections.abc import Iterator, Sequence

from flows.adopt.catalog import Table
from flows.adopt.columns import Role
from flows.adopt.joins import OWN, literal
from flows.adopt.links import Links, Step, Way
from flows.adopt.proposals import TableProposal


def shared_by(way: Way) -> int | None:
    """Which step of a way leads on from a row that names a file by its type and id; None where no such row does."""
    for index, step in enumerate(way):
        is_named = any(before.is_backwards for before in way[:index])
        if is_named and step.link.type_column and not step.is_backwards:
            return index
    return None


def ask_who_else_names(proposals: Sequence[TableProposal], links: Links) -> None:
    """Asks about rows of other tables that name files as well, at files that go with the owners of what names them."""
    for proposal in proposals:
        if proposal.repeats or proposal.role != Role.FILE or not any(step.is_backwards for step in proposal.way):
            continue
        ways = [other.way for other in proposals if other.table is proposal.table]
        known = {table.oid for way in ways for step in way for table in (step.link.table, step.link.target)}
        plain = [link for link in links.to(proposal.table) if not (link.is_by_content or link.type_column)]
        others = [link for link in plain if link.table.oid not in known]
        named = ", ".join(dict.fromkeys(f"{link.table.name}.{link.columns[0]}" for link in others))
        if named:
            views = ", ".join(f"models/platform_{name}.sql" for name in _led_over(proposal.table, proposals))
            proposal.questions.append(
                f"Does {named} name files of its own, which no due row names too? As proposed a file goes with its "
                f"owners all the same; if it has to stay, is_kept says so in {views}"
            )


def _led_over(table: Table, proposals: Sequence[TableProposal]) -> Iterator[str]:
    """The entries of a table of files, and of what is found by them, such as their bytes: each keeps its own rows."""
    for proposal in proposals:
        passed = {over.oid for step in proposal.way for over in (step.link.table, step.link.target)}
        if proposal.is_personal and (proposal.table is table or table.oid in passed):
            yield proposal.name


def kept_sql(proposal: TableProposal, source_of: dict[int, str]) -> str | None:
    """Whether a row of no known type names the file too, as SQL; None where none can."""
    index = shared_by(proposal.way)
    if index is None:
        return None
    froms: list[str] = []
    wheres: list[str] = []
    alias = OWN
    for number, step in enumerate(proposal.way[:index], 1):
        before, alias = alias, f"shown_{number}"
        joined, on = f"{source_of[step.goal.oid]} as {alias}", _conditions(step, before, alias)
        froms.append(f"inner join {joined} on {on}" if froms else f"from {joined}")
        wheres += [on] if number == 1 else []
        if step.link.type_column:
            wheres.append(f"{_type_of(step, before, froms, source_of)} = {literal(step.link.word)}")
    words = ", ".join(literal(word) for word in proposal.words)
    wheres.append(f"{_type_of(proposal.way[index], alias, froms, source_of)} not in ({words})")
    lines = "\n        ".join(("select 1", *froms, f"where {' and '.join(wheres)}"))
    return f"exists (\n        {lines}\n    )"


def _conditions(step: Step, before: str, alias: str) -> str:
    """What leads from a row of the table called `before` to the next, which is called `alias`."""
    link = step.link
    here, there = (alias, before) if step.is_backwards else (before, alias)
    return " and ".join(
        f"{here}.{link.table[own].quoted} = {there}.{link.target[target].quoted}"
        for own, target in zip(link.columns, link.target_columns, strict=True)
    )


def _type_of(step: Step, alias: str, froms: list[str], source_of: dict[int, str]) -> str:
    """The type of a pair as text, '' where there is none; where a list of types says it, that is joined too."""
    link = step.link
    if link.types is None:
        return f"coalesce(cast({alias}.{link.table[link.type_column].quoted} as text), '')"
    listed, types = f"{alias}_type", link.types
    froms.append(
        f"left join {source_of[types.target.oid]} as {listed}"
        f" on {alias}.{types.table[types.columns[0]].quoted} = {listed}.{types.target[types.target_columns[0]].quoted}"
    )
    return f"coalesce(cast({listed}.{types.target[link.type_column].quoted} as text), '')"
