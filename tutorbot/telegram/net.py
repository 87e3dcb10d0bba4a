"""The net under each update: one transaction, exactly once, and a kind word when it breaks."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from gettext import NullTranslations
from time import monotonic
from typing import Protocol, cast

import structlog

from tutorbot.core.actions import EndQuiz
from tutorbot.core.learner import Learner
from tutorbot.metrics import OTHER, RECEIVED, Handled, Metrics
from tutorbot.store import in_hand, learners, outbox, updates
from tutorbot.store.codec import storable
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.unit import Store, Unit
from tutorbot.telegram.botapi import PressAnswer
from tutorbot.telegram.delivery import Listener, Taste
from tutorbot.telegram.incident import story
from tutorbot.telegram.order import Worked
from tutorbot.telegram.read import (
    HEARD,
    Blocked,
    CommandInGroup,
    Nothing,
    PressedInGroup,
    RawUpdate,
    Said,
    Speaker,
    Unblocked,
    query_of,
    read,
)
from tutorbot.telegram.send import Hold, Sender
from tutorbot.traces import NoTraces, Traces
from tutorbot.views import home
from tutorbot.views.reply import Change, Say, Toast, Utterance, Whisper

Languages = Callable[[str], NullTranslations]
"""A BCP 47 tag, or "", → the words of that language or of the nearest one that is spoken."""

MOST_TRIES = 5
"""How often an update is tried that can be neither processed nor put aside."""

log = structlog.stdlib.get_logger()


class Conversation(Protocol):
    async def __call__(
        self, unit: Unit, learner: Learner | None, said: Said
    ) -> Sequence[Utterance]:
        """What the bot says to what was said, within the transaction ``unit``.

        In a group, ``learner`` is who takes part, or is known already. Blocks are kept track of
        elsewhere and never come here.
        """
        ...


class Net:
    def __init__(
        self,
        *,
        store: Store,
        sender: Sender,
        conversation: Conversation,
        languages: Languages,
        clock: Callable[[], datetime],
        timezone: str,
        day_starts: int,
        metrics: Metrics | None = None,
        traces: Traces | None = None,
    ) -> None:
        self._store = store
        self._sender = sender
        self._conversation = conversation
        self._languages = languages
        self._clock = clock
        self._timezone = timezone
        self._day_starts = day_starts
        self._metrics = metrics or Metrics()
        self._traces = traces or NoTraces()
        self._failed: dict[int, int] = {}  # update → how often it could not even be put aside

    async def handle(self, update: RawUpdate, me: str) -> Worked:
        number: int = update["update_id"]
        with _about(number), self._traces.span("update", update=number):
            outcome, press = await self._handle(number, update, me)
        kind = next((kind for kind in HEARD if kind in update), OTHER)
        self._metrics.updated(kind, outcome, _waited())
        return Worked(committed=outcome is not Handled.DEFERRED, press=press)

    async def _handle(
        self, number: int, update: RawUpdate, me: str
    ) -> tuple[Handled, PressAnswer | None]:
        try:
            said = read(update, self._clock(), me=me)
        except Exception as error:  # noqa: BLE001 - the net: what trips us up comes only once
            return await self._put_aside(number, update, error, None), None
        if isinstance(said, Nothing):
            return Handled.IGNORED, None
        try:
            return await self._converse(number, said, query_of(update))
        except StoreUnavailable as error:
            log.warning("update.store_unavailable", error=story(error))
            return Handled.DEFERRED, None
        except Exception as error:  # noqa: BLE001 - the net: a bug in one chat stops no other
            return await self._put_aside(number, update, error, said), None

    async def _converse(
        self, number: int, said: Said, query: str | None
    ) -> tuple[Handled, PressAnswer | None]:
        if isinstance(said, PressedInGroup) and isinstance(said.action, EndQuiz):
            # Asked before the transaction, which waits for nobody outside.
            speaker = said.speaker
            admin = speaker.anonymous or await self._sender.is_admin(
                speaker.chat, speaker.telegram_id
            )
            said = replace(said, admin=admin)
        try:
            with self._sender.holding(said.speaker.chat) as hold:
                async with self._store.unit() as unit:
                    claimed, learner = await self._meet(unit, number, said)
                    if not claimed:
                        return Handled.REPEATED, PressAnswer(query_id=query) if query else None
                    if learner:
                        structlog.contextvars.bind_contextvars(learner=learner.id)
                    utterances: Sequence[Utterance] = ()
                    if isinstance(said, Blocked | Unblocked):
                        blocked_at = said.at if isinstance(said, Blocked) else None
                        await learners.set_blocked(unit, said.speaker.telegram_id, blocked_at)
                    else:
                        step = self._traces.span("flow", learner=learner.id if learner else None)
                        with step, self._sender.thinking(said.speaker.chat):
                            utterances = await self._conversation(unit, learner, said)
                    with self._traces.span("outbox"):
                        await self._say(unit, said.speaker, learner, number, utterances, hold)
        except BaseException:
            if query:  # whatever came of it, the button must not go on spinning
                self._sender.answer(PressAnswer(query_id=query))
            raise
        press = self._reply_to_press(query, said.speaker, learner, utterances) if query else None
        self._sender.wake(said.speaker.chat)
        return Handled.DONE, press

    def _reply_to_press(
        self,
        query: str,
        speaker: Speaker,
        learner: Learner | None,
        utterances: Sequence[Utterance],
    ) -> PressAnswer | None:
        """What is to be said to it; None: something is being whispered already."""
        match next((each for each in utterances if isinstance(each, Toast | Whisper)), None):
            case Whisper(reply=reply):
                to = Listener(
                    chat=speaker.chat,
                    telegram_id=speaker.telegram_id,
                    query_id=query,
                    thread=speaker.thread,
                )
                taste = Taste(form=learner.formulas, theme=learner.theme) if learner else Taste()
                self._sender.whisper(to, reply, taste)
                return None
            case Toast(text=text, alert=alert):
                return PressAnswer(query_id=query, text=text, alert=alert)
            case None:
                return PressAnswer(query_id=query)

    async def _meet(self, unit: Unit, update_id: int, said: Said) -> tuple[bool, Learner | None]:
        """Claim the update, and meet who speaks; False: it was worked through before."""
        speaker = said.speaker
        if isinstance(said, Blocked) or not speaker.private:
            if not await updates.claim(unit, update_id, self._clock()):
                return False, None
            blocked = isinstance(said, Blocked)
            return True, None if blocked else await self._meet_in_group(unit, said)
        learner = await learners.meet_for_update(
            unit,
            update_id=update_id,
            received_at=self._clock(),
            telegram_id=speaker.telegram_id,
            chat=speaker.chat,
            name=speaker.name,
            language=speaker.language,
            timezone=self._timezone,
            day_starts=self._day_starts,
            at=said.at,
        )
        return learner is not None, learner

    async def _meet_in_group(self, unit: Unit, said: Said) -> Learner | None:
        speaker = said.speaker
        if not (isinstance(said, CommandInGroup | PressedInGroup) and said.takes_part):
            return await learners.find(unit, speaker.telegram_id)
        return await learners.meet_in_group(
            unit,
            telegram_id=speaker.telegram_id,
            name=speaker.name,
            language=speaker.language,
            timezone=self._timezone,
            day_starts=self._day_starts,
            at=said.at,
        )

    async def _say(
        self,
        unit: Unit,
        speaker: Speaker,
        learner: Learner | None,
        update_id: int,
        utterances: Sequence[Utterance],
        hold: Hold | None = None,
    ) -> None:
        lasting = tuple(each for each in utterances if isinstance(each, Say | Change))
        forgotten = any(isinstance(each, Say) and each.traceless for each in lasting)
        if forgotten:  # what else there was to say would be a trace
            lasting = tuple(each for each in lasting if isinstance(each, Say) and each.traceless)
        if speaker.thread is not None:
            lasting = tuple(replace(each, thread=speaker.thread) for each in lasting)
        if lasting:
            # What is said in a group belongs to nobody, and stays when one of them is forgotten.
            theirs = learner is not None and speaker.private and not forgotten
            now = self._clock()
            at = now - timedelta(seconds=_waited())  # since then somebody waits, whoever sends it
            if learner and theirs and hold and hold.free:
                hold.taken = await in_hand.add(
                    unit,
                    chat=speaker.chat,
                    learner=learner.id,
                    update_id=update_id,
                    utterances=lasting,
                    at=at,
                    now=now,
                    owner=hold.owner,
                )
                return
            await outbox.add(
                unit,
                chat=speaker.chat,
                learner=learner.id if learner and theirs else None,
                update_id=update_id,
                utterances=lasting,
                at=at,
            )

    async def _put_aside(
        self, update_id: int, update: RawUpdate, error: Exception, said: Said | None
    ) -> Handled:
        reference = reference_of(update_id)
        log.error("update.poisoned", update=update_id, reference=reference, error=story(error))
        try:
            payload = _storable(update)
            async with self._store.unit() as unit:
                await updates.poison(unit, update_id, story(error), payload, self._clock())
                if said and said.speaker.private:
                    learner = await learners.find(unit, said.speaker.telegram_id)
                    words = self._languages(learner.language if learner else said.speaker.language)
                    await self._say(
                        unit, said.speaker, learner, update_id, home.broken(words, reference)
                    )
        except StoreUnavailable:
            return Handled.DEFERRED
        except Exception as another:  # noqa: BLE001 - even this must not stop the bot
            log.error("update.not_put_aside", update=update_id, error=story(another))  # noqa: TRY400 - see incident.py
            # Otherwise nobody would ever be heard again.
            return Handled.GIVEN_UP if self._tried_often(update_id) else Handled.DEFERRED
        if said:
            self._sender.wake(said.speaker.chat)
        return Handled.POISONED

    def _tried_often(self, update_id: int) -> bool:
        tries = self._failed.pop(update_id, 0) + 1
        if tries < MOST_TRIES:
            self._failed[update_id] = tries
        return tries >= MOST_TRIES


def reference_of(update_id: int) -> str:
    """What a learner can quote, and a log can be searched for.

    >>> reference_of(712_345_678)
    'N7B22E'
    """
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
    told = ""
    while update_id:
        update_id, digit = divmod(update_id, len(digits))
        told = digits[digit] + told
    return told or digits[0]


def _about(update_id: int) -> AbstractContextManager[object]:
    """Let whatever is told meanwhile, also in the background, say which update it is about.

    The learner is added once known, and so is cleared here.
    """
    return structlog.contextvars.bound_contextvars(update=update_id, learner=None)


def _waited() -> float:
    """Seconds since the update in hand came in."""
    received = RECEIVED.get()
    return 0.0 if received is None else monotonic() - received


def _storable(value: object) -> object:
    """JSON that PostgreSQL can hold, whatever characters are in it."""
    match value:
        case str():
            return storable(value)
        case dict():
            pairs = cast("dict[str, object]", value).items()
            return {storable(key): _storable(each) for key, each in pairs}
        case list() | tuple():
            return [_storable(each) for each in cast("Sequence[object]", value)]
        case _:
            return value
