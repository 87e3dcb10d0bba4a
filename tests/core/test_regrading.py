"""What a mended key makes of answers: laws that hold for any key, answer and policy."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.course import (
    Choice,
    Expression,
    Form,
    Hint,
    Kind,
    Mark,
    Option,
    Partial,
    Question,
    Typed,
)
from tutorbot.core.grading import key_of, points
from tutorbot.core.ids import (
    AnswerId,
    AttemptId,
    CourseVersionId,
    LearnerId,
    OptionId,
    QuestionId,
    SittingId,
)
from tutorbot.core.regrading import (
    RIGHT,
    UNDECIDED,
    WRONG,
    Given,
    Grade,
    Judged,
    Marked,
    Policy,
    Standing,
    changes,
    crossing,
    fits,
    held,
    judged_choice,
    keyed,
    marks,
    regrade,
)

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
NAMES = tuple(map(OptionId, "abcd"))
HINTS = (Hint(prose=()), Hint(prose=(), cost=Fraction(1, 2)))


def asks(*marks: Mark, several: bool = True, partial: Partial = Partial.ALL_OR_NOTHING) -> Question:
    options = tuple(
        Option(id=name, prose=(), mark=mark) for name, mark in zip(NAMES, marks, strict=False)
    )
    return Question(
        id=QuestionId("q"),
        title="Q",
        prose=(),
        body=Choice(options=options, several=several, partial=partial),
        hints=HINTS,
    )


def answer(
    question: Question, chosen: tuple[str, ...], *, id_: int = 1, hints: int = 0, learner: int = 1
) -> Given:
    """As it was graded when it was given."""
    judged = judged_choice(question, tuple(map(OptionId, chosen)))
    worth = points(share=judged.share, hints=HINTS[:hints], out_of=question.points)
    return Given(
        id=AnswerId(id_),
        learner=LearnerId(learner),
        attempt=AttemptId(id_),
        sitting=SittingId(id_),
        version=CourseVersionId(1),
        values=(),
        chosen=tuple(map(OptionId, chosen)),
        raw=None,
        hints=hints,
        try_number=1,
        at=NOON,
        now=Grade(points=worth, out_of=question.points, code=judged.code),
    )


MARKS = st.lists(st.sampled_from(Mark), min_size=4, max_size=4).filter(lambda m: Mark.RIGHT in m)


def several(marks_: list[Mark], partial: Partial) -> Question:
    return asks(*marks_, partial=partial)


QUESTIONS = st.builds(several, MARKS, st.sampled_from(Partial))
CHOSEN = st.sets(st.sampled_from(NAMES), min_size=1).map(lambda those: tuple(sorted(those)))


@given(QUESTIONS, QUESTIONS, CHOSEN, st.integers(0, 2), st.sampled_from(Policy))
def test_nobody_loses_unless_the_policy_says_so(
    old: Question, new: Question, chosen: tuple[str, ...], hints: int, policy: Policy
):
    content = held(key_of(new), old, policy)
    after = keyed(old, content)
    given_ = answer(old, chosen, hints=hints)
    found = regrade(given_, judged_choice(after, given_.chosen or ()), after, policy)
    if policy in {Policy.RAISE_ONLY, Policy.ACCEPT_BOTH, Policy.ALL_FULL}:
        assert found.share >= given_.now.share
    if policy is Policy.ALL_FULL:
        assert found.points == found.out_of
    if policy is Policy.DROP:
        assert found.out_of == 0
    if policy is Policy.STRICT:
        assert found == answer(keyed(old, key_of(new)), chosen, hints=hints).now


@given(QUESTIONS, QUESTIONS, CHOSEN, st.sampled_from(Policy))
def test_regrading_twice_changes_no_more_than_once(
    old: Question, new: Question, chosen: tuple[str, ...], policy: Policy
):
    after = keyed(old, held(key_of(new), old, policy))
    judged = judged_choice(after, tuple(map(OptionId, chosen)))
    given_ = answer(old, chosen)
    once = regrade(given_, judged, after, policy)
    assert regrade(replace(given_, now=once), judged, after, policy) == once


@given(QUESTIONS, QUESTIONS)
def test_accepting_both_keeps_right_what_either_key_calls_right(old: Question, new: Question):
    after = keyed(old, held(key_of(new), old, Policy.ACCEPT_BOTH))
    for question in (old, new):
        assert isinstance(question.body, Choice)
        right = tuple(each.id for each in question.body.options if each.mark is Mark.RIGHT)
        judged = judged_choice(after, right)
        found = regrade(answer(old, right), judged, after, Policy.ACCEPT_BOTH)
        assert found.share == 1


@given(QUESTIONS)
def test_a_question_with_its_own_key_stays_as_it_is(question: Question):
    assert keyed(question, key_of(question)) == question
    assert fits(question, key_of(question))


def test_so_does_one_whose_answer_is_typed():
    typed = Typed(
        kind=Kind.QUANTITY,
        accepted=(Expression(text="3 m", note="short"), Expression(text="300 cm")),
        mistaken=(Expression(text="3 cm", tag="unit"),),
        tolerance=Fraction(1, 100),
        significant=2,
        unit="m",
        form=Form.AS_TYPED,
    )
    question = Question(id=QuestionId("q"), title="Q", prose=(), body=typed, points=Fraction(5, 2))
    assert keyed(question, key_of(question)) == question


def test_of_one_right_option_either_is_right_when_both_are_accepted():
    old = asks(Mark.RIGHT, Mark.WRONG, Mark.WRONG, several=False)
    new = asks(Mark.WRONG, Mark.RIGHT, Mark.WRONG, several=False)
    after = keyed(old, held(key_of(new), old, Policy.ACCEPT_BOTH))
    codes = [judged_choice(after, (name,)).code for name in NAMES[:3]]
    assert codes == [RIGHT, RIGHT, WRONG]


@pytest.mark.parametrize("policy", [Policy.RAISE_ONLY, Policy.ACCEPT_BOTH, Policy.STRICT])
def test_what_is_undecided_under_the_new_key_stays_as_it_was(policy: Policy):
    question = asks(Mark.RIGHT, Mark.WRONG)
    given_ = answer(question, ("a",))
    assert regrade(given_, Judged(UNDECIDED, Fraction(0)), question, policy) == given_.now


def test_an_answer_given_after_the_correction_is_graded_by_the_new_key_alone():
    old, new = asks(Mark.RIGHT, Mark.WRONG), asks(Mark.WRONG, Mark.RIGHT)
    given_ = answer(old, ("a",))
    versions = {CourseVersionId(1): new}
    found = changes(
        [given_],
        versions,
        lambda each: judged_choice(new, each.chosen or ()),
        Policy.ALL_FULL,
        since=datetime(2026, 11, 1, tzinfo=UTC),
    )
    assert [each.new.points for each in found] == [0]


def test_a_learner_is_told_the_newest_paper_in_which_the_best_score_changed():
    old, new = asks(Mark.RIGHT, Mark.WRONG), asks(Mark.WRONG, Mark.RIGHT)
    answers = [
        answer(old, ("b",), id_=1),
        answer(old, ("b",), id_=2),
        answer(old, ("a",), id_=3, learner=2),
    ]
    found = changes(
        answers,
        {CourseVersionId(1): new},
        lambda each: judged_choice(new, each.chosen or ()),
        Policy.RAISE_ONLY,
    )
    told = marks(answers, found)
    assert set(told) == {1}, "who keeps the points hears nothing"
    assert (told[LearnerId(1)].attempt, told[LearnerId(1)].times) == (2, 2)


def test_a_pass_line_is_crossed_by_half_of_the_points():
    before = Standing(points=Fraction(1), out_of=Fraction(3))
    marked = Marked(
        learner=LearnerId(1),
        attempt=AttemptId(1),
        sitting=SittingId(1),
        old=Fraction(0),
        new=Fraction(1),
        old_out_of=Fraction(1),
        out_of=Fraction(1),
    )
    assert crossing(before, marked) == 1
    assert crossing(Standing(points=Fraction(2), out_of=Fraction(3)), marked) == 0
