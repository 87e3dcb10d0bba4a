"""What is said of questions agrees with another computation, and can be relied on as it is said."""

import random
from collections.abc import Mapping, Sequence
from math import lgamma

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.analysis import World, a_class, tried
from tutorbot.core.analysis import (
    RIGHT,
    First,
    Flag,
    Item,
    ItemFigures,
    analyse,
    blind_share,
    item_of,
)
from tutorbot.core.course import Choice, Mark, Option, Partial, Question
from tutorbot.core.ids import LearnerId, OptionId, QuestionId
from tutorbot.core.key_alarm import Answered, key_alarm

Sheets = Mapping[LearnerId, Mapping[int, First]]


def a_sheet(*shares: float | None) -> dict[int, First]:
    return {
        place: First(share=share, chosen=frozenset({"a" if share else "b"}))
        for place, share in enumerate(shares)
    }


def a_quiz(*sheets: Sequence[float | None], options: str = "abcd") -> tuple[ItemFigures, ...]:
    item = Item(options=tuple(options), right=frozenset("a"), guess=1 / len(options))
    kept = {LearnerId(number): a_sheet(*sheet) for number, sheet in enumerate(sheets)}
    return analyse([item] * len(sheets[0]), kept).items


@pytest.mark.parametrize("seed", range(4))
def test_the_statistics_of_a_class_agree_with_numpy(seed: int):
    items, sheets, _ = a_class(World(learners=17 + seed, questions=8), random.Random(seed))
    found = analyse(items, sheets)
    shares = np.array([[sheet[place].share for place in range(8)] for sheet in sheets.values()])
    learners = len(shares)
    for place, figures in enumerate(found.items):
        mine = shares[:, place]
        rest = np.delete(shares, place, axis=1).sum(axis=1)
        assert figures.facility == pytest.approx(mine.mean())
        assert figures.error == pytest.approx(mine.std(ddof=1) / np.sqrt(learners))
        guess = 1 / len(items[place].options)
        assert figures.corrected == pytest.approx((mine.mean() - guess) / (1 - guess))
        expected = np.corrcoef(mine, rest)[0, 1] if mine.std() else None
        assert figures.discrimination == pytest.approx(expected)
        for option in figures.options:
            chose = np.array([option.option in sheet[place].chosen for sheet in sheets.values()])
            assert option.count == chose.sum()
            if chose.any():
                assert option.rest == pytest.approx(rest[chose].mean() / 7)
            if chose.any() and not chose.all():
                assert option.discrimination == pytest.approx(np.corrcoef(chose, rest)[0, 1])
    covariances = np.cov(shares, rowvar=False)
    alpha = 8 / 7 * (1 - np.trace(covariances) / covariances.sum())
    assert found.alpha == pytest.approx(alpha)
    error = shares.mean(axis=1).std(ddof=1) * np.sqrt(1 - alpha)
    assert found.error == pytest.approx(error)


def test_the_alarm_agrees_with_numpy():
    """Learner by learner, where ours counts by cells."""
    items, sheets, (wrong,) = _with_one_wrong_key()
    alarm = analyse(items, sheets).items[wrong].alarm
    assert alarm is not None
    shares: NDArray[np.float64] = np.array(
        [[each.share for each in sheet.values()] for sheet in sheets.values()]
    )
    rest: NDArray[np.float64] = np.delete(shares, wrong, axis=1).sum(axis=1)
    standard: NDArray[np.float64] = (rest - rest.mean()) / rest.std()
    ability = np.clip(np.round(standard * 4) / 4, -3.0, 3.0)
    options = items[wrong].options
    chosen = [next(iter(sheet[wrong].chosen)) for sheet in sheets.values()]
    (keyed,) = items[wrong].right

    def likelihood(right: str) -> float:
        hit = np.array([each == right for each in chosen])
        chances: NDArray[np.float64] = np.array(
            [
                np.exp(-(((hard + 0.4) / 1.3) ** 2) / 2)
                * np.where(hit, known := _curve(slope, hard, ability, len(options)), 1 - known)
                .prod()
                .item()
                for slope in (0.5, 1, 1.75)
                for hard in np.arange(-3, 3.25, 0.5)
            ]
        )
        others = [chosen.count(each) for each in options if each != right]
        ways = lgamma(len(others)) - lgamma(len(others) + sum(others))
        ways += sum(lgamma(1 + count) for count in others)
        return float(chances.sum()) * float(np.exp(ways))

    factors = [likelihood(each) / likelihood(keyed) for each in options if each != keyed]
    assert alarm.factor == pytest.approx(np.mean(factors))


def _curve(
    slope: float, hard: float, ability: NDArray[np.float64], options: int
) -> NDArray[np.float64]:
    return 1 / options + (1 - 1 / options) / (1 + np.exp(slope * (hard - ability)))


def _with_one_wrong_key() -> tuple[list[Item], dict[LearnerId, dict[int, First]], set[int]]:
    return a_class(World(hard=(-0.5, 0.5)), random.Random(11))


def test_most_wrong_keys_are_found_in_a_class_of_twenty_and_few_right_ones_doubted():
    """As `benchmarks/analysis.py` measures with more classes."""
    wrong, found, _, right, false = tried(World(), 30, random.Random(5))
    assert found / wrong >= 0.8
    assert false / right < 0.05


def test_a_wrong_answer_that_the_strong_type_alike_gives_the_alarm():
    usual = World(hard=(-0.7, 1), guessing=False, typed=True)
    wrong, found, _, right, false = tried(usual, 20, random.Random(2))
    assert found / wrong >= 0.6
    assert false / right < 0.05


def test_a_tick_that_the_key_has_the_wrong_way_round_gives_the_alarm():
    rests = [number / 20 for number in range(20)]
    strong_see_it = [
        Answered(rest=rest, chosen=frozenset("a" if rest < 0.3 else "ab")) for rest in rests
    ]
    found = key_alarm(strong_see_it, "abcd", frozenset("a"), 0, several=True)
    assert found is not None
    assert (found.answer, found.key) == ("b", 0)
    agreed = key_alarm(strong_see_it, "abcd", frozenset("ab"), 0, several=True)
    assert agreed is None


@pytest.mark.parametrize("answers", [0, 1, 9])
def test_few_answers_give_no_alarm(answers: int):
    given = [Answered(rest=place / 9, chosen=frozenset("b")) for place in range(answers)]
    assert key_alarm(given, "ab", frozenset("a"), 0.5) is None


def test_what_cannot_be_said_is_not_said():
    (first, _) = a_quiz((1, None), (1, None))
    assert (first.facility, first.discrimination, first.error) == (1, None, 0)
    nobody = analyse([Item()], {})
    assert (nobody.items[0].facility, nobody.alpha, nobody.learners) == (None, None, 0)
    everybody_alike = a_quiz(*[(1, 1, 0)] * 12)
    assert [each.discrimination for each in everybody_alike] == [None] * 3


def test_alpha_counts_only_who_has_a_score_on_every_question():
    dice = random.Random(3)
    whole = [[float(dice.random() < level / 12) for _ in range(4)] for level in range(12)]
    sheets = {LearnerId(number): a_sheet(*each) for number, each in enumerate(whole)}
    alone = analyse([Item()] * 4, sheets)
    more = {LearnerId(99): a_sheet(1, 1, 1), LearnerId(98): a_sheet(1, None, 1, 1)}
    both = analyse([Item()] * 4, sheets | more)
    assert alone.alpha is not None
    assert (both.alpha, both.complete, both.learners) == (alone.alpha, 12, 14)
    assert analyse([Item()] * 2, sheets).alpha is None


def test_distractors_that_nobody_chose_are_named():
    (figures,) = a_quiz(*[(1,), (0,), (1,)])
    assert figures.unused == ("c", "d")
    assert figures.unsteady


@pytest.mark.parametrize(
    ("shares", "flags"),
    [
        ([1] * 20, (Flag.EASY,)),
        ([0] * 15 + [1] * 5, (Flag.MISSED,)),
        ([1, 1, 1], ()),  # too few to say
        ([0] * 8 + [1] * 12, ()),
    ],
)
def test_a_question_is_called_what_it_is(shares: list[float], flags: tuple[Flag, ...]):
    (figures,) = a_quiz(*[(share,) for share in shares])
    assert figures.flags == flags


@pytest.mark.parametrize(
    ("several", "partial", "share"),
    [
        (False, Partial.ALL_OR_NOTHING, 1 / 4),
        (True, Partial.ALL_OR_NOTHING, 1 / 15),  # one of the sets that are not empty
        (True, Partial.EACH_DECISION, 29 / 60),  # the empty one, worth three of four, is left out
    ],
)
def test_guessing_is_worth_what_a_blind_choice_gets_on_average(
    several: bool, partial: Partial, share: float
):
    marks = (Mark.RIGHT, Mark.WRONG, Mark.WRONG, Mark.WRONG)
    options = tuple(
        Option(id=OptionId(name), prose=(), mark=mark)
        for name, mark in zip("abcd", marks, strict=True)
    )
    choice = Choice(options=options, several=several, partial=partial)
    assert blind_share(choice) == pytest.approx(share)
    question = Question(id=QuestionId("q"), title="", prose=(), body=choice)
    assert item_of(question).right == {"a"}
    assert Item().right == {RIGHT}
