"""`make bench` measures in full and writes docs/performance.md; `make bench SHORT=1` only shows that it works."""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.contests import Figure, anonymizing, nights
from bench.living import living, ten_nights
from bench.platform import Server, server
from bench.purging import memory, purging
from bench.whole import whole_night

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def main(*, is_short: bool) -> None:
    """Measures, prints, and in full also writes the page."""
    with server() as started:
        figures = _short(started) if is_short else _full(started)
        text = _page(figures, started)
    print(text)  # noqa: T201 - the result is what is asked for
    if not is_short:
        PAGE.write_text(text, encoding="utf-8")


def _full(started: Server) -> list[Figure]:
    return [
        *anonymizing(started, 1_000_000, 3),
        *nights(started, (1_000_000, 10_000_000), 20_000, 500),
        *whole_night(started, "night", 10_000_000, 3),
        *purging(started, 100_000, 20_000, 3),
        *memory(started, (10_000, 1_000_000)),
        *living(started, 1_000_000),
        *ten_nights(started, 1_000_000, 20_000),
    ]


def _short(started: Server) -> list[Figure]:
    return [
        *anonymizing(started, 4_000, 1),
        *nights(started, (4_000, 8_000), 400, 20),
        *whole_night(started, "night", 8_000, 1),
        *purging(started, 2_000, 500, 1),
        *memory(started, (100, 2_000)),
        *living(started, 4_000, 2),
        *ten_nights(started, 4_000, 40),
    ]


def _page(figures: list[Figure], started: Server) -> str:
    with started.connect("postgres") as connection:
        ((server_version,),) = connection.execute("show server_version")
    rows = "\n".join(f"| {f.number} | {f.what} | {f.against} | {f.measured} | {f.reach} |" for f in figures)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    return f"""# Performance

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: retention {version("retention")} at {commit.strip()},
PostgreSQL {server_version} with its own defaults, {machine}. Ratios are medians,
measured in turns on copies of the same rows; the times say little about another machine.

| # | what | against | measured | to reach |
|---|---|---|---|---|
{rows}
"""


if __name__ == "__main__":
    main(is_short="--short" in sys.argv)
