"""What the commands of LaTeX look like on a line, and which signs can be raised and lowered."""

# ruff: noqa: RUF001 -- the look-alikes are what these tables are for

from enum import Enum


class Role(Enum):
    """What a sign does in a formula; it decides the spaces around it and the brackets."""

    ORDINARY = "letter"
    NUMBER = "number"
    PREFIX = "prefix"  # binds what follows: ∂, ∇, ¬, the minus of a negative number
    POSTFIX = "postfix"  # binds what stands before: !, %
    FUNCTION = "function"
    BIG = "big"  # takes limits: ∑, ∏, ∫
    BINARY = "binary"
    TIGHT = "tight"  # binary, and written without spaces: 100×50
    RELATION = "relation"
    PUNCTUATION = "punctuation"
    OPEN = "open"
    CLOSE = "close"
    WORDS = "words"
    FRACTION = "fraction"


GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

_ORDINARY = {
    "infty": "∞", "ldots": "…", "dots": "…", "dotsc": "…", "cdots": "⋯", "dotsb": "⋯",
    "vdots": "⋮", "ddots": "⋱", "prime": "′", "ell": "ℓ", "emptyset": "∅", "varnothing": "∅",
    "hbar": "ℏ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "degree": "°", "top": "⊤", "bot": "⊥",
    "angle": "∠", "triangle": "△", "vert": "|", "Vert": "‖", "|": "‖", "_": "_", "#": "#",
    "$": "$", "&": "&", "dagger": "†", "square": "□", "imath": "ı", "jmath": "ȷ",
}  # fmt: skip
_BINARY = {
    "pm": "±", "mp": "∓", "ast": "*", "star": "⋆", "circ": "∘", "bullet": "•", "oplus": "⊕",
    "ominus": "⊖", "otimes": "⊗", "odot": "⊙", "cup": "∪", "cap": "∩", "setminus": "∖",
    "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨", "bmod": "mod",
}  # fmt: skip
_RELATIONS = {
    "in": "∈", "notin": "∉", "ni": "∋", "le": "≤", "leq": "≤", "leqslant": "⩽", "ge": "≥",
    "geq": "≥", "geqslant": "⩾", "ne": "≠", "neq": "≠", "lt": "<", "gt": ">", "ll": "≪",
    "gg": "≫", "to": "→", "rightarrow": "→", "longrightarrow": "⟶", "leftarrow": "←",
    "gets": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐",
    "Leftrightarrow": "⇔", "implies": "⟹", "impliedby": "⟸", "iff": "⟺", "mapsto": "↦",
    "approx": "≈", "sim": "∼", "simeq": "≃", "cong": "≅", "equiv": "≡", "propto": "∝",
    "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "mid": "|",
    "parallel": "∥", "perp": "⊥", "models": "⊨", "vdash": "⊢", "coloneqq": "≔", "doteq": "≐",
}  # fmt: skip
_FUNCTIONS = [
    "log", "ln", "lg", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh",
    "coth", "arcsin", "arccos", "arctan", "max", "min", "sup", "inf", "lim", "limsup", "liminf",
    "det", "dim", "ker", "deg", "gcd", "hom", "arg", "Pr",
]  # fmt: skip

DELIMITERS = {
    ".": "", "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", "<": "⟨", ">": "⟩",
    "\\{": "{", "\\}": "}", "\\|": "‖", "\\lbrace": "{", "\\rbrace": "}", "\\langle": "⟨",
    "\\rangle": "⟩", "\\lfloor": "⌊", "\\rfloor": "⌋", "\\lceil": "⌈", "\\rceil": "⌉",
    "\\vert": "|", "\\Vert": "‖", "\\lvert": "|", "\\rvert": "|", "\\lVert": "‖", "\\rVert": "‖",
    "\\lbrack": "[", "\\rbrack": "]",
}  # fmt: skip

COMMANDS: dict[str, tuple[str, Role]] = (
    {name: (sign, Role.ORDINARY) for name, sign in (GREEK | _ORDINARY).items()}
    | {name: (sign, Role.BINARY) for name, sign in _BINARY.items()}
    | {name: (sign, Role.RELATION) for name, sign in _RELATIONS.items()}
    | {name: (name, Role.FUNCTION) for name in _FUNCTIONS}
    | {
        "limsup": ("lim sup", Role.FUNCTION),
        "liminf": ("lim inf", Role.FUNCTION),
        "sum": ("∑", Role.BIG),
        "prod": ("∏", Role.BIG),
        "int": ("∫", Role.BIG),
        "iint": ("∬", Role.BIG),
        "oint": ("∮", Role.BIG),
        "bigcup": ("⋃", Role.BIG),
        "bigcap": ("⋂", Role.BIG),
        "partial": ("∂", Role.PREFIX),
        "nabla": ("∇", Role.PREFIX),
        "neg": ("¬", Role.PREFIX),
        "lnot": ("¬", Role.PREFIX),
        "forall": ("∀", Role.PREFIX),
        "exists": ("∃", Role.PREFIX),
        "times": ("×", Role.TIGHT),
        "cdot": ("·", Role.TIGHT),
        "div": ("÷", Role.BINARY),
        "%": ("%", Role.POSTFIX),
        "colon": (":", Role.PUNCTUATION),
        "{": ("{", Role.OPEN),
        "lbrace": ("{", Role.OPEN),
        "}": ("}", Role.CLOSE),
        "rbrace": ("}", Role.CLOSE),
        "langle": ("⟨", Role.OPEN),
        "rangle": ("⟩", Role.CLOSE),
        "lfloor": ("⌊", Role.OPEN),
        "rfloor": ("⌋", Role.CLOSE),
        "lceil": ("⌈", Role.OPEN),
        "rceil": ("⌉", Role.CLOSE),
        "lvert": ("|", Role.OPEN),
        "rvert": ("|", Role.CLOSE),
        "lVert": ("‖", Role.OPEN),
        "rVert": ("‖", Role.CLOSE),
    }
)

# Signs that authors type as they are, ASCII and the commonest others.
TYPED: dict[str, tuple[str, Role]] = (
    {sign: (sign, Role.BINARY) for sign in "+±∓∗⋆∘⊕⊗⊙∪∩∖∧∨÷"}
    | {sign: (sign, Role.RELATION) for sign in "=<>≤≥≠≈∼≡∝∈∉⊂⊆⊃⊇→←↔⇒⇔⟹⟺↦"}
    | {sign: (sign, Role.PUNCTUATION) for sign in ",;:"}
    | {sign: (sign, Role.OPEN) for sign in "([⟨⌊⌈"}
    | {sign: (sign, Role.CLOSE) for sign in ")]⟩⌋⌉"}
    | {sign: (sign, Role.BIG) for sign in "∑∏∫"}
    | {sign: (sign, Role.PREFIX) for sign in "∂∇¬∀∃"}
    | {
        "-": ("−", Role.BINARY),
        "−": ("−", Role.BINARY),
        "*": ("*", Role.BINARY),
        "×": ("×", Role.TIGHT),
        "·": ("·", Role.TIGHT),
        "⋅": ("·", Role.TIGHT),
        "/": ("/", Role.TIGHT),
        "!": ("!", Role.POSTFIX),
    }
)

ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "tilde": "\u0303",
    "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c",
    "breve": "\u0306", "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a",
}  # fmt: skip

RAISED = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ",
        strict=True,
    )
) | {"⊤": "ᵀ", "†": "†", "∘": "°", "°": "°", "′": "′"}
LOWERED = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)


class Alphabet(Enum):
    """A shape of letters that carries meaning."""

    BLACKBOARD = "mathbb"
    SCRIPT = "mathcal"
    FRAKTUR = "mathfrak"
    BOLD = "mathbf"


ALPHABETS = {
    "mathbb": Alphabet.BLACKBOARD,
    "mathds": Alphabet.BLACKBOARD,
    "mathcal": Alphabet.SCRIPT,
    "mathscr": Alphabet.SCRIPT,
    "mathfrak": Alphabet.FRAKTUR,
    "mathbf": Alphabet.BOLD,
    "boldsymbol": Alphabet.BOLD,
    "bm": Alphabet.BOLD,
}

# The letters that stand in the basic plane, which every phone has.
_BASIC = {
    Alphabet.BLACKBOARD: dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    Alphabet.SCRIPT: dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    Alphabet.FRAKTUR: dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    Alphabet.BOLD: dict[str, str](),
}
# Where A, a and 0 of an alphabet stand outside it (Unicode, Mathematical Alphanumeric Symbols).
_STARTS = {
    Alphabet.BLACKBOARD: {"A": 0x1D538, "a": 0x1D552, "0": 0x1D7D8},
    Alphabet.SCRIPT: {"A": 0x1D49C, "a": 0x1D4B6},
    Alphabet.FRAKTUR: {"A": 0x1D504, "a": 0x1D51E},
    Alphabet.BOLD: {"A": 0x1D400, "a": 0x1D41A, "0": 0x1D7CE, "Α": 0x1D6A8, "α": 0x1D6C2},
}
_ENDS = {"A": "Z", "a": "z", "0": "9", "Α": "Ω", "α": "ω"}


def basic(letter: str, alphabet: Alphabet) -> str | None:
    """The letter in that shape, if the basic plane has it.

    >>> basic("R", Alphabet.BLACKBOARD), basic("O", Alphabet.SCRIPT)
    ('ℝ', None)
    """
    return _BASIC[alphabet].get(letter)


def shaped(letter: str, alphabet: Alphabet) -> str | None:
    """The letter in that shape from any plane; None where Unicode has none."""
    if near := basic(letter, alphabet):
        return near
    for start, place in _STARTS[alphabet].items():
        if start <= letter <= _ENDS[start]:
            return chr(place + ord(letter) - ord(start))
    return None
