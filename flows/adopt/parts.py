"""Which table plays which part: messages, their authors, conversations, environments, files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.links import GUESSED, Link, Links, Way, fits
from flows.adopt.meanings import STRONG, is_content, meaning_of
from flows.adopt.pairs import is_id
from flows.adopt.words import ends_with, holds, lexicon, one_of, says
from flows.errors import BadConfiguration

# Of candidates that are near to each other one with so many times the rows of the likeliest comes first.
MUCH_FULLER = 4
# Below it a table is no candidate for a part.
ENOUGH = 5
# What a person names where the whole database is one environment.
NO_TABLE = "none"
# Candidates that are this near to each other are told apart by a person.
NEAR = 2


@dataclass(frozen=True, slots=True)
class Parts:
    """The tables that play a part; the near ones are those that nearly got it."""

    messages: Table
    users: Table
    near_messages: tuple[Table, ...] = ()
    near_users: tuple[Table, ...] = ()
    conversations: Table | None = None
    environments: Table | None = None
    near_environments: tuple[Table, ...] = ()
    staff: tuple[Table, ...] = ()


def is_called(table: Table, *lists: str) -> bool:
    """Whether a table's name ends in a word of these lists of the lexicon."""
    known = frozenset().union(*(lexicon()["tables"][name] for name in lists))
    return ends_with(table.words, known) or ends_with(one_of(table.words), known)


def created_column(table: Table) -> tuple[Column | None, bool]:
    """The column with the row's creation, and whether its name says so for sure."""
    instants = [c for c in table.columns if c.family in (Family.INSTANT, Family.DATE, Family.NUMBER) and not c.is_array]
    for name, is_sure in (("created", True), ("maybe_created", False)):
        phrases = lexicon()["instants"][name]
        found = [column for column in instants if ends_with(column.words, phrases) and _is_instant(column)]
        whole = [column for column in found if column.words in phrases]
        if found:
            return (whole or found)[0], is_sure
    return None, False


def _is_instant(column: Column) -> bool:
    return column.family != Family.NUMBER or column.type_name in ("int4", "int8", "numeric", "float8")


def messages_score(table: Table, links: Links) -> int:
    """How much a table looks like the platform's messages."""
    if not any(is_content(column) for column in table.columns) or table.kind not in "rp" or table.key is None:
        return 0
    score = 6 if is_called(table, "message") else 3 if is_called(table, "text") else 0
    score += 3 if created_column(table)[0] else -3
    score += 2 if any(is_called(link.target, "conversation") for link in links.of(table)) else 0
    score += 2 if any(says(column.words, "words", "author") for column in table.columns) else 0
    score += min(3, len({link.table.oid for link in links.to(table)}))
    if is_called(table, "staff", "customer") or holds(table.words, lexicon()["tables"]["beside"]):
        score -= 8
    return score


def people_score(table: Table, links: Links, messages: Table | None) -> int:
    """How much a table looks like the people who write to the company."""
    contact = {meaning_of(column).name for column in table.columns} & (STRONG | {"name", "picture"})
    is_of_people = is_called(table, "customer", "person")
    if table.kind not in "rp" or table.key is None or not ((contact and is_of_people) or len(contact) > 2):  # noqa: PLR2004
        return 0
    score = min(4, len(contact)) + (6 if is_called(table, "customer") else 3 if is_called(table, "person") else 0)
    score += 3 if messages and any(link.table is messages for link in links.to(table)) else 0
    score -= 4 if any(meaning_of(column).name == "secret" for column in table.columns) else 0
    score -= 6 if is_called(table, "staff") or holds(table.words[:-1], lexicon()["tables"]["beside"]) else 0
    score -= 5 if is_called(table, "tenant") and not is_called(table, "customer") else 0
    # Who created an account says nothing of it.
    others = [link.target for link in links.of(table) if link.target is not table]
    return score - (4 if any(is_called(other, "customer", "person") for other in others) else 0)


def environments_score(table: Table, links: Links, parts: Sequence[Table], *, is_loose: bool = False) -> int:
    """How much a table looks like the client companies: named so, and reached from every message and user.

    `is_loose`: only from some, as the companies that customers work for are.
    """
    if not is_called(table, "tenant") or table.key is None or table in parts:
        return 0
    reached = [links.way(part, lambda here: here is table) for part in parts]
    if not all(reached) or any(_may_lack(way or ()) for way in reached) != is_loose:
        return 0
    order = lexicon()["tables"]["tenant"]
    place = min(order.get(words[-1:], len(order)) for words in (table.words, one_of(table.words)))
    joins = sum(len(way or ()) for way in reached)
    return 40 - place // 2 + min(10, len({link.table.oid for link in links.to(table)})) - joins


def _may_lack(way: Way) -> bool:
    """Whether rows may lack what a way leads to."""
    return any(step.link.table[name].is_nullable for step in way for name in step.link.columns)


def author_links(messages: Table, users: Table, links: Links) -> list[Link]:
    """The links from messages to their authors, the likeliest first; an id named for an author, sender … counts."""
    found = [link for link in links.of(messages) if link.target is users and not link.types]
    linked = {name for link in links.of(messages) for name in link.columns}
    found += [
        Link(messages, (column.name,), users, (users.key or "",), GUESSED)
        for column in messages.columns
        if column.name not in linked and column.name != messages.key and is_id(column) and fits(column, users)
        and says(column.words[:-1], "words", "author")
    ]  # fmt: skip
    refused = lexicon()["words"]["not_author"]
    return sorted(
        (link for link in found if not holds(messages[link.columns[0]].words[:-1], refused)),
        key=lambda link: (not says(messages[link.columns[0]].words, "words", "author"), link.cost),
    )


def author_texts(messages: Table, users: Table) -> list[tuple[Column, Column]]:
    """Columns in which a message repeats its author's phone number, handle or address, with the author's own column."""
    pairs = []
    for meaning in ("network_id", "phone", "handle", "email"):
        own = [c for c in users.columns if meaning_of(c).name == meaning and not c.is_array and not c.is_generated]
        theirs = [c for c in messages.columns if meaning_of(c).name == meaning and not c.is_array]
        theirs = [c for c in theirs if says(c.words, "words", "author") and not is_id(c)]
        pairs += [(column, own[0]) for column in theirs if own and own[0].family == column.family]
    return pairs


@dataclass(frozen=True, slots=True)
class Named:
    """Tables that a person named for a part, as schema.table or table; None: found by name and links.

    Environments may be named "none": the whole database is one.
    """

    messages: str | None = None
    users: str | None = None
    environments: str | None = None


def choose_parts(links: Links, named: Named) -> Parts:
    """Finds which table plays which part; BadConfiguration where none looks like messages or their authors."""
    tables = links.tables
    messages = _best(tables, named.messages, "--messages", lambda table: messages_score(table, links))
    users = _best(
        tables, named.users, "--users", lambda table: people_score(table, links, messages[0]), but=messages[:1]
    )
    both = (messages[0], users[0])
    environments, near_environments = _environments(links, named.environments, both)
    conversations = [link.target for link in links.of(messages[0]) if is_called(link.target, "conversation")]
    return Parts(
        messages=messages[0],
        users=users[0],
        near_messages=tuple(messages[1:]),
        near_users=tuple(users[1:]),
        conversations=next((table for table in conversations if table not in both), None),
        environments=environments[0] if environments else None,
        near_environments=tuple(near_environments),
        staff=tuple(table for table in tables if table not in both and _is_staff(table, environments)),
    )


def _environments(links: Links, named: str | None, both: Sequence[Table]) -> tuple[list[Table], list[Table]]:
    """The table of the environments, or none, and those that are nearly as likely."""
    if named == NO_TABLE:
        return [], []

    def strict_score(table: Table) -> int:
        return environments_score(table, links, both)

    def loose_score(table: Table) -> int:
        return environments_score(table, links, both, is_loose=True)

    found = _best(links.tables, named, "--environments", strict_score, is_needed=False)
    loose = [] if found else _best(links.tables, None, "--environments", loose_score, is_needed=False)
    return found[:1], found[1:] or loose


def _best(
    tables: Sequence[Table],
    named: str | None,
    option: str,
    score: Callable[[Table], int],
    *,
    but: Sequence[Table] = (),
    is_needed: bool = True,
) -> list[Table]:
    """The table for a part, and after it those that are nearly as likely."""
    if named:
        found = [table for table in tables if named in (table.name, f"{table.schema}.{table.name}")]
        if len(found) != 1:
            raise BadConfiguration(
                f"Reading {option}: expected one table of the schemas read, as schema.table, found "
                f"{len(found) or 'none'} called {named!r}. Mend {option}; nothing was written."
            )
        return found
    ranked = sorted(((score(table), table) for table in tables if table not in but), key=lambda pair: -pair[0])
    best = ranked[0][0] if ranked else 0
    if best < ENOUGH:
        if not is_needed:
            return []
        raise BadConfiguration(
            f"Looking for the table of {option.removeprefix('--')}: expected one that looks like it by its name and "
            f"columns, found none in {len(tables)} tables. Name it with {option} schema.table; nothing was written."
        )
    near = [table for points, table in ranked if best - points <= NEAR and points >= ENOUGH]
    return sorted(near, key=lambda table: table.rows < MUCH_FULLER * max(near[0].rows, 1))


def _is_staff(table: Table, environments: Sequence[Table]) -> bool:
    """Whether rows of a table are the company's own people: called so, or people with a password of the platform's."""
    if table in environments[:1] or is_called(table, "customer") or table.key is None:
        return False
    meanings = {meaning_of(column).name for column in table.columns}
    is_of_people = is_called(table, "person") and bool(meanings & {"email", "handle", "person_name"})
    return bool(is_called(table, "staff") and meanings & (STRONG | {"name"})) or (is_of_people and "secret" in meanings)
