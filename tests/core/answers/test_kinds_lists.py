"""Tuples, vectors and matrices: entry by entry."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    ("kind", "key", "typed"),
    [
        (Kind.TUPLE, "(2, 3, 5)", "(2,3,5)"),
        (Kind.TUPLE, "(2, 3, 5)", "2, 3, 5"),
        (Kind.TUPLE, "(2, 3, 5)", "[2; 3; 5]"),
        (Kind.TUPLE, "(2, 3, 5)", "(4/2, √9, 5)"),
        (Kind.TUPLE, "(0.5, 2)", "(0,5; 2)"),
        (Kind.TUPLE, "(a, (b, 2))", "(a, (b, 2))"),
        (Kind.VECTOR, "(2, 3, 5)", "(2, 3, 5)"),
        (Kind.VECTOR, "(2, 3, 5)", "<2, 3, 5>"),
        (Kind.VECTOR, "(2, 3, 5)", "⟨2, 3, 5⟩"),
        (Kind.VECTOR, "(2, 3, 5)", "(2 3 5)"),
        (Kind.VECTOR, "(2, 3, 5)", "2 3 5"),
        (Kind.VECTOR, "(2, 3, 5)", "[2, 3, 5]^T"),
        (Kind.VECTOR, "(2, 3, 5)", "(2,3,5)ᵀ"),
        (Kind.VECTOR, "(2, 3, 5)", "[[2],[3],[5]]"),
        (Kind.VECTOR, "(2, 3, 5)", "v = (2, 3, 5)"),
        (Kind.VECTOR, "(2, 3, 5)", r"\begin{pmatrix} 2 \\ 3 \\ 5 \end{pmatrix}"),
        (Kind.VECTOR, "(2, 3, 5)", r"\begin{bmatrix} 2 & 3 & 5 \end{bmatrix}^T"),
        (Kind.VECTOR, "(a + b, -1)", "(a + b -1)"),
        (Kind.VECTOR, "(a + b, -1)", "(b + a, -1)"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", "[[1,2],[0,-4]]"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", "((1, 2), (0, -4))"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", "{{1,2},{0,-4}}"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", "1 2; 0 -4"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", "[1 2; 0 −4]"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", "1, 2; 0, -4"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", "1 2\n0 -4"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", r"\begin{pmatrix} 1 & 2 \\ 0 & -4 \end{pmatrix}"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", r"\begin{bmatrix}1&2\\0&-4\\\end{bmatrix}"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", r"\left(\begin{matrix}1&2\\0&-4\end{matrix}\right)"),
        (Kind.MATRIX, "[[1, 2], [0, -4]]", r"A = [[1, 2], [0, -8/2]]"),
        (Kind.MATRIX, "[[cos(a), a*b]]", "cos a  a b".replace("a b", "ab")),
    ],
)
def test_entries_may_be_set_out_in_any_usual_way(ask: Ask, kind: Kind, key: str, typed: str):
    asked = ask(kind, key, symbols="a b")
    assert checked(asked) == ()
    assert isinstance(judge(asked, typed), Right)


@pytest.mark.parametrize(
    ("kind", "key", "typed", "slip", "details"),
    [
        (Kind.TUPLE, "(2, 3, 5)", "(5, 3, 2)", "reversed", {}),
        (Kind.TUPLE, "(2, 3, 5)", "(2, 3)", "entry-count", {"got": "2", "wanted": "3"}),
        (Kind.TUPLE, "(2, 3, 5)", "(2, -3, 5)", "entry", {"place": "2", "inner": "sign"}),
        (Kind.VECTOR, "(2, 3, 5)", "<2, 30, 51>", "entries", {"places": "2, 3"}),
        (Kind.MATRIX, "[[1, 2], [0, 4]]", "1 0; 2 4", "transposed", {}),
        (Kind.MATRIX, "[[1, 2], [0, 4]]", "1 2 0; 4 0 0", "matrix-size", None),
        (Kind.MATRIX, "[[1, 2], [0, 4]]", "1 2; 0 -4", "entry", {"place": "(2, 2)"}),
        (Kind.MATRIX, "[[1, 2], [0, 4]]", "9 2; 0 11", "entries", {"places": "(1, 1), (2, 2)"}),
    ],
)
def test_the_entries_that_differ_are_named(
    ask: Ask, kind: Kind, key: str, typed: str, slip: str, details: dict[str, str] | None
):
    verdict = judge(ask(kind, key), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.proof.method == "entries"
    assert verdict.slip is not None
    assert verdict.slip.code == slip
    assert (details or {}).items() <= verdict.slip.details.items()


def test_how_many_entries_are_right_is_told(ask: Ask):
    verdict = judge(ask(Kind.VECTOR, "(2, 3, 5)"), "(2, 3, 7)")
    assert isinstance(verdict, Wrong)
    assert verdict.agrees is not None
    assert (verdict.agrees.code, verdict.agrees.details) == (
        "entries-right",
        {"count": "2", "of": "3"},
    )


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (Kind.TUPLE, "{1, 2}", "tuple-wanted"),
        (Kind.TUPLE, "1", "tuple-wanted"),
        (Kind.VECTOR, "1", "vector-wanted"),
        (Kind.VECTOR, "1 2; 3 4", "vector-wanted"),
        (Kind.VECTOR, "(1, 2", "unclosed-bracket"),
        (Kind.MATRIX, "1", "matrix-wanted"),
        (Kind.MATRIX, "[[1, 2], [3]]", "ragged"),
        (Kind.MATRIX, "1 2; 3", "ragged"),
        (Kind.MATRIX, r"\begin{pmatrix} 1 & 2 \\ 3", "unclosed-bracket"),
        (Kind.MATRIX, "[[1, 2], [3, q]]", "unknown-symbol"),
        (Kind.MATRIX, "[[1, 2], [3, 1/0]]", "division-by-zero"),
        (Kind.MATRIX, "; ".join(["1 " * 30] * 2), "too-many-parts"),
    ],
)
def test_what_has_no_such_shape_costs_no_try(ask: Ask, kind: Kind, typed: str, code: str):
    key = "[[1, 2], [3, 4]]" if kind is Kind.MATRIX else "(1, 2)"
    verdict = judge(ask(kind, key), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == code
