"""Pairs of lines to judge outside of a chat: rows of JSON in, rows of verdicts out.

A row names what a question would: ``student`` and ``teacher``, what is typed and its key; ``vars``
and ``functions``, the names in them; ``kind`` and ``syntax``. Nothing in a row is trusted: whatever
is wrong with one becomes an error row.
"""

import gettext
import json
import re
import time
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from tutorbot.core.answers.judge import judge, prepare
from tutorbot.core.answers.kinds.scalar import UnsoundKeyError
from tutorbot.core.answers.verdicts import (
    Asked,
    Proof,
    Right,
    RightButForm,
    Undecided,
    Unreadable,
    Verdict,
    Wrong,
)
from tutorbot.core.answers.vocabulary import GREEK_NAMES, SPELLED, canonical
from tutorbot.core.course import Expression, Form, Kind, Typed
from tutorbot.core.prose import Paragraph, Prose, Text, Verbatim
from tutorbot.views.checked import verdict_prose

Answer = dict[str, Any]  # of JSON: what is written for one row

MAX_ROW = 1_000_000  # bytes
MAX_NAMES = 200
MAX_NAME = 40

LOOSE_KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "expr": (Kind.FORMULA,),
    "expression": (Kind.FORMULA,),
    "list": (Kind.TUPLE, Kind.VECTOR),
    "set": (Kind.SET, Kind.INTERVAL, Kind.SOLUTIONS),
    "interval": (Kind.INTERVAL, Kind.SET, Kind.INEQUALITY),
    "equation": (Kind.EQUATION, Kind.SOLUTIONS, Kind.LOGIC),
    "inequality": (Kind.INEQUALITY, Kind.LOGIC, Kind.FORMULA),
    "logic": (Kind.LOGIC, Kind.SOLUTIONS, Kind.INEQUALITY),
    "mixed": (Kind.LOGIC, Kind.SET),
}
"""Kinds as rows name them: the first of ours that can read the key is meant."""


class BadRow(ValueError):
    """A row, or its key, cannot be used; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """What is typed, beside what would be right, as an author would put it."""

    student: str
    teacher: str
    names: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    kind: str = "expr"
    form: Form | None = None


def judged(line: bytes) -> Answer:
    """The verdict row for one row of JSON. Never raises."""
    name: object = None
    try:
        row = _json(line)
        name = _name(row)
        return {"id": name} | verdict_of(_pair(row))
    except BadRow as trouble:
        return error_row(name, str(trouble))
    except Exception as trouble:  # noqa: BLE001 - a bug in the judge costs its row, not the run
        return error_row(name, f"the judge failed: {type(trouble).__name__}")


def named(line: bytes) -> object:
    """The id of a row, if it can be told."""
    try:
        return _name(_json(line))
    except BadRow:
        return None


def error_row(name: object, message: str) -> Answer:
    return {"id": name, "verdict": "error", "message": message}


def verdict_of(pair: Pair) -> Answer:
    """What a learner would be told of it, how long that took in milliseconds, and the proof.

    Raises:
        BadRow: the key cannot be read.
    """
    questions = asked(pair)
    start = time.perf_counter()
    verdict = best(questions, pair.student)
    took = (time.perf_counter() - start) * 1_000
    words = gettext.NullTranslations()
    return {
        "verdict": _WORD[type(verdict)],
        "mistake": _mistake(verdict),
        "message": in_plain_text(verdict_prose(words, verdict, pair.student)),
        "read": None if isinstance(verdict, Unreadable) else verdict.echo.text,
        "proof": _proof(verdict.proof) if isinstance(verdict, Wrong) else None,
        "ms": round(took, 3),
    }


def asked(pair: Pair) -> tuple[Asked, ...]:
    """The question that an author means by a key and some names; several, if they are unclear.

    Names that the key uses and nobody declared are declared. A list of names does not say whether
    I is a current or the imaginary unit: it is read as a symbol first, and as the unit then.

    Raises:
        BadRow: the key cannot be read.
    """
    doubtful = {canonical(name) for name in pair.names} & _DOUBTFUL
    plain = _question(pair)
    if not doubtful:
        return (plain,)
    without = tuple(name for name in pair.names if canonical(name) not in doubtful)
    try:
        return plain, _question(replace(pair, names=without))
    except BadRow:
        return (plain,)


def best(questions: tuple[Asked, ...], student: str) -> Verdict:
    """The best verdict among the ways to understand the question, the first of equals."""
    verdicts: list[Verdict] = []
    for question in questions:
        verdict = judge(question, student)
        if isinstance(verdict, Right):
            return verdict
        verdicts.append(verdict)
    order = (RightButForm, Undecided, Wrong, Unreadable)
    return min(verdicts, key=lambda verdict: order.index(type(verdict)))


def in_plain_text(prose: Prose) -> str:
    """Without any style, for a terminal or a row."""
    return "\n".join(
        block.text
        if isinstance(block, Verbatim)
        else "".join(part.text if isinstance(part, Text) else part.latex for part in block.line)
        for block in prose
        if isinstance(block, Paragraph | Verbatim)
    )


# -- from a pair to a question ---------------------------------------------------------------------

_DOUBTFUL = frozenset(("I", "E", "i", "j", "e", "pi", "oo", "inf"))
_CONSTANTS = ("e", "i")
_NAME = re.compile(r"\\?[^\W\d_][\w{}']*", re.ASCII)
_WORD_IN_KEY = re.compile(r"[A-Za-z]+")
_LETTER_AND_DIGITS = re.compile(r"([A-Za-z]+)\d+")
_ROUNDS = 12  # names that the key uses and nobody declared


def _question(pair: Pair) -> Asked:
    kinds = LOOSE_KINDS.get(pair.kind)
    if kinds is None:
        try:
            kinds = (Kind(pair.kind),)
        except ValueError:
            raise BadRow(f"there is no kind {pair.kind[:MAX_NAME]!r}") from None
    trouble: BadRow | None = None
    for kind in kinds:
        try:
            question = _sound(_typed(pair, kind))
        except BadRow as unsound:
            trouble = trouble or unsound
        else:
            typed = question.typed
            if pair.kind == "expr" and not (typed.symbols or typed.functions):
                return replace(question, typed=replace(typed, kind=Kind.NUMBER))
            return question
    assert trouble is not None
    raise trouble


def _typed(pair: Pair, kind: Kind) -> Typed:
    functions = tuple(name for name in pair.functions if _NAME.fullmatch(canonical(name)))
    symbols = tuple(
        name
        for name in map(canonical, pair.names)
        if _NAME.fullmatch(name) and not (name in SPELLED and f"{name}(" in pair.teacher)
    )
    words = set(_WORD_IN_KEY.findall(pair.teacher))
    greek = tuple(sorted(words & GREEK_NAMES - {"pi"} - set(functions)))
    return Typed(
        kind=kind,
        accepted=(Expression(text=pair.teacher),),
        symbols=tuple(dict.fromkeys((*symbols, *greek))),
        functions=functions,
        constants=_CONSTANTS,
        form=pair.form,
    )


def _sound(typed: Typed) -> Asked:
    """The question, with every name declared that its key uses.

    Raises:
        BadRow: the key cannot be read all the same.
    """
    for _ in range(_ROUNDS):
        question = Asked(typed=typed)
        try:
            prepare(question)
        except UnsoundKeyError as unsound:
            name = _undeclared(unsound)
            if name is None or name in typed.symbols:
                raise BadRow(_unsound(unsound)) from None
            typed = replace(typed, symbols=(*typed.symbols, name))
        else:
            return question
    raise BadRow("the teacher's line uses too many names that are not declared")


def _undeclared(unsound: UnsoundKeyError) -> str | None:
    problem = unsound.problem
    if problem.code == "unknown-symbol":
        return canonical(problem.details["name"])
    if problem.code == "ambiguous-power":  # M0
        place = unsound.line[problem.at : problem.at + problem.length]
        return place if _LETTER_AND_DIGITS.fullmatch(place) else None
    return None


def _unsound(unsound: UnsoundKeyError) -> str:
    told = verdict_prose(
        gettext.NullTranslations(), Unreadable(problem=unsound.problem), unsound.line
    )
    return f"the teacher's line cannot be read:\n{in_plain_text(told)}"


# -- verdicts --------------------------------------------------------------------------------------

_WORD: Final[dict[type[Verdict], str]] = {
    Right: "right",
    RightButForm: "form",
    Wrong: "wrong",
    Unreadable: "unreadable",
    Undecided: "undecided",
}


def _mistake(verdict: Verdict) -> str | None:
    """The code of the slip, or of what is missing or unclear."""
    match verdict:
        case Wrong(slip=slip) if slip is not None:
            return slip.code
        case RightButForm(missing=missing):
            return missing.code
        case Unreadable(problem=problem):
            return problem.code
        case _:
            return None


def _proof(proof: Proof) -> Answer:
    return {
        "method": proof.method,
        "point": dict(proof.point),
        "got": proof.got,
        "expected": proof.expected,
    }


# -- rows ------------------------------------------------------------------------------------------


def _json(line: bytes) -> dict[str, object]:
    if len(line) > MAX_ROW:
        raise BadRow(f"the row is longer than {MAX_ROW} bytes")
    try:
        row: object = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadRow("the row is not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadRow("the row is not JSON") from None
    if not isinstance(row, dict):
        raise BadRow("the row is no JSON object")
    return cast("dict[str, object]", row)


def _name(row: dict[str, object]) -> object:
    """Its id, as long as that is something to tell rows apart by."""
    name = row.get("id")
    return name if isinstance(name, str | int) and not isinstance(name, bool) else None


def _pair(row: dict[str, object]) -> Pair:
    if row.get("id") is not None and _name(row) is None:
        raise BadRow("`id` must be a string or a whole number")
    syntax = _text(row, "syntax", default="plain")
    if syntax not in {"plain", "latex"}:
        raise BadRow(f"there is no syntax {syntax[:MAX_NAME]!r}")
    return Pair(
        student=_text(row, "student"),
        teacher=_text(row, "teacher"),
        names=_names(row, "vars"),
        functions=_names(row, "functions"),
        kind=_text(row, "kind", default="expr"),
    )


def _text(row: dict[str, object], key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if value is None:
        raise BadRow(f"`{key}` is missing")
    if not isinstance(value, str):
        raise BadRow(f"`{key}` must be a string")
    return value


def _names(row: dict[str, object], key: str) -> tuple[str, ...]:
    value = row.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BadRow(f"`{key}` must be a list of names")
    names = cast("list[object]", value)
    if len(names) > MAX_NAMES:
        raise BadRow(f"`{key}` has more than {MAX_NAMES} names")
    return tuple(name for name in names if isinstance(name, str) and 0 < len(name) <= MAX_NAME)
