"""Two symbols that changed places, or one that stands for another."""

from fractions import Fraction
from itertools import combinations

from tutorbot.core.answers.fingerprint import symbol_value
from tutorbot.core.answers.mistakes.pair import Pair
from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.tree import Add, Symbol, literal
from tutorbot.core.answers.verdicts import Slip

MAX_NAMES = 8
MAX_TOLD = 3


def swapped(pair: Pair) -> Slip | None:
    names = sorted(pair.got.symbols)[:MAX_NAMES]
    for first, second in combinations(names, 2):
        values = {first: symbol_value(second), second: symbol_value(first)}
        if pair.equal_where(values, {first: Symbol(second), second: Symbol(first)}):
            details = {"first": name_shown(first), "second": name_shown(second)}
            return Slip(code="swapped", details=details)
    return None


def replaced(pair: Pair) -> Slip | None:
    """One symbol was written where another is meant, everywhere."""
    for wrong in sorted(pair.got.symbols)[:MAX_NAMES]:
        for right in sorted(pair.expected.symbols)[:MAX_NAMES]:
            values = {wrong: symbol_value(right)}
            if wrong != right and pair.equal_where(values, {wrong: Symbol(right)}):
                details = {"wrong": name_shown(wrong), "right": name_shown(right)}
                return Slip(code="replaced", details=details)
    return None


def vocabulary(pair: Pair) -> Slip | None:
    """A symbol that does not belong there, or one that is not there: little, but sure."""
    got, expected = pair.got.symbols, pair.expected.symbols
    for code, names in (("needless-symbol", got - expected), ("symbol-unused", expected - got)):
        if names:
            shown = ", ".join(map(name_shown, sorted(names)[:MAX_TOLD]))
            return Slip(code=code, details={"names": shown})
    return None


def shifted(pair: Pair) -> Slip | None:
    """One symbol counts one more, or one less, everywhere: one gate too many."""
    for name in sorted(pair.got.symbols)[:MAX_NAMES]:
        for by in (1, -1):
            one_off = Add((Symbol(name), literal(Fraction(-by))))
            if pair.equal_where({name: symbol_value(name) - by}, {name: one_off}):
                # The answer is right once the symbol is turned back, so it was read as one off.
                wrong = f"{name_shown(name)} {'+' if by > 0 else '−'} 1"
                details = {"wrong": wrong, "right": name_shown(name)}
                return Slip(code="shifted-everywhere", details=details)
    return None
