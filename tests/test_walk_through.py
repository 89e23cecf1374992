"""What people see of the nights in Prefect, page by page, in a real browser: docs/walk-through.md shows these pictures.

`make browser` looks at the pages; `make walk-through` takes the pictures anew.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import Browser, chromium
from conftest import MakeWorld
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterName
from prefect.client.schemas.sorting import FlowRunSort
from test_alarm import board_with_block
from world import OLD, World

from flows.alarm import AUTOMATION, keep_alarm
from flows.anonymize import anonymize
from flows.schedule import DESCRIPTION, nightly

pytestmark = pytest.mark.xdist_group("walk through")

PICTURES = Path(__file__).parent.parent / "docs" / "walk-through"
PATIENCE = 60.0
WIDTH, HEIGHT = 1440, 900


@dataclass(frozen=True, slots=True)
class Tour:
    """Prefect's pages after a night: where they are, of which deployment and run, and the browser that shows them."""

    url: str
    deployment_id: str
    run_id: str
    browser: Browser

    def open(self, path: str, *expected: str) -> str:
        self.browser.driver.get(f"{self.url}/{path}")
        return self.wait(*expected)

    def turn_to(self, tab: str, *expected: str) -> str:
        self.browser.driver.find_elements("xpath", f"//*[normalize-space()='{tab}']")[-1].click()
        return self.wait(*expected)

    def wait(self, *expected: str) -> str:
        """The page's text, once it says what is expected."""
        began = time.monotonic()
        text = ""
        while not all(words in text for words in expected):
            assert time.monotonic() - began < PATIENCE, ([words for words in expected if words not in text], text)
            time.sleep(0.5)
            text = str(self.browser.ask("document.body.innerText"))
        return text

    def picture(self, name: str) -> None:
        """Takes a picture, where pictures are asked for."""
        if os.environ.get("PICTURES"):
            time.sleep(2)  # what slides in has arrived
            PICTURES.mkdir(exist_ok=True)
            self.browser.driver.save_screenshot(str(PICTURES / f"{name}.png"))


@pytest.fixture(scope="module")
def tour(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[Tour]:
    with make_world(tmp_path_factory.mktemp("walk")) as world, board_with_block("walkers"):
        _night(world)
        deployment = anonymize.to_deployment("nightly", description=DESCRIPTION, schedule=nightly(), tags=["retention"])
        deployment_id = deployment.apply()
        keep_alarm()
        named = FlowRunFilter(name=FlowRunFilterName(like_="anonymize"))
        with get_client(sync_client=True) as client, chromium() as browser:
            (run,) = client.read_flow_runs(flow_run_filter=named, sort=FlowRunSort.START_TIME_DESC, limit=1)
            size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
            browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            yield Tour(prefect_server.removesuffix("/api"), str(deployment_id), str(run.id), browser)
            client.delete_automation(client.read_automations_by_name(AUTOMATION)[0].id)
            client.delete_deployment(deployment_id)


def _night(world: World) -> None:
    world.environment(1)
    world.environment(2, months=12)
    world.bucket()
    for environment_id in (1, 2):
        for number in range(20):
            key = f"{environment_id}/{number}"
            world.put(key)
            message = world.message(world.user(environment_id), OLD, environment_id)
            world.attachment(message, key, environment_id=environment_id)
    assert world.run().outcome == "done"


def test_w1_the_deployment_says_when_it_runs(tour: Tour) -> None:
    tour.open(f"deployments/deployment/{tour.deployment_id}", "nightly", "At 02:00 AM")
    tour.picture("deployment")
    tour.turn_to("Description", DESCRIPTION)


def test_the_form_asks_for_each_parameter_in_words(tour: Tour) -> None:
    described = ("The instant to judge by", "Only count what is due", "Pass the brake", "How many batches work at once")
    tour.open(f"deployments/deployment/{tour.deployment_id}/run", "Parameters", "budget", *described)
    tour.picture("form")


def test_a_run_names_its_steps_as_people_do_and_keeps_what_it_did(tour: Tour) -> None:
    tour.open(f"runs/flow-run/{tour.run_id}", "anonymize 20", "close the run and report")
    tour.picture("run")
    tour.turn_to("Task Runs", "purge files", "anonymize rows", "verify that nothing due is left")
    tour.turn_to("Artifacts", "retention-progress", "80 of 80 rows anonymized")
    tour.open("artifacts/key/retention-run", "Run 1: done.")
    tour.browser.all("a[href*='artifacts/artifact/']")[0].click()
    tour.wait("environment", "messages", "20 / 20")
    tour.picture("artifact")


def test_w1_the_alarm_is_an_automation_that_people_can_see(tour: Tour) -> None:
    tour.open("automations", AUTOMATION)
    tour.picture("automation")
