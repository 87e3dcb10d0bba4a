"""Runs of tokens, and where they may be cut: what the reader of structures works on."""

from dataclasses import replace
from typing import Final

from tutorbot.core.answers.tokens import Token, Word

SETS: Final = ("∪", "∖", "∩")

_OPENING: Final = frozenset("([{⟦")
_CLOSING: Final = frozenset(")]}⟧")

Slice = list[Token]


def opens(token: Token) -> int:
    if token.word is not Word.SIGN:
        return 0
    return (token.text in _OPENING) - (token.text in _CLOSING)


def cuts_at(part: Slice, signs: frozenset[str]) -> list[int]:
    """Where these signs stand outside all brackets."""
    found: list[int] = []
    depth = 0
    for at, token in enumerate(part):
        depth += opens(token)
        if depth == 0 and token.word is Word.SIGN and token.text in signs:
            found.append(at)
    return found


def outside(part: Slice) -> dict[str, list[int]]:
    """Where each sign stands outside all brackets."""
    found: dict[str, list[int]] = {}
    depth = 0
    for at, token in enumerate(part):
        depth += opens(token)
        if depth == 0 and token.word is Word.SIGN:
            found.setdefault(token.text, []).append(at)
    return found


def encloses(part: Slice) -> bool:
    """Whether the first bracket closes at the very end."""
    if len(part) > 1 and part[0].text == "<" and part[-1].text == ">":
        return True
    if len(part) < 2 or opens(part[0]) != 1:  # noqa: PLR2004 - two brackets
        return False
    depth = 0
    for at, token in enumerate(part):
        depth += opens(token)
        if depth == 0:
            return at == len(part) - 1
    return False


def turned(part: Slice) -> Slice:
    """]1, 2[ is (1, 2)."""
    found: Slice = []
    for at, token in enumerate(part):
        before = found[-1] if found else None
        operand = before is not None and (
            before.word is not Word.SIGN or before.text in {")", "]", "}", "∞", "|", "!", "%"}
        )
        last = at == len(part) - 1
        if token.word is Word.SIGN and token.text == "]" and not operand and not last:
            token = Token(Word.SIGN, "(", token.start, token.end, token.spaced)  # noqa: PLW2901
        elif token.word is Word.SIGN and token.text == "[" and operand:
            called = before is not None and before.word in (Word.FUNCTION, Word.KNOWN, Word.SUM)
            rest = part[at + 1 : at + 2]
            if not called and (not rest or (is_sign(rest[0]) and rest[0].text not in "([{-+")):
                token = Token(Word.SIGN, ")", token.start, token.end, token.spaced)  # noqa: PLW2901
        found.append(token)
    return found


def is_sign(token: Token) -> bool:
    return token.word is Word.SIGN


def unnamed(part: Slice) -> Slice:
    """Without the ``L =`` or ``x ∈`` before a set, a vector or a matrix."""
    head = 2  # a name and a sign
    if (
        len(part) > head
        and part[0].word in (Word.SYMBOL, Word.UNKNOWN, Word.CONSTANT)
        and part[1].text in {"=", "∈", ":"}
        and (part[2].text in {"{", "[", "(", "⟦", "∅", "ℝ", "]"})
    ):
        rest = part[head:]
        if part[1].text == "∈" or encloses(rest) or cuts_at(rest, frozenset(SETS)):
            return rest
    return part


def as_rows(part: Slice) -> Slice:
    """Matrix([[1, 2], [3, 4]]) and matrix([1, 2], [3, 4]), as a list of rows."""
    if part[0].text != "matrix" or len(part) < 4 or not encloses(part[1:]):  # noqa: PLR2004 - ( )
        return part
    first, *inside, last = part[1:]
    if encloses(inside):
        return inside
    return [replace(first, text="["), *inside, replace(last, text="]")]


def without_transposition(part: Slice) -> Slice:
    """[1, 2, 3]^T is meant as a column, and a vector either way."""
    for width, ending in ((2, ["^", "T"]), (2, ["^", "⊤"]), (4, ["^", "{", "T", "}"])):
        if len(part) > width and [token.text for token in part[-width:]] == ending:
            return part[:-width]
    return part


def signed(part: Slice) -> tuple[Slice, Slice]:
    """± as plus (∓ then as minus), and the other way round."""

    def with_(upper: str, lower: str) -> Slice:
        return [
            Token(
                token.word,
                {"±": upper, "∓": lower}.get(token.text, token.text)
                if is_sign(token)
                else token.text,
                token.start,
                token.end,
                token.spaced,
            )
            for token in part
        ]

    return with_("+", "-"), with_("-", "+")
