"""Moodle XML, as the question bank of Moodle exports it.

The format is described at docs.moodle.org ("Moodle XML format"); elements that one version or
another leaves out have the meaning that Moodle's own import gives them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from markdown_it import MarkdownIt

from tutorbot.core.answers.units import NoUnit, read_unit
from tutorbot.core.course import Choice, Hint, Mark, Option, Question, Typed
from tutorbot.core.prose import Prose, words
from tutorbot.courses.importers.calculated import Formula, read_formula, with_parameters
from tutorbot.courses.importers.cloze import Gap, split_gaps
from tutorbot.courses.importers.gathering import (
    Gathering,
    Read,
    from_files,
    number,
    one_line,
    options,
    plain_html,
    slug,
    title_of,
    unpacked,
)
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.keyed import Answer, number_key, text_key
from tutorbot.courses.importers.packages import (
    LARGEST_PACKAGE,
    MOST_QUESTIONS,
    read_xml,
    text_of,
    too_large,
    too_many_questions,
)
from tutorbot.courses.importers.stack import describe_stack, read_stack
from tutorbot.courses.importers.weights import Marks, one_right, several_right, simple
from tutorbot.courses.prose import plain

_PLUGIN_FILE = "@@PLUGINFILE@@"
_OWN_WORDS = frozenset(
    {
        "",
        "your answer is correct.",
        "your answer is partially correct.",
        "your answer is incorrect.",
        "the correct answer is:",
    }
)
"""What Moodle fills in by itself and a bot says in its own way."""

_TOP = frozenset({"$course$", "$system$", "$module$", "$cat1$", "top", ""})
_RELATIVE = "1"
_UNIT_COUNTS = frozenset({"1", "2"})
_GAP = "____"
_STACK_PLACES = re.compile(r"\[\[(?:input|validation|feedback):\w{1,60}\]\]", re.ASCII)


def read(content: bytes, name: str) -> Imported | NotImported:
    """The course that a question bank makes; ``name`` is the name of the file."""
    if len(content) > LARGEST_PACKAGE:
        return too_large(content)
    root = read_xml(content)
    if isinstance(root, NotImported):
        return root
    if root.tag != "quiz":
        return NotImported(
            what="The XML is no question bank of Moodle: export it there as Moodle XML format."
        )
    questions = [each for each in root.iter("question") if each.get("type") != "category"]
    if len(questions) > MOST_QUESTIONS:
        return too_many_questions(len(questions))
    reader = _Reader(Gathering(name=name))
    for element in root.iter("question"):
        if element.get("type") == "category":
            reader.enter(element)
        else:
            reader.read(element)
    if not questions:
        return NotImported(what="The file has no question: export a category with questions.")
    return reader.gathering.imported(title=reader.title)


class _Reader:
    def __init__(self, gathering: Gathering) -> None:
        self.gathering = gathering
        self.title = ""
        self._category: tuple[str, ...] = ()
        self._number = 0
        self._where = ""

    def enter(self, element: Element) -> None:
        """A category, of which all questions after it are."""
        path = text_of(element, "category", "text") or text_of(element, "category")
        parts = [part.strip() for part in path.replace("//", "\x00").split("/")]
        parts = [part.replace("\x00", "/") for part in parts]
        names = [part for part in parts if part.casefold() not in _TOP]
        self._category = tuple(
            name.removeprefix("Default for ") if name.startswith("Default for ") else name
            for name in names
        )
        if self._category and not self.title:
            self.title = self._category[0]
        if text_of(element, "info", "text"):
            self.gathering.often(
                Weight.LOST, f"category “{one_line(path, 60)}”", "Its description has no place."
            )

    def read(self, element: Element) -> None:
        self._number += 1
        title = one_line(text_of(element, "name", "text") or text_of(element, "name"))
        self._where = f"question {self._number}" + (f" “{one_line(title, 40)}”" if title else "")
        if text_of(element, "hidden") == "1":
            self._note(Weight.DOUBT, "It is hidden in Moodle, so someone took it out of use.")
        kind = element.get("type") or ""
        match kind:
            case "multichoice" | "truefalse":
                self._keep(element, title, self._choice(element))
            case "shortanswer":
                self._keep(element, title, self._short_answer(element))
            case "numerical":
                self._keep(element, title, self._numerical(element))
            case "calculated" | "calculatedsimple":
                self._calculated(element, title)
            case "matching" | "match":
                self._matching(element, title)
            case "cloze" | "multianswer":
                self._cloze(element, title)
            case "stack":
                self._stack(element, title)
            case _:
                self._lose(element, kind)

    # What all questions have

    def _keep(
        self, element: Element, title: str, body: Choice | Typed, *, names: Sequence[str] = ()
    ) -> Question:
        prose = self._prose(element.find("questiontext"), names=names)
        if not title:
            title = title_of(prose) or f"Question {self._number}"
        question = Question(
            id=self.gathering.question_id(text_of(element, "idnumber"), title, "question"),
            title=title,
            prose=prose,
            body=self._with_common_feedback(element, body),
            hints=self._hints(element),
            solution=self._prose(element.find("generalfeedback"), names=names),
            skills=self._skills(element),
            points=self._points(element),
        )
        if element.find("image_base64") is not None or text_of(element, "image"):
            self._note(Weight.LOST, "A picture of an old Moodle stays out: put it into the text.")
        self.gathering.questions.append(question)
        return question

    def _points(self, element: Element) -> Fraction:
        text = text_of(element, "defaultgrade")
        points = number(text) if text else Fraction(1)
        if points is None or points <= 0:
            self._note(Weight.CHANGED, "It gives no points in the file; here it gives one.")
            return Fraction(1)
        return simple(points)

    def _hints(self, element: Element) -> tuple[Hint, ...]:
        penalty = simple(number(text_of(element, "penalty")) or Fraction(0))
        cost = min(max(penalty, Fraction(0)), Fraction(1))
        found = (self._prose(each) for each in element.findall("hint"))
        hints = tuple(Hint(prose=prose, cost=cost) for prose in found if prose)
        if cost and hints:
            self.gathering.often(
                Weight.CHANGED,
                self._where,
                "A wrong try cost a share of the points; now opening a hint does.",
            )
        return hints

    def _skills(self, element: Element) -> tuple[str, ...]:
        tags = [text_of(each) for each in element.iterfind("tags/tag")]
        # The outermost category names the course.
        skills = [slug(each) for each in (*self._category[1:][-1:], *tags)]
        if any(skills):
            what = "The category and the tags became skills."
            self.gathering.often(Weight.CHANGED, self._where, what)
        return tuple(dict.fromkeys(each for each in skills if each))

    def _with_common_feedback(self, element: Element, body: Choice | Typed) -> Choice | Typed:
        """What is said to any right and any wrong answer goes to each of them."""
        right = self._own_words(element, "correctfeedback")
        wrong = self._own_words(element, "incorrectfeedback")
        if self._own_words(element, "partiallycorrectfeedback"):
            what = "The feedback to answers that are right in part has no place."
            self.gathering.often(Weight.LOST, self._where, what)
        if isinstance(body, Choice) and not body.several:

            def told(option: Option) -> Option:
                common = right if option.mark is Mark.RIGHT else wrong
                return replace(option, feedback=(*option.feedback, *common))

            return replace(body, options=tuple(map(told, body.options)))
        if right or wrong:
            what = "The feedback to all right or all wrong answers has no place."
            self.gathering.often(Weight.LOST, self._where, what)
        return body

    def _own_words(self, element: Element, tag: str) -> Prose:
        if " ".join(text_of(element, tag, "text").split()).casefold() in _OWN_WORDS:
            return ()
        prose = self._prose(element.find(tag))
        said = " ".join(plain(prose).split()).casefold()
        return () if said in _OWN_WORDS else prose

    def _prose(self, element: Element | None, *, names: Sequence[str] = ()) -> Prose:
        if element is None:
            return ()
        text = _STACK_PLACES.sub("", text_of(element, "text"))
        html = _as_html(text, element.get("format") or "")
        if names:
            html = with_parameters(html, names)
        return self.gathering.prose(html, self._where, _files(element), names=names)

    # Kinds of questions

    def _choice(self, element: Element) -> Choice:
        answers = element.findall("answer")
        shares = [_share(answer) for answer in answers]
        is_true_false = element.get("type") == "truefalse"
        single = is_true_false or text_of(element, "single") not in {"false", "0"}
        marks = one_right(shares) if single else several_right(shares)
        self._tell(marks)
        proses = [
            (words(text_of(each, "text").capitalize()),) if is_true_false else self._prose(each)
            for each in answers
        ]
        feedback = [self._prose(each.find("feedback")) for each in answers]
        order = text_of(element, "shuffleanswers")
        return Choice(
            options=options(zip(proses, marks.marks, feedback, strict=True)),
            several=not single,
            shuffled=not is_true_false and order not in {"false", "0"},
            partial=marks.partial,
        )

    def _answers(self, element: Element, *, names: Sequence[str] = ()) -> list[Answer]:
        found: list[Answer] = []
        for answer in element.findall("answer"):
            tolerance = number(text_of(answer, "tolerance") or "0")
            if tolerance is None:
                self._note(Weight.LOST, "A tolerance is no number.", text_of(answer, "tolerance"))
            # Old versions keep the answer beside its tolerance, without an element of its own.
            text = text_of(answer, "text") or (answer.text or "").strip()
            found.append(
                Answer(
                    text=text,
                    share=_share(answer),
                    feedback=self._prose(answer.find("feedback"), names=names),
                    tolerance=abs(tolerance or Fraction(0)),
                )
            )
        return found

    def _short_answer(self, element: Element) -> Typed:
        if text_of(element, "usecase") == "1":
            what = "Capitals had to be right; here they do not matter."
            self.gathering.often(Weight.CHANGED, self._where, what)
        return text_key(self._answers(element), self._where, self.gathering, wild=True)

    def _numerical(self, element: Element) -> Typed:
        return number_key(
            self._answers(element), self._where, self.gathering, unit=self._unit(element)
        )

    def _unit(self, element: Element) -> str | None:
        units = element.findall("units/unit")
        base = [each for each in units if number(text_of(each, "multiplier")) == 1]
        unit = text_of((base or units)[0], "unit_name") if units else ""
        if not unit:
            return None
        if text_of(element, "unitgradingtype") not in _UNIT_COUNTS or not base:
            what = "A unit could be typed along; now the number alone is asked for."
            self._note(Weight.CHANGED, what, unit)
            return None
        if isinstance(read_unit(unit), NoUnit):
            self._note(
                Weight.LOST, "The unit is not known, so the number alone is asked for.", unit
            )
            return None
        if text_of(element, "unitgradingtype") == _RELATIVE:
            what = "A wrong unit cost a part of the marks; now it is wrong."
            self.gathering.often(Weight.CHANGED, self._where, what)
        return unit

    def _calculated(self, element: Element, title: str) -> None:
        read = read_formula(element)
        if not isinstance(read, Formula):
            self._lose(element, "calculated", read)
            return
        for weight, what in read.remarks:
            self._note(weight, what)
        drafts = self._answers(element, names=read.names)
        right = [draft for draft in drafts if draft.is_right]
        if not right or "*" in {draft.text for draft in drafts}:
            self._note(Weight.DOUBT, "Not every line of its key could be carried.")
        question = self._keep(element, title, read.typed, names=read.names)
        feedback = dict(
            zip((each.text for each in drafts), (d.feedback for d in drafts), strict=True)
        )

        def told(key: Typed) -> Typed:
            lines = [
                replace(line, feedback=feedback.get(source, ()))
                for line, source in zip((*key.accepted, *key.mistaken), read.sources, strict=True)
            ]
            count = len(key.accepted)
            return replace(key, accepted=tuple(lines[:count]), mistaken=tuple(lines[count:]))

        self.gathering.questions[-1] = replace(
            question, variants=read.variants, body=told(read.typed)
        )

    def _matching(self, element: Element, title: str) -> None:
        pairs = [
            (self._prose(each), text_of(each, "answer", "text"))
            for each in element.findall("subquestion")
        ]
        answers = list(dict.fromkeys(answer for _, answer in pairs if answer))
        asked = [(prose, answer) for prose, answer in pairs if prose and answer]
        if not asked:
            self._lose(element, "matching")
            return
        self._note(
            Weight.CHANGED, "Pairs to match became questions with options, under a shared stem."
        )
        bodies = [
            Choice(
                options=options(
                    (
                        self.gathering.prose(plain_html(each), self._where),
                        Mark.RIGHT if each == answer else Mark.WRONG,
                        (),
                    )
                    for each in answers
                ),
                shuffled=text_of(element, "shuffleanswers") not in {"false", "0"},
            )
            for _, answer in asked
        ]
        stem = self._prose(element.find("questiontext"))
        self._keep_group(element, title, stem, [prose for prose, _ in asked], bodies)

    def _cloze(self, element: Element, title: str) -> None:
        text = text_of(element, "questiontext", "text")
        pieces = split_gaps(text)
        gaps = [piece for piece in pieces if isinstance(piece, Gap)]
        if not gaps:
            self._lose(element, "cloze")
            return
        bodies = [self._gap(gap) for gap in gaps]
        number_of = {id(gap): place for place, gap in enumerate(gaps, start=1)}
        alone = len(gaps) == 1
        html = "".join(
            piece
            if isinstance(piece, str)
            else (_GAP if alone else f"<b>({number_of[id(piece)]})</b> {_GAP}")
            for piece in pieces
        )
        source = element.find("questiontext")
        read = _files(source) if source is not None else from_files({})
        stem = self.gathering.prose(html, self._where, read)
        if alone:
            question = self._keep(element, title, bodies[0])
            self.gathering.questions[-1] = replace(question, prose=stem)
            return
        self._note(Weight.CHANGED, "The gaps became questions of their own, under a shared stem.")
        asked = [(words(f"What belongs into the gap ({place})?"),) for place in number_of.values()]
        self._keep_group(element, title, stem, asked, bodies)

    def _gap(self, gap: Gap) -> Choice | Typed:
        answers = [
            Answer(
                text=each.text,
                share=each.share,
                feedback=self.gathering.prose(each.feedback, self._where),
                tolerance=each.tolerance,
            )
            for each in gap.answers
        ]
        match gap.kind:
            case "text":
                return text_key(answers, self._where, self.gathering, wild=True)
            case "number":
                return number_key(answers, self._where, self.gathering)
            case _:
                shares = [each.share for each in answers]
                marks = several_right(shares) if gap.several else one_right(shares)
                self._tell(marks)
                proses = [self.gathering.prose(each.text, self._where) for each in answers]
                feedback = [each.feedback for each in answers]
                return Choice(
                    options=options(zip(proses, marks.marks, feedback, strict=True)),
                    several=gap.several,
                    shuffled=gap.shuffled,
                    partial=marks.partial,
                )

    def _keep_group(
        self,
        element: Element,
        title: str,
        stem: Prose,
        asked: Sequence[Prose],
        bodies: Sequence[Choice | Typed],
    ) -> None:
        """Several questions that one of the file became."""
        title = title or title_of(stem) or f"Question {self._number}"
        wish = text_of(element, "idnumber") or title
        group = self.gathering.claim(wish, "group")
        points = self._points(element)
        hints = self._hints(element)
        solution = self._prose(element.find("generalfeedback"))
        for place, (prose, body) in enumerate(zip(asked, bodies, strict=True), start=1):
            self.gathering.questions.append(
                Question(
                    id=self.gathering.question_id(f"{group}-{place}"),
                    title=f"{title} ({place})",
                    prose=prose,
                    body=body,
                    stem=stem,
                    hints=hints if place == 1 else (),
                    solution=solution if place == len(bodies) else (),
                    skills=self._skills(element),
                    group=group if stem else None,
                    points=points / len(bodies),
                )
            )

    def _stack(self, element: Element, title: str) -> None:
        typed = read_stack(element)
        if typed is None:
            what = "A STACK question needs its own grader. Ask for it anew with type: formula."
            self._note(Weight.LOST, what, describe_stack(element))
            return
        what = "A STACK question became a formula to type; its feedback tree stays out."
        self._note(Weight.CHANGED, what, describe_stack(element))
        self._keep(element, title, typed)

    def _lose(self, element: Element, kind: str, why: str = "") -> None:
        known = {
            "essay": "An essay has no key that a machine could hold, so it stays out.",
            "description": "A description asks nothing, so it stays out.",
            "random": "A random question names others of the bank, so it stays out.",
        }
        what = why or known.get(kind, f"A question of the kind “{kind[:40]}” stays out.")
        self._note(Weight.LOST, what, text_of(element, "questiontext", "text"))

    # Remarks

    def _tell(self, marks: Marks) -> None:
        for weight, what in marks.remarks:
            if weight is Weight.CHANGED:
                self.gathering.often(weight, self._where, what)
            else:
                self._note(weight, what)

    def _note(self, weight: Weight, what: str, quote: str = "") -> None:
        self.gathering.remark(weight, self._where, what, quote)


def _share(answer: Element) -> Fraction:
    """Of the marks; the file has it in percent."""
    return (number(answer.get("fraction") or "0") or Fraction(0)) / 100


def _files(element: Element) -> Read:
    """The pictures of a text, which stand beside it in base 64."""
    found = {
        file.get("name") or "": "".join((file.text or "").split()) for file in element.iter("file")
    }

    def read(address: str) -> bytes | None:
        if not address.startswith(_PLUGIN_FILE):
            return None
        packed = found.get(address.removeprefix(_PLUGIN_FILE).strip("/").rpartition("/")[2])
        return unpacked(packed) if packed else None

    return read


def _as_html(text: str, form: str) -> str:
    match form:
        case "plain_text":
            return plain_html(text)
        case "markdown":
            return MarkdownIt("commonmark", {"html": False}).render(text)
        case "moodle_auto_format":
            return text if "<p" in text or "<br" in text else text.replace("\n", "<br>")
        case _:
            return text
