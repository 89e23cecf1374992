"""What a database's catalog says of its tables: names, types, keys and constraints. No row is read."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flows.adopt.words import Words, words_of
from flows.database import Database, Row
from flows.errors import BadConfiguration


class Family(StrEnum):
    """Types that are treated alike."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"
    UUID = "uuid"
    JSON = "json"
    HSTORE = "hstore"
    SEARCH = "tsvector"
    BYTES = "bytes"
    ADDRESS = "network address"
    PLACE = "place"
    ENUM = "enum"
    SPAN = "span"
    OTHER = "other"


_FAMILIES = {
    Family.TEXT: ("text", "varchar", "bpchar", "char", "name", "citext"),
    Family.NUMBER: ("int2", "int4", "int8", "numeric", "float4", "float8", "money", "oid"),
    Family.BOOLEAN: ("bool", "bit", "varbit"),
    Family.INSTANT: ("timestamptz", "timestamp"),
    Family.DATE: ("date",),
    Family.UUID: ("uuid",),
    Family.JSON: ("json", "jsonb"),
    Family.HSTORE: ("hstore",),
    Family.SEARCH: ("tsvector", "tsquery"),
    Family.BYTES: ("bytea",),
    Family.ADDRESS: ("inet", "cidr", "macaddr", "macaddr8"),
    Family.PLACE: ("point", "polygon", "circle", "box", "path", "lseg", "line", "geometry", "geography"),
    Family.SPAN: ("interval", "time", "timetz", "tsrange", "tstzrange", "daterange", "int4range", "int8range"),
}
_FAMILY_OF = {name: family for family, names in _FAMILIES.items() for name in names}

# A list of words, as PostgreSQL writes it back: CHECK ((x = ANY (ARRAY['a'::text, 'b'::text]))).
_LIST = re.compile(r"CHECK \(+[^=]*= ANY \(+ARRAY\[.*\]\)*(?:::[\w ]+\[\])?\)*")
_WORD = re.compile(r"'((?:[^']|'')*)'::")
# What no replacement can offend: a greatest length, or that there is a value.
_HARMLESS = re.compile(r"CHECK \(+[\w\"]+\)? IS NOT NULL\)+|CHECK \(+(?:char_|octet_)?length\(.*\) <= [0-9]+\)+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `labels`: the words that type or constraint allow; `checked_by`: what may refuse a new value."""

    name: str
    quoted: str
    data_type: str
    type_name: str
    family: Family
    is_array: bool
    length: int | None
    is_nullable: bool
    is_generated: bool
    generated_from: tuple[str, ...]
    default_text: str
    labels: tuple[str, ...]
    checked_by: str
    comment: str

    @property
    def words(self) -> Words:
        """The words of its name."""
        return words_of(self.name)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that name a row of another table, and the columns of that table that they repeat."""

    columns: tuple[str, ...]
    target: int
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `kind`: r table, p partitioned, f foreign, m materialized view; `rows`: the planner's estimate."""

    oid: int
    schema: str
    name: str
    kind: str
    rows: int
    comment: str
    triggers: tuple[str, ...]
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    uniques: tuple[tuple[str, ...], ...]
    single_keys: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def words(self) -> Words:
        """The words of its name."""
        return words_of(self.name)

    @property
    def key(self) -> str | None:
        """The one column that names a row; None where there is none."""
        return next((name for name in self.single_keys if not self[name].is_nullable), None)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def is_unique(self, name: str) -> bool:
        """Whether a unique index forbids two rows the same value, alone or with other columns."""
        return any(name in columns for columns in (self.primary_key, *self.uniques))


def read_catalog(database: Database, ours: str, schemas: Sequence[str] | None) -> list[Table]:
    """Reads the tables of the schemas given, or of all that are not the server's or ours."""
    there = [row["schema"] for row in database.rows("catalog_schemas", ours=ours)]
    missing = [schema for schema in schemas or () if schema not in there]
    if missing or not there:
        raise BadConfiguration(
            f"Reading the catalog: expected tables in the schema {missing[0] if missing else '(any)'}, found none; "
            f"schemas with tables: {', '.join(there) or 'none'}. Mend --schema or PGDATABASE; nothing was written."
        )
    tables = database.rows("catalog_tables", schemas=list(schemas or there))
    oids = [row["oid"] for row in tables]
    parts = {
        name: _by_table(database.rows(f"catalog_{name}", tables=oids))
        for name in ("columns", "uniques", "links", "checks")
    }
    return [_table(row, {name: rows[row["oid"]] for name, rows in parts.items()}) for row in tables]


def _by_table(rows: list[Row]) -> defaultdict[int, list[Row]]:
    grouped: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["table_oid"]].append(row)
    return grouped


def _table(row: Row, parts: dict[str, list[Row]]) -> Table:
    links = [ForeignKey(tuple(k["columns"]), k["target_oid"], tuple(k["target_columns"])) for k in parts["links"]]
    uniques = [(k["is_primary"], tuple(k["columns"]), k["is_partial"]) for k in parts["uniques"]]
    return Table(
        oid=row["oid"],
        schema=row["schema"],
        name=row["name"],
        kind=row["kind"],
        rows=max(row["rows"], 0),
        comment=row["comment"],
        triggers=tuple(row["triggers"]),
        columns=tuple(_column(column, parts["checks"]) for column in parts["columns"]),
        primary_key=next((columns for is_primary, columns, _ in uniques if is_primary), ()),
        uniques=tuple(columns for is_primary, columns, _ in uniques if not is_primary),
        single_keys=tuple(columns[0] for _, columns, is_partial in uniques if len(columns) == 1 and not is_partial),
        foreign_keys=tuple(links),
    )


def _column(row: Row, checks: list[Row]) -> Column:
    own = [(check["name"], check["definition"]) for check in checks if row["name"] in check["columns"]]
    own += [(row["data_type"], definition) for definition in row["domain_checks"]]
    lists = [definition for _, definition in own if _LIST.fullmatch(definition)]
    labels = row["labels"] or [word.replace("''", "'") for text in lists[:1] for word in _WORD.findall(text)]
    strict = [name for name, text in own if text not in lists and not _HARMLESS.fullmatch(text)]
    return Column(
        name=row["name"],
        quoted=row["quoted"],
        data_type=row["data_type"],
        type_name=row["type_name"],
        family=Family.ENUM if row["type_kind"] == "e" else _FAMILY_OF.get(row["type_name"], Family.OTHER),
        is_array=row["is_array"],
        length=row["length"],
        is_nullable=row["is_nullable"],
        is_generated=row["is_generated"],
        generated_from=tuple(row["generated_from"]),
        default_text=row["default_text"],
        labels=tuple(labels),
        checked_by=strict[0] if strict else "",
        comment=row["comment"],
    )
