"""Integrals, sums, limits and derivatives, on either side; and the one door to SymPy."""

import subprocess
import sys
import textwrap
from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, Undecided, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("diff(x^2*sin(x), x)", "2x sin x + x² cos x", "2x cos x"),
        ("diff(x^3, x, 2)", "6x", "3x^2"),
        ("diff(f(x^2), x)", "2x f'(x²)", "f'(x²)"),
        ("diff(ln(f(a*x+1)), x)", "a f'(ax+1)/f(ax+1)", "f'(ax+1)/f(ax+1)"),
        ("diff(x^x, x)", "x^x(ln x + 1)", "x·x^(x-1)"),
        (r"\frac{\partial}{\partial a} a^2 x", "2ax", "a^2"),
        ("sin'(x)", "cos x", "-cos x"),
        (r"\frac{d}{dx} \int_0^{x^2} \cos(y) dy", "2x cos(x²)", "cos(x²)"),
        (r"\int_0^1 x^2 dx", "1/3", "1/2"),
        (r"\int_0^1 x^2 dx", "∫_0^1 t² dt", "∫_0^1 t dt"),
        (r"\int_1^a \frac{dx}{x}", "ln a", "1/a"),
        ("int(f(x)+2g(x), x, 0, a)", "int(f(t),t,0,a)+2int(g(t),t,0,a)", "int(f(x)g(x),x,0,a)"),
        ("int(exp(-x^2), x, 0, 1)", "int(e^(-y²), y, 0, 1)", "0.7468241"),
        ("int(3*x*y, (x, 0, 2))", "6y", "3y"),
        ("prod(k, k, 1, 4)", "24", "10"),
        ("prod(2x, k, 1, 3)", "8x³", "6x"),
    ],
)
def test_what_is_defined_by_the_calculus_is_decided_with_a_proof(
    ask: Ask, key: str, right: str, wrong: str
):
    asked = ask(Kind.FORMULA, key, symbols="x y a", functions="f g", positive="a")
    assert checked(asked) == ()
    assert isinstance(judge(asked, right), Right)
    verdict = judge(asked, wrong)
    assert isinstance(verdict, Wrong)
    assert verdict.proof.method in {"fingerprint", "ball", "exact"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("int(sqrt(x), x, 0, 1)", "2/3", "1/2"),
        ("int(sqrt(1-x^2), x, 0, 1)", "π/4", "π/3"),
        ("int(exp(-x), x, 0, ∞)", "1", "2"),
        ("∫_{-∞}^{∞} e^(-x²) dx", "√π", "π"),
        ("int(exp(-a*x), x, 0, oo)", "1/a", "a"),
        (r"\sum_{k=1}^{\infty} 1/k^2", "π²/6", "π²/5"),
        ("sum(1/2^k, k, 0, oo)", "2", "1"),
        ("sum(k^2, k, 1, n)", "n(n+1)(2n+1)/6", "n(n+1)/2"),
        (r"\lim_{x \to 0} \frac{\sin x}{x}", "1", "0"),
        ("limit((1+1/x)^x, x, oo)", "e", "1"),
        ("limit(abs(x)/x, x, 0, +)", "1", "-1"),
        ("lim_{x→a} (x²-a²)/(x-a)", "2a", "0"),
    ],
)
def test_a_closed_form_is_found_and_checked(ask: Ask, key: str, right: str, wrong: str):
    asked = ask(Kind.FORMULA, key, symbols="x a n", positive="a n", integer="n")
    assert isinstance(judge(asked, right), Right)
    assert isinstance(judge(asked, wrong), Wrong)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("int(1/x, x, -1, 1)", "0"),
        ("limit(abs(x)/x, x, 0)", "1"),
        ("int(x^2, x, 0, 1)", "1/3 + int(1/x, x, -1, 1) - int(1/x, x, -1, 1)"),
        ("int(x^2, x, 0, 1)", "1/3 + sum(k, k, 1, oo) - sum(k, k, 1, oo)"),
        ("int(f(x), x, 0, 1)", "f(1)"),
    ],
)
def test_what_has_no_value_is_never_right(ask: Ask, key: str, typed: str):
    asked = ask(Kind.FORMULA, key, symbols="x", functions="f")
    assert not isinstance(judge(asked, typed), Right)


def test_a_result_is_asked_for_where_the_key_is_one(ask: Ask):
    asked = ask(Kind.FORMULA, "1/3", symbols="x")
    for typed in ("int(x^2, x, 0, 1)", "∫_0^1 x² dx", "diff(x/3, x)", "lim_{x→0} 1/3"):
        verdict = judge(asked, typed)
        assert isinstance(verdict, Unreadable)
        assert verdict.problem.code == "to-work-out"


def test_what_is_undecided_is_not_held_against_anyone(ask: Ask):
    asked = ask(Kind.FORMULA, "int(f(x), x, 0, ∞)", symbols="x", functions="f")
    assert isinstance(judge(asked, "f(0)"), Undecided)


CODE = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "exec(chr(112))",
    "eval(n)",
    "lambda n: n",
    "[n for n in range(9)]",
    "n.__class__",
    "Symbol('n')",
    "sympify('n')",
    "Integer(3).__init__",
    "open('x')",
    "n; import os",
    "f(n).diff(n)",
    "sum(k, k, 1, n)",
    "int('3')",
    "int(n, n, 0, 1)",
    "int(__import__, n, 0, 1)",
    r"\int_0^1 \mathrm{exec}(n) dn",
    "limit(sin(n)/n, n, 0)",
    "sum(1/k^2, k, 1, oo)",
    "diff(n^n, n)",
    "S(1)/3",
    "Function('f')(n)",
    "{n: 1}",
    "print(n)",
    "'n'",
    '"n"',
    "n if n else n",
    "n@n",
    "n and n",
    "#n",
    "sympy.oo",
]


@pytest.mark.slow
def test_nothing_typed_is_compiled_or_run():
    program = textwrap.dedent("""
        import sys
        import sympy.integrals.manualintegrate  # SymPy loads it late, and it makes classes
        from tutorbot.core.answers import algebra
        from tutorbot.core.answers.judge import checked, judge
        from tutorbot.core.answers.verdicts import Asked
        from tutorbot.core.course import Expression, Form, Kind, Typed

        def asked(key, **more):
            return Asked(typed=Typed(kind=Kind.FORMULA, accepted=(Expression(text=key),),
                                     symbols=("n", "m"), functions=("f",), **more))

        questions = [asked("n^2/2"), asked("int(n, n, 0, m)"), asked("limit(sin(n)/n, n, 0)"),
                     asked("sum(1/k^2, k, 1, oo)"), asked("n*(n+1)", form=Form.FACTORED)]
        for question in questions:
            judge(question, question.typed.accepted[0].text)  # all is loaded
            judge(question, "n+m"), judge(question, "sum(k, k, 1, n)"), checked(question)

        watching = []

        def trip(event, arguments):
            if not watching:
                return
            if event == "compile":
                watching.append((event, arguments))
            elif event == "exec":
                name = getattr(arguments[0], "co_filename", "<text>")
                if name.startswith("<") and not name.startswith("<frozen"):
                    watching.append((event, name))
            elif event.partition(".")[0] in {"os", "subprocess", "socket", "ctypes"}:
                if event not in {"os.listdir", "os.scandir"}:
                    watching.append((event, arguments))

        sys.addaudithook(trip)
        texts = eval(sys.stdin.read())
        watching.append("begin")
        for text in texts:
            for question in questions:
                judge(question, text)
        found, watching = watching[1:], []
        print(len(texts) * len(questions), found)
    """)
    outcome = subprocess.run(
        [sys.executable, "-c", program],
        input=repr(CODE),
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert (outcome.stdout, outcome.stderr) == (f"{len(CODE) * 5} []\n", "")
