"""`make bench` measures in full and writes docs/performance.md; `make bench SHORT=1` only shows that it works.

`make bench CONTESTS="anonymizing memory"` measures these alone, and writes the page with them alone.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.contests import Figure, anonymizing, nights
from bench.living import living, ten_nights
from bench.platform import Server, server
from bench.purging import memory, purging, purging_versions
from bench.whole import whole_night

Contest = Callable[[], list[Figure]]
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def main(*, is_short: bool, only: list[str]) -> None:
    """Measures, prints each figure as it comes, and in full writes the page; a contest that fails ends no other."""
    figures: list[Figure] = []
    failed: list[str] = []
    with server() as started:
        contests = _short(started) if is_short else _full(started)
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


def _full(started: Server) -> dict[str, Contest]:
    return {
        "anonymizing": lambda: anonymizing(started, 1_000_000, 3),
        "purging": lambda: purging(started, 100_000, 3),
        "versions": lambda: purging_versions(started, 20_000),
        "memory": lambda: memory(started, (10_000, 1_000_000)),
        "living": lambda: living(started, 1_000_000),
        "size": lambda: ten_nights(started, 1_000_000, 20_000),
        "nights": lambda: (
            nights(started, (1_000_000, 10_000_000), 20_000, 500) + whole_night(started, "night", 10_000_000, 3)
        ),
    }


def _short(started: Server) -> dict[str, Contest]:
    return {
        "anonymizing": lambda: anonymizing(started, 4_000, 1),
        "purging": lambda: purging(started, 2_000, 1),
        "versions": lambda: purging_versions(started, 500),
        "memory": lambda: memory(started, (100, 2_000)),
        "living": lambda: living(started, 4_000, 2),
        "size": lambda: ten_nights(started, 4_000, 40),
        "nights": lambda: nights(started, (4_000, 8_000), 400, 20) + whole_night(started, "night", 8_000, 1),
    }


def _row(figure: Figure) -> str:
    return f"| {figure.number} | {figure.what} | {figure.against} | {figure.measured} | {figure.reach} |"


def _page(figures: list[Figure], started: Server) -> str:
    with started.connect("postgres") as connection:
        ((server_version,),) = connection.execute("show server_version")
    rows = "\n".join(map(_row, sorted(figures, key=lambda figure: figure.number)))
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
    main(is_short="--short" in sys.argv, only=[word for word in sys.argv[1:] if word != "--short"])
