"""Who wrote no solution, but let the answer be derived, has the way to it shown."""

from fractions import Fraction
from gettext import NullTranslations

import pytest

from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.course import Expression, Kind, Typed
from tutorbot.core.prose import Display, Paragraph, Text
from tutorbot.views.worked import worked_prose

WORDS = NullTranslations()


def told(*derived: tuple[str, str], **values: int) -> list[str]:
    typed = Typed(
        kind=Kind.FORMULA,
        accepted=(Expression(text=derived[-1][0]),),
        symbols=("x", "y"),
        derived=derived,
    )
    asked = Asked(typed=typed, values=tuple((name, Fraction(it)) for name, it in values.items()))
    said: list[str] = []
    for block in worked_prose(WORDS, asked):
        match block:
            case Display(latex):
                said.append(latex)
            case Paragraph((Text(text),)):
                said.append(text)
            case _:
                said.append("?")
    return said


@pytest.mark.parametrize(
    ("line", "first", "rules", "last"),
    [
        (
            "expand((x+1)^2)",
            r"\left(x + 1\right)^{2}",
            ["Write the power as a product:", "Multiply out:"],
            r"= x^{2} + 2 \cdot x + 1",
        ),
        (
            "factor(2*x^2+4*x)",
            r"2 \cdot x^{2} + 4 \cdot x",
            ["Take out what all terms share:"],
            None,
        ),
        ("diff(x^2*sin(x), x)", None, ["Differentiate, one rule at a time:"], None),
    ],
)
def test_the_way_is_told_step_by_step(
    line: str, first: str | None, rules: list[str], last: str | None
):
    said = told(("f", line))
    assert first is None or said[0] == first
    assert [each for each in said if each.endswith(":")][: len(rules)] == rules
    assert all(each.startswith("= ") for each in said[2::2])
    assert last is None or said[-1] == last


def test_the_numbers_of_the_variant_are_put_in():
    said = told(("f", "4*(h*h + h*e)"), h=100, e=50)
    assert said[1] == "Put the numbers in:"
    assert said[-1] == "= 60000"


def test_a_line_may_go_on_from_the_one_before_it():
    said = told(("f", "expand((x+1)^2)"), ("g", "diff(f, x)"))
    assert said[-1] == r"= 2 \cdot x + 2"


@pytest.mark.parametrize("line", ["integrate(sin(x^2), x, 0, 1)", "simplify(x+x)", "x + 1"])
def test_nothing_is_told_where_there_is_no_way_to_show(line: str):
    assert told(("f", line)) == []


def test_nothing_is_told_where_nothing_is_derived():
    typed = Typed(kind=Kind.NUMBER, accepted=(Expression(text="7"),))
    assert worked_prose(WORDS, Asked(typed=typed)) == ()
