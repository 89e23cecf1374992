"""Building what only looks, the views and the seeds, before anything is changed; what keeps them from being built."""

from flows.database import Database, Row
from flows.errors import BadConfiguration, Unexpected
from flows.project import DbtProject, NodeResult, refuse_what_database_refused, refuse_what_macros_refused

# What the macro get_replace_view_sql says of a view whose reader keeps a transaction open.
BEING_READ = "found it read in an open transaction"

# The models that list where the data map and the database differ.
MAP_PROBLEMS = ("missing_columns", "undeclared_columns", "mistyped_columns")


def build_views(database: Database, project: DbtProject) -> list[str]:
    """Builds the seeds and every view that only looks; refuses a data map that does not fit the database.

    Returns what only warns, in sentences: views for analysts that could not be renewed, which no run stands on.
    """
    results = project.look()
    built = {result.name for result in results if not result.is_broken}
    for problem in MAP_PROBLEMS:
        if problem in built:
            _refuse_unfit_map(database.rows(problem))
    broken = [result for result in results if result.is_broken]
    in_the_way = [result for result in broken if not _is_kept_by_reader(result)]
    if broken and not in_the_way:
        return [_not_renewed(broken)]
    for result in in_the_way:
        _refuse_what_is_read(result)
        refuse_what_macros_refused(result.message)
        refuse_what_database_refused(result)
    if in_the_way:
        raise Unexpected(
            f"Building the views: expected every one to be built, found {named(in_the_way)} broken. "
            "Nothing was changed; see logs/dbt.log in the project."
        )
    return []


def named(results: list[NodeResult]) -> str:
    """Some of the nodes, by name."""
    return ", ".join(result.name for result in results[:5])


def _is_kept_by_reader(result: NodeResult) -> bool:
    """Whether it is a view for analysts that one of them reads, or stands on such a view."""
    return result.name.startswith("due_") and (BEING_READ in result.message or result.status == "skipped")


def _not_renewed(broken: list[NodeResult]) -> str:
    return (
        f"{named(broken)} show what was due when they were last renewed: somebody reads them in a transaction that is "
        "still open. End it (pg_stat_activity); the next run renews them."
    )


def _refuse_what_is_read(result: NodeResult) -> None:
    if BEING_READ in result.message:
        raise BadConfiguration(
            f"Building {result.name}: expected it to be free for a tenth of a second, {BEING_READ} for some seconds. "
            "End that transaction (pg_stat_activity); nothing was changed."
        )


def _refuse_unfit_map(rows: list[Row]) -> None:
    columns: dict[str, list[str]] = {}
    for row in rows:
        columns.setdefault(row["reason"], []).append(f"{row['table_name']}.{row['column_name']}")
    if columns:
        found = "; ".join(f"{', '.join(names)} {reason}" for reason, names in columns.items())
        raise BadConfiguration(
            f"Comparing the data map with the database: expected the same columns, found {found}. "
            "Mend the data map in the sources' YAML, PLATFORM_SCHEMA or the database; nothing was changed."
        )
