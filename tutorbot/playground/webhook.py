"""Delivers updates to the bot's webhook: in order for each chat, again and again until a 2xx."""

import asyncio
import json
from http import HTTPStatus
from typing import cast

import aiohttp

from tutorbot.playground.calls import wire_call
from tutorbot.playground.methods import method_named
from tutorbot.playground.params import Params
from tutorbot.playground.refusals import Refusal
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import Call, World

_LONGEST_PAUSE = 60.0  # seconds


class Courier:
    """Runs beside the server and looks after whatever webhook is set.

    Messages go out one at a time for each chat, pressed buttons for each person, poll answers for
    each poll; different keys go side by side, up to ``max_connections``. Who waits before the next
    attempt holds no connection.
    """

    def __init__(self, world: World, *, first_pause: float) -> None:
        self._world = world
        self._first_pause = first_pause  # seconds before the second attempt; doubles
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._hook: JsonObject | None = None
        self._connections = asyncio.Semaphore(1)

    async def run(self) -> None:
        world = self._world
        connector = aiohttp.TCPConnector(limit=0)  # we count ourselves
        async with aiohttp.ClientSession(connector=connector) as session:
            try:
                while True:
                    hook = world.webhook
                    if hook is not None and hook is not self._hook:
                        self._connections = asyncio.Semaphore(hook["max_connections"])
                    self._hook = hook
                    for lane in world.updates.fresh_lanes() if hook else []:
                        if lane not in self._lanes:
                            self._lanes[lane] = asyncio.create_task(self._deliver(session, lane))
                    await world.new_update.wait(60)
            finally:
                for task in self._lanes.values():
                    task.cancel()
                await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _deliver(self, session: aiohttp.ClientSession, lane: str) -> None:
        """Hand over what is in a lane, one after the other, as long as a webhook is set."""
        world = self._world
        pause = self._first_pause
        try:
            while world.webhook and (update := world.updates.first_of(lane)):
                async with self._connections:
                    if not (hook := world.webhook) or update not in world.updates:
                        continue
                    trouble, asked = await _post(world, session, hook, update)
                if trouble is None:
                    world.updates.take(update)
                    world.pulse.beat()
                    pause = self._first_pause
                    continue
                hook["last_error_date"] = world.date()
                hook["last_error_message"] = trouble
                world.pulse.beat()
                await asyncio.sleep(asked or pause)
                if not asked:
                    pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            del self._lanes[lane]
            world.updates.leave(lane)
            world.new_update.beat()


async def _post(
    world: World, session: aiohttp.ClientSession, hook: JsonObject, update: JsonObject
) -> tuple[str | None, float]:
    """What went wrong, if anything did; and the seconds that the bot asked for, or 0."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
    try:
        async with session.post(
            hook["url"], json=update, headers=headers, timeout=aiohttp.ClientTimeout(total=60)
        ) as answer:
            body = await answer.read()
            if answer.ok:
                _make_call(world, body)
                return None, 0
            asked = answer.headers.get("Retry-After", "")
            seconds = float(asked) if asked.replace(".", "", 1).isdigit() else 0
            said = HTTPStatus(answer.status).phrase if answer.status in _KNOWN else ""
            return f"Wrong response from the webhook: {answer.status} {said}".rstrip(), seconds
    except TimeoutError:
        return "Read timeout expired", 0
    except aiohttp.ClientError:
        return "Connection refused", 0


def _make_call(world: World, body: bytes) -> None:
    """Make the one call that a bot may answer an update with; it does not hear what came of it."""
    try:
        asked = json.loads(body)
    except ValueError:
        return
    match asked:
        case {"method": str() as name, **given}:
            pass
        case _:
            return
    params, error = Params(values=cast("JsonObject", given)), None
    world.flags.clear()
    try:
        method_named(name)(world, params)
    except Refusal as refusal:
        error = refusal
    world.calls_made += 1
    call = Call(
        number=world.calls_made,
        method=name,
        params=dict(params.values),
        status=error.code if error else HTTPStatus.OK,
        error=error.description if error else None,
        milliseconds=0,
        flags=tuple(world.flags),
        unheard=True,
    )
    world.note(call)
    world.announce("call", wire_call(call))


_KNOWN = frozenset(HTTPStatus)
