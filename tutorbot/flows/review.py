"""What a learner could review: the questions of all papers, their cards, and what is picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random

from tutorbot.core import mastery
from tutorbot.core.calendar import study_day
from tutorbot.core.course import Course, Question, Reveal, Values
from tutorbot.core.difficulty import fit
from tutorbot.core.ids import CourseId, CourseVersionId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.core.mastery import First, Standing, abilities
from tutorbot.core.practice import in_language
from tutorbot.core.review import Candidate, Card, Pick, Plan, candidate, plan
from tutorbot.core.tutoring import fresh_variant
from tutorbot.flows.published import Library
from tutorbot.store import assignments, courses, difficulty, practice, recall
from tutorbot.store.practice import Sitting
from tutorbot.store.unit import Unit

Key = tuple[CourseId, QuestionId]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """All that a plan for the day follows from."""

    today: date
    exam: date | None  # if it is still to come
    # Of the newest versions, in the order of the shelf, without those that a quiz which is set to
    # the learner keeps back.
    questions: Mapping[Key, Question]
    versions: Mapping[CourseId, CourseVersionId]
    cards: Mapping[Key, Card]
    firsts: tuple[First, ...]
    difficulties: Mapping[Key, float]
    known: frozenset[CourseId]  # papers that the learner has been through
    learner: Learner

    @property
    def candidates(self) -> list[Candidate]:
        """What was answered, then what could be begun, the most fitting first."""
        asked = [
            candidate(card, self.learner.id, self.questions[key].skills, self.today, self.exam)
            for key, card in self.cards.items()
            if key in self.questions
        ]
        ability = abilities(self.firsts, self.questions, self.difficulties)
        fresh = [
            Candidate(course=key[0], question=key[1], skills=frozenset(question.skills))
            for key, question in sorted(
                self.questions.items(),
                key=lambda pair: fit(pair[1], ability, self.difficulties.get(pair[0], 0.0)),
            )
            if key not in self.cards and key[0] in self.known
        ]
        return [*asked, *fresh]

    @property
    def plan(self) -> Plan:
        return plan(self.candidates, self.today, exam=self.exam)

    def picks(self, those: Sequence[Candidate], dice: Random) -> tuple[Pick, ...]:
        return tuple(self.pick((each.course, each.question), dice) for each in those)

    def pick(self, key: Key, dice: Random, last: Values | None = None) -> Pick:
        """The question in a variant that differs from the one it was last asked in."""
        card = self.cards.get(key)
        before = last if last is not None else card.values if card else None
        return Pick(
            version=self.versions[key[0]],
            course=key[0],
            question=key[1],
            variant=fresh_variant(self.questions[key], before, dice),
        )

    def stuck(self, those: Sequence[Key]) -> tuple[str, ...]:
        """The skills of these questions in which more of the same does not help."""
        met = {
            name for key in those if key in self.questions for name in self.questions[key].skills
        }
        return tuple(
            each.name
            for each in mastery.skills(self.firsts, self.questions)
            if each.standing is Standing.STUCK and each.name in met
        )


async def desk(unit: Unit, library: Library, learner: Learner, at: datetime) -> Desk:
    sealed = await assignments.sealed(unit, learner.id, at)
    questions: dict[Key, Question] = {}
    versions: dict[CourseId, CourseVersionId] = {}
    for published in await courses.newest(unit):
        course = await library.course(unit, published.version)
        versions[course.id] = published.version
        questions |= {
            (course.id, question.id): question
            for question in course
            if (course.id, question.id) not in sealed
        }
    cards = {(card.course, card.question): card for card in await recall.all_of(unit, learner.id)}
    today = study_day(at, learner.timezone, learner.day_starts)
    exam = await recall.exam_of(unit, learner.id)
    under_way = {sitting.course for sitting, _ in await practice.unfinished_all(unit, learner.id)}
    return Desk(
        today=today,
        exam=exam if exam and exam > today else None,
        questions=questions,
        versions=versions,
        cards=cards,
        firsts=await firsts(unit, learner),
        difficulties=await difficulty.of_courses(unit, versions),
        known=frozenset(course for course, _ in cards) - under_way,
        learner=learner,
    )


async def firsts(unit: Unit, learner: Learner) -> tuple[First, ...]:
    return tuple(
        First(
            course=each.course,
            question=each.question,
            values=each.values,
            right=each.right,
            hints=each.hints,
            at=each.at,
        )
        for each in await recall.first_tries(unit, learner.id)
    )


async def picked(
    unit: Unit, library: Library, sitting: Sitting, language: str, *, alone: bool = True
) -> Course:
    """What was picked, as a paper.

    Each question stands ``alone``, and its solution may be shown; else as its author has it.
    """
    questions: list[Question] = []
    for pick in sitting.picked:
        course = in_language(await library.course(unit, pick.version), language)
        question = course.question(pick.question)
        if alone:
            question = replace(question, reveal=Reveal.ANSWERED, group=None)
        questions.append(question)
    return Course(id=sitting.course, title="", lang=language, questions=tuple(questions))
