"""Moodle XML: a question bank that Moodle imports as Moodle XML format."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tutorbot.core.course import Choice, Course, Mark, Option, Partial, Question
from tutorbot.core.prose import Prose
from tutorbot.courses.exporters.exported import Exported
from tutorbot.courses.exporters.flat import Flat, Key, Line, Remarks, decimal, flattened
from tutorbot.courses.exporters.html import mathjax, pictures_in, to_html

_FULL = 100
_KEPT_PLACES = 5  # Moodle knows a third as 33.33333
_UNIT_COUNTS = "2"  # a wrong unit costs a share of the response's marks
_AS_TYPED = "0"


def export(course: Course, pictures: Mapping[str, bytes]) -> Exported:
    """The bank, with each variant as a question and those of one question in one category."""
    remarks = Remarks()
    root = Element("quiz")
    for category, flats in _by_category(course, flattened(course, remarks), remarks):
        _category(root, category)
        for flat in flats:
            _Writer(root, pictures, remarks, flat).write()
    if course.about:
        remarks.say("the course", "The words about the course have no place.")
    indent(root, space=" ")
    content = b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")
    return Exported(name=f"{course.id}.moodle.xml", content=content, remarks=remarks.all())


def _by_category(
    course: Course, flats: Iterable[Flat], remarks: Remarks
) -> Iterator[tuple[tuple[str, ...], list[Flat]]]:
    """Questions that one is drawn from stand in a category of their own, where Moodle draws."""
    pools = {name: pool.id for pool in course.pools for name in pool.questions}
    for pool in course.pools:
        what = f"Draw {pool.pick} random questions of the category “{pool.id}” in the quiz."
        remarks.say(pool.id, what)
    groups: dict[tuple[str, ...], list[Flat]] = {}
    for flat in flats:
        below = pools.get(flat.origin) or (flat.origin if flat.question.id != flat.origin else None)
        title = course.title.replace("/", "//")
        groups.setdefault((title, below) if below else (title,), []).append(flat)
    yield from groups.items()


def _category(root: Element, path: tuple[str, ...]) -> None:
    category = SubElement(SubElement(root, "question", type="category"), "category")
    SubElement(category, "text").text = "/".join(("$course$", "top", *path))


class _Writer:
    def __init__(
        self, root: Element, pictures: Mapping[str, bytes], remarks: Remarks, flat: Flat
    ) -> None:
        self._root, self._pictures, self._remarks = root, pictures, remarks
        self._question: Question = flat.question
        self._key, self._origin = flat.key, flat.origin

    def write(self) -> None:
        question = self._question
        element = SubElement(self._root, "question", type=self._kind())
        SubElement(SubElement(element, "name"), "text").text = question.title
        self._text(element, "questiontext", question.prose)
        self._text(element, "generalfeedback", question.solution)
        SubElement(element, "defaultgrade").text = decimal(question.points)
        costs = {hint.cost for hint in question.hints}
        SubElement(element, "penalty").text = decimal(min(costs, default=Fraction(0)))
        if len(costs) > 1:
            self._say("All hints cost as much as the cheapest.")
        SubElement(element, "hidden").text = "0"
        SubElement(element, "idnumber").text = question.id
        if isinstance(question.body, Choice):
            self._choice(element, question.body)
        elif self._key:
            self._typed(element, self._key)
        for hint in question.hints:
            self._text(element, "hint", hint.prose)
        if question.worked:
            self._text(element, "hint", question.worked)
            self._say("The worked example became the last hint.")
        if question.skills:
            tags = SubElement(element, "tags")
            for skill in question.skills:
                SubElement(SubElement(tags, "tag"), "text").text = skill

    def _kind(self) -> str:
        if isinstance(self._question.body, Choice):
            return "multichoice"
        return "shortanswer" if not self._key or self._key.kind.value == "text" else "numerical"

    def _choice(self, element: Element, choice: Choice) -> None:
        SubElement(element, "single").text = str(not choice.several).casefold()
        SubElement(element, "shuffleanswers").text = str(choice.shuffled).casefold()
        SubElement(element, "answernumbering").text = "abc"
        if any(each.pinned for each in choice.options) and choice.shuffled:
            self._say("Options that stay in their place are shuffled like the others.")
        if any(each.mark is Mark.UNSCORED for each in choice.options):
            self._say("Options that are not scored count as wrong ones without cost.")
        if any(each.tag for each in choice.options):
            self._say("The misconceptions of options and answers are not named.")
        if choice.several and choice.partial is Partial.ALL_OR_NOTHING:
            self._say("Answers that are right in part get a part of the marks.")
        if choice.several and choice.partial is Partial.EACH_DECISION:
            self._say("Marks are given for right ticks, less wrong ones, not for each decision.")
        for option in choice.options:
            self._answer(element, _percent(option, choice), option.prose, option.feedback)

    def _typed(self, element: Element, key: Key) -> None:
        is_number = key.kind.value != "text"
        if not is_number:
            SubElement(element, "usecase").text = "0"
        for line, percent in (
            *((each, 100) for each in key.right),
            *((each, 0) for each in key.wrong),
        ):
            text = line.text if is_number else line.text.replace("*", r"\*")
            answer = SubElement(element, "answer", fraction=str(percent), format="plain_text")
            SubElement(answer, "text").text = text
            if is_number:
                SubElement(answer, "tolerance").text = _tolerance(line, key)
            self._text(answer, "feedback", line.feedback)
        if key.unit:
            unit = SubElement(SubElement(element, "units"), "unit")
            SubElement(unit, "multiplier").text = "1"
            SubElement(unit, "unit_name").text = key.unit
            SubElement(element, "unitgradingtype").text = _UNIT_COUNTS
            SubElement(element, "unitpenalty").text = "1"
            SubElement(element, "showunits").text = _AS_TYPED
            self._say("Only the unit of the key is right, not others of its dimension.")

    def _answer(self, element: Element, percent: str, prose: Prose, feedback: Prose) -> None:
        answer = self._text(element, "answer", prose)
        answer.set("fraction", percent)
        self._text(answer, "feedback", feedback)

    def _text(self, parent: Element, tag: str, prose: Prose) -> Element:
        element = SubElement(parent, tag, format="html")
        html = to_html(prose, mathjax, lambda it: f"@@PLUGINFILE@@/{it.file}")
        SubElement(element, "text").text = html
        for picture in pictures_in(prose):
            content = self._pictures.get(picture.file)
            if content is None:
                self._say(f"The picture {picture.file} is missing.")
                continue
            file = SubElement(element, "file", name=picture.file, path="/", encoding="base64")
            file.text = b64encode(content).decode()
        return element

    def _say(self, what: str) -> None:
        self._remarks.say(self._origin, what)


def _percent(option: Option, choice: Choice) -> str:
    """Moodle knows only certain shares; those of up to ten options are among them."""
    right = sum(each.mark is Mark.RIGHT for each in choice.options) or 1
    share = Fraction(_FULL, right) if choice.several else Fraction(_FULL)
    match option.mark:
        case Mark.RIGHT:
            return decimal(round(share, _KEPT_PLACES))
        case Mark.WRONG if choice.several:
            return decimal(-round(share, _KEPT_PLACES))
        case _:
            return "0"


def _tolerance(line: Line, key: Key) -> str:
    return decimal(abs(line.value or Fraction(0)) * key.tolerance)
