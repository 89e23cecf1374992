"""One adoption: from a database's catalog to the proposals, the files and what is told of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from flows.adopt.authors import Author, Direction, author_of, direction_of
from flows.adopt.catalog import Table, read_catalog
from flows.adopt.data_subjects import Subjects, subjects_of
from flows.adopt.identifiers import link_identifiers
from flows.adopt.kept import ask_who_else_names
from flows.adopt.links import Links
from flows.adopt.names import name_entries
from flows.adopt.parts import NO_TABLE, Named, Parts, choose_parts
from flows.adopt.places import EnvironmentOf, column_of_tenants
from flows.adopt.project_files import common_files, write_files
from flows.adopt.proofs import add_proofs
from flows.adopt.proposals import TableProposal
from flows.adopt.questions import ask, ask_unit, ask_ways
from flows.adopt.sources import kinds_of, sources_yaml
from flows.adopt.tables import propose_table
from flows.adopt.views import Views
from flows.adopt.words import snake
from flows.database import Database
from flows.settings import Settings, engine_project

NOBODY_NAMED = Named()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says beforehand, so that it is not asked.

    Schemas; the zone of stored timestamps; the unit of stored numbers; the files' bucket; which table is which. And
    what a project that is there says already: entries' names by schema and table, sources' names by schema.
    """

    out: Path
    schemas: Sequence[str] | None = None
    zone: str = "UTC"
    epoch: str | None = None
    bucket: str | None = None
    known: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    named: Named = NOBODY_NAMED


@dataclass(frozen=True)
class Adoption:
    """What was found and is proposed."""

    wish: Wish
    parts: Parts
    links: Links
    proposals: list[TableProposal]

    @cached_property
    def environments(self) -> EnvironmentOf:
        """Where rows find their environment."""
        is_found = self.parts.environments or self.wish.named.environments == NO_TABLE
        called = () if is_found else column_of_tenants(self.parts.messages, self.parts.users)
        parts = self.parts
        known = (parts.messages, parts.users, parts.conversations, parts.environments)
        return EnvironmentOf(
            parts.environments, self.links, called, parts.users, tuple(table for table in known if table)
        )

    @cached_property
    def source_of(self) -> dict[int, str]:
        """How a thin view names each table."""
        return {
            proposal.table.oid: f"{{{{ source('{self._source(proposal.table.schema)}', '{proposal.name}') }}}}"
            for proposal in reversed(self.proposals)
        }

    def _source(self, schema: str) -> str:
        return self.wish.sources.get(schema) or snake(schema)

    @cached_property
    def subjects(self) -> Subjects:
        """Which of the people are data subjects."""
        return subjects_of(self.parts.users, self.links)

    @cached_property
    def author(self) -> Author:
        """How messages name their author."""
        users = self.source_of[self.parts.users.oid]
        return author_of(self.parts, self.links, users, self.subjects.condition(self.source_of))

    @cached_property
    def direction(self) -> Direction:
        """How messages tell who wrote them."""
        return direction_of(self.parts.messages, self.author)

    @property
    def kinds(self) -> list[str]:
        """The kinds of row, in the order in which they are shown."""
        return kinds_of(self.proposals)

    def files(self) -> dict[str, str]:
        """The project's files by path."""
        views = Views(
            self.source_of,
            self.environments,
            self.wish.zone,
            self.author,
            self.direction,
            self.wish.epoch or "milliseconds",
        )
        contents = common_files(self.wish.out, engine_project(), self.kinds)
        contents["models/_sources.yml"] = sources_yaml(self.proposals, self.environments)
        contents["models/platform_environments.sql"] = views.environments_view()
        for proposal in self.proposals:
            if proposal.name in self.kinds:
                contents[f"models/platform_{proposal.name}.sql"] = views.view(proposal)
        return contents


def adopt(settings: Settings, wish: Wish, report: Callable[[str], None]) -> Adoption:
    """Reads the catalog, proposes, and writes the project; no row is read, and nothing in the database changes."""
    adoption = look(settings, wish, report)
    report("Writing the project ...")
    write_files(wish.out, adoption.files())
    return adoption


def look(settings: Settings, wish: Wish, report: Callable[[str], None]) -> Adoption:
    """Reads the catalog and proposes; nothing is written."""
    report("Reading the catalog ...")
    with Database.connect(settings.retention_schema, is_read_only=True) as database:
        tables = read_catalog(database, settings.retention_schema, wish.schemas)
    report(f"Looking at {len(tables):,} tables ...")
    return propose(tables, wish)


def propose(tables: Sequence[Table], wish: Wish) -> Adoption:
    """What is proposed for these tables."""
    links = Links(tables)
    parts = choose_parts(links, wish.named)
    proposals = [propose_table(table, parts, links) for table in tables]
    proposals += [
        replace(
            proposal,
            owner=other.name,
            way=other.way,
            is_derived=other.is_derived,
            also=(),
            notes=[],
            questions=[],
            repeats="yes",
        )
        for proposal in proposals
        for other in proposal.also
    ]
    name_entries(proposals, parts, wish.known)
    adoption = Adoption(wish, parts, links, proposals)
    for proposal in proposals:
        if wish.bucket is not None:
            _set_bucket(proposal, wish.bucket)
        if not proposal.repeats:
            ask(proposal, parts, adoption.subjects)
        _ask_environment(proposal, adoption)
    ask_ways(proposals)
    ask_who_else_names(proposals, links)
    for proposal in proposals:
        if not proposal.repeats:
            add_proofs(proposal, adoption.environments)
    if wish.epoch is None:
        ask_unit(proposals)
    _ask_about_messages(adoption)
    link_identifiers(adoption.environments, proposals)
    return adoption


def _set_bucket(proposal: TableProposal, bucket: str) -> None:
    """Answers the question for the files' bucket with the one that was given."""
    for own in proposal.columns:
        if own.meta.get("bucket_name") == "":
            own.meta["bucket_name"] = bucket
            asked = str(own.meta.pop("decide", "")).replace("In which bucket are its files?", "").strip()
            own.meta = ({"decide": asked} if asked else {}) | own.meta


def _ask_environment(proposal: TableProposal, adoption: Adoption) -> None:
    if not (proposal.is_personal or proposal.kind) or adoption.environments.way(proposal) is not None:
        return
    view = f"models/platform_{proposal.name}.sql"
    pairs = [way[0].link for way in adoption.environments.ways_by_pairs(proposal)]
    if not pairs:
        proposal.questions.append(f"Which environment do its rows belong to? {view} finds none")
        return
    said_by = " and ".join(dict.fromkeys(link.type_said_by for link in pairs))
    words = ", ".join(f"{link.word!r} (a row of {link.target.name})" for link in pairs)
    proposal.questions.append(
        f"Is {words} what {said_by} says, and all that it says? {view} finds the environment by it, and none of other "
        "words"
    )


def _ask_about_messages(adoption: Adoption) -> None:
    """The questions about a message's author and direction, at the columns that tell."""
    messages = next(proposal for proposal in adoption.proposals if proposal.name == "messages")
    questions = adoption.author.questions() | adoption.direction.questions()
    for own in messages.columns:
        if own.column.name in questions and "decide" not in own.meta:
            own.meta = {"decide": questions[own.column.name], **own.meta}
