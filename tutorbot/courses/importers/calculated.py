"""Calculated questions of Moodle: formulas over datasets, which become parameters and variants."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element

from tutorbot.core.answers.judge import checked
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.course import Expression, Kind, Typed, Values
from tutorbot.courses.importers.gathering import number, share
from tutorbot.courses.importers.imported import Weight
from tutorbot.courses.importers.packages import text_of
from tutorbot.courses.importers.weights import alike
from tutorbot.courses.lines import LONGEST_EXPRESSION
from tutorbot.courses.variants import MOST_VARIANTS

_HOLE = re.compile(r"\{([^{}=\s][^{}]{0,80})\}")
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_RELATIVE = "1"
_MOST_DECIMALS = 12
_DEEPEST = 20
_SAME = frozenset(
    {
        *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
        *("asinh", "acosh", "atanh", "atan2", "exp", "sqrt", "log10"),
        *("abs", "floor", "ceil", "min", "max"),
    }
)
_RENAMED = {"log": "ln", "fmod": "mod"}
_POWER = 2  # arguments of pow


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A key over parameters, with the formulas of the file from which its lines were made."""

    typed: Typed
    names: tuple[str, ...]
    variants: tuple[Values, ...]
    sources: tuple[str, ...]  # accepted ones first, like the lines of the key
    remarks: tuple[tuple[Weight, str], ...]


def read_formula(element: Element) -> Formula | str:
    """The key of a calculated question, or one sentence on why it cannot be carried."""
    texts = [text_of(each) for each in element.iter("text")]
    if any("{=" in text for text in texts):
        return "Its text works out formulas of its own, which a course cannot, so it stays out."
    sets = {text_of(each, "name"): each for each in element.iter("dataset_definition")}
    formulas = [
        (text_of(each, "text") or (each.text or "").strip(), number(each.get("fraction") or "0"))
        for each in element.findall("answer")
    ]
    used = dict.fromkeys(
        hole for text in (*texts, *(text for text, _ in formulas)) for hole in _HOLE.findall(text)
    )
    names = tuple(name for name in used if name in sets)
    if not names or not all(_NAME.fullmatch(name) for name in names):
        return "Its parameters have no values or no names that a course can hold, so it stays out."
    remarks: list[tuple[Weight, str]] = []
    variants = _variants([sets[name] for name in names], names, remarks)
    accepted: list[tuple[str, Expression]] = []
    mistaken: list[tuple[str, Expression]] = []
    for source, percent in formulas:
        if source == "*":
            continue
        text = translated(source, names)
        if text is None or len(text) > LONGEST_EXPRESSION:
            return f"Its formula {source[:60]} uses what a key cannot say, so it stays out."
        lines = accepted if alike((percent or Fraction(0)) / 100, 1) else mistaken
        lines.append((source, Expression(text=text)))
    if not accepted or not variants:
        return "It has no right formula or no values, so it stays out."
    typed = Typed(
        kind=Kind.NUMBER,
        accepted=tuple(line for _, line in accepted),
        mistaken=tuple(line for _, line in mistaken),
        tolerance=_tolerance(element, remarks),
    )
    if checked(Asked(typed=typed, values=variants[0])):
        return f"Its formula {accepted[0][0][:60]} cannot be read, so it stays out."
    return Formula(
        typed=typed,
        names=names,
        variants=variants,
        sources=tuple(source for source, _ in (*accepted, *mistaken)),
        remarks=tuple(remarks),
    )


def with_parameters(html: str, names: Iterable[str]) -> str:
    """``{a}`` as our parameters are written."""
    known = frozenset(names)
    return _HOLE.sub(lambda it: f"{{{{{it[1]}}}}}" if it[1] in known else it[0], html)


def translated(formula: str, names: Sequence[str], depth: int = 0) -> str | None:
    """The formula in our notation; none where a function or a name is not known."""
    if len(formula) > LONGEST_EXPRESSION or depth > _DEEPEST:
        return None
    holes = _HOLE.findall(formula)
    if any(hole not in names for hole in holes):
        return None
    text = _HOLE.sub(lambda it: it[1], formula).replace("**", "^")
    written: list[str] = []
    at = 0
    for found in re.finditer(r"(?<![\w.])[A-Za-z_]\w*", text):
        if found.start() < at:
            continue
        written.append(text[at : found.start()])
        at = found.end()
        if text[at : at + 1] != "(":
            if found[0] not in names:
                return None
            written.append(found[0])
            continue
        inner = _bracketed(text, at)
        if inner is None:
            return None
        at += len(inner) + 2
        arguments = [translated(each, names, depth + 1) for each in _split(inner)]
        call = _called(found[0], [each for each in arguments if each is not None])
        if None in arguments or call is None:
            return None
        written.append(call)
    return "".join((*written, text[at:])).strip()


def kept_variants(found: Sequence[Values], remarks: list[tuple[Weight, str]]) -> tuple[Values, ...]:
    """As many as a course file can say: the values of each name, and what leaves some out."""
    kept: list[Values] = []
    for values in found:
        distinct = [{dict(each)[name] for each in (*kept, values)} for name, _ in values]
        if math.prod(map(len, distinct)) > MOST_VARIANTS:
            remarks.append(
                (Weight.LOST, f"Of its {len(found)} sets of values, {len(kept)} are carried.")
            )
            break
        if values not in kept:
            kept.append(values)
    return tuple(kept)


def _variants(
    sets: Sequence[Element], names: Sequence[str], remarks: list[tuple[Weight, str]]
) -> tuple[Values, ...]:
    """One variant for each number of an item that all sets have."""
    columns: list[dict[str, Fraction]] = []
    for each in sets:
        decimals = number(text_of(each, "decimals")) or Fraction(6)
        places = int(min(max(decimals, 0), _MOST_DECIMALS))
        column: dict[str, Fraction] = {}
        for item in each.iter("dataset_item"):
            value = number(text_of(item, "value"))
            if value is not None:
                column[text_of(item, "number")] = round(value, places)
        columns.append(column)
    shared = [key for key in columns[0] if all(key in column for column in columns)]
    return kept_variants(
        [
            tuple((name, column[key]) for name, column in zip(names, columns, strict=True))
            for key in shared
        ],
        remarks,
    )


def _tolerance(element: Element, remarks: list[tuple[Weight, str]]) -> Fraction | None:
    answer = next(iter(element.findall("answer")), None)
    tolerance = number(text_of(answer, "tolerance") or "0") or Fraction(0)
    if not tolerance:
        return None
    if (text_of(answer, "tolerancetype") or _RELATIVE) != _RELATIVE:
        remarks.append(
            (
                Weight.CHANGED,
                "Its absolute tolerance became a share of the answer, which varies: look at it.",
            )
        )
    found = share(abs(tolerance))
    return found if found < 1 else None


def _called(name: str, arguments: Sequence[str]) -> str | None:
    if name == "pi" and arguments == [""]:
        return "pi"
    if name == "pow" and len(arguments) == _POWER:
        return f"(({arguments[0]})^({arguments[1]}))"
    name = _RENAMED.get(name, name)
    if name in _SAME or name in _RENAMED.values():
        return f"{name}({', '.join(arguments)})"
    return None


def _bracketed(text: str, opening: int) -> str | None:
    """What stands in the bracket that opens at a place; none if it never closes."""
    depth = 0
    for place in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return text[opening + 1 : place]
    return None


def _split(inner: str) -> list[str]:
    """At the commas that stand in no further bracket."""
    parts, depth = [""], 0
    for sign in inner:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]
