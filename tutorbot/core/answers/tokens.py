"""Plain text to tokens: numbers, words cut by what the question declares, signs, commands."""

import re
from dataclasses import dataclass
from enum import Enum

from tutorbot.core.answers.characters import Plain, is_vulgar
from tutorbot.core.answers.commands import JOINS, LOGIC, RELATIONS, STATEMENTS
from tutorbot.core.answers.operations import Found, operations
from tutorbot.core.answers.verdicts import Problem
from tutorbot.core.answers.vocabulary import (
    DEGREE,
    DOUBLE_SIGNS,
    GREEK_NAMES,
    KNOWN,
    SPELLED,
    SUMS,
    Vocabulary,
)

MAX_TOKENS = 1_500
MAX_DIGITS = 300


class Word(Enum):
    NUMBER = "number"
    FRACTION = "fraction"  # ½
    SYMBOL = "symbol"
    FUNCTION = "function"  # of the question
    KNOWN = "known"  # sin, sqrt …
    CONSTANT = "constant"
    SUM = "sum"
    OPERATION = "operation"  # of the calculus: what it is, and in which variable
    UNKNOWN = "unknown"  # a word that the question does not declare
    COMMAND = "command"  # \frac
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    word: Word
    text: str
    start: int  # in the plain text
    end: int
    spaced: bool = False  # white space stands before it


def tokens(plain: Plain, vocabulary: Vocabulary) -> list[Token] | Problem:
    return _Lexer(plain, vocabulary).all()


class _Trouble(Exception):
    """Carries a problem out of the depths; never leaves this module."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)")
_POWER_OF_TEN = re.compile(r"[eE][+-]?\d+(?![A-Za-z_])")
_THOUSANDS = re.compile(
    r"[1-9]\d{0,2}(?:(?:\{,\}\d{3})+|(?:[ '_]\d{3})+|(?:,\d{3})+)(?![\d,])(?:\.\d+)?"
)
_THOUSANDS_BRACED = re.compile(r"\d{1,3}(?:\{,\}\d{3})+")
_THOUSANDS_POINTS = re.compile(
    r"[1-9]\d{0,2}(?:(?:\.\d{3}){2,}(?:,\d+)?|(?:\.\d{3})+,\d+)(?![\d.,])"
)
_DECIMAL_COMMA = re.compile(r"\d+,\d+(?![\d,.])")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[A-Za-z]+")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
_SUBSCRIPT = re.compile(r"\s*_\s*(?:\{([^{}]*)\}|\(([^()]*)\)|([A-Za-z0-9]+)|\\([A-Za-z]+))")
_BRACED_WORD = re.compile(r"\s*(?:\{\s*([A-Za-z]+)\s*\}|([A-Za-z]))")
_SIGN = re.compile(r"\*\*|[-+*/^_=<>()\[\]{}|!,;:%'&~]")
_JOINING = re.compile(
    r"<-{1,2}>|<={1,2}>|-{1,2}>|={1,2}>|=/=|=<|<=|>=|!=|~=|/=|<>|==|&&|\|\||\\/|/\\(?![A-Za-z])"
    r"|\+/-"
)
_DEGREE = re.compile(r"\^\s*(?:\\(?:circ|degree)(?![A-Za-z])|\{\s*\\(?:circ|degree)\s*\})")
_DOUBLE = re.compile(r"\+/?-|-/?\+")
_ENVIRONMENT = re.compile(r"\s*\{([A-Za-z]+)\*?\}(?:\{[clr|\s]*\})?")

_DROPPED = frozenset(
    [
        "left",
        "right",
        "big",
        "Big",
        "bigg",
        "Bigg",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "displaystyle",
        "textstyle",
        "limits",
        "nolimits",
        "quad",
        "qquad",
        "thinspace",
        "mathstrut",
    ]
)
_DROPPED_SIGNS = frozenset(",;:!> ")
_DRESSED = frozenset(
    [
        "mathcal",
        "mathrm",
        "mathbf",
        "mathit",
        "mathbb",
        "mathsf",
        "mathfrak",
        "boldsymbol",
        "text",
        "textrm",
        "textit",
        "operatorname",
        "vec",
        "hat",
        "widehat",
        "tilde",
        "bm",
        "rm",
    ]
)
_MEANS = {
    "cdot": "*",
    "ast": "*",
    "times": "×",
    "div": "/",
    "prime": "'",
    "lbrace": "(",
    "rbrace": ")",
    "lbrack": "[",
    "rbrack": "]",
    "lvert": "|",
    "rvert": "|",
    "vert": "|",
    "mid": "|",
    "{": "(",
    "}": ")",
    "|": "|",
    "%": "%",
    "_": "_",
}
_ROUNDING = {"lfloor": "floor", "lceil": "ceil"}
_FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac"))
_OTHER_GREEK = {
    "varepsilon": "epsilon",
    "varphi": "phi",
    "vartheta": "theta",
    "varrho": "rho",
    "varsigma": "sigma",
}
_TAKES_LIST = frozenset(name for name, (_, most) in KNOWN.items() if most > 1)


class _Lexer:
    def __init__(self, plain: Plain, vocabulary: Vocabulary) -> None:
        self.plain = plain
        self.text = plain.text
        self.vocabulary = vocabulary
        self.at = 0
        self.found: list[Token] = []
        self.spaced = False
        self.bars = 0  # so far
        self.lists: list[bool] = []  # for each open bracket: whether commas part its entries
        self.operations = operations(plain.text, vocabulary)
        # Where entries are parted by semicolons, commas are free for decimals.
        listed = vocabulary.lists or (vocabulary.statements and "\\in " in plain.text)
        decimal = ";" in plain.text and not vocabulary.points
        self.commas = not vocabulary.separates and (not listed or decimal)

    def all(self) -> list[Token] | Problem:
        try:
            while self.at < len(self.text):
                self.next()
                if len(self.found) > MAX_TOKENS:
                    return self.problem(
                        "too-many-parts", self.at, self.at + 1, limit=str(MAX_TOKENS)
                    )
        except _Trouble as trouble:
            return trouble.problem
        end = len(self.text)
        self.found.append(Token(Word.END, "", end, end, self.spaced))
        return self.found

    def next(self) -> None:
        text, at = self.text, self.at
        character = text[at]
        if at in self.operations:
            self.operation(self.operations[at])
        elif space := _SPACE.match(text, at):
            self.at = space.end()
            self.spaced = True
        elif character in "0123456789." and self.number():
            pass
        elif is_vulgar(character):
            self.add(Word.FRACTION, character, at, at + 1)
        elif character.isascii() and character.isalpha():
            self.letters()
        elif character == "\\" and (command := _COMMAND.match(text, at)):
            self.command(command.group()[1:], at, command.end())
        elif character == "$":
            self.at += 1
        elif character in ".;" and not text[at + 1 :].strip(" .;$"):
            self.at = len(text)  # the full stop of a sentence
        elif degree := _DEGREE.match(text, at):
            self.add(Word.CONSTANT, DEGREE, at, degree.end())
        elif self.vocabulary.statements and (join := _JOINING.match(text, at)):
            self.join(join.group(), at, join.end())
        elif self.vocabulary.double_signs and (double := _DOUBLE.match(text, at)):
            self.add(Word.SIGN, "±" if double.group()[0] == "+" else "∓", at, double.end())
        elif text.startswith("+-", at) and self.solves():
            self.add(Word.SIGN, "±", at, at + 2)
        elif sign := _SIGN.match(text, at):
            self.sign(sign.group(), at, sign.end())
        else:
            raise _Trouble(self.problem("character", at, at + 1, character=character))

    def add(self, word: Word, text: str, start: int, end: int) -> None:
        self.found.append(Token(word, text, start, end, self.spaced))
        self.spaced = False
        self.at = end

    def operation(self, found: Found) -> None:
        for kind, text, start, end in found.tokens:
            if kind == "sign":
                self.sign(text, start, end)
            else:
                self.add(Word.SUM if kind == "sum" else Word.OPERATION, text, start, end)
        self.at = found.after

    def problem(self, code: str, start: int, end: int, **details: str) -> Problem:
        first, last = self.plain.span(start, end)
        return Problem(code=code, at=first, length=max(1, last - first), details=details)

    def sign(self, sign: str, start: int, end: int) -> None:
        match sign:
            case "(" | "[" | "{":
                before = self.found[-1] if self.found else None
                self.lists.append(
                    before is not None
                    and (
                        before.word in (Word.FUNCTION, Word.SUM, Word.OPERATION)
                        or (before.text in _TAKES_LIST and self.commas_part(before, end))
                        or (before.text == "'" and before.word is Word.SIGN)
                        or (before.text == "," and bool(self.lists) and self.lists[-1])
                        or (sign == "[" and before.text == "," and self.lists[-1:] == [True])
                    )
                )
            case ")" | "]" | "}" if self.lists:
                self.lists.pop()
            case _:
                pass
        self.bars += sign == "|"
        if self.vocabulary.logic:
            sign = LOGIC.get(sign, sign)
        self.add(Word.SIGN, "^" if sign == "**" else sign, start, end)

    def solves(self) -> bool:
        """Whether x = stands before, so that +- means both."""
        relations = {"=", "≠"}
        return self.vocabulary.statements and bool(self.found) and self.found[-1].text in relations

    def commas_part(self, function: Token, start: int) -> bool:
        """Whether commas part its arguments: not where semicolons do, as in log(2,5; 10)."""
        inside = self.text[start:].partition(")")[0]
        return function.word is Word.KNOWN and (self.vocabulary.points or ";" not in inside)

    def join(self, sign: str, start: int, end: int) -> None:
        """A sign of two characters or more that relates or joins."""
        before = self.found[-1] if self.found else None
        operand = before is not None and (
            before.word is not Word.SIGN or before.text in {")", "]", "}", "|", "'", "!", "%"}
        )
        meant = JOINS[sign]
        if sign == "||" and not self.vocabulary.logic and (self.bars % 2 or not operand):
            self.sign("|", start, start + 1)  # ||x|| and |x||y|
            self.sign("|", start + 1, end)
        elif sign == "!=" and not operand:
            self.sign("!", start, start + 1)
        elif sign in {"->", "-->"} and not self.vocabulary.logic:
            self.sign("-", start, start + 1)
        elif sign == "=>" and not self.vocabulary.logic:
            self.add(Word.SIGN, "≥", start, end)
        elif sign == "<=>" and not self.vocabulary.logic:
            self.add(Word.SIGN, "↔", start, end)
        else:
            self.add(Word.SIGN, meant, start, end)

    def number(self) -> bool:
        """Digits with their separators, which mean thousands or decimals by their shape."""
        text, start = self.text, self.at
        written: str | None = None
        end = start
        commas = self.commas and not (self.lists and self.lists[-1])
        if (match := _THOUSANDS_BRACED.match(text, start)) or (
            commas and (match := _THOUSANDS.match(text, start))
        ):
            end = match.end()
            written = re.sub(r"[{},\s'_]", "", match.group())
        elif commas and (match := _THOUSANDS_POINTS.match(text, start)):
            end = match.end()
            written = match.group().replace(".", "").replace(",", ".")
        elif commas and (match := _DECIMAL_COMMA.match(text, start)):
            end = match.end()
            written = match.group().replace(",", ".")
        elif match := _NUMBER.match(text, start):
            end = match.end()
            written = match.group()
        if written is None:
            return False
        if "e" not in self.vocabulary.symbols and (power := _POWER_OF_TEN.match(text, end)):
            end = power.end()
            exponent = int(power.group()[1:]) if len(power.group()) < MAX_DIGITS else MAX_DIGITS + 1
            if abs(exponent) > MAX_DIGITS:
                raise _Trouble(self.problem("number-too-long", start, end, limit=str(MAX_DIGITS)))
            written += f"e{exponent}"
        if len(written) > MAX_DIGITS:
            raise _Trouble(self.problem("number-too-long", start, end, limit=str(MAX_DIGITS)))
        self.add(Word.NUMBER, _canonical_number(written), start, end)
        return True

    # -- words -----------------------------------------------------------------------------------

    def letters(self) -> None:
        """A run of letters: the longest declared name first, letter by letter where none fits."""
        run = _LETTERS.match(self.text, self.at)
        assert run is not None
        start, end = run.span()
        end = min([end, *(place for place in self.operations if start < place < end)])
        first = len(self.found)
        unknown = 0
        while self.at < end:
            match = self.longest_name(self.at, end)
            if match is None:
                unknown += self.unknown_letter()
            elif match[1] == "x":
                self.add(Word.SIGN, "x", self.at, self.at + match[2])
            else:
                name, kind, length = match
                self.named(name, kind, self.at, self.at + length)
        if (
            unknown
            and unknown * 2 >= end - start
            and all(token.word in _WORDS for token in self.found[first:])
        ):
            # Mostly unknown: no product of symbols but a word, and named as one.
            last = self.found[-1].end
            spaced = self.found[first].spaced
            text = self.text[start:last]
            self.found[first:] = [Token(Word.UNKNOWN, text, start, last, spaced)]

    def longest_name(self, at: int, end: int) -> tuple[str, str, int] | None:
        """Name, kind and length of the longest name that starts here.

        A capital may be a phone's: it counts as small where only the small letter is declared.
        """
        vocabulary = self.vocabulary
        names = vocabulary.names
        text = self.text
        if vocabulary.separates and (width := self.separator(at)):
            return ("x", "x", width)
        for lowered in (False, True):
            if lowered and not text[at].isupper():
                break
            window = text[at : at + vocabulary.longest]
            if lowered:
                window = window[0].lower() + window[1:]
            for length in range(len(window), 0, -1):
                name = window[:length]
                kind = names.get(name)
                if kind is not None and self.fits(name, kind, at, end):
                    return name, kind, length
        return None

    def separator(self, at: int) -> int:
        """How long the word is that stands between the entries of a size, if it does here."""
        symbols = self.vocabulary.symbols
        if self.text[at] in "xX" and not symbols & {"x", "X"}:
            return 1
        return 2 if self.text.startswith("by", at) and not symbols & {"b", "y", "by"} else 0

    def fits(self, name: str, kind: str, at: int, end: int) -> bool:
        after = at + len(name)
        following = self.text[after : after + 1]
        if kind == "word":
            before = self.text[at - 1] if at else ""
            return after == end and not before.isalpha()
        if kind in {"sign", "endless"}:
            return not following.isalpha()
        if kind in {"known", "sum"}:
            rest = self.text[after:].lstrip()[:1]
            if kind == "sum":
                return rest in {"(", "_", "{"}
            # The product s·i·n where all three are declared and no argument follows.
            spelled_by_symbols = all(letter in self.vocabulary.symbols for letter in name)
            if len(name) == 2 and name.isupper():  # noqa: PLR2004 - LN is L·N, but for LN(x)
                return rest == "(" and not spelled_by_symbols
            return rest in {"(", "^", "_", "{", "["} or not spelled_by_symbols
        # A name that ends in a digit must not go on: s_4 is no part of s_42.
        return after <= end or not (name[-1].isdigit() and following.isdigit())

    def named(self, name: str, kind: str, start: int, end: int) -> None:
        """A word that means something, with the subscript that follows it."""
        if kind == "word":
            self.add(Word.SIGN, self.vocabulary.words[name], start, end)
            return
        if kind in {"sign", "endless"}:
            self.add(Word.SIGN, DOUBLE_SIGNS.get(name, "∞"), start, end)
            return
        if kind in {"known", "sum"}:
            word = Word.SUM if kind == "sum" else Word.KNOWN
            self.add(word, "sum" if kind == "sum" else SPELLED[name], start, end)
            return
        if "_" not in name and (subscript := _SUBSCRIPT.match(self.text, end)):
            self.subscripted(name, start, subscript)
            return
        if "_" not in name and (digits := _DIGITS.match(self.text, end)):
            indexed = f"{name}_{digits.group()}"
            if indexed in self.vocabulary.symbols and name not in self.vocabulary.symbols:
                self.add(Word.SYMBOL, indexed, start, digits.end())
                return
        self.add(_KINDS[kind], name, start, end)

    def unknown_letter(self) -> int:
        """One letter that starts no declared name; with its subscript or digits it may be one."""
        start = self.at
        letter = self.text[start]
        for base in dict.fromkeys((letter, letter.lower())):
            if base not in self.vocabulary.families:
                continue
            if subscript := _SUBSCRIPT.match(self.text, start + 1):
                self.subscripted(base, start, subscript)
                return 0
            digits = _DIGITS.match(self.text, start + 1)
            if digits and f"{base}_{digits.group()}" in self.vocabulary.symbols:
                self.add(Word.SYMBOL, f"{base}_{digits.group()}", start, digits.end())
                return 0
        if subscript := _SUBSCRIPT.match(self.text, start + 1):
            self.subscripted(letter, start, subscript)
            return 1
        last = self.found[-1] if self.found else None
        if last and last.word is Word.UNKNOWN and last.end == start and "_" not in last.text:
            self.found.pop()
            self.spaced = last.spaced
            self.add(Word.UNKNOWN, last.text + letter, last.start, start + 1)
        else:
            self.add(Word.UNKNOWN, letter, start, start + 1)
        return 1

    def subscripted(self, base: str, start: int, subscript: re.Match[str]) -> None:
        symbols = self.vocabulary.symbols
        braced, bracketed, bare, command = subscript.groups()
        braced = bracketed if braced is None else braced
        if bare is not None:
            # s_tO'(…): the longest declared subscript, else one letter where s is indexed at all.
            first = subscript.start(3)
            for length in range(len(bare), 0, -1):
                if f"{base}_{bare[:length]}" in symbols:
                    self.add(Word.SYMBOL, f"{base}_{bare[:length]}", start, first + length)
                    return
            length = 1 if base in self.vocabulary.families and bare[0].isalpha() else len(bare)
            self.add(Word.UNKNOWN, f"{base}_{bare[:length]}", start, first + length)
            return
        inside = command if braced is None else re.sub(r"[\s\\_]", "", braced)
        name = f"{base}_{inside}"
        word = Word.SYMBOL if name in symbols else Word.UNKNOWN
        if name in self.vocabulary.functions:
            word = Word.FUNCTION
        self.add(word, name, start, subscript.end())

    # -- LaTeX -----------------------------------------------------------------------------------

    def command(self, name: str, start: int, end: int) -> None:
        if name in _DROPPED or name in _DROPPED_SIGNS:
            self.at = end
            if name in {"left", "right"} and self.text[end : end + 1] == ".":
                self.at = end + 1
        elif name in {"(", ")", "[", "]"}:  # \( … \): around the whole, as $ … $
            self.at = end
        elif name in _DRESSED:
            self.dressed(end)
        elif name in RELATIONS:
            self.add(Word.SIGN, RELATIONS[name], start, end)
        elif name in STATEMENTS and not self.named_so(name) and self.joins(name):
            self.sign(STATEMENTS[name], start, end)
        elif name in {"circ", "degree"} and DEGREE in self.vocabulary.constants:
            self.add(Word.CONSTANT, DEGREE, start, end)
        elif name in _ROUNDING:
            self.add(Word.KNOWN, _ROUNDING[name], start, end)
            self.sign("(", start, end)
        elif name in {"rfloor", "rceil"}:
            self.sign(")", start, end)
        elif name in {"begin", "end"} and self.vocabulary.statements:
            environment = _ENVIRONMENT.match(self.text, end)
            end = environment.end() if environment else end
            self.add(Word.SIGN, "⟦" if name == "begin" else "⟧", start, end)
        elif name in _MEANS:
            self.sign(_MEANS[name], start, end)
        elif name in _FRACTIONS:
            self.add(Word.COMMAND, "frac", start, end)
        elif name in {"overline", "bar"} and not self.after_number():
            if self.vocabulary.logic:
                self.add(Word.SIGN, "¬", start, end)
            else:
                self.add(Word.KNOWN, "conj", start, end)
        else:
            self.command_word(_OTHER_GREEK.get(name, name), start, end)

    def after_number(self) -> bool:
        r"""Whether digits stand before: 0.\overline{3} repeats."""
        return bool(self.found) and self.found[-1].word is Word.NUMBER

    def named_so(self, name: str) -> bool:
        """Whether the question has such a name of its own."""
        return self.vocabulary.names.get(name, "sign") not in {"sign", "endless"}

    def joins(self, name: str) -> bool:
        """Whether a command of `STATEMENTS` means anything in this question."""
        if self.vocabulary.statements or (name in {"pm", "mp"} and self.vocabulary.double_signs):
            return True
        if name == "infty" and self.vocabulary.endless:
            return True
        start, end = self.plain.span(self.at, self.at + 1)
        character = self.plain.typed[start:end]
        if name not in _MEANS and not character.startswith("\\"):  # typed as one character
            raise _Trouble(self.problem("character", self.at, self.at + 1, character=character))
        return False

    def dressed(self, end: int) -> None:
        r"""What \mathcal{O} puts on: letters are read as if it were not there."""
        word = _BRACED_WORD.match(self.text, end)
        self.at = end
        if word is None:
            return
        group = 1 if word.group(1) else 2
        start, stop = word.span(group)
        subscript = _SUBSCRIPT.match(self.text, word.end())
        if subscript is not None:
            self.subscripted(self.text[start:stop], start, subscript)
            return
        match = self.longest_name(start, stop)
        if match is not None and start + match[2] == stop and match[1] != "x":
            self.named(match[0], match[1], start, stop)
            if group == 1 and self.at == stop:
                self.at = word.end()

    def command_word(self, name: str, start: int, end: int) -> None:
        names = self.vocabulary.names
        digits = _DIGITS.match(self.text, end) or (
            _DIGITS.match(self.text, end + 1) if self.text[end : end + 1] == " " else None
        )
        if digits and f"{name}{digits.group()}" in names:  # μ0
            self.add(Word.SYMBOL, f"{name}{digits.group()}", start, digits.end())
            return
        if name in names:
            self.named(name, names[name], start, end)
        elif name in GREEK_NAMES:
            if name == "Sigma":
                self.add(Word.SUM, "sum", start, end)
            elif subscript := _SUBSCRIPT.match(self.text, end):
                self.subscripted(name, start, subscript)
            else:
                self.add(Word.UNKNOWN, name, start, end)
        else:
            for length in range(len(name) - 1, 1, -1):  # \cdotn, \alphax
                head = name[:length]
                if head in names or head in _MEANS or head in GREEK_NAMES:
                    self.command(head, start, start + 1 + length)
                    return
            raise _Trouble(self.problem("unknown-command", start, end, command=f"\\{name}"))


def _canonical_number(written: str) -> str:
    digits, mark, exponent = written.partition("e")
    whole, point, part = digits.partition(".")
    whole = whole.lstrip("0") or "0"
    return whole + (f".{part}" if point and part else "") + mark + exponent


_KINDS = {
    "symbol": Word.SYMBOL,
    "function": Word.FUNCTION,
    "constant": Word.CONSTANT,
    "value": Word.UNKNOWN,  # the parser says that its number is wanted
}
_WORDS = frozenset((Word.SYMBOL, Word.FUNCTION, Word.KNOWN, Word.CONSTANT, Word.UNKNOWN))
assert set(SUMS) <= set(Vocabulary().names)
