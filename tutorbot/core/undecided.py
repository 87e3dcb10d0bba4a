"""Answers that the judge could not decide, as an instructor sees them."""

from dataclasses import dataclass
from datetime import datetime

from tutorbot.core.ids import AnswerId, CourseId, LearnerId, QuestionId


@dataclass(frozen=True, kw_only=True)
class LeftUndecided:
    answer: AnswerId
    learner: str  # a code: what is marked is an answer, not a person
    course: CourseId
    question: QuestionId
    typed: str
    read: str
    key: str  # the canonical answer as its author wrote it, and the values of the variant
    at: datetime


def code_of(learner: LearnerId) -> str:
    """What an instructor calls a learner whose name is nobody's business."""
    return f"L{learner}"
