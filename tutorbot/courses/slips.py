"""Lines that Markdown takes for words, and that their author meant for the course."""

import re

from tutorbot.courses.faults import Notebook

_FENCE = re.compile(r"\s*(?:```|~~~)")
_BOX = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s*(?P<box>\([ xX]\)|\[[ xX?]\])\s*\S")
_OPTION = re.compile(r"\s*-\s+(?:\([ xX]\)|\[[ xX?]\])")
_LINE = re.compile(r"-\s+\S")


def note_slips(notebook: Notebook) -> None:
    """Note options that do not begin as options do, and feedback that is shown to everyone."""
    fenced = False
    before = ""  # the line that is not empty
    for number, line in enumerate(notebook.lines, start=1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            found = _BOX.match(line)
            if found and not _OPTION.match(line):
                notebook.note(
                    number,
                    "This looks like an option, and is read as words.",
                    f"Begin it with a hyphen and a space: - {found['box']} …",
                    code="option-unread",
                )
            if line.startswith(">") and _LINE.match(before):
                notebook.note(
                    number,
                    "This quote would be shown with the question, before it is answered.",
                    "Indent it by two spaces, as feedback on the line above.",
                    code="feedback-unindented",
                )
        if line.strip():
            before = before if line.startswith((" ", "\t")) else line
