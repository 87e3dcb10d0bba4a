"""Structures back to what people read: Unicode, or LaTeX. See `printing` for expressions."""

from collections.abc import Callable

from tutorbot.core.answers.printing import latex as latex_of, name_shown, unicode as unicode_of
from tutorbot.core.answers.structures import (
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
    Structure,
    Thing,
    Truth,
)
from tutorbot.core.answers.verdicts import Echo

_WORDS = {"∧": "and", "∨": "or"}
_LATEX = {
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "∈": r"\in",
    "∧": r"\land",
    "∨": r"\lor",
    "⊕": r"\oplus",
    "→": r"\to",
    "↔": r"\leftrightarrow",
    "∪": r"\cup",
    "∩": r"\cap",
    "∖": r"\setminus",
}


def echo_thing(thing: Thing) -> Echo:
    return Echo(text=shown(thing), latex=latex(thing))


def shown(thing: Thing) -> str:
    """In one line of Unicode.

    >>> shown(Interval(Infinity(negative=True), Infinity(), False, False))
    '(−∞, ∞)'
    """
    if not isinstance(thing, STRUCTURES):
        return unicode_of(thing)
    match thing:
        case Proposition():
            return name_shown(thing.name)
        case Truth():
            return "true" if thing.value else "false"
        case Infinity():
            return "−∞" if thing.negative else "∞"
        case Reals():
            return "ℝ"
        case Joined(sign="∧" | "∨", parts=parts) if not _logical(thing):
            if thing.chained:
                return _chain(thing, shown, str)
            return f" {_WORDS[thing.sign]} ".join(_grouped(part, shown) for part in parts)
        case SetOf():
            return "{" + _entries(thing.entries, shown) + "}" if thing.entries else "∅"
        case Listing():
            opening, closing = {"[": "[]", "<": "⟨⟩"}.get(thing.opening, "()")
            return opening + _entries(thing.entries, shown) + closing
        case Matrix():
            return "[" + "; ".join(_entries(row, shown) for row in thing.rows) + "]"
        case _:
            return _written(thing, shown, str, "¬")


def latex(thing: Thing) -> str:
    r"""In LaTeX without dollar signs.

    >>> latex(SetOf((Infinity(), Reals())))
    '\\left\\{\\infty, \\mathbb{R}\\right\\}'
    """
    if not isinstance(thing, STRUCTURES):
        return latex_of(thing)
    match thing:
        case Proposition():
            return thing.name
        case Truth():
            return r"\text{true}" if thing.value else r"\text{false}"
        case Infinity():
            return r"-\infty" if thing.negative else r"\infty"
        case Reals():
            return r"\mathbb{R}"
        case Joined(sign="∧" | "∨", parts=parts) if not _logical(thing):
            if thing.chained:
                return _chain(thing, latex, _sign)
            word = rf" \text{{ {_WORDS[thing.sign]} }} "
            return word.join(_grouped(part, latex) for part in parts)
        case SetOf():
            inside = _entries(thing.entries, latex)
            return rf"\left\{{{inside}\right\}}" if inside else r"\emptyset"
        case Listing():
            opening = r"\left\langle" if thing.opening == "<" else rf"\left{thing.opening or '('}"
            closing = {"[": r"\right]", "<": r"\right\rangle"}.get(thing.opening, r"\right)")
            return opening + _entries(thing.entries, latex) + closing
        case Matrix():
            rows = r" \\ ".join(" & ".join(map(latex, row)) for row in thing.rows)
            return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
        case _:
            return _written(thing, latex, _sign, r"\lnot ")


Write = Callable[[Thing], str]


def _written(thing: Structure, write: Write, sign: Callable[[str], str], negation: str) -> str:
    match thing:
        case Relation():
            return f"{write(thing.left)} {sign(thing.sign)} {write(thing.right)}"
        case Not():
            return negation + (
                write(thing.of)
                if isinstance(thing.of, Proposition | Truth | Not)
                else f"({write(thing.of)})"
            )
        case Joined() | SetOperation():
            return f" {sign(thing.sign)} ".join(_grouped(part, write) for part in thing.parts)
        case Interval():
            opening, closing = "[" if thing.with_low else "(", "]" if thing.with_high else ")"
            return f"{opening}{write(thing.low)}, {write(thing.high)}{closing}"
        case _:
            return ""


def _grouped(thing: Thing, write: Write) -> str:
    inner = isinstance(thing, SetOperation) or (isinstance(thing, Joined) and not thing.chained)
    return f"({write(thing)})" if inner else write(thing)


def _entries(entries: tuple[Thing, ...], write: Write) -> str:
    return ", ".join(map(write, entries))


def _chain(thing: Joined, write: Write, sign: Callable[[str], str]) -> str:
    links = [link for link in thing.parts if isinstance(link, Relation)]
    first = write(links[0].left) if links else ""
    return first + "".join(f" {sign(link.sign)} {write(link.right)}" for link in links)


def _logical(thing: Thing) -> bool:
    """Whether it is made of letters that are true or false."""
    match thing:
        case Proposition():
            return True
        case Not():
            return _logical(thing.of)
        case Joined():
            return any(map(_logical, thing.parts))
        case _:
            return False


def _sign(sign: str) -> str:
    return _LATEX.get(sign, sign)
