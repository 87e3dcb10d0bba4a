"""Tokens to structures, from the outside in: what binds least is cut first.

Brackets of structures need not match as those of expressions do ([1, 2) is an interval), so the
text is cut into slices of tokens, and the parser reads those that are single expressions.
"""

from dataclasses import dataclass, replace
from typing import Final

from tutorbot.core.answers.characters import Plain, plain
from tutorbot.core.answers.cursor import Cursor, Trouble, trouble_at
from tutorbot.core.answers.parser import Parser
from tutorbot.core.answers.reader import low_enough
from tutorbot.core.answers.slices import (
    SETS,
    Slice,
    as_rows,
    cuts_at,
    encloses,
    is_sign,
    opens,
    outside,
    signed,
    turned,
    unnamed,
    without_transposition,
)
from tutorbot.core.answers.structures import (
    POINT_SETS,
    STRUCTURES,
    Infinity,
    Interval,
    Joined,
    Listing,
    Matrix,
    Not,
    Proposition,
    Reals,
    Relation,
    SetOf,
    SetOperation,
    Thing,
    Truth,
)
from tutorbot.core.answers.tokens import Token, Word, tokens
from tutorbot.core.answers.tree import Node, Span
from tutorbot.core.answers.verdicts import Problem
from tutorbot.core.answers.vocabulary import Vocabulary

MAX_PARTS = 100  # of one structure, whatever stands in it
MAX_DEPTH = 30
MAX_NESTED = 60  # brackets, those of expressions included
MAX_DOUBLE = 8  # ± in one text
MAX_SIDE = 20  # rows or columns of a matrix

_RELATIONS: Final = frozenset("=≠<≤>≥∈")
_CONNECTIVES: Final = ("↔", "→", "∨", "⊕", "∧")  # the loosest first
_STRUCTURAL: Final = frozenset((*_RELATIONS, *_CONNECTIVES, *SETS, *"¬~!±∓⊤⊥∅ℝ∞⟦{"))
_COMMAS: Final = frozenset(",;")
_OPERATORS: Final = frozenset(("+", "-", "*", "×", "/", ":", "^", "_", "±", "∓"))


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How the text of a kind is to be read."""

    sets: bool = False  # braces are sets, and ∪ joins
    intervals: bool = False  # (1, 2) is an interval and no pair
    spaces: bool = False  # a gap parts entries, where nothing else does
    propositions: bool = False  # a letter alone is true or false


def read_thing(typed: str, vocabulary: Vocabulary, manner: Manner) -> Thing | Problem:
    """Read whatever it is; the kind says whether it is what was asked for."""
    text = plain(typed, vocabulary.symbols)
    if isinstance(text, Problem):
        return text
    found = tokens(text, vocabulary)
    if isinstance(found, Problem):
        return found
    if found[0].word is Word.END:
        return Problem(code="empty", at=len(typed))
    try:
        return _Reader(text, found, vocabulary, manner).everything()
    except Trouble as trouble:
        return trouble.problem


class _Reader(Cursor):
    def __init__(
        self, text: Plain, found: list[Token], vocabulary: Vocabulary, manner: Manner
    ) -> None:
        super().__init__(text, found)
        self.vocabulary = vocabulary
        self.manner = manner
        self.depth = 0
        self.parts = 0

    def everything(self) -> Thing:
        part = self.tokens[:-1]
        at = next((at for at, token in enumerate(part) if token.text == "∈"), len(part))
        first = 0 if self.manner.intervals else at
        part = part[:first] + turned(part[first:])
        self.check_brackets(part)
        double = [token for token in part if is_sign(token) and token.text in {"±", "∓"}]
        if len(double) > MAX_DOUBLE:
            raise self.trouble("too-many-parts", double[0], limit=str(MAX_DOUBLE))
        if self.vocabulary.lists:
            part = as_rows(unnamed(part))
        return self.listed(part)

    # -- entries ---------------------------------------------------------------------------------

    def listed(self, part: Slice) -> Thing:
        """One thing, or several parted by commas (in the manner of vectors also by gaps)."""
        if self.manner.spaces and part[0].text == "<" and part[-1].text == ">":
            return self.operand(part)
        rows = self.rows(part)
        if len(rows) > 1:
            return self.matrix(rows, part)
        if cuts_at(part, _COMMAS):
            return Listing(self.entries(part), opening="", span=self.span(part))
        if self.manner.spaces and len(self.gaps(part)) > 1:
            entries = tuple(map(self.thing, self.gaps(part)))
            return Listing(entries, opening="", span=self.span(part))
        return self.thing(part)

    def entries(self, part: Slice) -> tuple[Thing, ...]:
        """What stands between commas; where semicolons part, commas do not."""
        cuts = [at for at in cuts_at(part, _COMMAS) if part[at].text == ";"] or cuts_at(
            part, _COMMAS
        )
        return tuple(self.thing(each) for each in self.pieces(part, cuts))

    def pieces(self, part: Slice, cuts: list[int]) -> list[Slice]:
        found: list[Slice] = []
        for here, there in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(part)], strict=True):
            if here == there:
                sign = part[there if there < len(part) else here - 1]
                raise self.trouble("operand-missing", sign, sign=self.typed(sign))
            found.append(part[here:there])
        return found

    def rows(self, part: Slice) -> list[list[Slice]]:
        """The rows of ``1 2; 3 4``, and of lines; one row if it is none such."""
        if not self.manner.spaces or not part or part[0].text == "⟦":
            return [[part]]
        cuts = cuts_at(part, frozenset(";⏎"))
        lines = [part[: cuts[0]], *self.pieces(part, cuts)[1:]] if cuts else self.lines(part)
        if len(lines) < 2:  # noqa: PLR2004 - one line is no matrix
            return [[part]]
        found = [self.row(line) for line in lines]
        return found if max(map(len, found)) > 1 or not cuts else [[part]]

    def row(self, line: Slice) -> list[Slice]:
        commas = cuts_at(line, frozenset(",&"))
        return self.pieces(line, commas) if commas else self.gaps(line)

    def lines(self, part: Slice) -> list[Slice]:
        found: list[Slice] = [[]]
        depth = 0
        for before, token in zip([None, *part], part, strict=False):
            between = ""
            if before is not None and depth == 0:
                between = self.text.typed[self.place(before)[1] - 1 : self.place(token)[0] + 1]
            if "\n" in between.strip(" "):
                found.append([])
            depth += opens(token)
            found[-1].append(token)
        return [line for line in found if line]

    def gaps(self, part: Slice) -> list[Slice]:
        """Cut where white space stands between operands: 1 −2 is two, 1 − 2 is one."""
        found: list[Slice] = [part[:1]]
        depth = opens(part[0]) if part else 0
        for at in range(1, len(part)):
            token, before = part[at], part[at - 1]
            after = part[at + 1] if at + 1 < len(part) else None
            sign = token.word is Word.SIGN and token.text in _OPERATORS
            unary = token.text in {"-", "+"} and after is not None and not after.spaced
            hangs = (
                before.word is Word.KNOWN
                or before.word is Word.COMMAND
                or (before.word is Word.SIGN and before.text in _OPERATORS)
            )
            if depth == 0 and token.spaced and not hangs and (not sign or unary):
                found.append([])
            found[-1].append(token)
            depth += opens(token)
        return found

    def matrix(self, rows: list[list[Slice]], part: Slice) -> Matrix:
        if len(rows) > MAX_SIDE or max(map(len, rows)) > MAX_SIDE:
            raise self.trouble("too-many-parts", part[0], limit=str(MAX_SIDE))
        for row in rows:
            if len(row) != len(rows[0]):
                raise self.trouble("ragged", row[0][0] if row[0] else part[0])
        read = tuple(tuple(self.thing(entry) for entry in row) for row in rows)
        return Matrix(read, span=self.span(part))

    # -- statements ------------------------------------------------------------------------------

    def thing(self, part: Slice) -> Thing:
        self.depth += 1
        self.parts += 1
        if not part:
            raise self.trouble("unexpected", self.tokens[-1])
        if self.depth > MAX_DEPTH:
            raise self.trouble("too-deep", part[0], limit=str(MAX_DEPTH))
        if self.parts > MAX_PARTS * 5:
            raise self.trouble("too-many-parts", part[0], limit=str(MAX_PARTS))
        found = self.joined(part)
        self.depth -= 1
        return found

    def joined(self, part: Slice) -> Thing:
        found = outside(part)
        for sign in _CONNECTIVES:
            cuts = found.get(sign, [])
            if len(cuts) >= MAX_PARTS:
                raise self.trouble("too-many-parts", part[0], limit=str(MAX_PARTS))
            if cuts and cuts != [0]:
                return self.connected(sign, [self.thing(each) for each in self.pieces(part, cuts)])
        if part[0].word is Word.SIGN and part[0].text in {"¬", "~", "!"}:
            if len(part) == 1:
                raise self.trouble("operand-missing", part[0], sign=self.typed(part[0]))
            return Not(self.thing(part[1:]), span=self.span(part))
        double = any(token.word is Word.SIGN and token.text in {"±", "∓"} for token in part)
        if double and not self.holds_entries(part):
            both = tuple(self.thing(each) for each in signed(part))
            return Joined("∨", both, span=self.span(part))
        cuts = cuts_at(part, _RELATIONS)
        if cuts and not (self.manner.spaces and part[0].text == "<" and part[-1].text == ">"):
            return self.related(part, cuts)
        return self.operand(part)

    def holds_entries(self, part: Slice) -> bool:
        """Whether it is a set or a list, so that ± stands in one of its entries."""
        if self.manner.sets and cuts_at(part, frozenset(SETS)):
            return True
        if not encloses(part):
            return False
        return (part[0].text == "{" and self.manner.sets) or bool(cuts_at(part[1:-1], _COMMAS))

    def connected(self, sign: str, parts: list[Thing]) -> Thing:
        span = (parts[0].span[0], parts[-1].span[1])
        if all(isinstance(each, POINT_SETS) for each in parts) and sign == "∨":
            return SetOperation("∪", tuple(parts), span=span)
        if sign == "→":  # p → q → r is p → (q → r)
            found = parts[-1]
            for each in reversed(parts[:-1]):
                found = Joined(sign, (each, found), span=span)
            return found
        if sign == "↔":
            found = parts[0]
            for each in parts[1:]:
                found = Joined(sign, (found, each), span=span)
            return found
        return Joined(sign, tuple(parts), span=span)

    def related(self, part: Slice, cuts: list[int]) -> Thing:
        if len(cuts) >= MAX_PARTS:
            raise self.trouble("too-many-parts", part[0], limit=str(MAX_PARTS))
        pieces = self.pieces(part, cuts)
        signs = [part[cut].text for cut in cuts]
        usual, self.manner = self.manner, replace(self.manner, propositions=False)
        sides = [
            self.points(piece) if at and signs[at - 1] == "∈" else self.operand(piece)
            for at, piece in enumerate(pieces)
        ]
        self.manner = usual
        links = tuple(
            Relation(left, sign, right, span=(left.span[0], right.span[1]))
            for left, sign, right in zip(sides, signs, sides[1:], strict=False)
        )
        if len(links) == 1:
            return links[0]
        return Joined("∧", links, chained=True, span=self.span(part))

    def points(self, part: Slice) -> Thing:
        """What stands after ∈: a set, in whatever kind."""
        usual, self.manner = self.manner, Manner(sets=True, intervals=True)
        found = self.operand(turned(part))
        self.manner = usual
        return found

    # -- operands --------------------------------------------------------------------------------

    def operand(self, part: Slice) -> Thing:
        if self.manner.sets:
            operation = self.operation(part)
            if operation is not None:
                return operation
        single = self.single(part) if len(part) == 1 else None
        if single is not None:
            return single
        if [token.text for token in part if token.text not in "()"] in (
            ["∞"],
            ["-", "∞"],
            ["+", "∞"],
        ):
            return Infinity(negative=any(token.text == "-" for token in part), span=self.span(part))
        transposed = without_transposition(part) if self.manner.spaces else part
        if encloses(transposed):
            bracketed = self.bracketed(transposed)
            if bracketed is not None:
                return bracketed
        return self.expression(part)

    def operation(self, part: Slice) -> Thing | None:
        if len(part) > 1 and part[0].text in {"∪", "∩", "set"} and encloses(part[1:]):
            entries = self.entries(part[2:-1]) if len(part) > 3 else ()  # noqa: PLR2004 - Union( )
            if part[0].text == "set":
                return SetOf(entries, span=self.span(part))
            return SetOperation(part[0].text, entries, span=self.span(part))
        if part[0].text == "ℝ" and len(part) > 1 and part[1].text == "{" and encloses(part[1:]):
            parts = (self.thing(part[:1]), self.thing(part[1:]))  # R\{0}
            return SetOperation("∖", parts, span=self.span(part))
        for sign in SETS:
            cuts = cuts_at(part, frozenset((sign, "&") if sign == "∩" else (sign,)))
            if sign == "∖":
                cuts += [
                    at
                    for at in cuts_at(part, frozenset("-"))
                    if 0 < at < len(part) - 1
                    and part[at - 1].text == "}"
                    and part[at + 1].text == "{"
                ]
            if not cuts:
                continue
            pieces = self.pieces(part, cuts)
            if len(pieces) > MAX_PARTS:
                raise self.trouble("too-many-parts", part[0], limit=str(MAX_PARTS))
            read = [self.thing(each) for each in pieces]
            if sign != "∖":
                return SetOperation(sign, tuple(read), span=self.span(part))
            found = read[0]
            for each in read[1:]:
                found = SetOperation(sign, (found, each), span=self.span(part))
            return found
        return None

    def single(self, part: Slice) -> Thing | None:
        token, span = part[0], self.span(part)
        if token.word is Word.SIGN:
            match token.text:
                case "⊤" | "⊥":
                    return Truth(token.text == "⊤", span=span)
                case "∞":
                    return Infinity(span=span)
                case "∅":
                    return SetOf((), span=span)
                case "ℝ":
                    return Reals(span=span)
                case _:
                    return None
        if self.manner.propositions:
            if token.word is Word.SYMBOL:
                return Proposition(token.text, span=span)
            truths = {"T": True, "F": False, "1": True, "0": False, "W": True}
            if self.vocabulary.logic and token.text in truths:
                return Truth(truths[token.text], span=span)
        return None

    def bracketed(self, part: Slice) -> Thing | None:
        """What stands in one pair of brackets, if that is more than an expression."""
        opening, inside, closing = part[0].text, part[1:-1], part[-1].text
        span = self.span(part)
        if opening == "⟦":
            return self.environment(inside, span)
        if inside and inside[0].text == "⟦" and encloses(inside):  # brackets around an array
            return self.bracketed(inside)
        if opening == "<":
            return Listing(self.entries(inside), opening="<", span=span)
        if opening == "{" and self.manner.sets:
            return self.braces(inside, span)
        if self.manner.spaces and opening in "([":
            return self.spaced(inside, opening, span)
        commas = cuts_at(inside, _COMMAS)
        if commas:
            entries = self.entries(inside)
            mixed = {opening, closing} in ({"(", "]"}, {"[", ")"})
            if (self.manner.intervals or mixed) and len(entries) == 2:  # noqa: PLR2004 - its ends
                return self.interval(entries, opening, closing, span)
            if not mixed:
                return Listing(entries, opening=opening, span=span)
        if not inside:
            if opening == "[" or self.vocabulary.lists:
                return Listing((), opening=opening, span=span)
            return None
        if opening == "[" and self.vocabulary.lists and not self.manner.intervals:
            return Listing((self.thing(inside),), opening=opening, span=span)
        structural = any(token.word is Word.SIGN and token.text in _STRUCTURAL for token in inside)
        if structural or encloses(inside) or (self.manner.propositions and self.vocabulary.logic):
            try:
                return self.thing(inside)
            except Trouble:
                if cuts_at(inside, _RELATIONS | frozenset(_CONNECTIVES)):
                    raise
                return None
        return None

    def spaced(self, inside: Slice, opening: str, span: Span) -> Thing | None:
        rows = self.rows(inside) if inside else [[inside]]
        if len(rows) > 1:
            found = self.matrix(rows, inside)
            return Matrix(found.rows, span=span)
        commas = cuts_at(inside, _COMMAS)
        if commas:
            return Listing(self.entries(inside), opening=opening, span=span)
        gaps = self.gaps(inside) if inside else []
        if len(gaps) > 1:
            return Listing(tuple(map(self.thing, gaps)), opening=opening, span=span)
        if opening == "[":
            return Listing(tuple(map(self.thing, gaps)), opening=opening, span=span)
        return self.thing(inside) if inside and encloses(inside) else None

    def environment(self, inside: Slice, span: Span) -> Matrix:
        cuts = cuts_at(inside, frozenset("⏎"))
        if not inside or len(cuts) == len(inside):
            raise trouble_at("empty-bracket", span)
        if cuts and cuts[-1] == len(inside) - 1:
            inside, cuts = inside[:-1], cuts[:-1]
        rows = [self.pieces(row, cuts_at(row, frozenset("&"))) for row in self.pieces(inside, cuts)]
        return Matrix(self.matrix(rows, inside).rows, span=span)

    def braces(self, inside: Slice, span: Span) -> Thing:
        if not inside:
            return SetOf((), span=span)
        bars = cuts_at(inside, frozenset("|:"))
        if bars and cuts_at(inside[bars[0] :], _RELATIONS):  # {x | x > 2}
            condition = self.thing(inside[bars[0] + 1 :])
            before = inside[: bars[0]]
            if cuts_at(before, frozenset("∈")):
                return Joined("∧", (self.thing(before), condition), span=span)
            return condition
        entries = self.entries(inside) if cuts_at(inside, _COMMAS) else (self.thing(inside),)
        if len(entries) > MAX_PARTS:
            raise self.trouble("too-many-parts", inside[0], limit=str(MAX_PARTS))
        return SetOf(entries, span=span)

    def interval(self, entries: tuple[Thing, ...], opening: str, closing: str, span: Span) -> Thing:
        low, high = entries
        for end in (low, high):
            if isinstance(end, STRUCTURES) and not isinstance(end, Infinity):
                return Listing(entries, opening=opening, span=span)
        assert not isinstance(low, STRUCTURES) or isinstance(low, Infinity)
        assert not isinstance(high, STRUCTURES) or isinstance(high, Infinity)
        return Interval(low, high, opening == "[", closing == "]", span=span)

    def expression(self, part: Slice) -> Node:
        last = part[-1]
        slice_ = [*part, Token(Word.END, "", last.end, last.end)]
        return low_enough(Parser(self.text, slice_, self.vocabulary, tight=False).whole())

    # -- helpers ---------------------------------------------------------------------------------

    def span(self, part: Slice) -> Span:
        return self.place(part[0])[0], self.place(part[-1])[1]

    def check_brackets(self, part: Slice) -> None:
        """Every bracket must have a partner, of whatever kind."""
        waiting: list[Token] = []
        for token in part:
            if opens(token) > 0:
                waiting.append(token)
                if len(waiting) > MAX_NESTED:
                    raise self.trouble("too-deep", token, limit=str(MAX_NESTED))
            elif opens(token) < 0:
                if not waiting:
                    raise self.trouble("unopened-bracket", token, bracket=token.text)
                opening = waiting.pop()
                wanted = {"{": "}", "⟦": "⟧"}.get(opening.text)
                if (wanted or token.text) != token.text or (not wanted and token.text in "}⟧"):
                    raise self.trouble(
                        "wrong-bracket", token, bracket=self.typed(token), wanted=wanted or ")"
                    )
        if waiting:
            raise self.trouble("unclosed-bracket", waiting[-1], bracket=waiting[-1].text)
