"""Who learns: met at the head of every flow, which also makes a learner's flows run one by one."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.sql.dml import ReturningInsert

from tutorbot.core.actions import FormulaForm, Theme
from tutorbot.core.ids import AttemptId, ChatId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.store import updates
from tutorbot.store.codec import storable
from tutorbot.store.courses import CORRECTED
from tutorbot.store.statements import Row
from tutorbot.store.tables import learners, outbox
from tutorbot.store.unit import Unit


async def meet(
    unit: Unit,
    *,
    telegram_id: int,
    chat: ChatId,
    name: str,
    language: str,
    timezone: str,
    day_starts: int,
    at: datetime,
) -> Learner:
    """Know the learner, for the first time or again, and hold their row until the unit ends.

    ``timezone`` and ``day_starts`` count at the first meeting only: afterwards they are the
    learner's own. Whoever writes to us has not blocked us.
    """
    parameters = _newcomer(telegram_id, chat, name, language, timezone, day_starts, at)
    return _met_in(unit, (await unit.execute(_MEET, parameters)).one())


async def meet_for_update(
    unit: Unit,
    *,
    update_id: int,
    received_at: datetime,
    telegram_id: int,
    chat: ChatId,
    name: str,
    language: str,
    timezone: str,
    day_starts: int,
    at: datetime,
) -> Learner | None:
    """Claim an update, as `updates.claim` does, and `meet` its learner, in one statement.

    None: somebody has that update already, and the learner is not met.
    """
    parameters = _newcomer(telegram_id, chat, name, language, timezone, day_starts, at)
    parameters |= {"update_id": update_id, "received_at": received_at}
    row = (await unit.execute(_MEET_FOR_UPDATE, parameters)).one_or_none()
    return _met_in(unit, row) if row else None


async def meet_in_group(
    unit: Unit,
    *,
    telegram_id: int,
    name: str,
    language: str,
    timezone: str,
    day_starts: int,
    at: datetime,
) -> Learner:
    """Know somebody who takes part in a group, and hold their row until the unit ends.

    The bot may not write to them alone until they do; so long they count as blocking it.
    """
    chat = ChatId(telegram_id)  # as it will be
    newcomer = _newcomer(telegram_id, chat, name, language, timezone, day_starts, at)
    result = await unit.execute(_MEET_IN_GROUP, newcomer | {"blocked_at": at, "started": False})
    return _met_in(unit, result.one())


async def find(unit: Unit, telegram_id: int) -> Learner | None:
    row = (await unit.execute(_FIND, {"telegram_id": telegram_id})).one_or_none()
    return learner_of(row) if row else None


async def by_chat(unit: Unit, chat: ChatId) -> Learner | None:
    """Find who was last met in a chat."""
    row = (await unit.execute(_BY_CHAT, {"chat": chat})).one_or_none()
    return learner_of(row) if row else None


async def by_id(unit: Unit, learner: LearnerId) -> Learner | None:
    row = (await unit.execute(_BY_ID, {"learner": learner})).one_or_none()
    return learner_of(row) if row else None


async def set_formulas(
    unit: Unit, learner: LearnerId, form: FormulaForm, theme: Theme = Theme.LIGHT
) -> None:
    await unit.execute(
        _SET_FORMULAS, {"learner": learner, "formulas": form.value, "theme": theme.value}
    )


async def mark_probed(unit: Unit, learner: LearnerId) -> None:
    await unit.execute(_MARK_PROBED, {"learner": learner})


async def set_current(unit: Unit, learner: LearnerId, attempt: AttemptId | None) -> None:
    """Say which question a typed message answers."""
    await unit.execute(_SET_CURRENT, {"learner": learner, "current_attempt_id": attempt})


async def set_timezone(unit: Unit, learner: LearnerId, timezone: str) -> None:
    await unit.execute(_SET_TIMEZONE, {"learner": learner, "timezone": timezone})


async def mark_zone_known(unit: Unit, learner: LearnerId) -> None:
    """Remember that the zone of a learner is theirs, and no guess of ours."""
    await unit.execute(_MARK_ZONE_KNOWN, {"learner": learner})


async def keep_choices(unit: Unit, learner: Learner) -> None:
    """Keep what a learner can choose in `/settings`, as it stands in ``learner``.

    All but their clocks: to set those is an event, see `store.leave.set_clocks`.
    """
    parameters: dict[str, object] = {
        "learner": learner.id,
        "of_language": learner.language,
        "of_language_chosen": learner.language_chosen,
        "of_formulas": learner.formulas.value,
        "of_theme": learner.theme.value,
        "of_probed": learner.probed,
        "of_goal": learner.goal,
        "of_reminder_hour": learner.reminder_hour,
        "of_reminder_usual": learner.reminder_usual,
        "of_certainty": learner.certainty,
    }
    await unit.execute(_KEEP_CHOICES, parameters)


async def mark_onboarded(unit: Unit, learner: LearnerId, at: datetime) -> None:
    """The first steps were offered; nobody offers them of their own accord again."""
    await unit.execute(_MARK_ONBOARDED, {"learner": learner, "at": at})


async def set_blocked(unit: Unit, telegram_id: int, at: datetime | None) -> None:
    """Remember that the learner blocked us at that time, or (None) that they no longer do."""
    await unit.execute(_SET_BLOCKED, {"telegram": telegram_id, "blocked_at": at})


async def blocked_at(unit: Unit, telegram_id: int) -> datetime | None:
    """Say since when the learner has been blocking us, if they are."""
    return (await unit.execute(_BLOCKED_AT, {"telegram": telegram_id})).scalar_one_or_none()


async def move(unit: Unit, old: ChatId, new: ChatId) -> None:
    """Write to whoever was written to in the old chat in the new one, also what waits by now."""
    if (await unit.execute(_MOVE, {"old": old, "new": new})).rowcount:
        await unit.execute(_REDIRECT, {"old": old, "new": new})


async def count(unit: Unit) -> int:
    return (await unit.execute(_COUNT)).scalar_one()


_COUNT = select(func.count()).select_from(learners)
LEARNER_COLUMNS = (
    learners.c.id,
    learners.c.chat_id,
    learners.c.language,
    learners.c.timezone,
    learners.c.day_starts,
    learners.c.formulas,
    learners.c.theme,
    learners.c.probed,
    learners.c.current_attempt_id,
    learners.c.settled_day,
    learners.c.language_chosen,
    learners.c.goal,
    learners.c.reminder_hour,
    learners.c.reminder_usual,
    learners.c.certainty,
    learners.c.onboarded_at,
    learners.c.started,
    learners.c.prompted,
)

_INSERT = insert(learners)
_CORRECTED = CORRECTED.label("corrected")


def _meeting(newcomers: Insert) -> ReturningInsert[*tuple[Any, ...]]:
    return newcomers.on_conflict_do_update(
        index_elements=[learners.c.telegram_id],
        set_={
            "chat_id": newcomers.excluded.chat_id,
            "name": newcomers.excluded.name,
            # What the app reports counts until the learner has said what they want.
            "language": case(
                (learners.c.language_chosen, learners.c.language),
                else_=newcomers.excluded.language,
            ),
            "blocked_at": None,
            "started": True,
        },
    ).returning(*LEARNER_COLUMNS, _CORRECTED)


def _newcomer(
    telegram_id: int,
    chat: ChatId,
    name: str,
    language: str,
    timezone: str,
    day_starts: int,
    at: datetime,
) -> dict[str, object]:
    return {
        "telegram_id": telegram_id,
        "chat_id": chat,
        "name": storable(name),
        "language": language,
        "timezone": timezone,
        "day_starts": day_starts,
        "formulas": FormulaForm.PICTURE.value,
        "theme": Theme.LIGHT.value,
        "probed": False,
        "joined_at": at,
    }


_MEET = _meeting(_INSERT)
_claimed = updates.CLAIM.cte("claimed")
_NEWCOMER = tuple(
    learners.c[name]
    for name in (
        "telegram_id",
        "chat_id",
        "name",
        "language",
        "timezone",
        "day_starts",
        "formulas",
        "theme",
        "probed",
        "joined_at",
    )
)
_met = _meeting(
    insert(learners).from_select(
        [column.name for column in _NEWCOMER],
        select(
            *(bindparam(column.name, type_=column.type).label(column.name) for column in _NEWCOMER)
        ).select_from(_claimed),
    )
).cte("met")
_MEET_FOR_UPDATE = select(_met, _CORRECTED)
_MEET_IN_GROUP = _INSERT.on_conflict_do_update(
    index_elements=[learners.c.telegram_id],
    set_={"name": _INSERT.excluded.name},
).returning(*LEARNER_COLUMNS, _CORRECTED)
_FIND = select(*LEARNER_COLUMNS).where(learners.c.telegram_id == bindparam("telegram_id"))
_BY_ID = select(*LEARNER_COLUMNS).where(learners.c.id == bindparam("learner"))
_BY_CHAT = (
    select(*LEARNER_COLUMNS)
    .where(learners.c.chat_id == bindparam("chat"))
    .order_by(learners.c.id.desc())
    .limit(1)
)
_MOVE = (
    update(learners).where(learners.c.chat_id == bindparam("old")).values(chat_id=bindparam("new"))
)
_REDIRECT = (
    update(outbox)
    .where(outbox.c.chat_id == bindparam("old"), outbox.c.fate.is_(None))
    .values(chat_id=bindparam("new"))
)
_ONE = update(learners).where(learners.c.id == bindparam("learner"))
_SET_FORMULAS = _ONE.values(formulas=bindparam("formulas"), theme=bindparam("theme"))
_MARK_PROBED = _ONE.values(probed=True)
_SET_CURRENT = _ONE.values(current_attempt_id=bindparam("current_attempt_id"))
_KEEP_CHOICES = _ONE.values(
    {
        name: bindparam(f"of_{name}")
        for name in (
            "language",
            "language_chosen",
            "formulas",
            "theme",
            "probed",
            "goal",
            "reminder_hour",
            "reminder_usual",
            "certainty",
        )
    }
)
_MARK_ONBOARDED = _ONE.values(onboarded_at=func.coalesce(learners.c.onboarded_at, bindparam("at")))
_MARK_ZONE_KNOWN = (
    update(learners).where(learners.c.id == bindparam("learner")).values(zone_known=True)
)
_SET_TIMEZONE = _ONE.values(timezone=bindparam("timezone"))
_BLOCKED_AT = select(learners.c.blocked_at).where(learners.c.telegram_id == bindparam("telegram"))
_SET_BLOCKED = (
    update(learners)
    .where(learners.c.telegram_id == bindparam("telegram"))
    .values(blocked_at=bindparam("blocked_at"))
)


def _met_in(unit: Unit, row: Row) -> Learner:
    unit.corrected = row.corrected
    return learner_of(row)


def learner_of(row: Row) -> Learner:
    """The learner in a row with `LEARNER_COLUMNS`."""
    return Learner(
        id=row.id,
        chat=row.chat_id,
        language=row.language,
        timezone=row.timezone,
        day_starts=row.day_starts,
        formulas=FormulaForm(row.formulas),
        theme=Theme(row.theme),
        probed=row.probed,
        current=row.current_attempt_id,
        settled=row.settled_day,
        language_chosen=row.language_chosen,
        goal=row.goal,
        reminder_hour=row.reminder_hour,
        reminder_usual=row.reminder_usual,
        certainty=row.certainty,
        onboarded=row.onboarded_at is not None,
        started=row.started,
        prompted=row.prompted,
    )
