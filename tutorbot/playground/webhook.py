"""Delivers updates to the bot's webhook: in order for each chat, again and again until a 2xx."""

import asyncio
import contextlib

import aiohttp

from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import World

_LONGEST_PAUSE = 60.0  # seconds


class Courier:
    """Runs beside the server and looks after whatever webhook is set.

    Messages go out one at a time for each chat, pressed buttons for each person, poll answers for
    each poll; different keys go side by side, up to ``max_connections``.
    """

    def __init__(self, world: World, *, first_pause: float) -> None:
        self._world = world
        self._first_pause = first_pause  # seconds before the second attempt; doubles
        self._lanes: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        world = self._world
        async with aiohttp.ClientSession() as session:
            try:
                while True:
                    self._lanes = {k: t for k, t in self._lanes.items() if not t.done()}
                    hook = world.webhook
                    for update in world.updates if hook else []:
                        lane = _lane(update)
                        if lane not in self._lanes and len(self._lanes) < _connections(hook):
                            self._lanes[lane] = asyncio.create_task(
                                self._deliver(session, lane, update)
                            )
                    await world.new_update.wait(60)
            finally:
                for task in self._lanes.values():
                    task.cancel()
                await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _deliver(self, session: aiohttp.ClientSession, lane: str, update: JsonObject) -> None:
        """Hand over one update; the lane is free again when the bot has taken it."""
        world = self._world
        pause = self._first_pause
        while (hook := world.webhook) is not None and update in world.updates:
            asked = await _post(session, hook, update)
            if asked is None:
                with contextlib.suppress(ValueError):  # dropped meanwhile
                    world.updates.remove(update)
                break
            hook["last_error_date"] = world.date()
            hook["last_error_message"] = "Wrong response from the webhook"
            await asyncio.sleep(asked or pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        self._lanes.pop(lane, None)
        world.new_update.beat()
        world.pulse.beat()


async def _post(
    session: aiohttp.ClientSession, hook: JsonObject, update: JsonObject
) -> float | None:
    """None once taken; otherwise the seconds that the bot asked for, or 0."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
    try:
        async with session.post(
            hook["url"], json=update, headers=headers, timeout=aiohttp.ClientTimeout(total=60)
        ) as answer:
            if answer.ok:
                return None
            asked = answer.headers.get("Retry-After", "")
            return float(asked) if asked.replace(".", "", 1).isdigit() else 0
    except (aiohttp.ClientError, TimeoutError):
        return 0


def _connections(hook: JsonObject | None) -> int:
    return hook["max_connections"] if hook else 0


def _lane(update: JsonObject) -> str:
    if query := update.get("callback_query"):
        return f"person {query['from']['id']}"
    if answer := update.get("poll_answer"):
        return f"poll {answer['poll_id']}"
    if poll := update.get("poll"):
        return f"poll {poll['id']}"
    for payload in update.values():
        if isinstance(payload, dict) and "chat" in payload:
            return f"chat {payload['chat']['id']}"
    return "rest"
