"""What replaces a personal value: by its meaning, its type, and what the database allows."""

from flows.adopt.catalog import Column, Family, Table

Meta = dict[str, object]

# "anonymized-" and a uuid, as short as the engine writes it.
SHORTEST_RANDOM_ID = 21
# Meanings by which a row is looked up: a random value, so that they go on being told apart.
IDENTIFIERS = frozenset({"network_id"})
NOBODY = {
    Family.NUMBER: "0",
    Family.DATE: "1900-01-01",
    Family.INSTANT: "1900-01-01",
    Family.ADDRESS: "0.0.0.0",  # noqa: S104 - an address that is nobody's
}


def replacement_for(column: Column, table: Table, meaning: str) -> tuple[Meta, str]:
    """The meta of a personal column, and a question where the database may refuse what is proposed, or ''."""
    is_unique = table.is_unique(column.name)
    if meaning in IDENTIFIERS and can_be_random(column):
        return {"replacement": "random_id"}, _question(column)
    if column.family in (Family.TEXT, Family.JSON, Family.HSTORE, Family.SEARCH, Family.BYTES) or column.is_array:
        return _of_text(column, is_unique=is_unique)
    if column.is_nullable:
        return {"replacement": "null"}, ""
    if column.family == Family.UUID:
        return {"replacement": "random_id"}, ""
    if column.family in NOBODY and not is_unique:
        literal = "00:00:00:00:00:00" if column.type_name.startswith("mac") else NOBODY[column.family]
        return {"replacement": "constant", "literal": literal}, _question(column)
    return {"replacement": "constant", "literal": (column.labels or ("?",))[0]}, "Which value stands for nobody?"


def can_be_random(column: Column) -> bool:
    """Whether a column can hold a unique random identifier of its own type."""
    if column.is_array:
        return False
    is_long_text = column.family == Family.TEXT and (column.length is None or column.length >= SHORTEST_RANDOM_ID)
    return is_long_text or column.family == Family.UUID or column.type_name == "int8"


def _of_text(column: Column, *, is_unique: bool) -> tuple[Meta, str]:
    meta: Meta = {"replacement": "empty"}
    if column.family == Family.JSON and column.default_text.startswith("'[]'"):
        meta["shape"] = "array"
    if not is_unique and not column.checked_by and not column.labels:
        return meta, ""
    if column.is_nullable:
        return {"replacement": "null"}, ""
    if column.labels:
        return {"replacement": "constant", "literal": column.labels[0]}, "Which of its words stands for nobody?"
    if is_unique and can_be_random(column):
        return {"replacement": "random_id"}, _question(column)
    if is_unique:
        return meta, "It is unique and not null, and too short for a random identifier: which replacement can hold?"
    return meta, _question(column)


def _question(column: Column) -> str:
    if not column.checked_by:
        return ""
    return f"Does {column.checked_by}, which checks what the column holds, allow the replacement?"
