"""When a quiz takes answers, what they count, and when it is told whether they stand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.assignments import (
    GRACE,
    Assignment,
    Given,
    Part,
    Phase,
    Reveals,
    State,
    Terms,
    drawn,
    following,
    standing,
    terms,
    worth,
)
from tutorbot.core.ids import AssignmentId, ClassId

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def quiz(  # opens at 0, is due at 60, taken until 120
    *,
    due: float | None = 60,
    late: float | None = 120,
    minutes: int | None = None,
    reveal: Reveals = Reveals.ANSWERED,
    state: State = State.SET,
) -> Assignment:
    return Assignment(
        id=AssignmentId(1),
        class_id=ClassId(1),
        class_title="Networks 1",
        title="Quiz 1",
        questions=(),
        opens_at=NOON,
        due_at=None if due is None else at(due),
        late_until=None if late is None else at(late),
        late_share=Fraction(1, 2),
        minutes=minutes,
        reveal=reveal,
        state=state,
    )


def part(
    *,
    opened: float | None = 1,
    done: float | None = None,
    extended: float | None = None,
    factor: str = "1",
) -> Part:
    return Part(
        opened_at=None if opened is None else at(opened),
        finished_at=None if done is None else at(done),
        extended_until=None if extended is None else at(extended),
        time_factor=Fraction(factor),
    )


@pytest.mark.parametrize(
    ("setting", "own", "minute", "phase"),
    [
        (quiz(), part(opened=None), -1, Phase.TO_COME),
        (quiz(), part(), 0, Phase.OPEN),
        (quiz(), part(), 60, Phase.OPEN),
        (quiz(), part(), 60.2, Phase.OPEN),  # a tap is heard of later than it was made
        (quiz(), part(), 61, Phase.LATE),
        (quiz(), part(), 121, Phase.CLOSED),
        (quiz(late=None), part(), 61, Phase.CLOSED),
        (quiz(due=None), part(), 9999, Phase.OPEN),
        (quiz(), part(extended=90), 89, Phase.OPEN),
        (quiz(), part(extended=90), 91, Phase.LATE),
        (quiz(), part(extended=300), 299, Phase.OPEN),  # beyond what is late for others
        (quiz(), part(extended=30), 59, Phase.OPEN),  # nobody is cut short by an extension
        (quiz(minutes=10), part(opened=5), 15, Phase.OPEN),
        (quiz(minutes=10), part(opened=5), 16, Phase.CLOSED),
        (quiz(minutes=10), part(opened=5, factor="1.5"), 19, Phase.OPEN),
        (quiz(minutes=10), part(opened=5, factor="1.5"), 21, Phase.CLOSED),
        (quiz(minutes=10, late=None), part(opened=55), 61, Phase.CLOSED),  # no more than is left
        (quiz(minutes=10), part(opened=None), 59, Phase.OPEN),
        (quiz(), part(done=5), 200, Phase.DONE),
        (quiz(state=State.CANCELLED), part(), 5, Phase.CANCELLED),
        (quiz(state=State.DRAFT), part(), 5, Phase.CANCELLED),
    ],
)
def test_a_quiz_takes_answers_while_it_is_open_to_its_learner(
    setting: Assignment, own: Part, minute: float, phase: Phase
):
    assert standing(setting, own, at(minute)).phase is phase


@pytest.mark.parametrize(
    ("reveal", "own", "minute", "told", "sealed"),
    [
        (Reveals.ANSWERED, part(), 5, True, True),
        (Reveals.ANSWERED, part(done=5), 6, True, False),
        (Reveals.FINISHED, part(), 5, False, True),
        (Reveals.FINISHED, part(done=5), 6, True, False),
        (Reveals.FINISHED, part(), 121, True, False),  # it closed in the middle
        (Reveals.DUE, part(done=5), 6, False, True),
        (Reveals.DUE, part(done=5), 60, False, True),
        (Reveals.DUE, part(done=5), 61, False, True),  # others may still be late
        (Reveals.DUE, part(done=5), 120.2, False, True),
        (Reveals.DUE, part(done=5), 121, True, False),
        (Reveals.DUE, part(done=5, extended=300), 121, True, False),  # this one answers no more
        (Reveals.DUE, part(), 61, False, True),
        (Reveals.DUE, part(), 121, True, False),
        (Reveals.DUE, part(opened=None), 5, False, False),  # may still learn with them
    ],
)
def test_what_is_right_is_told_when_it_was_said_to_be(
    reveal: Reveals, own: Part, minute: float, told: bool, sealed: bool
):
    stands = standing(quiz(reveal=reveal), own, at(minute))
    assert (stands.told, stands.sealed) == (told, sealed)


@pytest.mark.parametrize(("minute", "told"), [(121, False), (300, False), (301, True)])
@pytest.mark.parametrize("own", [part(done=5), part()])
def test_nobody_is_told_while_another_may_answer_who_was_given_more_time(
    own: Part, minute: float, told: bool
):
    setting = replace(quiz(reveal=Reveals.DUE), others_until=at(300))
    stands = standing(setting, own, at(minute))
    assert (stands.told, stands.sealed) == (told, not told)


def test_what_was_called_off_keeps_nothing_back():
    stands = standing(quiz(reveal=Reveals.DUE, state=State.CANCELLED), part(), at(5))
    assert stands.told
    assert not stands.sealed
    assert not stands.may_practise


ANSWERS = st.lists(
    st.tuples(st.floats(0, 200), st.none() | st.integers(0, 4)).map(
        lambda pair: Given(
            at=at(pair[0]),
            points=None if pair[1] is None else Fraction(pair[1]),
            out_of=None if pair[1] is None else Fraction(4),
        )
    ),
    max_size=6,
).map(lambda those: sorted(those, key=lambda each: each.at))


@pytest.mark.parametrize(
    ("reveal", "answers", "points", "late", "undecided"),
    [
        ("answered", [], "0", "0", False),
        ("answered", [(5, "1"), (6, "4"), (7, "2")], "4", "0", False),  # the best
        ("answered", [(5, "1"), (90, "4")], "2", "2", False),  # half of it, and still better
        ("answered", [(5, "3"), (90, "4")], "3", "0", False),
        ("answered", [(5, "1"), (130, "4")], "1", "0", False),  # after it closed
        ("answered", [(5, None), (6, "1")], "1", "0", True),
        ("answered", [(5, None), (6, "4")], "4", "0", False),  # there is nothing left to gain
        ("due", [(5, "4"), (6, "1")], "1", "0", False),  # the last, as in an exam
        ("due", [(5, "4"), (6, None)], "0", "0", True),
        ("due", [(5, "1"), (90, "4")], "2", "2", False),
        ("due", [(5, "4"), (90, "1")], "4", "0", False),  # late thoughts take nothing away
    ],
)
def test_an_answer_counts_by_when_it_was_given(
    reveal: str,
    answers: list[tuple[float, str | None]],
    points: str,
    late: str,
    undecided: bool,
):
    given_ones = [
        Given(at=at(minute), points=None if each is None else Fraction(each), out_of=Fraction(4))
        for minute, each in answers
    ]
    found = worth(given_ones, terms(quiz(reveal=Reveals(reveal)), part()))
    assert (found.points, found.late, found.undecided) == (
        Fraction(points),
        Fraction(late),
        undecided,
    )


@given(ANSWERS, st.booleans())
def test_being_late_never_brings_more_and_nobody_gets_more_than_there_is(
    answers: list[Given], last_counts: bool
):
    def bound(due: float) -> Terms:
        return Terms(
            opens=NOON,
            due=at(due),
            closes=at(120),
            late_share=Fraction(1, 2),
            last_counts=last_counts,
        )

    strict, mild = worth(answers, bound(30)), worth(answers, bound(120))
    assert 0 <= strict.points <= 4
    assert strict.points + strict.late <= 4
    if not last_counts:
        assert strict.points <= mild.points
    if strict.counted is not None:
        assert answers[strict.counted].at <= at(120) + GRACE


STEMS = st.lists(st.sampled_from("abc") | st.none(), min_size=1, max_size=12)


@given(STEMS, st.integers(1, 12), st.integers())
def test_everybody_gets_as_many_and_what_shares_a_stem_stays_together(
    stems: list[str | None], draw: int, seed: int
):
    those = list(enumerate(stems))
    got = drawn(those, lambda each: each[1], draw, Random(seed))
    assert got == drawn(those, lambda each: each[1], draw, Random(seed))
    assert len(got) == len(set(got)) == min(draw, len(those))
    for stem in "abc":
        places = [place for place, each in enumerate(got) if each[1] == stem]
        assert places == list(range(places[0], places[0] + len(places))) if places else True
        every = [each for each in those if each[1] == stem]
        assert [got[place] for place in places] == every[: len(places)]


def test_each_learner_gets_questions_of_their_own():
    those = list(range(10))
    got = {drawn(those, lambda _: None, 3, Random(seed)) for seed in range(20)}
    assert len(got) > 10


@given(st.integers(1, 8), st.data())
def test_whoever_goes_on_sees_all_questions_and_then_what_was_skipped(of: int, data: st.DataObject):
    answered: set[int] = set()
    place: int | None = 0
    reached, steps = 0, 0
    while place is not None:
        steps += 1
        assert steps <= 2 * of
        reached = max(reached, place)
        if data.draw(st.booleans()):
            answered.add(place)
        unanswered = [each for each in range(reached + 1) if each not in answered]
        place = following(place, reached, of, unanswered)
    assert reached == of - 1
