"""How the parser reads the calculus: derivatives, integrals, limits and products."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Final

from tutorbot.core.answers.constant import integer
from tutorbot.core.answers.cursor import CLOSES, Cursor, opens
from tutorbot.core.answers.derivative import MAX_ORDER
from tutorbot.core.answers.tokens import Token, Word
from tutorbot.core.answers.tree import Constant, Node, Operation, number
from tutorbot.core.answers.vocabulary import Vocabulary

MAX_OPERATIONS: Final = 3  # inside one another


@dataclass(frozen=True, slots=True)
class _Range:
    """An argument of a call: from which token to before which."""

    start: int
    end: int


class Calculus(Cursor):
    vocabulary: Vocabulary
    bound: list[str]  # indices and variables of what stands around
    operations: int  # inside one another

    @abstractmethod
    def expression(self, binding: int) -> Node: ...

    @abstractmethod
    def primary(self) -> Node: ...

    def operation(self) -> Node:
        token = self.advance()
        kind, *details = token.text.split()
        if kind == "differential":
            raise self.trouble("unexpected", token)
        if not self.vocabulary.calculus:
            raise self.trouble("to-work-out", token, what=self.typed(token))
        if self.operations >= MAX_OPERATIONS:
            raise self.trouble("too-deep", token, limit=str(MAX_OPERATIONS))
        self.operations += 1
        if not details and self.sign("("):
            made = self.called_operation(token, kind)
        elif kind == "integral":
            made = self.integral(token)
        elif kind == "derivative" and details:
            made = self.differentiated(token, details[0], int(details[1]))
        elif kind == "limit" and details:
            made = self.limit(token, details[0], "".join(details[1:]))
        else:
            raise self.trouble("operation-shape", token, what=self.typed(token))
        self.operations -= 1
        return made

    def body(self, name: str, binding: int) -> Node:
        self.bound.append(name)
        inside = self.expression(binding)
        self.bound.pop()
        return inside

    def integral(self, token: Token) -> Node:
        """∫ with bounds or without, up to the dx that is its own; that may stand in a numerator."""
        bounds: dict[str, Node] = {}
        while self.sign("_", "^"):
            sign = self.advance().text
            bounds[sign] = self.bound_of(token)
        place = self.own_differential()
        if place is None or len(bounds) == 1:
            code = "integral-bounds" if len(bounds) == 1 else "differential-missing"
            raise self.trouble(code, token)
        name = self.tokens[place].text.split()[1]
        differential = self.tokens[place]
        if self.at == place:
            self.at += 1
            inside: Node = number(1)
            # ∫ dx f is how physicists write it.
            if self.begins():
                inside = self.body(name, SUM)
        else:
            depth = sum(opens(each) for each in self.tokens[self.at : place])
            if depth:  # ∫ dx/x inside a fraction: a factor one
                one = Token(Word.NUMBER, "1", differential.start, differential.end)
                self.tokens[place] = one
            inside = self.body(name, 0 if not depth else SUM)
            if not depth:
                if self.at != place:
                    raise self.unexpected(self.token)
                self.at += 1
        end = max(inside.span[1], self.place(differential)[1])
        arguments = (bounds["_"], bounds["^"]) if bounds else ()
        span = (self.place(token)[0], end)
        return Operation("integral", inside, name, arguments, span=span)

    def own_differential(self) -> int | None:
        depth = 0
        for place in range(self.at, len(self.tokens)):
            token = self.tokens[place]
            if token.word is Word.OPERATION and token.text == "integral":
                following = self.tokens[place + 1]
                depth += not (following.word is Word.SIGN and following.text == "(")
            elif token.word is Word.OPERATION and token.text.startswith("differential"):
                if depth == 0:
                    return place
                depth -= 1
        return None

    def begins(self) -> bool:
        token = self.token
        return token.word not in (Word.SIGN, Word.END) and not token.text.startswith("differential")

    def bound_of(self, token: Token) -> Node:
        """What stands below or above a sign: a group, or one thing, perhaps with a minus."""
        if self.sign(*CLOSES):
            opening = self.advance()
            inside = self.endpoint()
            closing = self.advance()
            if closing.text != CLOSES[opening.text]:
                raise self.trouble("operation-shape", token, what=self.typed(token))
            return inside
        if self.sign("-", "∞"):
            return self.endpoint(alone=True)
        return self.primary()

    def endpoint(self, *, alone: bool = False) -> Node:
        """An expression, or plus or minus infinity."""
        start = self.at
        negative = False
        if self.sign("-", "+"):
            negative = self.advance().text == "-"
        if self.is_infinity(self.token):
            token = self.advance()
            infinity = Constant("infinity", span=self.place(token))
            return self.negated(infinity) if negative else infinity
        self.at = start
        if alone and negative:
            self.at += 1
            return self.negated(self.primary())
        return self.expression(0)

    @abstractmethod
    def negated(self, node: Node) -> Node: ...

    def is_infinity(self, token: Token) -> bool:
        return token.text in {"∞", "oo", "inf", "infty", "infinity", "Infinity"}

    def differentiated(self, token: Token, name: str, order: int) -> Node:
        if order > MAX_ORDER:
            raise self.trouble("too-deep", token, limit=str(MAX_ORDER))
        if name not in self.vocabulary.symbols and name not in self.bound:
            raise self.trouble("unknown-symbol", token, name=name)
        inside = self.expression(SUM)
        span = (self.place(token)[0], inside.span[1])
        return Operation("derivative", inside, name, (number(order),), span=span)

    def limit(self, token: Token, name: str, side: str) -> Node:
        if self.sign("{", "("):
            opening = self.advance()
            target = self.endpoint()
            closing = self.advance()
            if closing.text != CLOSES[opening.text]:
                raise self.trouble("operation-shape", token, what=self.typed(token))
        else:
            target = self.endpoint(alone=True) if self.sign("-", "∞") else self.primary()
        inside = self.body(name, SUM)
        span = (self.place(token)[0], inside.span[1])
        return Operation("limit", inside, name, (target,), side, span=span)

    # -- with a name and brackets ----------------------------------------------------------------

    def called_operation(self, token: Token, kind: str) -> Node:
        """integrate(f, x, a, b), int(f, (x, a, b)), diff(f, x, 2), limit(f, x, a, +)."""
        opening = self.at
        closing = self.matching(opening)
        if closing is None:
            raise self.trouble("unclosed-bracket", self.token, bracket="(")
        parts = self.parts(opening + 1, closing)
        shape = self.trouble("operation-shape", token, what=self.typed(token))
        if len(parts) < 2:  # noqa: PLR2004 - a body and a variable
            raise shape
        inner = self.tokens[parts[1].start]
        last = self.tokens[parts[1].end - 1]
        if len(parts) == 2 and inner.text in {"(", "["} and last.text in {")", "]"}:  # noqa: PLR2004
            parts = [parts[0], *self.parts(parts[1].start + 1, parts[1].end - 1)]
        body, variable, *rest = parts
        name_token = self.tokens[variable.start]
        if variable.end - variable.start != 1 or name_token.word not in (
            Word.SYMBOL,
            Word.UNKNOWN,
            Word.CONSTANT,
        ):
            raise shape
        name = name_token.text
        side = ""
        if kind == "limit" and len(rest) == 2:  # noqa: PLR2004 - where to, and from which side
            signs = {"+": "+", "-": "-", "right": "+", "left": "-", "plus": "+", "minus": "-"}
            side = signs.get(self.tokens[rest[1].start].text, "")
            rest = rest[:1]
        if len(rest) not in {"integral": {0, 2}, "derivative": {0, 1}, "limit": {1}}[kind]:
            raise shape
        inside = self.part(body, name)
        arguments = tuple(self.part(each, None) for each in rest)
        if kind == "derivative":
            order = integer(arguments[0]) if arguments else 1
            if name not in self.vocabulary.symbols and name not in self.bound:
                raise self.trouble("unknown-symbol", name_token, name=name)
            if order is None or not 0 <= order <= MAX_ORDER:
                raise shape
            arguments = (number(order),)
        self.at = closing + 1
        span = (self.place(token)[0], self.place(self.tokens[closing])[1])
        return Operation(kind, inside, name, arguments, side, span=span)

    def parts(self, start: int, end: int) -> list[_Range]:
        """What stands between the commas from one token to another."""
        cuts: list[int] = []
        depth = 0
        for place in range(start, end):
            depth += opens(self.tokens[place])
            if depth == 0 and self.tokens[place].text in {",", ";"}:
                cuts.append(place)
        return [
            _Range(here, there)
            for here, there in zip([start, *(cut + 1 for cut in cuts)], [*cuts, end], strict=True)
        ]

    def part(self, where: _Range, name: str | None) -> Node:
        self.at = where.start
        tree = self.endpoint() if name is None else self.body(name, 0)
        if self.at != where.end:
            raise self.unexpected(self.token)
        return tree


SUM: Final = 10  # how tightly a sum binds, as in the parser
