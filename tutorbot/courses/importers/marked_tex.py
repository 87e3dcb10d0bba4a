r"""Papers in LaTeX: lists become numbers and letters, and commands what Markdown has for them."""

import re
from collections.abc import Sequence

from tutorbot.courses.importers.gathering import Gathering
from tutorbot.courses.importers.imported import Weight
from tutorbot.courses.importers.marked_lines import Row

_LISTS = ("enumerate", "itemize", "questions", "parts", "choices", "checkboxes", "oneparchoices")
_LIST = re.compile(rf"\s*\\(begin|end)\{{(?:{'|'.join(_LISTS)})\}}(?:\[[^\]]*\])?\s*")
_ITEM = re.compile(
    r"\s*\\(?P<name>item|question|part|choice|CorrectChoice|correctchoice)\b"
    r"\s*(?:\[(?P<given>[^\]]{0,30})\])?\s*"
)
_SHOWN = (
    (re.compile(r"\\textbf\{([^{}]*)\}"), r"**\1**"),
    (re.compile(r"\\(?:textit|emph)\{([^{}]*)\}"), r"*\1*"),
    (re.compile(r"\\(?:section|subsection|title)\*?\{([^{}]*)\}"), r"# \1"),
    (re.compile(r"\\(?:hfill|dotfill|linebreak)\b\s*"), " "),
    (re.compile(r"(?<![$\\])\\checkmark\b(?!\s*\$)"), "✓"),
)
_SETTINGS = re.compile(
    r"\s*\\(?:documentclass|usepackage|maketitle|newpage|pagebreak|noindent|centering|vspace|hspace"
    r"|(?:begin|end)\{(?:document|center|solution|flushleft|minipage)\})"
)
_SOLUTION = re.compile(r"\s*\\begin\{solution\}")
_LETTERS = "ABCDEFGHIJKL"


def without_commands(rows: Sequence[Row], gathering: Gathering) -> list[Row]:
    """The rows of a paper in LaTeX as those of a paper; others as they are."""
    if not any(_LIST.match(text) for _, text in rows):
        return list(rows)
    counts: list[int] = []  # of the lists that are open
    found: list[Row] = []
    for line, text in rows:
        if edge := _LIST.match(text):
            if edge[1] == "begin":
                counts.append(0)
            elif counts:
                counts.pop()
            text = text[edge.end() :]  # noqa: PLW2901 -- what follows on the line
            if not text.strip():
                found.append((line, ""))
                continue
        if _SOLUTION.match(text):
            found.append((line, "Solution:" + text[text.index("}") + 1 :]))
            continue
        if _SETTINGS.match(text):
            what = "A command of LaTeX was left out."
            gathering.remark(Weight.LOST, f"line {line}", what, text.strip())
            continue
        if (item := _ITEM.match(text)) and counts:
            counts[-1] += 1
            text = _label(item, counts) + text[item.end() :]  # noqa: PLW2901 -- with its label
        for pattern, shown in _SHOWN:
            text = pattern.sub(shown, text)  # noqa: PLW2901 -- in Markdown
        found.append((line, text))
    return found


def _label(item: re.Match[str], counts: Sequence[int]) -> str:
    number = counts[-1]
    given = item["given"] or ""
    if len(counts) == 1:
        marks = f"[{given} marks] " if item["name"] == "question" and given.isdigit() else ""
        return f"Question {number}. {marks}"
    if given and not given.isdigit():
        label = f"{given.strip('().')}) "
    elif len(counts) == 2 and number <= len(_LETTERS):  # noqa: PLR2004 -- in a question
        label = f"{_LETTERS[number - 1]}) "
    else:
        label = f"{'    ' * (len(counts) - 2)}- "
    return label + ("✓ " if item["name"].casefold() == "correctchoice" else "")
