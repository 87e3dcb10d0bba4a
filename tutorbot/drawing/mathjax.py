"""MathJax inside a small JavaScript engine: LaTeX in, SVG out."""

import json
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

import quickjs  # pyright: ignore[reportMissingTypeStubs] -- it ships none

from tutorbot.drawing.canvas import NotDrawable

_MEMORY = 96 * 1024 * 1024  # bytes
_STACK = 4 * 1024 * 1024  # bytes; MathJax recurses into the formula
_SECONDS = 1  # of computing, for one formula


def typeset(latex: str, *, display: bool) -> str:
    """What MathJax makes of it; faulty LaTeX is drawn as a message in red.

    Raises:
        NotDrawable: when it takes too much time or memory.
    """
    try:
        drawn = _engine()[display](latex)
    except _JSError as fault:
        _engine.cache_clear()  # out of time or memory: what is left may be in any state
        raise NotDrawable(f"typesetting failed: {str(fault)[:200]}") from fault
    return str(json.loads(drawn))


class _Context(Protocol):
    def set_max_stack_size(self, size: int, /) -> None: ...
    def set_memory_limit(self, size: int, /) -> None: ...
    def set_time_limit(self, seconds: float, /) -> None: ...
    def eval(self, code: str, /) -> object: ...
    def get(self, name: str, /) -> object: ...


_JSError = cast("type[Exception]", quickjs.JSException)  # pyright: ignore[reportUnknownMemberType] -- untyped


# QuickJS-NG keeps a text that was added up in pieces, and its binding takes whole ones only.
_IN_ONE_PIECE = """
globalThis.drawn = latex => JSON.stringify(render(latex));
globalThis.drawnInline = latex => JSON.stringify(renderInline(latex));
"""


@cache
def _engine() -> dict[bool, Callable[[str], str]]:
    """MathJax, loaded once for each process: its functions for display and for inline formulas."""
    context = cast("_Context", quickjs.Context())  # pyright: ignore[reportUnknownMemberType] -- untyped
    context.set_max_stack_size(_STACK)
    context.set_memory_limit(_MEMORY)
    context.eval(_bundle().read_text(encoding="utf-8"))
    context.eval(_IN_ONE_PIECE)
    context.set_time_limit(_SECONDS)
    return {
        True: cast("Callable[[str], str]", context.get("drawn")),
        False: cast("Callable[[str], str]", context.get("drawnInline")),
    }


def _bundle() -> Path:
    spec = find_spec("quickjax")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package quickjax, which carries MathJax, is not installed")
    return Path(spec.origin).parent / "js" / "mathjax_bundle.js"
