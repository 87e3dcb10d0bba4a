"""What somebody who works in a class asks about how it does."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import cast

from tutorbot.core import mastery
from tutorbot.core.analysis import RIGHT, Analysis, First, Item, analyse, item_of
from tutorbot.core.assignments import Assignment, terms
from tutorbot.core.classes import Member, NotAllowed, Right
from tutorbot.core.course import Question
from tutorbot.core.groups import shown_name
from tutorbot.core.ids import AssignmentId, ClassId, CourseId, LearnerId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.core.marks import Mark, Scored, mark
from tutorbot.core.mastery import Standing
from tutorbot.core.practice import in_language
from tutorbot.core.results import (
    SILENT,
    ClassResults,
    Everybody,
    LearnerLine,
    LearnerList,
    LearnerMark,
    LearnerResults,
    ListLearnerResults,
    NothingThere,
    QuestionLine,
    QuestionResults,
    QuizLine,
    QuizResults,
    SetDigest,
    ShowLearnerResults,
    ShowQuestionResults,
    ShowQuizResults,
    ShowResults,
    SkillLine,
    weak_skills,
)
from tutorbot.flows.published import Library
from tutorbot.store import assignments, classes, courses as courses_store, items, results
from tutorbot.store.alarms import Ranked
from tutorbot.store.results import Given, Key, Person, Sheet
from tutorbot.store.unit import Unit

QUIZZES = 8
"""Those that the page of a class lists, the newest."""

LEARNERS = 10
"""Those on a page of the list."""

Keys = Mapping[Key, Mapping[str, object]]
"""What the newest keys say."""


async def of_class(
    unit: Unit, library: Library, learner: Learner, action: ShowResults | SetDigest, at: datetime
) -> ClassResults | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.SEE_RESULTS)
    if member is None:
        return NotAllowed()
    if isinstance(action, SetDigest):
        if not member.may(Right.EDIT_KEYS):
            return NotAllowed()
        await results.set_digest(unit, action.class_id, on=action.on)
        about = {"on": action.on}
        await classes.note(unit, action.class_id, member.code, "set digest", at, about)
    found = await results.find_class(unit, action.class_id)
    if found is None:
        return NotAllowed()
    quizzes, all_of_them = await results.quizzes(unit, action.class_id, QUIZZES)
    silent = await results.silent(unit, action.class_id, at - SILENT)
    return ClassResults(
        class_id=action.class_id,
        title=found.title,
        timezone=found.timezone,
        learners=found.learners,
        silent=len(silent),
        quizzes=quizzes,
        more=all_of_them - len(quizzes),
        weak=await weak_in(unit, library, action.class_id),
        # It goes to whoever may mend what it finds.
        digest=found.digest if member.may(Right.EDIT_KEYS) else None,
    )


async def of_quiz(
    unit: Unit, library: Library, learner: Learner, action: ShowQuizResults
) -> QuizResults | NotAllowed:
    found = await _quiz(unit, learner, action.assignment)
    if found is None:
        return NotAllowed()
    member, quiz = found
    (line, *_), _ = await results.quizzes(unit, quiz.class_id, 1, quiz.id)
    questions = await _questions(unit, library, quiz, learner.language)
    given = await results.given(unit, assignment=quiz.id)
    keys = await keys_of(unit, quiz)
    analysis = await analysis_of(unit, library, quiz, given, keys)
    sheets = await results.sheets(unit, quiz.id)
    marks = marks_of(quiz, sheets, given, keys)
    return QuizResults(
        line=line,
        class_id=quiz.class_id,
        marks=tuple(each.share for each in marks.values() if each.share is not None),
        questions=tuple(
            QuestionLine(place=place, title=question.title, figures=figures)
            for place, (question, figures) in enumerate(zip(questions, analysis.items, strict=True))
        ),
        analysis=analysis,
        names=member.may(Right.SEE_NAMES),
    )


async def of_question(
    unit: Unit, library: Library, learner: Learner, action: ShowQuestionResults
) -> QuestionResults | NotAllowed | NothingThere:
    found = await _quiz(unit, learner, action.assignment)
    if found is None:
        return NotAllowed()
    member, quiz = found
    if action.place >= len(quiz.questions):
        return NothingThere()
    source = quiz.questions[action.place]
    mends = member.may(Right.EDIT_KEYS)
    questions = await _questions(unit, library, quiz, learner.language)
    given = await results.given(unit, assignment=quiz.id, firsts=True)
    analysis = await analysis_of(unit, library, quiz, given, await keys_of(unit, quiz))
    rolled_up = await items.of_version(unit, source.version)
    counts = next((each.counts for each in rolled_up if each.question == source.question), None)
    return QuestionResults(
        assignment=quiz.id,
        title=quiz.title,
        place=action.place,
        of=len(quiz.questions),
        question=questions[action.place],
        figures=analysis.items[action.place],
        everybody=Everybody(answers=counts.scored, facility=counts.facility) if counts else None,
        key=await courses_store.key(unit, source.version, source.question) if mends else None,
    )


async def list_learners(
    unit: Unit, learner: Learner, action: ListLearnerResults, at: datetime
) -> LearnerList | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.SEE_RESULTS)
    found = await results.find_class(unit, action.class_id) if member else None
    if member is None or found is None:
        return NotAllowed()
    there = [each for each in await results.people(unit, action.class_id) if not each.left]
    pages = max(1, -(-len(there) // LEARNERS))
    page = min(action.page, pages - 1)
    shown = there[page * LEARNERS : (page + 1) * LEARNERS]
    last = await results.last_answers(unit, [each.learner for each in shown])
    return LearnerList(
        class_id=action.class_id,
        timezone=found.timezone,
        page=page,
        pages=pages,
        learners=tuple(_line(member, each, last) for each in shown),
        now=at,
    )


async def of_learner(
    unit: Unit, library: Library, learner: Learner, action: ShowLearnerResults, at: datetime
) -> LearnerResults | NotAllowed | NothingThere:
    member = await classes.member(unit, action.class_id, learner.id, Right.SEE_RESULTS)
    found = await results.find_class(unit, action.class_id) if member else None
    if member is None or found is None:
        return NotAllowed()
    person = await results.by_code(unit, action.class_id, action.code)
    if person is None:
        return NothingThere()
    quizzes, _ = await results.quizzes(unit, action.class_id, QUIZZES)
    marks = [
        found_mark
        for line in quizzes
        if (found_mark := await _mark_in(unit, line, person.learner)) is not None
    ]
    firsts = await results.given(
        unit, class_id=action.class_id, learner=person.learner, firsts=True
    )
    last = await results.last_answers(unit, [person.learner])
    skills = mastery.skills(as_met(firsts), await by_course(unit, library, firsts))
    return LearnerResults(
        class_id=action.class_id,
        timezone=found.timezone,
        line=_line(member, person, last),
        marks=tuple(marks),
        skills=tuple(
            each
            for standing in (Standing.STUCK, Standing.WEAK)
            for each in skills
            if each.standing is standing
        ),
        now=at,
    )


async def may_see(unit: Unit, learner: Learner, assignment: AssignmentId) -> bool:
    return await _quiz(unit, learner, assignment) is not None


async def weak_in(
    unit: Unit, library: Library, class_id: ClassId, since: datetime | None = None
) -> tuple[SkillLine, ...]:
    counts = await results.shares(unit, class_id, since)
    keys = list(counts)
    courses = {version: await library.course(unit, version) for version, _ in keys}
    return weak_skills(
        {number: counts[key] for number, key in enumerate(keys)},
        {
            number: courses[version].question(question)
            for number, (version, question) in enumerate(keys)
        },
    )


async def keys_of(unit: Unit, quiz: Assignment) -> Keys:
    return await results.newest_keys(unit, [each.version for each in quiz.questions])


async def analysis_of(
    unit: Unit, library: Library, quiz: Assignment, given: Sequence[Given], keys: Keys
) -> Analysis:
    """What the questions of a quiz are worth, under the keys as they are now."""
    questions = await _questions(unit, library, quiz)
    places = {(each.version, each.question): place for place, each in enumerate(quiz.questions)}
    sheets: dict[LearnerId, dict[int, First]] = {}
    for each in given:
        place = places.get((each.version, each.question))
        if place is not None and each.number == 1:
            sheets.setdefault(each.learner, {})[place] = First(
                share=each.share, chosen=chosen_in(each), tags=tuple(each.tags or ())
            )
    items = [
        under(question, keys.get((source.version, source.question), {}))
        for question, source in zip(questions, quiz.questions, strict=True)
    ]
    # Of a large class it takes a while, and others wait for answers.
    return await asyncio.to_thread(analyse, items, sheets)


def marks_of(
    quiz: Assignment, sheets: Sequence[Sheet], given: Sequence[Given], keys: Keys
) -> dict[LearnerId, Mark]:
    """The mark of everybody who opened a quiz, as `store.assignments.marks` has it, and quicker."""
    answers: dict[LearnerId, dict[Key, list[Scored]]] = {}
    for each in given:
        of_learner = answers.setdefault(each.learner, {})
        scored = Scored(at=each.at, points=each.points, out_of=each.out_of)
        of_learner.setdefault((each.version, each.question), []).append(scored)
    worths = {key: float(Fraction(str(content.get("points", 1)))) for key, content in keys.items()}
    return {
        sheet.learner: mark(
            sheet.picked, answers.get(sheet.learner, {}), worths, terms(quiz, sheet.part)
        )
        for sheet in sheets
        if sheet.picked
    }


def under(question: Question, key: Mapping[str, object]) -> Item:
    """The question as its newest key has it, if that is of options."""
    item = item_of(question)
    right, unscored = key.get("right"), key.get("unscored", [])
    if not item.options or not isinstance(right, list) or not isinstance(unscored, list):
        return item
    return replace(
        item,
        right=frozenset(map(str, cast("list[object]", right))),
        unscored=frozenset(map(str, cast("list[object]", unscored))),
    )


def chosen_in(first: Given | Ranked) -> frozenset[str]:
    """The options, or what was typed: `RIGHT`, or a wrong answer with the numbers it is about."""
    if first.chosen is not None:
        return frozenset(first.chosen)
    if first.share or first.code == "form" or (first.code == "right" and first.hints):
        return frozenset({RIGHT})
    typed = " ".join((first.parsed or "…").split())
    values = ", ".join(f"{name} = {value}" for name, value in first.variant or ())
    return frozenset({f"{typed} ({values})" if values else typed})


def as_met(firsts: Sequence[Given]) -> list[mastery.First]:
    """First answers as mastery is judged by; those that are undecided are none."""
    return [
        mastery.First(
            course=each.course,
            question=each.question,
            values=tuple((name, Fraction(value)) for name, value in each.variant or ()),
            right=each.code == "right",
            hints=each.hints,
            at=each.at,
        )
        for each in firsts
        if each.code != "undecided"
    ]


async def by_course(
    unit: Unit, library: Library, firsts: Sequence[Given]
) -> Mapping[tuple[CourseId, QuestionId], Question]:
    """The questions that were answered; where there are several versions of one, the newest."""
    found: dict[tuple[CourseId, QuestionId], Question] = {}
    for version in sorted({each.version for each in firsts}):
        course = await library.course(unit, version)
        found |= {(course.id, question.id): question for question in course}
    return found


def was_late(quiz: Assignment, sheet: Sheet) -> bool:
    finished, due = sheet.part.finished_at, terms(quiz, sheet.part).due
    return finished is not None and due is not None and finished > due


async def _quiz(
    unit: Unit, learner: Learner, assignment: AssignmentId
) -> tuple[Member, Assignment] | None:
    quiz = await assignments.find(unit, assignment)
    if quiz is None:
        return None
    member = await classes.member(unit, quiz.class_id, learner.id, Right.SEE_RESULTS)
    return (member, quiz) if member else None


async def _mark_in(unit: Unit, line: QuizLine, learner: LearnerId) -> LearnerMark | None:
    quiz = await assignments.find(unit, line.assignment)
    sheets = await results.sheets(unit, line.assignment, learner)
    if quiz is None or not sheets:
        return None
    (sheet,) = sheets
    given = await results.given(unit, assignment=line.assignment, learner=learner)
    mine = marks_of(quiz, sheets, given, await keys_of(unit, quiz)).get(learner)
    return LearnerMark(
        assignment=line.assignment,
        title=line.title,
        share=mine.share if mine else None,
        finished=sheet.part.finished_at is not None,
        late=was_late(quiz, sheet),
    )


async def _questions(
    unit: Unit, library: Library, quiz: Assignment, language: str | None = None
) -> list[Question]:
    found: list[Question] = []
    for each in quiz.questions:
        course = await library.course(unit, each.version)
        spoken = course if language is None else in_language(course, language)
        found.append(spoken.question(each.question))
    return found


def _line(member: Member, person: Person, last: Mapping[LearnerId, datetime]) -> LearnerLine:
    return LearnerLine(
        code=person.code,
        name=shown_name(person.name) if member.may(Right.SEE_NAMES) else None,
        last=last.get(person.learner),
    )
