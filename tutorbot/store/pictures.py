"""Which pictures the chat program already has: uploaded once, sent by file id ever after."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from tutorbot.store.tables import pictures
from tutorbot.store.unit import Unit


async def file_id(unit: Unit, digest: str) -> str | None:
    return (await unit.execute(_FILE_ID, {"digest": digest})).scalar_one_or_none()


async def remember(unit: Unit, digest: str, file_id: str, at: datetime) -> None:
    """Keep the file id of a picture; a newer one takes the place of an older."""
    await unit.execute(_REMEMBER, {"digest": digest, "file_id": file_id, "made_at": at})


_FILE_ID = select(pictures.c.file_id).where(pictures.c.digest == bindparam("digest"))
_INSERT = insert(pictures)
_REMEMBER = _INSERT.on_conflict_do_update(
    index_elements=[pictures.c.digest],
    set_={"file_id": _INSERT.excluded.file_id, "made_at": _INSERT.excluded.made_at},
)
