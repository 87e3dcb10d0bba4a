"""What is posed on a day: overdue first, siblings apart, no more than the day can hold."""

from datetime import date, timedelta

from hypothesis import given, strategies as st

from tutorbot.core.ids import CourseId, QuestionId
from tutorbot.core.review import Candidate, mixed, plan

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
RNN = CourseId("rnn")


def asked(
    name: str, *skills: str, due: int | None = 0, known: float = 0.9, ago: int = 9, ratings: int = 2
) -> Candidate:
    return Candidate(
        course=RNN,
        question=QuestionId(name),
        skills=frozenset(skills),
        due=None if due is None else TODAY + due * DAY,
        known=known,
        rated_on=None if due is None else TODAY - ago * DAY,
        ratings=ratings,
    )


def new(name: str, *skills: str) -> Candidate:
    return asked(name, *skills, due=None, ratings=0)


def names(those: tuple[Candidate, ...]) -> list[str]:
    return [each.question for each in those]


def test_what_is_least_known_comes_first_and_what_is_not_due_waits():
    those = [asked("a", known=0.9), asked("b", known=0.3), asked("c", due=1), asked("d", known=0.5)]
    found = plan(those, TODAY)
    assert names(found.due) == ["b", "d", "a"]
    assert found.coming is not None
    assert (found.coming.day, found.coming.days, found.coming.count) == (TODAY + DAY, 1, 1)


def test_a_backlog_is_spread_over_days_and_the_rest_of_today_is_kept_in_mind():
    those = [asked(f"{n:02}", due=-n) for n in range(50)]
    found = plan(those, TODAY)
    assert len(found.due) == 20
    assert found.waiting == 30
    assert found.coming is not None
    assert (found.coming.days, found.coming.count) == (1, 20)
    done = [asked(f"d{n}", due=5, ago=0) for n in range(15)]
    assert len(plan([*those, *done], TODAY).due) == 5


def test_siblings_wait_for_another_day_and_new_ones_are_siblings_too():
    those = [
        asked("a", "rnn.sizes", known=0.2),
        asked("b", "rnn.sizes", known=0.3),
        asked("c", "rnn.gates", known=0.4),
        new("d", "rnn.gates"),
        new("e", "rnn.types"),
    ]
    found = plan(those, TODAY)
    assert names(found.due) == ["a", "c"]
    assert names(found.new) == ["e"]
    assert found.waiting == 1


def test_siblings_of_what_was_answered_today_wait_as_well():
    those = [asked("a", "rnn.sizes", due=3, ago=0), asked("b", "rnn.sizes"), asked("c")]
    assert names(plan(those, TODAY).due) == ["c"]


def test_in_the_week_before_an_exam_siblings_do_not_wait():
    those = [asked("a", "rnn.sizes"), asked("b", "rnn.sizes")]
    assert len(plan(those, TODAY, exam=TODAY + 3 * DAY).due) == 2
    assert len(plan(those, TODAY, exam=TODAY + 30 * DAY).due) == 1


def test_new_ones_are_ten_a_day_wherever_they_were_begun():
    those = [new(str(n)) for n in range(30)]
    assert len(plan(those, TODAY).new) == 10
    begun = [asked(f"b{n}", due=2, ago=0, ratings=1) for n in range(7)]
    assert len(plan([*those, *begun], TODAY).new) == 3


def test_skills_take_turns_and_the_kindred_stand_side_by_side():
    those = [
        asked("a", "rnn.sizes"),
        asked("b", "rnn.sizes", "x"),
        asked("c", "deriv.chain"),
        asked("d", "rnn.gates"),
        asked("e", "rnn.sizes", "y"),
    ]
    assert names(mixed(those)) == ["a", "d", "b", "c", "e"]


candidates = st.builds(
    asked,
    st.uuids().map(str),
    st.sampled_from(["a.a", "a.b", "b.a"]),
    due=st.none() | st.integers(-9, 9),
    known=st.floats(0, 1),
    ago=st.integers(0, 9),
)


@given(st.lists(candidates))
def test_every_due_question_is_posed_or_waits_and_none_is_posed_twice(those: list[Candidate]):
    found = plan(those, TODAY)
    due = [each for each in those if each.due is not None and each.due <= TODAY]
    assert len(found.due) + found.waiting == len(due)
    assert len({each.question for each in found.due}) == len(found.due) <= 20
    assert set(found.due) <= set(due)
    assert all(each.due is None for each in found.new)


@given(st.lists(candidates))
def test_mixing_keeps_all_and_the_first(those: list[Candidate]):
    order = mixed(those)
    assert sorted(names(order)) == sorted(each.question for each in those)
    assert order[:1] == tuple(those[:1])
