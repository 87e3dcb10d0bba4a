"""The paper of the ordeal: every kind of answer, and words by which each message can be known."""

from dataclasses import dataclass
from pathlib import Path

TITLE = "An ordeal"


@dataclass(frozen=True, kw_only=True)
class Option:
    id: str
    words: str
    right: bool
    said: str  # to whoever takes it


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A question whose options are tapped, or (``several``) ticked."""

    id: str
    asks: str
    options: tuple[Option, ...]
    several: bool = False

    @property
    def right(self) -> tuple[Option, ...]:
        return tuple(each for each in self.options if each.right)

    @property
    def wrong(self) -> tuple[Option, ...]:
        return tuple(each for each in self.options if not each.right)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A question whose answer is typed: right ones, wrong ones with what is said to them."""

    id: str
    asks: str
    right: tuple[tuple[str, str], ...]  # as typed, and as the bot reads it out
    wrong: tuple[tuple[str, str], ...]
    meta: str = ""


Question = Chosen | Typed


def _one(name: str, asks: str, *options: tuple[str, bool]) -> Chosen:
    return Chosen(id=name, asks=asks, options=_options(name, options))


def _some(name: str, asks: str, *options: tuple[str, bool]) -> Chosen:
    return Chosen(id=name, asks=asks, options=_options(name, options), several=True)


def _options(name: str, options: tuple[tuple[str, bool], ...]) -> tuple[Option, ...]:
    return tuple(
        Option(
            id=f"{name}-{place}", words=words, right=right, said=f"Of {words}, that much is said."
        )
        for place, (words, right) in enumerate(options)
    )


QUESTIONS: tuple[Question, ...] = (
    _one(
        "germany",
        "What is the capital of Germany?",
        ("Berlin", True),
        ("Bonn", False),
        ("Vienna", False),
        ("Hamburg", False),
    ),
    Typed(
        id="sum",
        asks="How much is 17 + 25?",
        right=(("42", "42"),),
        wrong=(("41", "One too few."), ("43", "One too many.")),
    ),
    _some(
        "primes",
        "Which of these are primes?",
        ("Nineteen", True),
        ("Twenty-one", False),
        ("Twenty-three", True),
        ("Twenty-seven", False),
    ),
    Typed(
        id="square",
        asks="Write the square of the sum of two letters without brackets.",
        right=(("a^2+2ab+b^2", "a² + 2·a·b + b²"), ("b^2 + 2*a*b + a^2", "b² + 2·a·b + a²")),
        wrong=(("a^2+b^2", "The mixed term is missing."),),
        meta="type: formula\nsymbols: a b",
    ),
    _one(
        "half",
        "Which is the half of it all, $\\frac{x}{2 + \\frac{0}{y}}$ or another?",
        ("The former", True),
        ("The latter", False),
        ("Neither", False),
    ),
    _some(
        "rivers",
        "Which of these are rivers?",
        ("The Danube", True),
        ("The Brocken", False),
        ("The Rhine", True),
        ("The Elbe", True),
    ),
    Typed(
        id="product",
        asks="How much is 12 times 12?",
        right=(("144", "144"),),
        wrong=(("124", "Twelve tens, and some more."),),
    ),
    _one(
        "night",
        "When is it darkest?",
        ("At night", True),
        ("At noon", False),
        ("In the morning", False),
    ),
)


def write(folder: Path) -> None:
    """The paper as a course file."""
    (folder / "ordeal.quiz.md").write_text(_text(), "utf-8")


def _text() -> str:
    head = f"---\nid: ordeal\ntitle: {TITLE}\nlang: en\ndefaults:\n  order: fixed\n---\n"
    return "\n".join([head, *map(_question, QUESTIONS)])


def _question(question: Question) -> str:
    lines = [f"## {question.id.capitalize()} {{#{question.id}}}", ""]
    if isinstance(question, Typed) and question.meta:
        lines += ["```meta", question.meta, "```", ""]
    lines += [question.asks, ""]
    match question:
        case Chosen(several=several, options=options):
            for each in options:
                box = "[x]" if each.right else "[ ]"
                box = box if several else box.replace("[", "(").replace("]", ")")
                lines += [f"- {box} {each.words} {{#{each.id}}}", f"  > {each.said}"]
        case Typed(right=right, wrong=wrong):
            lines.append(f"- answer: `{_typed(right[0][0])}`")
            for text, said in wrong:
                lines += [f"- wrong: `{_typed(text)}`", f"  > {said}"]
    lines.append(f"- hint: A hint about {question.id}.")
    return "\n".join([*lines, ""])


def _typed(text: str) -> str:
    return text.replace("2ab", "2*a*b")
