"""LaTeX as a tree: only as much of it as one line of text can have a use for."""

import re
from dataclasses import dataclass

from tutorbot.drawing.symbols import ACCENTS, ALPHABETS, COMMANDS, DELIMITERS, TYPED, Alphabet, Role

LONGEST = 4_000  # characters
_DEEPEST = 40  # rows and commands inside each other


class UnreadableError(ValueError):
    """This LaTeX has something that the reader does not know."""


@dataclass(frozen=True)
class Sign:
    text: str
    role: Role
    alphabet: Alphabet | None = None


@dataclass(frozen=True)
class Words:
    text: str


@dataclass(frozen=True)
class Gap:
    r"""White space; ``meant`` if by a command, such as ``\quad``, and not only in the source."""

    meant: bool


@dataclass(frozen=True)
class Scripted:
    base: "Node | None"
    below: "Row | None" = None
    above: "Row | None" = None
    primes: int = 0


@dataclass(frozen=True)
class Fraction:
    over: "Row"
    under: "Row"


@dataclass(frozen=True)
class Root:
    body: "Row"
    index: "Row | None"


@dataclass(frozen=True)
class Accented:
    name: str
    body: "Row"


@dataclass(frozen=True)
class Named:
    """Something that only a drawing shows, such as a brace: written as a name with arguments."""

    name: str
    parts: "tuple[Row, ...]"


@dataclass(frozen=True)
class Arrow:
    sign: str
    label: "Row"


@dataclass(frozen=True)
class Group:
    """Braces: they show nothing, but hold together what stands in them."""

    body: "Row"


@dataclass(frozen=True)
class Table:
    environment: str
    rows: "tuple[tuple[Row, ...], ...]"


Node = Sign | Words | Gap | Scripted | Fraction | Root | Accented | Named | Arrow | Group | Table
Row = tuple[Node, ...]

TABLES = {
    "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array",
    "cases",
}  # fmt: skip
LINES = {"aligned", "align", "alignat", "split", "gather", "gathered", "equation"}

_LEXEME = re.compile(r"\\(?:[A-Za-z]+\*?|.)|\d+(?:\.\d+)*|\s+|.", re.DOTALL)
_FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac"}
_TEXTS = {"text", "textrm", "textbf", "textit", "textsf", "texttt", "textnormal", "mbox"}
_UPRIGHT = {"mathrm", "operatorname", "operatorname*", "mathsf", "mathtt", "mathit", "mathop"}
_SIZES = {
    head + side
    for head in ("big", "Big", "bigg", "Bigg")
    for side in ("", "l", "r", "m")
}  # fmt: skip
_IGNORED = {
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "hline", "nonumber", "!",
    "middle",
}  # fmt: skip
_GAPS = {",", ":", ";", ">", " ", "quad", "qquad", "enspace", "thinspace", "medspace"}
_NEGATED = {
    "=": "≠",
    "∈": "∉",
    "<": "≮",
    ">": "≯",
    "≤": "≰",
    "≥": "≱",
    "⊂": "⊄",
    "⊆": "⊈",
    "≡": "≢",
}
_TEXT_ESCAPE = re.compile(r"\\([%$&#_{} ])")


def read(latex: str) -> Row:
    """The tree of a formula.

    Raises:
        UnreadableError: for whatever the tree has no place for, and for faulty LaTeX.
    """
    if len(latex) > LONGEST:
        raise UnreadableError("too long")
    reader = _Reader(latex)
    row = reader.lines()
    reader.must_end()
    return row


class _Reader:
    def __init__(self, latex: str) -> None:
        self._lexemes: list[str] = _LEXEME.findall(latex)
        self._at = 0
        self._depth = 0

    def must_end(self) -> None:
        if self._at < len(self._lexemes):
            raise UnreadableError(f"unexpected {self._lexemes[self._at]}")

    def lines(self) -> Row:
        """The whole formula; line breaks outside any environment make a table of lines."""
        rows = self._rows()
        if any(len(cells) > 1 for cells in rows):
            raise UnreadableError("& outside a table")
        return rows[0][0] if len(rows) == 1 else (Table("aligned", rows),)

    def _peek(self) -> str | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _next(self) -> str:
        lexeme = self._peek()
        if lexeme is None:
            raise UnreadableError("ends too early")
        self._at += 1
        return lexeme

    def _skip_space(self) -> None:
        while (lexeme := self._peek()) is not None and lexeme.isspace():
            self._at += 1

    def _row(self, *ends: str) -> Row:
        """Nodes until one of the ends, which is left standing."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnreadableError("too deep")
        nodes: list[Node] = []
        while (lexeme := self._peek()) is not None and lexeme not in ends:
            if lexeme in {"^", "_", "'", "′"}:
                self._set_script(nodes)
            else:
                nodes.extend(self._nodes())
        self._depth -= 1
        return tuple(nodes)

    def _set_script(self, nodes: list[Node]) -> None:
        gaps: list[Node] = []
        while nodes and isinstance(nodes[-1], Gap):
            gaps.append(nodes.pop())
        base = nodes.pop() if nodes else None
        had = base if isinstance(base, Scripted) else Scripted(base)
        mark = self._next()
        if mark in {"'", "′"}:
            if had.above is not None:
                raise UnreadableError("a prime after an exponent")
            nodes.append(Scripted(had.base, had.below, None, had.primes + 1))
            return
        script = self._argument()
        if mark == "_":
            if had.below is not None:
                raise UnreadableError("two subscripts")
            nodes.append(Scripted(had.base, script, had.above, had.primes))
        elif script and all(part == Sign("′", Role.ORDINARY) for part in script):
            nodes.append(Scripted(had.base, had.below, had.above, had.primes + len(script)))
        else:
            if had.above is not None:
                raise UnreadableError("two exponents")
            nodes.append(Scripted(had.base, had.below, script, had.primes))

    def _argument(self) -> Row:
        """A group in braces, or the one sign that follows."""
        self._skip_space()
        lexeme = self._peek()
        if lexeme == "{":
            self._at += 1
            row = self._row("}")
            self._expect("}")
            return row
        if lexeme is not None and lexeme[0].isdigit() and len(lexeme) > 1:
            self._lexemes[self._at] = lexeme[1:]  # x^12 raises the 1 alone
            return (Sign(lexeme[0], Role.NUMBER),)
        return self._nodes()

    def _expect(self, lexeme: str) -> None:
        if self._next() != lexeme:
            raise UnreadableError(f"{lexeme} is missing")

    def _raw(self) -> str:
        """What stands in braces, as it was typed."""
        self._skip_space()
        self._expect("{")
        depth, parts = 1, list[str]()
        while True:
            lexeme = self._next()
            depth += {"{": 1, "}": -1}.get(lexeme, 0)
            if not depth:
                return "".join(parts)
            parts.append(lexeme)

    def _option(self) -> Row | None:
        self._skip_space()
        if self._peek() != "[":
            return None
        self._at += 1
        row = self._row("]")
        self._expect("]")
        return row

    def _nodes(self) -> Row:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnreadableError("too deep")
        nodes = self._one()
        self._depth -= 1
        return nodes

    def _one(self) -> Row:
        lexeme = self._next()
        if lexeme.isspace() or lexeme == "~":
            return (Gap(meant=lexeme == "~"),)
        if lexeme == "{":
            self._at -= 1
            return (Group(self._argument()),)
        if lexeme[0] == "\\" and len(lexeme) > 1:
            return self._command(lexeme[1:])
        if lexeme in "}^_&$#%\\":
            raise UnreadableError(f"unexpected {lexeme}")
        if lexeme in TYPED:
            return (Sign(*TYPED[lexeme]),)
        if lexeme == "." and self._ends_a_sentence():
            return (Sign(".", Role.PUNCTUATION),)
        return (Sign(lexeme, Role.NUMBER if lexeme[0].isdigit() else Role.ORDINARY),)

    def _ends_a_sentence(self) -> bool:
        """Whether the full stop just read is one, not a part of a name, of .5 or of three dots."""
        before = self._lexemes[self._at - 2] if self._at > 1 else "."
        after = (self._peek() or " ")[0]
        return before != "." and after != "." and not after.isalnum()

    def _command(self, name: str) -> Row:
        if name in COMMANDS:
            return (Sign(*COMMANDS[name]),)
        if name in _IGNORED:
            return ()
        if name in _GAPS:
            return (Gap(meant=True),)
        if name in _FRACTIONS:
            return (Fraction(self._argument(), self._argument()),)
        if name in {"binom", "dbinom", "tbinom"}:
            return (Named("C", (self._argument(), self._argument())),)
        if name == "sqrt":
            index = self._option()
            return (Root(self._argument(), index),)
        if name in ACCENTS:
            return (Accented(name, self._argument()),)
        if name in {"vec", "overline", "underline", "boxed", "cancel"}:
            return (Named(name, (self._argument(),)),)
        if name in {"left", "right"} or name in _SIZES:
            return self._delimiter(name)
        if name in ALPHABETS:
            return _in_alphabet(self._argument(), ALPHABETS[name])
        return self._rarer_command(name)

    def _rarer_command(self, name: str) -> Row:
        if name in _TEXTS:
            return (Words(_text(self._raw())),)
        if name in _UPRIGHT:
            return self._upright(name)
        if name in {"underbrace", "overbrace"}:
            return self._brace(name)
        if name == "underset":
            below, base = self._argument(), self._argument()
            return (Scripted(_whole(base), below),)
        if name in {"xrightarrow", "xleftarrow"}:
            return (Arrow("→" if name == "xrightarrow" else "←", self._argument()),)
        if name == "not":
            return self._negated()
        if name == "begin":
            return (self._environment(),)
        raise UnreadableError(f"unknown \\{name}")

    def _delimiter(self, name: str) -> Row:
        self._skip_space()
        sign = DELIMITERS.get(self._next())
        if sign is None:
            raise UnreadableError("not a bracket")
        if name == "left":
            inside = self._row("\\right")
            return (Sign(sign, Role.OPEN), *inside, *self._right())
        if name == "right":
            raise UnreadableError("\\right without \\left")
        if name.endswith("l") or (name.endswith(("g", "G")) and sign in "([{⟨⌊⌈"):
            return (Sign(sign, Role.OPEN),)
        closes = name.endswith("r") or sign in ")]}⟩⌋⌉"
        return (Sign(sign, Role.CLOSE if closes else Role.ORDINARY),)

    def _right(self) -> Row:
        self._expect("\\right")
        self._skip_space()
        sign = DELIMITERS.get(self._next())
        if sign is None:
            raise UnreadableError("not a bracket")
        return (Sign(sign, Role.CLOSE),)

    def _upright(self, name: str) -> Row:
        """Upright words are names of functions, a single upright letter is a letter."""
        body = self._argument()
        text = ""
        for node in body:
            if isinstance(node, Sign):
                text += node.text
            elif not isinstance(node, Gap):
                return (Group(body),)
        is_name = len(text) > 1 or name.startswith("operatorname")
        return (Sign(text, Role.FUNCTION),) if is_name and text.isalnum() else (Group(body),)

    def _brace(self, name: str) -> Row:
        body = self._argument()
        self._skip_space()
        if self._peek() not in {"_", "^"}:
            return (Named(name, (body,)),)
        self._at += 1
        return (Named(name, (body, self._argument())),)

    def _negated(self) -> Row:
        self._skip_space()
        nodes = self._nodes()
        if len(nodes) == 1 and isinstance(nodes[0], Sign) and nodes[0].text in _NEGATED:
            return (Sign(_NEGATED[nodes[0].text], Role.RELATION),)
        raise UnreadableError("\\not before something unusual")

    def _environment(self) -> Table:
        name = self._raw().removesuffix("*")
        if name not in TABLES | LINES:
            raise UnreadableError(f"unknown environment {name}")
        if name in {"array", "alignat"}:
            self._raw()  # the columns
        rows = self._rows()
        self._expect("\\end")
        if self._raw().removesuffix("*") != name:
            raise UnreadableError(f"\\end of {name} is missing")
        return Table(name, rows)

    def _rows(self) -> tuple[tuple[Row, ...], ...]:
        rows: list[tuple[Row, ...]] = []
        cells: list[Row] = []
        while True:
            cells.append(self._row("&", "\\\\", "\\end"))
            end = self._peek()
            if end == "&":
                self._at += 1
                continue
            rows.append(tuple(cells))
            if end != "\\\\":
                break
            self._at += 1
            cells = []
        if len(rows) > 1 and not any(map(_shows, rows[-1])):
            rows.pop()  # \\ after the last line
        return tuple(rows)


def _shows(row: Row) -> bool:
    return any(not isinstance(node, Gap) for node in row)


def _whole(row: Row) -> Node:
    return row[0] if len(row) == 1 else Group(row)


def _text(raw: str) -> str:
    text = _TEXT_ESCAPE.sub(r"\1", raw.replace("~", " "))
    if "\\" in text or "$" in text:
        raise UnreadableError("a command inside \\text")
    return re.sub(r"\s+", " ", text)


def _in_alphabet(row: Row, alphabet: Alphabet) -> Row:
    nodes: list[Node] = []
    for node in row:
        if isinstance(node, Sign) and node.role in {Role.ORDINARY, Role.NUMBER}:
            nodes.extend(Sign(letter, node.role, alphabet) for letter in node.text)
        elif isinstance(node, Group):
            nodes.extend(_in_alphabet(node.body, alphabet))
        elif isinstance(node, Gap | Sign):
            nodes.append(node)
        else:
            raise UnreadableError("a shape of letters around more than letters")
    return tuple(nodes)
