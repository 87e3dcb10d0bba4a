"""Authors see their course as learners will, and see each change as soon as it is saved."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browsing import chromium
from tutorbot.authoring.check import Unusable
from tutorbot.authoring.html import Form, Writer
from tutorbot.authoring.preview import Preview
from tutorbot.core.prose import Choices, Display, Formula, Paragraph, Picture, Text
from tutorbot.drawing.canvas import NotDrawable

PATIENCE = 20  # seconds
COURSE = """\
---
id: course
title: A <b>course</b>
---
# Stem {#s .stem}

```meta
params: {h: [10, 20, 30]}
```

It keeps ${{h}}$ numbers, and $\\frac{a}{b}$.

## First {#first}

Which one?

- (x) This \\<one>
  > Well seen.
- ( ) That one {tag=off.by-one}
  > Not that.
- hint: Look.

### Solution

This, of course.

## Second {#second}

How many?

- answer: `2*h`
- wrong: `3*h`
  > Too many.
"""


async def draw(latex: str, _display: bool) -> str:
    if "strange" in latex:
        raise NotDrawable("unknown")
    return f'<svg style="vertical-align: 0ex"><text>{latex}</text></svg>'


@asynccontextmanager
async def shown(path: Path) -> AsyncGenerator[Preview]:
    async with Preview([path], draw=draw) as preview:
        yield preview


def got(url: str, **headers: str) -> str:
    with urlopen(Request(url, headers=headers), timeout=PATIENCE) as answer:  # noqa: S310 - ours
        return answer.read().decode()


def status(url: str, **headers: str) -> int:
    try:
        got(url, **headers)
    except HTTPError as refused:
        with refused:
            return refused.code
    return 200


def question(preview: Preview, path: Path, name: str, variant: int = 0) -> str:
    query = urlencode({"file": path.as_posix(), "question": name, "variant": variant})
    return got(f"{preview.url}/question?{query}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "course.quiz.md"
    path.write_text(COURSE, encoding="utf-8")
    return path


@pytest.mark.slow
async def test_a_question_is_gone_through_from_end_to_end(path: Path):
    async with shown(path) as preview:
        first = await asyncio.to_thread(question, preview, path, "first")
        for words in (
            "Question 1 of 2",
            "This &lt;one&gt;",
            "✅ Right.",
            "Well seen.",
            "❌ Not quite.",
            "Not that.",
            "off.by-one",
            "💡 Hint 1 of 1",
            "This, of course.",
        ):
            assert words in first
        second = await asyncio.to_thread(question, preview, path, "second", 2)
        assert "30" in second
        assert "2*(30)" in second
        assert "Too many." in second
        assert "{{" not in first + second


@pytest.mark.slow
async def test_the_page_shows_this_course_and_nothing_else_of_the_machine(path: Path):
    (path.parent / "secret.txt").write_text("sesame")
    async with shown(path) as preview:
        for address in (
            "/question?file=secret.txt&question=first",
            f"/question?{urlencode({'file': path.as_posix(), 'question': 'third'})}",
            f"/picture?{urlencode({'file': path.as_posix(), 'name': 'secret.txt'})}",
            f"/picture?{urlencode({'file': path.as_posix(), 'name': '../a.png'})}",
            f"/picture?{urlencode({'file': path.as_posix(), 'name': 'a.png'})}",
            "/preview.py",
            "/../preview.py",
        ):
            assert await asyncio.to_thread(status, preview.url + address) == 404
        assert await asyncio.to_thread(status, preview.url, Host="tutor.example") == 400
        whole = json.loads(await asyncio.to_thread(got, f"{preview.url}/state"))
        assert whole["files"][0]["title"] == "A <b>course</b>"


async def test_what_cannot_be_previewed_is_said_at_once(tmp_path: Path):
    with pytest.raises(Unusable, match="no file or folder"):
        async with shown(tmp_path / "gone.quiz.md"):
            pass


async def test_formulas_are_in_words_where_the_whole_message_can_be():
    sayable = Paragraph((Text("So "), Formula("n^2")))
    fraction = Display(r"\frac{a+b}{c}")
    sent = Writer(draw, str)
    assert "n²" in await sent.message((sayable,))
    assert "<svg" in await sent.message((sayable, fraction))
    assert "n²" not in await sent.message((sayable, fraction))
    assert "<svg" not in await Writer(draw, str, Form.WORDS).message((sayable, fraction))
    assert "<svg" in await Writer(draw, str, Form.TYPESET).message((sayable,))


async def test_whatever_an_author_wrote_is_shown_and_not_obeyed():
    evil = "<script>alert(1)</script>"
    prose = (
        Paragraph((Text(evil), Formula(f"\\strange{evil}"))),
        Choices((("A", (Paragraph((Text(evil),)),)),)),
        Picture(file='a.png" onerror="alert(1)', words=evil),
    )
    for form in Form:
        html = await Writer(draw, str, form).message(prose)
        assert "<script" not in html
        assert 'onerror="' not in html


@pytest.fixture
def browser() -> Iterator[webdriver.Chrome]:
    with chromium() as driver:
        yield driver


def watch(browser: webdriver.Chrome, url: str, path: Path) -> None:
    def sees(words: str) -> None:
        waited = WebDriverWait(browser, PATIENCE)
        waited.until(
            lambda _: words in browser.find_element(By.TAG_NAME, "body").text, f"no {words!r}"
        )

    def saves(old: str, new: str) -> None:
        source = path.read_text(encoding="utf-8")
        assert old in source
        # As editors do it: written aside, then put in place.
        aside = path.with_name("course.tmp")
        aside.write_text(source.replace(old, new), encoding="utf-8")
        aside.replace(path)

    browser.get(url)
    sees("Which one?")
    sees("sound")
    browser.find_element(By.CSS_SELECTOR, ".question [aria-label='Next variant']").click()
    sees("2/3: h = 20")
    sees("20")
    saves("Which one?", "Which of these?")
    sees("Which of these?")
    sees("2/3: h = 20")  # what was chosen stays chosen
    saves("(x) This", "( ) This")
    sees("No option of this question is right.")
    sees(f"{path.as_posix()}:13:1")
    saves("## First {#first}", "## First")
    sees("Shown as it was before the errors.")
    sees("Which of these?")
    saves("## First", "## First {#first}")
    saves("( ) This", "(x) This")
    sees("sound")
    saves("`3*h`", "`h + h`")  # found by the second look, at keys
    sees("is marked as a mistake and equals")
    width = browser.execute_script("return document.documentElement.scrollWidth")  # pyright: ignore[reportUnknownMemberType] - its arguments are untyped
    assert width <= 500, "the page is wider than a phone"
    logged = browser.get_log("browser")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType] - untyped
    assert not logged


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(180)
# Selenium's own connection to the driver is left to the garbage collector when it quits.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
async def test_a_save_is_seen_at_once(path: Path, browser: webdriver.Chrome):
    async with shown(path) as preview:
        await asyncio.to_thread(watch, browser, preview.url, path)
