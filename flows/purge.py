"""Deletes queued files from S3, every version of them.

Never a file that a row of the platform still names at the check; never a version that was not listed before it; never a
key in a log or an error. Claim, result and count of one batch share a transaction: killed anywhere, the claim is
released and the batch is done again, and deleting what is gone already counts as deleted.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flows.database import Database, Row
from flows.pause import is_paused
from flows.s3_answers import is_of_store
from flows.store import QueuedFile, Store

# As many as one delete request takes. Larger claims hold their rows longer.
FILES_PER_CLAIM = 1000

# Claims in a row of which every file failed by the store's own trouble: waiting out its timeouts helps nobody.
CLAIMS_BEFORE_GIVING_UP = 3


@dataclass(frozen=True, slots=True)
class PurgedFiles:
    """Counts of queue entries: `purged` deleted, `spared` still named by a living row, `failed` by reason."""

    purged: int
    spared: int
    failed: Counter[str]


def purge_files(
    database: Database,
    store: Store,
    run_id: int,
    environments: Sequence[str] | None,
    purge_delay: float,
    is_over: Callable[[], bool] = lambda: False,
) -> PurgedFiles:
    """Works off the queue once, oldest first; `purge_delay` in seconds. What fails stays queued with its reason.

    `is_over` is asked before each claim: no further one is taken once it says so.
    """
    after, purged, spared, failed, fruitless = 0, 0, 0, Counter[str](), 0
    while fruitless < CLAIMS_BEFORE_GIVING_UP and not is_paused(database) and not is_over():
        with database.transaction():
            claim = database.rows(
                "claim_files",
                after=after,
                limit=FILES_PER_CLAIM,
                environments=list(environments) if environments is not None else None,
                purge_delay=purge_delay,
            )
            if not claim:
                break
            spared_ids, failures = _purge_claim(database, store, claim)
            _count(database, run_id, claim, spared_ids, failures)
        after = claim[-1]["file_id"]
        spared += len(spared_ids)
        failed.update(failures.values())
        purged += len(claim) - len(spared_ids) - len(failures)
        is_down = len(failures) == len(claim) and all(map(is_of_store, failures.values()))
        fruitless = fruitless + 1 if is_down else 0
    return PurgedFiles(purged, spared, failed)


def _purge_claim(database: Database, store: Store, claim: list[Row]) -> tuple[set[int], dict[int, str]]:
    files = [QueuedFile(row["file_id"], row["bucket"], row["object_key"]) for row in claim if row["bucket"]]
    failures = {row["file_id"]: "NoBucket" for row in claim if not row["bucket"]}
    # First what exists, then who names it, then the deletion of what was listed: in this order a file that is written
    # or named again in the meantime is safe.
    listing = store.list_versions(files)
    file_ids = [file.file_id for file in files]
    spared = {row["file_id"] for row in database.rows("referenced_files", file_ids=file_ids)}
    deletion = store.delete(listing, set(file_ids) - spared)
    failures |= {file_id: reason for file_id, reason in deletion.failed.items() if file_id not in spared}
    database.execute("forget_files", file_ids=[*spared, *deletion.gone])
    database.execute("keep_failed_files", file_ids=list(failures), reasons=list(failures.values()))
    return spared, failures


def _count(
    database: Database,
    run_id: int,
    claim: list[Row],
    spared: set[int],
    failures: dict[int, str],
) -> None:
    outcomes = Counter(
        (
            row["environment_id"],
            row["kind"],
            "spared" if row["file_id"] in spared else "failed" if row["file_id"] in failures else "purged",
        )
        for row in claim
    )
    for environment_id, kind in sorted({key[:2] for key in outcomes}):
        counts = {name: outcomes[environment_id, kind, name] for name in ("purged", "spared", "failed")}
        database.execute(
            "count_purge",
            run_id=run_id,
            environment_id=environment_id,
            kind=kind,
            **counts,
        )
