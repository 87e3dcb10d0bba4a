"""Trouble on order: what a test scripts to see how the bot bears it."""

from dataclasses import dataclass
from enum import Enum

from tutorbot.playground.wire import JsonObject


class Trouble(Enum):
    FLOOD = "flood"  # 429 with retry_after
    INTERNAL = "internal"  # 500
    BAD_GATEWAY = "bad_gateway"  # 502 with a page of HTML
    HANG = "hang"  # silence for some seconds, then the connection closes; nothing is done
    APPLIED_SILENCE = "applied_silence"  # done, but no answer for some seconds, then closed
    APPLIED_DROP = "applied_drop"  # done, and the connection closes at once
    BLOCKED = "blocked"  # 403, as if the person had blocked the bot


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


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

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
        return None


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
