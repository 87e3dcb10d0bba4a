"""The rows of a marked paper as prose."""

import re
from collections.abc import Sequence

from tutorbot.core.prose import Prose
from tutorbot.courses.importers.gathering import Gathering, Read
from tutorbot.courses.importers.markdown import html_of
from tutorbot.courses.importers.marked_lines import Row

_NUMBER_IN_BULLET = re.compile(r"^(\s*)[-*+•]\s+(?=\d{1,2}[.)]\s)")
_LABEL = re.compile(
    r"^\s*(?:\(?(?:[ivx]{1,4}|[IVX]{1,4}|[a-h])[.)]\s|(?:statement|S|P|Q|R|reason|assertion)\s*[-.]?\s*(?:\d|[IVX]{1,3})?\s*:)",
    re.IGNORECASE,
)
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
    for text in [lines[0].strip(), *rest]:
        line = _OTHER_BULLETS.sub(r"\1- ", _NUMBER_IN_BULLET.sub(r"\1", text))
        if _LABEL.match(line) and written and written[-1].strip():
            written.append("")  # each statement is a paragraph of its own
        written.append(line.lstrip() if _LABEL.match(line) else line)
    return "\n".join(written).strip()


def prose_of_rows(rows: Sequence[Row], where: str, gathering: Gathering, read: Read) -> Prose:
    text = text_of(rows)
    return gathering.prose(html_of(text), where, read) if text else ()
