"""A class with a quiz that was answered, made at one stroke: as many learners as are wanted."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from tutorbot.core.ids import AssignmentId, ChatId, ClassId, CourseVersionId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.store import learners
from tutorbot.store.unit import Unit


async def a_class(
    unit: Unit, owner: LearnerId, course: str, at: datetime, *, zone: str = "Europe/Berlin"
) -> ClassId:
    found = await unit.execute(
        text(
            "INSERT INTO classes (title, course_id, timezone, made_at)"
            " VALUES ('Networks', :course, :zone, :at) RETURNING id"
        ),
        {"course": course, "zone": zone, "at": at},
    )
    made = ClassId(found.scalar_one())
    await joins(unit, made, owner, "TEACH", "owner", at)
    return made


async def joins(
    unit: Unit, into: ClassId, learner: LearnerId, code: str, role: str, at: datetime
) -> None:
    await unit.execute(
        text(
            "INSERT INTO class_members (class_id, learner_id, code, role, joined_at)"
            " VALUES (:class, :learner, :code, :role, :at)"
        ),
        {"class": into, "learner": learner, "code": code, "role": role, "at": at},
    )


async def met(unit: Unit, number: int, name: str, at: datetime) -> Learner:
    return await learners.meet(
        unit,
        telegram_id=number,
        chat=ChatId(number),
        name=name,
        language="en",
        timezone="UTC",
        day_starts=4,
        at=at,
    )


async def a_quiz(
    unit: Unit,
    of: ClassId,
    version: CourseVersionId,
    course: str,
    questions: Sequence[str],
    at: datetime,
    *,
    title: str = "Quiz 1",
    due_at: datetime | None = None,
) -> AssignmentId:
    sources = [{"version": version, "course": course, "question": each} for each in questions]
    found = await unit.execute(
        text(
            "INSERT INTO assignments (class_id, course_version_id, course_id, title, questions,"
            " audience, opens_at, due_at, reveal, state, made_at) VALUES (:class, :version,"
            ' :course, :title, CAST(:questions AS jsonb), \'{"kind": "class"}\', :at, :due,'
            " 'answered', 'set', :at) RETURNING id"
        ),
        {
            "class": of,
            "version": version,
            "course": course,
            "title": title,
            "questions": json.dumps(sources),
            "at": at,
            "due": due_at,
        },
    )
    return AssignmentId(found.scalar_one())


async def answered(
    unit: Unit,
    quiz: AssignmentId,
    learner: LearnerId,
    chosen: Sequence[tuple[Sequence[str], float]],
    at: datetime,
) -> None:
    """Answer all questions of a quiz, each by options and with a share of one point, and finish."""
    await unit.execute(
        text(_ANSWERED),
        {
            "quiz": quiz,
            "learner": learner,
            "at": at,
            "later": at + timedelta(minutes=len(chosen)),
            "given": json.dumps([[list(options), share] for options, share in chosen]),
        },
    )


async def crowd(unit: Unit, into: ClassId, quiz: AssignmentId, count: int, at: datetime) -> None:
    """Let so many learners join and answer every question, some better than others."""
    await unit.execute(text(_CROWD), {"class": into, "quiz": quiz, "count": count, "at": at})


_SITTING = """
    sat AS (
        INSERT INTO sittings (learner_id, course_version_id, course_id, seed, started_at,
                              finished_at, picked)
        SELECT who.id, quiz.course_version_id, '~quiz-' || quiz.id, 7, :at, {finished},
               (SELECT jsonb_agg(each || '{{"variant": 0}}') FROM
                jsonb_array_elements(quiz.questions) AS each)
        FROM who, quiz RETURNING id, learner_id
    ),
    assigned AS (
        INSERT INTO assignees (assignment_id, learner_id, sitting_id, opened_at, started_at,
                               finished_at)
        SELECT quiz.id, sat.learner_id, sat.id, :at, :at, {finished} FROM sat, quiz
    ),
    asked AS (
        INSERT INTO attempts (sitting_id, learner_id, question_id, place, variant, shown, ticked,
                              hints, solution_seen, accepting, tries, opened_at, settled_at)
        SELECT sat.id, sat.learner_id, each.question->>'question', each.place - 1, 0,
               '{{}}', '{{}}', 0, false, false, 1, :at, {finished}
        FROM sat, quiz,
             jsonb_array_elements(quiz.questions) WITH ORDINALITY AS each(question, place)
        RETURNING id, learner_id, question_id, place
    ),
    told AS (
        INSERT INTO answers (attempt_id, learner_id, course_version_id, question_id, variant,
                             shown, chosen, verdict, hints, try_number, answered_at, timezone,
                             study_day)
        SELECT asked.id, asked.learner_id, quiz.course_version_id, asked.question_id, '[]', '{{}}',
               {chosen},
               jsonb_build_object('code', CASE WHEN {share} = 1 THEN 'right' ELSE 'wrong' END),
               0, 1, CAST(:at AS timestamptz) + (asked.place + 1) * interval '1 minute', 'UTC',
               CAST(:at AS date)
        FROM asked, quiz RETURNING id, course_version_id, question_id, verdict, attempt_id
    )
    INSERT INTO scores (answer_id, key_id, points, out_of, policy, computed_at)
    SELECT told.id, keys.id, {score}, 1, 'all-or-nothing', :at
    FROM told JOIN asked ON asked.id = told.attempt_id
    JOIN keys ON keys.course_version_id = told.course_version_id
             AND keys.question_id = told.question_id AND keys.version = 1
"""
_QUIZ = "quiz AS (SELECT * FROM assignments WHERE id = :quiz)"
_GIVEN = "CAST(CAST(:given AS text) AS jsonb) -> asked.place"
_ANSWERED = f"WITH {_QUIZ}, who AS (SELECT CAST(:learner AS bigint) AS id), " + _SITTING.format(
    finished="CAST(:later AS timestamptz)",
    chosen=f"ARRAY(SELECT jsonb_array_elements_text({_GIVEN} -> 0))",
    share=f"CAST({_GIVEN} ->> 1 AS numeric)",
    score=f"CAST({_GIVEN} ->> 1 AS numeric)",
)
_LUCKY = "(asked.learner_id * 7919 + asked.place * 104729) % 1000 < 300 + asked.learner_id % 500"
_WHO = """
    who AS (
        INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
                              theme, probed, joined_at)
        SELECT 10000 + number, 10000 + number, 'Learner ' || number, 'en', 'UTC', 4, 'picture',
               'light', false, :at
        FROM generate_series(1, CAST(:count AS int)) AS number RETURNING id
    ),
    joined AS (
        INSERT INTO class_members (class_id, learner_id, code, role, joined_at)
        SELECT :class, id, 'L' || id, 'learner', :at FROM who
    ),
"""
_CROWD = f"WITH {_QUIZ}, {_WHO}" + _SITTING.format(
    finished="CAST(:at AS timestamptz) + interval '1 hour'",
    chosen=f"CASE WHEN {_LUCKY} THEN ARRAY['a'] ELSE ARRAY['b'] END",
    share=f"CASE WHEN {_LUCKY} THEN 1 ELSE 0 END",
    score=f"CASE WHEN {_LUCKY} THEN 1 ELSE 0 END",
)
