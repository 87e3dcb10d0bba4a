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
from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Verdict
from tutorbot.core.assignments import counting
from tutorbot.core.broadcasts import Kind, State as BroadcastState
from tutorbot.core.classes import Role
from tutorbot.core.ids import (
    AnswerId,
    AssignmentId,
    BroadcastId,
    ChatId,
    ClassId,
    CourseId,
    CourseVersionId,
    KeyId,
    LinkId,
    OptionId,
    QuestionId,
    RegradeId,
    RoundId,
)
from tutorbot.core.joining import LETTERS
from tutorbot.core.learner import Learner
from tutorbot.core.review import Pick
from tutorbot.courses.load import load
from tutorbot.flows.groups import Groups
from tutorbot.flows.practice import Practice
from tutorbot.flows.published import Library, publish
from tutorbot.flows.publishing import Publishing
from tutorbot.flows.rounds import Rounds
from tutorbot.languages import languages
from tutorbot.store import (
    assignments,
    broadcasts,
    classes,
    courses,
    drafts,
    groups,
    holidays,
    joining,
    learners,
    practice,
    regrading,
    roster,
    rounds,
)
from tutorbot.store.practice import Fact
from tutorbot.store.unit import Unit
from tutorbot.telegram.conversation import Conversation
from tutorbot.telegram.groups import GroupTalk
from tutorbot.telegram.read import (
    Command,
    CommandInGroup,
    Pressed,
    PressedInGroup,
    Speaker,
    Wrote,
)
from tutorbot.telegram.rounds import RoundTalk
from tutorbot.views.reply import Change, Say, Toast, Utterance, Whisper

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COURSE = CourseId("sums")
GROUP = ChatId(-100)
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

## Even {#even}

Which is even?

- ( ) One
- (x) Two
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
    quiz: AssignmentId  # set to the learners; ``learner`` and who is removed have begun it
    unset: AssignmentId  # in the making
    running: BroadcastId
    paused: BroadcastId
    round: RoundId  # that the owner asked for, in a group
    key: KeyId
    draft: RegradeId
    draft_of_options: RegradeId
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

    async def presses_in_group(self, who: str, action: Action, *, admin: bool = False) -> list[str]:
        learner = self.people[who]
        pressed = PressedInGroup(
            speaker=speaker(learner, GROUP), at=self.now, action=action, query_id="1", admin=admin
        )
        return said(await self.conversation(self.unit, learner, pressed))

    async def asks_in_group(self, who: str, command: str, chat: ChatId) -> list[str]:
        learner = self.people[who]
        asked = CommandInGroup(speaker=speaker(learner, chat), at=self.now, name=command)
        return said(await self.conversation(self.unit, learner, asked))

    async def again(self, who: str) -> Learner:
        """Somebody as they now are."""
        found = await learners.by_chat(self.unit, self.people[who].chat)
        assert found
        return found

    async def role(self, who: str) -> str | None:
        """What somebody is in the class now."""
        place = await classes.place(self.unit, self.class_id, self.people[who].id)
        return place.role.value if place and place.here else None


def speaker(learner: Learner, group: ChatId | None = None) -> Speaker:
    return Speaker(
        telegram_id=int(learner.chat),
        chat=group or learner.chat,
        name="X",
        language="en",
        private=group is None,
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

    async def no_judge(_asked: Asked, _text: str) -> Verdict:
        raise AssertionError

    practice, rounds = Practice(library, no_judge, dice), Rounds(library, dice)
    return Conversation(
        practice,
        Publishing(library, nobody),
        GroupTalk(Groups(library, dice), RoundTalk(rounds, languages), languages),
        languages,
        wiring.make_desks(
            library,
            practice,
            rounds,
            is_author=nobody,
            me=lambda: "bot",
            judge=judge_here,
            check=check_here,
        ),
    )


async def judge_here(asked: Asked, typed: str) -> Verdict:
    """Judge in this process, for as long as it takes."""
    return judge(asked, typed)


async def check_here(asked: Asked) -> tuple[str, ...]:
    """What is wrong with a key, found in this process."""
    return checked(asked)


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
    version = published.version
    quiz = await a_quiz(
        unit, class_id, version, COURSE, ["six-one"], NOON, due_at=NOON + timedelta(days=3)
    )
    running = await announced(unit, quiz, [people[who] for who in ("learner", REMOVED)])
    for who in ("learner", REMOVED):
        await begun(unit, quiz, people[who], version)
    second = await a_quiz(unit, class_id, version, COURSE, ["even"], NOON, title="Quiz 2")
    paused = await announced(unit, second, [people["learner"]])
    await broadcasts.become(unit, paused, BroadcastState.PAUSED, NOON)
    unset = await drafts.create(
        unit,
        class_id=class_id,
        version=version,
        course=COURSE,
        title="Quiz 3",
        questions=[QuestionId("six-one")],
        due_at=NOON + timedelta(days=3),
        at=NOON,
    )
    asked = await a_round(unit, people["owner"], version)
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
        unset=unset,
        running=running,
        paused=paused,
        round=asked,
        holiday=holiday,
        key=key,
        draft=draft,
        draft_of_options=await a_draft(unit, QuestionId("even")),
        applied=applied,
        undecided=undecided,
    )


async def announced(unit: Unit, quiz: AssignmentId, to: Sequence[Learner]) -> BroadcastId:
    """A quiz under way to these, who are its assignees by that."""
    made = await broadcasts.make(
        unit,
        assignment=quiz,
        kind=Kind.ANNOUNCEMENT,
        silent=False,
        at_night=False,
        report=None,
        not_before=NOON,
        at=NOON,
    )
    held = await broadcasts.hold(unit, made)
    assert held
    await broadcasts.begin(unit, held, [each.id for each in to], NOON)
    return made


async def begun(unit: Unit, quiz: AssignmentId, learner: Learner, version: CourseVersionId) -> None:
    pick = Pick(version=version, course=COURSE, question=QuestionId("six-one"), variant=0)
    sitting = await practice.begin(unit, learner.id, version, counting(quiz), 7, NOON, (pick,))
    await assignments.opened(unit, quiz, learner.id, sitting.id, NOON)


async def a_round(unit: Unit, asker: Learner, version: CourseVersionId) -> RoundId:
    """In its lobby."""
    group = await groups.meet(unit, GROUP, NOON)
    pick = Pick(version=version, course=COURSE, question=QuestionId("even"), variant=0)
    return await rounds.add(
        unit,
        group.id,
        [rounds.New(pick=pick, shown=(OptionId("a"), OptionId("b")))],
        thread=None,
        language="en",
        about="Sums",
        seconds=20,
        asker=asker.id,
        at=NOON,
        until=NOON + timedelta(minutes=10),
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


async def a_draft(unit: Unit, question: QuestionId) -> RegradeId:
    """With the key as it is."""
    ((_, key), *_) = await courses.keys_of(unit, COURSE, question)
    draft = await regrading.draft(
        unit,
        course=COURSE,
        question=question,
        content=key.content,
        who="author",
        class_id=None,
        at=NOON,
    )
    return draft.id


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
