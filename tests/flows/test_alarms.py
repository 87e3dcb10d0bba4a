"""A key that the strong do not follow is in the queue, though nobody doubts it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path

import pytest

from tests.store.taught import a_class, a_quiz, answered, met
from tutorbot.core.ids import AssignmentId, ClassId, CourseId, QuestionId
from tutorbot.core.keys import (
    EVERYWHERE,
    DoubtedQuestion,
    Doubts,
    KeepKey,
    ListDoubts,
    LookedAt,
    OpenDoubt,
)
from tutorbot.courses.load import load
from tutorbot.flows import digest
from tutorbot.flows.doubts import DoubtTalk
from tutorbot.flows.published import Library, publish
from tutorbot.flows.publishing import Author
from tutorbot.store import courses, keys
from tutorbot.store.digests import Due
from tutorbot.store.keys import Answered
from tutorbot.store.unit import Unit
from tutorbot.views import keys as view

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
COURSE = CourseId("nets")
OPTIONS = "- (x) A {#a}\n- ( ) B {#b}\n- ( ) C {#c}\n"
NAMES = ("one", "planted", "three", "four", "five", "six")
PAPER = "---\nid: nets\ntitle: Nets\n---\n" + "".join(
    f"\n## {name.capitalize()} {{#{name}}}\n\nWhich?\n\n{OPTIONS}" for name in NAMES
)
PLANTED = NAMES.index("planted")
LEARNERS = 20


@dataclass
class Crowd:
    unit: Unit
    flow: DoubtTalk
    author: Author
    quiz: AssignmentId
    class_id: ClassId

    async def answer(self, planted: Callable[[int], str], of: Iterable[int], at: datetime) -> None:
        """Let people come and answer the quiz; the later they come, the stronger they are."""
        for number in of:
            who = number % LEARNERS
            learner = await met(self.unit, 100 + number, "Ada", NOON)
            chosen = [
                planted(who) if place == PLANTED else known(who, place)
                for place in range(len(NAMES))
            ]
            given: Sequence[tuple[Sequence[str], float]] = [
                ([option], float(option == "a")) for option in chosen
            ]
            await answered(self.unit, self.quiz, learner.id, given, at + timedelta(minutes=who))

    async def queue(self) -> Doubts:
        found = await self.flow.doubts(self.unit, self.author, ListDoubts(EVERYWHERE))
        assert isinstance(found, Doubts)
        return found

    async def told(self, at: datetime) -> list[str]:
        """The keys of which the word on Monday says that they should be checked."""
        due = Due(class_id=self.class_id, title="Networks")
        found = await digest.of_class(self.unit, Library(), due, at)
        return [each.question for each in found[0].doubts] if found else []

    async def titles(self) -> list[str]:
        return [each.title for each in (await self.queue()).doubted]


def strength(number: int) -> float:
    return number / (LEARNERS - 1)


def sees_b(number: int) -> str:
    """The strong know that it is B; of the weak each has another idea."""
    return "b" if strength(number) > 0.4 else "acb"[number % 3]


def follows_key(number: int) -> str:
    return "a" if strength(number) > 0.4 else "acb"[number % 3]


async def crowd(
    unit: Unit, folder: Path, planted: Callable[[int], str], learners: int = LEARNERS
) -> Crowd:
    (folder / "1.quiz.md").write_text(PAPER, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    await publish(unit, loaded, NOON)
    published = await courses.newest_of(unit, COURSE)
    assert published
    teacher = await met(unit, 1, "Emmy", NOON)
    class_id = await a_class(unit, teacher.id, COURSE, NOON)
    quiz = await a_quiz(unit, class_id, published.version, COURSE, NAMES, NOON)
    flow = DoubtTalk(Library(), lambda _: True)
    room = Crowd(
        unit=unit,
        flow=flow,
        author=Author(learner=teacher, telegram_id=1),
        quiz=quiz,
        class_id=class_id,
    )
    await room.answer(planted, range(learners), NOON)
    return room


def known(number: int, place: int) -> str:
    return "a" if strength(number) * 1.2 > place / len(NAMES) + 0.1 else "bc"[place % 2]


async def test_a_wrong_key_that_nobody_doubts_comes_first(unit: Unit, tmp_path: Path) -> None:
    room = await crowd(unit, tmp_path, sees_b)
    (first, *rest) = (await room.queue()).doubted
    assert (first.title, first.flags) == ("Planted", 0)
    assert first.alarm > 0.5
    assert rest == []
    page = await room.flow.question(unit, room.author, OpenDoubt(first.key))
    assert isinstance(page, DoubtedQuestion)
    told = repr(view.doubted_question(NullTranslations(), page))
    assert "Check the key: of the 10 strongest, 10 answered B, and 0 what the key says." in told
    assert "who does well elsewhere" in repr(view.queue(NullTranslations(), await room.queue()))


async def test_of_two_that_are_doubted_alike_the_alarm_decides(unit: Unit, tmp_path: Path) -> None:
    room = await crowd(unit, tmp_path, sees_b)
    doubter = await met(unit, 50, "Bob", NOON)
    published = await courses.newest_of(unit, COURSE)
    assert published
    for name in ("five", "one", "planted"):
        of = Answered(course=COURSE, version=published.version, question=QuestionId(name))
        await keys.flag(unit, doubter.id, of, "key", None, NOON)
    assert await room.titles() == ["Planted", "One", "Five"]


async def test_a_key_that_somebody_let_stand_is_not_brought_up_by_the_same_answers(
    unit: Unit, tmp_path: Path
) -> None:
    room = await crowd(unit, tmp_path, sees_b)
    (first,) = (await room.queue()).doubted
    assert await room.told(LATER) == ["Planted"]
    await room.flow.keep(unit, room.author, KeepKey(first.key), LATER)
    assert await room.titles() == []
    assert await room.told(LATER) == []
    again = await room.flow.question(unit, room.author, OpenDoubt(first.key))
    assert isinstance(again, DoubtedQuestion)
    assert "author let the key stand, 20 Nov." in repr(
        view.doubted_question(NullTranslations(), again)
    )


async def test_a_key_that_somebody_let_stand_comes_back_once_as_many_have_spoken_against_it_again(
    unit: Unit, tmp_path: Path
) -> None:
    room = await crowd(unit, tmp_path, sees_b)
    (first,) = (await room.queue()).doubted
    await room.flow.keep(unit, room.author, KeepKey(first.key), LATER)
    tomorrow = NOON + timedelta(days=1)
    await room.answer(sees_b, range(LEARNERS, 2 * LEARNERS - 1), tomorrow)
    assert await room.titles() == [], "one is missing"
    assert await room.told(tomorrow + timedelta(hours=1)) == []
    await room.answer(sees_b, [2 * LEARNERS - 1], tomorrow)
    (back,) = (await room.queue()).doubted
    assert (back.title, back.flags) == ("Planted", 0)
    assert await room.told(tomorrow + timedelta(hours=1)) == ["Planted"]
    (said,) = view.queue(NullTranslations(), await room.queue())
    assert "Planted: author let the key stand, 20 Nov." in repr(said)
    assert "🔔👀 Planted" in repr(said)
    await room.flow.keep(unit, room.author, KeepKey(first.key), tomorrow + timedelta(hours=3))
    assert await room.titles() == [], "it was looked at once more"


async def test_a_key_that_stood_firm_against_the_alarm_comes_back_with_a_new_flag(
    unit: Unit, tmp_path: Path
) -> None:
    room = await crowd(unit, tmp_path, sees_b)
    (first,) = (await room.queue()).doubted
    await room.flow.keep(unit, room.author, KeepKey(first.key), LATER)
    doubter = await met(unit, 50, "Bob", NOON)
    published = await courses.newest_of(unit, COURSE)
    assert published
    of = Answered(course=COURSE, version=published.version, question=QuestionId("planted"))
    await keys.flag(unit, doubter.id, of, "key", None, LATER + timedelta(hours=1))
    (back,) = (await room.queue()).doubted
    assert (back.flags, back.alarm > 0.5) == (1, True)
    assert "let the key stand" in repr(view.queue(NullTranslations(), await room.queue()))


@pytest.mark.parametrize(
    ("firsts", "before", "since", "back"),
    [
        (20, 20, 19, False),
        (20, 20, 20, True),
        (500, 20, 40, False),
        (0, 0, 0, False),
        (0, 0, 1, True),
        (None, 20, 19, False),
        (None, 20, 20, True),
    ],
)
def test_as_much_evidence_as_there_was_is_asked_for(
    firsts: int | None, before: int, since: int, back: bool
) -> None:
    looked = LookedAt(who="author", at=LATER, mended=False, firsts=firsts)
    answered = [NOON] * before + [LATER + timedelta(seconds=1)] * since
    assert looked.outgrown(answered) is back


@pytest.mark.parametrize(("planted", "learners"), [(follows_key, LEARNERS), (sees_b, 7)])
async def test_a_right_key_or_a_few_answers_bring_nothing_up(
    unit: Unit, tmp_path: Path, planted: Callable[[int], str], learners: int
) -> None:
    room = await crowd(unit, tmp_path, planted, learners)
    assert await room.titles() == []
