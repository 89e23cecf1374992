"""What `marker: aside` costs beside a marker column, on the same rows in turns: python -m bench.aside MESSAGES TURNS.

All of them are due, are anonymized, and are looked at once more with nothing due. Prints medians and ratios.
"""

import os
import re
import shutil
import statistics
import sys
import time
from pathlib import Path

from bench.contests import by_product, open_run
from bench.platform import Server, Size, server
from flows import ledger
from flows.database import Database
from flows.prepare import Part, apply, missing_steps
from flows.project import DbtProject
from flows.settings import read_settings

CONTESTANTS = ("column", "aside")


def main() -> None:
    """Runs the turns, the first contestant first in every other one."""
    messages, turns = int(sys.argv[1]), int(sys.argv[2])
    figures: dict[tuple[str, str], list[float]] = {}
    with server() as started:
        started.build("stored", Size(messages=messages, due=messages))
        for turn in range(turns):
            for who in CONTESTANTS[:: -1 if turn % 2 else 1]:
                for what, value in _turn(started, who, messages).items():
                    figures.setdefault((what, who), []).append(value)
                    sys.stderr.write(f"{turn} {who} {what} {value:,.4g}\n")
    for what in dict.fromkeys(what for what, _ in figures):
        column, aside = (statistics.median(figures[what, who]) for who in CONTESTANTS)
        sys.stdout.write(f"{what}: column {column:,.4g}, aside {aside:,.4g}, {aside / column:.2f} times\n")


def _turn(started: Server, who: str, messages: int) -> dict[str, float]:
    started.copy("stored", "turn")
    shutil.rmtree(started.folder / "project-turn", ignore_errors=True)
    project = started.project("turn")
    os.environ["PGDATABASE"] = "turn"
    if who == "aside":
        _mark_aside(started, project)
    cost = by_product(started, "turn")
    found = {"rows a second": messages / cost.seconds, "WAL bytes a row": cost.wal_bytes / messages}
    with started.connect("turn") as connection:
        connection.execute("vacuum analyze")
        sizes = connection.execute("select pg_total_relation_size('retention.done_rows') / 1048576.0").fetchone()
        found["side table in MB"] = float(sizes[0]) if sizes else 0
    taken = []
    for _ in range(2):  # the first look reads what the vacuum left outside of the cache
        with open_run(started, "turn") as run:
            began = time.monotonic()
            ledger.open_lines(run.database, run.run_id, run.request, run.project.unindexed())
            taken.append(time.monotonic() - began)
    return found | {"seconds of a look with nothing due": taken[-1]}


def _mark_aside(started: Server, project: Path) -> None:
    """The messages of a platform that nobody may change, with the index that is proposed for them."""
    for name, said, instead in (
        ("_platform__sources.yml", r"(key: message_id, marker: )anonymized_on", r"\1aside"),
        (
            "platform_messages.sql",
            r"    anonymized_on\n",
            "    {{ retention.anonymized_on('messages') }} as anonymized_on\n",
        ),
    ):
        path = project / "models" / "platform" / name
        path.write_text(re.sub(said, instead, path.read_text()))
    with started.connect("turn") as connection:
        connection.execute("drop index platform.messages_living_idx")
    with Database.connect("retention") as database:
        apply(database, list(missing_steps(database, DbtProject(read_settings(project), {}), [Part.INDEXES])))
    with started.connect("turn") as connection:
        connection.execute("vacuum (freeze, analyze) platform.messages")
        connection.execute("checkpoint")


if __name__ == "__main__":
    main()
