"""What only a person can answer about a table."""

from collections.abc import Iterator, Sequence

from flows.adopt.catalog import Column, Family
from flows.adopt.columns import OF_A_THING, Role
from flows.adopt.data_subjects import staff_flag, user_condition
from flows.adopt.links import GUESSED, is_id
from flows.adopt.meanings import STRONG, meaning_of
from flows.adopt.parts import Parts, created_column, is_called
from flows.adopt.proposals import TableProposal, unit_of


def ask(proposal: TableProposal, parts: Parts) -> None:
    """Adds the questions about a table as a whole, and about which of its instants is the creation."""
    created = proposal.created
    if created and proposal.is_personal and proposal.kind and not created_column(proposal.table)[1]:
        _ask_at(proposal, created, "Is it when the row was created in the platform? Retention counts from there")
    proposal.questions += [*_about_what_stays(proposal, parts)]
    if proposal.is_personal:
        proposal.questions += [*_about_what_goes(proposal), *_about_when(proposal, parts), *_about_way(proposal)]
    if proposal.table is parts.users:
        proposal.questions += _about_staff(proposal)


def _about_what_stays(proposal: TableProposal, parts: Parts) -> Iterator[str]:
    if is_called(proposal.table, "machine"):
        return
    if proposal.table in parts.staff:
        yield "Are these the company's own people, whose names stay while they work there? As proposed they do"
    elif proposal.role == Role.STAFF and (named := _strong(proposal) + _free(proposal)):
        listed = ", ".join(dict.fromkeys(named))
        yield f"Is {listed} of the company's own people, and of no customer's? As proposed it stays"
    elif proposal.role == Role.THING and not _is_configured(proposal) and (named := _strong(proposal)):
        yield f"Is {', '.join(named)} of the company's, and of no person's? As proposed it stays"
    elif (proposal.role == Role.THING and proposal.belongs and (named := _free(proposal))) or (
        proposal.role == Role.UNKNOWN and not proposal.is_personal and (named := _untold(proposal))
    ):
        yield f"Is {', '.join(named)} free of what is a person's? As proposed it stays"


def _about_what_goes(proposal: TableProposal) -> Iterator[str]:
    if proposal.role == Role.UNKNOWN:
        named = [own.column.name for own in proposal.columns if own.is_personal]
        kept = _untold(proposal)
        stays = f", and {', '.join(kept)} stays" if kept else ""
        yield f"Does {', '.join(named)} hold what is a person's? As proposed it goes{stays}"


def _about_when(proposal: TableProposal, parts: Parts) -> Iterator[str]:
    if proposal.kind and proposal.created is None and proposal.table is not parts.users:
        yield "Nothing says when its rows were created, nor whom they go with: when are they due?"


def _about_way(proposal: TableProposal) -> Iterator[str]:
    joins = "each models/platform_*.sql that joins it goes by that"
    for step in proposal.way:
        link = step.link
        if link.type_column and not link.is_known_word:
            yield (f"Is {link.word!r} what {link.type_column} of {link.table.name} says of {link.target.name}? {joins}")
        elif link.cost == GUESSED:
            yield f"Does {link.columns[0]} of {link.table.name} name rows of {link.target.name}? {joins}"


def _about_staff(proposal: TableProposal) -> Iterator[str]:
    flag = staff_flag(proposal.table)
    if flag is not None:
        is_told = bool(user_condition(proposal.table))
        tells = f"{flag.name} tells them apart" if is_told else f"all are data subjects, whatever {flag.name} says"
        yield (
            f"Do staff and customers share this table? As proposed {tells}; the condition in "
            "models/platform_users.sql decides who is one"
        )


def _ask_at(proposal: TableProposal, column: Column, question: str) -> None:
    for own in proposal.columns:
        if own.column is column and "decide" not in own.meta:
            own.meta = {"decide": question, **own.meta}


def ask_unit(proposals: Sequence[TableProposal]) -> None:
    """Asks once for the unit of the instants that are stored as numbers, at the first that is judged by."""
    for proposal in sorted(proposals, key=lambda one: one.name != "messages"):
        if proposal.kind and proposal.created and unit_of(proposal.created) is None:
            _ask_at(
                proposal,
                proposal.created,
                "Seconds or milliseconds since 1970? As proposed milliseconds, here and wherever a number is an "
                "instant; `--epoch seconds` proposes the other",
            )
            return


def _is_configured(proposal: TableProposal) -> bool:
    """Whether rows hold a password or settings: what a company connects to, under an address of its own."""
    meanings = [(meaning_of(own.column), own.column) for own in proposal.columns]
    is_set = any("setting" in meaning.why and column.family == Family.JSON for meaning, column in meanings)
    return not proposal.belongs and (is_set or any(meaning.name == "secret" for meaning, _ in meanings))


def _untold(proposal: TableProposal) -> list[str]:
    """The columns that stay in a table of which nobody knows what it is, and can hold anything."""
    free = (Family.TEXT, Family.JSON, Family.HSTORE, Family.BYTES)
    known = ("digest", "secret", "name")
    return [
        own.column.name
        for own in proposal.columns
        if own.meta.get("why") == OF_A_THING
        and own.column.family in free
        and meaning_of(own.column).name not in known
        and not own.column.labels
    ]


def _strong(proposal: TableProposal) -> list[str]:
    """The columns whose names are those of a person's data whatever table they are in."""
    strong = STRONG - {"network_id", "device"}
    return [own.column.name for own in proposal.columns if meaning_of(own.column).name in strong]


def _free(proposal: TableProposal) -> list[str]:
    """The columns that hold whatever somebody puts into them."""
    free = ("unknown", "content", "attributes", "payload")
    return [
        own.column.name
        for own in proposal.columns
        if meaning_of(own.column).name in free and not is_id(own.column) and own.column.name != proposal.table.key
    ]
