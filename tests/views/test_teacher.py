"""What a teacher says to a wrong answer, try after try: each of these was read aloud."""

import re
from gettext import NullTranslations

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Right, Unreadable, Wrong
from tutorbot.core.course import Expression, Kind, Typed
from tutorbot.core.prose import Paragraph, Prose, Text, Verbatim
from tutorbot.views.answers import problem_prose, wrong_prose
from tutorbot.views.checked import proof_prose

WORDS = NullTranslations()


def asked(kind: Kind, key: str, symbols: str, functions: str = "") -> Asked:
    return Asked(
        typed=Typed(
            kind=kind,
            accepted=(Expression(text=key),),
            symbols=tuple(symbols.split()),
            functions=tuple(functions.split()),
        )
    )


def said(prose: Prose) -> str:
    return "\n".join(
        block.text
        if isinstance(block, Verbatim)
        else "".join(part.text for part in block.line if isinstance(part, Text))
        for block in prose
        if isinstance(block, Verbatim | Paragraph)
    )


LESSONS: dict[tuple[Kind, str, str, str], dict[str, tuple[str, str, str]]] = {
    (Kind.FORMULA, "3*(n^2+n*m+n)", "n m", ""): {
        "3(n²+nm)": (
            "Try it with n = 2, m = 3: yours gives 30 there.",
            "A term is missing.\nWith n = 2, m = 3 yours gives 30, and it should be 36.",
            "A term is missing: n.",
        ),
        "3n²+nm+n": (
            "3·n² is right already.",
            (
                "Look at how you multiplied the bracket out.\n"
                "With n = 2, m = 3 yours gives 20, and it should be 36."
            ),
            "The factor 3 belongs to every term of n² + n·m + n.",
        ),
        "3n(n-m+1)": (
            "For m = 0 yours is right already.",
            "One sign is wrong.\nWith n = 2, m = 3 yours gives 0, and it should be 36.",
            "Look at the sign of m.",
        ),
        "3n(n+m+2)": (
            "Try it with n = 2, m = 3: yours gives 42 there.",
            "One number is off.\nWith n = 2, m = 3 yours gives 42, and it should be 36.",
            "You have 2 where 1 belongs.",
        ),
        "3n(2n+m+1)": (
            "Try it with n = 2, m = 3: yours gives 48 there.",
            "One term is off by a factor.\nWith n = 2, m = 3 yours gives 48, and it should be 36.",
            "You have 2·n where n belongs.",
        ),
        "3(m²+nm+m)": (
            "For m = n yours is right already.",
            (
                "Two things have changed places.\n"
                "With n = 2, m = 3 yours gives 54, and it should be 36."
            ),
            "m and n have changed places.",
        ),
        "n(n+m+1)": (
            "Try it with n = 2, m = 3: yours gives 12 there.",
            "A factor is missing.\nWith n = 2, m = 3 yours gives 12, and it should be 36.",
            "A factor is missing: 3.",
        ),
        "12n": (
            "Try it with n = 2, m = 3: yours gives 24 there.",
            (
                "Look at which symbols belong in the answer.\n"
                "With n = 2, m = 3 yours gives 24, and it should be 36."
            ),
            "The right answer depends on m, too.",
        ),
        "nm": (
            "Try it with n = 2, m = 3: yours gives 6 there.",
            "With n = 2, m = 3 yours gives 6, and it should be 36.",
            (
                "With n = 2, m = 3 yours gives 6, and it should be 36. Go through your steps"
                " with these numbers."
            ),
        ),
        "3n²+3nm": (
            "3·n² and 3·n·m are right already.",
            "A term is missing.\nWith n = 2, m = 3 yours gives 30, and it should be 36.",
            "A term is missing: 3·n.",
        ),
    },
    (Kind.FORMULA, "(x+3)(x-2)", "x", ""): {
        "(x-3)(x+2)": (
            "For x = 0 yours is right already.",
            "Two things have changed places.\nWith x = 2 yours gives −4, and it should be 0.",
            "3 and 2 have changed places.",
        ),
        "(x+3)(x+2)": (
            "The factor x + 3 is right already.",
            "One sign is wrong.\nWith x = 2 yours gives 20, and it should be 0.",
            "You have x + 2 where x − 2 belongs.",
        ),
        "x^2+5x-6": (
            "x² and −6 are right already.",
            "One coefficient is off.\nWith x = 2 yours gives 8, and it should be 0.",
            "You have 5·x where x belongs.",
        ),
        "x²-6": (
            "x² and −6 are right already.",
            (
                "Look at how you multiplied the brackets out.\n"
                "With x = 2 yours gives −2, and it should be 0."
            ),
            "In (x + 3)·(x − 2) every term meets every term of the other bracket.",
        ),
        "(x+1)(x-6)": (
            "For x = 0 yours is right already.",
            "One coefficient is off.\nWith x = 2 yours gives −12, and it should be 0.",
            "Yours is the same as x² − 5·x − 6. You have −5·x where x belongs.",
        ),
    },
    (Kind.FORMULA, "(a+b)^2", "a b", ""): {
        "a²+b²": (
            "a² and b² are right already.",
            "Look at the power of a sum.\nWith a = 2, b = 3 yours gives 13, and it should be 25.",
            "A power of a sum is not the sum of the powers: look at (a + b)².",
        ),
        "a²+ab+b²": (
            "a² and b² are right already.",
            "Look at the square of a sum.\nWith a = 2, b = 3 yours gives 19, and it should be 25.",
            "The middle term comes twice in (a + b)².",
        ),
        "(a-b)^2": (
            "For a = 0 yours is right already.",
            "One sign is wrong.\nWith a = 2, b = 3 yours gives 1, and it should be 25.",
            "Look at the sign of b.",
        ),
    },
    (Kind.FORMULA, "6x*cos(3x^2)", "x", ""): {
        "cos(3x²)": (
            "The factor cos(3·x²) is right already.",
            (
                "Think of the chain rule.\n"
                "With x = 2 yours gives about 0.84, and it should be about 10.1."
            ),
            "The inner derivative 6·x is missing.",
        ),
        "6cos(3x^2)": (
            "For x = 1 yours is right already.",
            "A factor is missing.\nWith x = 2 yours gives about 5.06, and it should be about 10.1.",
            "A factor is missing: x.",
        ),
        "6x sin(3x^2)": (
            "Try it with x = 2: yours gives about −6.44 there.",
            (
                "Look at which functions you use.\n"
                "With x = 2 yours gives about −6.44, and it should be about 10.1."
            ),
            "You have sin where cos belongs.",
        ),
        "sin(3x^2)": (
            "Try it with x = 2: yours gives about −0.54 there.",
            (
                "Look again at what is asked for.\n"
                "With x = 2 yours gives about −0.54, and it should be about 10.1."
            ),
            "The derivative of yours with respect to x is the right answer.",
        ),
    },
    (Kind.FORMULA, "1/a+1/b", "a b", ""): {
        "2/(a+b)": (
            "Try it with a = 2, b = 3: yours gives 2/5 there.",
            (
                "Look at how you added the fractions.\n"
                "With a = 2, b = 3 yours gives 2/5, and it should be 5/6."
            ),
            "Tops and bottoms are not added: 1/a + 1/b needs a common denominator.",
        ),
        "ab/(a+b)": (
            "Try it with a = 2, b = 3: yours gives 6/5 there.",
            (
                "Look at what is above and what is below.\n"
                "With a = 2, b = 3 yours gives 6/5, and it should be 5/6."
            ),
            "Yours is the right answer upside down.",
        ),
    },
    (Kind.FORMULA, "(x+1)/(x-1)", "x", ""): {
        "x+1/x-1": (
            "Try it with x = 2: yours gives 3/2 there.",
            "Are brackets missing?\nWith x = 2 yours gives 3/2, and it should be 3.",
            "With brackets around the sums it would be right.",
        ),
        "(x-1)/(x+1)": (
            "For x = 0 yours is right already.",
            (
                "Look at what is above and what is below.\n"
                "With x = 2 yours gives 1/3, and it should be 3."
            ),
            "Yours is the right answer upside down.",
        ),
        "(x+1)/(1-x)": (
            "The numerator x + 1 is right already.",
            "Look at the signs.\nWith x = 2 yours gives −3, and it should be 3.",
            "Everything is right but the sign.",
        ),
    },
    (Kind.FORMULA, "sqrt(x^2+1)", "x", ""): {
        "sqrt(x^2)+1": (
            "For x = 0 yours is right already.",
            (
                "Look at a function of a sum.\n"
                "With x = 2 yours gives about 3, and it should be about 2.24."
            ),
            "√(x² + 1) cannot be taken apart term by term.",
        ),
        "x^2+1": (
            "For x = 0 yours is right already.",
            "A root is missing.\nWith x = 2 yours gives about 5, and it should be about 2.24.",
            "A root is missing: √(x² + 1).",
        ),
    },
    (Kind.FORMULA, "2^n", "n", ""): {
        "n^2": (
            "Try it with n = 1: yours gives 1 there.",
            (
                "Look at what is the base and what the exponent.\n"
                "With n = 1 yours gives 1, and it should be 2."
            ),
            "Base and exponent of 2^n have changed places.",
        ),
        "2^n-1": (
            "Try it with n = 2: yours gives 3 there.",
            "There is a term too many.\nWith n = 2 yours gives 3, and it should be 4.",
            "You have a term too many: −1.",
        ),
    },
    (Kind.FORMULA, "ln(x*y)", "x y", ""): {
        "ln(x)*ln(y)": (
            "Try it with x = 2, y = 3: yours gives about 0.76 there.",
            (
                "Look at what stands inside a function.\n"
                "With x = 2, y = 3 yours gives about 0.76, and it should be about 1.79."
            ),
            "ln(x·y) cannot be taken apart like that.",
        ),
        "ln(x)": (
            "ln(x) is right already.",
            (
                "A term is missing.\n"
                "With x = 2, y = 3 yours gives about 0.69, and it should be about 1.79."
            ),
            "A term is missing: ln(y).",
        ),
    },
    (Kind.FORMULA, "e^(-x)", "x", ""): {
        "-e^x": (
            "Try it with x = 2: yours gives about −7.39 there.",
            (
                "Look at a negative exponent.\n"
                "With x = 2 yours gives about −7.39, and it should be about 0.14."
            ),
            "A negative exponent means one over, not a minus: look at e^(−x).",
        ),
    },
    (Kind.FORMULA, "-V*O'(V*s+c)/O(V*s+c)", "V s c", "O"): {
        "V*O'(V*s+c)/O(V*s+c)": (
            "The denominator O(V·s + c) is right already.",
            "Look at the signs.",
            "Everything is right but the sign.",
        ),
        "-O'(V*s+c)/O(V*s+c)": (
            "The denominator O(V·s + c) is right already.",
            "Think of the chain rule.",
            "The inner derivative V is missing.",
        ),
    },
    (Kind.FORMULA, "sum(a_t, t, 1, T)", "a_t t T", ""): {
        "sum(a_t,t,0,T)": (
            "It is not equal to what is asked for.",
            "Look at where the sum begins.",
            "The sum begins at 1.",
        ),
    },
    (Kind.NUMBER, "60000", "", ""): {
        "6000": (
            "It is not equal to what is asked for.",
            "You are off by a factor.",
            "You are off by the factor 1/10.",
        ),
        "59999": (
            "It is not equal to what is asked for.",
            "So close: you are off by one.",
            "So close: yours minus the right answer is −1.",
        ),
        "187": (
            "It is not equal to what is asked for.",
            "The right answer is larger than yours.",
            "The right answer is more than 100 times yours.",
        ),
        "59999.99": (
            "That is very near. Was something rounded on the way?",
            "That is very near. Was something rounded on the way?",
            "That is very near. Round nothing before the end; keep roots and fractions.",
        ),
    },
    (Kind.NUMBER, "3/8", "", ""): {
        "8/3": (
            "It is not equal to what is asked for.",
            "Look at what is above and what is below.",
            "Yours is the right answer upside down.",
        ),
        "5": (
            "It is not equal to what is asked for.",
            "The right answer is smaller than yours.",
            "Yours is more than 10 times the right answer.",
        ),
    },
    (Kind.SIZE, "100 x 50", "", ""): {
        "50x100": (
            "It is not equal to what is asked for.",
            "Look at the order of the numbers.",
            "The numbers are right, their order is not: rows come first.",
        ),
        "100x51": (
            "It is not equal to what is asked for.",
            "Only one entry is off.",
            "Only entry 2 is off.",
        ),
    },
    (Kind.SET, "{1,2,3}", "", ""): {
        "{1,2}": (
            "2 of 3 are right already.",
            "Something is still missing.",
            "One more belongs in it.",
        ),
        "{1,2,3,4}": (
            "It is not equal to what is asked for.",
            "There is too much in it.",
            "This does not belong there: 4.",
        ),
    },
    (Kind.VECTOR, "(1,2,3)", "", ""): {
        "(1,-2,3)": (
            "2 of 3 are right already.",
            "Only one entry is off.",
            "Only entry 2 is off. Everything is right but the sign.",
        ),
    },
    (Kind.MATRIX, "[1, 2; 3, 4]", "", ""): {
        "[1,2;3,5]": (
            "3 of 4 are right already.",
            "Only one entry is off.",
            "Only entry (2, 2) is off. So close: yours minus the right answer is 1.",
        ),
    },
    (Kind.LOGIC, "A and not B", "A B", ""): {
        "A or not B": (
            "It is not equal to what is asked for.",
            "Look at “and” and “or”.",
            "“And” stands where “or” belongs, or “or” for “and”.",
        ),
    },
    (Kind.INEQUALITY, "x<=3", "x", ""): {
        "x<3": (
            "It is not equal to what is asked for.",
            "Look at the signs of comparison.",
            "Does it hold where both sides are equal? Look at < and ≤.",
        ),
    },
    (Kind.INTERVAL, "[0,5)", "", ""): {
        "[0,5]": (
            "It is not equal to what is asked for.",
            "Look at the ends.",
            "The ends are the right ones; which of them belong to it?",
        ),
    },
    (Kind.QUANTITY, "90 km/h", "", ""): {
        "90": (
            "It has no unit, and without one a number says too little.",
            "It has no unit, and without one a number says too little.",
            "It has no unit, and without one a number says too little.",
        ),
        "90 kg": (
            "kg is a unit of something else than what is asked for.",
            "kg is a unit of something else than what is asked for.",
            "kg is a unit of something else than what is asked for.",
        ),
        "25 km/h": (
            "It is not equal to what is asked for.",
            "Look at how you changed the units.",
            "You are off by the factor 18/5: look at how you changed the units.",
        ),
    },
    (Kind.TEXT, "mitochondria", "", ""): {
        "nucleus": (
            "That is not what is asked for.",
            "That is not what is asked for. Have another look at the question.",
            "That is not what is asked for. Have another look at the question.",
        ),
    },
}


@pytest.mark.parametrize(
    ("question", "typed", "told"),
    [
        (*each, told)
        for each, told in (
            ((question, typed), told)
            for question, lessons in LESSONS.items()
            for typed, told in lessons.items()
        )
    ],
)
def test_each_try_is_told_more_and_never_the_answer_at_first(
    question: tuple[Kind, str, str, str], typed: str, told: tuple[str, str, str]
):
    verdict = judge(asked(*question), typed)
    assert isinstance(verdict, Wrong)
    assert tuple(said(wrong_prose(WORDS, verdict, tries)) for tries in range(3)) == told


COUNT = (Kind.FORMULA, "3*(n^2+n*m+n)", "n m", "")
SLOPE = (Kind.FORMULA, "f'(x)/f(x)", "x", "f")


@pytest.mark.parametrize(
    ("question", "typed", "told"),
    [
        (COUNT, "3(n²+nm+n", "3(n²+nm+n\n ^\nThe “(” opened here is never closed."),
        (COUNT, "3 n 2 + n", "3 n 2 + n\n  ^^^\nDid you mean n² or 2·n?"),
        (COUNT, "3(n^2+*n)", "3(n^2+*n)\n     ^\nSomething is missing after “+”."),
        (
            COUNT,
            "=3n²",
            "=3n²\n^\nOnly one side, please: type the expression without “=”.",
        ),
        (COUNT, "answer: 3n", "answer: 3n\n^^^^^^\n“answer” is not a symbol of this question."),
        (
            COUNT,
            "3x(n+m)",
            "3x(n+m)\n ^\n“x” is not a symbol of this question. To multiply, type * or ·.",
        ),
        (COUNT, "3[n²+n}", "3[n²+n}\n      ^\n“}” stands here where I expected “]”."),
        (COUNT, "\\frac{3}{n", "\\frac{3}{n\n        ^\nThe “{” opened here is never closed."),
        (COUNT, "|n|m|", "|n|m|\n    ^\nSomething is missing after “|”."),
        (COUNT, "n/0", "n/0\n^^^\nThis divides by zero."),
        (COUNT, "?", "?\n^\nI don't know what “?” means here."),
        (COUNT, "3n ✅", "3n ✅\n   ^^\nI don't know what “✅” means here."),
        (SLOPE, "f'x/fx", "f'x/fx\n^\n“f′” needs its argument in brackets."),
        (SLOPE, "f^{-1}(x)", "f^{-1}(x)\n^^^^^^\nDid you mean 1/f(x)?"),
        (SLOPE, "df/dx", "df/dx\n^^\n“df” is not a symbol of this question."),
        (
            (Kind.NUMBER, "60", "", ""),
            "sixty",
            "sixty\n^^^^^\nI expected a number here, and “sixty” is none.",
        ),
        ((Kind.NUMBER, "60", "", ""), "60 €", "60 €\n   ^\nI don't know what “€” means here."),
        (
            (Kind.EQUATION, "y=2x-5", "x y", ""),
            "2x-5",
            "2x-5\n^^^^\nI expected an equation here, with “=” in it.",
        ),
        (
            (Kind.SIZE, "4 x 2", "", ""),
            "8",
            "8\n ^\nI expected a size here, such as 3 × 4.",
        ),
        (
            (Kind.MATRIX, "[1, 2; 3, 4]", "", ""),
            "[1,2;3,4]",
            "[1,2;3,4]\n  ^\nDid you mean [1.2, 3.4] or [1, 2; 3, 4]?",
        ),
    ],
)
def test_what_cannot_be_read_is_shown_with_its_place(
    question: tuple[Kind, str, str, str], typed: str, told: str
):
    verdict = judge(asked(*question), typed)
    assert isinstance(verdict, Unreadable)
    assert said(problem_prose(WORDS, verdict.problem, typed)) == told


@pytest.mark.parametrize("typed", ["3n²+3nm+3n.", "3n²+3nm+3n;", "3·n·(n+m+1)…", "$3(n^2+nm+n)$"])
def test_what_ends_a_sentence_is_no_part_of_a_formula(typed: str):
    assert isinstance(judge(asked(*COUNT), typed), Right)


@pytest.mark.parametrize(
    ("key", "typed", "symbols", "expected"),
    [
        (
            "6x*cos(3x^2)",
            "cos(3x^2)",
            "x",
            r"For x = [−/0-9]+ this is \S+, not \S+.",
        ),
        ("sqrt(2)", "sqrt(3)", "", "This is 1.732, not 1.414."),
        ("sqrt(2)", "sqrt(-3)", "", "This is 1.732i, not 1.414."),
        ("3(n+1)", "3n-4", "n", r"For n = \d this is [−0-9]+, not \d+."),
    ],
)
def test_a_proof_is_told_in_numbers_that_people_read(
    key: str, typed: str, symbols: str, expected: str
):
    verdict = judge(asked(Kind.FORMULA, key, symbols), typed)
    assert isinstance(verdict, Wrong)
    proof = said(proof_prose(WORDS, verdict.proof))
    assert "+/-" not in proof
    assert re.fullmatch(expected, proof)


@pytest.mark.parametrize(
    ("key", "typed", "symbols"),
    [
        ("ln(x*y)", "ln(x)", "x y"),  # not for x = 0, where neither has a value
        ("sin(5x)", "sin(x)", "x"),  # not for x = 0, where both vanish
    ],
)
def test_nothing_is_called_right_where_it_has_no_value_or_vanishes(
    key: str, typed: str, symbols: str
):
    verdict = judge(asked(Kind.FORMULA, key, symbols), typed)
    assert isinstance(verdict, Wrong)
    assert "x = 0" not in said(wrong_prose(WORDS, verdict, 0))


def test_commas_of_a_matrix_are_read_so_that_it_has_the_size_of_the_key():
    verdict = judge(asked(Kind.MATRIX, "[1, 2; 3, 4]", ""), "[1,2;3,5]")
    assert isinstance(verdict, Wrong)
    assert verdict.echo.text == "[1, 2; 3, 5]"
