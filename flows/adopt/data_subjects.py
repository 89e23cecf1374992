"""Which rows of a table that holds customers and staff are data subjects."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.joins import OWN, literal
from flows.adopt.links import Link, Links, is_made_by
from flows.adopt.meanings import meaning_of
from flows.adopt.words import ends_with, holds, lexicon, one_of

_FLAGS = frozenset(
    {("kind",), ("type",), ("role",), ("roles",), ("user", "type"), ("member", "type"), ("typ",), ("tipo",)}
)


@dataclass(frozen=True, slots=True)
class Roles:
    """A table that gives people their roles: its links to them and to the roles, and what the roles are called."""

    to_person: Link
    to_role: Link
    name: Column


@dataclass(frozen=True, slots=True)
class Subjects:
    """The table of people, and what tells customers from staff in it: a column, or the roles that they have."""

    users: Table
    flag: Column | None = None
    roles: Roles | None = None

    @property
    def may_share(self) -> bool:
        """Whether staff may be among them, which nothing tells: people who log in have a password."""
        secrets = [column for column in self.users.columns if meaning_of(column).name == "secret"]
        return not self.flag and not self.roles and bool(secrets)

    def condition(self, source_of: Mapping[int, str]) -> str:
        """The condition that makes only customers data subjects, or ''."""
        if self.flag:
            return _by_flag(self.flag)
        return _by_roles(self.roles, source_of) if self.roles else ""


def subjects_of(users: Table, links: Links) -> Subjects:
    """What tells customers from staff."""
    flag = _flag(users)
    return Subjects(users, flag, None if flag else _roles(users, links))


def _flag(users: Table) -> Column | None:
    for column in users.columns:
        tells_staff = holds(column.words, lexicon()["tables"]["staff"]) and column.family == Family.BOOLEAN
        if tells_staff or (column.words in _FLAGS and column.family in (Family.TEXT, Family.ENUM, Family.NUMBER)):
            return column
    return None


def _by_flag(flag: Column) -> str:
    if flag.family == Family.BOOLEAN:
        return f"not {OWN}.{flag.quoted}"
    customers = lexicon()["tables"]["customer"]
    words = [literal(label) for label in flag.labels if (label.lower(),) in customers]
    if not words:
        return ""
    is_one_of = f"in ({', '.join(words)})" if words[1:] else f"= {words[0]}"
    return f"{OWN}.{flag.quoted} {is_one_of}"


def _roles(users: Table, links: Links) -> Roles | None:
    """The roles that people have over a table between; the one with the fewest columns, which only joins them."""
    called = lexicon()["words"]["role"]
    found = []
    for to_person in links.to(users):
        for to_role in links.of(to_person.table):
            is_role = ends_with(one_of(to_role.target.words), called) and to_role.target is not users
            name = next((column for column in to_role.target.columns if meaning_of(column).name == "name"), None)
            if is_role and name and not is_made_by(to_person) and not to_person.type_column:
                found.append((len(to_person.table.columns), to_person.table.name, Roles(to_person, to_role, name)))
    return min(found, key=lambda one: one[:2])[2] if found else None


def _by_roles(roles: Roles, source_of: Mapping[int, str]) -> str:
    given, role = roles.to_person.table, roles.to_role.target
    words = ", ".join(literal(" ".join(words)) for words in lexicon()["words"]["staff_role"])
    return (
        f"not exists (\n    select 1 from {source_of[given.oid]} as given\n"
        f"    inner join {source_of[role.oid]} as role"
        f" on given.{given[roles.to_role.columns[0]].quoted} = role.{role[roles.to_role.target_columns[0]].quoted}\n"
        f"    where given.{given[roles.to_person.columns[0]].quoted}"
        f" = {OWN}.{roles.to_person.target[roles.to_person.target_columns[0]].quoted}\n"
        f"        and lower(role.{roles.name.quoted}) in ({words})\n)"
    )
