"""What students really do: typical wrong answers of a course, and the slip a teacher would see."""

import re

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Wrong
from tutorbot.core.course import Expression, Kind, Typed

WORDS = re.compile(r"sin|cos|tanh?|ln|log|sqrt|atan|binomial|pi")


def wrong(key: str, typed: str) -> Wrong:
    letters = WORDS.sub(" ", key + typed)
    names = tuple(sorted(set(re.findall("[a-df-z]", letters))))
    kind = Kind.FORMULA if names else Kind.NUMBER
    accepted = (Expression(text=key),)
    verdict = judge(Asked(typed=Typed(kind=kind, accepted=accepted, symbols=names)), typed)
    assert isinstance(verdict, Wrong)
    return verdict


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        # Brackets multiplied out.
        ("2(x-3)", "2x-3", "distributed"),
        ("-3(x-4)", "-3x-12", "minus-bracket"),
        ("5-(x+2)", "5-x+2", "minus-bracket"),
        ("4x-2(x-5)", "2x-10", "minus-bracket"),
        ("(x+3)(x+4)", "x^2+12", "cross-terms"),
        ("(x+3)(x-4)", "x^2+x-12", "term-sign"),
        ("(2x+1)(x-5)", "2x^2-9x+5", "term-sign"),
        ("(x+5)^2", "x^2+25", "power-spread"),
        ("(x-5)^2", "x^2-25", "power-spread"),
        ("(2x+3)^2", "2x^2+12x+9", "coefficient"),
        ("(2x+3)^2", "4x^2+6x+9", "middle-term"),
        ("(2x-3)^2", "4x^2+9", "power-spread"),
        ("(x+2)^3", "x^3+8", "power-spread"),
        ("x(x+3)-2(x+3)", "x^2+5x-6", "term-sign"),
        ("(a+b)(c-d)", "ac-bd", "cross-terms"),
        ("(a+b)(a+2b)", "a^2+3ab+3b^2", "coefficient"),
        ("(a-b-c)", "a-b+c", "term-sign"),
        ("a-(b-c)", "a-b-c", "minus-bracket"),
        ("2(a+b)^2", "(2a+2b)^2", "power-too-wide"),
        ("2(a+b)^2", "2a^2+2b^2", "power-spread"),
        ("3x(2x-1)", "5x^2-3x", "coefficient"),
        # Like terms.
        ("3x+4x-2", "7x^2-2", "instead"),
        ("5x-x", "5", "unlike-terms"),
        ("2x^2+3x^2", "5x^4", "exponent"),
        ("4a+3b", "7ab", "unlike-terms"),
        ("6x-(2x-3)", "4x-3", "minus-bracket"),
        # Factors.
        ("(x-2)(x-3)", "(x+2)(x+3)", "term-sign"),
        ("(x-2)(x+6)", "(x+2)(x-6)", "swapped"),
        ("(x+3)(x-3)", "(x-3)^2", "number-sign"),
        ("3(x-2)(x+2)", "(x-2)(x+2)", "missing-factor"),
        ("2x(x-4)", "2(x-4)", "missing-factor"),
        ("2x(x-4)", "2x(x-8)", "number"),
        ("(2x-1)(x+3)", "(2x+1)(x-3)", "term-sign"),
        ("(x-3)^2", "(x-9)^2", "number"),
        # Fractions.
        ("a/b+c/d", "(a+c)/(b+d)", "fractions-added"),
        ("1/2+1/3", "2/5", "fractions-added"),
        ("3/4+1/6", "4/10", "fractions-added"),
        ("2/3*4/5", "10/12", "fraction-turned"),
        ("(2/3)/(4/5)", "8/15", "fraction-turned"),
        ("1/x+1/y", "1/(x+y)", "fractions-added"),
        ("(x+3)/3", "x", "cancelled"),
        ("(x+3)/3", "x+1", "only-divided"),
        ("(x^2+x)/x", "x^2+1", "only-divided"),
        ("x/(x+1)-1/(x-1)", "(x^2-1)/(x^2-1)", "missing-term"),
        ("(a+b)/(c+d)", "a/c+b/d", "fraction-split"),
        ("a/(b/c)", "ab/c", "fraction-turned"),
        ("5-3/4", "2/4", "numerators-added"),
        ("(2x+4)/2", "x+4", "only-divided"),
        ("1/(1/a+1/b)", "a+b", "fractions-added"),
        ("1/(1/a+1/b)", "1/a+1/b", "upside-down"),
        # Powers and roots.
        ("x^3*x^4", "x^12", "exponents-multiplied"),
        ("(x^3)^4", "x^7", "exponents-added"),
        ("(2x^3)^2", "2x^6", "power-of-product"),
        ("(2x^3)^2", "4x^5", "exponent"),
        ("x^6/x^2", "x^3", "exponent"),
        ("x^(-2)", "-x^2", "negative-exponent"),
        ("x^(2/3)", "x^(3/2)", "exponent-turned"),
        ("2^n+2^n", "2^(2n)", "power-too-wide"),
        ("sqrt(x^2+9)", "x+3", "function-spread"),
        ("sqrt(9x)", "9sqrt(x)", "factor-outside"),
        ("sqrt(18)+sqrt(8)", "sqrt(26)", "function-joined"),
        ("sqrt(a b)", "sqrt(a)+sqrt(b)", "function-of-product"),
        ("(-2)^4", "-16", "sign"),
        ("-3^2+5", "14", "minus-squared"),
        ("8^(2/3)", "16/3", "power-as-product"),
        ("x^(n-1)", "x^n-1", "exponent-bracket"),
        # The quadratic formula.
        ("(-b+sqrt(b^2-4a c))/(2a)", "-b+sqrt(b^2-4a c)/(2a)", "only-divided"),
        ("(-b+sqrt(b^2-4a c))/(2a)", "(b+sqrt(b^2-4a c))/(2a)", "term-sign"),
        ("(-b+sqrt(b^2-4a c))/(2a)", "(-b+sqrt(b^2+4a c))/(2a)", "term-sign"),
        ("(-b+sqrt(b^2-4a c))/(2a)", "(-b+sqrt(b^2-4a c))/2", "missing-factor"),
        ("(-b+sqrt(b^2-4a c))/(2a)", "(-b+sqrt(b^2-4a c))/a", "missing-factor"),
        ("(-b+sqrt(b^2-4a c))/(2a)", "(-b+(b^2-4a c))/(2a)", "root-dropped"),
        ("(-b+sqrt(b^2-4a c))/(2a)", "(-b+sqrt(b^2-4a))/(2a)", "missing-factor"),
        ("(-b+sqrt(b^2-4a c))/(2a)", "(-b+sqrt(b-4a c))/(2a)", "exponent-missing"),
        ("-p/2+sqrt(p^2/4-q)", "-p/2+sqrt(p^2/2-q)", "number"),
        ("-p/2+sqrt(p^2/4-q)", "p/2+sqrt(p^2/4-q)", "term-sign"),
        ("-p/2+sqrt((p/2)^2-q)", "-p/2+sqrt((p/2)^2+q)", "term-sign"),
        # Logarithms and exponentials.
        ("ln(a)+ln(b)", "ln(a+b)", "function-joined"),
        ("ln(a)-ln(b)", "ln(a-b)", "function-joined"),
        ("ln(a)-ln(b)", "ln(a)/ln(b)", "log-quotient"),
        ("ln(a/b)", "ln(a)/ln(b)", "function-of-product"),
        ("ln(a b)", "ln(a)*ln(b)", "function-of-product"),
        ("ln(a^3)", "ln(a)^3", "power-outside"),
        ("3ln(a)", "ln(3a)", "factor-inside"),
        ("log(x,2)", "log(x,10)", "log-base"),
        ("ln(x)/ln(2)", "ln(2)/ln(x)", "upside-down"),
        ("ln(x)/ln(2)", "ln(x/2)", "function-joined"),
        ("ln(5)/3", "ln(5/3)", "factor-inside"),
        ("(ln(7)-1)/2", "ln(7)-1/2", "only-divided"),
        ("e^(2x)", "2e^x", "factor-outside"),
        ("e^(x+1)", "e^x+e", "exponent-spread"),
        ("x+ln(2)", "x ln(2)", "product-for-sum"),
        # Angles.
        ("sin(x)^2", "sin(x^2)", "power-inside"),
        ("sin(2x)", "2sin(x)", "factor-outside"),
        ("2sin(x)cos(x)", "sin(x)cos(x)", "missing-factor"),
        ("sin(a)cos(b)+cos(a)sin(b)", "sin(a)cos(b)-cos(a)sin(b)", "term-sign"),
        ("cos(a)cos(b)-sin(a)sin(b)", "cos(a)cos(b)+sin(a)sin(b)", "term-sign"),
        ("tan(x)", "cos(x)/sin(x)", "upside-down"),
        ("sin(pi/6)", "sin(30)", "degrees"),
        ("2pi/3", "120", "angle"),
        ("atan(y/x)", "atan(x/y)", "fraction-turned"),
        ("r sin(t)", "r cos(t)", "function-swapped"),
        ("sin(2x)/2", "sin(x)", "factor-outside"),
        # Through an identity.
        ("cos(x)^2", "1+sin(x)^2", "minus-squared"),
        ("1/cos(x)^2", "1-tan(x)^2", "term-sign"),
        ("cos(2x)", "1-sin(x)^2", "missing-factor"),
        ("sin(2x)+x", "sin(x)cos(x)+x", "missing-factor"),
        ("ln(a^3*b)", "3ln(a)-ln(b)", "divided"),
        ("ln(a/b)+c", "ln(a)+ln(b)+c", "term-sign"),
        ("sqrt(50)", "25sqrt(2)", "coefficient"),
        # Derivatives.
        ("3x^2", "3x", "exponent-missing"),
        ("3x^2", "x^2", "missing-factor"),
        ("3x^2", "x^4/4", "integrated"),
        ("3x^2+2", "3x^2+2x", "term-factor"),
        ("3x^2", "3x^2+5", "extra-term"),
        ("3x^2", "3x^3", "exponent"),
        ("-2/x^3", "-2/x", "exponent-missing"),
        ("-1/x^2", "ln(x)", "integrated"),
        ("-1/x^2", "1/x^2", "sign"),
        ("1/(2sqrt(x))", "2sqrt(x)", "upside-down"),
        ("1/(2sqrt(x))", "1/sqrt(x)", "missing-factor"),
        ("2cos(2x)", "cos(2x)", "chain"),
        ("2cos(2x)", "2cos(x)", "missing-factor"),
        ("2cos(2x)", "-2cos(2x)", "sign"),
        ("2x*cos(x^2)", "cos(2x)", "inside-differentiated"),
        ("2x*cos(x^2)", "2x*sin(x^2)", "function-swapped"),
        ("sin(x)+x*cos(x)", "cos(x)", "product-rule"),
        ("sin(x)+x*cos(x)", "sin(x)-x*cos(x)", "term-sign"),
        ("sin(x)+x*cos(x)", "x*cos(x)", "missing-term"),
        ("2x*sin(x)+x^2*cos(x)", "2x*cos(x)", "product-rule"),
        ("(cos(x)*x-sin(x))/x^2", "(sin(x)-x*cos(x))/x^2", "sign"),
        ("(cos(x)*x-sin(x))/x^2", "(x*cos(x)+sin(x))/x^2", "term-sign"),
        ("(cos(x)*x-sin(x))/x^2", "(x*cos(x)-sin(x))/x", "exponent-missing"),
        ("(cos(x)*x-sin(x))/x^2", "cos(x)/1", "quotient-rule"),
        ("(cos(x)*x-sin(x))/x^2", "x*cos(x)-sin(x)", "denominator-missing"),
        ("1/(x+1)^2", "-1/(x+1)^2", "sign"),
        ("2*e^(2x)", "2x*e^(2x-1)", "power-rule"),
        ("2*e^(2x)", "e^(2x)", "chain"),
        ("2^x*ln(2)", "x*2^(x-1)", "power-rule"),
        ("2x/(x^2+1)", "1/(x^2+1)", "numerator-missing"),
        ("2x/(x^2+1)", "1/(2x)", "inside-differentiated"),
        ("-x/sqrt(1-x^2)", "x/sqrt(1-x^2)", "sign"),
        ("6x-4", "6x-4x", "term-factor"),
        ("ln(x)+1", "ln(x)+x", "term-factor"),
        ("s(1-s)", "s(1+s)", "minus-squared"),
        ("e^(-x)/(1+e^(-x))^2", "-e^(-x)/(1+e^(-x))^2", "sign"),
        ("e^(-x)/(1+e^(-x))^2", "1/(1+e^(-x))^2", "numerator-missing"),
        ("1-tanh(x)^2", "1+tanh(x)^2", "minus-squared"),
        ("2(x-y)", "2(y-x)", "sign"),
        ("2(x-y)", "(x-y)", "missing-factor"),
        # Integrals.
        ("x^3/3", "x^3", "denominator-missing"),
        ("x^3/3", "2x", "differentiated"),
        ("-cos(x)", "cos(x)", "sign"),
        ("-cos(2x)/2", "-cos(2x)", "denominator-missing"),
        ("-cos(2x)/2", "cos(2x)/2", "sign"),
        ("e^(3x)/3", "3e^(3x)", "differentiated"),
        ("e^(3x)/3", "e^(3x)", "denominator-missing"),
        ("ln(x)", "-1/x^2", "differentiated"),
        ("x*sin(x)+cos(x)", "x*sin(x)-cos(x)", "term-sign"),
        ("x^4/4-x^2", "x^4/4-2x^2", "coefficient"),
        ("2*x^(3/2)/3", "3*x^(3/2)/2", "fraction-turned"),
        ("(b^3-a^3)/3", "(a^3-b^3)/3", "sign"),
        ("(b^3-a^3)/3", "b^3/3", "missing-term"),
        ("(b^3-a^3)/3", "(b-a)^3/3", "power-joined"),
        # Counting.
        ("n*h+h", "n*h", "missing-term"),
        ("h*n+h*h+h", "h*n+h*h+2h", "coefficient"),
        ("4*(h*n+h*h+h)", "h*n+h*h+h", "missing-factor"),
        ("4*(h*n+h*h+h)", "4*(h*n+h*h)+h", "distributed"),
        ("4*(h*n+h*h+h)", "4*(h*n+h*h)", "missing-term"),
        ("4*(h*n+h*h+h)", "4*h*n+h*h+h", "distributed"),
        ("(n+1)*h+(h+1)*m", "n*h+h*m", "two-slips"),
        ("(n+1)*h+(h+1)*m", "(n+1)*h+h*m", "number-missing"),
        ("(n+1)*h+(h+1)*m", "(n+1)*h*(h+1)*m", "product-for-sum"),
        ("k^2*c*d+d", "k*c*d+d", "exponent-missing"),
        ("k^2*c*d+d", "k^2*d+d", "missing-factor"),
        ("(n+2p-k)/s+1", "(n+p-k)/s+1", "missing-factor"),
        ("(n+2p-k)/s+1", "(n+2p-k+1)/s", "numerators-added"),
        ("(n+2p-k)/s+1", "(n-2p-k)/s+1", "term-sign"),
        ("n(n-1)/2", "n(n+1)/2", "number-sign"),
        ("n(n-1)/2", "n(n-1)", "denominator-missing"),
        ("n(n-1)/2", "n^2/2", "missing-term"),
        ("n(n+1)/2", "n^2+1/2", "brackets-lost"),
        ("2^n-1", "2^(n-1)", "exponent-joined"),
        ("2^n", "2n", "power-as-product"),
        ("2^n", "n^2", "base-exponent"),
        ("n+1", "n", "number-missing"),
        ("b-a+1", "b-a", "missing-term"),
        ("(1-r^(n+1))/(1-r)", "(1-r^n)/(1-r)", "exponent"),
        ("(1-r^(n+1))/(1-r)", "1-r^(n+1)/(1-r)", "only-divided"),
        # Formulas of physics and statistics.
        ("v/t", "t/v", "upside-down"),
        ("sqrt(2*h/g)", "2*h/g", "root-dropped"),
        ("sqrt(2*h/g)", "sqrt(h/g)", "missing-factor"),
        ("sqrt(2*h/g)", "sqrt(2*g/h)", "fraction-turned"),
        ("sqrt(2*h/g)", "sqrt(2*h)/g", "argument-bracket"),
        ("m*v^2/2", "m*v/2", "exponent-missing"),
        ("m*v^2/2", "m*v^2", "denominator-missing"),
        ("m*v^2/2", "(m*v)^2/2", "power-too-wide"),
        ("4/3*pi*r^3", "3/4*pi*r^3", "fraction-turned"),
        ("4/3*pi*r^3", "4*pi*r^2", "derivative-given"),
        ("(y-b)/m", "y/m-b", "only-divided"),
        ("(y-b)/m", "(y+b)/m", "term-sign"),
        ("(a+b)/2*h", "(a+b)*h", "denominator-missing"),
        ("p(1-p)", "p^2", "complement"),
        ("1-(1-p)^n", "(1-p)^n", "complement"),
        ("sqrt(n p (1-p))", "n p (1-p)", "root-dropped"),
        ("s/sqrt(n)", "s/n", "root-dropped"),
        ("(x-m)/s", "(m-x)/s", "sign"),
        ("(x-m)/s", "x-m/s", "only-divided"),
        ("binomial(n,k) p^k (1-p)^(n-k)", "p^k (1-p)^(n-k)", "missing-factor"),
        ("binomial(n,k) p^k (1-p)^(n-k)", "binomial(n,k) p^(n-k) (1-p)^k", "swapped"),
        ("n!/(n-k)!", "n!", "denominator-missing"),
        ("n!/(k!(n-k)!)", "n!/(n-k)!", "missing-factor"),
        # Two slips at once.
        ("3x^2+2x", "x^2+x", "two-slips"),
        ("3x^2-4x+1", "3x^2+4x-1", "two-slips"),
        ("2x*e^x+x^2*e^x", "x*e^x-x^2*e^x", "two-slips"),
        ("(cos(x)*x-sin(x))/x^2", "(x*sin(x)-cos(x))/x^2", "two-slips"),
        ("4*(h*n+h*h+h)", "3*(h*n+h*h)", "two-slips"),
        ("(n+2p-k)/s+1", "(n+p-k)/s", "two-slips"),
        ("10(2x+1)^4", "5(2x+1)^5", "two-slips"),
        ("6x^2-8x+5", "6x^3-8x^2+5", "two-slips"),
        ("m*g*h+m*v^2/2", "m*h+m*v^2", "two-slips"),
        # Numbers.
        ("0.75", "0.57", "digits-swapped"),
        ("144", "414", "digits-swapped"),
        ("144", "1440", "factor"),
        ("3.14", "3.41", "digits-swapped"),
        ("0.25", "25", "factor"),
        ("12", "13", "off-by-one"),
        ("36", "63", "digits-swapped"),
        ("1/3", "3", "upside-down"),
        ("2/3", "3/2", "upside-down"),
        ("-5", "5", "sign"),
        ("3/4", "0.7", "rounded"),
        ("sqrt(2)", "1.4", "rounded"),
        ("pi", "3.1", "rounded"),
        ("25", "5", "rooted"),
        ("5", "25", "squared"),
        ("2^10", "20", "power-as-product"),
        ("5!", "5", "function-dropped"),
        ("10*9/2", "90", "denominator-missing"),
        ("4*(100*100+100*50)", "4*(100*100)", "missing-term"),
        ("4*(100*100+100*50)", "100*100+100*50", "missing-factor"),
        ("4*(100*100+100*50+100)", "60000", "missing-term"),
        ("0.1*0.1", "0.1", "missing-factor"),
        ("0.3*0.2", "0.6", "factor"),
        ("12.5", "1.25", "factor"),
        ("3*10^8", "3*10^7", "exponent"),
        ("0.05", "0.5", "factor"),
        ("1.25", "1.2", "rounded"),
        ("1234", "1324", "digits-swapped"),
        ("20", "-20", "sign"),
        ("100/7", "14.28", "rounded"),
        ("100/7", "14", "rounded"),
    ],
)
def test_the_slip_of_a_student_is_named(key: str, typed: str, code: str):
    slip = wrong(key, typed).slip
    assert slip is not None
    assert slip.code == code


def test_two_slips_are_both_told():
    slip = wrong("3x^2-4x+1", "3x^2+4x-1").slip
    assert slip is not None
    assert dict(slip.details) == {
        "1": "term-sign",
        "1.term": "4·x",
        "2": "term-sign",
        "2.term": "1",
    }


@pytest.mark.parametrize("typed", ["41x^3-17", "x^5+2x", "sin(x)", "1/(7x+3)"])
def test_two_slips_are_not_made_up(typed: str):
    slip = wrong("3x^2-4x+1", typed).slip
    assert slip is None or slip.code != "two-slips"


@pytest.mark.parametrize(
    ("key", "typed"), [("7*8", "54"), ("144", "150"), ("2.5", "3.9"), ("9", "7")]
)
def test_numbers_that_only_chance_brings_together_have_no_slip(key: str, typed: str):
    assert wrong(key, typed).slip is None
