"""Which rows of a table that holds customers and staff are data subjects."""

from flows.adopt.catalog import Column, Family, Table
from flows.adopt.joins import OWN, literal
from flows.adopt.words import holds, lexicon


def staff_flag(users: Table) -> Column | None:
    """The column of a table of people that tells customers from staff; None where there is none."""
    words = {("kind",), ("type",), ("role",), ("roles",), ("user", "type"), ("member", "type"), ("typ",), ("tipo",)}
    for column in users.columns:
        tells_staff = holds(column.words, lexicon()["tables"]["staff"]) and column.family == Family.BOOLEAN
        if tells_staff or (column.words in words and column.family in (Family.TEXT, Family.ENUM, Family.NUMBER)):
            return column
    return None


def user_condition(users: Table) -> str:
    """The condition that makes only customers data subjects, or ''."""
    flag = staff_flag(users)
    if flag is None:
        return ""
    if flag.family == Family.BOOLEAN:
        return f"not {OWN}.{flag.quoted}"
    customers = lexicon()["tables"]["customer"]
    words = [literal(label) for label in flag.labels if (label.lower(),) in customers]
    if not words:
        return ""
    is_one_of = f"in ({', '.join(words)})" if words[1:] else f"= {words[0]}"
    return f"{OWN}.{flag.quoted} {is_one_of}"
