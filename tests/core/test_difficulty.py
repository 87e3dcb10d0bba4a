from dataclasses import replace
from random import Random
from statistics import correlation

from hypothesis import given, strategies as st

from tutorbot.core.course import Choice, Kind, Mark, Option, Question, Typed
from tutorbot.core.difficulty import (
    Item,
    Meeting,
    Rating,
    chance,
    fit,
    guessing,
    met,
    rated,
)
from tutorbot.core.ids import CourseId, LearnerId, OptionId, QuestionId

RNN = CourseId("rnn")
TYPED = Question(
    id=QuestionId("size"), title="", prose=(), body=Typed(kind=Kind.NUMBER, accepted=())
)
ADA = LearnerId(1)

values = st.floats(-6, 6)


def choice(options: int, *, several: bool = False) -> Question:
    shown = tuple(Option(id=OptionId(str(n)), prose=(), mark=Mark.WRONG) for n in range(options))
    return replace(TYPED, body=Choice(options=shown, several=several))


def item(number: int) -> Item:
    return RNN, QuestionId(str(number))


@given(values, values, st.floats(0, 0.5), st.booleans(), st.integers(0, 500))
def test_a_right_answer_raises_the_learner_and_eases_the_question(
    ability: float, difficulty: float, guess: float, right: bool, answers: int
):
    learner = Rating(value=ability, answers=answers)
    better, harder = met(learner, Rating(value=difficulty), right=right, guess=guess)
    assert (better.value > ability) is right
    assert (harder.value > difficulty) is not right
    assert (better.answers, harder.answers) == (answers + 1, 1)
    assert guess <= chance(ability, difficulty, guess) <= 1


def test_a_right_guess_tells_less_than_a_right_formula():
    typed, _ = met(Rating(), Rating(), right=True, guess=0)
    tapped, _ = met(Rating(), Rating(), right=True, guess=0.5)
    assert tapped.value < typed.value


def test_one_answer_moves_a_question_less_the_more_it_has_had():
    _, young = met(Rating(), Rating(), right=True, guess=0)
    _, old = met(Rating(), Rating(answers=1000), right=True, guess=0)
    assert abs(old.value) < abs(young.value) / 10


def test_guessing_among_four_is_a_quarter_and_ticks_are_hard_to_guess():
    assert guessing(choice(4)) == 0.25
    assert guessing(choice(4, several=True)) == 1 / 15
    assert guessing(TYPED) == 0


def test_who_does_well_is_fitted_by_typed_questions_and_a_beginner_by_options():
    able = {"rnn": 1.1}
    typed, tapped = replace(TYPED, skills=("rnn",)), replace(choice(2), skills=("rnn",))
    assert fit(typed, able) < fit(tapped, able)
    assert fit(tapped, {}) < fit(typed, {})


def test_what_others_found_hard_waits_for_the_able():
    typed = replace(TYPED, skills=("rnn",))
    assert fit(typed, {}, difficulty=-1.1) < fit(typed, {}, difficulty=1.5)
    assert fit(typed, {"rnn": 2.6}, difficulty=1.5) < fit(typed, {"rnn": 2.6}, difficulty=-1.1)


def test_in_a_class_the_hard_questions_come_out_hard_whoever_met_them_first():
    """300 learners of mixed ability, 40 questions, half of them with four options to guess from."""
    dice = Random(3)
    hard = {item(number): dice.gauss(0, 1.2) for number in range(40)}
    guess = {each: 0.25 * (number % 2) for number, each in enumerate(hard)}
    meetings: list[Meeting] = []
    for number in range(300):
        ability = dice.gauss(0, 1)
        for each in dice.sample(list(hard), 20):
            right = dice.random() < chance(ability, hard[each], guess[each])
            meetings.append(
                Meeting(learner=LearnerId(number), item=each, right=right, guess=guess[each])
            )
    _, found = rated(meetings, {}, {})
    measured = [found[each].value for each in hard]
    assert correlation(measured, list(hard.values())) > 0.95


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.booleans()), max_size=20))
def test_answers_in_two_portions_rate_as_in_one(seen: list[tuple[int, int, bool]]):
    meetings = [
        Meeting(learner=LearnerId(who), item=item(what), right=right, guess=0.25)
        for who, what, right in seen
    ]
    half = len(meetings) // 2
    able, hard = rated(meetings[:half], {}, {})
    more, harder = rated(meetings[half:], able, hard)
    assert (able | more, hard | harder) == rated(meetings, {}, {})
