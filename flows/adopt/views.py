"""The thin views: the platform's names become ours, as SQL that a person reads and corrects."""

from dataclasses import dataclass

from flows.adopt.authors import Author, Direction
from flows.adopt.catalog import Column, Family, Table
from flows.adopt.joins import OWN, Joins, literal
from flows.adopt.kept import kept_sql
from flows.adopt.meanings import meaning_of
from flows.adopt.parts import created_column
from flows.adopt.places import EnvironmentOf
from flows.adopt.proposals import TableProposal, needed_way, own_link, unit_of
from flows.adopt.words import ends_with, holds, lexicon, says, singular

_MONTHS = """\
    -- A platform that stores its own setting shows it here, in whole months.
    cast(null as integer) as retention_months"""


@dataclass(frozen=True, slots=True)
class Views:
    """What all thin views of a project share."""

    source_of: dict[int, str]
    environments: EnvironmentOf
    zone: str
    author: Author
    direction: Direction
    epoch: str = "milliseconds"

    def environments_view(self) -> str:
        """The view of the environments; of one where the platform knows none."""
        table, users = self.environments.table, self.environments.users
        name = self.environments.column(users) if users else None
        if table is None and users and name:
            key = users[name].quoted
            lines = f"select distinct\n    {key} as environment_id,\n{_MONTHS}\nfrom {self.source_of[users.oid]}"
            return f"-- Every tenant that has users: no table lists them.\n{lines}\nwhere {key} is not null\n"
        if table is None or table.key is None:
            return f"-- One environment: the whole database.\nselect\n    1 as environment_id,\n{_MONTHS}\n"
        key = table[table.key].quoted
        return f"select\n    {key} as environment_id,\n{_MONTHS}\nfrom {self.source_of[table.oid]}\n"

    def view(self, proposal: TableProposal) -> str:
        """The thin view of one entry of the data map."""
        joins = Joins(proposal.table, self.source_of, needed_way(proposal))
        columns = [(self._key(proposal), f"{singular_of(proposal.name)}_id")]
        environment = self.environments.sql(proposal, joins)
        columns.append((environment, "environment_id"))
        named = {"messages": self._of_message, "users": self._of_user, "attachments": self._of_attachment}
        columns += named.get(proposal.name, self._of_any)(proposal, joins)
        kept = kept_sql(proposal, self.source_of)
        columns += [(kept, "is_kept")] if kept else []
        columns.append((f"{{{{ retention.anonymized_on('{proposal.name}') }}}}", "anonymized_on"))
        condition = self.author.condition if proposal.name == "users" else ""
        return _render(columns, joins, self.source_of[proposal.table.oid], condition)

    def _key(self, proposal: TableProposal) -> str:
        key = proposal.table.key or proposal.table.columns[0].name
        return f"{OWN}.{proposal.table[key].quoted}"

    def _of_message(self, proposal: TableProposal, joins: Joins) -> list[tuple[str, str]]:
        table = proposal.table
        return [
            (self.author.conversation_sql(table), "conversation_id"),
            (self.author.sql(joins), "user_id"),
            (self.direction.sql(), "direction"),
            (_visibility(table), "visibility"),
            (_network(table), "network"),
            (self._instant_called(table, "published", proposal.created), "published_at"),
            (self._created(proposal, joins), "created_at"),
        ]

    def _of_user(self, proposal: TableProposal, joins: Joins) -> list[tuple[str, str]]:
        return [
            (_network(proposal.table), "network"),
            (self._created(proposal, joins), "created_at"),
            (self._instant_called(proposal.table, "last_message", None), "last_message_at"),
            (_has_file(proposal), "has_picture"),
        ]

    def _of_attachment(self, proposal: TableProposal, joins: Joins) -> list[tuple[str, str]]:
        table = proposal.table
        media = next((c for c in table.columns if holds(c.words, lexicon()["words"]["media_type"])), None)
        size = next((c for c in table.columns if _is_size(c)), None)
        return [
            (self._owner(proposal, joins), "message_id"),
            (_has_file(proposal), "has_file"),
            (f"{OWN}.{media.quoted}" if media else "cast(null as text)", "content_type"),
            (f"{OWN}.{size.quoted}" if size else "cast(null as bigint)", "byte_size"),
            (self._created(proposal, joins), "created_at"),
        ]

    def _of_any(self, proposal: TableProposal, joins: Joins) -> list[tuple[str, str]]:
        columns = [(self._created(proposal, joins), "created_at")]
        if proposal.owner:
            columns.insert(0, (self._owner(proposal, joins), f"{singular_of(proposal.owner)}_id"))
        if any(own.meta.get("replacement") == "file" for own in proposal.columns):
            columns.append((_has_file(proposal), "has_file"))
        return columns

    def _owner(self, proposal: TableProposal, joins: Joins) -> str:
        link = own_link(proposal)
        if link:
            return joins.column((), link.columns[0])
        goal = proposal.way[-1].goal
        return joins.column(proposal.way, goal.key or "")

    def _created(self, proposal: TableProposal, joins: Joins) -> str:
        """The creation of the row; where nothing tells, that of its owner."""
        if proposal.created:
            return self.instant(proposal.created, joins.column((), proposal.created.name))
        if proposal.owner and proposal.way:
            goal = proposal.way[-1].goal
            created = created_column(goal)[0]
            if created:
                return self.instant(created, joins.column(proposal.way, created.name))
        return "cast(null as timestamp with time zone)"

    def _instant_called(self, table: Table, name: str, but: Column | None) -> str:
        """An instant by its name; null where the platform has none."""
        for column in table.columns:
            is_instant = column.family in (Family.INSTANT, Family.NUMBER) and column is not but
            if is_instant and ends_with(column.words, lexicon()["instants"][name]):
                return self.instant(column, f"{OWN}.{column.quoted}")
        return "cast(null as timestamp with time zone)"

    def instant(self, column: Column, sql: str) -> str:
        """A stored instant as a timestamptz; 0 is unset."""
        if column.type_name == "timestamptz":
            return sql
        if column.family == Family.DATE:
            return f"(cast({sql} as timestamp) at time zone 'Europe/Paris')"
        if column.family == Family.INSTANT:
            return f"({sql} at time zone {literal(self.zone)})"
        unit = unit_of(column) or ("s" if self.epoch == "seconds" else "ms")
        divisor = "" if unit == "s" else " / 1000.0"
        return f"to_timestamp(nullif({sql}, 0){divisor})"


def singular_of(name: str) -> str:
    """One row of a kind: the word that its thin view's key begins with."""
    return singular_meta(name) or name.removesuffix("s")


def singular_meta(name: str) -> str | None:
    """What the data map has to say where the name without its last s is no word; None where it is."""
    words = name.split("_")
    one = "_".join((*words[:-1], singular(words[-1])))
    return one if one not in (name, name.removesuffix("s")) else None


def _visibility(table: Table) -> str:
    for column in table.columns:
        if column.family == Family.BOOLEAN and says(column.words, "words", "private"):
            return f"case when {OWN}.{column.quoted} then 'private' else 'public' end"
        if column.family == Family.BOOLEAN and says(column.words, "words", "public"):
            return f"case when {OWN}.{column.quoted} then 'public' else 'private' end"
        if column.labels and says(column.words, "words", "visibility"):
            public = [label for label in column.labels if says((label.lower(),), "words", "public")]
            word = literal(public[0] if public else "public")
            return f"case when {OWN}.{column.quoted} = {word} then 'public' else 'private' end"
    return "'private'"


def _network(table: Table) -> str:
    for column in table.columns:
        is_word = meaning_of(column).is_plain and column.family in (Family.TEXT, Family.ENUM)
        if is_word and column.words in lexicon()["words"]["network"]:
            return f"cast({OWN}.{column.quoted} as text)"
    return "cast(null as text)"


def _is_size(column: Column) -> bool:
    return column.family == Family.NUMBER and ends_with(column.words, lexicon()["words"]["size"])


def _has_file(proposal: TableProposal) -> str:
    files = [own.column.name for own in proposal.columns if own.meta.get("replacement") == "file"]
    return " or ".join(f"{{{{ retention.has_own_file('{proposal.name}', '{name}') }}}}" for name in files) or "false"


def _render(columns: list[tuple[str, str]], joins: Joins, source: str, condition: str) -> str:
    lines = ",\n".join(
        f"    {sql}" if sql.rpartition(".")[2] == name else f"    {sql} as {name}" for sql, name in columns
    )
    imports = ",\n\n".join(joins.imports())
    head = f"with {imports}\n\n" if imports else ""
    tail = "".join(f"\n{clause}" for clause in joins.clauses()) + (f"\nwhere {condition}" if condition else "")
    return f"{head}select\n{lines}\nfrom {source} as {OWN}{tail}\n"
