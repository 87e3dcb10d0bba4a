"""Where an update's time goes, step by step, for whoever collects traces; ids only, no texts."""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Traces(Protocol):
    def span(
        self, step: str, *, update: int | None = None, **ids: int | None
    ) -> AbstractContextManager[object]:
        """One step, as long as the block.

        A step of an ``update`` begins or joins that update's trace, whichever process it is in; any
        other belongs to the step around it.
        """
        ...


class NoTraces:
    """Nobody collects them."""

    def span(
        self, step: str, *, update: int | None = None, **ids: int | None
    ) -> AbstractContextManager[object]:
        del step, update, ids
        return _NOTHING

    def close(self) -> None:
        """Nothing is left to send."""


_NOTHING = nullcontext()
