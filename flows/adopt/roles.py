"""What the rows of a table are, by its name, its columns and what they name."""

from collections.abc import Collection

from flows.adopt.catalog import Family, Table
from flows.adopt.columns import Role
from flows.adopt.links import BY_PAIR, Links, is_made_by
from flows.adopt.meanings import FILES, STRONG, is_content, meaning_of
from flows.adopt.parts import Parts, is_called
from flows.adopt.words import lexicon, says, speaks_of_people


def role_of(table: Table, parts: Parts, links: Links) -> Role:
    """What the rows of a table are."""
    known = {parts.messages.oid: Role.WRITTEN, parts.users.oid: Role.PEOPLE}
    if parts.conversations:
        known[parts.conversations.oid] = Role.CONVERSATION
    if parts.environments:
        known[parts.environments.oid] = Role.TENANT
    known |= {table.oid: Role.STAFF for table in parts.staff}
    return known.get(table.oid) or _role_by_links(table, parts, links)


def _role_by_links(table: Table, parts: Parts, links: Links) -> Role:
    if _joins_files(table, links):
        return Role.JOIN
    if _is_of_staff(table, parts, links):
        return Role.STAFF
    belongs = belongs_to_person(table, parts, links)
    return _role_by_name(table, belongs=belongs) or _role_by_columns(table, links, belongs=belongs)


def _role_by_name(table: Table, *, belongs: bool) -> Role | None:
    if is_called(table, "file", "log"):
        return Role.FILE if is_called(table, "file") else Role.LOG
    if _is_published(table, belongs=belongs) or (_is_thing(table) and not belongs and not _holds_text(table)):
        return Role.THING
    if is_called(table, "message") or (belongs and is_called(table, "text")):
        return Role.WRITTEN
    return Role.THING if _is_thing(table) and not (belongs and speaks_of_people(table.words)) else None


def _role_by_columns(table: Table, links: Links, *, belongs: bool) -> Role:
    meanings = {meaning_of(column).name for column in table.columns}
    if meanings & (FILES - {"file_name"}) or _tells_of_file(table, meanings) or _holds_bytes_of_file(table, links):
        return Role.FILE
    if is_called(table, "customer", "person") and (belongs or meanings & STRONG):
        return Role.PEOPLE
    if belongs:
        return Role.PEOPLE if not is_called(table, "conversation") else Role.CONVERSATION
    return Role.THING if _is_list(table) and not meanings & STRONG else Role.UNKNOWN


def _tells_of_file(table: Table, meanings: Collection[str]) -> bool:
    """Whether rows tell of a file whose key is elsewhere: they have its name, and its size or type."""
    told = any(says(column.words, "words", "size", "media_type") for column in table.columns)
    return "file_name" in meanings and told


def _holds_bytes_of_file(table: Table, links: Links) -> bool:
    """Whether rows hold the bytes of files that other rows tell of."""
    return any(is_called(link.target, "file") and link.is_by_content for link in links.of(table))


def _is_list(table: Table) -> bool:
    """Whether rows are things that somebody set up, each under a name of its own."""
    named = {("name",), ("key",), ("slug",), ("title",), ("label",), ("code",)}
    words = [table[name].words for names in (*table.uniques, table.primary_key) for name in names]
    is_of_people = is_called(table, "customer", "person", "message", "conversation", "file", "log")
    return bool(named.intersection(words)) and not is_of_people


def _is_thing(table: Table) -> bool:
    """Whether a table holds what the operator or a company sets up, by the last or the first word of its name."""
    return is_called(table, "thing", "machine") or table.words[:1] in lexicon()["tables"]["thing"]


def _is_published(table: Table, *, belongs: bool) -> bool:
    """Whether rows are pages that a company shows to everybody: emptied by age, a help centre would go blank."""
    has_address = any(column.words == ("slug",) for column in table.columns)
    return has_address and (not belongs or is_called(table, "text", "thing"))


def _holds_text(table: Table) -> bool:
    return any(is_content(column) for column in table.columns)


def _joins_files(table: Table, links: Links) -> bool:
    """Whether a table only joins files, which are elsewhere, to the rows that they belong to."""
    meanings = {meaning_of(column).name for column in table.columns}
    certain = [link for link in links.of(table) if not link.type_column and link.target is not table]
    names_file = any(is_called(link.target, "file") for link in certain)
    tells = any(says(column.words, "words", "size") or column.family == Family.BYTES for column in table.columns)
    return names_file and not meanings & FILES and not tells


def belongs_to_person(table: Table, parts: Parts, links: Links) -> bool:
    """Whether rows of a table name a message, a person or a conversation."""
    personal = (parts.messages, parts.users, *([parts.conversations] if parts.conversations else []))
    return any(link.target in personal and link.cost < BY_PAIR and not is_made_by(link) for link in links.of(table))


def _is_of_staff(table: Table, parts: Parts, links: Links) -> bool:
    """Whether rows of a table name somebody of the company's own people and nobody else; logs may tell of anybody."""
    targets = [link.target for link in links.of(table) if link.cost < BY_PAIR]
    personal = (parts.messages, parts.users, parts.conversations)
    is_free = is_called(table, "log", "file", "message", "text")
    return not is_free and any(target in parts.staff for target in targets) and not any(t in personal for t in targets)
