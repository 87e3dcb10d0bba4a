"""Telegram's rate limits, as token buckets in monotonic time."""

import math
from dataclasses import dataclass, field

COUNTED = frozenset(
    {
        "sendmessage", "sendrichmessage", "sendphoto", "senddocument", "sendpoll", "stoppoll",
        "editmessagetext", "editmessagecaption", "editmessagemedia", "editmessagereplymarkup",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a bot may send: about 1/s in a chat, 20/min in a group, 30/s in all."""

    chat_per_second: float = 1
    chat_burst: int = 3
    group_per_minute: int = 20
    overall_per_second: int = 30


_ROUNDED_OFF = 1e-9  # of a message; who waits as long as told must not come a rounding too early


@dataclass
class Bucket:
    """Fills steadily up to ``size``; each message takes one."""

    size: float
    per_second: float
    level: float = field(init=False)
    seen: float | None = None  # monotonic seconds

    def __post_init__(self) -> None:
        self.level = self.size

    def wait(self, now: float) -> float:
        """Seconds until there is one to take; 0 when there is one now."""
        if self.seen is not None:
            self.level = min(self.size, self.level + (now - self.seen) * self.per_second)
        self.seen = now
        missing = 1 - self.level
        return missing / self.per_second if missing > _ROUNDED_OFF else 0

    def take(self) -> None:
        self.level -= 1


class Meter:
    """All buckets of one bot."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._overall = Bucket(limits.overall_per_second, limits.overall_per_second)
        self._chats: dict[int, tuple[Bucket, ...]] = {}

    def spend(self, chat_id: int, now: float) -> int | None:
        """Take one message; or the whole seconds after which to come again."""
        buckets = (self._overall, *self._buckets(chat_id))
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            return math.ceil(wait)
        for bucket in buckets:
            bucket.take()
        return None

    def _buckets(self, chat_id: int) -> tuple[Bucket, ...]:
        if chat_id not in self._chats:
            limits = self._limits
            chat = Bucket(limits.chat_burst, limits.chat_per_second)
            group = Bucket(limits.group_per_minute, limits.group_per_minute / 60)
            self._chats[chat_id] = (chat, group) if chat_id < 0 else (chat,)
        return self._chats[chat_id]
