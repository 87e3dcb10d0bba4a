"""One question played on the page, in a real browser, with the keyboard as well as by tapping."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.browsing import chromium
from tests.chat.school import School

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.slow,
    # Selenium's own connection to the driver is left to the garbage collector when it quits.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

PATIENCE = 15  # seconds
PHONE = 500  # pixels; Chromium makes no window narrower


@pytest.fixture
def browser() -> Iterator[webdriver.Chrome]:
    """Chromium on a phone's width."""
    with chromium() as driver:
        yield driver


class Page:
    """What somebody does on the page, and waits to see."""

    def __init__(self, browser: webdriver.Chrome) -> None:
        self.browser = browser

    def opens(self, url: str) -> None:
        self.browser.get(url)

    def taps(self, label: str) -> None:
        def tapped(_: object) -> bool:
            for button in reversed(self.browser.find_elements(By.TAG_NAME, "button")):
                if label in button.text and button.is_displayed() and button.is_enabled():
                    button.click()
                    return True
            return False

        self._wait(f"a button {label!r}", tapped)

    def types(self, text: str) -> None:
        box = self.browser.find_element(By.ID, "text")
        box.send_keys(text)
        box.send_keys(Keys.ENTER)

    def sees(self, words: str) -> None:
        self._wait(
            f"the words {words!r}", lambda _: words in self.browser.find_element(By.ID, "log").text
        )

    def describes_a_picture(self) -> str:
        """The text that says the same as the newest picture."""
        texts: list[str] = []

        def described(_: object) -> bool:
            pictures = self.browser.find_elements(By.CSS_SELECTOR, "#log img")
            texts.extend(picture.get_attribute("alt") or "" for picture in pictures)
            return bool(texts)

        self._wait("a picture", described)
        return texts[-1]

    def _wait(self, what: str, look: Callable[[object], bool]) -> None:
        # The page may redraw a message between finding it and looking at it.
        patience = WebDriverWait(
            self.browser, PATIENCE, ignored_exceptions=[StaleElementReferenceException]
        )
        patience.until(look, f"{what} did not show")


def play(browser: webdriver.Chrome, url: str, paper: str) -> None:
    page = Page(browser)
    page.opens(url)
    page.taps("START")
    page.sees("Pick a paper")
    page.taps(paper)
    page.sees("Question 1 of")
    for number in range(2, 12):
        page.taps("Skip")
        page.sees(f"Question {number} of")
    page.types("3(n²+nm+n")
    page.sees("That cost you nothing")
    page.types("4(n²+nm+n)")
    page.sees("I read 4·(n² + n·m + n)")
    page.sees("Not quite")
    page.types("3n(n+m+1)")
    page.sees("I read 3·n·(n + m + 1)")
    page.sees("Right.")
    page.taps("Solution")
    page.sees("3(n² + nm + n)")
    assert "−sₜ·O′(V sₜ + c)" in page.describes_a_picture()
    width = browser.execute_script("return document.documentElement.scrollWidth")  # pyright: ignore[reportUnknownMemberType] - its arguments are untyped
    assert width <= PHONE, "the page is wider than a phone"


async def test_a_question_can_be_played_on_the_page(
    school: School, browser: webdriver.Chrome
) -> None:
    await asyncio.to_thread(play, browser, school.playground.url, school.paper(1).title)
