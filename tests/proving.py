"""A platform of some size whose promises are kept, verified as nights verify it, and what the server counted meanwhile."""

import time
from collections import Counter
from dataclasses import dataclass

from world import World

from flows import ledger
from flows.database import Database
from flows.prepare import Part, Step, apply, missing_steps
from flows.project import DbtProject
from flows.settings import read_settings

TESTS = ("values_left_behind", "cleared_markers", "overdue_rows", "rows_without_environment")
TABLES = ("users", "messages", "attachments", "chatbot_conversations", "custom_events")

# Every second row is done, and of five years ago; what lives is of this month, and each living user wrote of both.
FILL = """
insert into platform.environments select n, 'Company ' || n from generate_series(1, 5) as n;
insert into platform.users
select n, 1 + n % 5, 'twitter', id, name, name, '{}', name, picture, null, null, now() - interval '20 days', done
from drawn(2000), lateral (select case when done is null then 'Ada' else '' end as name,
    case when done is null then 'https://pictures.example/1' else 'https://static.example.com/generic-profile.png' end as picture) as said;
insert into platform.messages
select n, 1 + n % 5, n / 20, 2 * (1 + n / 2 % 1000), 'inbound', 'private', 'twitter', id, text, text, at, at, done
from drawn(20000), lateral (select case when done is null then 'text' else '' end as text) as said;
insert into platform.attachments
select n, 1 + n % 5, n, 'files', text, text, 'image/png', 3, at, done
from drawn(4000), lateral (select case when done is null then 'key/' || n else '' end as text) as said;
insert into platform.chatbot_conversations select n, 1 + n % 5, 'twitter', id, 'solved', at, done from drawn(2000);
insert into platform.custom_events select n, 1 + n % 5, 'twitter', id, 'visit', at, done from drawn(2000);
"""
DRAWN = """
create function drawn(rows int) returns table (n int, id text, at timestamptz, done date) language sql as $$
    select n, case when n % 2 = 1 then 'anonymized-' || gen_random_uuid() else 'network-' || n end,
        now() - case when n % 2 = 1 then interval '5 years' else interval '20 days' end + n * interval '1 second',
        case when n % 2 = 1 then date '2026-01-02' end
    from generate_series(1, rows) as n
$$;
"""


@dataclass(frozen=True)
class Verified:
    """What one verification lists, by test: environment, kind, key or count, and more; and how many rows it read, by table."""

    offences: dict[str, int]
    read: Counter[str]


def project(world: World) -> DbtProject:
    """The project as it stands, read anew."""
    return DbtProject(read_settings(world.project_dir), {})


def look(world: World) -> None:
    """Builds the views for the database as it stands."""
    with Database.connect("retention") as database:
        ledger.prepare_ledger(database, "retention")
    assert [result for result in project(world).look() if result.is_broken] == []


def fill(world: World) -> None:
    """30,000 rows that keep every promise, as the planner finds them after a night."""
    world.connection.execute(DRAWN + FILL + "drop function drawn;")  # type: ignore[arg-type]
    settle(world)


def settle(world: World) -> None:
    """What autovacuum does in time: statistics, and pages of which no row has to be looked at."""
    for table in TABLES:
        world.connection.execute(f"vacuum (freeze, analyze) platform.{table}")  # type: ignore[arg-type]


def proofs(world: World, *parts: Part) -> list[Step]:
    """The steps of preparing that the world lacks."""
    with Database.connect("retention") as database:
        return list(missing_steps(database, project(world), parts or [Part.INDEXES]))


def applied(world: World, *parts: Part) -> list[str]:
    """The same, once they are done: their statements."""
    steps = proofs(world, *parts)
    with Database.connect("retention") as database:
        apply(database, steps)
    return [step.statement for step in steps]


def verified(world: World, *tests: str) -> Verified:
    """The tests as a night has them, by dbt; and the rows of the platform that the server read for them."""
    before = _counted(world)
    asked = project(world)
    arguments = ["--select", *(tests or TESTS), "--exclude-resource-type", "unit_test", "--no-populate-cache"]
    results = asked.run_alone("test", arguments, asked.alone)
    offences = {str(result.node.attached_node).rpartition(".")[2]: int(result.failures or 0) for result in results}
    return Verified(offences, _counted(world) - before)


def listed(world: World) -> dict[str, list[tuple[str, ...]]]:
    """Every offence that the models list, in order."""
    return {
        test: sorted(tuple(map(str, row.values())) for row in world.rows(f"select * from retention.{test}"))
        for test in TESTS
    }


def _counted(world: World) -> Counter[str]:
    """Rows read by table since ever, once this session told what it did, and every other one too, and ended."""
    world.connection.execute("select pg_stat_force_next_flush()")
    others = "select count(*) as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    deadline = time.monotonic() + 30
    while world.one(others + " and backend_type = 'client backend'")["n"]:
        assert time.monotonic() < deadline, "a session of the verification stayed open"
        time.sleep(0.02)
    counts = (
        "select relname, seq_tup_read + coalesce(idx_tup_fetch, 0) as n from pg_stat_user_tables"
        " where schemaname = 'platform' and relname <> 'environments'"
    )
    return Counter({row["relname"]: int(row["n"]) for row in world.rows(counts)})
