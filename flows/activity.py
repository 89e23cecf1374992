"""When users were last active, remembered in a table of ours: who falls due is then looked up, not sought among all.

With it stands since when rows may have come late to an owner that was anonymized already.

It never decides: whom it names is judged by the rule on the platform's own rows, under lock. Whom it leaves out is
found by the sweep of all, once a week, and by the verification of every night, which does not read it.
"""

from flows.database import Database

# Fewer living users are judged one by one in less time than it takes to look them up.
FEWEST_USERS = 20_000


def remember_activity(database: Database, ledger_schema: str) -> None:
    """Brings the table up to now; makes it once the platform has so many living users."""
    table = f"{ledger_schema}.user_activity"
    state = database.row("activity_state", fewest=FEWEST_USERS, table=table)
    if not state["is_kept"] and not state["is_worth_it"]:
        return
    with database.transaction():
        if state["is_due"]:
            _sweep(database)
        else:
            database.execute("add_users")
            database.execute("renew_activity")
            database.execute("note_renewal")
        database.execute("note_late", is_sweep=state["is_due"])
    if state["is_due"]:
        database.execute("analyze_activity")


def _sweep(database: Database) -> None:
    for statement in (
        "make_activity",
        "key_activity",
        "index_activity",
        "forget_activity",
        "sweep_activity",
        "note_sweep",
    ):
        database.execute(statement)
