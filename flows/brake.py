"""The brake, in words: what it holds back, and what a person releases.

It is decided in the database (`models/brake/`) before anything is changed; a line that is held is not open, and batches
act on open lines only.
"""

from flows.database import Row
from flows.kinds import named_kind


def held_back(lines: list[Row]) -> tuple[list[str], list[str]]:
    """What the brake holds back, a sentence for each environment and reason; and what it will once a row falls due."""
    found: dict[tuple[str, str, bool], list[str]] = {}
    for line in lines:
        if line["held"]:
            key = (line["environment_id"], line["held"], bool(line["due"]))
            found.setdefault(key, []).append(f"{line['due']:,} {named_kind(line['kind'])}")
    held = [
        f"environment {environment} is held back: {', '.join(counts)}: {reason}. "
        f"See what would go, and release it, with: retention approve {environment}"
        for (environment, reason, is_due), counts in found.items()
        if is_due
    ]
    later = {(environment, reason) for environment, reason, is_due in found if not is_due}
    notes = [
        f"environment {environment} will be held back when rows fall due: {reason}. "
        f"Confirm it with: retention approve {environment}"
        for environment, reason in sorted(later)
        if (environment, reason, True) not in found
    ]
    return held, notes


def large_shares(rows: list[Row]) -> list[str]:
    """What only warns: kinds of row of which more than a tenth is due."""
    return [
        f"{row['due']:,} {named_kind(row['kind'])} of environment {row['environment_id']} are due, more than a "
        "tenth of its living ones. Expected after an outage, a campaign or a client's end; else look at its period."
        for row in rows
    ]
