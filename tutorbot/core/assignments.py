"""Quizzes that are set to a class, on the side of those who answer them."""

from dataclasses import dataclass

from tutorbot.core.ids import AssignmentId


@dataclass(frozen=True)
class OpenQuiz:
    """Begin what is set, go on with it, or hear how it stands."""

    assignment: AssignmentId


@dataclass(frozen=True)
class ListQuizzesSet:
    """All that is set to the presser."""


@dataclass(frozen=True)
class HandIn:
    """Finish before all is answered, or ask whether that is meant."""

    assignment: AssignmentId
    sure: bool = False


AssignmentAction = OpenQuiz | ListQuizzesSet | HandIn
