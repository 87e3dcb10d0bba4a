"""Pictures on their way to Telegram: drawn and uploaded once, sent by file id ever after."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from telegram import Message
from telegram.error import BadRequest

from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.formulas import FormulaLine
from tutorbot.drawing.studio import Studio
from tutorbot.store import files, pictures
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.unit import Store
from tutorbot.telegram.compose import CoursePicture, FormulasPicture, PhotoMessage
from tutorbot.views.reply import CertaintyPicture, ProgressPicture, ResultsPicture

Done = TypeVar("Done", bound=Message | bool | int)


class Pictures:
    def __init__(self, store: Store, studio: Studio, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._studio = studio
        self._clock = clock
        self._kept: OrderedDict[str, str] = OrderedDict()  # digest → file id, those of late

    async def using(
        self, photo: PhotoMessage, use: Callable[[str | bytes], Awaitable[Done]]
    ) -> Done:
        """Send or edit in a photo: ``use`` gets its file id where there is one, else its PNG.

        Raises:
            NotDrawable: it cannot be drawn
        """
        if known := await self._known(photo.digest):
            try:
                return await use(known)
            except BadRequest as error:
                # File ids belong to one bot: under another token, all of them are worth nothing.
                if "file" not in error.message.lower():
                    raise
                self._kept.pop(photo.digest, None)
        sent = await use(await self._draw(photo))
        if isinstance(sent, Message) and sent.photo:
            largest = sent.photo[-1].file_id
            self._keep(photo.digest, largest)
            # It went out: when the database is away just now, it will be drawn once more, no worse.
            with suppress(StoreUnavailable):
                async with self._store.unit() as unit:
                    await pictures.remember(unit, photo.digest, largest, self._clock())
        return sent

    async def _known(self, digest: str) -> str | None:
        if digest not in self._kept:
            async with self._store.once() as unit:
                found = await pictures.file_id(unit, digest)
            if found is None:
                return None
            self._keep(digest, found)
        self._kept.move_to_end(digest)
        return self._kept[digest]

    def _keep(self, digest: str, file_id: str) -> None:
        self._kept[digest] = file_id
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    async def _draw(self, photo: PhotoMessage) -> bytes:
        picture, theme = photo.picture, photo.theme
        if isinstance(picture, CoursePicture):
            async with self._store.unit() as unit:
                content = await files.content(unit, picture.digest)
            if content is None:
                raise NotDrawable(f"the file {picture.digest} is gone")
            return content
        if isinstance(picture, FormulasPicture):
            lines = [FormulaLine(label=label, latex=latex) for label, latex in picture.lines]
            return await self._studio.formulas(lines, theme)
        if isinstance(picture, ProgressPicture):
            return await self._studio.progress(picture, theme)
        if isinstance(picture, CertaintyPicture):
            return await self._studio.certainty(picture, theme)
        if isinstance(picture, ResultsPicture):
            return await self._studio.results(picture, theme)
        return await self._studio.calendar(picture, theme)


_MOST = 1_000  # pictures whose file id is kept at hand
