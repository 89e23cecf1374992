"""What belongs to a run's end besides its outcome: a look ahead, its report, and the link to it in Prefect.

None of it may fail a night: what can't be read or written is a warning.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

from prefect.artifacts import create_link_artifact

from flows import ledger
from flows.chain import digest
from flows.database import Database, Row
from flows.ledger import Clock, RunRequest
from flows.page.writing import address_of, write_page
from flows.settings import Settings

# The look ahead may take such a share of what the run took before it: a report never costs as much as the night. Rows
# are counted in indexes, and come nowhere near; files are looked up row by row, and are the first to be left out.
SHARE_FOR_ROWS, SHARE_FOR_FILES = 1 / 4, 1 / 20

# In seconds, whatever the run took: a small platform's files are always counted, and no snapshot is held for long.
SHORTEST_LOOK, LONGEST_LOOK = 2.0, 60.0


def note_documents(database: Database, run_id: int, data_map: str, rules: str) -> None:
    """Keeps the texts that a run stands on, and their hashes in its row."""
    database.execute(
        "note_documents",
        run_id=run_id,
        data_map=data_map,
        data_map_version=digest(data_map),
        rules=rules,
        rules_version=digest(rules),
    )


def look_ahead(database: Database, run_id: int) -> tuple[list[Row] | None, list[str]]:
    """What falls due on the nights after a run; files are None where only rows could be counted in time.

    None and a warning where not even they could.
    """
    try:
        so_far = database.row("seconds_of_run", run_id=run_id)["seconds"]
        limit, limit_of_files = limit_of(so_far * SHARE_FOR_ROWS), limit_of(so_far * SHARE_FOR_FILES)
        began = monotonic()
        found = database.rows_within(limit, "rows_ahead", run_id=run_id)
        why = f"it took longer than {limit:.0f} seconds"
        files = None
        if monotonic() - began < limit_of_files:  # who counts files reads more than who counts rows
            files = database.rows_within(limit_of_files, "files_ahead", run_id=run_id)
    except Exception as error:  # noqa: BLE001 - of whatever kind; its text may quote a row
        found, files, why = None, None, f"stopped by {type(error).__name__}"
    if found is None:
        return None, [f"the report shows no forecast: {why}. Ask for it with: retention forecast"]
    by_night = {night["night"]: night["files"] for night in files or []}
    return [night | {"files": by_night.get(night["night"])} for night in found], []


def limit_of(seconds: float) -> float:
    """Seconds that a look may take, by its share of the run."""
    return min(max(seconds, SHORTEST_LOOK), LONGEST_LOOK)


def publish(database: Database, settings: Settings, run_id: int) -> tuple[str | None, list[str]]:
    """Writes a run's report and links it in Prefect: where it is shown; None and a warning where it can't be."""
    try:
        path = write_page(database, settings, run_id)
    except Exception as error:  # noqa: BLE001 - a full disk is no reason to fail a night
        why = error.strerror if isinstance(error, OSError) and error.strerror else f"stopped by {type(error).__name__}"
        warning = (
            f"the report could not be written to {settings.reports}: {why}. Mend RETENTION_REPORTS, or that folder, "
            f"and write it with: retention report {run_id}"
        )
        return None, [warning]
    address = address_of(settings, path)
    create_link_artifact(
        link=address, link_text=f"Report of run {run_id}", key="retention-report", description=str(path)
    )
    return address, []


@contextmanager
def reported_run(database: Database, settings: Settings, request: RunRequest, clock: Clock) -> Iterator[int]:
    """An open run, by its number; one that fails within is reported too."""
    run_id = None
    try:
        with ledger.open_run(database, request, clock) as run_id:
            yield run_id
    except Exception:
        if run_id is not None:
            with suppress(Exception):  # what ended the run is raised, whatever becomes of its report
                publish(database, settings, run_id)
        raise
