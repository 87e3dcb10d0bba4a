r"""Where the calculus stands in a text: ∫ … dx, lim, ∏, d/dx, \frac{d}{dx}, and their names.

Leibniz wrote the d of dx and d/dx with the letter that learners also call a distance. So they are
found first, by their shape, and only where the question does not declare that letter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tutorbot.core.answers.vocabulary import KNOWN, Vocabulary


@dataclass(frozen=True, slots=True)
class Found:
    """Tokens that stand for a piece of text, and where reading goes on."""

    tokens: tuple[tuple[str, str, int, int], ...]  # "operation", "sum" or "sign"; text; from, to
    after: int


CALLED = {
    **dict.fromkeys(("integrate", "integral", "Integral", "int"), "integral"),
    **dict.fromkeys(("diff", "derivative", "Derivative"), "derivative"),
    **dict.fromkeys(("limit", "Limit", "lim"), "limit"),
    **dict.fromkeys(("prod", "product", "Product"), "product"),
    **dict.fromkeys(("summation", "Summation"), "sum"),
}
_HINT = re.compile(
    r"\\(?:int|lim|prod|partial|infty)(?![A-Za-z])|lim\s*_|/\s*\\?(?:d|partial|mathrm)|\}\s*\{\s*\\?(?:d|m)"
    rf"|(?:{'|'.join(CALLED)})\s*\(",
    re.IGNORECASE,
)
_CALL = re.compile(
    rf"(?<![A-Za-z\\])(?:\\operatorname\s*\{{\s*)?({'|'.join(CALLED)})(?:\s*\}})?\s*(?=\()",
    re.IGNORECASE,
)
_SIGN = re.compile(r"\\(int|prod)(?![A-Za-z])(?:\s*\\(?:no)?limits)?")
_LIMIT = re.compile(
    r"(?<![A-Za-z\\])\\?lim(?![A-Za-z])(?:\s*\\limits)?\s*_\s*([{(]?)\s*"
    r"(\\[A-Za-z]+|[A-Za-z](?:_\w|_\{\w+\})?)\s*"
    r"(?:-{1,2}>|=>|\\(?:to|rightarrow|longrightarrow|Rightarrow)(?![A-Za-z]))"
)
_INFINITY = re.compile(
    r"\\infty(?![A-Za-z])|(?<![A-Za-z\\])(?:oo|inf|infty|[iI]nfinity)(?![A-Za-z])"
)
_SIDE = re.compile(r"\s*(?:\^\s*\{?\s*([+-])\s*\}?|([+-]))\s*$")

_D = r"(?:d|\\mathrm\s*(?:\{\s*d\s*\}|d(?![A-Za-z]))|\\partial(?![A-Za-z])|\\text\s*\{d\})"
_RAISED = r"(?:\s*\^\s*(?:\{\s*(\d)\s*\}|(\d)))?"
_NAME = r"(?:\\[A-Za-z]+|[A-Za-z])(?:_(?:\{\w+\}|\w))?"
_BELOW = rf"(?:\s*{_D}\s*{_NAME}{_RAISED})+"
_SLASH = re.compile(rf"(\(\s*)?{_D}{_RAISED}\s*/\s*(\(\s*)?({_BELOW})(?![A-Za-z_])")
_FRACTION = re.compile(rf"\\[dtc]?frac\s*\{{\s*{_D}{_RAISED}\s*")
_WHOLE_BELOW = re.compile(rf"\s*({_BELOW})\s*")
_EACH = re.compile(rf"\s*{_D}\s*({_NAME}){_RAISED}")

_SCANNED = re.compile(
    r"\\mathrm\s*(?:\{\s*d\s*\}|d(?![A-Za-z]))\s*(?P<upright>\\[A-Za-z]+|[A-Za-z])"
    r"|\\[A-Za-z]+|\\."
    rf"|(?<![A-Za-z])(?:{'|'.join(sorted(KNOWN, key=len, reverse=True))})(?![A-Za-z])"
    r"|d\s?(?P<plain>\\[A-Za-z]+|[A-Za-z])(?![A-Za-z])"
    r"|d(?P<joined>[A-Za-z])(?=d[A-Za-z](?![A-Za-z]))"
)


def operations(text: str, vocabulary: Vocabulary) -> dict[int, Found]:
    """What is found, by where it begins."""
    if not _HINT.search(text):
        return {}
    found: dict[int, Found] = {}
    for start, each in _all(text, vocabulary):
        found.setdefault(start, each)
    return found


def _all(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, Found]]:
    for match in _CALL.finditer(text):
        word = match[1]
        if all(letter in vocabulary.symbols for letter in word):
            continue
        kind = CALLED.get(word, CALLED.get(word.lower(), ""))
        token = "sum" if kind in {"sum", "product"} else "operation"
        yield match.start(), _one(token, kind, match.start(), match.end())
    integrals = False
    for match in _SIGN.finditer(text):
        integrals |= match[1] == "int"
        kind, token = ("integral", "operation") if match[1] == "int" else ("product", "sum")
        yield match.start(), _one(token, kind, match.start(), match.end())
    yield from _limits(text)
    for match in _INFINITY.finditer(text):
        yield match.start(), _one("sign", "∞", match.start(), match.end())
    if "d" not in vocabulary.symbols or "\\" in text:
        yield from _derivatives(text, vocabulary)
    if integrals:
        yield from _differentials(text, vocabulary)


def _one(token: str, kind: str, start: int, end: int) -> Found:
    return Found(((token, kind, start, end),), end)


def _limits(text: str) -> Iterator[tuple[int, Found]]:
    for match in _LIMIT.finditer(text):
        start, end = match.span()
        name = canonical_name(match[2])
        opening = match[1]
        if not opening:
            yield start, _one("operation", f"limit {name}", start, end)
            continue
        closing = _closing(text, match.start(1))
        if closing is None:
            continue
        side = _SIDE.search(text, end, closing)
        sign = (side[1] or side[2]) if side else ""
        first = ("operation", f"limit {name} {sign}".strip(), start, match.start(1))
        yield start, Found((first, ("sign", opening, match.start(1), match.start(1) + 1)), end)
        if side:
            bracket = ("sign", text[closing], closing, closing + 1)
            yield side.start(), Found((bracket,), closing + 1)


def _derivatives(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, Found]]:
    for match in _SLASH.finditer(text):
        if _is_distance(match.group(), vocabulary):
            continue
        end = match.end()
        if match[4]:  # d/(dx)
            bracket = re.compile(r"\s*\)").match(text, end)
            if bracket is None:
                continue
            end = bracket.end()
        start = match.start()
        if match[1]:  # (d/dx)
            bracket = re.compile(r"\s*\)").match(text, end)
            start, end = (start, bracket.end()) if bracket else (match.end(1), end)
        yield start, Found(tuple(_derivative_tokens(match[5], start, end)), end)
    for match in _FRACTION.finditer(text):
        brace = text.index("{", match.start())
        closing = _closing(text, brace)
        if closing is None:
            continue
        below = re.compile(r"\s*\{").match(text, closing + 1)
        last = _closing(text, below.end() - 1) if below else None
        if below is None or last is None:
            continue
        names = _WHOLE_BELOW.fullmatch(text, below.end(), last)
        if names is None or _is_distance(match.group() + names.group(), vocabulary):
            continue
        start = match.start()
        tokens = tuple(_derivative_tokens(names[1], start, min(match.end(), closing)))
        if match.end() >= closing:
            yield start, Found(tokens, last + 1)
            continue
        opening = ("sign", "{", match.end() - 1, match.end())
        yield start, Found((*tokens, opening), match.end())
        yield closing, Found((("sign", "}", closing, last + 1),), last + 1)


def _is_distance(written: str, vocabulary: Vocabulary) -> bool:
    """Whether the d's in it are a symbol of the question."""
    return "d" in vocabulary.symbols and "\\partial" not in written and "\\mathrm" not in written


def _derivative_tokens(below: str, start: int, end: int) -> Iterator[tuple[str, str, int, int]]:
    for each in _EACH.finditer(below):
        order = each[2] or each[3] or "1"
        yield "operation", f"derivative {canonical_name(each[1])} {order}", start, end


def _differentials(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, Found]]:
    first = text.index("\\int")
    for match in _SCANNED.finditer(text, first):
        name = match["upright"] or match["plain"] or match["joined"]
        if name is None:
            continue
        apart = match.start() == 0 or not text[match.start() - 1].isalnum()
        if match["upright"] is None and "d" in vocabulary.symbols and not apart:
            continue
        token = ("operation", f"differential {canonical_name(name)}", match.start(), match.end())
        yield match.start(), Found((token,), match.end())


def canonical_name(written: str) -> str:
    return written.lstrip("\\").replace("{", "").replace("}", "").strip()


def _closing(text: str, opening: int) -> int | None:
    """Where the bracket at ``opening`` closes; brackets of all kinds count."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] in "({[") - (text[place] in ")}]")
        if depth == 0:
            return place
    return None
