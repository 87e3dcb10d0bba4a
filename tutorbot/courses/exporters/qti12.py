"""A package of QTI 1.2, as Canvas imports it under "QTI .zip file"."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from html import escape
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tutorbot.core.course import Choice, Course, Mark, Partial, Question
from tutorbot.core.prose import Prose
from tutorbot.courses.exporters.exported import Exported
from tutorbot.courses.exporters.flat import Flat, Key, Remarks, decimal, flattened
from tutorbot.courses.exporters.html import pictures_in, to_html

_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_CP = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
_FILE_BASE = "$IMS-CC-FILEBASE$/pictures/"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same course gives the same bytes
_PLACE = "response1"
_KINDS = {"text": "short_answer_question", "number": "numerical_question"}


def export(course: Course, pictures: Mapping[str, bytes]) -> Exported:
    """The package; of the variants of a question, and of a pool, Canvas draws for each learner."""
    remarks = Remarks()
    flats = flattened(course, remarks)
    quiz = f"quiz-{course.id}"
    used = {
        picture.file: pictures[picture.file]
        for flat in flats
        for prose in _proses(flat.question)
        for picture in pictures_in(prose)
        if picture.file in pictures
    }
    root = Element("questestinterop", xmlns=_QTI)
    assessment = SubElement(root, "assessment", ident=quiz, title=course.title)
    assessment.set("xml:lang", course.lang)
    section = SubElement(assessment, "section", ident="root_section")
    for group in _groups(course, flats):
        _write_group(section, course, group, _Writer(pictures, remarks))
    members = {
        "imsmanifest.xml": _manifest(quiz, used),
        f"{quiz}/assessment_meta.xml": _meta(quiz, course),
        f"{quiz}/{quiz}.xml": _xml(root),
        **{f"pictures/{name}": content for name, content in used.items()},
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression=zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, content)
    return Exported(name=f"{course.id}.qti.zip", content=stream.getvalue(), remarks=remarks.all())


def _groups(course: Course, flats: Sequence[Flat]) -> Iterator[list[Flat]]:
    """What stands together: the questions of a pool, the variants of one, or a single question."""
    pools = {name: pool.id for pool in course.pools for name in pool.questions}
    groups: dict[str, list[Flat]] = {}
    for flat in flats:
        groups.setdefault(pools.get(flat.origin) or f"question {flat.origin}", []).append(flat)
    yield from groups.values()


def _write_group(
    section: Element, course: Course, flats: Sequence[Flat], writer: "_Writer"
) -> None:
    pool = next((each for each in course.pools if flats[0].origin in each.questions), None)
    pick = pool.pick if pool else 1
    if not pool and len(flats) == 1:
        section.append(writer.item(flats[0]))
        return
    title = pool.id if pool else flats[0].origin
    if pool and len({flat.origin for flat in flats}) < len(flats):
        writer.remarks.say(pool.id, "Several variants of one question may be drawn from the pool.")
    points = {flat.question.points for flat in flats}
    if len(points) > 1:
        writer.remarks.say(title, "All questions that are drawn give the points of the first.")
    group = SubElement(section, "section", ident=f"group-{title}", title=title)
    selection = SubElement(SubElement(group, "selection_ordering"), "selection")
    SubElement(selection, "selection_number").text = str(pick)
    extension = SubElement(selection, "selection_extension")
    SubElement(extension, "points_per_item").text = decimal(flats[0].question.points)
    for flat in flats:
        group.append(writer.item(flat))


class _Writer:
    def __init__(self, pictures: Mapping[str, bytes], remarks: Remarks) -> None:
        self._pictures, self.remarks = pictures, remarks
        self._origin = ""

    def item(self, flat: Flat) -> Element:
        question, self._origin = flat.question, flat.origin
        item = Element("item", ident=question.id, title=question.title)
        body = question.body
        if isinstance(body, Choice):
            kind = "multiple_answers_question" if body.several else "multiple_choice_question"
        else:
            kind = _KINDS["text" if flat.key is None or flat.key.kind.value == "text" else "number"]
        self._labels(item, kind, question)
        presentation = SubElement(item, "presentation")
        self._material(presentation, question.prose)
        processing = Element("resprocessing")
        outcomes = SubElement(processing, "outcomes")
        SubElement(
            outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal"
        )
        feedback: dict[str, Prose] = {}
        if question.solution:
            feedback["general_fb"] = question.solution
            _condition(processing, [Element("other")], feedback="general_fb")
        if isinstance(body, Choice):
            self._choice(presentation, processing, body, feedback)
        elif flat.key:
            self._typed(presentation, processing, flat.key, feedback)
        item.append(processing)
        for ident, prose in feedback.items():
            flow = SubElement(SubElement(item, "itemfeedback", ident=ident), "flow_mat")
            self._material(flow, prose)
        self._hints(item, question)
        return item

    def _labels(self, item: Element, kind: str, question: Question) -> None:
        metadata = SubElement(SubElement(item, "itemmetadata"), "qtimetadata")
        labels = {"question_type": kind, "points_possible": decimal(question.points)}
        for label, entry in labels.items():
            found = SubElement(metadata, "qtimetadatafield")
            SubElement(found, "fieldlabel").text = label
            SubElement(found, "fieldentry").text = entry
        if question.skills:
            self._say("The skills are not carried.")

    def _hints(self, item: Element, question: Question) -> None:
        proses = [hint.prose for hint in question.help]
        if proses:
            self._say("Hints are in the package, but Canvas does not show them.")
        if any(hint.cost for hint in question.hints):
            self._say("What hints cost is not carried.")
        for place, prose in enumerate(proses, start=1):
            found = SubElement(item, "itemfeedback", ident=f"hint_{place}")
            self._material(SubElement(SubElement(found, "hint"), "hintmaterial"), prose)

    def _choice(
        self,
        presentation: Element,
        processing: Element,
        choice: Choice,
        feedback: dict[str, Prose],
    ) -> None:
        cardinality = "Multiple" if choice.several else "Single"
        place = SubElement(presentation, "response_lid", ident=_PLACE, rcardinality=cardinality)
        shuffle = "Yes" if choice.shuffled else "No"
        render = SubElement(place, "render_choice", shuffle=shuffle)
        for option in choice.options:
            self._material(SubElement(render, "response_label", ident=option.id), option.prose)
            if option.feedback:
                ident = f"{option.id}_fb"
                feedback[ident] = option.feedback
                _condition(processing, [_equal(option.id)], feedback=ident)
        right = [each.id for each in choice.options if each.mark is Mark.RIGHT]
        wrong = [each.id for each in choice.options if each.mark is Mark.WRONG]
        if any(each.pinned for each in choice.options) and choice.shuffled:
            self._say("Options that stay in their place are shuffled like the others.")
        if any(each.mark is Mark.UNSCORED for each in choice.options):
            self._say("Canvas counts options that are not scored as wrong ones.")
        if any(each.tag for each in choice.options):
            self._say("The misconceptions of options and answers are not named.")
        if not choice.several:
            for ident in right:
                _condition(processing, [_equal(ident)], score=100)
            return
        if choice.partial is not Partial.ALL_OR_NOTHING:
            self._say("What ticks that are right in part are worth is for Canvas to say.")
        both = Element("and")
        both.extend(_equal(each) for each in right)
        for each in wrong:
            SubElement(both, "not").append(_equal(each))
        _condition(processing, [both], score=100)

    def _typed(
        self, presentation: Element, processing: Element, key: Key, feedback: dict[str, Prose]
    ) -> None:
        is_number = key.kind.value != "text"
        place = SubElement(presentation, "response_str", ident=_PLACE, rcardinality="Single")
        render = SubElement(place, "render_fib", {"fibtype": "Decimal"} if is_number else {})
        SubElement(render, "response_label", ident="answer1", rshuffle="No")
        if key.unit:
            self._say("The unit is not asked for.")
        for number, line in enumerate((*key.right, *key.wrong), start=1):
            if line.feedback:
                ident = f"answer{number}_fb"
                feedback[ident] = line.feedback
                _condition(processing, [_equal(line.text)], feedback=ident)
        if not is_number:
            _condition(processing, [_equal(line.text) for line in key.right], score=100)
            return
        for line in key.right:
            value = line.value or Fraction(0)
            margin = abs(value) * key.tolerance
            either = Element("or")
            either.append(_equal(line.text))
            between = SubElement(either, "and")
            for tag, bound in (("vargte", value - margin), ("varlte", value + margin)):
                SubElement(between, tag, respident=_PLACE).text = decimal(bound)
            _condition(processing, [either], score=100)

    def _material(self, parent: Element, prose: Prose) -> None:
        for picture in pictures_in(prose):
            if picture.file not in self._pictures:
                self._say(f"The picture {picture.file} is missing.")
        material = SubElement(parent, "material")
        html = to_html(prose, _equation, lambda it: _FILE_BASE + quote(it.file))
        SubElement(material, "mattext", texttype="text/html").text = html

    def _say(self, what: str) -> None:
        self.remarks.say(self._origin, what)


def _equation(latex: str, display: bool) -> str:
    """Canvas shows LaTeX as a picture that its server draws, and knows it by these attributes."""
    text = escape(latex)
    image = (
        f'<img class="equation_image" title="{text}" src="/equation_images/{quote(quote(latex))}" '
        f'alt="LaTeX: {text}" data-equation-content="{text}">'
    )
    return f'<span style="display: block; text-align: center">{image}</span>' if display else image


def _equal(text: str) -> Element:
    element = Element("varequal", respident=_PLACE)
    element.text = text
    return element


def _condition(
    processing: Element, tests: Iterable[Element], *, score: int = 0, feedback: str = ""
) -> None:
    condition = SubElement(processing, "respcondition", {"continue": "No" if score else "Yes"})
    SubElement(condition, "conditionvar").extend(tests)
    if score:
        SubElement(condition, "setvar", action="Set", varname="SCORE").text = str(score)
    if feedback:
        SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=feedback)


def _meta(quiz: str, course: Course) -> bytes:
    root = Element("quiz", xmlns=_CANVAS, identifier=quiz)
    SubElement(root, "title").text = course.title
    SubElement(root, "description").text = to_html(course.about, _equation, lambda it: it.file)
    shuffled = [each.body.shuffled for each in course.questions if isinstance(each.body, Choice)]
    SubElement(root, "shuffle_answers").text = str(any(shuffled)).casefold()
    SubElement(root, "quiz_type").text = "practice_quiz"
    return _xml(root)


def _manifest(quiz: str, pictures: Iterable[str]) -> bytes:
    root = Element("manifest", xmlns=_CP, identifier=f"manifest-{quiz}")
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "IMS Content"
    SubElement(metadata, "schemaversion").text = "1.1.3"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    resource = SubElement(resources, "resource", identifier=quiz, type="imsqti_xmlv1p2")
    SubElement(resource, "file", href=f"{quiz}/{quiz}.xml")
    SubElement(resource, "dependency", identifierref=f"meta-{quiz}")
    meta = f"{quiz}/assessment_meta.xml"
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    settings = SubElement(resources, "resource", identifier=f"meta-{quiz}", type=kind, href=meta)
    SubElement(settings, "file", href=meta)
    for name in pictures:
        href = f"pictures/{name}"
        picture = SubElement(
            resources, "resource", identifier=f"picture-{name}", type="webcontent", href=href
        )
        SubElement(picture, "file", href=href)
    return _xml(root)


def _xml(root: Element) -> bytes:
    indent(root, space=" ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")


def _proses(question: Question) -> Iterator[Prose]:
    yield from (question.prose, question.solution, question.worked)
    yield from (hint.prose for hint in question.hints)
    if isinstance(question.body, Choice):
        yield from (each.prose for each in question.body.options)
        yield from (each.feedback for each in question.body.options)
    else:
        yield from (each.feedback for each in (*question.body.accepted, *question.body.mistaken))
