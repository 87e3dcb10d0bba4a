"""A few words."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("Gradient descent", "gradient descent"),
        ("Gradient descent", "  GRADIENT   Descent. "),
        ("Gradient descent", "gradient-descent"),
        ("Gradient descent", "gradientdescent"),
        ("Gradient descent", "“Gradient descent”"),
        ("Émile Borel", "emile borel"),
        ("Straße", "strasse"),
        ("Größe", "Groesse"),
        ("Größe", "grosse"),
        ("Mobius", "Möbius"),
        ("1.5", "1,5"),
        ("C++", "c++"),
    ],
)
def test_capitals_spaces_signs_and_accents_do_not_matter(ask: Ask, key: str, typed: str):
    asked = ask(Kind.TEXT, key)
    assert checked(asked) == ()
    assert isinstance(judge(asked, typed), Right)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("gradient decent", "decent"),
        ("gradeint descent", "gradeint"),
        ("gradiant descent", "gradiant"),
        ("gradientt descent", "gradientt"),
        ("gradiant decent", None),
        ("gradient", None),
        ("descent gradient", None),
        ("the gradient descent", None),
    ],
)
def test_one_letter_off_is_wrong_and_named(ask: Ask, typed: str, word: str | None):
    verdict = judge(ask(Kind.TEXT, "gradient descent"), typed)
    assert isinstance(verdict, Wrong)
    assert (verdict.slip.details["word"] if verdict.slip else None) == word


def test_a_letter_off_in_a_short_word_is_another_word(ask: Ask):
    verdict = judge(ask(Kind.TEXT, "GRU"), "GRP")
    assert isinstance(verdict, Wrong)
    assert verdict.slip is None
    assert isinstance(judge(ask(Kind.TEXT, "-5"), "5"), Wrong)
    assert isinstance(judge(ask(Kind.TEXT, "1.5"), "15"), Wrong)
    assert isinstance(judge(ask(Kind.TEXT, "12"), "1 2"), Wrong)


def test_any_accepted_line_will_do_and_a_mistake_is_known(ask: Ask):
    asked = ask(Kind.TEXT, "long short-term memory", "LSTM", mistaken=("GRU",))
    verdict = judge(asked, "lstm")
    assert isinstance(verdict, Right)
    assert verdict.accepted == 1
    wrong = judge(asked, "gru")
    assert isinstance(wrong, Wrong)
    assert wrong.mistaken == 0


@pytest.mark.parametrize("typed", ["", "  ", "?!", "\u200b"])
def test_nothing_said_costs_no_try(ask: Ask, typed: str):
    assert isinstance(judge(ask(Kind.TEXT, "memory"), typed), Unreadable)


def test_a_key_of_words_may_contradict_itself(ask: Ask):
    assert checked(ask(Kind.TEXT, "LSTM", mistaken=("lstm.",)))
    assert checked(ask(Kind.TEXT, "..."))
