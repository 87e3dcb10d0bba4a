"""Numbers with units, and numbers with as many figures as are asked for."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, RightButForm, Unreadable, Wrong
from tutorbot.core.course import Expression, Form, Kind, Typed

Ask = Callable[..., Asked]


def measured(
    key: str, *, unit: str | None = None, significant: int | None = None, kind: Kind = Kind.QUANTITY
) -> Asked:
    accepted = (Expression(text=key),)
    return Asked(typed=Typed(kind=kind, accepted=accepted, unit=unit, significant=significant))


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("7.5 m/s", "7.5 m/s"),
        ("7.5 m/s", "7,5m/s"),
        ("7.5 m/s", "27 km/h"),
        ("7.5 m/s", "7.5 m·s⁻¹"),
        ("7.5 m/s", "7.5 m s^-1"),
        ("7.5 m/s", "7.5 m*s**-1"),
        ("7.5 m/s", r"7.5\,\mathrm{m/s}"),
        ("7.5 m/s", r"$7.5 \frac{m}{s}$"),
        ("7.5 m/s", r"7.5 \text{ m}/\text{s}"),
        ("7.5 m/s", "15/2 m/s"),
        ("7.5 m/s", "7.5·10^0 m/s"),
        ("7.5 m/s", "0.75e1 m/s"),
        ("7.5 m/s", "750 cm/s"),
        ("7.5 m/s", "7.5 meters per second"),
        ("4 N", "4 kg·m/s²"),
        ("4 N", "4 kg m s-2"),
        ("4 N m", "4 Nm"),
        ("4 N m", "4 J"),
        ("2 kWh", "7.2 MJ"),
        ("3 µF", "3 uF"),
        ("3 µF", "3 μF"),
        ("3 µF", r"3 \mu F"),
        ("3 µF", "0.003 mF"),
        ("2 kΩ", "2000 Ohm"),
        ("2 kΩ", r"2 k\Omega"),
        ("5 W/(m K)", "5 W/m K"),
        ("5 W/(m K)", "5 W·m⁻¹·K⁻¹"),
        ("12 cm^2", "1200 mm²"),
        ("12 cm^2", "12 cm2"),
        ("1 L", "1 dm³"),
        ("25 °C", "25°C"),
        ("25 °C", "25 ° C"),
        ("25 °C", "298.15 K"),
        ("25 °C", "77 °F"),
        ("90°", "π/2 rad"),
        ("90°", "90 deg"),
        ("40 %", "0.4"),
        ("3 min", "180 s"),
        ("2 h", "120 minutes"),
        ("-3 V", "−3 V"),
        ("8 bit", "1 B"),
    ],
)
def test_a_quantity_is_right_in_any_unit_of_its_dimension(key: str, typed: str):
    asked = measured(key)
    assert checked(asked) == ()
    assert isinstance(judge(asked, typed), Right)


@pytest.mark.parametrize(
    ("key", "typed", "slip"),
    [
        ("7.5 m/s", "7.5", "unit-missing"),
        ("7.5 m/s", "7.5 m", "dimension"),
        ("7.5 m/s", "7.5 m/s²", "dimension"),
        ("7.5 m/s", "7.5 km/s", "unit-scale"),
        ("7.5 m/s", "7.5 km/h", "unit-scale"),
        ("7.5 m/s", "-7.5 m/s", "sign"),
        ("7.5 m/s", "8 m/s", None),
        ("4 N m", "4 mN", "dimension"),
        ("25 °C", "25 K", None),
        ("2 kΩ", "2 Ω", "unit-scale"),
        ("3 min", "3 s", "unit-scale"),
    ],
)
def test_what_is_off_in_a_quantity_is_named(key: str, typed: str, slip: str | None):
    verdict = judge(measured(key), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.proof.got != verdict.proof.expected
    assert (verdict.slip.code if verdict.slip else None) == slip


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7.5 foo", "unknown-unit"),
        ("7.5 m/foo", "unknown-unit"),
        ("7.5 m/", "unknown-unit"),
        ("m/s", "unknown-symbol"),
        ("(7.5 m/s", "unclosed-bracket"),
        ("7.5.3 m/s", "two-numbers"),
        ("1/0 m/s", "division-by-zero"),
        ("", "empty"),
    ],
)
def test_what_is_no_quantity_costs_no_try(typed: str, code: str):
    verdict = judge(measured("7.5 m/s"), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == code


def test_the_unit_of_the_key_may_stand_beside_it():
    asked = measured("9.81", unit="m/s^2")
    assert isinstance(judge(asked, "9.81 m/s²"), Right)
    assert isinstance(judge(asked, "981 cm/s²"), Right)
    assert isinstance(judge(asked, "9.82 m/s²"), Wrong)
    assert checked(measured("9.81"))
    assert checked(measured("9.81", unit="m/foo"))


@pytest.mark.parametrize(
    ("typed", "kind", "got"),
    [
        ("0.333", Right, None),
        ("0,333", Right, None),
        ("3.33·10^-1", Right, None),
        ("3.33e-1", Right, None),
        ("33.3%", Right, None),
        ("0.33", RightButForm, "2"),
        ("0.3333", RightButForm, "4"),
        ("1/3", RightButForm, "exact"),
        ("0.3", Wrong, None),
        ("0.334", Wrong, None),
        ("0.3331", Wrong, None),
        ("0.332", Wrong, None),
        ("0.34", Wrong, None),
        ("-0.333", Wrong, None),
    ],
)
def test_figures_are_counted_once_the_value_is_right(typed: str, kind: type, got: str | None):
    verdict = judge(measured("1/3", significant=3, kind=Kind.NUMBER), typed)
    assert isinstance(verdict, kind)
    if isinstance(verdict, RightButForm):
        assert verdict.form is Form.FIGURES
        assert verdict.missing.details == {"wanted": "3", "got": got}


@pytest.mark.parametrize(
    ("typed", "kind"), [("1200", Right), ("1.2e3", RightButForm), ("1200.", Right), ("1203", Wrong)]
)
def test_zeros_at_the_end_may_count(typed: str, kind: type):
    assert isinstance(judge(measured("1200", significant=3, kind=Kind.NUMBER), typed), kind)


def test_figures_of_a_quantity_count_in_the_unit_that_was_typed():
    asked = measured("6.62607e-34 J s", significant=3)
    assert isinstance(judge(asked, "6.63·10^-34 J s"), Right)
    assert isinstance(judge(asked, "6.63e-31 mJ s"), Right)
    assert isinstance(judge(asked, "6.626e-34 Js"), RightButForm)
    assert isinstance(judge(asked, "6.64e-34 Js"), Wrong)


def test_a_mixed_number_is_asked_about(ask: Ask):
    asked = ask(Kind.NUMBER, "5/2")
    verdict = judge(asked, "2 1/2")
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == "mixed-number"
    first, second = verdict.problem.readings
    assert isinstance(judge(asked, first.text), Right)
    assert isinstance(judge(asked, second.text), Wrong)


@pytest.mark.parametrize(
    ("key", "typed", "right"),
    [
        ("2 + 3i", "3i + 2", True),
        ("2 + 3i", "(2+3i)(1-i)/(1-i)", True),
        ("2 + 3i", "√(-9) + 2", True),
        ("2 + 3i", "2 - 3i", False),
        ("2 + 3i", "2 + 3", False),
        ("i^2", "-1", True),
    ],
)
def test_numbers_may_be_complex(ask: Ask, key: str, typed: str, right: bool):
    assert isinstance(judge(ask(Kind.NUMBER, key), typed), Right if right else Wrong)


def test_a_bare_logarithm_has_the_base_of_the_question():
    line = (Expression(text="log(x)"),)
    decimal = Asked(typed=Typed(kind=Kind.FORMULA, accepted=line, symbols=("x",), log_base=10))
    for typed in ("log x", "lg(x)", "ln(x)/ln(10)", "log_10(x)", "log(x, 10)"):
        assert isinstance(judge(decimal, typed), Right), typed
    assert isinstance(judge(decimal, "ln(x)"), Wrong)
    natural = Asked(typed=Typed(kind=Kind.FORMULA, accepted=line, symbols=("x",)))
    assert isinstance(judge(natural, "ln x"), Right)
    assert isinstance(judge(natural, "lg x"), Wrong)
