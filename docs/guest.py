"""What the tour is made with: a school, guests who learn there, and a camera."""

import asyncio
import base64
import math
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from selenium import webdriver

from tests.browsing import chromium
from tests.chat.school import Clock, School
from tutorbot import wiring
from tutorbot.checking.checker import Checker
from tutorbot.core.course import Choice, Course, Mark
from tutorbot.core.practice import LETTERS, Posed, drawn
from tutorbot.courses.load import load
from tutorbot.drawing.studio import Studio
from tutorbot.flows import review
from tutorbot.flows.published import Library, publish
from tutorbot.flows.sittings import pose
from tutorbot.playground.people import Actor, Bubble
from tutorbot.playground.server import Playground
from tutorbot.settings import Settings
from tutorbot.store import learners, leave, practice

PATIENCE = 60.0  # seconds; the machine may be busy
WIDTH = 500  # pixels, those of a large phone
ZONE = ZoneInfo("Europe/Berlin")
_TALL = 6000  # pixels, so that nothing has to be scrolled
_MARGIN = 10  # pixels around what is photographed

_Untyped = Callable[..., Any]


class Camera:
    """Chromium, which photographs the messages of a chat from one of them on."""

    def __init__(self, driver: webdriver.Chrome, folder: Path) -> None:
        self._driver = driver
        self._folder = folder
        driver.set_script_timeout(PATIENCE)
        self._asks("Emulation.setTimezoneOverride", timezoneId=str(ZONE))
        self._asks("Emulation.setLocaleOverride", locale="en-GB")

    def takes(self, url: str, name: str, messages: int, first: int, *, dark: bool) -> None:
        """Photograph the messages from the ``first`` of so many on, as ``name``.png."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._asks("Emulation.setEmulatedMedia", features=[scheme])
        size = {"width": WIDTH, "height": _TALL, "deviceScaleFactor": 1, "mobile": False}
        self._asks("Emulation.setDeviceMetricsOverride", **size)
        self._driver.get("about:blank")  # an address that differs in its end only is not loaded
        self._driver.get(url)
        look = cast("_Untyped", self._driver.execute_async_script)  # pyright: ignore[reportUnknownMemberType] - its arguments are untyped
        seen = look(_LOOK, _STYLE, messages, first)
        assert isinstance(seen, list), f"{name}: {seen}"
        top, bottom = cast("list[float]", seen)
        top, bottom = math.floor(top) - _MARGIN, math.ceil(bottom) + _MARGIN
        clip = {"x": 0, "y": top, "width": WIDTH, "height": bottom - top, "scale": 1}
        self._saves(self._folder / f"{name}.png", clip=clip)

    def lays_side_by_side(self, names: Sequence[str], path: Path) -> None:
        """Put pictures that were taken beside each other into one."""
        images = "".join(f'<img src="{(self._folder / name).as_uri()}.png">' for name in names)
        page = self._folder / "beside.html"
        page.write_text(f'<body style="margin:0"><div style="{_BESIDE}">{images}</div>', "utf-8")
        self._asks("Emulation.clearDeviceMetricsOverride")
        self._driver.get(page.as_uri())
        look = cast("_Untyped", self._driver.execute_async_script)  # pyright: ignore[reportUnknownMemberType] - its arguments are untyped
        width, height = look(_MEASURE)
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        self._saves(path, captureBeyondViewport=True, clip=clip)
        page.unlink()

    def _saves(self, path: Path, **how: object) -> None:
        taken = self._asks("Page.captureScreenshot", format="png", **how)
        path.write_bytes(base64.b64decode(taken["data"]))

    def _asks(self, command: str, **parameters: object) -> dict[str, Any]:
        ask = cast("_Untyped", self._driver.execute_cdp_cmd)  # pyright: ignore[reportUnknownMemberType] - what it gives back is untyped
        return ask(command, parameters)


# A plain wall makes a picture a fifth as large; what is folded away is not part of the chat.
_STYLE = """
#scroll::before, #scroll::after { display: none !important; }
#log { scrollbar-width: none !important; }
.act { display: none !important; }
* { animation: none !important; transition: none !important; }
"""

# Wait until all is there and drawn, then tell where the messages begin and end.
_LOOK = """
const [css, count, first, done] = arguments;
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];
const end = Date.now() + 30_000;
const look = () => {
  const all = [...document.querySelectorAll("#log .message")];
  const drawn = [...document.images].every((one) => one.complete && one.naturalWidth);
  const waiting = document.querySelectorAll(".formula.waiting").length;
  if (Date.now() > end) return done(`${all.length} of ${count} messages, ${waiting} formulas missing`);
  if (all.length !== count || !drawn || waiting) return setTimeout(look, 50);
  for (const one of document.querySelectorAll("#log .day")) one.style.display = "none";
  for (const one of all.slice(0, first)) one.style.display = "none";
  setTimeout(() => done([all[first].getBoundingClientRect().top, all.at(-1).getBoundingClientRect().bottom]), 300);
};
look();
"""  # noqa: E501 - a script of its own


_BESIDE = "display:inline-flex;align-items:start;gap:16px"
_MEASURE = """
const done = arguments[0];
const size = () => { const box = document.querySelector("div").getBoundingClientRect(); done([box.width, box.height]); };
Promise.all([...document.images].map((one) => one.decode())).then(size);
"""  # noqa: E501 - a script of its own


@dataclass
class Guest:
    """Somebody in a chat, who waits for what they want to see."""

    tour: "Tour"
    actor: Actor
    begun: int = 0  # where the chat begins for the next picture

    async def says(self, text: str, sees: str = "") -> None:
        await self.actor.says(text)
        await self.waits(sees)

    async def taps(self, label: str, sees: str = "") -> None:
        """Press a button of the newest message that has it, and wait for these words."""
        await self.actor.presses(label)
        await self.waits(sees)

    async def taps_on(self, message: Bubble, label: str, sees: str = "") -> None:
        await self.actor.presses_on(message, label)
        await self.waits(sees)

    def turns_the_page(self) -> None:
        """Leave what was said so far out of the next picture."""
        self.begun = len(self.actor.messages())

    async def photographed(self, name: str, *, dark: bool = False, last: int | None = None) -> None:
        """Take a picture of what was said since the one before, or of the last messages."""
        await self.actor.settles(
            quiet=1, timeout=PATIENCE
        )  # while pictures are drawn, nothing moves
        count = len(self.actor.messages())
        first = self.begun if last is None else count - last
        await self.tour.takes(self, name, count, min(first, count - 1), dark=dark)
        self.turns_the_page()

    async def opens(self, paper: int) -> None:
        title = self.tour.school.paper(paper).title
        await self.says("/start", "Pick a paper")
        await self.taps(title[:24], "Question ")

    async def at_hand(self) -> Posed:
        """The question that waits for an answer."""
        school = self.tour.school
        async with school.store.unit() as unit:
            learner = await learners.find(unit, self.actor.id)
            assert learner is not None
            assert learner.current is not None
            found = await practice.attempt(unit, learner.current, learner.id)
            assert found is not None
            attempt, sitting = found
            if sitting.picked:
                paper = await review.picked(unit, self.tour.published, sitting, learner.language)
            else:
                course = await self.tour.published.course(unit, sitting.version)
                paper = drawn(course, sitting.seed)
        return pose(paper, attempt)

    async def goes_to(self, question: str) -> None:
        """Skip to a question of the paper."""
        while (await self.at_hand()).question.id != question:
            await self.taps("Skip", "Question ")

    async def chooses(self, *, right: bool, sees: str = "") -> bool:
        """Answer a question by tapping; says whether it has options at all."""
        posed = await self.at_hand()
        body = posed.question.body
        if not isinstance(body, Choice):
            return False
        marks = [option.mark is Mark.RIGHT for option in posed.shown]
        await self.tour.passes(seconds=20)
        if body.several:
            wanted = [place for place, mark in enumerate(marks) if mark] if right else [0]
            if not right and marks[0] and sum(marks) == 1:
                wanted = [1]
            for place in wanted:
                if place not in posed.ticked:
                    await self.taps(f"☐ {LETTERS[place]}")
            await self.taps("Done", sees)
        else:
            await self.taps(LETTERS[marks.index(right)], sees)
        return True

    async def waits(self, words: str) -> None:
        """Wait for words in a message or on a button since what was done last."""

        def fits(bubble: Bubble) -> bool:
            return words in bubble.text or any(words in label for label in bubble.buttons)

        if words:
            await self.actor.hears(fits, timeout=PATIENCE)
        await self.actor.settles(timeout=PATIENCE)


@dataclass
class Tour:
    school: School
    camera: Camera
    published: Library = field(default_factory=Library)
    taken: list[str] = field(default_factory=list[str])

    def guest(self, name: str, language: str = "en") -> Guest:
        return Guest(self, self.school.person(name, language))

    async def at(self, shown: str) -> None:
        """Move the clock to what the clocks of the tour show then; the service was up all along."""
        moment = datetime.fromisoformat(shown).replace(tzinfo=ZONE)
        assert moment >= self.school.clock.now, f"{shown} is over"
        await self._is(moment)

    async def passes(self, **amount: float) -> None:
        await self._is(self.school.clock.now + timedelta(**amount))

    async def _is(self, moment: datetime) -> None:
        self.school.clock.now = moment
        async with self.school.store.unit() as unit:
            await leave.beat(unit, moment, last=True)  # so that no outage is noted

    def paper(self, number: int) -> Course:
        return self.school.paper(number)

    async def takes(self, guest: Guest, name: str, count: int, first: int, *, dark: bool) -> None:
        actor = guest.actor
        url = f"{self.school.playground.url}/#{actor.id}%2F{actor.chat_id}"
        await asyncio.to_thread(self.camera.takes, url, name, count, first, dark=dark)
        self.taken.append(name)

    async def lays_side_by_side(self, names: Sequence[str], path: Path) -> None:
        await asyncio.to_thread(self.camera.lays_side_by_side, names, path)


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[Tour]:
    """A school of its own, with the bot at work and a camera that puts pictures into ``folder``."""
    async with AsyncExitStack() as stack:
        data = stack.enter_context(_data())
        clock = Clock()
        store = await stack.enter_async_context(wiring.database(Settings(data=data)))
        checker = await stack.enter_async_context(wiring.started(Checker()))
        examiner = wiring.new_examiner()
        stack.push_async_callback(examiner.close)
        studio = await stack.enter_async_context(wiring.started(Studio()))
        playground = await stack.enter_async_context(
            Playground(
                clock=clock,
                formula_svg=lambda latex, display: studio.svg(latex, display=display),
            )
        )
        papers = load(wiring.shipped("content"))
        assert isinstance(papers, tuple), str(papers)
        async with store.unit() as unit:
            await publish(unit, papers, clock())
        school = School(playground, store, studio, checker, examiner, clock, papers)
        await stack.enter_async_context(school.bot())
        driver = stack.enter_context(chromium())
        yield Tour(school, Camera(driver, folder))


@contextmanager
def _data() -> Generator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as root, the database server is somebody else
        yield Path(folder, "data")
