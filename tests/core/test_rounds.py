"""Live rounds: what is asked for, who stands where, and what the countdown shows."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.course import Choice, Mark, Option, Question
from tutorbot.core.groups import Candidate
from tutorbot.core.ids import CourseId, CourseVersionId, LearnerId, OptionId, QuestionId
from tutorbot.core.prose import words
from tutorbot.core.rounds import (
    BREATH,
    Player,
    Wish,
    draw,
    fits,
    next_edit,
    placed,
    seconds_left,
    wish,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", Wish()),
        ("5 gradients 20s", Wish(questions=5, seconds=20, about="gradients")),
        ("10", Wish(questions=10)),
        ("30 sec", Wish(seconds=30)),
        ("2 min Vanishing gradients", Wish(seconds=120, about="Vanishing gradients")),
        ("paper 2", Wish(about="paper 2")),
        ("3, paper 2, 1s", Wish(questions=3, seconds=10, about="paper 2")),
        ("999 9999s", Wish(questions=20, seconds=300)),
        ("0 sets", Wish(questions=1, about="sets")),
    ],
)
def test_how_many_of_what_and_how_long_is_read_as_meant(said: str, meant: Wish):
    assert wish(said) == meant


@given(st.text(max_size=60))
def test_whatever_is_typed_asks_for_some_round(said: str):
    found = wish(said)
    assert 1 <= found.questions <= 20
    assert 10 <= found.seconds <= 300


def player(name: str, right: int, answered: int, seconds: float) -> Player:
    return Player(
        learner=LearnerId(len(name)),
        name=name,
        named=True,
        right=right,
        answered=answered,
        milliseconds=int(seconds * 1000),
    )


def test_accuracy_comes_first_and_speed_only_tells_equals_apart():
    players = [
        player("slow", 3, 3, 50),
        player("quick", 2, 3, 3),
        player("quicker", 3, 3, 40),
        player("same", 3, 3, 40),
    ]
    found = [(each.place, each.name) for each in placed(players, 3, 20)]
    assert found == [(1, "quicker"), (1, "same"), (3, "slow"), (4, "quick")]


def test_who_had_nothing_right_took_part_and_has_no_place():
    players = [player("slow", 0, 3, 50), player("right", 1, 3, 60), player("quick", 0, 3, 3)]
    found = [(each.place, each.name) for each in placed(players, 3, 20)]
    assert found == [(1, "right"), (None, "quick"), (None, "slow")]


def test_nobody_gains_by_leaving_a_question_out():
    players = [player("picks", 1, 1, 5), player("tries", 1, 2, 20)]
    assert [each.name for each in placed(players, 2, 20)] == ["tries", "picks"]


def candidate(number: int, *marks: Mark, several: bool = False) -> Candidate:
    options = tuple(
        Option(id=OptionId(str(place)), prose=(words(str(place)),), mark=mark)
        for place, mark in enumerate(marks)
    )
    question = Question(
        id=QuestionId(f"q{number}"),
        title="",
        prose=(),
        body=Choice(options=options, several=several),
    )
    return Candidate(version=CourseVersionId(1), course=CourseId("c"), question=question, paper="C")


@pytest.mark.parametrize(
    ("candidate", "fit"),
    [
        (candidate(1, Mark.RIGHT, Mark.WRONG), True),
        (candidate(1, Mark.RIGHT, Mark.RIGHT, several=True), True),
        (candidate(1, Mark.RIGHT, Mark.UNSCORED), False),  # a quiz would call it wrong
        (candidate(1, Mark.WRONG, Mark.WRONG, several=True), False),  # it wants a right one
        (candidate(1, Mark.RIGHT), False),
    ],
)
def test_only_what_a_quiz_of_telegrams_can_judge_is_asked(candidate: Candidate, fit: bool):
    assert fits(candidate) is fit


def test_what_a_group_had_least_is_asked_first():
    every = [candidate(number, Mark.RIGHT, Mark.WRONG) for number in range(6)]
    before = {every[0].key: 2, every[1].key: 1, every[2].key: 1}
    drawn = draw(every, before, 5, Random(1))
    assert {each.key for each in drawn[:3]} == {each.key for each in every[3:]}
    assert every[0] not in drawn


@given(st.integers(10, 300))
def test_a_round_stays_within_fifteen_messages_a_minute(seconds: int):
    """A poll, perhaps a picture before it, the countdown, and the answer; a minute may take 20."""
    closes_at, now, messages = NOON + timedelta(seconds=seconds), NOON, 3
    shown = seconds
    now = next_edit(closes_at, seconds_left(closes_at, NOON) or 5)
    while shown:
        shown = seconds_left(closes_at, now)
        messages += 1
        now = max(now + timedelta(seconds=1), next_edit(closes_at, shown))
    assert messages <= (seconds + BREATH.total_seconds() + 2) / 4 + 1
