"""A class with somebody in each role, and people outside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import text

from tests.store.taught import a_quiz
from tutorbot import wiring
from tutorbot.core.actions import Action
from tutorbot.core.answers.verdicts import Asked, Verdict
from tutorbot.core.classes import Role
from tutorbot.core.ids import (
    AnswerId,
    AssignmentId,
    ChatId,
    ClassId,
    CourseId,
    KeyId,
    LinkId,
    QuestionId,
    RegradeId,
)
from tutorbot.core.joining import LETTERS
from tutorbot.core.learner import Learner
from tutorbot.courses.load import load
from tutorbot.flows.groups import Groups
from tutorbot.flows.practice import Practice
from tutorbot.flows.published import Library, publish
from tutorbot.flows.publishing import Publishing
from tutorbot.flows.rounds import Rounds
from tutorbot.languages import languages
from tutorbot.store import (
    classes,
    courses,
    holidays,
    joining,
    learners,
    practice,
    regrading,
    roster,
)
from tutorbot.store.practice import Fact
from tutorbot.store.unit import Unit
from tutorbot.telegram.conversation import Conversation
from tutorbot.telegram.groups import GroupTalk
from tutorbot.telegram.read import Command, Pressed, Speaker, Wrote
from tutorbot.telegram.rounds import RoundTalk
from tutorbot.views.reply import Change, Say, Toast, Utterance, Whisper

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COURSE = CourseId("sums")
STRANGER, REMOVED = "stranger", "removed"
ROLES = (*(role.value for role in Role), STRANGER, REMOVED)
"""What somebody can be to a class."""

_PAPER = """\
---
id: sums
title: Sums
---

## Six and one {#six-one}

How much is six and one?

- answer: `7`
- hint: Count on from six.
"""


@dataclass
class Faculty:
    """All of them have codes that tell who they are; nobody is an author."""

    unit: Unit
    conversation: Conversation
    class_id: ClassId
    people: dict[str, Learner]
    codes: dict[str, str]
    link: LinkId  # of learners
    link_code: str
    staff_link: LinkId
    holiday: date
    quiz: AssignmentId
    key: KeyId
    draft: RegradeId
    applied: RegradeId
    undecided: AnswerId  # of the pupil
    now: datetime = NOON

    async def presses(self, who: str, action: Action) -> list[str]:
        """Let somebody press a button; return all that is said."""
        learner = self.people[who]
        pressed = Pressed(
            speaker=speaker(learner), at=self.now, action=action, query_id="1", message=1
        )
        return said(await self.conversation(self.unit, learner, pressed))

    async def types(self, who: str, words: str) -> list[str]:
        learner = await self.again(who)
        name, _, argument = words.removeprefix("/").partition(" ")
        if words.startswith("/"):
            heard = Command(speaker=speaker(learner), at=self.now, name=name, argument=argument)
        else:
            heard = Wrote(speaker=speaker(learner), at=self.now, text=words)
        return said(await self.conversation(self.unit, learner, heard))

    async def again(self, who: str) -> Learner:
        """Somebody as they now are."""
        found = await learners.by_chat(self.unit, self.people[who].chat)
        assert found
        return found

    async def role(self, who: str) -> str | None:
        """What somebody is in the class now."""
        place = await classes.place(self.unit, self.class_id, self.people[who].id)
        return place.role.value if place and place.here else None


def speaker(learner: Learner) -> Speaker:
    return Speaker(
        telegram_id=int(learner.chat), chat=learner.chat, name="X", language="en", private=True
    )


def said(utterances: Sequence[Utterance]) -> list[str]:
    """The words of all that is said."""
    found: list[str] = []
    for each in utterances:
        match each:
            case Toast(text=words):
                found.append(words)
            case Say(reply=reply) | Change(reply=reply) | Whisper(reply=reply):
                found.append(repr(reply.prose))
    return found


def conversation() -> Conversation:
    """The conversation of a bot, without what is around it; answers are not judged."""
    library, dice = Library(), Random(1)

    async def judge(_asked: Asked, _text: str) -> Verdict:
        raise AssertionError

    practice, rounds = Practice(library, judge, dice), Rounds(library, dice)
    return Conversation(
        practice,
        Publishing(library, nobody),
        GroupTalk(Groups(library, dice), RoundTalk(rounds, languages), languages),
        languages,
        wiring.make_desks(library, practice, rounds, is_author=nobody, me=lambda: "bot"),
    )


def nobody(_telegram_id: int) -> bool:
    return False


async def faculty(unit: Unit, folder: Path) -> Faculty:
    (folder / "1.quiz.md").write_text(_PAPER, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    await publish(unit, loaded, NOON)
    class_id = await classes.create(
        unit, title="Arithmetic", course=COURSE, timezone="Europe/Berlin", at=NOON
    )
    people: dict[str, Learner] = {}
    codes: dict[str, str] = {}
    for number, who in enumerate((*ROLES, "pupil", "colleague", "aide"), 1):
        people[who] = await meet(unit, number, who.capitalize())
        codes[who] = LETTERS[number] * 5
        role = {"pupil": Role.LEARNER, "colleague": Role.INSTRUCTOR, "aide": Role.ASSISTANT}.get(
            who
        )
        if who != STRANGER:
            await joining.enter(
                unit,
                class_id=class_id,
                learner=people[who].id,
                code=codes[who],
                role=role or (Role.LEARNER if who == REMOVED else Role(who)),
                cohort=None,
                at=NOON - timedelta(days=30 - number),
            )
    await roster.leave(unit, class_id, codes[REMOVED], NOON, removed=True)
    links = [
        await joining.make(
            unit,
            class_id=class_id,
            code=letter * 8,
            role=role,
            cohort=None,
            most=most,
            at=NOON - timedelta(days=1),
            expires_at=NOON + timedelta(days=1),
        )
        for letter, role, most in (("A", Role.LEARNER, 100), ("C", Role.ASSISTANT, 1))
    ]
    assert links[0]
    assert links[1]
    published = await courses.newest_of(unit, COURSE)
    assert published
    quiz = await a_quiz(unit, class_id, published.version, COURSE, ["six-one"], NOON)
    holiday = date(2026, 12, 24)
    await holidays.add(unit, class_id, holiday, date(2027, 1, 6))
    key, draft, applied, undecided = await doubted(unit, people["pupil"])
    return Faculty(
        unit=unit,
        conversation=conversation(),
        class_id=class_id,
        people=people,
        codes=codes,
        link=links[0].id,
        link_code=links[0].code,
        staff_link=links[1].id,
        quiz=quiz,
        holiday=holiday,
        key=key,
        draft=draft,
        applied=applied,
        undecided=undecided,
    )


async def doubted(unit: Unit, pupil: Learner) -> tuple[KeyId, RegradeId, RegradeId, AnswerId]:
    """An answer that the judge left open, a draft of another key, and a correction."""
    question = QuestionId("six-one")
    ((version, key), *_) = await courses.keys_of(unit, COURSE, question)
    sitting = await practice.begin(unit, pupil.id, version.version, COURSE, 7, NOON)
    attempt = await practice.open_attempt(
        unit, sitting, question=question, place=0, variant=0, shown=(), at=NOON, aside=True
    )
    fact = Fact(
        attempt=attempt.id,
        learner=pupil.id,
        version=version.version,
        question=question,
        values=(),
        shown=(),
        raw="7.0",
        parsed="7.0",
        verdict={"code": "undecided"},
        hints=0,
        try_number=1,
        answered_at=NOON,
        timezone="UTC",
        study_day=NOON.date(),
    )
    answer = await practice.record(unit, fact)
    applied, draft = [
        await regrading.draft(
            unit,
            course=COURSE,
            question=question,
            content=dict(key.content) | {"accepted": ["7", "8"]},
            who="author",
            class_id=None,
            at=NOON,
            state=state,
            why="~w",
        )
        for state in ("applied", "draft")
    ]
    return key.id, draft.id, applied.id, answer


async def meet(unit: Unit, number: int, name: str, timezone: str = "UTC") -> Learner:
    return await learners.meet(
        unit,
        telegram_id=number,
        chat=ChatId(number),
        name=name,
        language="en",
        timezone=timezone,
        day_starts=4,
        at=NOON,
    )


async def logged(unit: Unit, class_id: ClassId) -> list[tuple[str, str]]:
    """Who did what in a class, in order."""
    found = await unit.execute(
        text("SELECT who, what FROM class_log WHERE class_id = :class ORDER BY id"),
        {"class": class_id},
    )
    return [(row.who, row.what) for row in found]
