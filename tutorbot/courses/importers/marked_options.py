"""The options of a question in a marked paper, however they are lettered."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tutorbot.courses.importers.marked_lines import Row, inline_letters
from tutorbot.courses.importers.marked_words import is_label, is_noise

_LETTERS = "abcdefghijkl"
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_LEAD = (
    r"\s*(?:>\s*)*(?:[-*+•·]\s+)?(?:#{1,6}\s+)?"
    r"(?P<tick>[✓✔✅☑]\s*)?(?P<bold>\*\*|__)?(?P<star>\*)?\s*"
)
_MARK = r"(?:\s*(?P<mark>RIGHT|CORRECT|WRONG|INCORRECT|✓|✔|✅|✗|✘|❌)(?=\W))?"
_END = r"(?:\*\*|__)?(?=[^.,;:)\]]|$)\s*"  # a converter may glue the option to its letter
_ROMAN_END = r"(?:\*\*|__)?(?=\s|$|\$|\\|[A-Z0-9(✓✔✅])\s*"  # “i.e.” is none
_WORD = r"(?:[Oo0]pt[il1]on\s+)?"  # as scanners see it, too

# What closes a label: a bracket, a full stop, a colon, or a dash between spaces.
_UPPER = re.compile(
    _LEAD + rf"{_WORD}(?:\((?P<a>[A-L])\)|\[(?P<b>[A-L])\]|(?P<c>[A-L])(?:\*\*)?{_MARK}"
    rf"\s*(?:\\?[.):]|\s[-–—](?=\s)))(?P<closed>\*\*|__)?{_END}"
)
_LOWER = re.compile(
    _LEAD + rf"{_WORD}(?:\((?P<a>[a-l])\)|\[(?P<b>[a-l])\]|(?P<c>[a-l])(?:\*\*)?{_MARK}"
    rf"\s*\\?[.):])(?P<closed>\*\*|__)?{_END}"
)
_ROMAN = re.compile(
    _LEAD + rf"\(?(?P<c>[ivxIVX]{{1,4}})\s*\\?[.)]{_MARK}(?P<closed>\*\*|__)?{_ROMAN_END}"
)
_NUMBER = re.compile(
    _LEAD + rf"\(?(?P<c>\d{{1,2}})\s*\\?[.)]{_MARK}(?P<closed>\*\*|__)?{_ROMAN_END}"
)
_BOX = re.compile(r"\s*[-*+]\s+\[(?P<box>[ xX✓✔])\]\s+|\s*(?P<sign>[☐☑☒✅○●◯◉⚪🔘])\s*(?=\S)")
_BULLET = re.compile(r"\s*[-*+•·‣◦]\s+(?=\S)")
_FILLED = frozenset("xX✓✔☑☒✅●◉🔘")

_TRAILING_MARK = re.compile(
    r"\s*(?:(?:\*\*)?[(\[]\s*(?P<said>correct(?:\s+(?:answer|option|choice))?|right(?:\s+answer)?|answer|"
    r"wrong|incorrect|✓|✔|✅|✗|✘|❌)\s*[)\]]|(?:<[-–=]+|←|⇐|<<)\s*(?P<arrow>(?:the\s+)?"
    r"(?:correct|right|answer|this)\b[^\n]{0,30})|(?P<tick>✓|✔|✅|✗|✘|❌|√))\s*(?:\*\*)?\s*$",
    re.IGNORECASE,
)
_LEADING_MARK = re.compile(r"^\s*(?:(?P<good>[✓✔✅]|\[x\]|\(correct\))|(?P<bad>[✗✘❌]))\s*")
_WRONG = ("wrong", "incorrect", "✗", "✘", "❌")
_ALL_BOLD = re.compile(r"^(\*\*|__)(?P<inner>(?:(?!\1).)+)\1\s*$", re.DOTALL)


@dataclass(kw_only=True)
class OptionDraft:
    label: str  # as it is called in the key: "b", "2", "iii"
    rows: list[Row]
    is_marked: bool = False
    is_bold: bool = False

    def text(self) -> str:
        return "\n".join(text for _, text in self.rows).strip("\n")


@dataclass(kw_only=True)
class Split:
    stem: list[Row]
    options: list[OptionDraft] = field(default_factory=list[OptionDraft])
    rest: list[Row] = field(default_factory=list[Row])
    is_ticked: bool = False  # boxes to tick, so that several could be right


@dataclass(frozen=True, kw_only=True)
class _Hit:
    place: int
    index: int  # 0 for A
    label: str
    found: re.Match[str]


def split_options(rows: Sequence[Row], *, wanted: Sequence[str] = ()) -> Split:
    """Take a question's rows apart.

    ``wanted`` are texts that a key calls right, for lists whose points have no letters.
    """
    rows = _one_to_a_row(rows)
    stop = _end_of_question(rows)
    runs = [run for kind in _KINDS if len(run := _last_run(rows[:stop], *kind)) > 1]
    lettered = [run for run in runs if run[0].label.isalpha() and run[0].label != "i"]
    ticked = [run for run in runs if run[0].label.startswith("box")]
    if lettered:
        run = max(lettered, key=lambda each: each[0].place)
    elif ticked:
        run = ticked[0]
    else:
        run = max(runs, key=lambda each: each[0].place) if runs else []
    if run:
        return _taken_apart(rows, run)
    return _unlettered(rows, stop, wanted)


def _one_to_a_row(rows: Sequence[Row]) -> list[Row]:
    """Options that share a line get rows of their own."""
    found: list[Row] = []
    for line, text in rows:
        letters = inline_letters(text)
        if not letters:
            found.append((line, text))
            continue
        table = text.strip().startswith("|")
        edges = [each.start() for each in letters]
        head = text[: edges[0]].strip(" |") if table else text[: edges[0]]
        if head.strip(" \t-*|"):
            found.append((line, head))
        for start, end in zip(edges, [*edges[1:], len(text)], strict=True):
            piece = text[start:end].strip()
            found.append((line, piece.strip("| ") if table else piece))
    return found


def _end_of_question(rows: Sequence[Row]) -> int:
    """Where a key or a solution begins, if options come before it."""
    for place, (_, text) in enumerate(rows):
        if place and is_label(text):
            before = rows[:place]
            if any(len(_last_run(before, *kind)) > 1 for kind in _KINDS):
                return place
    return next((at for at, (_, text) in enumerate(rows) if at and is_label(text)), len(rows))


def _last_run(
    rows: Sequence[Row], pattern: re.Pattern[str], index_of: Callable[[str], int]
) -> list[_Hit]:
    """The last letters that count up from the first one."""
    run: list[_Hit] = []
    best: list[_Hit] = []
    for place, (_, text) in enumerate(rows):
        found = pattern.match(text)
        if not found:
            continue
        groups = found.groupdict()
        label = next((groups[key] for key in ("a", "b", "c") if groups.get(key)), "")
        index = index_of(label)
        if index == len(run) and (run or index == 0):
            run.append(_Hit(place=place, index=index, label=label.casefold(), found=found))
        elif index == 0:
            run = [_Hit(place=place, index=0, label=label.casefold(), found=found)]
        if len(run) > 1:
            best = run
    return best


def _letter(label: str) -> int:
    return _LETTERS.find(label.casefold()) if label else -1


def _roman(label: str) -> int:
    return _ROMANS.index(label.casefold()) if label.casefold() in _ROMANS else -1


def _digit(label: str) -> int:
    return int(label) - 1 if label else -1


_KINDS: tuple[tuple[re.Pattern[str], Callable[[str], int]], ...] = (
    (_UPPER, _letter),
    (_LOWER, _letter),
    (_ROMAN, _roman),
    (_NUMBER, _digit),
)


def _taken_apart(rows: Sequence[Row], run: Sequence[_Hit]) -> Split:
    split = Split(stem=list(rows[: run[0].place]))
    for hit, after in zip(run, [*run[1:], None], strict=True):
        stop = after.place if after else _end_of_last(rows, hit.place)
        line = rows[hit.place][0]
        rest = hit.found.string[hit.found.end() :]
        groups = hit.found.groupdict()
        if groups.get("bold") and not groups.get("closed") and hit.found[0].count("**") < 2:  # noqa: PLR2004 -- opened and closed
            rest = groups["bold"] + rest
        mark = (groups.get("mark") or "").casefold()
        draft = OptionDraft(
            label=hit.label,
            rows=[(line, rest), *rows[hit.place + 1 : stop]],
            is_marked=bool(groups.get("tick") or groups.get("star"))
            or bool(mark and mark not in _WRONG),
        )
        split.options.append(draft)
        if not after:
            split.rest = list(rows[stop:])
    return _read_marks(split)


def _end_of_last(rows: Sequence[Row], start: int) -> int:
    """The last option goes on over its formulas and pictures, and ends with its paragraph."""
    place = start + 1
    empty = not _has_words(rows[start][1])
    while place < len(rows):
        text = rows[place][1]
        if is_label(text) or is_noise(text) or re.match(r"\s*(?:#|---|\*\*\*|___)", text):
            break
        if not text.strip():
            after = next((at for at in range(place, len(rows)) if rows[at][1].strip()), len(rows))
            display = after < len(rows) and rows[after][1].lstrip().startswith(("$$", "![", r"\["))
            if not display and not (empty and after < len(rows) and place == start + 1):
                break
            place = after
            continue
        if text.lstrip().startswith("$$") and text.count("$$") == 1:
            place = next((at for at in range(place + 1, len(rows)) if "$$" in rows[at][1]), place)
        empty = False
        place += 1
    return min(place, len(rows))


def _has_words(text: str) -> bool:
    return re.sub(r"^\W*\w{1,8}(?:\s+RIGHT)?[.)\]:*\s]+", "", text).strip(" *_") != ""


def _read_marks(split: Split) -> Split:
    for draft in split.options:
        while draft.rows and not draft.rows[-1][1].strip():
            draft.rows.pop()
        if not draft.rows:
            continue
        line, text = draft.rows[-1]
        if found := _TRAILING_MARK.search(text):
            said = (found["said"] or found["tick"] or "").casefold()
            draft.is_marked |= said not in _WRONG
            draft.rows[-1] = (
                line,
                text[: found.start()] + ("**" if _odd_bold(text, found) else ""),
            )
        line, text = draft.rows[0]
        if found := _LEADING_MARK.match(text):
            draft.is_marked |= bool(found["good"])
            draft.rows[0] = (line, text[found.end() :])
    bold = [draft for draft in split.options if _ALL_BOLD.match(draft.text())]
    if 0 < len(bold) < len(split.options):
        for draft in bold:
            draft.is_bold = True
            inner = _ALL_BOLD.match(draft.text())
            if inner:
                draft.rows = [(draft.rows[0][0], inner["inner"])]
    return split


def _odd_bold(text: str, found: re.Match[str]) -> bool:
    """Whether the mark took the end of a bold run with it."""
    return text[: found.start()].count("**") % 2 == 1 and found[0].count("**") % 2 == 1


def _unlettered(rows: Sequence[Row], stop: int, wanted: Sequence[str]) -> Split:
    """Boxes, bullets or bare lines that are options because the key names one of them."""
    body = rows[:stop]
    boxes = [at for at, (_, text) in enumerate(body) if _BOX.match(text)]
    if len(boxes) > 1:
        return _points(rows, boxes, _BOX, stop)
    bullets = [at for at, (_, text) in enumerate(body) if _BULLET.match(text)]
    texts = [squashed(_BULLET.sub("", rows[at][1], count=1)) for at in bullets]
    marked = any(_TRAILING_MARK.search(rows[at][1]) for at in bullets)
    names = [squashed(text) for text in wanted if squashed(text)]
    if len(bullets) > 1 and (marked or any(_names(name, text) for name in names for text in texts)):
        return _points(rows, bullets, _BULLET, stop)
    lines = [at for at, (_, text) in enumerate(body) if text.strip() and not is_noise(text)]
    hits = [at for at in lines[1:] if names and squashed(rows[at][1]) in names]
    if hits:
        first = _first_bare_option(rows, lines, hits[0])
        options = [at for at in lines if at >= first]
        if len(options) > 1:
            return _points(rows, options, re.compile(r"\s*"), stop)
    return Split(stem=list(body), rest=list(rows[stop:]))


def _first_bare_option(rows: Sequence[Row], lines: Sequence[int], hit: int) -> int:
    """The line after the last one before the hit that asks something, or else the second line."""
    for at in reversed([each for each in lines if each < hit]):
        if rows[at][1].rstrip().rstrip("*_").endswith(("?", ":", "____", "...")):
            return next(each for each in lines if each > at)
    return lines[1]


def _names(name: str, text: str) -> bool:
    return name == text


def _points(
    rows: Sequence[Row], places: Sequence[int], pattern: re.Pattern[str], stop: int
) -> Split:
    split = Split(stem=list(rows[: places[0]]), is_ticked=False)
    for number, (place, after) in enumerate(zip(places, [*places[1:], None], strict=True)):
        end = after if after is not None else min(stop, _end_of_last(rows, place))
        found = pattern.match(rows[place][1])
        assert found
        groups = found.groupdict()
        sign = groups.get("box") or groups.get("sign") or ""
        draft = OptionDraft(
            label=_LETTERS[number] if number < len(_LETTERS) else str(number + 1),
            rows=[(rows[place][0], rows[place][1][found.end() :]), *rows[place + 1 : end]],
            is_marked=sign in _FILLED and sign != "",
        )
        split.options.append(draft)
        if after is None:
            split.rest = list(rows[end:])
        split.is_ticked |= bool(groups.get("box")) or sign in "☐☑☒"
    return _read_marks(split)


def squashed(text: str) -> str:
    """What is left of a text when it is compared: letters, digits and signs of formulas."""
    text = re.sub(
        r"\\(?:left|right|,|;|!|quad|displaystyle|mathrm|text|mathbf)\b|\\[,;! ]", "", text
    )
    return re.sub(r"[\s*_`$\\{}.,;:()\[\]\"'“”\u2018\u2019-]+", "", text.casefold())
