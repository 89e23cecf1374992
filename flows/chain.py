"""The ledger's hash chain: each finished run carries the SHA-256 of its content and of the run before it.

The content is canonical JSON: keys sorted, no spaces, ASCII, nulls left out, instants in UTC as ISO 8601 with
microseconds. So anyone can recompute it with what every language has.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flows.database import Database, Row
from flows.errors import BadConfiguration

FIRST = "0" * 64
HASHES = ("hash", "previous_hash")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What recomputing the chain found: how many runs hold, the newest hash, and the first break as a sentence."""

    runs: int
    newest_hash: str
    break_found: str | None = None


def canonical(run: Row, lines: list[Row], previous_hash: str, approvals: Sequence[Row] = ()) -> str:
    """The text that is hashed: the run's row without its hashes, its lines, their approvals, the hash before."""
    content: dict[str, object] = {
        "previous_hash": previous_hash,
        "run": {name: value for name, value in run.items() if name not in HASHES and value is not None},
        "lines": [{name: value for name, value in line.items() if value is not None} for line in lines],
    }
    if approvals:
        content["approvals"] = [
            {name: value for name, value in approval.items() if value is not None} for approval in approvals
        ]
    return json.dumps(content, sort_keys=True, separators=(",", ":"), default=_text)


def seal(database: Database, run_id: int) -> None:
    """Gives a finished run its hash; within the transaction that finished it."""
    before = database.rows("hash_before", run_id=run_id)
    previous_hash = before[0]["hash"] if before and before[0]["hash"] else FIRST
    database.execute(
        "seal_run", run_id=run_id, previous_hash=previous_hash, hash=_hash(database, run_id, previous_hash)
    )


def read_noted(text: str | None) -> str | None:
    """The hash of --expect, in lower case; BadConfiguration where the text can be none."""
    if text is None or re.fullmatch("[0-9a-fA-F]{64}", text):
        return text and text.lower()
    raise BadConfiguration(
        f"Reading --expect: expected a run's hash, 64 hexadecimal digits, found {text!r}. "
        "Give one that `retention ledger verify` printed, or leave --expect out; nothing was verified."
    )


def verify(database: Database, expected_hash: str | None = None) -> Verdict:
    """Recomputes the chain from the first run on. `expected_hash`, noted earlier elsewhere, must be among the hashes.

    A chain alone can't show that everything after some run was rewritten, or its newest rows cut off: that takes a hash
    that was kept elsewhere.
    """
    previous_hash, count, is_expected_found = FIRST, 0, expected_hash is None
    for run in database.rows("reopened_runs"):
        return Verdict(count, previous_hash, f"run {run['run_id']} was finished and is open again.")
    for run in database.rows("finished_runs"):
        if run["previous_hash"] != previous_hash:
            return Verdict(count, previous_hash, f"run {run['run_id']} does not follow the run before it.")
        if run["hash"] != _hash(database, run["run_id"], previous_hash):
            return Verdict(count, previous_hash, f"run {run['run_id']} or a line of it is not what it was.")
        previous_hash, count = run["hash"], count + 1
        is_expected_found = is_expected_found or previous_hash == expected_hash
    newest = database.row("newest_run_given")
    if newest["given"] is None or newest["given"] > newest["stored"]:
        gone = f"the newest runs are missing: numbers were given up to {newest['given']}, found {newest['stored']}."
        return Verdict(count, previous_hash, gone)
    if not is_expected_found:
        return Verdict(count, previous_hash, "no run has the hash that was expected.")
    return Verdict(count, previous_hash)


def content_of(database: Database, run_id: int, previous_hash: str) -> str:
    """The text that a run's hash is made of, as the ledger has it now."""
    return canonical(
        database.row("sealed_run", run_id=run_id),
        database.rows("sealed_lines", run_id=run_id),
        previous_hash,
        database.rows("sealed_approvals", run_id=run_id),
    )


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _hash(database: Database, run_id: int, previous_hash: str) -> str:
    return digest(content_of(database, run_id, previous_hash))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"Hashing the ledger: expected text, numbers and instants, found {type(value).__name__}.")
