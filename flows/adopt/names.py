"""The names of the data map's entries, after which views and indexes are called."""

from collections.abc import Mapping

from flows.adopt.parts import Parts, is_called
from flows.adopt.proposals import TableProposal
from flows.adopt.words import snake

# With it, what is called after an entry has a name that PostgreSQL takes whole.
LONGEST = 40
# Thin views that are no kind's.
TAKEN = ("environments", "event_persons")


def name_entries(proposals: list[TableProposal], parts: Parts, known: Mapping[tuple[str, str], str]) -> None:
    """Gives each entry its name: the one it has, ours for the parts that we have a word for, else the table's own."""
    ours = {parts.messages.oid: "messages", parts.users.oid: "users"}
    if parts.environments:
        ours[parts.environments.oid] = "environments"
    given = {p.table.oid: name for p in proposals if (name := known.get((p.table.schema, p.table.name)))}
    files = [proposal for proposal in proposals if proposal.owner == "messages" and _holds_files(proposal)]
    if files and "attachments" not in given.values():
        ours.setdefault(min(files, key=_distance).table.oid, "attachments")
    ours |= given
    taken: set[str] = {"messages", "users", "attachments", *TAKEN, *given.values()}
    for proposal in proposals:
        first = ours.pop(proposal.table.oid, None)
        proposal.name = first or _free_name(proposal, taken)
        taken.add(proposal.name)
    first_of = {proposal.table.oid: proposal.name for proposal in reversed(proposals)}
    for proposal in proposals:
        if proposal.repeats:
            proposal.repeats = first_of[proposal.table.oid]


def _holds_files(proposal: TableProposal) -> bool:
    names_file = any(column.meta.get("replacement") == "file" for column in proposal.columns)
    return proposal.is_personal and (names_file or is_called(proposal.table, "file"))


def _distance(proposal: TableProposal) -> tuple[bool, bool, int]:
    """How far an entry is from what the engine calls an attachment."""
    has_key = any(own.meta.get("replacement") == "file" and "holds" not in own.meta for own in proposal.columns)
    return snake(proposal.table.name) != "attachments", not has_key, len(proposal.way)


def _free_name(proposal: TableProposal, taken: set[str]) -> str:
    plain, owner = snake(proposal.table.name), f"_of_{proposal.owner}" if proposal.owner else ""
    plain = f"derived_{plain}" if proposal.is_derived else plain
    wanted = [f"{_cut(plain, LONGEST - len(owner))}{owner}", _cut(f"{snake(proposal.table.schema)}_{plain}", LONGEST)]
    wanted = wanted if proposal.repeats else [_cut(plain, LONGEST), *wanted]
    wanted += [f"{_cut(plain, LONGEST - 4)}_{number}" for number in range(2, 1000)]
    return next(name for name in wanted if name not in taken)


def _cut(name: str, length: int) -> str:
    """The beginning of a name, to the end of a word."""
    if len(name) <= length:
        return name
    return name[:length].rpartition("_")[0] or name[:length]
