"""One entry of the data map, as it is proposed."""

from dataclasses import dataclass, field

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.columns import ColumnProposal, Role
from flows.adopt.links import Link, Way
from flows.adopt.words import says


@dataclass(frozen=True, slots=True)
class Owner:
    """The kind that rows go with, and the way to its rows; `is_derived`: over the file that theirs was made from."""

    name: str
    way: Way
    is_derived: bool = False


@dataclass(slots=True)
class TableProposal:
    """One entry of the data map. `owner`: the kind that it goes with over `way`; `kind`: judged on its own.

    `also`: further owners, where a (type, id) pair names rows of several tables, and of files that are derived from
    others: entries of their own, of the same table, which `repeats` the columns of the first.
    `words`: of all these, those that say the type of an owner where a (type, id) pair names it.
    """

    table: Table
    name: str
    role: Role
    columns: list[ColumnProposal]
    kind: bool = False
    owner: str = ""
    way: Way = ()
    also: tuple[Owner, ...] = ()
    repeats: str = ""
    is_derived: bool = False
    marker: str = "aside"
    created: Column | None = None
    belongs: bool = False
    words: tuple[str, ...] = ()
    unreached: str = ""
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_personal(self) -> bool:
        """Whether something of it is replaced."""
        return any(column.is_personal for column in self.columns)

    @property
    def open_questions(self) -> list[tuple[str, str]]:
        """Every question to a person: the column's name, "" for the table, and the question."""
        asked = [("", question) for question in self.questions]
        return (
            asked
            if self.repeats
            else asked + [(c.column.name, str(c.meta["decide"])) for c in self.columns if "decide" in c.meta]
        )


def needed_way(proposal: TableProposal) -> Way:
    """The way to the owner where only rows that have one are the entry's: files, which others may name as well."""
    is_shared = any(step.is_backwards or step.link.type_column for step in proposal.way)
    return proposal.way if proposal.role == Role.FILE and is_shared else ()


def own_link(proposal: TableProposal) -> Link | None:
    """The link to the owner's row where the table's own column holds the owner's key."""
    way = proposal.way
    if len(way) == 1 and not way[0].is_backwards and not way[0].link.type_column:
        link = way[0].link
        return link if link.target_columns == (link.target.key,) else None
    return None


def unit_of(created: Column) -> str | None:
    """What a stored instant counts: "instant", "day", "s", "ms"; None where nobody can tell."""
    if created.family != Family.NUMBER:
        return "day" if created.family == Family.DATE else "instant"
    if says(created.words, "instants", "milliseconds"):
        return "ms"
    if created.type_name == "int4" or says(created.words, "instants", "seconds"):
        return "s"
    return None
