"""The bot's calls as the panel of the page shows them."""

from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import Call

_LONGEST_SHOWN = 300  # characters of one parameter


def wire_call(call: Call) -> JsonObject:
    """A call with its parameters cut short."""
    return {
        "number": call.number,
        "method": call.method,
        "status": call.status,
        "error": call.error,
        "ms": call.milliseconds,
        "flags": list(call.flags),
        "params": {name: _short(str(value)) for name, value in call.params.items()},
    }


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
