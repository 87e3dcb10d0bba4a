"""Moodle's GIFT: questions as plain text, with the answers between braces."""

import re
from dataclasses import replace
from fractions import Fraction

from tutorbot.core.course import Choice, Mark, Option, Question, Section, Typed
from tutorbot.core.ids import QuestionId
from tutorbot.core.prose import Prose, words
from tutorbot.courses.importers.gathering import (
    Gathering,
    Read,
    number,
    one_line,
    options,
    plain_html,
    slug,
    title_of,
)
from tutorbot.courses.importers.gift_cells import Raw, aside, items, shown
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.keyed import Answer, number_key, text_key
from tutorbot.courses.importers.markdown import html_of
from tutorbot.courses.importers.weights import Marks, one_right, several_right, simple
from tutorbot.courses.prose import plain

LARGEST_TEXT = 2_000_000
"""In characters."""
MOST_QUESTIONS = 5_000

_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#|$)", re.IGNORECASE)
_SHARE = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,10})?)%")
_RANGE = re.compile(r"\s*(\S+?)\s*\.\.\s*(\S+)\s*$")
_BOTH = re.compile(r"(?=[~=])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_PLACES = re.compile(r"^\$(?:course|module|system|cat|category)\w*\$/?(?:top/?)?", re.IGNORECASE)


def read(text: str, name: str, read_picture: Read = lambda _: None) -> Imported | NotImported:
    """The course in a GIFT file called ``name``; ``read_picture`` finds files beside it."""
    if len(text) > LARGEST_TEXT:
        return NotImported(
            what=f"The file has {len(text):,} characters; split it, {LARGEST_TEXT:,} can be read."
        )
    reader = _Reader(Gathering(name=name), read_picture)
    for raw in items(_UNSEEN.sub("", text)):
        reader.read(raw)
        if len(reader.gathering.questions) > MOST_QUESTIONS:
            return NotImported(
                what=f"The file has over {MOST_QUESTIONS:,} questions; split it into several."
            )
    if not reader.gathering.questions:
        return NotImported(what="There is no question with an answer in braces, so it is no GIFT.")
    return reader.imported()


class _Reader:
    def __init__(self, gathering: Gathering, read_picture: Read) -> None:
        self.gathering = gathering
        self._read_picture = read_picture
        self._where = ""
        self._format = "moodle"
        self._parts = list[tuple[str, list[QuestionId]]]()
        self._stem: tuple[str, Prose] | None = None

    def imported(self) -> Imported:
        imported = self.gathering.imported()
        if any(title for title, _ in self._parts) and not any(
            question.group for question in imported.course
        ):
            sections = tuple(
                Section(title=title, questions=tuple(ids))
                for title, ids in self._parts
                if title and ids
            )
            imported = replace(imported, course=replace(imported.course, sections=sections))
        return imported

    def read(self, raw: Raw) -> None:
        if raw.category is not None:
            self._enter(raw.category, raw.line)
            return
        text = aside(raw.text)
        title = ""
        if found := _TITLE.match(text):
            title, text = one_line(shown(found[1])), text[found.end() :]
        self._where = f"“{one_line(title, 40)}”, line {raw.line}" if title else f"line {raw.line}"
        self._format = "moodle"
        if found := _FORMAT.match(text):
            self._format, text = found[1].casefold(), text[found.end() :]
        start, end = text.find("{"), text.rfind("}")
        if start < 0 or end < start:
            self._describe(text, braces=start >= 0 or end >= 0)
            return
        block = text[start + 1 : end]
        if "}" in block and "{" in block:
            what = (
                "There are several answers in braces; the first was read, and the rest stays out."
            )
            close = text.find("}", start)
            self._note(Weight.LOST, what, shown(text[close + 1 :]))
            block, end = text[start + 1 : close], close
        self._ask(raw, title, text[:start], block, text[end + 1 :])

    def _enter(self, path: str, line: int) -> None:
        names = [part for part in _PLACES.sub("", path).split("/") if part and part != "top"]
        title = one_line(names[-1].removeprefix("Default for ")) if names else ""
        if len(names) > 1:
            self.gathering.remark(
                Weight.CHANGED, f"line {line}", "Of a category, only its last name was kept.", path
            )
        self._parts.append((title, []))
        self._stem = None

    def _describe(self, text: str, *, braces: bool) -> None:
        if braces:
            self._note(Weight.LOST, "A brace has no partner, so this cannot be read.", shown(text))
            return
        prose = self._prose(text)
        if not prose:
            return
        self._note(
            Weight.DOUBT,
            "This text asks nothing; it was taken for a stem of the questions after it.",
            plain(prose),
        )
        self._stem = (self.gathering.claim(title_of(prose) or "stem"), prose)

    def _ask(self, raw: Raw, title: str, before: str, block: str, after: str) -> None:
        answers, _, general = block.partition("####")
        if after.strip():
            before = f"{before.rstrip()} _____ {after.lstrip()}"
            self._format = "html" if self._format == "moodle" else self._format
        prose = self._prose(
            before.replace("_____", r"\_\_\_\_\_") if self._format == "markdown" else before
        )
        solution = self._prose(general)
        bare = answers.strip()
        if not bare:
            self._note(
                Weight.LOST,
                "An essay has no key that a machine could hold, so it stays out.",
                plain(prose),
            )
            if solution:
                self._note(Weight.LOST, "Its general feedback stays out too.", plain(solution))
            return
        if "->" in bare and "~" not in bare and "=" in bare:
            self._match(raw, title, prose, solution, bare)
            return
        self._keep(raw, title, prose, self._body(bare), solution)

    def _body(self, answers: str) -> Choice | Typed:
        if answers.startswith("#"):
            return self._numerical(answers[1:])
        if found := _TRUTH.match(answers):
            return self._truth(found[1].upper().startswith("T"), answers[found.end(1) :])
        if "~" in answers:
            return self._choice(answers)
        given = self._split(answers)
        if not given:
            self._note(
                Weight.DOUBT,
                "The answer has no = before it; it was taken for a right one.",
                shown(answers),
            )
            given = [("=", answers)]
        return text_key(
            [self._answer(sign, each) for sign, each in given], self._where, self.gathering
        )

    def _keep(
        self, raw: Raw, title: str, prose: Prose, body: Choice | Typed, solution: Prose = ()
    ) -> None:
        if not prose:
            self._note(Weight.MISSING, "This question asks nothing.")
        question_id = self.gathering.question_id(raw.id, title, title_of(prose))
        tags = [slug(tag) for tag in raw.tags]
        self.gathering.questions.append(
            Question(
                id=question_id,
                title=title or title_of(prose) or question_id,
                prose=prose,
                body=body,
                solution=solution,
                skills=tuple(dict.fromkeys(tag for tag in tags if tag)),
                group=self._stem[0] if self._stem else None,
                stem=self._stem[1] if self._stem else (),
            )
        )
        if not self._parts:
            self._parts.append(("", []))
        self._parts[-1][1].append(question_id)

    # Kinds of answers

    def _choice(self, answers: str) -> Choice:
        given = self._split(answers)
        several = not any(sign == "=" for sign, _ in given)
        drafts: list[tuple[Prose, Prose]] = []
        shares: list[Fraction] = []
        for sign, text in given:
            share, text, feedback = self._taken_apart(sign, text)  # noqa: PLW2901 -- its parts
            drafts.append((self._prose(text), feedback))
            shares.append(share)
        marks = several_right(shares) if several else one_right(shares)
        self._tell(marks)
        made = options(
            (prose, mark, feedback)
            for (prose, feedback), mark in zip(drafts, marks.marks, strict=True)
        )
        right = sum(mark is Mark.RIGHT for mark in marks.marks)
        return Choice(options=made, several=several or right > 1, partial=marks.partial)

    def _truth(self, right: bool, rest: str) -> Choice:
        parts = rest.split("#")[1:]
        # The first feedback is for the wrong answer, the second for the right one.
        wrong_said = self._prose(parts[0]) if parts else ()
        right_said = self._prose(parts[1]) if len(parts) > 1 else ()
        made: tuple[Option, ...] = options(
            (
                (words(text),),
                Mark.RIGHT if is_true is right else Mark.WRONG,
                right_said if is_true is right else wrong_said,
            )
            for text, is_true in (("True", True), ("False", False))
        )
        return Choice(options=made, shuffled=False)

    def _numerical(self, answers: str) -> Typed:
        given = self._split(answers) if re.match(r"\s*[=~]", answers) else [("=", answers)]
        found: list[Answer] = []
        for sign, text in given:
            share, value, feedback = self._taken_apart(sign, text)
            answer = self._number(shown(value).strip())
            if answer is None:
                self._note(
                    Weight.LOST, "An answer is no number, so it stays out of the key.", shown(text)
                )
            else:
                found.append(replace(answer, share=share, feedback=feedback))
        return number_key(found, self._where, self.gathering)

    def _number(self, text: str) -> Answer | None:
        if text == "*":
            return Answer(text="*")
        if (ends := _RANGE.match(text)) and (low := number(ends[1])) is not None:
            high = number(ends[2])
            if high is None or high < low:
                return None
            return Answer(text=_decimal((low + high) / 2), tolerance=(high - low) / 2)
        value, _, tolerance = text.partition(":")
        if number(value) is None:
            return None
        return Answer(text=value.strip(), tolerance=abs(number(tolerance) or Fraction(0)))

    def _match(self, raw: Raw, title: str, prose: Prose, solution: Prose, answers: str) -> None:
        pairs: list[tuple[str, str]] = []
        for _, text in self._split(answers):
            asked, arrow, answer = text.partition("->")
            if arrow:
                pairs.append((asked.strip(), one_line(shown(answer), 500)))
            else:
                self._note(Weight.LOST, "A pair to match has no arrow.", shown(text))
        wanted = list(dict.fromkeys(answer for _, answer in pairs if answer))
        asked_pairs = [(asked, answer) for asked, answer in pairs if asked and answer]
        if len(wanted) < 2 or not asked_pairs:  # noqa: PLR2004 -- nothing to choose from
            self._note(Weight.LOST, "There are too few pairs to match.", shown(answers))
            return
        self._note(
            Weight.CHANGED, "Pairs to match became questions with options, under a shared stem."
        )
        outer = self._stem
        stem = (*(outer[1] if outer else ()), *prose)
        self._stem = (self.gathering.claim(title, title_of(prose), "match"), stem)
        for asked, answer in asked_pairs:
            made = options(
                (self._prose(each), Mark.RIGHT if each == answer else Mark.WRONG, ())
                for each in wanted
            )
            asked_prose = self._prose(asked)
            self._keep(
                replace(raw, id=""),
                title_of(asked_prose),
                asked_prose,
                Choice(options=made),
                solution,
            )
        self._stem = outer

    # Pieces

    def _split(self, answers: str) -> list[tuple[str, str]]:
        """Each answer with its sign; what stands before the first sign is told as lost."""
        pieces = _BOTH.split(answers)
        if pieces[0].strip() and not pieces[0].startswith(("~", "=")) and len(pieces) > 1:
            self._note(Weight.LOST, "These words stand before the first answer.", shown(pieces[0]))
        return [(piece[0], piece[1:]) for piece in pieces if piece.startswith(("~", "="))]

    def _taken_apart(self, sign: str, text: str) -> tuple[Fraction, str, Prose]:
        """The share of the marks, the answer, and what is said to who gives it."""
        share = Fraction(sign == "=")
        if found := _SHARE.match(text):
            share, text = simple(Fraction(found[1]) / 100), text[found.end() :]
        value, _, feedback = text.partition("#")
        return share, value, self._prose(feedback)

    def _answer(self, sign: str, text: str) -> Answer:
        share, value, feedback = self._taken_apart(sign, text)
        return Answer(text=" ".join(shown(value).split()), share=share, feedback=feedback)

    def _prose(self, text: str) -> Prose:
        form = self._format
        if found := _FORMAT.match(text):
            form, text = found[1].casefold(), text[found.end() :]
        text = shown(text.replace("\n", " ") if form in {"moodle", "plain"} else text).strip()
        if not text:
            return ()
        match form:
            case "plain":
                html = plain_html(text)
            case "markdown":
                html = html_of(text)
            case "moodle":
                html = text.replace("\n", "<br>")
            case _:
                html = text
        return self.gathering.prose(
            html, self._where, self._read_picture, dollars=form != "markdown"
        )

    def _tell(self, marks: Marks) -> None:
        for weight, what in marks.remarks:
            self._note(weight, what)

    def _note(self, weight: Weight, what: str, quote: str = "") -> None:
        self.gathering.remark(weight, self._where, what, quote)


def _decimal(fraction: Fraction) -> str:
    return f"{float(fraction):.12g}"
