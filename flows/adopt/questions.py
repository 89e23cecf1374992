"""What only a person can answer about a table."""

from collections.abc import Iterator, Sequence

from flows.adopt.catalog import Column, Family
from flows.adopt.columns import FREE, OF_A_THING, UNKNOWN_QUESTIONS, Role
from flows.adopt.data_subjects import Subjects
from flows.adopt.kept import shared_by
from flows.adopt.links import GUESSED
from flows.adopt.meanings import STRONG, meaning_of
from flows.adopt.pairs import is_id
from flows.adopt.parts import Parts, created_column, is_called
from flows.adopt.proposals import TableProposal, unit_of


def ask(proposal: TableProposal, parts: Parts, subjects: Subjects) -> None:
    """Adds the questions about a table as a whole, and about which of its instants is the creation."""
    created = proposal.created
    if created and proposal.is_personal and proposal.kind and not created_column(proposal.table)[1]:
        _ask_at(proposal, created, "Is it when the row was created in the platform? Retention counts from there")
    _ask_together(proposal)
    proposal.questions += [*_about_what_stays(proposal, parts)]
    if proposal.is_personal:
        proposal.questions += [*_about_what_goes(proposal), *_about_when(proposal, parts)]
    if proposal.table is parts.users:
        proposal.questions += _about_staff(subjects, parts)
        proposal.unreached = "staff, who are no data subjects" if subjects.flag or subjects.roles else ""


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
    is_apart = proposal.role == Role.PEOPLE and proposal.kind and not proposal.belongs and proposal.name != "users"
    if proposal.role == Role.UNKNOWN or is_apart:
        going = [own for own in proposal.columns if own.is_personal]
        for own in going:
            own.meta["unless_stays"] = True
        named = [own.column.name for own in going]
        kept = _untold(proposal)
        stays = f", and {', '.join(kept)} stays" if kept else ""
        yield (
            f"Does {', '.join(named)} hold what is a person's? As proposed it goes{stays}; "
            "`stays: <why>` in the place of this line keeps all of the table"
        )


def _about_when(proposal: TableProposal, parts: Parts) -> Iterator[str]:
    if proposal.kind and proposal.created is None and proposal.table is not parts.users:
        yield "Nothing says when its rows were created, nor whom they go with: when are they due?"


def ask_ways(proposals: Sequence[TableProposal]) -> None:
    """Asks about each guessed step once, at the first entry that takes it, and names the thin views of all of them."""
    takers: dict[str, list[TableProposal]] = {}
    for proposal in proposals:
        if proposal.is_personal:
            for question in _about_way(proposal):
                takers.setdefault(question, []).append(proposal)
    for question, entries in takers.items():
        views = ", ".join(f"models/platform_{proposal.name}.sql" for proposal in entries)
        kept = (
            ", and is_kept keeps what others name"
            if any(shared_by(proposal.way) is not None for proposal in entries)
            else ""
        )
        entries[0].questions.append(f"{question} {views} {'join' if entries[1:] else 'joins'} by it{kept}")


def _about_way(proposal: TableProposal) -> Iterator[str]:
    for step in proposal.way:
        link = step.link
        if link.type_column and not link.is_known_word:
            listed = (link.types.target if link.types else link.table).name
            yield (
                f"Is {link.word!r} the word for rows of {link.target.name} in {link.type_column} of {listed}, and the "
                "only one, of raw copies too?"
            )
        elif link.cost == GUESSED:
            yield f"Does {link.columns[0]} of {link.table.name} name rows of {link.target.name}?"


def _about_staff(subjects: Subjects, parts: Parts) -> Iterator[str]:
    decides = "condition in models/platform_users.sql decides who is one"
    if subjects.flag:
        is_told = bool(subjects.condition({}))
        flag = subjects.flag.name
        tells = f"{flag} tells them apart" if is_told else f"all are data subjects, whatever {flag} says"
        yield f"Do staff and customers share this table? As proposed {tells}; the {decides}"
    elif subjects.roles:
        given, roles = subjects.roles.to_person.table.name, subjects.roles.to_role.target.name
        yield (
            f"Do staff and customers share this table? As proposed staff is who has by {given} one of the {roles} that "
            "models/platform_users.sql lists: are these all?"
        )
    elif subjects.may_share and not parts.staff:
        yield f"Do staff and customers share this table? As proposed all are data subjects; a {decides}"


def _ask_together(proposal: TableProposal) -> None:
    """Asks once about several columns whose names say nothing."""
    unknown = [own for own in proposal.columns if own.meta.get("decide") in UNKNOWN_QUESTIONS]
    if not unknown[1:]:
        return
    for own in unknown:
        del own.meta["decide"]
    names = ", ".join(own.column.name for own in unknown)
    has_json = any(own.column.family in (Family.JSON, Family.HSTORE) for own in unknown)
    paths = "; of JSON, replacement: json with paths leaves the other keys" if has_json else ""
    proposal.questions.append(f"Does one of {names} hold nothing of a person? As proposed all go{paths}")


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
    known = ("digest", "secret", "name")
    return [
        own.column.name
        for own in proposal.columns
        if own.meta.get("why") == OF_A_THING
        and own.column.family in FREE
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
