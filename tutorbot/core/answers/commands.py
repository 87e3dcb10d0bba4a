"""Commands and signs that relate expressions or join statements, and what each of them means."""

RELATIONS = {
    **dict.fromkeys(("le", "leq", "leqslant", "leqq"), "≤"),
    **dict.fromkeys(("ge", "geq", "geqslant", "geqq"), "≥"),
    **dict.fromkeys(("ne", "neq"), "≠"),
    "lt": "<",
    "gt": ">",
    **dict.fromkeys(("equiv", "approx"), "="),
}
STATEMENTS = {
    **dict.fromkeys(("land", "wedge"), "∧"),
    **dict.fromkeys(("lor", "vee"), "∨"),
    **dict.fromkeys(("lnot", "neg", "not"), "¬"),
    **dict.fromkeys(("oplus", "veebar"), "⊕"),
    **dict.fromkeys(("to", "rightarrow", "Rightarrow", "implies", "longrightarrow"), "→"),
    **dict.fromkeys(("Longrightarrow", "supset"), "→"),
    **dict.fromkeys(("leftrightarrow", "Leftrightarrow", "iff", "longleftrightarrow"), "↔"),
    "top": "⊤",
    "bot": "⊥",
    "in": "∈",
    "cup": "∪",
    "cap": "∩",
    **dict.fromkeys(("setminus", "backslash"), "∖"),
    **dict.fromkeys(("emptyset", "varnothing"), "∅"),
    "infty": "∞",
    "pm": "±",
    "mp": "∓",
    "reals": "ℝ",
    "langle": "(",
    "rangle": ")",
    "{": "{",
    "}": "}",
    "lbrace": "{",
    "rbrace": "}",
    "\\": "⏎",
}
"""Commands that mean something only where more than one expression is asked for."""
JOINS = {
    **dict.fromkeys(("=<", "<="), "≤"),
    ">=": "≥",
    **dict.fromkeys(("=/=", "!=", "~=", "/=", "<>"), "≠"),
    "==": "=",
    "&&": "∧",
    "/\\": "∧",
    "||": "∨",
    "\\/": "∨",
    **dict.fromkeys(("->", "-->", "=>", "==>"), "→"),
    **dict.fromkeys(("<->", "<-->", "<=>", "<==>"), "↔"),
    "+/-": "±",
}
LOGIC = {"&": "∧", "|": "∨", "~": "¬", "!": "¬"}
