"""Reports of a real night in a real browser: both languages and themes, a telephone and a desk, keyboard and paper.

`make browser` installs the browser and the accessibility checker where they are missing, and runs this.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import AXE, Browser, chromium
from conftest import MakeWorld
from reports import figure_of_ledger, figures_on
from whole_platform import AS_OF, build
from world import World

pytestmark = pytest.mark.xdist_group("browser")

WIDTHS = (360, 1440)
THEMES = ("light", "dark")
PAPER = 718  # A4 within margins of a centimetre, in CSS pixels


@dataclass
class Reports:
    """A world after a dry run, a night and a held-back one, its pages by name, and a browser."""

    world: World
    pages: dict[str, Path]
    browser: Browser


@pytest.fixture(scope="module")
def reports(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[Reports]:
    assert prefect_server
    assert AXE.is_file(), "install it with: make browser"
    with make_world(tmp_path_factory.mktemp("browser")) as world, chromium() as browser:
        build(world)
        for arguments in ({"dry_run": True}, {"approve_all": False}, {}):
            world.run(as_of=AS_OF, **arguments)
        for arguments in (
            ["report", "3", "--language", "fr"],
            ["certificate", "3"],
            ["certificate", "3", "--language", "fr"],
        ):
            told = world.command(*arguments)
            assert told.returncode == 0, told.stderr
        yield Reports(world, {path.stem: path for path in (world.project_dir / "reports").glob("*.html")}, browser)


SCREENS = [(theme, width) for theme in THEMES for width in WIDTHS]


def test_nothing_is_found_in_any_language_theme_and_width_and_nothing_is_asked_for(reports: Reports) -> None:
    """A run's report on every screen; the other pages, which differ in a section or two, each on another one."""
    browser = reports.browser
    whole = dict.fromkeys(("run-3.en", "run-3.fr"), SCREENS)
    others = {name: [SCREENS[number % 4]] for number, name in enumerate(sorted(reports.pages.keys() - whole.keys()))}
    assert len(others) == 4
    for name, screens in {**whole, **others}.items():
        for theme, width in screens:
            screen = (name, theme, width)
            browser.requested()
            browser.open(reports.pages[name], width, theme)
            assert browser.ask("document.documentElement.scrollWidth") <= width, screen
            assert browser.requested() <= {reports.pages[name].as_uri(), "data:,"}, screen
            assert browser.said() == [], screen
            browser.unfold()
            assert browser.ask("document.documentElement.scrollWidth") <= width, (*screen, "unfolded")
            assert browser.offences() == [], screen


@pytest.mark.parametrize("name", ["run-2.en", "run-3.fr"])
def test_on_a_telephone_names_stay_whole_and_why_rows_are_left_is_read_without_scrolling(
    reports: Reports, name: str
) -> None:
    browser = reports.browser
    browser.open(reports.pages[name], 360, "light")
    lines = "[...document.querySelectorAll('td code')].map(each => each.getClientRects().length)"
    assert set(browser.ask(lines)) <= {1}, "a name is broken over lines"
    seen = "[...document.querySelectorAll('td.why div, caption span')].map(each => each.getBoundingClientRect().right)"
    assert all(right <= 360 for right in browser.ask(seen))
    assert bool(browser.all("td.why")) == (name == "run-2.en")


def test_the_themes_differ_and_the_page_is_in_its_language(reports: Reports) -> None:
    papers = {}
    for theme in THEMES:
        reports.browser.open(reports.pages["run-3.fr"], 1440, theme)
        papers[theme] = reports.browser.ask("getComputedStyle(document.body).backgroundColor")
    assert papers == {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 22, 29)"}
    assert reports.browser.ask("document.documentElement.lang") == "fr"
    assert "Terminé" in reports.browser.all(".verdict")[0].text


def test_the_numbers_that_are_read_are_the_ledgers(reports: Reports) -> None:
    browser = reports.browser
    for run_id, name in (
        (1, "run-1.en"),
        (2, "run-2.en"),
        (3, "run-3.en"),
        (3, "run-3.fr"),
        (3, "run-3.certificate.en"),
    ):
        browser.open(reports.pages[name], 1440, "light")
        browser.unfold()
        cells = browser.ask(
            "[...document.querySelectorAll('data')].map(each => [each.innerText, each.checkVisibility(),"
            " each.dataset.figure, each.dataset.environment, each.dataset.kind])"
        )
        assert {tuple(figure) for _, _, *figure in cells} == set(figures_on(reports.pages[name].read_text()))
        for text, is_visible, *figure in cells:
            assert is_visible, figure
            if figure[0] != "bytes_freed":
                shown = int(re.sub(r"\D", "", text))
                assert shown == figure_of_ledger(reports.world, run_id, tuple(figure)), figure


def test_every_night_has_its_mark_and_its_figure(reports: Reports) -> None:
    browser = reports.browser
    browser.open(reports.pages["run-3.en"], 1440, "light")
    nights = reports.world.one("select forecast from retention.runs where run_id = 3")["forecast"]
    assert len(browser.all(".chart.ahead .series rect")) == len(nights) == 90
    shown = browser.ask(
        "[...document.querySelectorAll('section[aria-labelledby=ahead] tbody td:nth-child(2)')].map(each => each.textContent)"
    )
    assert [int(text.replace(",", "")) for text in shown] == [night["rows"] for night in nights]
    caption = browser.all("#ahead-caption")[0].text
    assert f"{sum(night['rows'] for night in nights):,} rows" in caption


def test_every_chart_and_table_has_a_name_for_who_listens(reports: Reports) -> None:
    browser = reports.browser
    browser.open(reports.pages["run-3.en"], 1440, "light")
    tree = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = {
        role: [
            node["name"]["value"] for node in tree if node.get("role", {}).get("value") == role and not node["ignored"]
        ]
        for role in ("image", "table", "region", "navigation", "heading", "main")
    }
    assert len(named["image"]) == len(browser.all("svg")) >= 2
    assert all(name and "90" not in name[:3] for name in named["image"])
    assert all(named["table"])
    assert all(named["region"])
    assert len(named["heading"]) >= 9


def test_the_keyboard_reaches_everything(reports: Reports) -> None:
    browser = reports.browser
    browser.open(reports.pages["run-3.en"], 360, "light")
    assert browser.press("TAB").get_attribute("class") == "skip"
    assert browser.driver.switch_to.active_element.is_displayed()
    expected = len(browser.all("a, summary, .scroll")) - len(browser.all("details:not([open]) .scroll"))
    reached = []
    for _ in range(expected):
        reached.append(browser.driver.switch_to.active_element)
        browser.press("TAB")
    assert len({element.id for element in reached}) == expected
    (summary, *_) = [element for element in reached if element.tag_name == "summary"]
    summary.send_keys("\ue007")
    assert browser.ask("document.querySelector('details').open")
    scrolling = [element for element in reached if element.get_attribute("class") == "scroll"]
    assert scrolling[0].get_attribute("tabindex") == "0", "who can't drag scrolls with the arrows"


def test_it_prints_on_paper_without_losing_a_column(reports: Reports) -> None:
    browser = reports.browser
    browser.open(reports.pages["run-3.en"], PAPER, "dark", "print")
    assert browser.ask("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", "no ink for the dark"
    assert browser.ask("document.documentElement.scrollWidth") <= PAPER
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})["data"]
    pages = len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed)))
    assert 2 <= pages <= 8
