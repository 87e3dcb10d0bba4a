"""Help beyond the hints: a question like the one at hand, solved; the same with other numbers."""

from random import Random

from tutorbot.core.course import Choice, Course, Question, Reveal, Values
from tutorbot.core.practice import Solved, solution_due, with_values
from tutorbot.core.prose import Prose


def fresh_variant(question: Question, last: Values | None, dice: Random) -> int:
    """A variant other than the last, if there is one."""
    others = [place for place, values in enumerate(question.variants) if values != last]
    return dice.choice(others or range(len(question.variants)))


def sibling(course: Course, place: int) -> Question | None:
    """A question like the one at ``place``, with a solution that may be shown.

    It is the same one where that has other numbers, or else one for the same skills that came
    before in the paper: one that is still to come would be given away.
    """
    own = course.questions[place]
    if own.solution and len(own.variants) > 1 and solution_due(course, place):
        return own
    for each in reversed(course.questions[:place]):
        free = each.reveal is Reveal.ANSWERED and bool(each.solution)
        if free and {*each.skills} & {*own.skills}:
            return each
    return None


def solved_sibling(course: Course, place: int, values: Values, dice: Random) -> Solved | None:
    """The same with numbers set in, other than ``values`` if it is the very question."""
    found = sibling(course, place)
    if found is None:
        return None
    same = found is course.questions[place]
    variant = fresh_variant(found, values if same else None, dice)
    return Solved(question=with_values(found, found.variants[variant]), same=same)


def feedback_to(question: Question, tag: str) -> Prose:
    """What the author says to a kind of mistake."""
    body = question.body
    lines = body.options if isinstance(body, Choice) else body.mistaken
    return next((line.feedback for line in lines if line.tag == tag and line.feedback), ())
