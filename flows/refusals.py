"""What the platform's database refused a batch, in words beside its code: never the refused row."""

import re

_CODE = re.compile(r"SQLSTATE ([0-9A-Z]{5})")
# By SQLSTATE: what was in the way, and what mends it.
WORDS = {
    "22001": "a replacement is longer than its column; choose another in the data map",
    "23502": "a replacement is null where the column takes none; choose another in the data map",
    "23503": "a replacement names no row of the table that a foreign key leads to; declare the column personal: false",
    "23505": "two rows would have the same value where each has its own; choose random_id or null in the data map",
    "23514": "a check refuses a replacement; choose another in the data map, or change the check",
    "40P01": "other sessions wanted the same rows in another order; the next run takes them",
    "42501": "the role of the nights may not; `retention prepare --apply` grants what it needs",
    "55P03": "other sessions held the rows; the next run takes them",
    "57014": "the server ended a statement that took too long; see statement_timeout of the role",
    "P0001": "a trigger or function of the platform refused the update",
}


def worded(failure: str) -> str:
    """A batch's failure as the ledger has it, and what its code means where that is known."""
    code = _CODE.match(failure)
    words = WORDS.get(code[1]) if code else None
    return f"{failure}: {words}" if words else failure
