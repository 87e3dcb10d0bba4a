"""How it stands with quizzes that are set to a class, whoever asks."""

from datetime import datetime

from tutorbot.core.assignments import Part, Standing, Summary, SummaryLine, counting, standing
from tutorbot.core.classes import Right
from tutorbot.core.ids import AssignmentId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.core.practice import Rule, in_language
from tutorbot.flows.published import Library
from tutorbot.store import assignments, classes, practice
from tutorbot.store.assignments import ToTell
from tutorbot.store.unit import Unit


async def look(
    unit: Unit, learner: LearnerId, assignment: AssignmentId, at: datetime
) -> Standing | None:
    """How it stands, for somebody to whom it was set and who may answer it now; else None."""
    found = await assignments.found(unit, assignment, learner, at)
    if found is None:
        return None
    quiz, part = found
    if part is None or not await classes.member(unit, quiz.class_id, learner, Right.ANSWER):
        return None
    return standing(quiz, part, at)


async def look_as_staff(
    unit: Unit, learner: LearnerId, assignment: AssignmentId, at: datetime
) -> Standing | None:
    """The same for those who may set quizzes to the class; else None."""
    found = await assignments.found(unit, assignment, learner, at)
    if found is None:
        return None
    if not await classes.member(unit, found[0].class_id, learner, Right.SET):
        return None
    return standing(found[0], Part(), at)


def rule(stands: Standing) -> Rule:
    """Under what its questions are posed while it is open."""
    return Rule(
        assignment=stands.assignment.id,
        counts=True,
        tries=stands.assignment.tries,
        tells=not stands.terms.last_counts,
        minutes_left=stands.minutes_left,
    )


async def summary(
    unit: Unit, library: Library, learner: Learner, assignment: AssignmentId
) -> Summary:
    """How each question went for a learner, by the scores as they are now."""
    lines: list[SummaryLine] = []
    for marked in await assignments.marks(unit, assignment, learner.id):
        for mark in marked.marks:
            course = in_language(await library.course(unit, mark.source.version), learner.language)
            lines.append(
                SummaryLine(
                    number=mark.place + 1,
                    title=course.question(mark.source.question).title,
                    answered=bool(mark.tries),
                    worth=mark.worth,
                )
            )
    return Summary(lines=tuple(lines))


async def tell(
    unit: Unit, library: Library, found: ToTell, now: datetime
) -> tuple[Standing, Summary] | None:
    """End a quiz that is over for somebody, and say how it went; None: they hear nothing."""
    quiz, learner = found.assignment, found.learner
    stands = standing(quiz, found.part, now)
    left = await practice.unfinished(unit, learner.id, counting(quiz.id))
    if left is not None:
        await practice.finish(unit, left.id, now)
    await assignments.told(unit, quiz.id, learner.id, now)
    if found.blocked or not stands.told:
        return None
    return stands, await summary(unit, library, learner, quiz.id)
