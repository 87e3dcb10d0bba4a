"""Stems between questions, workings that give answers away, and questions that build on others."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tutorbot.core.course import Choice, Mark, Question, Reveal, Section
from tutorbot.core.prose import Formula, Inline, Paragraph, Prose, Text
from tutorbot.courses.importers.gathering import Gathering, Read, title_of
from tutorbot.courses.importers.imported import Weight
from tutorbot.courses.importers.marked_lines import Row
from tutorbot.courses.importers.marked_prose import prose_of_rows, text_of
from tutorbot.courses.importers.marked_question import Item, telling
from tutorbot.courses.importers.marked_words import COUNT, COUNTS, RANGE, REFERENCE, WORKING
from tutorbot.courses.prose import plain
from tutorbot.courses.wording import questions_named

_CALL = re.compile(
    r"(?:^|(?<=[.!?]))\s*(?:Based\s+on\s+this,?\s*)?(?:please\s+)?answer\s+(?:the\s+)?"
    r"(?:following|next|below)[^.?!\n]{0,60}[.:]?\s*$",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^\W*[^.:\n]{0,60}\b(?:questions?|Qs?\b|Q(?=\d))\.?\s*(?:nos?\.?\s*)?\(?Q?\.?\d+"
    r"(?:[^.:\n]{0,90}(?:[.:]\)?(?:\*\*|__)?\s*|(?=\n|$))"
    r"|(?:\s*(?:to|[-–—,&]|and|through)\s*\(?Q?\.?\d+)?\)?(?:\*\*|__)?\s*(?=(?-i:[A-Z$])))",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|we)\s+[a-z]+", re.IGNORECASE)
_NEW_NOUN = re.compile(r"\b[Aa]n?\s+(?:[a-z-]+\s+)?([a-z]{5,})\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_FEWEST_DIGITS = 3  # in an answer, to be told from chance


@dataclass(kw_only=True)
class _Stem:
    id: str
    prose: Prose
    last: int | None  # the number of the last question under it; None: until the next stem
    working: list[list[Row]]


def share_stems(
    items: Sequence[Item], first: list[list[Row]], gathering: Gathering, read: Read
) -> list[Question]:
    """The questions, with the stems that stand between them and what they say of each other."""
    grouping = _Grouping(items, gathering, read)
    grouping.place(first)
    return grouping.questions


def sections(questions: Sequence[Question]) -> tuple[Section, ...]:
    """The headings of the paper, stems named by their first words."""
    found: list[Section] = []
    for group, run in itertools.groupby(questions, lambda each: each.group):
        members = tuple(run)
        if group is None and not found:
            found.append(Section(title="", questions=()))  # before any heading
            continue
        found.append(
            Section(
                title=(title_of(members[0].stem) if group else "") or "More questions",
                id=group,
                is_stem=group is not None,
                prose=members[0].stem,
                questions=tuple(each.id for each in members),
            )
        )
    return tuple(each for each in found if each.title)


class _Grouping:
    def __init__(self, items: Sequence[Item], gathering: Gathering, read: Read) -> None:
        self._items = items
        self._gathering = gathering
        self._read = read
        self.questions = [item.question for item in items]

    def place(self, first: list[list[Row]]) -> None:
        pending, guessed = first, False
        stem: _Stem | None = None
        earlier: _Stem | None = None
        members: list[int] = []
        for at, item in enumerate(self._items):
            if stem and stem.last is not None and item.number > stem.last:
                self._settle(stem, members)
                stem, members = None, []
            if pending and guessed:
                self._prepend(at, pending)
            elif pending:
                if stem:
                    self._settle(stem, members)
                earlier = stem or earlier
                stem, members = self._begin(pending, at, earlier), []
            if stem:
                members.append(at)
                self.questions[at] = replace(self.questions[at], group=stem.id, stem=stem.prose)
            pending, guessed = item.parts.following, item.parts.is_guessed_stem
        if stem:
            self._settle(stem, members)
        for at in range(len(self._items)):
            self._refer(at)

    # Stems

    def _begin(self, paragraphs: list[list[Row]], at: int, earlier: _Stem | None) -> _Stem:
        item = self._items[at]
        where = f"before question {item.number}"
        edge = next(
            (
                place
                for place, rows in enumerate(paragraphs)
                if place and self._is_working(text_of(rows), at)
            ),
            len(paragraphs),
        )
        rows = _joined(paragraphs[:edge])
        text = text_of(rows)
        found = RANGE.search(text)
        last = int(found[2] or found[1]) if found else None
        if count := COUNT.search(text):
            number = count[1].casefold()
            last = item.number + (COUNTS.get(number) or int(number)) - 1
        announced = _ANNOUNCED.match(text)
        if announced and text[announced.end() :].strip():
            what = "The numbers of the questions were left out of a stem."
            self._remark(Weight.CHANGED, where, what, announced[0].strip())
            text = text[announced.end() :]
        called = _CALL.search(text)
        if called:
            self._remark(Weight.CHANGED, where, "A call to answer was left out.", called[0].strip())
            text = text[: called.start()]
        prose = prose_of_rows(
            [(0, line) for line in text.split("\n")], where, self._gathering, self._read
        )
        if earlier and _goes_on(earlier.prose, prose):
            self._remark(
                Weight.DOUBT,
                where,
                "This stem goes on with the one before, so it was joined to it.",
            )
            prose = (*earlier.prose, *prose)
        if last is None:
            self._remark(
                Weight.DOUBT,
                where,
                "This text was taken for a stem of the questions until the next one.",
                text,
            )
        stem_id = self._gathering.claim(f"{telling(prose)}-stem" if telling(prose) else "stem")
        return _Stem(id=stem_id, prose=prose, last=last, working=paragraphs[edge:])

    def _is_working(self, text: str, at: int) -> bool:
        if not WORKING.search(text):
            return False
        return bool(_FIRST_PERSON.search(text)) or any(
            _gives_away(text, item.question) for item in self._items[at : at + 10]
        )

    def _settle(self, stem: _Stem, members: Sequence[int]) -> None:
        """Give what was worked out before the questions to the last solution that it is about."""
        if not stem.working or not members:
            return
        rows = _joined(stem.working)
        text = text_of(rows)
        leaked = [at for at in members if _gives_away(text, self.questions[at])]
        last = leaked[-1] if leaked else members[-1]
        free = [at for at in members if at >= last and not self.questions[at].solution]
        home = free[0] if free else last
        if free and home == last and len(free) > 1 and free[1] == last + 1:
            home = free[1]  # the working may be half of the next answer too
        self.questions[home] = replace(
            self.questions[home],
            solution=(
                *prose_of_rows(rows, self._items[home].where, self._gathering, self._read),
                *self.questions[home].solution,
            ),
        )
        for at in members:
            self.questions[at] = replace(self.questions[at], reveal=Reveal.GROUP)
        given = ", ".join(str(self._items[at].number) for at in leaked)
        what = (
            f"A working stands before the questions{f' and gives away {given}' if given else ''}; "
            f"it is now in the solution of question {self._items[home].number}."
        )
        self._remark(Weight.DOUBT, f"before question {self._items[members[0]].number}", what, text)

    def _prepend(self, at: int, paragraphs: list[list[Row]]) -> None:
        item = self._items[at]
        rows = _joined(paragraphs)
        prose = prose_of_rows(rows, item.where, self._gathering, self._read)
        what = "The text before this question was taken for its beginning; others may need it too."
        self._remark(Weight.DOUBT, item.where, what, text_of(rows))
        self.questions[at] = replace(self.questions[at], prose=(*prose, *self.questions[at].prose))

    # Questions that build on the one before

    def _refer(self, at: int) -> None:
        question, item = self.questions[at], self._items[at]
        text = plain(question.prose)
        phrases = list(questions_named(text))
        if not phrases:
            return
        found = REFERENCE.match(text)
        shared = self._shared(at) if found else None
        if not found or shared is None:
            what = f"“{phrases[0]}” says nothing when questions come alone; say what it refers to."
            self._remark(Weight.DOUBT, item.where, what, text)
            return
        clause = found[0].strip()
        prose = _without_clause(question.prose, found[0])
        self.questions[at] = replace(
            question,
            id=self._gathering.question_id(telling(prose) or question.id),
            title=title_of(prose) or question.title,
            prose=prose,
            group=shared.group,
            stem=shared.stem,
            reveal=shared.reveal,
        )
        what = f"It builds on question {self._items[at - 1].number}, so the two share a stem now."
        self._remark(Weight.CHANGED, item.where, what, clause)

    def _shared(self, at: int) -> Question | None:
        """The question before, its setting made a stem."""
        if not at:
            return None
        before = self.questions[at - 1]
        if before.group:
            return before
        setting, asked = _split_last_sentence(before.prose)
        if not setting or not asked:
            return None
        stem_id = self._gathering.claim(f"{before.id[:38]}-setting")
        title = title_of(asked) or before.title
        self.questions[at - 1] = replace(
            before, title=title, prose=asked, stem=setting, group=stem_id
        )
        return self.questions[at - 1]

    def _remark(self, weight: Weight, where: str, what: str, quote: str = "") -> None:
        self._gathering.remark(weight, where, what, quote)


def _joined(paragraphs: Iterable[list[Row]]) -> list[Row]:
    return [row for rows in paragraphs for row in (*rows, (rows[-1][0], ""))]


def _goes_on(earlier: Prose, prose: Prose) -> bool:
    """Whether a stem speaks of “the company” after “a company” in the one before."""
    nouns = {found[1] for found in _NEW_NOUN.finditer(plain(earlier))}
    text = plain(prose)
    own = {found[1] for found in _NEW_NOUN.finditer(text)}
    return any(re.search(rf"\bthe\s+(?:[a-z-]+\s+)?{noun}\b", text) for noun in nouns - own)


def _gives_away(text: str, question: Question) -> bool:
    """Whether the numbers of a right option stand in a text, one after the other."""
    if not isinstance(question.body, Choice):
        return False
    said = _NUMBERS.findall(text)
    for option in question.body.options:
        numbers = _NUMBERS.findall(plain(option.prose))
        if option.mark is not Mark.RIGHT or len("".join(numbers)) < _FEWEST_DIGITS:
            continue
        size = len(numbers)
        if any(said[at : at + size] == numbers for at in range(len(said) - size + 1)):
            return True
    return False


def _split_last_sentence(prose: Prose) -> tuple[Prose, Prose]:
    """The setting, and the sentence at the end that asks; nothing if there is only one."""
    if not prose or not isinstance(prose[-1], Paragraph):
        return (), ()
    line = prose[-1].line
    for place in range(len(line) - 1, -1, -1):
        part = line[place]
        edges = list(_SENTENCE_END.finditer(part.text)) if isinstance(part, Text) else []
        if edges and isinstance(part, Text):
            edge = edges[-1]
            head: tuple[Inline, ...] = (*line[:place], Text(part.text[: edge.start()], part.style))
            tail: tuple[Inline, ...] = (
                Text(part.text[edge.end() :], part.style),
                *line[place + 1 :],
            )
            return (*prose[:-1], Paragraph(head)), (Paragraph(tail),)
    return (prose[:-1], (prose[-1],)) if len(prose) > 1 else ((), ())


def _without_clause(prose: Prose, clause: str) -> Prose:
    """The prose without its first words, and a capital letter at its new beginning."""
    first = prose[0]
    if not isinstance(first, Paragraph):
        return prose
    left = len(clause)
    line = list(first.line)
    while line and left > 0:
        part = line[0]
        length = len(part.latex) + 2 if isinstance(part, Formula) else len(part.text)
        if length > left and isinstance(part, Text):
            line[0] = Text(part.text[left:], part.style)
            break
        left -= length
        line.pop(0)
    if line and isinstance(line[0], Text):
        text = line[0].text.lstrip()
        line[0] = Text(text[:1].upper() + text[1:], line[0].style)
    return (Paragraph(tuple(line)), *prose[1:])
