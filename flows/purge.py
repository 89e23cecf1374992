"""Deletes queued files from the file store, every version of them.

Never a file that a row of the platform still names at the check; never a version that was not listed before it; never a
key in a log or an error. Claim, result and count of one batch share a transaction: killed anywhere, the claim is
released and the batch is done again, and deleting what is gone already counts as deleted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Lock

from flows.database import Database, Row
from flows.disk_store import DiskStore
from flows.errors import BadConfiguration
from flows.layout import FileLayout
from flows.pause import is_paused
from flows.s3_answers import is_of_store
from flows.settings import Settings
from flows.store import QueuedFile, Store
from flows.workers import workers

FileStore = Store | DiskStore

# As many as one delete request takes. Larger claims hold their rows longer.
FILES_PER_CLAIM = 1000

# Claims at once, each in a session of its own: while the store deletes for one, the database looks for another.
WORKERS = 4

# Claims in a row of which every file failed by the store's own trouble: waiting out its timeouts helps nobody.
CLAIMS_BEFORE_GIVING_UP = 3


@dataclass(frozen=True, slots=True)
class PurgedFiles:
    """Counts of queue entries: `purged` deleted, `spared` still named by a living row, `failed` by reason."""

    purged: int
    spared: int
    failed: Counter[str]


@dataclass(slots=True)
class Queue:
    """What is left of the queue for one run: each claim begins behind the last one, so that no file is tried twice.

    `environments`: None for all; `purge_delay` in seconds; `layout`: where the store has a file. Shared by the workers,
    of which one looks at a time.
    """

    environments: Sequence[str] | None = None
    purge_delay: float = 0
    layout: FileLayout = field(default_factory=FileLayout)
    _after: int = 0
    _one_at_a_time: Lock = field(default_factory=Lock)

    def count(self, database: Database) -> int:
        """How many files are to be worked off, those that failed in this run included."""
        return int(database.row("queued_files", **self._scope())["files"])

    def claim(self, database: Database) -> list[Row]:
        """The next files, oldest first, held until the transaction ends."""
        with self._one_at_a_time:
            claim = database.rows("claim_files", after=self._after, limit=FILES_PER_CLAIM, **self._scope())
            if claim:
                self._after = claim[-1]["file_id"]
        return claim

    def _scope(self) -> dict[str, object]:
        environments = None if self.environments is None else list(self.environments)
        return {"environments": environments, "purge_delay": self.purge_delay}


def open_store(settings: Settings) -> FileStore:
    """The store that the settings name; BadConfiguration where there is none."""
    return DiskStore(settings.files_folder) if settings.files_folder else Store()


def purge_together(  # noqa: PLR0913, PLR0917 - what a purge is made of
    database: Database,
    ledger_schema: str,
    store: FileStore,
    run_id: int,
    queue: Queue,
    files: int,
    is_over: Callable[[], bool] = lambda: False,
) -> PurgedFiles:
    """Works off the queue of `files` once, in this session, and where that many pay with more workers, each in its own.

    A worker that gets no session is one fewer. What ends this session's part ends the others' after their claim,
    and at once where the run was told to end: such claims are released.
    """
    ended = Event()
    sessions: list[int] = []

    def help_out() -> PurgedFiles:
        with suppress(BadConfiguration), Database.connect(ledger_schema) as own:
            sessions.append(own.row("own_session")["pid"])
            return purge_files(own, store, run_id, queue, lambda: ended.is_set() or is_over())
        return PurgedFiles(0, 0, Counter())

    helpers = min(WORKERS, -(-files // FILES_PER_CLAIM)) - 1
    with workers(WORKERS, "purge") as pool:
        helping = [pool.submit(help_out) for _ in range(helpers)]
        try:
            done = [purge_files(database, store, run_id, queue, is_over), *(helper.result() for helper in helping)]
        except BaseException as error:
            ended.set()
            if not isinstance(error, Exception):  # told to end: the run's end waits for no store
                database.rows("end_sessions", pids=sessions)
            raise
    failed = sum((purged.failed for purged in done), Counter[str]())
    return PurgedFiles(sum(purged.purged for purged in done), sum(purged.spared for purged in done), failed)


def purge_files(
    database: Database, store: FileStore, run_id: int, queue: Queue, is_over: Callable[[], bool] = lambda: False
) -> PurgedFiles:
    """Claims and purges until the queue is worked off once. What fails stays queued with its reason.

    `is_over` is asked before each claim: no further one is taken once it says so.
    """
    purged, spared, failed, fruitless = 0, 0, Counter[str](), 0
    while fruitless < CLAIMS_BEFORE_GIVING_UP and not is_paused(database) and not is_over():
        with database.transaction():
            # The run stays open until the commit: the next one, which seals a dead flow's, waits for these counts.
            claim = queue.claim(database) if database.rows("keep_run_open", run_id=run_id) else []
            if not claim:
                break
            spared_ids, failures = _purge_claim(database, store, queue.layout, claim)
            _count(database, run_id, claim, spared_ids, failures)
        spared += len(spared_ids)
        failed.update(failures.values())
        purged += len(claim) - len(spared_ids) - len(failures)
        is_down = len(failures) == len(claim) and all(map(is_of_store, failures.values()))
        fruitless = fruitless + 1 if is_down else 0
    return PurgedFiles(purged, spared, failed)


def _purge_claim(
    database: Database, store: FileStore, layout: FileLayout, claim: list[Row]
) -> tuple[set[int], dict[int, str]]:
    failures = {row["file_id"]: "NoBucket" for row in claim if not row["bucket"] and isinstance(store, Store)}
    files = [
        QueuedFile(row["file_id"], row["bucket"], layout.place(row["object_key"]))
        for row in claim
        if row["file_id"] not in failures
    ]
    # First what exists, then who names it, then the deletion of what was listed: in this order a file that is written
    # or named again in the meantime is safe.
    listing = store.list_versions(files)
    file_ids = [file.file_id for file in files]
    spared = {row["file_id"] for row in database.rows("referenced_files", file_ids=file_ids)}
    deletion = store.delete(listing, set(file_ids) - spared)
    failures |= {file_id: reason for file_id, reason in deletion.failed.items() if file_id not in spared}
    database.execute("forget_files", file_ids=[*spared, *deletion.gone])
    if failures:
        database.execute("keep_failed_files", file_ids=list(failures), reasons=list(failures.values()))
    return spared, failures


def _count(database: Database, run_id: int, claim: list[Row], spared_ids: set[int], failures: dict[int, str]) -> None:
    """Adds what became of a claim to the lines of its files; counted here, since a thousand rows sent cost more."""
    kept = spared_ids | failures.keys()
    freed = _bytes_freed(row for row in claim if row["file_id"] not in kept)
    outcomes = Counter(
        (row["environment_id"], row["kind"], _outcome(row["file_id"], spared_ids, failures)) for row in claim
    )
    bytes_of: dict[tuple[str, str], int] = {}
    for row in claim:
        if (size := freed.get(row["file_id"])) is not None:
            line = row["environment_id"], row["kind"]
            bytes_of[line] = bytes_of.get(line, 0) + size
    lines = list({outcome[:2] for outcome in outcomes})
    database.execute(
        "count_purge",
        run_id=run_id,
        environment_ids=[environment_id for environment_id, _ in lines],
        kinds=[kind for _, kind in lines],
        bytes_freed=[bytes_of.get(line) for line in lines],
        **{outcome: [outcomes[*line, outcome] for line in lines] for outcome in ("purged", "spared", "failed")},
    )


def _outcome(file_id: int, spared_ids: set[int], failures: dict[int, str]) -> str:
    if file_id in spared_ids:
        return "spared"
    return "failed" if file_id in failures else "purged"


def _bytes_freed(purged: Iterable[Row]) -> dict[int, int | None]:
    """The sizes that the rows state, by file_id; of a file that several rows name, once."""
    first = {(row["bucket"], row["object_key"]): row for row in purged}
    return {row["file_id"]: row["byte_size"] for row in first.values()}
