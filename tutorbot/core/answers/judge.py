"""The judge: a question, a typed answer, a verdict. Total: any text gets one, and none raises."""

from dataclasses import replace
from functools import lru_cache

from tutorbot.core.answers.kinds import (
    equation,
    formula,
    inequality,
    interval,
    listing,
    logic,
    matrix,
    number,
    quantity,
    scalar,
    sets,
    size,
    solutions,
    structured,
    words,
)
from tutorbot.core.answers.kinds.quantity import Quantities
from tutorbot.core.answers.kinds.scalar import Lines, UnsoundKeyError
from tutorbot.core.answers.kinds.size import Sizes
from tutorbot.core.answers.kinds.structured import Structured
from tutorbot.core.answers.kinds.words import Texts
from tutorbot.core.answers.notes import lookalikes, noted
from tutorbot.core.answers.printing import echo
from tutorbot.core.answers.reader import read, read_size
from tutorbot.core.answers.verdicts import Asked, Echo, Problem, Unreadable, Verdict
from tutorbot.core.course import Kind

Key = Lines | Sizes | Structured | Quantities | Texts
"""A key, read and worked out. It holds secrets of this process and must not leave it."""

KEPT = 1_024  # keys at hand; a variant of a question is a key


@lru_cache(maxsize=KEPT)
def prepare(asked: Asked) -> Key:
    """Read the key once for all answers to come.

    Raises:
        UnsoundKeyError: the author's lines cannot be read; the course check refuses such a course.
    """
    match asked.typed.kind:
        case Kind.FORMULA:
            return formula.prepare(asked)
        case Kind.NUMBER:
            return number.prepare(asked)
        case Kind.SIZE:
            return size.prepare(asked)
        case Kind.QUANTITY:
            return quantity.prepare(asked)
        case Kind.EQUATION:
            return equation.prepare(asked)
        case Kind.INEQUALITY:
            return inequality.prepare(asked)
        case Kind.SET:
            return sets.prepare(asked)
        case Kind.SOLUTIONS:
            return solutions.prepare(asked)
        case Kind.INTERVAL:
            return interval.prepare(asked)
        case Kind.TUPLE:
            return listing.prepare_tuple(asked)
        case Kind.VECTOR:
            return listing.prepare_vector(asked)
        case Kind.MATRIX:
            return matrix.prepare(asked)
        case Kind.LOGIC:
            return logic.prepare(asked)
        case Kind.TEXT:
            return words.prepare(asked)


def judge(asked: Asked, text: str) -> Verdict:
    """How a typed answer stands to the key of a sound question."""
    key = prepare(asked)
    verdict = _judged(key, text)
    if asked.typed.kind is Kind.NUMBER and asked.typed.significant is not None:
        assert isinstance(key, Lines)
        verdict = number.with_figures(key, text, verdict, asked.typed.significant)
    if asked.typed.kind is Kind.NUMBER:
        verdict = _in_numbers(verdict)
    # A few words may be in any alphabet; in a formula, the keyboard was not switched.
    return (
        verdict
        if asked.typed.kind is Kind.TEXT
        else noted(verdict, *lookalikes(text, asked.typed.symbols))
    )


def _in_numbers(verdict: Verdict) -> Verdict:
    """Where a number is asked for, a word is no symbol that might have been another one."""
    if not isinstance(verdict, Unreadable) or verdict.problem.code != "unknown-symbol":
        return verdict
    problem = verdict.problem
    return Unreadable(
        problem=replace(problem, code="number-wanted", details={"name": problem.details["name"]})
    )


def echoed(asked: Asked, text: str) -> Echo | Problem:
    """What is read, without a judgement of it. Bounded, whatever was typed."""
    key = prepare(asked)
    match key:
        case Structured():
            return structured.echoed(key, text)
        case Quantities():
            return quantity.echoed(key, text)
        case Texts():
            return words.echoed(key, text)
        case Sizes():
            outcome = read_size(text, key.vocabulary)
            return outcome if isinstance(outcome, Problem) else echo(outcome)
        case Lines():
            pass
    reading = read(text, key.vocabulary)
    return reading if isinstance(reading, Problem) else echo(reading.tree)


def checked(asked: Asked) -> tuple[str, ...]:
    """What is wrong with a key, in sentences for its author; nothing if it is sound.

    It is sound if every line can be read, each accepted line accepts itself, and no mistaken one
    equals an accepted one.
    """
    if not asked.typed.accepted:
        return ("there is no accepted answer",)
    try:
        key = prepare(asked)
    except UnsoundKeyError as error:
        return (str(error),)
    match key:
        case Structured():
            return tuple(structured.flaws(key, asked))
        case Quantities():
            return tuple(quantity.flaws(key, asked))
        case Texts():
            return tuple(words.flaws(key, asked))
        case Sizes():
            return tuple(size.flaws(key, asked))
        case Lines():
            return tuple(scalar.flaws(key, asked))


def _judged(key: Key, text: str) -> Verdict:
    match key:
        case Structured():
            return structured.judge(key, text)
        case Quantities():
            return quantity.judge(key, text)
        case Texts():
            return words.judge(key, text)
        case Sizes():
            return size.judge(key, text)
        case Lines():
            return scalar.judge(key, text)
