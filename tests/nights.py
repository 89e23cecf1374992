"""Nights one after the other in one database, in milliseconds each: the real brake, the real batches, no flow around."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from batches import Batches

from flows import ledger
from flows.brake import held_back
from flows.database import Database, Row
from flows.ledger import RunRequest

# A run begins when it judges, and an approval is given a second later: as if the days between had passed on the clock.
PASSING_TIME = """
create or replace function retention.at_as_of() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'runs' then
        new.started_at := new.as_of;
    else
        new.approved_at := new.as_of + interval '1 second';
    end if;
    return new;
end $$;
create or replace trigger at_as_of before insert on retention.runs for each row execute function retention.at_as_of();
create or replace trigger at_as_of before insert on retention.approvals for each row execute function retention.at_as_of();
"""


@dataclass
class Night:
    """What one night did: its lines by environment and kind, and what the brake said."""

    lines: dict[tuple[int, str], Row]
    held: list[str]
    large: list[Row] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        return "held back" if self.held else "done"


class Nights:
    """The brake's view as dbt compiled it, with the instant of each night put in its place."""

    def __init__(self, batches: Batches) -> None:
        self.batches, self.world = batches, batches.world
        path = self.world.project_dir / "target" / "compiled" / "retention" / "models" / "brake" / "brake_verdicts.sql"
        self.compiled = path.read_text()
        (self.literal,) = {word for word in self.compiled.split("'") if word.startswith(batches.as_of)}
        self.empty()
        self.world.connection.execute(PASSING_TIME)

    def empty(self) -> None:
        self.batches.empty()
        self.batches.empty_ledger()

    def close(self) -> None:
        """Leaves the database as it was found: the ledger empty, the brake's view as of the batches' own instant."""
        self.empty()
        self.world.connection.execute("drop function retention.at_as_of() cascade")
        self._judge_by(self.literal)

    def look(self, as_of: datetime) -> None:
        self._judge_by(as_of.isoformat())

    def at(self, as_of: datetime, *, approved: bool = False, meanwhile: Callable[[], None] = lambda: None) -> Night:
        """One night as the flow has it, from the open run to the finished one; `meanwhile` follows the brake's look."""
        self.look(as_of)
        request = RunRequest(as_of=as_of.isoformat(), is_approved=approved)
        with Database.connect("retention") as database, ledger.only_run(database):
            clock = ledger.fix_as_of(database, request)
            with ledger.open_run(database, request, clock) as run_id:
                lines, large = ledger.open_lines(database, run_id, request)
                held, _ = held_back(lines)
                meanwhile()
                self.batches.anonymize(run_id)
                ledger.finish_run(database, run_id, "held back" if held else "done", {})
                lines = database.rows("lines", run_id=run_id)
        return Night({(int(line["environment_id"]), line["kind"]): line for line in lines}, held, large)

    def _judge_by(self, instant: str) -> None:
        text = self.compiled.replace(self.literal, instant)
        self.world.connection.execute(f"create or replace view retention.brake_verdicts as {text}")

    def verdicts(self, as_of: datetime, environment_id: int) -> list[dict[str, Any]]:
        self.look(as_of)
        with Database.connect("retention") as database:
            return database.rows("verdicts", environment_id=str(environment_id), as_of=as_of)

    def periods(self, **months: int) -> None:
        """Sets periods as the seed's table has them: environment_1=12."""
        for name, value in months.items():
            number = name.rpartition("_")[2]
            self.world.connection.execute("delete from retention.retention_periods where environment_id = %s", [number])
            self.world.connection.execute(
                "insert into retention.retention_periods values (%s, %s)", [number, str(value)]
            )

    def messages(self, count: int, created_at: datetime, environment_id: int = 1) -> None:
        self.world.connection.execute(
            "insert into platform.messages select coalesce((select max(message_id) from platform.messages), 0) + n, %s, 1, null,"
            " 'outbound', 'private', 'twitter', 'x', 'x', 'x', %s, %s from generate_series(1, %s) as n",
            [environment_id, created_at, created_at, count],
        )
