"""A question of each kind, and more where keys reach deep, for texts that mean no good."""

from fractions import Fraction

from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.course import Expression, Kind, Typed


def _asked(kind: Kind, key: str, symbols: str = "", functions: str = "", **values: int) -> Asked:
    return Asked(
        typed=Typed(
            kind=kind,
            accepted=(Expression(text=key),),
            symbols=tuple(symbols.split()),
            functions=tuple(functions.split()),
            unit="m/s^2" if kind is Kind.QUANTITY else None,
        ),
        values=tuple((name, Fraction(value)) for name, value in values.items()),
    )


QUESTIONS: dict[str, Asked] = {
    "formula": _asked(Kind.FORMULA, "3*(n^2+n*m+n)", "n m x"),
    "elementary": _asked(Kind.FORMULA, "exp(x)*sin(x)^2/(1+exp(x)) + i*abs(n)", "x n m"),
    "derivative": _asked(Kind.FORMULA, "-V*O'(V*s_4+c)/O(V*s_4+c)", "V s_4 c n m", "O"),
    "two values": _asked(Kind.FORMULA, "(-b ± sqrt(b^2-4*a*c))/(2*a)", "a b c n m x"),
    "sum": _asked(Kind.FORMULA, "sum(s_k*O(k*n)/k, k, 1, m)", "n m x k s_k", "O"),
    "integral": _asked(Kind.FORMULA, "int(exp(-t^2)/(1+t^2), (t, 0, x)) + n", "t x n m"),
    "antiderivative": _asked(Kind.FORMULA, "x^2*sin(x)/2 + C", "x n m C"),
    "limit": _asked(Kind.FORMULA, "limit((1+x/k)^k, k, oo)", "k x n m"),
    "number": _asked(Kind.NUMBER, "4*(h*h+h*e)", h=100, e=50),
    "decimal": _asked(Kind.NUMBER, "1.41421356"),
    "size": _asked(Kind.SIZE, "h x e", h=100, e=50),
    "quantity": _asked(Kind.QUANTITY, "9.81 m/s^2"),
    "equation": _asked(Kind.EQUATION, "y=2x-5", "x y n m"),
    "inequality": _asked(Kind.INEQUALITY, "x^2>4", "x n m"),
    "set": _asked(Kind.SET, "{1,2,x}", "x n m"),
    "solutions": _asked(Kind.SOLUTIONS, "x=2 or x=-2", "x"),
    "interval": _asked(Kind.INTERVAL, "[1,3) ∪ (5,oo)", "x n m"),
    "tuple": _asked(Kind.TUPLE, "(1,2,x)", "x n m"),
    "vector": _asked(Kind.VECTOR, "(1,2,x)", "x n m"),
    "matrix": _asked(Kind.MATRIX, "[[1,2],[3,x]]", "x n m"),
    "logic": _asked(Kind.LOGIC, "A and not B or C", "A B C n m"),
    "text": _asked(Kind.TEXT, "gradient descent"),
}

PIECES = (
    *"0123456789nmxyabcisOABC+-*/^=<>()[]{}|!,;:.'%_ ",
    *("²", "½", "√", "±", "≤", "≠", "π", "∞", "∪", "∧", "¬", "→", "·", "−", "×", "α", "′", "₄"),
    *("sqrt(", "sin(", "ln ", "exp(", "abs(", "floor(", "mod(", "max(", "binomial(", "log_2 "),
    *("arg(", "re(", "conj(", "gcd(", "sinc(", "O(", "O'(", "s_4", "e^", "i*", "!!", "**", "!="),
    *(r"\frac{", r"\sqrt{", r"\left(", r"\right)", r"\cdot ", r"\pi ", r"\text{", r"\pm ", "$"),
    *(r"\begin{pmatrix}", r"\end{pmatrix}", r"\\", "&", r"\sum_{k=1}^{", r"\int ", "dx", r"\{"),
    *(" and ", " or ", "not ", " xor ", " implies ", " in ", " U ", "x=", "inf", "true", "km"),
    *(" m/s^2", " kg", "1e9", "1,000", "0.5", "10^", "100x50", "A and ", "1/0", "0^0", "99999"),
)
"""What answers are made of, in fragments."""
