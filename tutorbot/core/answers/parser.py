"""A Pratt parser: tokens to a tree, by how tightly each sign binds."""

from fractions import Fraction

from tutorbot.core.answers.binding import POWER, PRODUCT, SIGNS, SUM, TIGHT
from tutorbot.core.answers.calculus import Calculus
from tutorbot.core.answers.characters import Plain, vulgar
from tutorbot.core.answers.constant import MAX_EXPONENT, TooLargeError, UndefinedError, rational
from tutorbot.core.answers.cursor import (
    CLOSES,
    CLOSING,
    RELATIONS,
    STARTS,
    Trouble,
    opens,
    trouble_at,
)
from tutorbot.core.answers.plus_minus import signed
from tutorbot.core.answers.readings import one_over, power_or_product, sum_or_product
from tutorbot.core.answers.tokens import Token, Word
from tutorbot.core.answers.tree import (
    Add,
    Apply,
    Call,
    Constant,
    Div,
    Mul,
    Neg,
    Node,
    Number,
    Operation,
    Pow,
    Span,
    Symbol,
    Total,
    number,
)
from tutorbot.core.answers.vocabulary import KNOWN, MEANT, Vocabulary

MAX_DEPTH = 60  # brackets, signs and exponents inside one another
MAX_SUMS = 3  # sums inside one another


class Parser(Calculus):
    def __init__(
        self, text: Plain, found: list[Token], vocabulary: Vocabulary, *, tight: bool
    ) -> None:
        super().__init__(text, found)
        self.vocabulary = vocabulary
        self.tight = tight  # whether a product without a sign binds before a slash
        self.depth = 0
        self.operations = 0
        self.bars = 0  # open |
        self.bound: list[str] = []  # indices of the sums around
        self.ambiguous = False

    def whole(self) -> Node:
        """Everything up to the end."""
        tree = self.expression(0)
        if self.token.word is not Word.END:
            raise self.unexpected(self.token)
        return tree

    # -- expressions -----------------------------------------------------------------------------

    def expression(self, binding: int) -> Node:
        """Everything that binds tighter than ``binding``."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.trouble("too-deep", self.token, limit=str(MAX_DEPTH))
        left = self.prefix(binding)
        # What this very loop has chained may grow; what stood in brackets stays one thing.
        chained: type[Add | Mul] | None = None
        while True:
            token = self.token
            sign = SIGNS.get(token.text) if token.word is Word.SIGN else None
            if sign is not None and sign > binding:
                self.at += 1
                right = self.expression(sign)
                left, chained = self.joined(token.text, left, right, chained)
            elif token.word is Word.SIGN and token.text == "^" and binding <= POWER:
                self.at += 1
                left, chained = self.power(left, self.exponent()), None
            elif token.word is Word.SIGN and token.text in {"!", "%"}:
                left, chained = self.postfix(left), None
            elif token.word is Word.KNOWN and token.text == "mod" and self.between():
                if binding >= PRODUCT:
                    self.depth -= 1
                    return left
                self.at += 1
                right = self.expression(PRODUCT)
                span = (left.span[0], right.span[1])
                left, chained = Call("mod", (left, right), span=span), None
            elif self.starts(token) and binding < (TIGHT if self.tight else PRODUCT):
                self.adjacent(left, token)
                right = self.expression(TIGHT if self.tight else PRODUCT)
                left, chained = self.joined("*", left, right, chained)
            else:
                self.depth -= 1
                return left

    def between(self) -> bool:
        """Whether the function that comes stands between its arguments: 7 mod 3."""
        after = self.at + 1
        if self.tokens[after].text != "(":
            return True
        closing = self.matching(after)
        return closing is not None and not any(
            token.text == "," for token in self.tokens[after:closing]
        )

    def prefix(self, binding: int) -> Node:
        token = self.token
        if token.word is Word.SIGN and token.text in {"-", "+", "±", "∓"}:
            self.at += 1
            operand = self.expression(max(binding, SUM))
            if token.text in {"±", "∓"}:
                return signed(token.text, operand, (self.place(token)[0], operand.span[1]))
            if token.text == "+":
                return operand
            return Neg(operand, span=(self.place(token)[0], operand.span[1]))
        return self.primary()

    def joined(
        self, sign: str, left: Node, right: Node, chained: type[Add | Mul] | None
    ) -> tuple[Node, type[Add | Mul] | None]:
        span = (left.span[0], right.span[1])
        if sign in {"+", "-", "±", "∓"}:
            term = right if sign == "+" else Neg(right, span=right.span)
            if sign in {"±", "∓"}:
                term = signed(sign, right, right.span)
            before = left.terms if chained is Add and isinstance(left, Add) else (left,)
            return Add((*before, term), span=span), Add
        if sign in {"/", ":"}:
            return Div(left, right, span=span), None
        before = left.factors if chained is Mul and isinstance(left, Mul) else (left,)
        return Mul((*before, right), span=span), Mul

    def adjacent(self, left: Node, token: Token) -> None:
        """A product without a sign: refuse what could as well be a power."""
        before = self.tokens[self.at - 1]
        if token.word in (Word.NUMBER, Word.FRACTION):
            if before.word in (Word.NUMBER, Word.FRACTION):
                if self.is_mixed(before, token):
                    raise self.mixed(before)
                raise self.trouble("two-numbers", token, first=before.text, second=token.text)
            if token.word is Word.NUMBER and before.text != "}":  # LaTeX would raise its power
                raise self.power_or_product(before, token)
        self.ambiguous |= isinstance(left, Div)

    def is_mixed(self, before: Token, token: Token) -> bool:
        """Whether 2 1/2 stands here."""
        after = self.tokens[self.at + 1 : self.at + 3]
        return (
            before.text.isdigit()
            and token.text.isdigit()
            and [each.word for each in after] == [Word.SIGN, Word.NUMBER]
            and after[0].text == "/"
            and after[1].text.isdigit()
        )

    def mixed(self, before: Token) -> Trouble:
        over, last = self.token, self.tokens[self.at + 2]
        places = self.place(before), self.place(over), self.place(last)
        readings = sum_or_product(self.text.typed, *places)
        details = {"first": before.text, "second": f"{over.text}/{last.text}"}
        return self.unclear("mixed-number", before, last, details, readings)

    def power_or_product(self, before: Token, token: Token) -> Trouble:
        named = before.word in (Word.SYMBOL, Word.CONSTANT)
        name = self.typed(before) if named else "…)"
        details = {"power": f"{name}^{token.text}", "product": f"{token.text}·{name}"}
        if not named and before.text not in {")", "]"}:
            return self.trouble_from("ambiguous-power", before, token, details)
        end, symbol = self.place(token)[1], before.text if named else None
        readings = power_or_product(self.text.typed, self.place(before), end, token.text, symbol)
        return self.unclear("ambiguous-power", before, token, details, readings)

    def exponent(self) -> Node:
        return self.expression(POWER)

    def power(self, base: Node, exponent: Node) -> Node:
        span = (base.span[0], max(base.span[1], exponent.span[1]))
        try:
            value = rational(exponent)
        except TooLargeError:
            value = Fraction(MAX_EXPONENT + 1)
        except UndefinedError:
            value = None
        if value is not None and max(abs(value.numerator), value.denominator) > MAX_EXPONENT:
            raise trouble_at("exponent-too-large", exponent.span)
        return Pow(base, exponent, span=span)

    def postfix(self, operand: Node) -> Node:
        token = self.advance()
        span = (operand.span[0], self.place(token)[1])
        if token.text == "%":
            return Call("percent", (operand,), span=span)
        if self.sign("!"):
            second = self.advance()
            if not self.vocabulary.doubled or self.sign("!"):
                raise self.trouble("double-factorial", second)
            span = (operand.span[0], self.place(second)[1])
            return Call("semifactorial", (operand,), span=span)
        return Call("factorial", (operand,), span=span)

    def primary(self) -> Node:
        token = self.token
        match token.word:
            case Word.NUMBER:
                self.at += 1
                value = Number(token.text, Fraction(token.text), span=self.place(token))
                following = self.token
                if following.word is Word.FRACTION and value.value.denominator == 1:
                    self.at += 1  # 2½
                    part = self.vulgar(following)
                    return Add((value, part), span=(value.span[0], part.span[1]))
                return value
            case Word.FRACTION:
                self.at += 1
                return self.vulgar(token)
            case Word.SYMBOL | Word.UNKNOWN:
                return self.symbol()
            case Word.CONSTANT if token.text in self.bound:
                return self.symbol()
            case Word.CONSTANT:
                self.at += 1
                return Constant(MEANT.get(token.text, token.text), span=self.place(token))
            case Word.FUNCTION:
                return self.application()
            case Word.KNOWN:
                return self.known()
            case Word.SUM:
                return self.total()
            case Word.OPERATION:
                return self.operation()
            case Word.COMMAND:
                self.at += 1
                over, under = self.argument(token), self.argument(token)
                return Div(over, under, span=(self.place(token)[0], under.span[1]))
            case Word.SIGN if token.text in CLOSES:
                return self.group()
            case Word.SIGN if token.text == "∞" and self.vocabulary.endless:
                self.at += 1
                return Constant("infinity", span=self.place(token))
            case Word.SIGN if token.text == "|":
                return self.absolute()
            case _:
                raise self.missing(token)

    def missing(self, token: Token) -> Trouble:
        """An operand should stand here; say so from the side of the sign that lacks it."""
        before = self.before
        if (
            before is None
            or before.word is not Word.SIGN
            or before.text in CLOSING
            or (token.word is Word.SIGN and token.text in RELATIONS)
        ):
            return self.unexpected(token)
        if before.text not in CLOSES:
            return self.trouble("operand-missing", before, sign=self.typed(before))
        if token.word is Word.END:
            return self.trouble("unclosed-bracket", before, bracket=before.text)
        return self.trouble_from("empty-bracket", before, token, {})

    def symbol(self) -> Node:
        token = self.advance()
        span = self.place(token)
        if token.word is Word.SYMBOL or token.text in self.bound:
            return Symbol(token.text, span=span)
        base, _, subscript = token.text.partition("_")
        if subscript in self.bound and base in self.vocabulary.families:
            return Symbol(token.text, span=span)
        if all(letter in self.bound for letter in token.text):  # ij, both bound
            return Mul(tuple(Symbol(letter, span=span) for letter in token.text), span=span)
        name = self.typed(token)
        if token.text in self.vocabulary.values:
            raise self.trouble("value-name", token, name=name)
        details = {"name": name} | self.suggestion(token.text)
        raise self.trouble_from("unknown-symbol", token, token, details)

    def suggestion(self, name: str) -> dict[str, str]:
        """The declared name that differs in capitals only."""
        alike = [each for each in sorted(self.vocabulary.symbols) if each.lower() == name.lower()]
        return {"suggestion": alike[0]} if alike else {}

    def vulgar(self, token: Token) -> Node:
        span = self.place(token)
        over, under = (number(int(part)) for part in vulgar(token.text))
        return Div(over, under, span=span)

    # -- brackets --------------------------------------------------------------------------------

    def group(self) -> Node:
        opening = self.advance()
        bars, self.bars = self.bars, 0
        inside = self.expression(0)
        self.close(opening)
        self.bars = bars
        return inside

    def close(self, opening: Token) -> Token:
        token = self.token
        if self.sign(CLOSES[opening.text]):
            return self.advance()
        later = any(opens(each) < 0 for each in self.tokens[self.at :])
        if token.word is Word.END or (self.sign(",", ";") and not later):
            raise self.trouble("unclosed-bracket", opening, bracket=opening.text)
        if self.sign(*CLOSING):
            wanted = CLOSES[opening.text]
            raise self.trouble("wrong-bracket", token, bracket=token.text, wanted=wanted)
        raise self.unexpected(token)

    def absolute(self) -> Node:
        opening = self.advance()
        self.bars += 1
        inside = self.expression(0)
        self.bars -= 1
        if not self.sign("|"):
            raise self.trouble("unclosed-bracket", opening, bracket="|")
        closing = self.advance()
        return Call("abs", (inside,), span=(self.place(opening)[0], self.place(closing)[1]))

    def argument(self, command: Token) -> Node:
        r"""What stands after \frac or \sqrt: a group in braces, or one digit or letter."""
        token = self.token
        if token.word is Word.SIGN and token.text == "{":
            return self.group()
        if token.word is Word.NUMBER and token.text.isdigit() and len(token.text) > 1:
            # \frac12 is one half: the command takes one digit.
            head = Token(Word.NUMBER, token.text[0], token.start, token.start + 1)
            tail = Token(Word.NUMBER, token.text[1:], token.start + 1, token.end)
            self.tokens[self.at : self.at + 1] = [head, tail]
        if not self.starts(self.token):
            raise self.trouble("argument-missing", command, command=self.typed(command))
        return self.primary()

    # -- functions -------------------------------------------------------------------------------

    def application(self) -> Node:
        token = self.advance()
        primes = self.primes()
        exponent: Node | None = None
        if self.sign("^"):  # f²(x)
            self.at += 1
            exponent = self.exponent()
            if isinstance(exponent, Neg):  # f⁻¹: the inverse, or one over f?
                raise self.inverse(token, exponent)
        if not (self.token.word is Word.SIGN and self.token.text in {"(", "["}):
            shown = self.typed(token) + "′" * primes
            raise self.trouble("function-without-argument", token, function=shown)
        arguments, end = self.arguments()
        span = (self.place(token)[0], end)
        applied = Apply(token.text, primes, tuple(arguments), span=span)
        return applied if exponent is None else self.power(applied, exponent)

    def inverse(self, function: Token, exponent: Neg) -> Trouble:
        """What to ask where a negative number stands above a function."""
        end, opening = self.tokens[self.at - 1], self.at
        closing = self.matching(opening) if self.sign("(", "[") else None
        if closing is None or exponent.of != number(1):
            return self.trouble_from("inverse-function", function, end, {})
        arguments = self.place(self.tokens[opening])[0], self.place(self.tokens[closing])[1]
        readings = one_over(self.text.typed, self.place(function), arguments)
        return self.unclear("inverse-function", function, end, {}, readings)

    def primes(self) -> int:
        count = 0
        if self.sign("^"):  # O^{\prime}
            after = self.tokens[self.at + 1 :]
            braced = after[0].text == "{" if after else False
            inner = after[1 if braced else 0 :]
            while inner and inner[count].text == "'":
                count += 1
            if not count:
                return 0
            self.at += 1 + count + (2 if braced else 0)
            return count
        while self.sign("'"):
            self.at += 1
            count += 1
        return count

    def arguments(self) -> tuple[list[Node], int]:
        """The arguments in brackets, and where the brackets end."""
        opening = self.advance()
        bars, self.bars = self.bars, 0
        found = [self.expression(0)]
        while self.token.word is Word.SIGN and self.token.text in {",", ";"}:
            self.at += 1
            found.append(self.expression(0))
        self.bars = bars
        return found, self.place(self.close(opening))[1]

    def known(self) -> Node:
        token = self.advance()
        name = token.text
        start = self.place(token)[0]
        base: Node | None = None
        exponent: Node | None = None
        if name in {"log", "log10", "log2"} and self.sign("_"):
            self.at += 1
            base = self.primary() if self.token.word is Word.NUMBER else self.argument(token)
        if name == "sqrt" and self.sign("["):
            opening = self.advance()
            base = self.expression(0)
            closing = self.close(opening)
            if not (self.starts(self.token) or self.sign("-")):  # Sqrt[2]
                return Call("sqrt", (base,), span=(start, self.place(closing)[1]))
        if self.sign("'"):
            return self.primed(token)
        if self.sign("^"):
            self.at += 1
            exponent = self.exponent()
        arguments, end = self.known_arguments(token)
        span = (start, end)
        tree = self.called(token, name, arguments, base, span)
        if exponent is None:
            return tree
        inverse = isinstance(exponent, Neg) and exponent.of == number(1)
        if inverse and f"a{name}" in KNOWN:
            return Call(f"a{name}", tuple(arguments), span=span)
        return self.power(tree, exponent)

    def primed(self, token: Token) -> Node:
        """A derivative of a function that everybody knows: sin′(x)."""
        if not self.vocabulary.calculus:
            raise self.trouble("to-work-out", token, what=self.typed(token) + "′")
        primes = self.primes()
        arguments, end = self.known_arguments(token)
        return Apply(token.text, primes, tuple(arguments), span=(self.place(token)[0], end))

    def negated(self, node: Node) -> Node:
        return Neg(node, span=node.span)

    def known_arguments(self, token: Token) -> tuple[list[Node], int]:
        following = self.token
        if token.text == "binomial" and self.sign("("):
            return self.chosen()
        if following.word is Word.SIGN and following.text in {"(", "["}:
            return self.arguments()
        if token.text == "binomial":
            over, under = self.argument(token), self.argument(token)
            return [over, under], under.span[1]
        if following.word is Word.SIGN and following.text == "{":
            group = self.group()
            return [group], group.span[1]
        if not self.starts(following) and not self.sign("-"):
            name = self.typed(token)
            raise self.trouble("function-without-argument", token, function=name)
        if token.text in {"sqrt", "cbrt"}:
            operand = self.expression(PRODUCT)
            return [operand], operand.span[1]
        # sin 2x: everything up to the next sign, bracket or function.
        operand = self.expression(PRODUCT)
        factors = [operand]
        while self.starts(self.token) and self.token.word in (
            Word.SYMBOL,
            Word.CONSTANT,
            Word.NUMBER,
        ):
            self.adjacent(operand, self.token)
            factors.append(self.expression(PRODUCT))
            self.ambiguous = True
        end = factors[-1].span[1]
        if len(factors) == 1:
            return factors, end
        return [Mul(tuple(factors), span=(operand.span[0], end))], end

    def chosen(self) -> tuple[list[Node], int]:
        """Of how many, and how many of each: binomial(n, k), binomial(n, [k, l])."""
        opening = self.advance()
        bars, self.bars = self.bars, 0
        found = [self.expression(0)]
        while self.sign(",", ";"):
            self.at += 1
            if self.sign("["):
                found += self.arguments()[0]
            else:
                found.append(self.expression(0))
        self.bars = bars
        return found, self.place(self.close(opening))[1]

    def called(
        self, token: Token, name: str, arguments: list[Node], base: Node | None, span: Span
    ) -> Node:
        if name in {"log10", "log2"}:
            base = base or number(int(name[3:]))
            name = "log"
        if base is not None:
            name = "root" if name == "sqrt" else name
            arguments = [*arguments, base]
        if name == "ln" and len(arguments) > 1:
            name = "log"
        if name == "log" and len(arguments) == 1:
            if self.vocabulary.log_base is None:
                name = "ln"
            else:
                arguments = [*arguments, number(self.vocabulary.log_base)]
        least, most = KNOWN[name]
        if not least <= len(arguments) <= most:
            wanted = str(least) if len(arguments) < least else str(most)
            shown = self.typed(token)
            raise self.trouble("argument-count", token, function=shown, wanted=wanted)
        if name == "rational":
            return Div(arguments[0], arguments[1], span=span)
        return Call(name, tuple(arguments), span=span)

    # -- finite sums -----------------------------------------------------------------------------

    def total(self) -> Node:
        token = self.advance()
        if len(self.bound) >= MAX_SUMS:
            raise self.trouble("too-deep", token, limit=str(MAX_SUMS))
        if self.sign("("):
            return self.total_called(token)
        low: Node | None = None
        high: Node | None = None
        index: str | None = None
        while self.token.word is Word.SIGN and self.token.text in {"_", "^"}:
            if self.advance().text == "_":
                opening = self.advance() if self.sign("{") or self.sign("(") else None
                index = self.index(token)
                if not self.sign("="):
                    raise self.trouble("sum-shape", token)
                self.at += 1
                low = self.expression(0 if opening else PRODUCT)
                if opening:
                    self.close(opening)
            else:
                high = self.bound_of(token)
        if index is None or low is None or high is None:
            raise self.trouble("sum-shape", token)
        self.bound.append(index)
        body = self.expression(SUM)
        self.bound.pop()
        return _totalled(token, body, index, (low, high), (self.place(token)[0], body.span[1]))

    def total_called(self, token: Token) -> Node:
        """sum(body, t, 1, T): the index stands behind what it binds, so look ahead for it."""
        closing = self.matching(self.at)
        opening = self.token
        if closing is None:
            raise self.trouble("unclosed-bracket", opening, bracket="(")
        commas: list[int] = []
        depth = 0
        for place in range(self.at + 1, closing):
            depth += opens(self.tokens[place])
            if depth == 0 and self.tokens[place].text in {",", ";"}:
                commas.append(place)
        grouped = len(commas) == 1 and self.tokens[commas[0] + 1].text == "("
        if grouped:  # sum(body, (t, 1, T))
            inner = range(commas[0] + 2, closing - 1)
            commas += [place for place in inner if self.tokens[place].text in {",", ";"}]
        if len(commas) != 3:  # noqa: PLR2004 - body, index, from, to
            raise self.trouble("sum-shape", token)
        here = self.at + 1
        self.at = commas[0] + (2 if grouped else 1)
        index = self.index(token)
        if self.at != commas[1]:
            raise self.trouble("sum-shape", token)
        self.at = here
        self.bound.append(index)
        body = self.expression(0)
        self.bound.pop()
        if self.at != commas[0]:
            raise self.unexpected(self.token)
        self.at = commas[1] + 1
        low = self.expression(0)
        if self.at != commas[2]:
            raise self.unexpected(self.token)
        self.at += 1
        high = self.endpoint()
        if grouped:
            self.close(self.tokens[commas[0] + 1])
        end = self.place(self.close(opening))[1]
        return _totalled(token, body, index, (low, high), (self.place(token)[0], end))

    def index(self, token: Token) -> str:
        name = self.token
        if name.word not in (Word.SYMBOL, Word.UNKNOWN, Word.CONSTANT) or "_" in name.text:
            raise self.trouble("sum-shape", token)
        self.at += 1
        return name.text

    def starts(self, token: Token) -> bool:
        """Whether an operand can begin with it."""
        if token.word is Word.SIGN:
            return token.text in CLOSES or (token.text == "|" and not self.bars)
        if token.word is Word.OPERATION:
            return not token.text.startswith("differential")
        return token.word in STARTS


def _totalled(token: Token, body: Node, index: str, bounds: tuple[Node, Node], span: Span) -> Node:
    if token.text == "product":
        return Operation("product", body, index, bounds, span=span)
    return Total(body, index, *bounds, span=span)
