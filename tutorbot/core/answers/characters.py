# ruff: noqa: RUF001 - a list of look-alikes
"""From what phones and textbooks write to plain ASCII, remembering where each character stood."""

import unicodedata
from collections.abc import Container
from dataclasses import dataclass

from tutorbot.core.answers.verdicts import Problem

MAX_LENGTH = 2_000  # code points
MOST_SPREAD = 2 * MAX_LENGTH  # once ligatures and superscripts are spelled out


@dataclass(frozen=True, kw_only=True)
class Plain:
    """ASCII text, except for vulgar fractions such as ½, which stay whole."""

    typed: str
    text: str
    places: tuple[int, ...]  # places[i]: where text[i] stood as typed; one more for the end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """From offsets in ``text`` to offsets in what was typed."""
        first = self.places[start]
        return first, max(first + 1, self.places[end - 1] + 1) if end > start else first


def plain(typed: str, names: Container[str] = ()) -> Plain | Problem:
    """Look-alikes become what they look like; a character that means nothing here is a problem.

    ``names``: those declared. A Greek capital that looks like a Latin one is read as such, unless
    its own name is among them.
    """
    if len(typed) > MAX_LENGTH:
        return too_long(typed)
    text: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(typed):
        character = typed[at]
        start = at
        at += 1
        if " " <= character <= "~":
            written = character
        elif character in SUPERSCRIPTS:
            while at < len(typed) and typed[at] in SUPERSCRIPTS:
                at += 1
            written = "^{" + "".join(SUPERSCRIPTS[each] for each in typed[start:at]) + "}"
        elif character in SUBSCRIPTS:
            while at < len(typed) and typed[at] in SUBSCRIPTS:
                at += 1
            written = "_{" + "".join(SUBSCRIPTS[each] for each in typed[start:at]) + "}"
        else:
            found = (
                f"\\{GREEK[character]} " if GREEK.get(character, "") in names else _plain(character)
            )
            if found is None:
                return Problem(code="character", at=start, details={"character": _shown(character)})
            written = found
        # Nearly always one for one; a run of superscripts spreads over its characters.
        text.append(written)
        width = at - start
        last = len(written) - 1
        places.extend(
            start + min(width - 1, round(place * (width - 1) / last) if last else 0)
            for place in range(len(written))
        )
        if len(places) > MOST_SPREAD:
            details = {"limit": str(MAX_LENGTH)}
            return Problem(code="too-long", at=start, length=len(typed) - start, details=details)
    return Plain(typed=typed, text="".join(text), places=(*places, len(typed)))


def too_long(typed: str) -> Problem:
    details = {"limit": str(MAX_LENGTH)}
    return Problem(code="too-long", at=MAX_LENGTH, length=len(typed) - MAX_LENGTH, details=details)


def is_vulgar(character: str) -> bool:
    """Whether it is a fraction in one character, such as ½.

    >>> is_vulgar("½"), is_vulgar("2")
    (True, False)
    """
    return character > "~" and unicodedata.decomposition(character).startswith("<fraction>")


def vulgar(character: str) -> tuple[str, str]:
    """Numerator and denominator of a vulgar fraction.

    >>> vulgar("¾")
    ('3', '4')
    """
    over, _, under = unicodedata.normalize("NFKC", character).partition("⁄")
    return over, under


def _plain(character: str) -> str | None:
    if character in _MEANS:
        return _MEANS[character]
    if character in GREEK:
        return f"\\{GREEK[character]} "
    if is_vulgar(character) and vulgar(character)[1]:
        return character
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f":
        return ""  # marks of direction, joiners, variation selectors: nobody typed them on purpose
    if character.isdecimal():  # of any script: ٢ and २ are both 2
        return str(unicodedata.decimal(character))
    simple = unicodedata.normalize("NFKC", character)
    if simple == character or len(simple) > 4:  # noqa: PLR2004 - ligatures such as ﬃ are shorter
        return None
    parts = [each if " " <= each <= "~" else _plain(each) for each in simple]
    return None if None in parts else "".join(part for part in parts if part)


def _shown(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"


SUPERSCRIPTS = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ",
        "0123456789+-=()niabcdefghjklmoprstuvwxyzT",
        strict=True,
    )
)
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx", strict=True))

GREEK = {
    **dict(
        zip(
            "αβγδεζηθικλμνξπρστυφχψω",
            [
                "alpha",
                "beta",
                "gamma",
                "delta",
                "epsilon",
                "zeta",
                "eta",
                "theta",
                "iota",
                "kappa",
                "lambda",
                "mu",
                "nu",
                "xi",
                "pi",
                "rho",
                "sigma",
                "tau",
                "upsilon",
                "phi",
                "chi",
                "psi",
                "omega",
            ],
            strict=True,
        )
    ),
    "ϵ": "epsilon",
    "ϑ": "theta",
    "ϕ": "phi",
    "ϱ": "rho",
    "ς": "sigma",
    "µ": "mu",
    **dict(
        zip(
            "ΓΔΘΛΞΠΣΦΨΩ",
            ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega"],
            strict=True,
        )
    ),
    **dict(
        zip(
            "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
            [
                "Alpha",
                "Beta",
                "Epsilon",
                "Zeta",
                "Eta",
                "Iota",
                "Kappa",
                "Mu",
                "Nu",
                "Omicron",
                "Rho",
                "Tau",
                "Upsilon",
                "Chi",
                "omicron",
            ],
            strict=True,
        )
    ),
    "∂": "partial",
    "∇": "nabla",
    "ℓ": "ell",
}
"""Letters with their names; the first letter of each name is the one shown."""

LOOKALIKES = {
    # Cyrillic letters that look like Latin ones: the keyboard was not switched.
    **dict(zip("аеорсхуіјѕһԁԛԝАВЕКМНОРСТХУІЈЅ", "aeopcxyijshdqwABEKMHOPCTXYIJS", strict=True)),
    # Greek letters without a shape of their own.
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True)),
}

_MEANS = {
    **dict.fromkeys("−–—‐‑‒﹣－➖", "-"),
    **dict.fromkeys("·⋅∙•∗✱⁎", "*"),
    **dict.fromkeys("×✕✖⨯", "\\times "),
    **dict.fromkeys("÷∕⁄➗", "/"),
    "➕": "+",
    "٫": ".",  # the decimal separator among Arabic digits
    "،": ",",
    "√": "\\sqrt ",
    "∛": "\\cbrt ",
    **dict.fromkeys("°º˚", "\\degree "),
    "⌊": "\\lfloor ",
    "⌋": "\\rfloor ",
    "⌈": "\\lceil ",
    "⌉": "\\rceil ",
    "∑": "\\sum ",
    "∫": "\\int ",
    "∏": "\\prod ",
    **dict.fromkeys("′’‘´ʹʼ", "'"),
    **dict.fromkeys("″ʺ”", "''"),
    "‴": "'''",
    "∣": "|",
    **dict.fromkeys("≤≦⩽≲", "\\le "),
    **dict.fromkeys("≥≧⩾≳", "\\ge "),
    "≠": "\\ne ",
    **dict.fromkeys("≈≡≅≙≔", "="),
    **dict.fromkeys("∧⋀", "\\land "),
    **dict.fromkeys("∨⋁", "\\lor "),
    "¬": "\\lnot ",
    "⊕": "\\oplus ",
    **dict.fromkeys("→⇒⟶⟹⊃", "\\to "),
    **dict.fromkeys("↔⇔⟷⟺", "\\leftrightarrow "),
    **dict.fromkeys("⊤", "\\top "),
    **dict.fromkeys("⊥", "\\bot "),
    "∈": "\\in ",
    **dict.fromkeys("∪⋃", "\\cup "),
    **dict.fromkeys("∩⋂", "\\cap "),
    "∖": "\\setminus ",
    **dict.fromkeys("∅⌀", "\\emptyset "),
    "∞": "\\infty ",
    "±": "\\pm ",
    "∓": "\\mp ",
    "ℝ": "\\reals ",
    "⟨": "(",
    "⟩": ")",
    "\u2061": "",  # function application, invisible
    "\u2062": "*",  # times, invisible
    "\u2063": ",",
    **LOOKALIKES,
}
