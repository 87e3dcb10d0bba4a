"""The lines of a marked paper: where questions begin, and how options and keys are marked."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutorbot.courses.importers.marked_words import is_label

_LARGEST_GAP = 5  # in numbers; a converter may lose a question

_LEAD = r"\s*(?:>\s*)*(?:[-*+•·]\s+)?(?:#{1,6}\s+)?(?P<bold>\*\*|__)?\s*"  # a list, a heading, bold
_LABELLED = re.compile(
    _LEAD + r"\[?(?:question|ques|que|q|problem|prob|exercise)\s*[.:#-]?\s*(?:no\.?\s*)?"
    r"(?P<number>\d{1,4})\s*(?:\\?[.):\]]|[-–—]\s)*\s*(?:\*\*|__)?(?=\s|$|[A-Z$(*])\s*[:.-]?\s*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    _LEAD + r"(?:\((?P<inner>\d{1,4})\)|(?P<number>\d{1,4})\s*\\?[.)\]:])(?=\s|$|\*\*|__|\$|[A-Z])"
    r"(?:\*\*|__)?\s*"
)
_SECTION = re.compile(
    _LEAD + r"(?:section|part|assignment|week|quiz|module|unit|chapter|set)\b[^.?]{0,80}$",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_LONGEST_DISPLAY = 60  # in lines

Row = tuple[int, str]
"""A line with its number, counted from 1. What is taken apart keeps the number."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """A line that could begin a question."""

    place: int  # in the rows
    number: int
    rest: str
    style: str  # how it is written, its number left out
    is_labelled: bool


@dataclass(kw_only=True)
class Cut:
    """A question's rows, its number taken off."""

    number: int
    rows: list[Row]
    is_after_gap: bool = False


def rows_of(text: str) -> list[Row]:
    return list(enumerate(re.split(r"\r\n|\r|\n", text), start=1))


def cut(rows: Sequence[Row]) -> tuple[list[Row], list[Cut]]:
    """What stands before the first question, and each question with all that follows it."""
    opaque = _opaque(rows)
    starts = _chosen(rows, opaque)
    if not starts:
        return list(rows), []
    cuts: list[Cut] = []
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        line = rows[start.place][0]
        stop = after.place if after else len(rows)
        last = cuts[-1].number if cuts else start.number - 1
        cuts.append(
            Cut(
                number=start.number,
                rows=[(line, start.rest), *rows[start.place + 1 : stop]],
                is_after_gap=start.number > last + 1,
            )
        )
    return list(rows[: starts[0].place]), cuts


def _opaque(rows: Sequence[Row]) -> set[int]:
    """Places inside of displayed formulas and code, where nothing begins."""
    inside: set[int] = set()
    opened: int | None = None
    fenced: int | None = None
    for place, (_, text) in enumerate(rows):
        if opened is None and _FENCE.match(text):
            if fenced is None:
                fenced = place
            else:
                inside.update(range(fenced, place + 1))
                fenced = None
        elif text.count("$$") % 2:
            if opened is None:
                opened = place
            else:
                inside.update(range(opened + 1, place + 1))
                opened = None
        if opened is not None and place - opened > _LONGEST_DISPLAY:
            opened = None
        if fenced is not None and place - fenced > _LONGEST_DISPLAY:
            fenced = None
    return inside


def _starts(rows: Sequence[Row], opaque: set[int]) -> Iterator[Start]:
    for place, (_, text) in enumerate(rows):
        if place in opaque:
            continue
        if found := _LABELLED.match(text):
            yield _start(place, found, int(found["number"]), is_labelled=True)
        elif found := _NUMBERED.match(text):
            number = int(found["number"] or found["inner"])
            yield _start(place, found, number, is_labelled=False)


def _start(place: int, found: re.Match[str], number: int, *, is_labelled: bool) -> Start:
    text = found.string
    rest = text[found.end() :]
    if found["bold"] and found[0].count(found["bold"]) == 1:
        # The bold run goes on: take its end off if it is the end of the line, else open it again.
        tail = rest.rstrip()
        closes = tail.endswith(found["bold"]) and tail.count(found["bold"]) == 1
        rest = tail[: -len(found["bold"])] if closes else found["bold"] + rest
    style = re.sub(r"\d+", "0", found[0]).strip().casefold()
    indent = len(text) - len(text.lstrip())
    return Start(
        place=place,
        number=number,
        rest=rest,
        style=f"{min(indent, 4) // 2}{style}",
        is_labelled=is_labelled,
    )


def _chosen(rows: Sequence[Row], opaque: set[int]) -> list[Start]:
    """The starts that follow one another, lists inside of questions left out."""
    candidates = list(_starts(rows, opaque))
    labelled = [each for each in candidates if each.is_labelled]
    rising = sum(b.number == a.number + 1 for a, b in itertools.pairwise(labelled))
    if rising or (
        labelled
        and not any(
            each.number == labelled[0].number + 1 for each in candidates if not each.is_labelled
        )
    ):
        return _in_order(labelled)
    return list(_follow(rows, candidates))


def _in_order(labelled: Sequence[Start]) -> list[Start]:
    """Labels that go up, or begin again at 1. “Question 3” at the start of a remark does not."""
    chosen: list[Start] = []
    for start in labelled:
        last = chosen[-1].number if chosen else start.number - 1
        if last < start.number <= last + 10 or (start.number == 1 and last > 1):
            chosen.append(start)
    return chosen


def _follow(rows: Sequence[Row], candidates: Sequence[Start]) -> Iterator[Start]:
    signs = [_sign(text) for _, text in rows]
    openings = _openings(signs, candidates)
    last: Start | None = None
    seen = _Signs()  # since the last start
    at_row = 0
    inner, inner_style = 0, ""  # of a list inside of the question: its last number
    first = _first(candidates, openings)
    for at, start in enumerate(candidates):
        if last is None:
            if at == first:
                yield start
                last, at_row = start, start.place + 1
            continue
        for sign in signs[at_row : start.place]:
            seen.add(sign)
        at_row = max(at_row, start.place)
        alike = start.style == last.style
        if start.number == last.number + 1:
            # A list goes on with the next number; a question has options or a key of its own.
            goes_on = inner > 0 and start.number == inner + 1
            in_list = goes_on and (not seen.complete or start.style == inner_style != last.style)
            accepted = openings[at] or (alike and not goes_on) or (seen.complete and not inner)
            accepted = accepted and not in_list
        elif start.number == 1:
            accepted = seen.section and seen.complete and openings[at]
        else:
            near = last.number < start.number <= last.number + _LARGEST_GAP
            accepted = near and alike and seen.complete and openings[at]
        if accepted:
            yield start
            last, inner, seen, at_row = start, 0, _Signs(), start.place + 1
        else:
            inner, inner_style = start.number, start.style


def _first(candidates: Sequence[Start], openings: Sequence[bool]) -> int:
    """Where the first question is: instructions may have numbers too, and have no options."""
    ones = [at for at, start in enumerate(candidates) if start.number <= 1]
    opened = [at for at, is_open in enumerate(openings) if is_open]
    first = next((at for at in ones if openings[at]), ones[0] if ones else None)
    if first is None or (opened and opened[0] < first and candidates[opened[0]].number > 1):
        # The paper begins with a later number, or its first question has no options.
        before = [at for at in ones if opened and at < opened[0]]
        return before[-1] if before else next(iter(opened), -1)
    return first


def _openings(signs: Sequence[str], candidates: Sequence[Start]) -> list[bool]:
    """For each candidate, whether options or a key come before the next one."""
    found: list[bool] = []
    for at, start in enumerate(candidates):
        after = candidates[at + 1 : at + 3]
        own = _Signs()
        own.add(_sign(start.rest))
        for sign in signs[start.place + 1 : after[0].place if after else len(signs)]:
            own.add(sign)
        numbered = [each.number for each in after] == [1, 2] and after[0].style == after[
            1
        ].style != start.style
        found.append(own.complete or numbered)
    return found


_OPTION_START = re.compile(
    _LEAD + r"\*?(?:[Oo0]pt[il1]on\s+)?(?:\((?P<a>[A-La-l])\)|\[(?P<b>[A-La-l])\]|(?P<c>[A-La-l])"
    r"\s*(?:(?:RIGHT|CORRECT|WRONG|✓|✔)\s*)?\\?[.):])(?=[^.,;:)\]]|$)"
)
_BOXED = re.compile(r"\s*(?:[-*+]\s+\[[ xX✓✔]\]\s|[☐☑☒○●◯◉⚪🔘]\s*\S)")


class _Signs:
    """Whether there are options or a key, so that another question may begin."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._boxes = 0

    def add(self, sign: str) -> None:
        self._boxes += sign == "box"
        if sign:
            self._seen.add(sign)

    @property
    def complete(self) -> bool:
        return {"a", "b"} <= self._seen or "key" in self._seen or self._boxes > 1

    @property
    def section(self) -> bool:
        return "section" in self._seen


def _sign(text: str) -> str:
    if found := _OPTION_START.match(text):
        if len(inline_letters(text)) > 1:
            return "key"
        return (found["a"] or found["b"] or found["c"]).casefold()
    if _BOXED.match(text):
        return "box"
    if is_label(text) or len(inline_letters(text)) > 1:
        return "key"
    return "section" if _SECTION.match(text) and text.strip() else ""


_INLINE = re.compile(r"(?:(?<=\s)|(?<=\|)|^)(?:\(([A-La-l])\)|([A-L])\\?[.)])(?=\s|\$|\\|\*\*|\d)")


def inline_letters(text: str) -> list[re.Match[str]]:
    """The options on one line, (a) … (b) … (c) …: at least three, or two in columns."""
    found: list[re.Match[str]] = []
    for each in _INLINE.finditer(text[:4000]):
        letter = each[1] or each[2]
        if letter.casefold() == "abcdefghijkl"[len(found)]:
            found.append(each)
            if len(found) == 12:  # noqa: PLR2004 -- the letters are used up
                break
    before = text[: found[0].start()].strip(" \t-*|") if found else ""
    starts = not before or before.endswith(("?", ":", "_"))
    enough = len(found) > 2 or (len(found) > 1 and (starts or "  " in text.strip()))  # noqa: PLR2004 -- three in prose
    return found if enough else []
