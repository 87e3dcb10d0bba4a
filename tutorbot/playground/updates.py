"""How the bot learns what people did: long polling, or the address of its webhook."""

import re
from typing import Any

from tutorbot.playground.params import Params
from tutorbot.playground.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, bad_request, conflict
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LONGEST_POLL = 50  # seconds


class Poller:
    """The one who may poll. A newcomer takes the place, and the older one is told so."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._turn = 0

    async def get_updates(self, params: Params) -> list[JsonObject]:
        world = self._world
        if world.webhook is not None:
            raise conflict(WEBHOOK_ACTIVE)
        self._turn += 1
        mine = self._turn
        world.new_update.beat()  # an older poll wakes, sees that its turn is over, and goes
        _allow(world, params)
        _acknowledge(world, params.integer("offset") or 0)
        limit = min(max(params.integer("limit") or 100, 1), 100)
        seconds = min(max(params.integer("timeout") or 0, 0), _LONGEST_POLL)
        waited = True
        while not world.updates and seconds and waited:
            waited = await world.new_update.wait(seconds)
            if mine != self._turn:
                raise conflict(OTHER_POLLER)
            if world.webhook is not None:
                raise conflict(WEBHOOK_ACTIVE)
            if world.closing:
                break
        return world.updates.first(limit)


def set_webhook(world: World, params: Params) -> bool:
    url = params.text("url") or ""
    if not url:
        return delete_webhook(world, params)
    # Telegram insists on HTTPS; a bot beside the playground has no certificate to show.
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token") or ""
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(world, params)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = {
        "url": url,
        "secret": secret,
        "max_connections": params.integer("max_connections") or 40,
    }
    world.new_update.beat()
    return True


def delete_webhook(world: World, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = None
    world.new_update.beat()
    return True


def webhook_info(world: World, _params: Params) -> JsonObject:
    hook = world.webhook or {}
    info: JsonObject = {
        "url": hook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    for name in ("max_connections", "last_error_date", "last_error_message"):
        if name in hook:
            info[name] = hook[name]
    if world.allowed is not None:
        info["allowed_updates"] = world.allowed
    return info


def _allow(world: World, params: Params) -> None:
    """Left out means as before; an empty list means the usual kinds."""
    asked: list[Any] | None = params.array("allowed_updates")
    if asked is not None:
        world.allowed = [str(kind) for kind in asked] or None


def _acknowledge(world: World, offset: int) -> None:
    """Forget what the bot has seen; a negative offset keeps that many of the newest."""
    if offset < 0:
        world.updates.keep_newest(-offset)
    elif offset:
        world.updates.take_before(offset)
    world.pulse.beat()
