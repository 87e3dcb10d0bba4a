"""What follows the options of a question: its key, its solution, remarks, and the next stem."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tutorbot.courses.importers.marked_lines import Row
from tutorbot.courses.importers.marked_words import (
    DOUBT,
    POINTS_ALONE,
    RANGE,
    SETTING,
    STEM,
    answer_after,
    is_label,
    is_noise,
    solution_after,
)

_RULE = re.compile(r"\s*(?:-\s*){3,}$|\s*(?:\*\s*){3,}$|\s*_{3,}\s*$|\s*[-*+•]\s*$")
_HEADING = re.compile(r"\s*#{1,6}\s+\S")
_SOLUTIONS = frozenset({"solution", "solutions", "sol", "soln"})
_LETTERS_ALONE = re.compile(
    r"\s*(?:options?|choices?)?\s*[(\[]?(?:[A-L]|[ivx]{1,4})[)\]]?"
    r"(?:\s*(?:,|and|&)+\s*(?:options?\s*)?[(\[]?(?:[A-L]|[ivx]{1,4})[)\]]?)*[\s.]*",
    re.IGNORECASE,
)
_TYPED = re.compile(r"\W*type\s*:", re.IGNORECASE)
_POINT = re.compile(r"\s*[-*+•·]\s+\S")


@dataclass(kw_only=True)
class Value:
    """What a key says, and the line it is on."""

    line: int
    text: str


@dataclass(kw_only=True)
class Parts:
    keys: list[Value] = field(default_factory=list[Value])
    solution: list[Row] = field(default_factory=list[Row])
    comments: list[list[Row]] = field(default_factory=list[list[Row]])  # paragraphs
    doubts: list[list[Row]] = field(default_factory=list[list[Row]])
    hints: list[list[Row]] = field(default_factory=list[list[Row]])
    noise: list[Row] = field(default_factory=list[Row])
    headings: list[Row] = field(default_factory=list[Row])
    following: list[list[Row]] = field(default_factory=list[list[Row]])  # a stem for what comes
    is_guessed_stem: bool = False
    points: Fraction = Fraction(0)  # 0: it is not said


def read_parts(rows: Sequence[Row], *, is_last: bool) -> Parts:
    """Sort what stands after the options; after the last question no stem is looked for."""
    parts = Parts()
    place = 0
    in_solution = False
    paragraphs = 0
    while place < len(rows):
        text = rows[place][1]
        if not text.strip() or _RULE.match(text):
            if _RULE.match(text) and re.search(r"[-*_]\s*[-*_]\s*[-*_]", text):
                in_solution = False
            place += 1
            continue
        if is_noise(text):
            parts.noise.append(rows[place])
            place += 1
            continue
        if points := POINTS_ALONE.match(text):
            parts.points = Fraction(points["points"])
            place += 1
            continue
        if (rest := answer_after(text)) is not None:
            place = _read_key(rows, place, rest, parts)
            in_solution = False
            continue
        if found := solution_after(text):
            word, rest = found
            stop = _end_of_paragraph(rows, place)
            own = [(rows[place][0], rest), *rows[place + 1 : stop]]
            place = stop
            if word == "hint":
                parts.hints.append(own)
            elif word in _SOLUTIONS and _LETTERS_ALONE.fullmatch(rest.replace("*", "")):
                parts.keys.append(Value(line=own[0][0], text=rest.strip()))
                parts.solution += own[1:]
                in_solution = True
            elif word in {"note", "comment", "remark", "notes", "comments", "remarks"}:
                _add_comment(own, parts)
            else:
                parts.solution += [*own, (own[-1][0], "")]
                in_solution = True
            continue
        stop = _end_of_paragraph(rows, place)
        own = list(rows[place:stop])
        joined = "\n".join(text for _, text in own)
        paragraphs += 1
        if not is_last and (STEM.search(joined) or (not in_solution and SETTING.match(joined))):
            parts.is_guessed_stem = not STEM.search(joined)
            parts.following = _paragraphs(rows[place:])
            return parts
        place = stop
        if _HEADING.match(text) and len(own) == 1:
            parts.headings += own
        elif DOUBT.search(joined):
            parts.doubts.append(own)
        elif in_solution:
            parts.solution += [*own, (own[-1][0], "")]
        else:
            parts.comments.append(own)
    return parts


def split_before(rows: Sequence[Row]) -> tuple[list[list[Row]], list[list[Row]]]:
    """What stands before the first question: about the paper, and a stem for what comes."""
    paragraphs = _paragraphs(rows)
    for place, own in enumerate(paragraphs):
        joined = "\n".join(text for _, text in own)
        if STEM.search(joined) or SETTING.match(joined):
            return paragraphs[:place], paragraphs[place:]
    return paragraphs, []


def _add_comment(own: list[Row], parts: Parts) -> None:
    joined = "\n".join(text for _, text in own)
    (parts.doubts if DOUBT.search(joined) else parts.comments).append(own)


def _read_key(rows: Sequence[Row], place: int, rest: str, parts: Parts) -> int:
    """The value after the label, or the list under it."""
    line = rows[place][0]
    if rest.strip(" *_:.])"):
        parts.keys.append(Value(line=line, text=rest.strip().rstrip("]")))
        return place + 1
    place += 1
    while place < len(rows) and not rows[place][1].strip():
        place += 1
    first = place
    listed = place < len(rows) and _POINT.match(rows[place][1]) is not None
    while place < len(rows):
        text = rows[place][1]
        if is_label(text) or is_noise(text) or _HEADING.match(text):
            break
        if not text.strip():
            after = next((at for at in range(place, len(rows)) if rows[at][1].strip()), None)
            if not listed or after is None or not _POINT.match(rows[after][1]):
                break
            place = after
            continue
        if listed and not _POINT.match(text):
            if text.startswith((" ", "\t")) and parts.keys:
                parts.keys[-1].text += " " + text.strip()
                place += 1
                continue
            break
        if place > first and (_TYPED.match(rows[first][1]) and not _TYPED.match(text)):
            break
        if place > first and STEM.search(text) and RANGE.search(text):
            break
        value = re.sub(r"^\s*[-*+•·]\s+", "", text).strip()
        parts.keys.append(Value(line=rows[place][0], text=value))
        place += 1
    return place


def _end_of_paragraph(rows: Sequence[Row], place: int) -> int:
    """One past the paragraph, displayed formulas without an empty line between counted in."""
    opened = rows[place][1].count("$$") % 2 == 1
    place += 1
    while place < len(rows):
        text = rows[place][1]
        if not opened and (not text.strip() or is_label(text) or is_noise(text)):
            break
        if text.count("$$") % 2:
            opened = not opened
        place += 1
    return place


def _paragraphs(rows: Sequence[Row]) -> list[list[Row]]:
    found: list[list[Row]] = []
    place = 0
    while place < len(rows):
        if not rows[place][1].strip() or _RULE.match(rows[place][1]):
            place += 1
            continue
        stop = _end_of_paragraph(rows, place)
        found.append(list(rows[place:stop]))
        place = stop
    return found
