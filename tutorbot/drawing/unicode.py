"""Formulas as text, as a person would type them into a chat.

`say` gives a text only where nothing is lost by it; `plain` always gives one. Letters outside the
basic plane, such as a script O, are missing on many phones: they become plain letters, unless the
same formula also has the plain letter; then `say` declines and `plain` takes the rare one.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from tutorbot.drawing.latex import (
    TABLES,
    Accented,
    Arrow,
    Fraction,
    Gap,
    Group,
    Named,
    Node,
    Root,
    Row,
    Scripted,
    Sign,
    Table,
    UnreadableError,
    Words,
    read,
)
from tutorbot.drawing.symbols import ACCENTS, LOWERED, RAISED, Alphabet, Role, basic, shaped


@lru_cache(2048)
def say(latex: str) -> str | None:
    r"""The formula as one line that loses nothing, or None where a picture says more.

    >>> say(r"3 \times (n^2 + nm + n)"), say(r"\frac{a + b}{c}")
    ('3×(n² + nm + n)', None)
    """
    try:
        tree = read(latex)
        return _Writer(tree, strict=True).row(tree)
    except (UnreadableError, _FlatError):
        return None


@lru_cache(2048)
def plain(latex: str) -> str:
    r"""The formula as text in any case: with brackets where a line needs them, or as it stands.

    >>> plain(r"\frac{a + b}{c}"), plain(r"\strange{x}")
    ('(a + b)/c', '\\strange{x}')
    """
    said = say(latex)
    if said is not None:
        return said
    try:
        tree = read(latex)
        return _Writer(tree, strict=False).row(tree)
    except UnreadableError:
        return latex.strip()


_LONGEST_SCRIPT = 6  # raised or lowered signs in a row that an eye still reads
_LONGEST_WORD = 3  # xₘₐₓ, but not ∑ₚₐₜₕₛ
_FACTORS = {Role.ORDINARY, Role.NUMBER, Role.CLOSE, Role.FRACTION, Role.POSTFIX}
_FACTOR_STARTS = _FACTORS - {Role.CLOSE, Role.POSTFIX} | {
    Role.OPEN,
    Role.FUNCTION,
    Role.BIG,
    Role.PREFIX,
}
_SIGNS = "−+±∓"
_SIGN_FOLLOWS = {
    Role.BINARY,
    Role.TIGHT,
    Role.RELATION,
    Role.OPEN,
    Role.PUNCTUATION,
    Role.BIG,
}
_IN_A_PRODUCT = {Role.ORDINARY, Role.NUMBER, Role.CLOSE, Role.PREFIX, Role.POSTFIX}
_TABLE_BRACKETS = {
    "pmatrix": "()", "bmatrix": "[]", "matrix": "[]", "smallmatrix": "[]", "array": "[]",
    "Bmatrix": "{}", "cases": "{}", "vmatrix": "||", "Vmatrix": "‖‖",
}  # fmt: skip
_PRIMES = {0: "", 1: "′", 2: "″", 3: "‴"}
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_USUAL_FUNCTIONS = set("fgFGσφϕψΦ")


class _FlatError(ValueError):
    """A line would lose something."""


@dataclass(frozen=True)
class _Piece:
    text: str
    role: Role
    scripted: bool = False
    long: bool = False  # ends or begins with a script on the line, which needs air


class _Writer:
    def __init__(self, tree: Row, *, strict: bool) -> None:
        self._strict = strict
        self._shapes: dict[str, set[Alphabet | None]] = {}
        _collect(tree, self._shapes)

    def row(self, row: Row, *, tight: bool = False) -> str:
        nodes = _flattened(row)
        pieces: list[_Piece] = []
        text = ""
        gap: Gap | None = None
        for at, node in enumerate(nodes):
            if isinstance(node, Gap):
                gap = node if gap is None or node.meant else gap
                continue
            before = pieces[-1] if pieces else None
            piece = self._piece(node, before, _next_role(nodes, at), tight=tight)
            if before is not None:
                text += _between(before, piece, gap, tight=tight)
            text += piece.text
            pieces.append(piece)
            gap = None
        return text.strip()

    def _lose(self) -> None:
        if self._strict:
            raise _FlatError

    def _piece(
        self, node: Node, before: _Piece | None, after: Role | None, *, tight: bool
    ) -> _Piece:
        match node:
            case Sign(role=Role.BINARY) if before is None or before.role in _SIGN_FOLLOWS:
                return _Piece(node.text, Role.PREFIX if node.text in _SIGNS else Role.ORDINARY)
            case Sign():
                letter = self._letter(node)
                reduced = node.alphabet is not None and letter == node.text
                return _Piece(letter, node.role, long=reduced)
            case Words(text):
                return _Piece(text, Role.WORDS)
            case Scripted():
                return self._scripted(node, before, after)
            case Fraction():
                return self._fraction(node, before, after)
            case Root():
                return self._root(node, after)
            case Accented(name, body):
                return _Piece(self._accented(name, body), Role.ORDINARY)
            case Named(name, parts):
                self._lose()
                inside = ", ".join(self.row(part) for part in parts)
                return _Piece(f"{name}({inside})", Role.ORDINARY, long=True)
            case Arrow(sign, label):
                self._lose()
                said = self.row(label)
                return _Piece(f"—{said}→" if sign == "→" else f"←{said}—", Role.RELATION)
            case Table():
                return self._table(node)
            case Group(body):
                return _Piece(self.row(body, tight=tight), Role.ORDINARY)
            case Gap():
                raise AssertionError("gaps are no pieces")

    def _letter(self, sign: Sign) -> str:
        if sign.alphabet is None:
            return sign.text
        if near := basic(sign.text, sign.alphabet):
            return near
        lone = self._shapes[sign.text] == {sign.alphabet}
        soft = sign.alphabet in {Alphabet.SCRIPT, Alphabet.BLACKBOARD} and sign.text.isupper()
        if lone and (soft or sign.alphabet is Alphabet.BOLD) and not sign.text.isdigit():
            return sign.text
        self._lose()
        return shaped(sign.text, sign.alphabet) or sign.text

    def _scripted(self, node: Scripted, before: _Piece | None, after: Role | None) -> _Piece:
        if node.base is None:
            self._lose()
            base = _Piece("", Role.ORDINARY)
        elif _stands_high(node.base):
            self._lose()
            base = _Piece(f"({self.row((node.base,))})", Role.ORDINARY)
        else:
            base = self._piece(node.base, before, after, tight=False)
        text = base.text + _PRIMES.get(node.primes, "′" * node.primes)
        role = Role.ORDINARY if base.role in {Role.PREFIX, Role.NUMBER} else base.role
        below, above = node.below, node.above
        if base.role is Role.BIG and above is not None:
            # Braces whatever is in them: so typed answers are written, and read.
            self._lose()
            low = "" if below is None else f"_{{{self.row(below, tight=True)}}}"
            high = f"^{{{self.row(above, tight=True)}}}"
            return _Piece(text + low + high, Role.BIG, long=True)
        if above is not None and _is_star(above):
            return self._starred(node, before, after)
        low = None if below is None else self._in_script(below, LOWERED)
        board = isinstance(node.base, Sign) and node.base.alphabet is Alphabet.BLACKBOARD
        high = None if above is None else self._in_script(above, RAISED, dimension=board)
        if (below is None or low is not None) and (above is None or high is not None):
            return _Piece(text + (low or "") + (high or ""), role, scripted=True, long=base.long)
        self._lose()
        if below is not None:
            bare = above is None and base.role is not Role.BIG
            text += low or _on_the_line(self.row(below, tight=True), bare=bare)
        if above is not None:
            text += high if high and low else _raised_on_the_line(self.row(above, tight=True))
        return _Piece(text, role, scripted=True, long=True)

    def _starred(self, node: Scripted, before: _Piece | None, after: Role | None) -> _Piece:
        """A star is high as it is: g*; before a bracket it could be taken for a product."""
        if after is Role.OPEN:
            self._lose()
        starless = Scripted(node.base, node.below, None, node.primes)
        piece = self._scripted(starless, before, after)
        return _Piece(f"{piece.text}*", piece.role, scripted=True, long=True)

    def _in_script(self, row: Row, signs: dict[str, str], *, dimension: bool = False) -> str | None:
        """The row in raised or lowered signs, if Unicode has them all and they stay readable."""
        if any(isinstance(node, Words) and len(node.text) > _LONGEST_WORD for node in row):
            return None
        try:
            said = _Writer(row, strict=True).row(row, tight=True)
        except _FlatError:
            return None
        if dimension and "x" not in said:
            said = said.replace("×", "x")  # everybody reads ℝⁿˣᵐ so
        if not said or len(said) > _LONGEST_SCRIPT or any(sign not in signs for sign in said):
            return None
        return "".join(signs[sign] for sign in said)

    def _fraction(self, node: Fraction, before: _Piece | None, after: Role | None) -> _Piece:
        over, under = _flattened(node.over), _flattened(node.under)
        if self._strict and not (_is_simple(over) and _is_simple(under)):
            raise _FlatError
        top, bottom = self.row(over), self.row(under)
        top = top if _needs_no_brackets_above(over) else f"({top})"
        bottom = bottom if _needs_no_brackets_below(under) else f"({bottom})"
        last = before.role if before is not None else None
        if last in _FACTORS or after in _FACTOR_STARTS:
            self._lose()
        divides = before is not None and before.text in {"/", "÷"}
        signed = before is not None and before.text in _SIGNS
        inside = last in {Role.FUNCTION, Role.PREFIX} and not signed
        if divides or inside or after in _FACTOR_STARTS | {Role.TIGHT, Role.POSTFIX}:
            self._lose()
            return _Piece(f"({top}/{bottom})", Role.FRACTION, long=True)
        return _Piece(f"{top}/{bottom}", Role.FRACTION)

    def _root(self, node: Root, after: Role | None) -> _Piece:
        body = self.row(node.body)
        index = "" if node.index is None else self.row(node.index, tight=True)
        if index not in _ROOTS:
            self._lose()
            return _Piece(
                f"({body})^(1/{index if len(index) == 1 else f'({index})'})", Role.ORDINARY
            )
        lone = len(body) == 1 or body.isdecimal()
        bare = lone and after not in _FACTOR_STARTS | {Role.POSTFIX}
        return _Piece(_ROOTS[index] + (body if bare else f"({body})"), Role.ORDINARY)

    def _accented(self, name: str, body: Row) -> str:
        text = self.row(body)
        if len(text) == 1:
            return unicodedata.normalize("NFC", text + ACCENTS[name])
        self._lose()
        return f"{name.removeprefix('wide')}({text})"

    def _table(self, node: Table) -> _Piece:
        self._lose()
        if node.environment not in TABLES:
            lines = (" ".join(map(self.row, cells)).strip() for cells in node.rows)
            return _Piece("\n".join(lines), Role.ORDINARY)
        rows = "; ".join(", ".join(map(self.row, cells)) for cells in node.rows)
        left, right = _TABLE_BRACKETS[node.environment]
        return _Piece(f"{left}{rows}{right}", Role.ORDINARY, long=True)


def _between(left: _Piece, right: _Piece, gap: Gap | None, *, tight: bool) -> str:
    """The space between two neighbours."""
    roles = (left.role, right.role)
    if Role.WORDS in roles:
        touching = left.text[-1:].isalnum() and right.text[:1].isalnum()
        return " " if touching or left.role is Role.BIG or (gap is not None and gap.meant) else ""
    if left.role is Role.OPEN or right.role in {Role.CLOSE, Role.PUNCTUATION, Role.POSTFIX}:
        return ""
    if Role.TIGHT in roles:
        return ""
    operators = {Role.BINARY, Role.RELATION} & set(roles)
    if operators or left.role is Role.PUNCTUATION:
        wordy = left.text[-1:].isalpha() and right.text[:1].isalpha()  # a mod n
        return " " if wordy or not tight else ""
    if gap is not None and gap.meant:
        return " "
    if right.role is Role.OPEN:
        return " " if left.role is Role.BIG or (gap and left.role is Role.CLOSE) else ""
    if left.role is Role.PREFIX:
        return ""
    if left.role is Role.BIG or right.role in {Role.BIG, Role.FUNCTION}:
        return " "
    if left.role is Role.FUNCTION:
        return "" if right.role is Role.FRACTION else " "
    if right.role is Role.FRACTION:
        return " " if roles[0] is Role.NUMBER and right.text[:1].isdigit() else "·"
    if left.role is Role.FRACTION or left.long or right.long:
        return " "
    if left.role is right.role is Role.NUMBER:
        return " "
    spaced = gap is not None and (left.scripted or right.scripted or left.role is Role.CLOSE)
    return " " if spaced else ""


def _flattened(row: Row) -> Row:
    """The row without braces that hold a part only together; a comma in braces is a letter."""
    nodes: list[Node] = []
    for node in row:
        if isinstance(node, Group):
            if len(node.body) == 1 and isinstance(node.body[0], Sign):
                sign = node.body[0]
                loose = sign.role in {Role.PUNCTUATION, Role.BINARY, Role.RELATION}
                nodes.append(Sign(sign.text, Role.ORDINARY) if loose else sign)
            else:
                nodes.extend(_flattened(node.body))
        else:
            nodes.append(node)
    return tuple(nodes)


def _next_role(nodes: Row, at: int) -> Role | None:
    for node in nodes[at + 1 :]:
        if not isinstance(node, Gap):
            return _role(node)
    return None


def _role(node: Node) -> Role:
    match node:
        case Sign():
            return node.role
        case Words():
            return Role.WORDS
        case Fraction():
            return Role.FRACTION
        case Arrow():
            return Role.RELATION
        case Scripted(base) if base is not None:
            role = _role(base)
            return Role.ORDINARY if role is Role.PREFIX else role
        case _:
            return Role.ORDINARY


def _solid(row: Row) -> list[Node]:
    return [node for node in row if not isinstance(node, Gap)]


def _is_simple(row: Row) -> bool:
    """One number, one letter, or a differential with or without an argument: ∂ℒₜ(θ)."""
    nodes = _solid(row)
    if len(nodes) > 1 and _is_differential(nodes[0]):
        nodes = nodes[1:]
    if not nodes or not _is_atom(nodes[0]):
        return False
    return len(nodes) == 1 or (_is_one_bracket(nodes[1:]) and _solid(row) != nodes)


def _needs_no_brackets_above(row: Row) -> bool:
    """A product may stand before the stroke as it is."""
    depth = 0
    for node in _solid(row):
        role = _role(node)
        depth += (role is Role.OPEN) - (role is Role.CLOSE)
        if depth == 0 and role not in _IN_A_PRODUCT:
            return False
    return depth == 0 and bool(row) and not any(isinstance(node, Table) for node in row)


def _needs_no_brackets_below(row: Row) -> bool:
    nodes = _solid(row)
    if _is_simple(row):
        return True
    if len(nodes) > 1 and _is_a_call(nodes[0]) and _is_one_bracket(nodes[1:]):
        return True
    return _is_absolute(nodes)


def _is_absolute(nodes: list[Node]) -> bool:
    """Whether all of it stands between two bars, and no other bar in between: |g| or ‖w‖."""
    bars = {
        at: node.text
        for at, node in enumerate(nodes)
        if isinstance(node, Sign) and node.text in {"|", "‖"}
    }
    ends = [0, len(nodes) - 1]
    return len(nodes) > len(ends) and list(bars) == ends and len(set(bars.values())) == 1


def _is_star(row: Row) -> bool:
    nodes = _solid(row)
    return len(nodes) == 1 and isinstance(nodes[0], Sign) and nodes[0].text == "*"


def _stands_high(base: Node) -> bool:
    """Whether an exponent belongs to more than what stands last before it."""
    if isinstance(base, Group):
        return any(isinstance(node, Fraction | Root | Table) for node in _flattened(base.body))
    return isinstance(base, Fraction | Root | Table | Named)


def _is_atom(node: Node) -> bool:
    match node:
        case Sign(role=Role.ORDINARY | Role.NUMBER) | Accented():
            return True
        case Scripted(base) if base is not None:
            return _is_atom(base)
        case _:
            return False


def _is_differential(node: Node) -> bool:
    base = node.base if isinstance(node, Scripted) and node.below is None else node
    return isinstance(base, Sign) and base.text in {"∂", "d"}


def _is_a_call(node: Node) -> bool:
    """Whether a bracket after this is an argument and not a factor."""
    match node:
        case Sign():
            return (
                node.role is Role.FUNCTION
                or node.alphabet is Alphabet.SCRIPT
                or node.text in _USUAL_FUNCTIONS
            )
        case Scripted(base) if base is not None:
            return node.primes > 0 or _is_a_call(base)
        case _:
            return False


def _is_one_bracket(nodes: list[Node]) -> bool:
    depth = 0
    for at, node in enumerate(nodes):
        role = _role(node)
        depth += (role is Role.OPEN) - (role is Role.CLOSE)
        if depth == 0:
            return at == len(nodes) - 1 and role is Role.CLOSE and node == Sign(")", Role.CLOSE)
    return False


def _on_the_line(script: str, *, bare: bool) -> str:
    if len(script) == 1 or (bare and script.isalnum()):
        return f"_{script}"
    return f"_{{{script}}}"


def _raised_on_the_line(script: str) -> str:
    return f"^{script}" if len(script) == 1 or script.isdecimal() else f"^({script})"


def _collect(row: Row, shapes: dict[str, set[Alphabet | None]]) -> None:
    """Which letters stand in the formula, and in which shapes."""
    for node in row:
        match node:
            case Sign():
                shapes.setdefault(node.text, set()).add(node.alphabet)
            case Scripted(base, below, above):
                for part in ((base,) if base else (), below or (), above or ()):
                    _collect(part, shapes)
            case Fraction(over, under):
                _collect(over + under, shapes)
            case Root(body, index):
                _collect(body + (index or ()), shapes)
            case Accented(_, body) | Group(body) | Arrow(_, body):
                _collect(body, shapes)
            case Named(_, parts):
                for part in parts:
                    _collect(part, shapes)
            case Table(_, rows):
                for cells in rows:
                    for cell in cells:
                        _collect(cell, shapes)
            case Words() | Gap():
                pass
