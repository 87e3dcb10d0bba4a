"""Where it is only unclear what is meant: the ways to read it, to be asked about.

Each is the whole text typed anew so that it can be read in this way only, whatever stands around
the place in question.
"""

import re

from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.tree import Span
from tutorbot.core.answers.verdicts import Problem, Reading

SEPARATOR = re.compile(r"(?<![\d.,])([1-9]\d{0,2})[.,](\d{3})(?![\d.,])")
"""A point or comma that parts thousands in one country and decimals in another."""

_BASE_OR_DECIMAL = re.compile(r"(?<![A-Za-z])((?:log|ln)\s*\([^(),;]*\d),\d", re.IGNORECASE)

THIN = "\N{NARROW NO-BREAK SPACE}"  # parts thousands in every country


def power_or_product(
    typed: str, base: Span, end: int, value: str, symbol: str | None
) -> tuple[Reading, ...]:
    """``n2`` is n² or 2·n.

    Args:
        typed: the whole text
        base: where n stands in it
        end: where the number ends
        value: the number in plain digits
        symbol: the name of the base; None if what stands before the number is a closing bracket
    """
    before, after = typed[: base[0]], typed[end:]
    standing = typed[base[0] : base[1]]
    if symbol is None:
        power, product = f"{standing}^{value}", f"{standing}*{value}"
    else:
        power, product = f"({standing}^{value})", f"({value}*{standing})"
    shown = "(…)" if symbol is None else name_shown(symbol)
    return (
        Reading(text=before + power + after, shown=shown + _raised(value)),
        Reading(text=before + product + after, shown=f"{value}·{shown}"),
    )


def sum_or_product(typed: str, whole: Span, over: Span, under: Span) -> tuple[Reading, ...]:
    """``2 1/2`` is two and a half, or two times a half.

    >>> [reading.text for reading in sum_or_product("2 1/2", (0, 1), (2, 3), (4, 5))]
    ['(2+1/2)', '(2*1/2)']
    """
    first, second = typed[slice(*whole)], typed[over[0] : under[1]]
    before, after = typed[: whole[0]], typed[under[1] :]
    return (
        Reading(text=f"{before}({first}+{second}){after}", shown=f"{first} + {second}"),
        Reading(text=f"{before}({first}*{second}){after}", shown=f"{first}·{second}"),
    )


def one_over(typed: str, function: Span, arguments: Span) -> tuple[Reading, ...]:
    """``f⁻¹(x)`` is 1/f(x), or the inverse of f, which nobody can type for a function unknown."""
    applied = typed[slice(*function)] + typed[slice(*arguments)]
    text = f"{typed[: function[0]]}(1/{applied}){typed[arguments[1] :]}"
    return (Reading(text=text, shown=f"1/{applied}"),)


def thousands_or_decimals(typed: str) -> tuple[Reading, ...]:
    """``60.000`` is sixty or sixty thousand; what was read here at first comes first.

    >>> [reading.text for reading in thousands_or_decimals("n + 60.000")]
    ['n + 060.000', 'n + 60000']
    """
    place = SEPARATOR.search(typed)
    if place is None:
        return ()
    first, other = _separated(typed, as_read=True), _separated(typed, as_read=False)
    shown = (f"{place[1]}.{place[2]}", f"{place[1]}{THIN}{place[2]}")
    if "," in place[0]:
        shown = (shown[1], shown[0])
    return (Reading(text=first, shown=shown[0]), Reading(text=other, shown=shown[1]))


def separated_otherwise(typed: str) -> str:
    """With points and commas in numbers as they are meant in another country.

    >>> separated_otherwise("60.000 m")
    '60000 m'
    """
    return SEPARATOR.sub(
        lambda it: ".".join(it.groups()) if "," in it[0] else "".join(it.groups()), typed
    )


def ambiguous_number(typed: str) -> Problem | None:
    """What to ask where the other meaning of a separator would be right."""
    place = SEPARATOR.search(typed)
    if place is None:
        return None
    start, end = place.span()
    details = {"first": typed[start:end].replace(",", "."), "second": "".join(place.groups())}
    return Problem(
        code="ambiguous-number",
        at=start,
        length=end - start,
        details=details,
        readings=thousands_or_decimals(typed),
    )


def arguments_or_decimal(typed: str) -> tuple[Reading, ...]:
    """``ln(2,5)`` is a logarithm to the base 5, or that of two and a half; read as the first.

    >>> [reading.text for reading in arguments_or_decimal("3 + ln(2,5)")]
    ['3 + ln(2, 5)', '3 + ln(2.5)']
    """
    place = _BASE_OR_DECIMAL.search(typed)
    if place is None:
        return ()
    before, after = typed[: place.end(1)], typed[place.end() - 1 :]
    name, rest = place[0][:-2], after[: after.find(")") + 1]
    return (
        Reading(text=f"{before}, {after}", shown=f"{name}, {rest}"),
        Reading(text=f"{before}.{after}", shown=f"{name}.{rest}"),
    )


def _separated(typed: str, *, as_read: bool) -> str:
    # A nought in front keeps the value and the figures, and no thousands begin with one.
    return SEPARATOR.sub(
        lambda it: f"0{it[1]}.{it[2]}" if ("," in it[0]) != as_read else it[1] + it[2], typed
    )


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _raised(number: str) -> str:
    return number.translate(_RAISED) if number.isdecimal() and number.isascii() else f"^{number}"
