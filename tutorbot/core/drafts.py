"""A quiz in the making: what it holds, to whom it goes, when it is open, and by which rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from tutorbot.core.ids import AssignmentId


@dataclass(frozen=True)
class WholeClass:
    """All who learn in it."""


@dataclass(frozen=True)
class OfCohort:
    cohort: str


@dataclass(frozen=True)
class Unfinished:
    """Whoever has not finished a quiz that was set before."""

    assignment: AssignmentId


@dataclass(frozen=True)
class WeakIn:
    """Whoever had less than half right of their last answers on a skill."""

    skill: str


Audience = WholeClass | OfCohort | Unfinished | WeakIn


def audience_as_json(audience: Audience) -> dict[str, object]:
    match audience:
        case WholeClass():
            return {"kind": "class"}
        case OfCohort(cohort=cohort):
            return {"kind": "cohort", "cohort": cohort}
        case Unfinished(assignment=assignment):
            return {"kind": "unfinished", "assignment": assignment}
        case WeakIn(skill=skill):
            return {"kind": "weak", "skill": skill}
        case _:
            assert_never(audience)


def audience_of(kept: Mapping[str, Any]) -> Audience:
    match kept:
        case {"kind": "cohort", "cohort": str(cohort)}:
            return OfCohort(cohort)
        case {"kind": "unfinished", "assignment": int(assignment)}:
            return Unfinished(AssignmentId(assignment))
        case {"kind": "weak", "skill": str(skill)}:
            return WeakIn(skill)
        case _:
            return WholeClass()
