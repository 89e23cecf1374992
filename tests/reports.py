"""The figures that a report shows, and what the ledger has for each, by SQL of its own."""

import re
from html import unescape

from world import World

from flows.database import Database
from flows.page.writing import write_page
from flows.settings import Settings, read_settings

FIGURE = re.compile(r'<data value="(.*?)" data-figure="(.*?)" data-environment="(.*?)" data-kind="(.*?)">(.*?)</data>')

Figure = tuple[str, str, str]  # its name, environment and kind of row; empty for all of them


def figures_on(page: str) -> dict[Figure, int]:
    """Every figure of a page once; fails where one is shown twice with two values, or as another than it is."""
    found: dict[Figure, int] = {}
    for value, *of, text in FIGURE.findall(page):
        figure: Figure = tuple(map(unescape, of))  # type: ignore[assignment]
        assert found.setdefault(figure, int(value)) == int(value), figure
        if figure[0] != "bytes_freed":
            assert re.sub(r"\D", "", text) == value, figure
    return found


def figure_of_ledger(world: World, run_id: int, figure: Figure) -> int:
    name, environment, kind = figure
    if name in {"check", "offences"}:
        checks = world.one("select checks from retention.runs where run_id = %s", run_id)["checks"]
        if name == "check":
            return int(checks[kind]["offences"])
        return sum(check["offences"] for check in checks.values() if check["status"] == "fail")
    if name == "run_id":
        return run_id
    column = "case when state = 'held back' then due else left_over end" if name == "left_over" else name
    row = world.one(
        f"select coalesce(sum({column}), 0) as n from retention.run_lines where run_id = %(run_id)s"
        " and %(environment)s in ('', environment_id) and %(kind)s in ('', kind)".replace("%(run_id)s", str(run_id))
        .replace("%(environment)s", f"'{environment}'")
        .replace("%(kind)s", f"'{kind}'")
    )
    return int(row["n"])


def settings_of(world: World, **environ: str) -> Settings:
    return read_settings(world.project_dir, {**world.environ, **environ})


def page_of(world: World, run_id: int) -> str:
    with Database.connect("retention") as database:
        return write_page(database, settings_of(world), run_id).read_text()
