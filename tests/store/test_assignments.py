"""What a quiz came to, from the facts and the scores as they are now."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from tests.store.setting import assign, join, make_class, score, set_quiz
from tutorbot.core.assignments import Reveals, Source, counting, standing
from tutorbot.core.ids import AnswerId, CourseId, CourseVersionId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.core.review import Pick
from tutorbot.store import assignments, courses, practice
from tutorbot.store.practice import Fact, Scored
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres

HOUR = timedelta(hours=1)
RNN = CourseId("rnn")
COUNT, GATE = QuestionId("count"), QuestionId("gate")


async def test_marks_follow_the_newest_scores_and_how_late_an_answer_was(
    unit: Unit, learner: Learner, stranger: Learner, version: CourseVersionId, noon: datetime
) -> None:
    room = await make_class(unit, RNN, noon)
    quiz = await set_quiz(
        unit,
        room,
        [Source(version=version, course=RNN, question=each) for each in (COUNT, GATE)],
        opens_at=noon,
        due_at=noon + HOUR,
        late_until=noon + 2 * HOUR,
        late_share="0.5",
    )
    for each in (learner, stranger):
        await join(unit, room, each.id, noon)
        await assign(unit, quiz, each.id)
    picks = tuple(
        Pick(version=version, course=RNN, question=each, variant=0) for each in (COUNT, GATE)
    )
    sitting = await practice.begin(unit, learner.id, version, counting(quiz), 7, noon, picks)
    await assignments.opened(unit, quiz, learner.id, sitting.id, noon)
    attempt = await practice.open_attempt(
        unit, sitting, question=COUNT, place=0, variant=0, shown=(), at=noon
    )
    given: list[AnswerId] = []
    for number, (minutes, points) in enumerate(((10, "0.25"), (70, "1"), (130, "1")), start=1):
        fact = Fact(
            attempt=attempt.id,
            learner=learner.id,
            version=version,
            question=COUNT,
            values=(),
            shown=(),
            raw="4",
            parsed="4",
            verdict={"code": "right"},
            hints=0,
            try_number=number,
            answered_at=noon + timedelta(minutes=minutes),
            timezone="UTC",
            study_day=noon.date(),
        )
        scored = Scored(points=Fraction(points), out_of=Fraction(1), policy="all-or-nothing")
        given.append(await practice.record(unit, fact, scored))

    marked = {each.learner: each for each in await assignments.marks(unit, quiz)}
    assert marked[stranger.id].marks == ()
    first, second = marked[learner.id].marks
    assert (first.first, first.best) == (Fraction(1, 4), Fraction(1))
    assert [each.number for each in first.tries] == [1, 2, 3]
    assert (first.worth.points, first.worth.late) == (Fraction(1, 2), Fraction(1, 2))
    assert (second.tries, second.worth.points, second.worth.out_of) == ((), 0, 1)
    assert (marked[learner.id].points, marked[learner.id].out_of) == (Fraction(1, 2), 2)

    key = await courses.correct(
        unit, version, COUNT, content=["5"], reason="the key was wrong", at=noon
    )
    await score(unit, given[0], key, Fraction(1), noon)
    (again,) = await assignments.marks(unit, quiz, learner.id)
    assert again.marks[0].worth.points == 1


@pytest.mark.parametrize(
    ("reveal", "minutes", "finished", "extended", "first_told"),
    [
        ("answered", None, None, None, 120),  # left in the middle: when it closes
        ("answered", 30, None, None, 30),
        ("finished", None, None, None, 120),
        ("due", None, 5, None, 120),  # handed in: when nobody may be late any more
        ("due", None, 5, 180, 120),  # who is done holds nobody up, and not themselves
        ("due", 30, None, None, 120),
        ("due", None, None, 180, 180),
    ],
)
async def test_whom_nobody_has_told_is_found_when_it_is_over_for_them(
    unit: Unit,
    learner: Learner,
    version: CourseVersionId,
    noon: datetime,
    reveal: str,
    minutes: int | None,
    finished: int | None,
    extended: int | None,
    first_told: int,
) -> None:
    room = await make_class(unit, RNN, noon)
    quiz = await set_quiz(
        unit,
        room,
        [Source(version=version, course=RNN, question=COUNT)],
        opens_at=noon,
        due_at=noon + HOUR,
        late_until=noon + 2 * HOUR,
        reveal=Reveals(reveal),
        minutes=minutes,
    )
    await join(unit, room, learner.id, noon)
    until = None if extended is None else noon + timedelta(minutes=extended)
    await assign(unit, quiz, learner.id, extended_until=until)
    sitting = await practice.begin(unit, learner.id, version, counting(quiz), 7, noon)
    await assignments.opened(unit, quiz, learner.id, sitting.id, noon)
    if finished is not None:
        at = noon + timedelta(minutes=finished)
        await assignments.finished(unit, quiz, learner.id, at)

    async def told_at(after: int) -> bool:
        now = noon + timedelta(minutes=after)
        found = await assignments.to_tell(unit, now, 10)
        assert all(standing(each.assignment, each.part, now).told for each in found)
        return bool(found)

    assert not await told_at(first_told)
    assert await told_at(first_told + 3)
    await assignments.told(unit, quiz, learner.id, noon)
    assert not await told_at(first_told + 3)
