from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from tutorbot.courses.variants import UnreadableError, read_condition, variants


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("e != h", True),
        ("e = h", False),
        ("e == 2 and h == 6", True),
        ("e > h or e < h", True),
        ("not e > h", True),
        ("1 < e < h <= 6", True),
        ("1 < e < 2 <= h", False),
        ("e*3 = h", True),
        ("h % e = 0", True),
        ("h - e - 1 = 3", True),
        ("h / e / 3 = 1", True),
        ("-e^2 = 0 - 4", True),
        ("(e + 1)*2 = h", True),
        ("(e < h) and (h < 10 or e = 0)", True),
        ("((e + 1))*2 = h", True),
        ("e ≠ h and e ≤ 2 and h ≥ 6", True),
        ("0.1 + 0.2 = 0.3", True),
    ],
)
def test_a_condition_is_read_as_an_author_means_it(condition: str, holds: bool):
    values = {"e": Fraction(2), "h": Fraction(6)}
    assert read_condition(condition, ("e", "h"))(values) is holds


@pytest.mark.parametrize(
    "condition",
    ["", "e", "e <", "< e", "e ! h", "e = x", "(e = h", "e = h)", "e = h e", "e^h = 1", "e^99 = 1",
     "e = 'a'", "e.real = 1", "e = h; e", "not", "and", "(" * 99 + "e = h" + ")" * 99, "e" * 999],
)  # fmt: skip
def test_anything_else_is_refused(condition: str):
    with pytest.raises(UnreadableError):
        read_condition(condition, ("e", "h"))


def test_variants_are_the_product_in_the_authors_order():
    one, two = Fraction(1), Fraction(2)
    columns = (((("e", one),), (("e", two),)), ((("h", two),), (("h", one),)))
    found = variants(columns, (read_condition("e != h", ("e", "h")),))
    assert found == ((("e", 1), ("h", 2)), (("e", 2), ("h", 1)))
    again = variants(columns[1:], (), shared=columns[0])
    assert again == variants(columns, ())


@given(st.text(alphabet="eh1()<>=!+-*/%^ andort.", max_size=80))
def test_any_text_is_a_condition_or_refused(text: str):
    values = {"e": Fraction(2), "h": Fraction(6)}
    try:
        assert read_condition(text, ("e", "h"))(values) in {True, False}
    except UnreadableError as refused:
        assert str(refused)  # noqa: PT017 - either is fine, but nothing else may come out
