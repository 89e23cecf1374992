"""`make bench` measures in full and writes docs/performance.md; `make bench SHORT=1` only shows that it works.

`make bench CONTESTS="anonymizing memory"` measures these alone, and leaves on the page what it said of the others.
"""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.contests import Figure, anonymizing, nights
from bench.living import living, ten_nights
from bench.platform import Server, server
from bench.purging import memory, purging, purging_versions
from bench.whole import whole_night

Contest = Callable[[], list[Figure]]
HEADER = "| # | what | against | measured | to reach |\n|---|---|---|---|---|"
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def main(*, is_short: bool, only: list[str]) -> None:
    """Measures, prints each figure as it comes, and in full writes the page; a contest that fails ends no other."""
    figures: list[Figure] = []
    failed: list[str] = []
    with server() as started:
        contests = _contests(started, SHORT if is_short else FULL)
        for name in only or contests:
            try:
                measured = contests[name]()
            except (SystemExit, subprocess.SubprocessError) as error:
                failed.append(str(error))
                print(f"FAILED: {error}", flush=True)  # noqa: T201 - the result is what is asked for
                continue
            figures += measured
            print("\n".join(map(_row, measured)), flush=True)  # noqa: T201 - the same
            if not is_short:
                PAGE.write_text(_page(figures, started), encoding="utf-8")
    if failed:
        raise SystemExit(f"{len(failed)} contests failed; the others stand.")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much each contest works on; two numbers where a small one is compared with a large one."""

    backlog: int
    turns: int
    stored: tuple[int, int]
    due: tuple[int, int]
    objects: int
    versioned: int
    queued: tuple[int, int]
    seconds: float
    nightly: int


FULL = Sizes(1_000_000, 3, (1_000_000, 10_000_000), (20_000, 500), 100_000, 20_000, (10_000, 1_000_000), 20, 20_000)
SHORT = Sizes(4_000, 1, (4_000, 8_000), (400, 20), 2_000, 500, (100, 2_000), 2, 40)


def _contests(started: Server, sizes: Sizes) -> dict[str, Contest]:
    return {
        "anonymizing": lambda: anonymizing(started, sizes.backlog, sizes.turns),
        "purging": lambda: purging(started, sizes.objects, sizes.turns),
        "versions": lambda: purging_versions(started, sizes.versioned),
        "memory": lambda: memory(started, sizes.queued),
        "living": lambda: living(started, sizes.backlog, sizes.seconds),
        "size": lambda: ten_nights(started, sizes.backlog, sizes.nightly),
        "nights": lambda: (
            nights(started, sizes.stored, *sizes.due) + whole_night(started, "night", sizes.stored[1], sizes.turns)
        ),
    }


def _row(figure: Figure) -> str:
    return f"| {figure.number} | {figure.what} | {figure.against} | {figure.measured} | {figure.reach} |"


def _page(figures: list[Figure], started: Server) -> str:
    with started.connect("postgres") as connection:
        ((server_version,),) = connection.execute("show server_version")
    rows = "\n".join(map(_row, sorted(figures, key=lambda figure: figure.number)))
    missing = sorted(set("123456789") - {figure.number for figure in figures})
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    return f"""# Performance

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: retention {version("retention")} at {commit.strip()},
PostgreSQL {server_version} with its own defaults, {machine}. Ratios are medians,
measured in turns on copies of the same rows; the times say little about another machine.

{HEADER}
{rows}
{_earlier(missing, {_subject(_row(figure)) for figure in figures})}"""


def _subject(row: str) -> str:
    """Number and words of a row, without its figures: a number may stand for several contests."""
    return re.sub(r"(?<=.{3})\d[\d,.]*", "", "|".join(row.split("|")[1:3]))


def _earlier(missing: list[str], measured: set[str]) -> str:
    """What the page said of figures that are not in this run, and of which version; a run of all leaves nothing."""
    said = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    blocks: list[str] = []
    for of_then in re.split(r"^(?=Written by|Measured earlier)", said, flags=re.MULTILINE)[1:]:
        rows = [row for row in of_then.splitlines() if re.match(r"\| \d ", row) and _subject(row) not in measured]
        commit = re.search(r" at ([0-9a-f]{7,})", of_then)
        if rows and commit:
            blocks.append("\n".join([f"\nMeasured earlier, at {commit[1]}:\n", HEADER, *rows, ""]))
    unknown = [number for number in missing if f"\n| {number} |" not in "".join(blocks)]
    if unknown:
        blocks.append(f"\nNot measured, and nothing claimed: {', '.join(unknown)}.\n")
    return "".join(blocks)


if __name__ == "__main__":
    main(is_short="--short" in sys.argv, only=[word for word in sys.argv[1:] if word != "--short"])
