"""How questions go: counts by question, option and day, rolled up from the answers.

An answer is counted once it is so old that none can come in before it any more (`COMPLETE`), with
the mark that says so in the same transaction: so each is counted once, whoever is killed. Who mends
scores has their question counted anew; all of it comes from the facts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, insert

from tutorbot.core.ids import CourseVersionId, OptionId, QuestionId
from tutorbot.store.tables import answers, item_days, scores, watermarks
from tutorbot.store.unit import Unit

COMPLETE = timedelta(hours=26)
"""The age at which all answers of an hour are in.

What waits at Telegram counts by when it was said, for a day at most, and may wait for us a while.
"""

PORTION = timedelta(hours=1)
_WORK = "items"
_ALL = ""  # where an option would stand


@dataclass(frozen=True, kw_only=True)
class Counts:
    """``first`` are the first answers of attempts; the other counts are of these."""

    answers: int
    first: int
    right: int
    undecided: int
    hinted: int  # with hints opened before
    scored: int
    share: float  # of the points, summed up over those scored

    @property
    def facility(self) -> float | None:
        """The mean share of the points, under the newest key; None without any score."""
        return self.share / self.scored if self.scored else None


@dataclass(frozen=True, kw_only=True)
class Item:
    question: QuestionId
    counts: Counts
    options: Mapping[OptionId, Counts]  # of those who chose it


async def of_version(
    unit: Unit, version: CourseVersionId, since: date = date.min, until: date = date.max
) -> tuple[Item, ...]:
    """Every question of a course's version that was answered in these days, by its id."""
    rows = await unit.execute(_OF_VERSION, {"version": version, "since": since, "until": until})
    found: dict[QuestionId, dict[str, Counts]] = {}
    for row in rows:
        found.setdefault(row.question_id, {})[row.option_id] = Counts(
            answers=row.answers,
            first=row.first,
            right=row.first_right,
            undecided=row.first_undecided,
            hinted=row.first_hinted,
            scored=row.first_scored,
            share=row.first_share,
        )
    return tuple(
        Item(
            question=question,
            counts=counts.pop(_ALL),
            options={OptionId(option): each for option, each in counts.items()},
        )
        for question, counts in found.items()
    )


async def roll_up(unit: Unit, now: datetime) -> bool:
    """Count the next portion of answers; False if there is none to be counted yet.

    Whoever else asks waits until this unit is over.
    """
    await unit.execute(_BEGIN)
    since = (await unit.execute(_MARK)).scalar_one()
    if since is None:
        earliest = (await unit.execute(_EARLIEST)).scalar_one_or_none()
        if earliest is None:
            return False
        since = _full_hour(earliest - COMPLETE)
    until = min(since + PORTION, _full_hour(now - COMPLETE))
    if until <= since:
        return False
    await unit.execute(_ROLL_UP, {"since": since, "until": until})
    await unit.execute(_MOVE_MARK, {"reached": until})
    return True


async def count_anew(
    unit: Unit, versions: Collection[CourseVersionId], question: QuestionId
) -> None:
    """Count one question anew, as far as all are counted: its scores were mended."""
    await unit.execute(_BEGIN)
    reached = (await unit.execute(_MARK)).scalar_one()
    if reached is None:
        return
    parameters = {"versions": list(versions), "question": question, "reached": reached}
    await unit.execute(_FORGET_ONE, parameters)
    await unit.execute(_COUNT_ONE, parameters)


def _full_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


_BEGIN = insert(watermarks).values(work=_WORK, answer_id=0).on_conflict_do_nothing()
_MARK = select(watermarks.c.reached_at).where(watermarks.c.work == _WORK).with_for_update()
_MOVE_MARK = (
    update(watermarks)
    .where(watermarks.c.work == _WORK)
    .values(reached_at=bindparam("reached", type_=watermarks.c.reached_at.type))
)
# The first one stored; none is older than that by more than what waits at Telegram's.
_EARLIEST = select(answers.c.answered_at).order_by(answers.c.id).limit(1)
_versions = bindparam("versions", type_=ARRAY(BigInteger))
_FORGET_ONE = delete(item_days).where(
    item_days.c.course_version_id == func.any(_versions),
    item_days.c.question_id == bindparam("question"),
)

_chosen = func.array_append(
    func.coalesce(answers.c.chosen, cast([], ARRAY(Text))), literal(_ALL, Text)
)
_choices = func.unnest(_chosen).table_valued(column("option_id", Text)).render_derived("choices")
_score = (
    # Of a question that counts for nobody any more, none.
    select((scores.c.points / func.nullif(scores.c.out_of, 0)).label("share"), scores.c.code)
    .where(scores.c.answer_id == answers.c.id, answers.c.try_number == 1)
    .order_by(scores.c.key_id.desc())
    .limit(1)
    .lateral("score")
)
_first = answers.c.try_number == 1
_code = func.coalesce(_score.c.code, answers.c.verdict["code"].astext)


def _how_many(*conditions: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own types name no such thing
    return func.count(case((and_(*conditions), 1)))


_KEY = ("course_version_id", "question_id", "option_id", "day")
_COUNTS = {
    "answers": func.count(),
    "first": _how_many(_first),
    "first_right": _how_many(_first, _code == "right"),
    "first_undecided": _how_many(_first, _code == "undecided"),
    "first_hinted": _how_many(_first, answers.c.hints > 0),
    "first_scored": func.count(_score.c.share),
    "first_share": cast(func.coalesce(func.sum(_score.c.share), 0), DOUBLE_PRECISION),
}
_day = cast(func.timezone("UTC", answers.c.answered_at), Date)
_counted = (
    select(
        answers.c.course_version_id,
        answers.c.question_id,
        _choices.c.option_id,
        _day,
        *_COUNTS.values(),
    )
    .select_from(answers.join(_choices, true()).outerjoin(_score, true()))
    .group_by(answers.c.course_version_id, answers.c.question_id, _choices.c.option_id, _day)
)
_INSERT = insert(item_days).from_select(
    [*_KEY, *_COUNTS],
    _counted.where(
        answers.c.answered_at >= bindparam("since"), answers.c.answered_at < bindparam("until")
    ),
)
_COUNT_ONE = insert(item_days).from_select(
    [*_KEY, *_COUNTS],
    _counted.where(
        answers.c.course_version_id == func.any(_versions),
        answers.c.question_id == bindparam("question"),
        answers.c.answered_at < bindparam("reached"),
    ),
)
_ROLL_UP = _INSERT.on_conflict_do_update(
    index_elements=list(_KEY),
    set_={name: item_days.c[name] + _INSERT.excluded[name] for name in _COUNTS},
)
_OF_VERSION = (
    select(
        item_days.c.question_id,
        item_days.c.option_id,
        *(func.sum(item_days.c[name]).label(name) for name in _COUNTS),
    )
    .where(
        item_days.c.course_version_id == bindparam("version"),
        item_days.c.day.between(bindparam("since"), bindparam("until")),
    )
    .group_by(item_days.c.question_id, item_days.c.option_id)
    .order_by(item_days.c.question_id, item_days.c.option_id)
)
