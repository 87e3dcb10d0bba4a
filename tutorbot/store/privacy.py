"""All that is kept about one learner: found by the shape of the schema, handed out, deleted.

Whatever refers to a learner by ``learner_id`` is the learner's, and so is what refers to that. A
table that is added later is covered as soon as it is there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Delete,
    Select,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONPATH

from tutorbot.core.ids import LearnerId
from tutorbot.core.privacy import MOST_ROWS, Rows, bounded
from tutorbot.store import assignments
from tutorbot.store.class_tables import broadcasts, metadata
from tutorbot.store.tables import (
    answers,
    attempts,
    cards,
    course_files,
    course_versions,
    files,
    learners,
    outbox,
    scores,
    updates,
    uploads,
)
from tutorbot.store.unit import Unit


async def everything(
    unit: Unit, learner: LearnerId, now: datetime, most_rows: int = MOST_ROWS
) -> dict[str, Rows] | None:
    """Collect all that is kept, by table, the newest rows of each; None if nobody is known.

    What would tell how a quiz goes before it may be told is handed out from then on.

    The learner's row is held meanwhile, so that no answer comes between two tables.
    """
    person = (await unit.execute(_HOLD, {"learner": learner})).one_or_none()
    if person is None:
        return None
    who = {"learner": learner, "chat": person.chat_id, "telegram": person.telegram_id}
    held = await assignments.untold(unit, learner, now)
    found: dict[str, Rows] = {}
    for name, statement in _ROWS.items():
        result = await unit.execute(statement, who | {"most": most_rows + 1, "held": held})
        found[name] = bounded(result.columns, [tuple(row) for row in result], most_rows)
    return found


async def forget(unit: Unit, learner: LearnerId) -> None:
    """Delete the learner and all that refers to them.

    An answer that arrives meanwhile waits for the learner's row, and then finds nobody.
    """
    person = (await unit.execute(_HOLD, {"learner": learner})).one_or_none()
    if person is None:
        return
    who = {"learner": learner, "chat": person.chat_id, "telegram": person.telegram_id}
    sent = tuple((await unit.execute(_SENT_FILES, {"learner": learner})).scalars())
    for statement in _DELETIONS:
        await unit.execute(statement, who)
    if sent:
        await unit.execute(_DELETE_FILES, {"digests": sent})
    await unit.execute(_CLEAN_UPDATES, who)
    await unit.execute(_REPORT_NO_MORE, who)


def owned() -> Mapping[Table, ColumnElement[bool]]:
    """List the tables with rows of a learner, parents first, and say which rows these are."""
    mine: dict[Table, ColumnElement[bool]] = {learners: learners.c.id == bindparam("learner")}
    for table in metadata.sorted_tables:
        if "learner_id" in table.c and table.c.learner_id.references(learners.c.id):
            mine[table] = table.c.learner_id == bindparam("learner")
        elif table is not learners and (found := _through_parents(table, mine)):
            mine[table] = or_(*found)
    # A message that was written before its reader was known has the chat alone.
    mine[outbox] = or_(mine[outbox], outbox.c.chat_id == bindparam("chat"))
    return mine


def _through_parents(
    table: Table, mine: Mapping[Table, ColumnElement[bool]]
) -> Sequence[ColumnElement[bool]]:
    return [
        each.parent.in_(select(each.column).where(mine[each.column.table]))
        for each in table.foreign_keys
        if each.column.table in mine
    ]


def _newest(table: Table, condition: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    order = [column.desc() for column in table.primary_key]
    return select(table).where(condition).order_by(*order).limit(bindparam("most"))


def _deletions() -> tuple[Delete, ...]:
    return tuple(
        delete(table).where(condition) for table, condition in reversed(list(owned().items()))
    )


def _mentions(path: str) -> ColumnElement[bool]:
    who = func.jsonb_build_object("id", bindparam("telegram", type_=BigInteger))
    return func.jsonb_path_exists(updates.c.payload, cast(literal(path), JSONPATH), who)


_HOLD = (
    select(learners.c.chat_id, learners.c.telegram_id)
    .where(learners.c.id == bindparam("learner"))
    .with_for_update()
)
_PUT_ASIDE = updates.c.payload.is_not(None)
# Of the sittings that are held back: what was answered, and what follows from it.
_held = select(attempts.c.id).where(attempts.c.sitting_id.in_(bindparam("held", expanding=True)))
_held_answers = select(answers.c.id).where(answers.c.attempt_id.in_(_held))
_told_by = (
    select(answers.c.id)
    .join(course_versions, course_versions.c.id == answers.c.course_version_id)
    .where(
        answers.c.attempt_id.in_(_held),
        course_versions.c.course_id == cards.c.course_id,
        answers.c.question_id == cards.c.question_id,
    )
    .exists()
)
_TOLD: Mapping[Table, ColumnElement[bool]] = {
    attempts: attempts.c.id.not_in(_held),
    answers: answers.c.id.not_in(_held_answers),
    scores: scores.c.answer_id.not_in(_held_answers),
    cards: ~_told_by,
}
_ROWS = {
    table.name: _newest(table, and_(condition, _TOLD[table]) if table in _TOLD else condition)
    for table, condition in owned().items()
} | {updates.name: _newest(updates, _PUT_ASIDE & _mentions("$.*.from.id ? (@ == $id)"))}
_DELETIONS = _deletions()
_SENT_FILES = select(uploads.c.digest).where(
    uploads.c.learner_id == bindparam("learner"), uploads.c.digest.is_not(None)
)
# The pictures in an archive that was sent were kept in the same moment as the archive, and stand
# nowhere else until it is published. What is published stays: it is the course's.
_kept_with = files.alias("kept_with")
_DELETE_FILES = delete(files).where(
    files.c.added_at.in_(
        select(_kept_with.c.added_at).where(
            _kept_with.c.digest.in_(bindparam("digests", expanding=True))
        )
    ),
    ~select(course_files.c.digest).where(course_files.c.digest == files.c.digest).exists(),
    ~select(uploads.c.id).where(uploads.c.digest == files.c.digest).exists(),
)
# What somebody has sent to a class goes on; that they wanted to read how does not stay.
_REPORT_NO_MORE = (
    update(broadcasts)
    .where(broadcasts.c.report_chat_id == bindparam("chat"))
    .values(report_chat_id=None)
)
# That an update was had stays, lest it be worked through once more; who sent it does not.
_CLEAN_UPDATES = (
    update(updates).where(_PUT_ASIDE, _mentions("$.**.id ? (@ == $id)")).values(payload=null())
)
