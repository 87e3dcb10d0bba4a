"""What an author is told about a key before any learner sees it."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right
from tutorbot.core.course import Expression, Kind, Typed

Ask = Callable[..., Asked]


def test_a_sound_key_has_no_flaws_and_accepts_itself(
    gru: Asked, derivative: Asked, total: Asked, weights: Asked, count: Asked
):
    for asked in (gru, derivative, total, weights, count):
        assert checked(asked) == ()
    for asked in (gru, derivative, total):
        assert isinstance(judge(asked, asked.typed.accepted[0].text), Right)


@pytest.mark.parametrize(
    ("kind", "accepted", "mistaken", "words"),
    [
        (Kind.FORMULA, ("3*(n+1)",), ("3*n+3",), ("`3*n+3`", "mistake", "`3*(n+1)`")),
        (Kind.SIZE, ("n x 3",), ("n x 6/2",), ("`n x 6/2`", "mistake", "`n x 3`")),
        (Kind.FORMULA, ("3*(n+1",), (), ("`3*(n+1`", "unclosed-bracket")),
        (Kind.FORMULA, ("3*k",), (), ("`3*k`", "unknown-symbol")),
        (Kind.FORMULA, ("n",), ("n2",), ("`n2`", "ambiguous-power")),
        (Kind.FORMULA, ("n/(n-n)",), (), ("`n/(n-n)`", "zero")),
        (Kind.SIZE, ("n",), (), ("`n`", "size-wanted")),
        (Kind.FORMULA, ("n", "1/(2-2)"), (), ("`1/(2-2)`", "zero")),
    ],
)
def test_a_flaw_names_the_line_and_what_is_wrong_with_it(
    ask: Ask,
    kind: Kind,
    accepted: tuple[str, ...],
    mistaken: tuple[str, ...],
    words: tuple[str, ...],
):
    flaws = checked(ask(kind, *accepted, mistaken=mistaken, symbols="n"))
    assert len(flaws) == 1
    for word in words:
        assert word in flaws[0]


def test_a_mistake_may_equal_the_key_in_one_variant_only(ask: Ask):
    def variant(h: int, e: int) -> Asked:
        return ask(Kind.SIZE, "h x e", mistaken=("e x h",), h=h, e=e)

    assert checked(variant(100, 50)) == ()
    assert len(checked(variant(50, 50))) == 1


def test_a_question_without_an_answer_has_a_flaw():
    assert checked(Asked(typed=Typed(kind=Kind.FORMULA, accepted=())))


def test_names_may_be_declared_in_any_spelling(ask: Ask):
    asked = ask(Kind.FORMULA, "sigma(W_xh*x + b)", symbols=r"W_{xh} x b", functions=r"\sigma")
    assert checked(asked) == ()
    assert isinstance(judge(asked, r"\sigma(W_{xh}x+b)"), Right)
    assert isinstance(judge(asked, "σ(b + x W_xh)"), Right)


def test_the_words_around_a_key_do_not_matter():
    line = Expression(text="n", tag="x", note="y")
    asked = Asked(typed=Typed(kind=Kind.FORMULA, accepted=(line,), symbols=("n",)))
    assert isinstance(judge(asked, "2n/2"), Right)
