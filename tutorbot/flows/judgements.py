"""How answers stand to another key: what was chosen at once, what was typed once it is judged."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from tutorbot.core.answers.verdicts import Asked, Right, RightButForm, Verdict, Wrong
from tutorbot.core.course import Question, Typed
from tutorbot.core.ids import CourseVersionId, OptionId
from tutorbot.core.regrading import (
    FORM,
    RIGHT,
    UNDECIDED,
    WRONG,
    Given,
    Judged,
    judged_choice,
    judged_typed,
)

Judge = Callable[[Asked, str], Awaitable[Verdict]]


@dataclass(frozen=True, kw_only=True)
class Unjudged:
    """A typed answer that is to be judged under another key."""

    asked: Asked
    typed: str


def unjudged(
    answers: Iterable[Given],
    after: Mapping[CourseVersionId, Question],
    known: Collection[str],
) -> dict[str, Unjudged]:
    """The typed answers of which it is not known how they stand, by digest."""
    found: dict[str, Unjudged] = {}
    for each in answers:
        question = after.get(each.version)
        if question is None or each.raw is None or not isinstance(question.body, Typed):
            continue
        name = digest(each)
        if name not in known and name not in found:
            asked = Asked(typed=question.body, values=each.values)
            found[name] = Unjudged(asked=asked, typed=each.raw)
    return found


def judging(
    after: Mapping[CourseVersionId, Question], codes: Mapping[str, str]
) -> Callable[[Given], Judged | None]:
    """How answers stand to the keys of these questions; None: that is not known yet.

    Args:
        after: the question of each version, with that key
        codes: the verdicts on what was typed, by digest
    """

    @cache
    def choice(version: CourseVersionId, chosen: tuple[OptionId, ...]) -> Judged:
        return judged_choice(after[version], chosen)

    def judged(given: Given) -> Judged | None:
        if given.version not in after:
            return None
        if given.chosen is not None:
            return choice(given.version, given.chosen)
        code = codes.get(digest(given))
        return judged_typed(code) if code else None

    return judged


def digest(given: Given) -> str:
    """What tells a typed answer from others in the same question."""
    told = [given.version, [[name, str(value)] for name, value in given.values], given.raw]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def verdict_code(verdict: Verdict) -> str:
    match verdict:
        case Right():
            return RIGHT
        case RightButForm():
            return FORM
        case Wrong():
            return WRONG
        case _:  # what was read once and cannot be any more is not held against anybody
            return UNDECIDED
