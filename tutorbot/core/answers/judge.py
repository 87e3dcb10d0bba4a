"""The judge: a question, a typed answer, a verdict. Total: any text gets one, and none raises."""

from functools import lru_cache

from tutorbot.core.answers.kinds import formula, number, scalar, size
from tutorbot.core.answers.kinds.scalar import Lines, UnsoundKeyError
from tutorbot.core.answers.kinds.size import Sizes
from tutorbot.core.answers.notes import lookalikes, noted
from tutorbot.core.answers.printing import echo
from tutorbot.core.answers.reader import read, read_size
from tutorbot.core.answers.verdicts import Asked, Echo, Problem, Verdict
from tutorbot.core.course import Kind

Key = Lines | Sizes
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


def judge(asked: Asked, text: str) -> Verdict:
    """How a typed answer stands to the key of a sound question."""
    key = prepare(asked)
    verdict = size.judge(key, text) if isinstance(key, Sizes) else scalar.judge(key, text)
    # A few words may be in any alphabet; in a formula, the keyboard was not switched.
    return (
        verdict
        if asked.typed.kind is Kind.TEXT
        else noted(verdict, *lookalikes(text, asked.typed.symbols))
    )


def echoed(asked: Asked, text: str) -> Echo | Problem:
    """What is read, without a judgement of it. Bounded, whatever was typed."""
    key = prepare(asked)
    if isinstance(key, Sizes):
        outcome = read_size(text, key.vocabulary)
        return outcome if isinstance(outcome, Problem) else echo(outcome)
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
    found = size.flaws(key, asked) if isinstance(key, Sizes) else scalar.flaws(key, asked)
    return tuple(found)
