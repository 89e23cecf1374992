"""What is checked of the platform's tables: that the data map is theirs, what they lack, and what the role may do."""

from collections.abc import Iterator

from flows.database import Database
from flows.doctor.findings import Finding, State
from flows.periods import named_environments, unknown_environments
from flows.project import DbtProject
from flows.settings import Settings
from flows.views import MAP_PROBLEMS

# Without its marker a table can't be worked; without the rest nights are slow, or nobody but the run keeps the promise.
_LACKED = {
    "missing tables": (State.MEND, "tables of the data map are not there"),
    "markers": (State.MEND, "marker columns are missing"),
    "indexes": (State.LOOK, "indexes are missing, so that nights read whole tables"),
    "constraints": (State.LOOK, "statements would have the database keep the promise too"),
    "roles": (State.LOOK, "statements would give the two roles what they need and no more"),
}
_MOST_NAMED = 5


def examine_data_map(database: Database, project: DbtProject) -> Iterator[Finding]:
    """Whether it can be meant, and names the columns that the database has."""
    unfit = [
        f"{row['table_name']}.{row['column_name']} ({row['reason']})"
        for model in MAP_PROBLEMS
        for row in database.select(project.compiled(model), "table_name, column_name, reason")
    ]
    if unfit:
        more = f" and {len(unfit) - _MOST_NAMED} more" if len(unfit) > _MOST_NAMED else ""
        remedy = "Mend models/platform/_platform__sources.yml, or PLATFORM_SCHEMA"
        yield Finding("data map", State.MEND, ", ".join(unfit[:_MOST_NAMED]) + more, remedy)
    else:
        yield Finding("data map", State.OK, "every column of its tables is declared")


def examine_environments(database: Database, project: DbtProject, settings: Settings) -> Iterator[Finding]:
    """Whether the platform has the environments that the seeds name."""
    shown = database.select(project.compiled("platform_environments"), "environment_id::text as environment_id")
    known = {row["environment_id"] for row in shown}
    named = named_environments(settings.project_dir)
    unknown = unknown_environments(row for row in named if row["environment_id"] not in known)
    for said in unknown:
        found, _, remedy = said.partition(": ")
        yield Finding("environments", State.MEND, found, remedy[0].upper() + remedy[1:].removesuffix("."))
    if not unknown:
        yield Finding("environments", State.OK, f"{len(known)} on the platform, those that the seeds name among them")


def examine_preparation(database: Database, project: DbtProject) -> Iterator[Finding]:
    """What `retention prepare` would add, in counts."""
    rows = database.select(project.preparation(), "part, statement")
    lacked = [row["part"] for row in rows if not row["statement"].startswith("drop index")]
    for part, (state, words) in _LACKED.items():
        is_of_map = part == "missing tables"
        if count := lacked.count(part):
            remedy = "Mend PLATFORM_SCHEMA or the data map" if is_of_map else f"retention prepare --part {part} --apply"
            yield Finding(part, state, f"{count} {words}", remedy)
        elif not is_of_map:
            yield Finding(part, State.OK, "nothing is missing")


def examine_rights(database: Database, project: DbtProject) -> Iterator[Finding]:
    """What the role in PGUSER lacks to read and empty the declared columns, and to remove old row versions."""
    lacked = database.select(project.missing_rights(), "table_name, privilege, column_names")
    for row in lacked:
        if row["privilege"] == "maintain":
            remedy = "See docs/operate.md, Maintenance; until then old row versions stay"
            yield Finding("rights", State.LOOK, f"the role may not vacuum and analyze {row['table_name']}", remedy)
        elif row["privilege"] == "rows":
            remedy = "alter role … bypassrls"
            yield Finding("rights", State.MEND, f"row security hides rows of {row['table_name']} from the role", remedy)
        else:
            found = f"the role may not {row['privilege']} {row['column_names']} of {row['table_name']}"
            yield Finding(
                "rights", State.MEND, found, "retention prepare --part roles --apply, and run as retention_runner"
            )
    if not lacked:
        yield Finding("rights", State.OK, "the role may read and empty what the data map declares")
