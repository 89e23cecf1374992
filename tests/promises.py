"""What must hold after every step, whatever happened: nothing living was touched, nothing due was forgotten."""

from collections import Counter
from datetime import datetime
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine, invariant
from model import PARIS, PERSONAL
from nights import Nights
from world import TABLES, World, is_random_id

from flows.chain import verify
from flows.database import Database
from flows.store import Store

FILE_COLUMNS = {"users": ("picture_bucket", "picture_key"), "attachments": ("bucket", "object_key")}


class Promises(RuleBasedStateMachine):
    """What happened so far, and what it is compared with."""

    nights: ClassVar[Nights]
    store: ClassVar[Store]
    seen: ClassVar[Counter[str]] = Counter()  # what came about, over all examples

    world: World
    now: datetime
    rows: dict[str, dict[int, dict[str, Any]]]
    """By table and key, as the platform was after the last step."""
    versions: Counter[tuple[str, str]]
    """Of each file, how many versions were put."""
    queued: Counter[tuple[str, str]]
    """Of each file, how many rows that named it were emptied."""
    marked: int
    cutoffs: dict[int, datetime]
    """By environment, of the run that is open; empty without one."""

    @invariant()
    def every_promise_holds(self) -> None:
        """In this order: what the rows say is what the others are compared with."""
        self.the_rows_that_changed_were_due()
        self.no_file_is_forgotten_and_no_living_one_gone()
        self.the_ledger_says_what_happened()

    def the_rows_that_changed_were_due(self) -> None:
        """M1, M2, U1, M6, S3; T29: and nothing but their personal values changed."""
        now = self.world.snapshot()
        changed = [
            (table, self.rows[table][key], row)
            for table in TABLES
            for key, row in now[table].items()
            if row != self.rows[table][key]
        ]
        assert {table: set(rows) for table, rows in now.items()} == {
            table: set(rows) for table, rows in self.rows.items()
        }
        for table, before, after in changed:
            assert before["anonymized_on"] is None
            assert after["anonymized_on"] == self.now.astimezone(PARIS).date() or self.cutoffs
            assert self._was_due(table, before, now), (table, before)
            kept = set(after) - set(PERSONAL[table]) - {"anonymized_on"}
            assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
            for name in PERSONAL[table]:
                value = after[name]
                assert is_random_id(str(value)) if name.endswith("network_id") else name == "picture_url" or not value
            if file := _file(table, before):
                self.queued[file] += 1
            self.seen[table] += 1
        self.marked += len(changed)
        self.rows = now

    def no_file_is_forgotten_and_no_living_one_gone(self) -> None:
        """T42, T44: an object is named by a living row or queued, or it is gone with every version; each entry has a row
        that was emptied."""
        there: Counter[tuple[str, str]] = Counter()
        for bucket in ("files", "versioned"):
            page = self.world.s3.list_object_versions(Bucket=bucket)
            there.update((bucket, item["Key"]) for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])])
        living = {file for table in FILE_COLUMNS for row in self.rows[table].values() if (file := _file(table, row))}
        queue = Counter(
            (row["bucket"], row["object_key"])
            for row in self.world.rows("select bucket, object_key from retention.file_queue")
        )
        for file, versions in self.versions.items():
            if there[file]:
                assert file in living or file in queue, "forgotten"
            assert there[file] == versions or (file not in living and there[file] == 0), "a living file is gone"
        assert all(count <= self.queued[file] for file, count in queue.items()), "an entry without its reason"
        assert queue.keys() <= self.queued.keys()

    def the_ledger_says_what_happened(self) -> None:
        totals = self.world.one(
            "select coalesce(sum(anonymized + dependents), 0) as rows, coalesce(sum(files_queued), 0) as queued,"
            " coalesce(sum(files_purged + files_spared), 0) as worked_off,"
            " (select count(*) from retention.file_queue) as waiting from retention.run_lines"
        )
        assert totals["rows"] == self.marked
        self.seen["files worked off"] = max(int(totals["worked_off"]), self.seen["files worked off"])
        assert totals["queued"] == sum(self.queued.values()) == totals["worked_off"] + totals["waiting"]
        assert verify(Database(self.world.connection, "retention")).break_found is None

    def _was_due(self, table: str, row: dict[str, Any], now: dict[str, dict[int, dict[str, Any]]]) -> bool:
        cutoff = self.cutoffs.get(row["environment_id"])
        if cutoff is None:
            return False
        if table == "attachments":
            return now["messages"][row["message_id"]]["anonymized_on"] is not None
        if table == "users":
            written = [
                message["created_at"] for message in now["messages"].values() if message["user_id"] == row["user_id"]
            ]
            return max(written, default=row["created_at"]) < cutoff
        return row["created_at"] < cutoff or any(
            before["network_id"] == row.get("user_network_id") and now["users"][key]["anonymized_on"] is not None
            for key, before in self.rows["users"].items()
        )


def _file(table: str, row: dict[str, Any]) -> tuple[str, str] | None:
    bucket, key = (row[name] for name in FILE_COLUMNS.get(table, ())) if table in FILE_COLUMNS else (None, None)
    return (bucket, key) if key else None
