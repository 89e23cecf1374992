"""Who wrote a message, and in which direction it went, as the platform's columns tell."""

from dataclasses import dataclass

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.joins import OWN, Joins, literal
from flows.adopt.links import GUESSED, Link, Links, Step, Way
from flows.adopt.parts import Parts, author_links, author_texts
from flows.adopt.words import lexicon, says, words_of


@dataclass(frozen=True, slots=True)
class Author:
    """How a message names its author: a link, a text that both repeat, or the conversation's person; or nothing."""

    users: Table
    users_source: str
    link: Link | None = None
    text: tuple[Column, Column] | None = None
    way: Way = ()
    way_column: str = ""
    conversation: str = ""
    condition: str = ""

    def sql(self, joins: Joins) -> str:
        """The author's key in platform_messages; null: written by the company."""
        key = self.users[self.users.key or ""].quoted
        if self.link:
            column = self.link.table[self.link.columns[0]].quoted
            if self.link.type_column:
                kind = self.link.table[self.link.type_column].quoted
                return f"case when {OWN}.{kind} = {literal(self.link.word)} then {OWN}.{column} end"
            return f"{OWN}.{column}"
        if self.text:
            theirs, own = self.text
            return (
                f"(\n        select author.{key} from {self.users_source} as author\n"
                f"        where author.{own.quoted} = {OWN}.{theirs.quoted} and author.{own.quoted} <> ''\n"
                f"        order by author.{key} limit 1\n    )"
            )
        if self.way_column:
            return joins.column(self.way, self.way_column)
        return f"cast(null as {self.users[self.users.key or ''].data_type})"

    def conversation_sql(self, messages: Table) -> str:
        """The conversation's key in platform_messages."""
        return f"{OWN}.{messages[self.conversation].quoted}" if self.conversation else "cast(null as bigint)"

    def questions(self) -> dict[str, str]:
        """What a person has to say about it, by column of the messages."""
        if self.link and self.link.type_column and not self.link.is_known_word:
            return {
                self.link.type_column: f"Which word stands for a row of {self.users.name}? As proposed "
                f"{self.link.word!r}, in models/platform_messages.sql"
            }
        if self.link and self.link.cost == GUESSED:
            return {self.link.columns[0]: f"Does it name the author, as a row of {self.users.name}?"}
        return {}


def author_of(parts: Parts, links: Links, users_source: str, condition: str) -> Author:
    """The likeliest way from a message to its author; of people only who meets the condition is a customer."""
    messages, users = parts.messages, parts.users
    conversation = next((link.columns[0] for link in links.of(messages) if link.target is parts.conversations), "")
    known = author_links(messages, users, links)
    texts = author_texts(messages, users)
    link = known[0] if known else None
    way, column = ((), "") if link or texts else _of_conversation(parts, links)
    text = texts[0] if texts and not link else None
    return Author(users, users_source, link, text, way, column, conversation, condition)


def _of_conversation(parts: Parts, links: Links) -> tuple[Way, str]:
    """The conversation's person, where messages name none."""
    if parts.conversations is None:
        return (), ""
    there = next((link for link in links.of(parts.messages) if link.target is parts.conversations), None)
    person = next((link for link in links.of(parts.conversations) if link.target is parts.users), None)
    return ((Step(there),), person.columns[0]) if there and person else ((), "")


@dataclass(frozen=True, slots=True)
class Direction:
    """How a message tells whether the customer or the company wrote it."""

    column: Column | None
    author: Author
    is_guess: bool = False

    def sql(self) -> str:
        """`inbound` or `outbound` in platform_messages."""
        if self.column is not None:
            return _by_column(self.column)
        link = self.author.link
        if link and self.author.condition:
            return self._by_condition(link)
        if link and link.type_column:
            kind = link.table[link.type_column].quoted
            return f"case when {OWN}.{kind} = {literal(link.word)} then 'inbound' else 'outbound' end"
        if link and link.table[link.columns[0]].is_nullable:
            return f"case when {OWN}.{link.table[link.columns[0]].quoted} is null then 'outbound' else 'inbound' end"
        return "'inbound'"

    def _by_condition(self, link: Link) -> str:
        """Of customers and staff in one table: inbound is what a customer wrote."""
        key = self.author.users[self.author.users.key or ""].quoted
        return (
            f"case when exists (\n        select 1 from {self.author.users_source} as author\n"
            f"        where author.{key} = {OWN}.{link.table[link.columns[0]].quoted}"
            f" and {self.author.condition.replace(f'{OWN}.', 'author.')}\n"
            "    ) then 'inbound' else 'outbound' end"
        )

    def questions(self) -> dict[str, str]:
        """What a person has to say about it, by column of the messages."""
        if not self.is_guess or self.column is None:
            return {}
        return {
            self.column.name: "Which of its values are what customers wrote? As proposed 0, in "
            "models/platform_messages.sql"
        }


def _by_column(column: Column) -> str:
    sql = f"{OWN}.{column.quoted}"
    if column.family == Family.BOOLEAN:
        inbound, outbound = (
            ("outbound", "inbound") if says(column.words, "words", "outbound") else ("inbound", "outbound")
        )
        return f"case when {sql} then '{inbound}' else '{outbound}' end"
    if column.labels:
        found = [label for label in column.labels if says(words_of(label), "words", "inbound")]
        listed = ", ".join(literal(label) for label in found or column.labels[:1])
        return f"case when {sql} in ({listed}) then 'inbound' else 'outbound' end"
    zero = "0" if column.family == Family.NUMBER else "'inbound'"
    return f"case when {sql} = {zero} then 'inbound' else 'outbound' end"


def direction_of(messages: Table, author: Author) -> Direction:
    """The column that tells the direction, if any; else the author tells."""
    for column in messages.columns:
        is_flag = column.family == Family.BOOLEAN and says(column.words, "words", "inbound", "outbound")
        is_labelled = bool(column.labels) and any(says(words_of(label), "words", "inbound") for label in column.labels)
        if is_flag or (is_labelled and says(column.words, "words", "direction")):
            return Direction(column, author)
    if author.link is None or not author.link.type_column:
        for column in messages.columns:
            if column.words in lexicon()["words"]["direction"] and column.family in (Family.NUMBER, Family.TEXT):
                return Direction(column, author, is_guess=True)
    return Direction(None, author)
