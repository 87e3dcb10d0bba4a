"""A real browser for the tests of pages."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager

from selenium import webdriver


@contextmanager
def chromium() -> Generator[webdriver.Chrome]:
    """Chromium on a phone's width."""
    with tempfile.TemporaryDirectory(prefix="tutorbot-browser-") as profile:
        options = webdriver.ChromeOptions()
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=390,844",
            f"--user-data-dir={profile}",
        ):
            options.add_argument(argument)
        options.binary_location = "/usr/bin/chromium"
        driver = webdriver.Chrome(
            options=options, service=webdriver.ChromeService("/usr/bin/chromedriver")
        )
        try:
            yield driver
        finally:
            driver.quit()
