"""The rows of a marked paper as prose."""

import re
from collections.abc import Sequence

from tutorbot.core.prose import Prose
from tutorbot.courses.importers.gathering import Gathering, Read
from tutorbot.courses.importers.markdown import html_of
from tutorbot.courses.importers.marked_lines import Row
from tutorbot.courses.importers.tex import split_tex

_NUMBER_IN_BULLET = re.compile(r"^(\s*)[-*+•]\s+(?=\d{1,2}[.)]\s)")
_LABEL = re.compile(
    r"^\s*(?:\(?(?:[ivx]{1,4}|[IVX]{1,4}|[a-h])[.)]\s|(?:statement|S|P|Q|R|reason|assertion)\s*[-.]?\s*(?:\d|[IVX]{1,3})?\s*:)",
    re.IGNORECASE,
)
_CODE = re.compile(r"(`[^`\n]{1,2000}`)")
_LESS = re.compile(  # than something, and no element
    r"<(?!!--|https?://|/?(?:a|b|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|small|span"
    r"|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:\s+[a-z-]+=[^<>]{1,500}|\s*/?)>)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\s*(?:Which|What|How|Choose|Select|Pick|Then)\b")
_MULTIPLIES = re.compile(r"(?<=[\w)\]])(?<!\*)\*(?=[\w(\[])")
_OTHER_BULLETS = re.compile(r"^(\s*)[•·‣◦]\s+")


def text_of(rows: Sequence[Row]) -> str:
    """The rows as one Markdown text, what hung in a list or a heading set free."""
    lines = [text for _, text in rows]
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        return ""
    depths = [len(text) - len(text.lstrip()) for text in lines[1:] if text.strip()]
    depth = min(depths, default=0)
    rest = [text[depth:] if text.strip() else "" for text in lines[1:]]
    written: list[str] = []
    after_statement = False
    for text in [lines[0].strip(), *rest]:
        line = _OTHER_BULLETS.sub(r"\1- ", _NUMBER_IN_BULLET.sub(r"\1", text))
        is_statement = _LABEL.match(line) is not None
        asks = after_statement and _ASKS.match(line) is not None
        if (is_statement or asks) and written and written[-1].strip():
            written.append("")  # each statement is a paragraph of its own, and so is what is asked
        written.append(line.lstrip() if is_statement else line)
        after_statement = is_statement
    return "\n".join(written).strip()


def prose_of_rows(rows: Sequence[Row], where: str, gathering: Gathering, read: Read) -> Prose:
    text = text_of(rows)
    return gathering.prose(html_of(_as_meant(text)), where, read) if text else ()


def _as_meant(text: str) -> str:
    """The signs of ``2*pi*f`` and ``a<b and c>d`` kept, which Markdown would take for its own."""
    if "*" not in text and "<" not in text:
        return text
    pieces: list[str] = []
    at = 0
    for start, end, _ in split_tex(text, dollars=True):
        pieces += (_escaped(text[at:start]), text[start:end])
        at = end
    return "".join([*pieces, _escaped(text[at:])])


def _escaped(text: str) -> str:
    parts = _CODE.split(text)
    parts[::2] = [_LESS.sub(r"\<", _MULTIPLIES.sub(r"\*", each)) for each in parts[::2]]
    return "".join(parts)
