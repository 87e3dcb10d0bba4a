"""A school for conversations: the real bot on the real database, over HTTP to the playground."""

import asyncio
import os
import random
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tutorbot import wiring
from tutorbot.checking.checker import Checker
from tutorbot.core.course import Course, Mark, Option
from tutorbot.core.practice import LETTERS, Posed, drawn
from tutorbot.core.prose import Paragraph, Prose, Text
from tutorbot.courses.load import Loaded
from tutorbot.drawing.studio import Studio
from tutorbot.flows.sittings import pose
from tutorbot.playground.people import Actor, Bubble
from tutorbot.playground.server import Playground
from tutorbot.store import learners, practice
from tutorbot.store.unit import Store


@dataclass
class Clock:
    """The time, which a test moves."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class School:
    playground: Playground
    store: Store
    studio: Studio
    checker: Checker
    examiner: Checker
    clock: Clock
    papers: tuple[Loaded, ...]
    authors: set[int] = field(default_factory=set[int])  # by their ids at Telegram

    def person(self, name: str = "Ada", language: str = "en") -> Actor:
        return self.playground.person(name=name, language=language)

    def paper(self, number: int) -> Course:
        """The first paper is 1."""
        return self.papers[number - 1].course

    @asynccontextmanager
    async def bot(self) -> AsyncGenerator[None]:
        """The bot at work; leaving stops it, entering again is a restart."""
        stop = asyncio.Event()
        bot = wiring.make_bot(
            token=self.playground.token,
            url=self.playground.url,
            store=self.store,
            studio=self.studio,
            checker=self.checker,
            examiner=self.examiner,
            clock=self.clock,
            dice=random.Random(7),
            is_author=self.authors.__contains__,
        )
        running = asyncio.create_task(bot.run(stop))
        try:
            yield
        finally:
            stop.set()
            await running


async def start(school: School, database_url: str) -> asyncio.subprocess.Process:
    """The bot as a process of its own, to be killed."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tutorbot",
        "run",
        env=os.environ
        | {
            "TUTORBOT_TELEGRAM_URL": school.playground.url,
            "TUTORBOT_TELEGRAM_TOKEN": school.playground.token,
            "TUTORBOT_DATABASE_URL": database_url,
            "TUTORBOT_LOG": "error",
        },
    )


@dataclass
class Sitter:
    """Someone who sits a paper, and knows which option stands behind which letter."""

    school: School
    actor: Actor

    async def opens(self, paper: Course) -> None:
        await self.actor.says("/start")
        await self.actor.hears(lambda bubble: "Pick a paper" in bubble.text)
        await self.actor.presses(paper.title[:20])
        await self.sees(f"Question 1 of {len(paper.questions)}")

    async def sees(self, words: str) -> Bubble:
        """Wait for a new message with these words; an edit of an old one is none."""

        def fits(bubble: Bubble) -> bool:
            return words in bubble.text and not bubble.edited

        return next(filter(fits, await self.actor.hears(fits)))

    async def presses_and_sees(self, label: str, words: str) -> Bubble:
        await self.actor.presses(label)
        return await self.sees(words)

    async def writes_and_sees(self, text: str, words: str) -> Bubble:
        await self.actor.says(text)
        return await self.sees(words)

    async def at_hand(self, paper: Course) -> Posed:
        """The question that waits for this person's answer."""
        async with self.school.store.unit() as unit:
            learner = await learners.find(unit, self.actor.id)
            assert learner is not None
            assert learner.current is not None
            found = await practice.attempt(unit, learner.current, learner.id)
        assert found is not None
        return pose(drawn(paper, found[1].seed), found[0])

    @staticmethod
    def letter(posed: Posed, option: Option) -> str:
        place = next(place for place, each in enumerate(posed.shown) if each.id == option.id)
        return LETTERS[place]


def at(sitter: Sitter, shown: str, zone: str = "UTC") -> None:
    """Move the clock forward until the clocks of a zone show that."""
    moment = datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert moment >= sitter.school.clock.now
    sitter.school.clock.now = moment


async def studies(sitter: Sitter, answers: int = 3) -> str:
    """Answer the first question of the paper wrongly so many times; returns all that was said."""
    actor, clock = sitter.actor, sitter.school.clock
    heard = len(actor.messages())
    await sitter.writes_and_sees("/start", "Pick a paper")
    paper = sitter.school.paper(1)
    begun = any("▶" in label for label in actor.last().buttons)
    await sitter.presses_and_sees("▶" if begun else paper.title[:20], "Question 1 of")
    posed = await sitter.at_hand(paper)
    wrong = next(option for option in posed.shown if option.mark is Mark.WRONG)
    for number in range(answers):
        if number:
            await sitter.presses_and_sees("Try again", "Question 1 of")
        clock.passes(seconds=20)
        await sitter.presses_and_sees(sitter.letter(posed, wrong), "Not quite")
    await actor.settles()
    return "\n".join(bubble.text for bubble in actor.messages()[heard:] if bubble.by_bot)


def check_shown(bubble: Bubble, prose: Prose) -> None:
    """Fail unless every word of the prose stands in the message."""
    text = " ".join(bubble.text.split())
    for words in words_of(prose):
        assert " ".join(words.split()) in text, f"{words!r} is not in {bubble.text!r}"


def words_of(prose: Prose) -> list[str]:
    """What must stand in a message that shows this prose: its words, without its formulas."""
    return [
        part.text.strip()
        for block in prose
        if isinstance(block, Paragraph)
        for part in block.line
        if isinstance(part, Text) and part.text.strip(" .,;:")
    ]
