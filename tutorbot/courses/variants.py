"""Parameters and their conditions: which variants a question comes in.

The product of the parameters in the author's order, without those that a condition leaves out.
Conditions have a reader of their own, over exact fractions; nothing is ever evaluated as Python.
"""

import itertools
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from tutorbot.core.course import Values

MOST_VARIANTS = 1_000
_DEEPEST = 30
_LONGEST = 500
_MOST_BITS = 10_000

_TOKEN = re.compile(
    r"\s*(?:(\d{1,12}(?:\.\d{1,12})?)|([A-Za-z_]\w*)|(\*\*|[<>=!]=|[-+*/%^()<>=≤≥≠]))"
)
_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "≠": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    "≤": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "≥": operator.ge,
}

Condition = Callable[[Mapping[str, Fraction]], bool]
_Number = Callable[[Mapping[str, Fraction]], Fraction]


class UnreadableError(ValueError):
    """A condition that cannot be read; the text says why. It never reaches a learner."""


def variants(
    columns: Sequence[tuple[Values, ...]],
    where: tuple[Condition, ...],
    shared: tuple[Values, ...] = ((),),
) -> tuple[Values, ...]:
    """All combinations that every condition lets through, in the author's order.

    Each column lists what one parameter can be, or several that go together; ``shared`` are the
    variants that these extend.

    Raises:
        UnreadableError: there are more than `MOST_VARIANTS` combinations.
    """
    if len(shared) * math.prod(map(len, columns)) > MOST_VARIANTS:
        raise UnreadableError(f"there are more than {MOST_VARIANTS:,} combinations")
    combinations = itertools.product(shared, *columns)
    found = (tuple(itertools.chain(*parts)) for parts in combinations)
    return tuple(each for each in found if all(condition(dict(each)) for condition in where))


def read_condition(text: str, names: tuple[str, ...]) -> Condition:
    """A comparison such as ``e != h`` or ``2*e < h <= 200``, joined by ``and``, ``or``, ``not``.

    >>> read_condition("e < h and not e = 2", ("e", "h"))({"e": Fraction(1), "h": Fraction(3)})
    True

    Raises:
        UnreadableError: the text is none, or names something that is no parameter.
    """
    reader = _Reader(text, names)
    condition = reader.either()
    if reader.ahead:
        raise UnreadableError(f"“{reader.ahead}” is unexpected")
    return condition


class _Reader:
    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        if len(text) > _LONGEST:
            raise UnreadableError("it is too long")
        self._names = names
        self._tokens: list[str] = []
        self._at = self._depth = 0
        place = 0
        text = text.rstrip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if not found:
                raise UnreadableError(f"“{text[place:].strip()[:10]}” is unexpected")
            self._tokens.append(found[0].strip())
            place = found.end()

    @property
    def ahead(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *wanted: str) -> str:
        token = self.ahead
        if token not in wanted or not token:
            return ""
        self._at += 1
        return token

    def either(self) -> Condition:
        sides = [self._both()]
        while self._take("or"):
            sides.append(self._both())
        return lambda values: any(side(values) for side in sides)

    def _both(self) -> Condition:
        sides = [self._negated()]
        while self._take("and"):
            sides.append(self._negated())
        return lambda values: all(side(values) for side in sides)

    def _negated(self) -> Condition:
        if not self._take("not"):
            return self._comparison()
        self._deeper()
        inner = self._negated()
        self._depth -= 1
        return lambda values: not inner(values)

    def _comparison(self) -> Condition:
        start = self._at
        if self._take("("):
            # A bracket may hold a condition or a number; the number is the rarer.
            self._deeper()
            try:
                inner = self.either()
                closed = self._take(")")
            except UnreadableError:
                closed = ""
                inner = None
            self._depth -= 1
            if inner is not None and closed and self.ahead in {"", "and", "or", ")"}:
                return inner
            self._at = start
        left = self._sum()
        links: list[tuple[Callable[[Fraction, Fraction], bool], _Number, _Number]] = []
        while sign := self._take(*_COMPARE):
            right = self._sum()
            links.append((_COMPARE[sign], left, right))
            left = right
        if not links:
            raise UnreadableError("a comparison such as e != h is missing")
        return lambda values: all(
            compare(one(values), other(values)) for compare, one, other in links
        )

    def _sum(self) -> _Number:
        number = self._product()
        while sign := self._take("+", "-"):
            number = _joined(sign, number, self._product())
        return number

    def _product(self) -> _Number:
        number = self._signed()
        while sign := self._take("*", "/", "%"):
            number = _joined(sign, number, self._signed())
        return number

    def _signed(self) -> _Number:
        if not self._take("-"):
            return self._power()
        self._deeper()
        inner = self._signed()
        self._depth -= 1
        return lambda values: -inner(values)

    def _power(self) -> _Number:
        base = self._atom()
        if not self._take("^", "**"):
            return base
        token = self.ahead
        if not (token.isdecimal() and int(token) <= 12):  # noqa: PLR2004 - no author needs a higher one
            raise UnreadableError("a power must be a whole number up to 12")
        self._at += 1
        return lambda values: _power_of(base(values), int(token))

    def _atom(self) -> _Number:
        if self._take("("):
            self._deeper()
            inner = self._sum()
            self._depth -= 1
            if not self._take(")"):
                raise UnreadableError("a bracket is not closed")
            return inner
        token = self.ahead
        self._at += 1
        if token[:1].isdecimal():
            number = Fraction(token)
            return lambda _: number
        if token in self._names:
            return lambda values: values[token]
        raise UnreadableError(f"“{token}” is no parameter" if token else "it ends too early")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnreadableError("it is nested too deeply")


def _power_of(base: Fraction, exponent: int) -> Fraction:
    if (base.numerator.bit_length() + base.denominator.bit_length()) * exponent > _MOST_BITS:
        raise UnreadableError("a power gets too large")
    return base**exponent


def _joined(sign: str, left: _Number, right: _Number) -> _Number:
    def number(values: Mapping[str, Fraction]) -> Fraction:
        one, other = left(values), right(values)
        match sign:
            case "+":
                return one + other
            case "-":
                return one - other
            case "*":
                return one * other
            case "/" if other:
                return one / other
            case "%" if other:
                return one % other
            case _:
                raise UnreadableError("it divides by zero in some variant")

    return number
