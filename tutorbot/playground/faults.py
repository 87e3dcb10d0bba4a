"""Trouble on order, or by chance: what a test scripts to see how the bot bears it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from random import Random

from tutorbot.playground.wire import JsonObject


class Trouble(Enum):
    FLOOD = "flood"  # 429 with retry_after
    INTERNAL = "internal"  # 500
    BAD_GATEWAY = "bad_gateway"  # 502 with a page of HTML
    DROP = "drop"  # the connection closes at once; nothing is done
    HANG = "hang"  # silence for some seconds, then the connection closes; nothing is done
    APPLIED_SILENCE = "applied_silence"  # done, but no answer for some seconds, then closed
    APPLIED_DROP = "applied_drop"  # done, and the connection closes at once
    BLOCKED = "blocked"  # 403, as if the person had blocked the bot

    @property
    def applied(self) -> bool:
        """Whether the call is done all the same."""
        return self in {Trouble.APPLIED_SILENCE, Trouble.APPLIED_DROP}


@dataclass(kw_only=True)
class Fault:
    """Meets the next ``times`` calls that it fits."""

    trouble: Trouble
    method: str | None = None  # any method but getUpdates when None
    chat_id: int | None = None  # any chat when None
    times: int = 1
    retry_after: int = 1  # seconds, for FLOOD
    seconds: float = 30  # of silence

    def fits(self, method: str, chat_id: int | None) -> bool:
        named = method != "getupdates" if self.method is None else self.method.lower() == method
        return self.times > 0 and named and self.chat_id in {None, chat_id}


class Chance:
    """Trouble for some calls out of many, as a seed has it.

    Args:
        dice: of its own, so that the same calls in the same order meet the same.
        rates: by method ("" stands for all that are not named), the share of each trouble.
        longest: seconds of silence, at most.
    """

    def __init__(
        self, dice: Random, rates: Mapping[str, Mapping[Trouble, float]], *, longest: float = 20
    ) -> None:
        self._dice = dice
        self._rates = {method.lower(): dict(shares) for method, shares in rates.items()}
        self._longest = longest

    def meet(self, method: str) -> Fault | None:
        place = self._dice.random()
        for trouble, share in self._rates.get(method, self._rates.get("", {})).items():
            if place < share:
                return Fault(
                    trouble=trouble,
                    retry_after=self._dice.randint(1, 3),
                    seconds=self._dice.uniform(0.5, self._longest),
                )
            place -= share
        return None


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.chance: Chance | None = None  # for calls that meet nothing on order

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def meet(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that this call runs into, now used up by one."""
        for fault in self._waiting:
            if fault.fits(method, chat_id):
                fault.times -= 1
                return fault
        return self.chance.meet(method) if self.chance else None


def read_fault(wire: JsonObject) -> Fault:
    """From the body of ``POST /playground/faults``; ValueError when it makes no sense."""
    return Fault(
        trouble=Trouble(wire.get("trouble")),
        method=wire.get("method"),
        chat_id=wire.get("chat_id"),
        times=int(wire.get("times", 1)),
        retry_after=int(wire.get("retry_after", 1)),
        seconds=float(wire.get("seconds", 30)),
    )
