"""Files about a quiz, made when they are sent, by what their reader may see at that moment."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutorbot.core.assignments import Assignment
from tutorbot.core.classes import Member, Right
from tutorbot.core.course import Choice, Question, Typed
from tutorbot.core.groups import shown_name
from tutorbot.core.ids import AssignmentId, LearnerId
from tutorbot.core.privacy import Rows, as_csv
from tutorbot.core.prose import (
    Bullets,
    Choices,
    Display,
    Heading,
    Line,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Text,
    Verbatim,
)
from tutorbot.core.xapi import AnswerGiven, Asked, Finished, Place, lines
from tutorbot.flows import results as seen
from tutorbot.flows.published import Library
from tutorbot.store import assignments, classes, results
from tutorbot.store.results import Given, Person
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class File:
    name: str
    content: bytes


async def made(
    unit: Unit,
    library: Library,
    reader: LearnerId,
    kind: str,
    assignment: AssignmentId,
    home: str,
) -> File | None:
    """Make the file; None if there is no such quiz, or its reader may see it no longer.

    Args:
        unit: read in
        library: of the courses
        reader: to whom it goes
        kind: marks, or statements
        assignment: what it is about
        home: the address of the bot
    """
    quiz = await assignments.find(unit, assignment)
    if quiz is None:
        return None
    member = await classes.member(unit, quiz.class_id, reader, Right.SEE_RESULTS)
    if member is None:
        return None
    people = {each.learner: each for each in await results.people(unit, quiz.class_id)}
    given = await results.given(unit, assignment=quiz.id)
    if kind == "marks":
        content = await _marks(unit, quiz, member, people, given)
        return File(name=f"quiz-{quiz.id}-marks.csv", content=content.encode())
    content = await _statements(unit, library, quiz, people, given, home)
    return File(name=f"quiz-{quiz.id}-xapi.jsonl", content=content.encode())


async def _marks(
    unit: Unit,
    quiz: Assignment,
    member: Member,
    people: dict[LearnerId, Person],
    given: Sequence[Given],
) -> str:
    """One line for each learner to whom it was set, by their codes."""
    sheets = await results.sheets(unit, quiz.id)
    marks = seen.marks_of(quiz, sheets, given, await seen.keys_of(unit, quiz))
    names = member.may(Right.SEE_NAMES)
    columns = (
        "code",
        *(("name",) if names else ()),
        *("cohort", "started", "finished", "late", "points", "out of", "percent"),
        *(f"{place}. {each.question}" for place, each in enumerate(quiz.questions, 1)),
    )
    rows: list[tuple[object, ...]] = []
    for sheet in sheets:
        person = people.get(sheet.learner)
        if person is None:  # somebody of the staff, or who was forgotten
            continue
        mark = marks.get(sheet.learner)
        share = mark.share if mark else None
        rows.append(
            (
                person.code,
                *((shown_name(person.name),) if names else ()),
                person.cohort,
                sheet.part.started_at,
                sheet.part.finished_at,
                seen.was_late(quiz, sheet),
                round(mark.total, 6) if mark and share is not None else None,
                round(mark.out_of, 6) if mark else None,
                None if share is None else round(100 * share, 2),
                *(
                    _rounded(mark.points.get((each.version, each.question)) if mark else None)
                    for each in quiz.questions
                ),
            )
        )
    rows.sort(key=lambda row: str(row[0]))
    return await asyncio.to_thread(as_csv, Rows(columns=columns, rows=rows))


def _rounded(points: float | None) -> float | None:
    return None if points is None else round(points, 6)


async def _statements(
    unit: Unit,
    library: Library,
    quiz: Assignment,
    people: dict[LearnerId, Person],
    given: Sequence[Given],
    home: str,
) -> str:
    keys = await seen.keys_of(unit, quiz)
    asked: dict[results.Key, Asked] = {}
    language = "en"
    for source in quiz.questions:
        course = await library.course(unit, source.version)
        language = course.lang
        key = keys.get((source.version, source.question), {})
        asked[source.version, source.question] = _asked(course.question(source.question), key)
    sheets = await results.sheets(unit, quiz.id)
    marks = seen.marks_of(quiz, sheets, given, keys)
    answers = [
        AnswerGiven(
            number=each.id,
            code=people[each.learner].code,
            asked=asked[each.version, each.question],
            response=tuple(each.chosen) if each.chosen is not None else (each.parsed or "",),
            points=each.points,
            out_of=each.out_of,
            took=each.at - each.opened_at if each.number == 1 else None,
            at=each.at,
        )
        for each in given
        if each.learner in people and (each.version, each.question) in asked
    ]
    finished = [
        Finished(
            code=people[each.learner].code,
            points=marks[each.learner].total,
            out_of=marks[each.learner].out_of,
            took=each.part.finished_at - each.part.opened_at if each.part.opened_at else None,
            at=each.part.finished_at,
        )
        for each in sheets
        if each.part.finished_at and each.learner in people and each.learner in marks
    ]
    place = Place(
        home=home,
        class_id=quiz.class_id,
        class_title=quiz.class_title,
        quiz=quiz.id,
        quiz_title=quiz.title,
        language=language,
    )
    return await asyncio.to_thread(lines, place, answers, finished)


def _asked(question: Question, key: Mapping[str, object]) -> Asked:
    match question.body:
        case Choice(options=options):
            item = seen.under(question, key)
            return Asked(
                id=question.id,
                title=question.title,
                options=tuple((each.id, _plain(each.prose)) for each in options),
                right=tuple(each.id for each in options if each.id in item.right),
            )
        case Typed(accepted=accepted):
            # With parameters, what is right differs from learner to learner.
            fixed = question.variants == ((),)
            right = tuple(each.text for each in accepted) if fixed else ()
            return Asked(id=question.id, title=question.title, right=right)


def _plain(prose: Prose) -> str:
    """The words, and formulas as LaTeX."""
    said: list[str] = []
    for block in prose:
        match block:
            case Heading(line) | Paragraph(line):
                said.append(_line(line))
            case Display(latex):
                said.append(latex)
            case Bullets(items):
                said += map(_line, items)
            case Quote(quoted):
                said += map(_line, quoted)
            case Verbatim(text):
                said.append(text)
            case Picture():
                said.append(block.words)
            case Choices(options):
                said += [_plain(body) for _, body in options]
    return " ".join(said)


def _line(line: Line) -> str:
    return "".join(each.text if isinstance(each, Text) else each.latex for each in line)
