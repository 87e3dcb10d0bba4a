"""Presentation MathML as LaTeX, as far as simple formulas go."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from tutorbot.courses.importers.imported import NotImported
from tutorbot.courses.importers.packages import read_xml

_TABLE = r"""
× \times  ⋅ \cdot  · \cdot  ÷ \div  ± \pm  ∓ \mp  ≤ \le  ≥ \ge  ≠ \ne  ≈ \approx  ≡ \equiv
∼ \sim  ∞ \infty  ∂ \partial  ∇ \nabla  ∑ \sum  ∏ \prod  ∫ \int  √ \surd  ∈ \in  ∉ \notin
⊂ \subset  ⊆ \subseteq  ∪ \cup  ∩ \cap  ∅ \emptyset  ∀ \forall  ∃ \exists  ¬ \neg  ∧ \wedge
∨ \vee  → \to  ⇒ \Rightarrow  ⇔ \Leftrightarrow  ↦ \mapsto  ⊙ \odot  ⊗ \otimes  ⊕ \oplus
∘ \circ  … \dots  ⋯ \cdots  ‖ \|  ℝ \mathbb{R}  ℕ \mathbb{N}  ℤ \mathbb{Z}  ℚ \mathbb{Q}
ℂ \mathbb{C}  − -  ∗ *  ′ '  ° ^\circ  ℓ \ell  { \{  } \}  % \%  # \#  & \&  $ \$  _ \_
α \alpha  β \beta  γ \gamma  δ \delta  ε \varepsilon  ζ \zeta  η \eta  θ \theta  ι \iota
κ \kappa  λ \lambda  μ \mu  ν \nu  ξ \xi  π \pi  ρ \rho  σ \sigma  τ \tau  υ \upsilon
φ \varphi  χ \chi  ψ \psi  ω \omega  Γ \Gamma  Δ \Delta  Θ \Theta  Λ \Lambda  Ξ \Xi  Π \Pi
Σ \Sigma  Υ \Upsilon  Φ \Phi  Ψ \Psi  Ω \Omega  ϕ \phi  ϵ \epsilon  ϑ \vartheta
"""  # noqa: RUF001 - these are the signs themselves
_UNSEEN = dict.fromkeys("\u2061\u2062\u2063\u2064\u200b", "")  # applied to, times, and
_SIGNS = {**dict(re.findall(r"(\S) (\S+)", _TABLE)), **_UNSEEN}
_FUNCTIONS = frozenset(
    {
        *("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "arcsin", "arccos"),
        *("arctan", "exp", "log", "ln", "lim", "max", "min", "det", "gcd", "sup", "inf"),
    }
)
_ACCENTS = {"¯": "bar", "‾": "bar", "^": "hat", "~": "tilde", "→": "vec", "˙": "dot"}
_UNDER = 2
_MATH = re.compile(r"<(?:\w{1,10}:)?math\b")
_END = re.compile(r"</(?:\w{1,10}:)?math\s*>")
_PREFIX = re.compile(r"(</?)\w{1,10}:")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


def latex_of(element: Element) -> str | None:
    """The formula as LaTeX; none where it has something that is not read."""
    for annotation in element.iter("annotation"):
        if "tex" in (annotation.get("encoding") or "").casefold() and annotation.text:
            return annotation.text.strip()
    try:
        return " ".join(_row(element).split())
    except _UnknownError:
        return None


def with_latex(html: str) -> str:
    r"""HTML with the MathML in it written as ``\(…\)``; what cannot be read stays as it is."""
    written: list[str] = []
    at = 0
    while (opening := _MATH.search(html, at)) and (closing := _END.search(html, opening.end())):
        source = html[opening.start() : closing.end()]
        root = read_xml(_ENTITY.sub("&amp;", _PREFIX.sub(r"\1", source)).encode())
        latex = None if isinstance(root, NotImported) else latex_of(root)
        written += (html[at : opening.start()], source if latex is None else rf"\({latex}\)")
        at = closing.end()
    return "".join((*written, html[at:]))


class _UnknownError(Exception):
    """An element that is not read."""


def _row(element: Element) -> str:
    return " ".join(_read(each) for each in element)


def _read(element: Element) -> str:
    parts = list(element)
    match element.tag:
        case "mi":
            return _letters((element.text or "").strip())
        case "mn":
            return (element.text or "").strip()
        case "mo":
            return _sign((element.text or "").strip())
        case "mtext" | "ms":
            words = re.sub(r"[\\{}$%&#_^~]", " ", element.text or "")
            return rf"\text{{{words}}}" if words.strip() else ""
        case "mspace":
            return r"\ "
        case "mrow" | "mstyle" | "mpadded" | "math" | "mtd":
            return _row(element)
        case "semantics":
            return _read(parts[0]) if parts else ""
        case "mfenced":
            inner = (element.get("separators") or ",")[:1].join(map(_read, parts))
            left, right = element.get("open", "("), element.get("close", ")")
            return rf"\left{_sign(left) or '.'} {inner} \right{_sign(right) or '.'}"
        case "msqrt":
            return rf"\sqrt{{{_row(element)}}}"
        case "mfrac":
            return rf"\frac{{{_at(parts, 0)}}}{{{_at(parts, 1)}}}"
        case "mroot":
            return rf"\sqrt[{_at(parts, 1)}]{{{_at(parts, 0)}}}"
        case "msub" | "munder":
            return f"{_base(parts)}_{{{_at(parts, 1)}}}"
        case "msup":
            return f"{_base(parts)}^{{{_at(parts, 1)}}}"
        case "mover":
            accent = _ACCENTS.get((parts[1].text or "").strip()) if len(parts) == _UNDER else None
            if accent:
                return rf"\{accent}{{{_at(parts, 0)}}}"
            return f"{_base(parts)}^{{{_at(parts, 1)}}}"
        case "msubsup" | "munderover":
            return f"{_base(parts)}_{{{_at(parts, 1)}}}^{{{_at(parts, _UNDER)}}}"
        case "mtable":
            rows = r" \\ ".join(" & ".join(_row(cell) for cell in row) for row in parts)
            return rf"\begin{{matrix}} {rows} \end{{matrix}}"
        case _:
            raise _UnknownError


def _base(parts: Sequence[Element]) -> str:
    base = _at(parts, 0)
    return base if len(base) == 1 or parts[0].tag in {"mi", "mo"} else f"{{{base}}}"


def _at(parts: Sequence[Element], place: int) -> str:
    if place >= len(parts):
        raise _UnknownError
    return _read(parts[place])


def _letters(name: str) -> str:
    if len(name) <= 1:
        return _SIGNS.get(name, name)
    if name in _FUNCTIONS:
        return rf"\{name}"
    return rf"\mathrm{{{''.join(_SIGNS.get(each, each) for each in name)}}}"


def _sign(text: str) -> str:
    if text in _FUNCTIONS:
        return rf"\{text}"
    return "".join(_SIGNS.get(each, each) for each in text)
