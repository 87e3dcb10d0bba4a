"""How fast may be sent: budgets by the generic cell rate algorithm, and whose turn it is.

The algorithm (ITU-T I.371, "virtual scheduling") keeps one number for each budget: the theoretical
arrival time (TAT), at which the budget would be untouched again. Each message moves it on by one
interval; a message conforms if the TAT is not more than the tolerance ahead of it.

Times are seconds of any one steady clock.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self


class Lane(Enum):
    """Who is waited for goes first."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


@dataclass(frozen=True, kw_only=True)
class Rate:
    """In any span of t seconds at most ``burst + per_second * t`` messages."""

    per_second: float
    burst: int

    @property
    def interval(self) -> float:
        return 1 / self.per_second

    @property
    def tolerance(self) -> float:
        return (self.burst - 1) / self.per_second

    def opens(self, tat: float) -> float:
        """When the next message conforms."""
        return tat - self.tolerance

    def after(self, tat: float, at: float, messages: int = 1) -> float:
        """The TAT once so many have been sent together; what is above the burst is a debt."""
        return max(tat, at) + messages / self.per_second


MESSAGES_PER_SECOND = 30
"""What a bot may send in all, unless it pays for more."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What Telegram takes: about 30/s in all, 1/s in a chat, and 20 in a group in any minute.

    Bursts are not documented. To somebody who taps on, Telegram lets a score of messages pass; the
    calm burst is for what nobody waits for, and for a chat that has just been found too loud.
    """

    overall: Rate = Rate(per_second=MESSAGES_PER_SECOND, burst=3)
    chat: Rate = Rate(per_second=1, burst=20)
    calm_burst: int = 3
    group: Rate = Rate(per_second=15 / 60, burst=5)  # so never more than 20 in any minute

    @classmethod
    def of(cls, messages_per_second: int) -> Self:
        """That of a bot which may send so many in all; a tenth of a second's worth at once."""
        burst = max(cls.overall.burst, messages_per_second // 10)
        return cls(overall=Rate(per_second=messages_per_second, burst=burst))

    @property
    def calm(self) -> Rate:
        return replace(self.chat, burst=min(self.calm_burst, self.chat.burst))


BULK_FLOOR = 5
"""While both lanes wait, every so many turns one goes to the bulk."""

WARY = 60.0
"""Seconds for which a chat is calm after it was found too loud."""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """Somebody's place in the line of a chat."""

    number: int
    chat: int | str
    lane: Lane
    messages: int


def is_group(chat: int | str) -> bool:
    """Groups and channels have negative ids, or names; inline messages are in no chat we know."""
    return chat.startswith("@") if isinstance(chat, str) else chat < 0


class Turns:
    """Whose turn it is when the overall budget has room: each chat in order, the lanes by rank."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lines: dict[int | str, deque[Ticket]] = {}
        self._states: dict[int | str, _State] = {}
        self._numbers = 0
        self._since_bulk = 0
        self._prune_at = _FEW

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def ask(self, chat: int | str, lane: Lane, messages: int, now: float) -> tuple[Ticket, float]:
        """Stand in line; with it come the seconds that the chat alone makes one wait."""
        self._numbers += 1
        ticket = Ticket(number=self._numbers, chat=chat, lane=lane, messages=messages)
        line = self._lines.setdefault(chat, deque())
        line.append(ticket)
        state = self._states.get(chat, _FRESH)
        for before in tuple(line)[:-1]:
            opens = self._opens(before, state, now)
            state = self._after(before, state, max(opens, now))
        return ticket, max(0.0, self._opens(ticket, state, now) - now)

    def withdraw(self, ticket: Ticket) -> None:
        line = self._lines.get(ticket.chat)
        if line and ticket in line:
            line.remove(ticket)
            if not line:
                del self._lines[ticket.chat]

    def open(self, now: float) -> int:
        """Count the chats that could be sent to at once."""
        return sum(1 for opens, _ in self._heads(now) if opens <= now)

    def next_opening(self, now: float) -> float | None:
        """When the first of those who wait could be sent to; None if nobody waits."""
        return min((opens for opens, _ in self._heads(now)), default=None)

    def take(self, now: float) -> Ticket | None:
        """Take whoever's turn it is out of the line; None if no chat is open."""
        firsts: dict[Lane, Ticket] = {}
        for opens, head in self._heads(now):
            if opens <= now:
                # Who is waited for lends the rank to what stands before in the same chat.
                waited_for = any(one.lane is Lane.INTERACTIVE for one in self._lines[head.chat])
                lane = Lane.INTERACTIVE if waited_for else Lane.BULK
                if lane not in firsts or head.number < firsts[lane].number:
                    firsts[lane] = head
        bulk, interactive = firsts.get(Lane.BULK), firsts.get(Lane.INTERACTIVE)
        if bulk and (interactive is None or self._since_bulk >= BULK_FLOOR - 1):
            ticket, self._since_bulk = bulk, 0
        elif interactive:
            ticket, self._since_bulk = interactive, self._since_bulk + 1 if bulk else 0
        else:
            return None
        self.withdraw(ticket)
        state = self._states.get(ticket.chat, _FRESH)
        self._states[ticket.chat] = self._after(ticket, state, now)
        self._prune(now)
        return ticket

    def flooded(self, chat: int | str, seconds: float, now: float) -> None:
        """Telegram wants nothing for this chat for exactly so many seconds."""
        until = max(now + seconds, self._states.get(chat, _FRESH).shut_until)
        self._states[chat] = _State(
            chat=until + self._pace.calm.tolerance,  # then one at once, and the others by and by
            group=until + self._pace.group.tolerance,
            shut_until=until,
            wary_until=until + WARY,
        )

    def _heads(self, now: float) -> Iterator[tuple[float, Ticket]]:
        for chat, line in self._lines.items():
            yield self._opens(line[0], self._states.get(chat, _FRESH), now), line[0]

    def _opens(self, ticket: Ticket, state: "_State", now: float) -> float:
        pace = self._pace
        calm = ticket.lane is Lane.BULK or now < state.wary_until
        opens = max(state.shut_until, (pace.calm if calm else pace.chat).opens(state.chat))
        return max(opens, pace.group.opens(state.group)) if is_group(ticket.chat) else opens

    def _after(self, ticket: Ticket, state: "_State", at: float) -> "_State":
        pace = self._pace
        return _State(
            chat=pace.chat.after(state.chat, at, ticket.messages),
            group=pace.group.after(state.group, at, ticket.messages)
            if is_group(ticket.chat)
            else 0,
            shut_until=state.shut_until,
            wary_until=state.wary_until,
        )

    def _prune(self, now: float) -> None:
        if len(self._states) > self._prune_at:
            self._states = {
                chat: state for chat, state in self._states.items() if not state.fresh(now)
            }
            self._prune_at = max(_FEW, 2 * len(self._states))


@dataclass(frozen=True, kw_only=True)
class _State:
    """Of a chat: the TATs of its budgets, and what Telegram said last."""

    chat: float = float("-inf")
    group: float = float("-inf")
    shut_until: float = float("-inf")
    wary_until: float = float("-inf")

    def fresh(self, now: float) -> bool:
        return max(self.chat, self.group, self.shut_until, self.wary_until) <= now


_FRESH = _State()
_FEW = 1000  # chats that are remembered without a thought


@dataclass
class Caution:
    """What share of the overall rate is used: less after refusals, and by and by all again.

    Telegram does not say which limit was passed. One chat that is refused is its own matter;
    several within seconds are a sign that it is the rate of all.
    """

    _share: float = 1
    _since: float = 0
    _refused: dict[int | str, float] = field(default_factory=dict[int | str, float])

    def share(self, now: float) -> float:
        return min(1.0, self._share + max(0.0, now - self._since) * _RECOVERY)

    def flooded(self, chat: int | str, now: float) -> None:
        self._refused = {one: at for one, at in self._refused.items() if now - at < _TOGETHER}
        self._refused[chat] = now
        if len(self._refused) > 1:
            self._share, self._since = max(_LEAST, self.share(now) * _CUT), now
            self._refused = {}


_TOGETHER = 10.0  # seconds
_CUT = 0.7
_LEAST = 0.1
_RECOVERY = 1 / 60  # of the whole, each second
