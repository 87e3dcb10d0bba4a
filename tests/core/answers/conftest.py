from collections.abc import Callable
from fractions import Fraction

import pytest

from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.course import Expression, Kind, Typed

Ask = Callable[..., Asked]


def _ask(
    kind: Kind,
    *accepted: str,
    mistaken: tuple[str, ...] = (),
    symbols: str = "",
    functions: str = "",
    positive: str = "",
    integer: str = "",
    tolerance: Fraction | None = None,
    **values: int,
) -> Asked:
    return Asked(
        typed=Typed(
            kind=kind,
            accepted=tuple(Expression(text=each) for each in accepted),
            mistaken=tuple(Expression(text=each) for each in mistaken),
            symbols=tuple(symbols.split()),
            functions=tuple(functions.split()),
            positive=tuple(positive.split()),
            integer=tuple(integer.split()),
            tolerance=tolerance,
        ),
        values=tuple((name, Fraction(value)) for name, value in values.items()),
    )


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Make a typed question: `ask(Kind.SIZE, "h x e", h=100, e=50)`."""
    return _ask


@pytest.fixture(scope="session")
def gru(ask: Ask) -> Asked:
    """How many parameters has a GRU with n state and m input numbers?"""
    return ask(
        Kind.FORMULA,
        "3*(n^2+n*m+n)",
        mistaken=("4*(n^2+n*m+n)", "3*(n^2+n*m)", "n^2+n*m+2*n", "n+3*(n^2+n*m+n)"),
        symbols="n m",
    )


@pytest.fixture(scope="session")
def derivative(ask: Ask) -> Asked:
    return ask(
        Kind.FORMULA,
        "-V*O'(V*s_4+c)/O(V*s_4+c)",
        mistaken=("-V*O(V*s_4+c)/O'(V*s_4+c)",),
        symbols="V s_4 c s_t t",
        functions="O",
    )


@pytest.fixture(scope="session")
def total(ask: Ask) -> Asked:
    return ask(
        Kind.FORMULA,
        r"\sum_{t=1}^{T} -s_t O'(V s_t+c)/O(V s_t+c)",
        mistaken=(r"\sum_{t=1}^{T} -s_t O(V s_t+c)/O'(V s_t+c)",),
        symbols="V s_t c t T",
        functions="O",
    )


@pytest.fixture(scope="session")
def weights(ask: Ask) -> Asked:
    """What is the size of the weights from 50 inputs to 100 states?"""
    return ask(Kind.SIZE, "h x e", mistaken=("e x h",), h=100, e=50)


@pytest.fixture(scope="session")
def count(ask: Ask) -> Asked:
    return ask(Kind.NUMBER, "4*(h*h + h*e)", mistaken=("h*h + h*e",), h=100, e=50)
