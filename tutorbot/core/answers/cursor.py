"""Where the parser stands among its tokens, and how it says what is in the way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tutorbot.core.answers.characters import Plain
from tutorbot.core.answers.tokens import Token, Word
from tutorbot.core.answers.tree import Span
from tutorbot.core.answers.verdicts import Problem, Reading

CLOSES: Final = {"(": ")", "[": "]", "{": "}"}
CLOSING: Final = frozenset(CLOSES.values())
RELATIONS: Final = frozenset("=<>≤≥≠")
STARTS: Final = frozenset(
    (
        Word.NUMBER,
        Word.FRACTION,
        Word.SYMBOL,
        Word.FUNCTION,
        Word.KNOWN,
        Word.CONSTANT,
        Word.SUM,
        Word.OPERATION,
        Word.UNKNOWN,
        Word.COMMAND,
    )
)


class Trouble(Exception):
    """Carries a problem out of the parser; the reader makes it a value again."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Cursor:
    def __init__(self, text: Plain, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def before(self) -> Token | None:
        return self.tokens[self.at - 1] if self.at else None

    def advance(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def sign(self, *signs: str) -> bool:
        """Whether one of these signs comes next."""
        token = self.tokens[self.at]
        return token.word is Word.SIGN and token.text in signs

    def matching(self, opening: int) -> int | None:
        """Where the bracket at ``opening`` closes, whatever kinds stand in between."""
        depth = 0
        for place in range(opening, len(self.tokens)):
            depth += opens(self.tokens[place])
            if depth == 0:
                return place
        return None

    def place(self, token: Token) -> Span:
        """Where it stood as typed."""
        return self.text.span(token.start, token.end)

    def typed(self, token: Token) -> str:
        start, end = self.place(token)
        return self.text.typed[start:end].strip() or token.text

    def trouble(self, code: str, token: Token, **details: str) -> Trouble:
        return self.trouble_from(code, token, token, details)

    def trouble_from(
        self, code: str, first: Token, last: Token, details: Mapping[str, str]
    ) -> Trouble:
        return trouble_at(code, (self.place(first)[0], self.place(last)[1]), **details)

    def unclear(
        self,
        code: str,
        first: Token,
        last: Token,
        details: Mapping[str, str],
        readings: tuple[Reading, ...],
    ) -> Trouble:
        """It can be read in several ways, and the learner is to say which is meant."""
        problem = self.trouble_from(code, first, last, details).problem
        return Trouble(replace(problem, readings=readings))

    def unexpected(self, token: Token) -> Trouble:
        """What to say of a token at which nothing can go on."""
        if token.word is Word.SIGN:
            if token.text in CLOSING:
                return self.trouble("unopened-bracket", token, bracket=token.text)
            if token.text in RELATIONS:
                return self.trouble("relation", token, sign=self.typed(token))
            if token.text in {",", ";"}:
                return self.trouble("comma", token)
        return self.trouble("unexpected", token)


def trouble_at(code: str, span: Span, **details: str) -> Trouble:
    start, end = span
    return Trouble(Problem(code=code, at=start, length=max(1, end - start), details=details))


def opens(token: Token) -> int:
    """1 for an opening bracket, −1 for a closing one, else 0."""
    if token.word is not Word.SIGN:
        return 0
    return (token.text in CLOSES) - (token.text in CLOSING)
