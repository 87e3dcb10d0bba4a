"""Items of QTI 1.2, as Canvas, text2qti and others write them."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element, tostring

from tutorbot.core.answers.judge import checked
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.course import (
    Choice,
    Expression,
    Hint,
    Kind,
    Mark,
    Question,
    Typed,
    Values,
)
from tutorbot.core.prose import Prose, words
from tutorbot.courses.importers.calculated import kept_variants, translated
from tutorbot.courses.importers.gathering import (
    Gathering,
    Read,
    number,
    one_line,
    options,
    own_id,
    plain_html,
    title_of,
)
from tutorbot.courses.importers.imported import Weight
from tutorbot.courses.importers.keyed import Answer, number_key, text_key
from tutorbot.courses.importers.packages import text_of
from tutorbot.courses.importers.qti12_scores import Conditions
from tutorbot.courses.importers.tried import Effort, try_options, try_texts

MOST_OPTIONS = 60

_NO_NAMES = frozenset({"", "question", "untitled", "item"})
_RESPONSES = frozenset(
    {"response_lid", "response_str", "response_num", "response_grp", "response_xy"}
)
_NUMERIC = frozenset({"decimal", "integer", "scientific"})
_GAP = "____"
_TOO_MUCH = "The rules of the file are too much work, so it stays out."
_UNANSWERABLE = {
    "essay_question": "An essay has no key that a machine could hold, so it stays out.",
    "file_upload_question": "A file to hand in has no key, so it stays out.",
    "text_only_question": "A text without a question stays out.",
}


class ItemReader:
    """Reads item after item into a gathering."""

    def __init__(
        self, gathering: Gathering, read: Read, effort: Effort, *, shuffled: bool | None
    ) -> None:
        self._gathering, self._read, self._shuffled = gathering, read, shuffled
        self._effort = effort
        self._number = 0
        self._where = ""

    def read(self, item: Element, points: Fraction | None = None) -> list[Question]:
        """The questions that an item becomes; none where it is lost, which is then said."""
        self._number += 1
        title = one_line(item.get("title") or "")
        title = "" if title.casefold() in _NO_NAMES else title
        self._where = f"item {self._number}" + (f" “{one_line(title, 40)}”" if title else "")
        labels = _labels(item)
        kind = labels.get("question_type", "")
        places = [each for each in item.iter() if each.tag in _RESPONSES]
        conditions = Conditions(item)
        if kind in _UNANSWERABLE or not places or not conditions.is_bounded:
            self._lose(item, _UNANSWERABLE.get(kind, "It has nothing to answer, so it stays out."))
            return []
        if points is None:
            points = number(labels.get("points_possible") or labels.get("qmd_weighting") or "")
        if points is not None and points <= 0:
            self._note(Weight.CHANGED, "It gives no points in the file; here it gives one.")
        points = points if points and points > 0 else Fraction(1)
        if kind == "calculated_question":
            return self._calculated(item, title, points)
        if len(places) > 1:
            return self._group(item, title, places, conditions, kind, points)
        body, feedback = self._body(item, places[0], conditions, kind)
        if body is None:
            return []
        return [self._question(item, title, self._html(item), body, feedback, points)]

    # One question

    def _question(
        self,
        item: Element,
        title: str,
        html: str,
        body: Choice | Typed,
        feedback: Sequence[str],
        points: Fraction,
        variants: tuple[Values, ...] = ((),),
    ) -> Question:
        names = [name for name, _ in variants[0]]
        prose = self._gathering.prose(html, self._where, self._read, names=names)
        title = title or title_of(prose) or f"Question {self._number}"
        return Question(
            id=self._gathering.question_id(own_id(item.get("ident")), title, "question"),
            title=title,
            prose=prose,
            body=body,
            hints=self._hints(item),
            solution=(*self._feedback(item, feedback), *self._solutions(item)),
            points=points,
            variants=variants,
        )

    def _body(
        self, item: Element, place: Element, conditions: Conditions, kind: str
    ) -> tuple[Choice | Typed | None, tuple[str, ...]]:
        """The answer that is asked for, and the feedback that is always shown."""
        if place.tag == "response_lid":
            return self._choice(item, place, conditions)
        ident = place.get("ident") or ""
        fib = next(iter(place.iter("render_fib")), None)
        numeric = place.tag == "response_num" or kind == "numerical_question"
        if fib is not None and (fib.get("fibtype") or "").casefold() in _NUMERIC:
            numeric = True
        if place.tag in {"response_xy", "response_grp"}:
            self._lose(item, "Pointing and arranging cannot be asked in a chat, so it stays out.")
            return None, ()
        if numeric:
            drafts = _numbers(conditions)
        else:
            drafts = {text: Fraction(0) for text in conditions.equals(ident)}
        if not drafts:
            self._lose(item, "It has no key that a machine could hold, so it stays out.")
            return None, ()
        if len(drafts) > MOST_OPTIONS:
            self._note(
                Weight.LOST, f"Only {MOST_OPTIONS} of its {len(drafts)} answers are carried."
            )
            drafts = dict(list(drafts.items())[:MOST_OPTIONS])
        if not self._effort.spend(conditions, len(drafts)):
            self._lose(item, _TOO_MUCH)
            return None, ()
        tried = try_texts(conditions, ident, drafts)
        answers = [
            Answer(text=text, share=share, feedback=self._feedback(item, told), tolerance=tolerance)
            for (text, tolerance), share, told in zip(
                drafts.items(), tried.shares, tried.told, strict=True
            )
        ]
        self._lose_feedback(item, tried.rest)
        key = number_key if numeric else text_key
        return key(answers, self._where, self._gathering), tried.always

    def _choice(
        self, item: Element, place: Element, conditions: Conditions
    ) -> tuple[Choice | None, tuple[str, ...]]:
        labels = list(place.iter("response_label"))
        if len(labels) > MOST_OPTIONS:
            self._lose(item, f"It has over {MOST_OPTIONS} options, so it stays out.")
            return None, ()
        ident = place.get("ident") or ""
        idents = [label.get("ident") or "" for label in labels]
        if not self._effort.spend(conditions, len(labels)):
            self._lose(item, _TOO_MUCH)
            return None, ()
        several = (place.get("rcardinality") or "Single").casefold() != "single"
        tried = try_options(conditions, ident, idents, several=several)
        marks = tried.marks
        self._lose_feedback(item, tried.rest)
        for weight, what in marks.remarks:
            if weight is Weight.CHANGED:
                self._gathering.often(weight, self._where, what)
            else:
                self._note(weight, what)
        render = next(iter(place.iter("render_choice")), None)
        shuffle = (render.get("shuffle") if render is not None else None) or ""
        return (
            Choice(
                options=options(
                    (
                        (self._prose(material_html(label)), mark, self._feedback(item, feedback))
                        for label, mark, feedback in zip(
                            labels, marks.marks, tried.told, strict=True
                        )
                    ),
                    wishes=[own_id(each) for each in idents],
                ),
                several=several,
                shuffled=shuffle.casefold() == "yes" if shuffle else bool(self._shuffled),
                partial=marks.partial,
            ),
            tried.always,
        )

    # Several places to answer

    def _group(
        self,
        item: Element,
        title: str,
        places: Sequence[Element],
        conditions: Conditions,
        kind: str,
        points: Fraction,
    ) -> list[Question]:
        html = self._html(item)
        asked: list[Prose] = []
        bodies: list[Choice | Typed] = []
        always: tuple[str, ...] = ()
        for count, place in enumerate(places, start=1):
            left = material_html(place, below=False)
            hole = f"[{re.sub('<[^<>]*>', '', left).strip()}]"
            body, shown = self._body(item, place, conditions, kind)
            if body is None:
                return []
            if kind == "fill_in_multiple_blanks_question" and isinstance(body, Choice):
                body = self._blank(place, body)
            is_gap = bool(left) and hole in html
            html = html.replace(hole, f"<b>({count})</b> {_GAP}") if is_gap else html
            asked.append(
                (words(f"What belongs into the gap ({count})?"),)
                if is_gap or not left
                else self._prose(left)
            )
            bodies.append(body)
            always = shown if count == 1 else tuple(each for each in always if each in shown)
        self._note(Weight.CHANGED, "Its parts became questions of their own, under a shared stem.")
        stem = self._prose(html)
        title = title or title_of(stem) or f"Question {self._number}"
        group = self._gathering.claim(own_id(item.get("ident")), title, "group")
        return [
            Question(
                id=self._gathering.question_id(f"{group}-{count}"),
                title=f"{title} ({count})",
                prose=prose,
                body=body,
                stem=stem,
                group=group if stem else None,
                hints=self._hints(item) if count == 1 else (),
                solution=self._feedback(item, always) if count == len(bodies) else (),
                points=points / len(bodies),
            )
            for count, (prose, body) in enumerate(zip(asked, bodies, strict=True), start=1)
        ]

    def _blank(self, place: Element, body: Choice) -> Typed:
        """Options of which the right ones are to be typed."""
        answers = [
            Answer(
                text=text_of(label),
                share=Fraction(option.mark is Mark.RIGHT),
                feedback=option.feedback,
            )
            for label, option in zip(place.iter("response_label"), body.options, strict=True)
        ]
        return text_key(answers, self._where, self._gathering)

    def _calculated(self, item: Element, title: str, points: Fraction) -> list[Question]:
        """A formula over variables in brackets, with sets of values that Canvas has drawn."""
        formulas = [text_of(each) for each in item.iter("formula")]
        names = list(dict.fromkeys(each.get("name") or "" for each in item.iterfind(".//vars/var")))
        key = translated(formulas[0], names) if len(formulas) == 1 else None
        sets = [
            {each.get("name") or "": number(each.text or "") for each in one.iter("var")}
            for one in item.iter("var_set")
        ]
        full = [tuple((name, one.get(name)) for name in names) for one in sets]
        values = [
            tuple((name, value) for name, value in each if value is not None) for each in full
        ]
        remarks: list[tuple[Weight, str]] = []
        variants = kept_variants([each for each in values if len(each) == len(names)], remarks)
        tolerance = number(text_of(next(iter(item.iter("answer_tolerance")), None)).rstrip("%"))
        if not key or not variants or not names:
            self._lose(item, "Its formula uses what a key cannot say, so it stays out.")
            return []
        if tolerance:
            what = "Its absolute tolerance became 1% of the answer: look at it."
            self._note(Weight.CHANGED, what, str(float(tolerance)))
        typed = Typed(
            kind=Kind.NUMBER,
            accepted=(Expression(text=key),),
            tolerance=Fraction(1, 100) if tolerance else None,
        )
        if checked(Asked(typed=typed, values=variants[0])):
            self._lose(item, "Its formula cannot be read, so it stays out.")
            return []
        for weight, what in remarks:
            self._note(weight, what)
        html = self._html(item)
        for name in names:
            html = html.replace(f"[{name}]", f"{{{{{name}}}}}")
        return [self._question(item, title, html, typed, (), points, variants)]

    # Texts

    def _html(self, item: Element) -> str:
        presentation = item.find("presentation")
        return "" if presentation is None else material_html(presentation, below=False)

    def _prose(self, html: str) -> Prose:
        return self._gathering.prose(html, self._where, self._read)

    def _feedback(self, item: Element, idents: Iterable[str]) -> Prose:
        found = {each.get("ident"): each for each in item.iter("itemfeedback")}
        wanted = [found[each] for each in idents if each in found]
        return tuple(
            block
            for each in wanted
            if each.find("solution") is None and each.find("hint") is None
            for block in self._prose(material_html(each))
        )

    def _solutions(self, item: Element) -> Prose:
        return tuple(
            block for each in item.iter("solution") for block in self._prose(material_html(each))
        )

    def _hints(self, item: Element) -> tuple[Hint, ...]:
        found = (self._prose(material_html(each)) for each in item.iter("hintmaterial"))
        return tuple(Hint(prose=prose) for prose in found if prose)

    # Remarks

    def _lose_feedback(self, item: Element, idents: Iterable[str]) -> None:
        if self._feedback(item, idents):
            what = "The feedback to all right or all wrong answers has no place."
            self._gathering.often(Weight.LOST, self._where, what)

    def _lose(self, item: Element, what: str) -> None:
        self._note(Weight.LOST, what, re.sub(r"<[^<>]*>", " ", self._html(item)[:2000]))

    def _note(self, weight: Weight, what: str, quote: str = "") -> None:
        self._gathering.remark(weight, self._where, what, quote)


def material_html(element: Element, *, below: bool = True) -> str:
    """The material of an element as HTML; ``below`` takes that of its places to answer along."""
    return "".join(_materials(element, below=below))


def _materials(element: Element, *, below: bool) -> Iterable[str]:
    for each in element:
        if each.tag == "mattext":
            yield _mattext(each)
        elif each.tag == "matimage":
            uri = (each.get("uri") or "").replace('"', "%22")
            yield f'<img src="{uri}" alt="">'
        elif each.tag == "matbreak":
            yield "<br>"
        elif below or not (each.tag in _RESPONSES or each.tag.startswith("render_")):
            yield from _materials(each, below=below)


def _mattext(element: Element) -> str:
    text = element.text or ""
    if len(element):
        return text + "".join(tostring(each, encoding="unicode") for each in element)
    form = element.get("texttype") or "text/plain"
    if form == "text/plain" and "</" not in text and "<br" not in text:
        return plain_html(text)
    return text


def _labels(item: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in item.iter("qtimetadatafield"):
        found[text_of(each, "fieldlabel")] = text_of(each, "fieldentry")
    for each in item.iterfind("itemmetadata/*"):
        if each.tag.startswith("qmd_"):
            found[each.tag] = text_of(each)
    return found


def _numbers(conditions: Conditions) -> dict[str, Fraction]:
    """The numbers that conditions name, each with how far an answer may be off."""
    found: dict[str, Fraction] = {}
    for text, low, high in conditions.ranges():
        value, shown = number(text), text
        if value is None:
            value = (low + high) / 2
            shown = str(int(value)) if value.denominator == 1 else repr(float(value))
        found.setdefault(shown, max(abs(high - value), abs(value - low)))
    return found
