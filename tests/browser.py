"""Debian's Chromium, driven by its own driver: pages opened from files, looked at as people with different screens do."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

AXE = Path(os.environ.get("AXE", Path(__file__).parent.parent / ".browser/node_modules/axe-core/axe.min.js"))
LOOK = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations.map(
    rule => [rule.impact, rule.id, rule.nodes.map(node => node.target.join(' ')).slice(0, 5)])))
"""


class Browser:
    """One window; every page starts with the screen it is given."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, page: Path, width: int, theme: str, media: str = "screen") -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": theme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
        self.driver.get(page.as_uri())

    def ask(self, script: str) -> Any:
        return self.driver.execute_script(f"return {script}")

    def unfold(self) -> None:
        self.driver.execute_script("document.querySelectorAll('details').forEach(each => each.open = true)")

    def offences(self) -> list[Any]:
        """What axe-core finds, with its impact."""
        if not self.ask("typeof axe !== 'undefined'"):
            self.driver.execute_script(AXE.read_text())
        return self.driver.execute_async_script(LOOK)  # type: ignore[no-any-return]

    def requested(self) -> set[str]:
        """Every address that was asked for since the last question."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}

    def said(self) -> list[Any]:
        """What the console was told, errors of the page and of its security policy included."""
        return self.driver.get_log("browser")  # type: ignore[no-any-return]

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def press(self, key: str) -> WebElement:
        self.driver.switch_to.active_element.send_keys(getattr(Keys, key))
        return self.driver.switch_to.active_element


@contextmanager
def chromium() -> Iterator[Browser]:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    driver.set_script_timeout(60)
    try:
        yield Browser(driver)
    finally:
        driver.quit()
