"""Papers as people have them: questions in Markdown or plain text, with the answers marked."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tutorbot.core.course import Choice, Question
from tutorbot.core.prose import formulas
from tutorbot.courses.importers.gathering import Gathering, Read, one_line
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.marked_groups import sections, share_stems
from tutorbot.courses.importers.marked_lines import Cut, Row, cut, rows_of
from tutorbot.courses.importers.marked_net import lost_lines
from tutorbot.courses.importers.marked_parts import Value, split_before
from tutorbot.courses.importers.marked_prose import prose_of_rows
from tutorbot.courses.importers.marked_question import Item, read_question
from tutorbot.courses.importers.marked_tex import without_commands
from tutorbot.courses.importers.marked_words import KEY_TABLE, answer_after, is_noise
from tutorbot.courses.importers.suspicions import damaged, unreadable
from tutorbot.courses.prose import plain

LARGEST_TEXT = 1_000_000
"""In characters: a course file holds no more."""
MOST_QUESTIONS = 2_000
MOST_LINES = 50_000

_PAIR = re.compile(
    r"(?:(?<=\s)|(?<=[|,;(])|^)(?:Q(?:uestion)?\s*\.?\s*)?(\d{1,3})\s*(?:[-.):=–—→|]|->)+\s*"
    r"[(\[]?([A-La-l](?:\s*[,&/]\s*[A-La-l](?![a-z]))*)[)\]]?(?=[\s,;|.]|$)"
)
_LOOSE = re.compile(
    r"(?:^|(?<=\s))Q?(\d{1,3})[.)]?\s+\(?([A-La-l](?:\s*[,&]\s*[A-La-l])*)\)?(?=[\s,;|]|$)"
)
_ONE_PAIR = re.compile(
    r"^\W*(?:Q(?:uestion)?\s*\.?\s*)?(\d{1,3})\s*(?:[.):=–—→|]|->|-\s)+\s*(\S.{0,200}?)[\s|*]*$"
)
_CIRCLE = re.compile(r"^(\s*)(?:[-*]\s+)?\$\s*\\(?:bigcirc|circ|square|Box|bullet)\b\s*(\$?)\s*")
_TICK = re.compile(r"\$\s*\\checkmark\s*\$")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]")
_FEWEST_REPEATS = 3
_FEWEST_WORDS = 3
_LONGEST_FURNITURE = 100
_LONGEST_TITLE = 120


def read(text: str, name: str, read_picture: Read = lambda _: None) -> Imported | NotImported:
    """The course in a marked paper called ``name``; ``read_picture`` finds files beside it."""
    if len(text) > LARGEST_TEXT:
        return NotImported(
            what=f"The paper has {len(text):,} characters; split it, {LARGEST_TEXT:,} can be read."
        )
    rows = rows_of(_UNSEEN.sub("", text))
    if len(rows) > MOST_LINES:
        return NotImported(
            what=f"The paper has {len(rows):,} lines; split it, {MOST_LINES:,} can be read."
        )
    gathering = Gathering(name=name)
    rows = without_commands([(line, _with_signs(each)) for line, each in rows], gathering)
    whole = "\n".join(text for _, text in rows)
    rows = _without_furniture(rows, gathering)
    rows, keys = _without_table(rows)
    before, cuts = cut(rows)
    if not cuts:
        return NotImported(what="No question was found; begin each with its number, as in “1.”.")
    if len(cuts) > MOST_QUESTIONS:
        return NotImported(
            what=f"The paper has {len(cuts):,} questions; split it, {MOST_QUESTIONS:,} can be read."
        )
    items = [
        read_question(
            each, gathering, read_picture, key=keys.get(each.number), is_last=each is cuts[-1]
        )
        for each in cuts
    ]
    about, first_stem = split_before(before)
    title, about = _title(about)
    questions = share_stems(items, first_stem, gathering, read_picture)
    gathering.questions += questions
    _remark_on_numbers(cuts, keys, gathering)
    _remark_on_rest(items, gathering)
    for item, question in zip(items, questions, strict=True):
        _remark_on_formulas(item.where, question, gathering)
    opening = [row for paragraph in about for row in (*paragraph, (0, ""))]
    imported = gathering.imported(
        title=title, about=prose_of_rows(opening, "the beginning", gathering, read_picture)
    )
    course = replace(imported.course, sections=sections(questions))
    imported = replace(imported, course=course)
    return replace(imported, remarks=(*imported.remarks, *lost_lines(whole, imported)))


def _with_signs(text: str) -> str:
    """Circles and check marks that a converter took for formulas, as the signs that they are."""
    if "\\" not in text:
        return text
    text = _TICK.sub("✓", text)
    found = _CIRCLE.match(text)
    return f"{found[1]}○ {'' if found[2] else '$'}{text[found.end() :]}" if found else text


def _without_furniture(rows: Sequence[Row], gathering: Gathering) -> list[Row]:
    """The rows without page numbers, and without lines that head or foot each page."""
    often = Counter(text.strip() for _, text in rows if 0 < len(text.strip()) < _LONGEST_FURNITURE)
    top = next((place for place, (_, text) in enumerate(rows) if text.strip()), 0)
    kept: list[Row] = []
    for place, (line, text) in enumerate(rows):
        bare = text.strip()
        repeated = (
            often[bare] >= _FEWEST_REPEATS
            and place != top  # it may be the title
            and _is_alone(rows, place)
            and _is_furniture(bare)
        )
        page = _is_page_number(text)
        if repeated or page:
            what = (
                "What heads or foots a page was left out."
                if repeated
                else "Page numbers were left out."
            )
            gathering.remark(Weight.LOST, "the pages", what, bare)
        else:
            kept.append((line, text))
    return kept


def _is_alone(rows: Sequence[Row], place: int) -> bool:
    around = [rows[at][1] for at in (place - 1, place + 1) if 0 <= at < len(rows)]
    return not any(text.strip() for text in around) or any(map(_is_page_number, around))


def _is_page_number(text: str) -> bool:
    return is_noise(text) and bool(
        re.match(r"\W*(?:page|pg|\d+\s*(?:of|/))", text.strip(), re.IGNORECASE)
    )


def _is_furniture(text: str) -> bool:
    """Words that could be a header: no option, no formula, no label, no key."""
    if answer_after(text) is not None or is_noise(text) or len(text.split()) < _FEWEST_WORDS:
        return False
    return bool(re.match(r"[A-Za-z©#*_]", text)) and not re.search(
        r"[$=?]|^\W*\(?[A-La-l0-9]{1,2}[.)\]]|^\W*(?:true|false|yes|no|none|all|solution|ans|explanation)\b"
        r"|\b(?:options?|correct|answers?|right|wrong)\b",
        text,
        re.IGNORECASE,
    )


def _without_table(rows: Sequence[Row]) -> tuple[list[Row], dict[int, Value]]:
    """The rows without a table of keys at the end, and its values by the number of the question."""
    for place in range(len(rows) - 1, -1, -1):
        text = rows[place][1]
        inline = answer_after(text)
        if inline and len(_PAIR.findall(inline)) > 1:
            found = {
                int(each[1]): Value(line=rows[place][0], text=each[2])
                for each in _PAIR.finditer(inline)
            }
            rest = [row for row in rows[place + 1 :] if row[1].strip()]
            if not rest:
                return list(rows[:place]), found
        if not KEY_TABLE.match(text) or not text.strip():
            continue
        found, strange = _pairs(rows[place + 1 :])
        if len(found) > 1 and strange <= len(found) // 3:
            return list(rows[:place]), found
    return list(rows), {}


def _pairs(rows: Sequence[Row]) -> tuple[dict[int, Value], int]:
    found: dict[int, Value] = {}
    strange = 0
    numbers: list[int] = []  # of a row of questions, whose answers stand under it
    for line, text in rows:
        cells = _cells(text)
        if numbers and len(cells) >= len(numbers):
            under = cells[-len(numbers) :]
            found |= {
                number: Value(line=line, text=each)
                for number, each in zip(numbers, under, strict=True)
            }
            numbers = []
            continue
        if text.strip(" |:-"):
            numbers = _row_of_numbers(cells)
        if numbers:
            continue
        if len(loose := _LOOSE.findall(text)) > 1 and not _LOOSE.sub("", text).strip(" \t|,;"):
            found |= {int(number): Value(line=line, text=each) for number, each in loose}
            continue
        several = list(_PAIR.finditer(text))
        if not text.strip() or re.fullmatch(
            r"[\s|:+-]*(?:(?:q|no|question|ans|answer|key)\w*\.?[\s|]*)*[\s|:+-]*",
            text,
            re.IGNORECASE,
        ):
            continue
        if len(several) > 1:
            found |= {int(each[1]): Value(line=line, text=each[2]) for each in several}
        elif one := _ONE_PAIR.match(text.strip().strip("|")):
            if int(one[1]) in found:
                strange += 1
            found.setdefault(int(one[1]), Value(line=line, text=one[2]))
        else:
            strange += 1
    return found, strange


def _cells(text: str) -> list[str]:
    """The cells of a row: between bars where there are some, or else between spaces."""
    return [each.strip() for each in text.strip(" |").split("|")] if "|" in text else text.split()


def _row_of_numbers(cells: Sequence[str]) -> list[int]:
    """The numbers of questions side by side, after a word such as “Q.No.”; they count up."""
    while cells and not re.fullmatch(r"\W*Q?\.?\d{1,3}[.)]?\W*", cells[0]):
        cells = cells[1:]
    numbers = [int(re.sub(r"\D", "", each) or -1) for each in cells]
    rises = all(after == before + 1 for before, after in itertools.pairwise(numbers))
    return numbers if len(numbers) > 1 and rises else []


def _title(about: list[list[Row]]) -> tuple[str, list[list[Row]]]:
    """The first line, if it is short and no sentence, and what is left."""
    if not about:
        return "", about
    first = re.sub(r"^[\s#*_]+|[\s*_:#]+$", "", about[0][0][1])
    if not first or len(first) > _LONGEST_TITLE or first.endswith(".") or "$" in first:
        return "", about
    rest = about[0][1:]
    return one_line(first), [rest, *about[1:]] if rest else about[1:]


def _remark_on_numbers(cuts: Sequence[Cut], keys: dict[int, Value], gathering: Gathering) -> None:
    numbers = {each.number for each in cuts}
    last = 0
    for each in cuts:
        if each.is_after_gap and last:
            missing = ", ".join(str(number) for number in range(last + 1, each.number))
            what = f"The numbers leave out {missing}; a question may have been lost."
            gathering.remark(Weight.DOUBT, f"question {each.number}", what)
        last = each.number
    for number, value in keys.items():
        if number not in numbers:
            what = f"The key has an answer to question {number}, which is not in the paper."
            gathering.remark(Weight.LOST, f"line {value.line}", what, value.text)


def _remark_on_rest(items: Sequence[Item], gathering: Gathering) -> None:
    for item in items:
        for line, text in item.parts.headings:
            what = "A heading between questions was left out."
            gathering.remark(Weight.LOST, f"line {line}", what, text.strip())
        for _, text in item.parts.noise:
            what = f"“{one_line(text, 80)}” was left out."
            gathering.often(Weight.LOST, item.where, what)


def _remark_on_formulas(where: str, question: Question, gathering: Gathering) -> None:
    said = [question.prose, question.solution]
    if isinstance(question.body, Choice):
        said += [option.prose for option in question.body.options]
    for prose in said:
        for latex in formulas(prose):
            if why := damaged(latex):
                gathering.remark(Weight.DOUBT, where, f"A formula looks damaged: {why}.", latex)
        if unreadable(plain(prose)):
            what = "There is a character that cannot be read."
            gathering.remark(Weight.DOUBT, where, what, plain(prose))
