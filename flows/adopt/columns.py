"""What is proposed for each column: a replacement, or why it stays, or a question to a person."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.links import Link, Links
from flows.adopt.meanings import SETTINGS, STRONG, UNKNOWN, Meaning, holds_content, meaning_of
from flows.adopt.pairs import is_id
from flows.adopt.replacements import Meta, can_be_random, replacement_for
from flows.adopt.words import speaks_of_people


class Role(StrEnum):
    """What the rows of a table are, as far as a column's meaning depends on it."""

    PEOPLE = "people"
    WRITTEN = "what people wrote"
    CONVERSATION = "conversations"
    FILE = "files"
    LOG = "events"
    STAFF = "staff"
    TENANT = "companies"
    THING = "things"
    JOIN = "what joins files to their rows"
    UNKNOWN = "unknown"


# Rows of these roles hold something of a person; text whose name says nothing is asked about.
CLOSE = frozenset({Role.PEOPLE, Role.WRITTEN, Role.CONVERSATION, Role.FILE, Role.LOG})
UNKNOWN_QUESTIONS = (
    "Which of its keys are personal? As proposed all go; replacement: json with paths leaves the others",
    "Does it hold something of a person? As proposed it goes",
)
# Types that hold whatever somebody puts into them.
FREE = frozenset({Family.TEXT, Family.JSON, Family.HSTORE, Family.BYTES})
# Why what is in a table of things, or of what nobody knows, stays.
OF_A_THING = "of a thing, not of a person"
# What "name" means.
_NAME = {Role.PEOPLE: "person_name", Role.WRITTEN: "person_name", Role.CONVERSATION: "content", Role.FILE: "file_name"}


@dataclass(slots=True)
class ColumnProposal:
    """A column and the meta proposed for it, `decide` included."""

    column: Column
    meta: Meta = field(default_factory=dict)

    @property
    def is_personal(self) -> bool:
        """Whether something replaces it."""
        return "replacement" in self.meta


def propose_column(column: Column, table: Table, role: Role, links: Links) -> ColumnProposal:
    """The proposal for one column of a table whose rows are of a role."""
    fixed = _fixed(column, table, links.of(table))
    if fixed is not None:
        return ColumnProposal(column, fixed)
    meaning = _meaning_in(column, role, links, is_of_people=speaks_of_people(table.words))
    if meaning.is_plain:
        return ColumnProposal(column, _kept(meaning.why))
    if role in CLOSE:
        return ColumnProposal(column, _of_person(column, table, role, meaning.name))
    return ColumnProposal(column, _elsewhere(column, table, role, meaning.name))


def _meaning_in(column: Column, role: Role, links: Links, *, is_of_people: bool) -> Meaning:
    """What a column holds, given what the rows of its table are."""
    meaning = meaning_of(column)
    if meaning.why in SETTINGS and role in CLOSE and column.family in FREE:
        meaning = Meaning("attributes")  # a person's settings are theirs; those of what is written came with it
    if meaning.name == "name":
        if role == Role.LOG and is_of_people:
            return UNKNOWN  # a chat's session may be called after who chats
        return Meaning(
            _NAME.get(role, "plain"), f"names {'what happened' if role == Role.LOG else 'a thing, not a person'}"
        )
    if role == Role.FILE and column.words == ("key",):
        return Meaning("file_key")
    is_certain = meaning.is_plain or meaning.name in STRONG | {"secret"}
    return meaning if is_certain else _id_in(column, meaning, links)


def _id_in(column: Column, meaning: Meaning, links: Links) -> Meaning:
    """What a column holds that may name rows, of the platform or of elsewhere."""
    if column.words[-1:] == ("ids",) and meaning.name != "file_key":
        return Meaning("plain", "names rows elsewhere in the platform")
    if is_id(column):
        is_own = column.data_type in links.types_of_keys
        return Meaning("plain", "names a row elsewhere in the platform") if is_own else Meaning("id")
    return meaning


def _fixed(column: Column, table: Table, links: Collection[Link]) -> Meta | None:
    """What keys and links are."""
    meaning = meaning_of(column)
    if column.name == table.key:
        if column.family == Family.TEXT and meaning.name in STRONG - {"network_id", "device"}:
            return _asked(_kept("the key"), "The key names a person and can't be replaced: may it stay?")
        return _kept("internal key")
    for link in links:
        if column.name not in link.columns or link.is_by_content:
            continue
        if link.type_column:
            return _kept(f"names a row of the table that {link.type_said_by} says")
        place = link.columns.index(column.name)
        named = link.target_columns[place]
        if named == link.target.key or meaning_of(link.target[named]).name not in STRONG:
            return _kept(f"names a row of {link.target.name}")
    return None


def _of_person(column: Column, table: Table, role: Role, meaning: str) -> Meta:
    """In a table of people, of what they wrote or of what belongs to either."""
    if meaning in ("file_key", "file_url"):
        return file_meta(column, table, is_url=meaning == "file_url")
    if meaning == "id" and column.family == Family.TEXT and not column.is_array:
        meta, question = replacement_for(column, table, "network_id")
        return _asked(meta, question or "Does it name a person or a message outside of the platform?")
    if meaning == "id":
        return _kept("names rows elsewhere in the platform")
    meta, question = replacement_for(column, table, meaning)
    if meaning in ("unknown", "attributes"):
        question = question or _question_of_unknown(column)
    if meaning == "picture" and column.family == Family.TEXT and not column.is_array:
        question = question or "Does it lie in a store of yours? Then replacement: file, so that it is purged"
    is_repeated_number = column.family == Family.NUMBER and is_id(column) and not table.is_unique(column.name)
    if meaning == "network_id" and is_repeated_number:
        question = question or (
            "Does it name a row of the platform? Then personal: false. As proposed it is an identifier of elsewhere, "
            "and goes"
        )
    if role == Role.CONVERSATION and meaning_of(column).name == "name":
        question = question or "Does it name a person, as that of a talk of two may? As proposed it goes"
    return _asked(meta, question)


def _question_of_unknown(column: Column) -> str:
    return UNKNOWN_QUESTIONS[column.family not in (Family.JSON, Family.HSTORE)]


def file_meta(column: Column, table: Table, question: str = "", *, is_url: bool = False) -> Meta:
    """A column that holds an object key, several, or a URL that ends in one; `question` is asked first."""
    if column.is_array and column.family not in (Family.TEXT, Family.UUID):
        question = "It names files, which stay: of an array only keys or URLs in text can be purged. Do they?"
        return _asked({"replacement": "empty"}, question)
    is_unique = table.is_unique(column.name)
    is_random = is_unique and not column.is_nullable and can_be_random(column)
    leaves = "random_id" if is_random else "null" if column.is_nullable else "empty"
    meta: Meta = {"replacement": "file", "leaves": leaves}
    bucket = next((c.name for c in table.columns if "bucket" in c.words and c.family == Family.TEXT), None)
    meta |= {"bucket": bucket} if bucket else {"bucket_name": ""}
    is_several = column.family == Family.JSON or column.is_array
    if is_url:
        meta |= {"holds": "urls" if is_several else "url", "base_url": ""}
    elif is_several:
        meta["holds"] = "keys"
    questions = [question] if question else []
    questions += [] if bucket else ["In which bucket are its files?"]
    if is_url:
        questions.insert(0, "Which address do the URLs of your own store begin with?")
    if is_unique and leaves == "empty":
        questions.append("It is unique and not null, so that two empty keys are refused: may it be null?")
    return _asked(meta, " ".join(questions))


def _elsewhere(column: Column, table: Table, role: Role, meaning: str) -> Meta:
    """In a table of things, companies, staff, or of what nobody knows."""
    if role == Role.STAFF:
        return _kept("of the company's own people, while they work there")
    if role == Role.TENANT:
        return _kept("of a company, which is no data subject")
    if meaning == "network_id" and role == Role.UNKNOWN and holds_content(table):
        return replacement_for(column, table, meaning)[0]
    is_free = meaning in ("attributes", "unknown") and (column.family in FREE - {Family.TEXT} or holds_content(table))
    if role == Role.UNKNOWN and (meaning in STRONG - {"network_id"} or meaning in ("content", "payload") or is_free):
        meta, question = replacement_for(column, table, meaning)
        return _asked(meta, question)
    if meaning == "secret":
        return _kept("a key between machines")
    return _kept(OF_A_THING)


def _kept(why: str) -> Meta:
    return {"personal": False, "why": why}


def _asked(meta: Meta, question: str) -> Meta:
    return {"decide": question, **meta} if question else meta
