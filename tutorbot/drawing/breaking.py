r"""Where a formula may go on in the next line: before ``=`` and ``+``, after a comma, as in a book.

>>> chunks(r"a = (b + c) + \frac{d + e}{f}")
['a ', '= (b + c) ', '+ \\frac{d + e}{f}']
"""

import re
from collections.abc import Sequence

_PART = re.compile(
    r"\\(?:begin|end)\s*\{[^{}]*\}|\\(?:left|right|[bB]igg?[lrm]?)\b\s*(?:\\[A-Za-z]+|\\?.)|"
    r"\\(?:[A-Za-z]+\*?|.)|\s+|.",
    re.DOTALL,
)
_RELATIONS = {
    "=", "<", ">", r"\le", r"\leq", r"\ge", r"\geq", r"\ne", r"\neq", r"\approx", r"\equiv",
    r"\sim", r"\to", r"\implies", r"\iff", r"\Rightarrow", r"\in",
}  # fmt: skip
_OPERATORS = {"+", "-", r"\pm", r"\odot", r"\times", r"\cdot", r"\oplus", r"\land", r"\lor"}
_OPEN = re.compile(r"[{(\[]|\\(?:begin|left|[bB]igg?l)\b.*|\\(?:\{|langle|lfloor|lceil)", re.DOTALL)
_CLOSE = re.compile(r"[})\]]|\\(?:end|right|[bB]igg?r)\b.*|\\(?:\}|rangle|rfloor|rceil)", re.DOTALL)


def chunks(latex: str) -> list[str]:
    """The formula in parts that belong on one line each; joined they are the formula again."""
    found = [""]
    depth = 0
    after_operand = False  # a minus after ``=`` belongs to its number
    for part in _PART.findall(latex):
        if depth == 0 and after_operand and part in _RELATIONS | _OPERATORS:
            found.append("")
        found[-1] += part
        if _OPEN.fullmatch(part):
            depth += 1
        elif _CLOSE.fullmatch(part):
            depth = max(0, depth - 1)
        elif depth == 0 and part in {",", ";"}:
            found.append("")
        if not part.isspace():
            after_operand = part not in _RELATIONS | _OPERATORS | {",", ";", "^", "_"}
    return [chunk for chunk in found if chunk.strip()]


def over_lines(parts: Sequence[str], widths: Sequence[float], room: float) -> str:
    r"""The parts set under each other, each line as full as the room allows.

    >>> over_lines(["a ", "= b ", "+ c"], [1, 2, 2], 3)
    '\\begin{aligned}&a = b \\\\&\\qquad{}+ c\\end{aligned}'
    """
    lines = [parts[0]]
    width = widths[0]
    for part, more in zip(parts[1:], widths[1:], strict=True):
        if width + more > room:
            lines.append(part)
            width = _INDENT + more
        else:
            lines[-1] += part
            width += more
    return r"\begin{aligned}&" + r"\\&\qquad{}".join(lines) + r"\end{aligned}"


_INDENT = 2  # em, the width of a \qquad
