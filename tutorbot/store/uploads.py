"""Course files that authors sent: each waits to be fetched and checked, then for its author's word.

The row is the queue: whoever claims it has it until `STALE` has passed, so that a crash while a
file is checked loses nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import bindparam, insert, select, update

from tutorbot.core.ids import ChatId, LearnerId, UploadId
from tutorbot.store.codec import storable
from tutorbot.store.statements import Row
from tutorbot.store.tables import uploads
from tutorbot.store.unit import Unit

STALE = timedelta(minutes=3)
"""How long a claim holds. Fetching and checking one file takes no longer."""


class State(Enum):
    WAITING = "waiting"  # to be fetched and checked
    SOUND = "sound"  # its author may publish it
    UNSOUND = "unsound"
    PUBLISHED = "published"
    DROPPED = "dropped"  # by its author, or because a newer one took its place


@dataclass(frozen=True, kw_only=True)
class Upload:
    id: UploadId
    learner: LearnerId
    chat: ChatId
    file_id: str
    name: str
    state: State
    digest: str | None
    tries: int
    settled_at: datetime | None  # when its author was last told what it would change


async def add(
    unit: Unit, *, learner: LearnerId, chat: ChatId, file_id: str, name: str, at: datetime
) -> UploadId:
    row: dict[str, object] = {
        "learner_id": learner,
        "chat_id": chat,
        "file_id": storable(file_id),
        "name": storable(name),
        "state": State.WAITING.value,
        "sent_at": at,
        "not_before": at,
    }
    return UploadId((await unit.execute(_ADD, row)).scalar_one())


async def claim(unit: Unit, now: datetime) -> Upload | None:
    """Take the oldest that is due; commit before working on it."""
    parameters = {"now": now, "until": now + STALE}
    row = (await unit.execute(_CLAIM, parameters)).one_or_none()
    return _upload(row) if row else None


async def later(unit: Unit, upload: UploadId, until: datetime) -> None:
    """Put it off, as its file cannot be fetched just now."""
    await unit.execute(_LATER, {"upload": upload, "until": until})


async def of(unit: Unit, upload: UploadId, learner: LearnerId) -> Upload | None:
    """Find an upload of this learner, and hold it until the unit ends."""
    row = (await unit.execute(_OF, {"upload": upload, "learner": learner})).one_or_none()
    return _upload(row) if row else None


async def settle(
    unit: Unit, upload: UploadId, state: State, at: datetime, *, digest: str | None = None
) -> bool:
    """Say what became of it; False if it was no longer waiting, or no longer sound."""
    parameters = {"upload": upload, "new_state": state.value, "at": at, "of_digest": digest}
    statement = _CHECKED if state in {State.SOUND, State.UNSOUND} else _DECIDED
    return bool((await unit.execute(statement, parameters)).rowcount)


async def told_again(unit: Unit, upload: UploadId, at: datetime) -> None:
    """Its author has been told anew what it would change."""
    await unit.execute(_TOLD, {"upload": upload, "at": at})


_ADD = insert(uploads).returning(uploads.c.id)
_due = (
    select(uploads.c.id)
    .where(uploads.c.state == State.WAITING.value, uploads.c.not_before <= bindparam("now"))
    .order_by(uploads.c.not_before)
    .limit(1)
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_CLAIM = (
    update(uploads)
    .where(uploads.c.id == _due)
    .values(not_before=bindparam("until"), tries=uploads.c.tries + 1)
    .returning(uploads)
)
_ONE = update(uploads).where(uploads.c.id == bindparam("upload"))
_LATER = _ONE.values(not_before=bindparam("until"))
_TOLD = _ONE.values(settled_at=bindparam("at"))
_OF = (
    select(uploads)
    .where(uploads.c.id == bindparam("upload"), uploads.c.learner_id == bindparam("learner"))
    .with_for_update()
)
_CHECKED = _ONE.where(uploads.c.state == State.WAITING.value).values(
    state=bindparam("new_state"), settled_at=bindparam("at"), digest=bindparam("of_digest")
)
_DECIDED = _ONE.where(uploads.c.state == State.SOUND.value).values(
    state=bindparam("new_state"), settled_at=bindparam("at")
)


def _upload(row: Row) -> Upload:
    return Upload(
        id=row.id,
        learner=row.learner_id,
        chat=row.chat_id,
        file_id=row.file_id,
        name=row.name,
        state=State(row.state),
        digest=row.digest,
        tries=row.tries,
        settled_at=row.settled_at,
    )
