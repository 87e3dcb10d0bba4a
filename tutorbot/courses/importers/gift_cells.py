r"""The text of a GIFT file cut into items, its escapes and formulas set aside.

What an author has escaped, and the braces of LaTeX, stand as characters of a private range while
the grammar is read, so that no sign in them has a meaning. `shown` brings them back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tutorbot.courses.importers.tex import split_tex

_SIGNS = "\\{}~=#:\n"
_FIRST = 0xF8D0
_ASIDE = {sign: chr(_FIRST + place) for place, sign in enumerate(_SIGNS)}
_BACK = str.maketrans({aside: sign for sign, aside in _ASIDE.items()})
_ESCAPE = re.compile(  # a line's end, but not the beginning of \neq and its like
    r"\\([\\{}~=#:]|n(?!(?:eq?|u|abla|ot|i|mid|leq|geq|earrow|subseteq)(?![A-Za-z])))"
)
_OWN = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + len(_SIGNS) - 1)}]")
_OPEN_BRACE = re.compile(r"(?<!\\)\{")
_ANSWERS = re.compile(r"(?<!\\)\{\s*[=~#]|(?<!\\)\{\s*\}|(?<!\\)\{\s*(?:T|F|TRUE|FALSE)\s*[#}]")
_TAG = re.compile(r"<[A-Za-z][^<>{}~]{0,1000}>")
# `<a =b>` is an option that begins with a sign, and the next one; `<a href="b">` is a tag.
_ATTRIBUTE = re.compile(r"""(?<=\s)[\w:-]{1,40}=(?:"[^"]*"|'[^']*'|[^\s"'=#\[]+)""")
_COMMENT = re.compile(r"\s*//")
_NAMED = re.compile(r"\[(id|tag):([^\]]{1,200})\]")
_CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*)")
_LONGEST_OPEN = 60  # in lines, that braces may stay open over empty lines


@dataclass(kw_only=True)
class Raw:
    """One item of the file: a question, or where the category changes."""

    line: int
    text: str = ""
    category: str | None = None
    id: str = ""
    tags: list[str] = field(default_factory=list[str])


def items(text: str) -> Iterator[Raw]:
    """The items in their order, comments left out but for the ids and tags in them."""
    raw: Raw | None = None
    lines: list[str] = []
    pending_id, pending_tags = "", list[str]()
    depth = opened = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if _COMMENT.match(line):
            for kind, value in _NAMED.findall(line):
                if kind == "id":
                    pending_id = value.strip()
                else:
                    pending_tags.append(value.strip())
            continue
        if found := _CATEGORY.match(line):
            if raw and lines:
                raw.text = "\n".join(lines)
                yield raw
            raw, lines, depth = None, [], 0
            yield Raw(line=number, category=found[1].strip())
            continue
        goes_on = depth > 0 and number - opened < _LONGEST_OPEN and not line.startswith("::")
        if (not line.strip() and not goes_on) or (depth > 0 and not goes_on and line.strip()):
            if raw and lines:
                raw.text = "\n".join(lines)
                yield raw
            raw, lines, depth = None, [], 0
            if not line.strip():
                continue
        if raw is None:
            raw = Raw(line=number, id=pending_id, tags=pending_tags)
            pending_id, pending_tags = "", []
        if depth <= 0:
            opened = number
        depth += _braces(line)
        lines.append(line)
    if raw and lines:
        raw.text = "\n".join(lines)
        yield raw


def _braces(line: str) -> int:
    bare = re.sub(r"\\.", "", line)
    return bare.count("{") - bare.count("}")


def aside(text: str) -> str:
    r"""The text with what is escaped, and what is LaTeX, set aside.

    Who escapes writes ``$\\frac\{1\}\{2\}$``; who does not, ``$\frac{1}{2}$``. Both are read.
    """
    text = _OWN.sub("\ufffd", text)
    pieces: list[str] = []
    at = 0
    for start, end, _ in split_tex(text, dollars=True):
        formula = text[start:end]
        if not _OPEN_BRACE.search(formula) or _ANSWERS.search(formula) or not _is_paired(formula):
            continue
        pieces += (_unescaped(text[at:start]), _literal(formula))
        at = end
    return "".join([*pieces, _unescaped(text[at:])])


def shown(text: str) -> str:
    """The text as it is read, nothing set aside any more."""
    return text.translate(_BACK)


def _literal(formula: str) -> str:
    formula = re.sub(r"\\([=~#:])", r"\1", formula)
    return "".join(_ASIDE.get(sign, sign) if sign != "\n" else sign for sign in formula)


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        return _ASIDE["\n" if found[1] == "n" else found[1]]

    text = _ESCAPE.sub(one, text)
    return _TAG.sub(lambda tag: _ATTRIBUTE.sub(_signs_aside, tag[0]), text)


def _signs_aside(found: re.Match[str]) -> str:
    return found[0].replace("=", _ASIDE["="]).replace("#", _ASIDE["#"])


def _is_paired(formula: str) -> bool:
    return _braces(formula) == 0
