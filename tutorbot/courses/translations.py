"""A translation of a course: the same ids in the same order, with the words in another language.

What is policy or key stands in the original alone. A translation may repeat it, and must then say
the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from tutorbot.core.course import Choice, Course, Expression, Hint, Option, Question, Section, Typed
from tutorbot.core.ids import OptionId
from tutorbot.core.prose import Prose
from tutorbot.courses.faults import Fault, Notebook, errors
from tutorbot.courses.lines import ExpressionLine, OptionLine
from tutorbot.courses.outline import GroupDraft, Heading, Outline, QuestionDraft
from tutorbot.courses.parameters import read_number
from tutorbot.courses.parse import Reading, check_holes, outline_of
from tutorbot.courses.policy import Policy, Setting

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
"""A language as in BCP 47: ``de``, ``pt-BR``."""

_OWN = ("title", "lang", "license", "authors")
_HeadingT = TypeVar("_HeadingT", bound=Heading)


def read_translation(source: str, lang: str, original: Reading) -> Reading:
    """The course in another language, or what keeps it from being the same course.

    ``lang`` is what the name of the file promises; ``original`` has been read without a fault.
    """
    assert original.course
    assert original.outline
    outline = outline_of(source)
    if isinstance(outline, Fault):
        return Reading(course=None, outline=None, faults=(outline,))
    course = _Translator(original.course, original.outline, outline, lang).course()
    faults = outline.notebook.sorted()
    return Reading(course=None if errors(faults) else course, outline=outline, faults=faults)


class _Translator:
    def __init__(self, course: Course, original: Outline, outline: Outline, lang: str) -> None:
        self._course = course
        self._original = original
        self._outline = outline
        self._lang = lang
        self._notebook: Notebook = outline.notebook

    def course(self) -> Course:
        policy = self._outline.policy or {}
        self._check_front_matter(policy)
        sections = self._sections()
        stems = _words_of_stems(sections)
        drafts = self._aligned(self._original.questions, self._outline.questions, "question")
        questions = tuple(
            self._question(question, was, drafts[was.attributes.id or ""], stems)
            if was.attributes.id in drafts
            else question
            for question, was in zip(self._course.questions, self._original.questions, strict=True)
        )
        return replace(
            self._course,
            title=policy["title"].text() if "title" in policy else "",
            lang=self._lang,
            questions=questions,
            about=self._outline.about or self._course.about,
            license=policy["license"].text() if "license" in policy else self._course.license,
            authors=policy["authors"].words_apart()
            if "authors" in policy
            else self._course.authors,
            sections=sections,
        )

    def _check_front_matter(self, policy: Policy) -> None:
        if not self._outline.has_front_matter:
            self._note(
                1,
                "The file does not begin with its front matter.",
                f"Begin with ---, then id: {self._course.id}, title: and lang: {self._lang}, one "
                "to a line, then --- again.",
                code="front-matter-missing",
            )
            return
        for key, expected in (("id", str(self._course.id)), ("lang", self._lang)):
            given = policy[key].text() if key in policy else ""
            if given != expected:
                self._note(
                    policy[key].line if key in policy else 1,
                    f"The {key} of this translation must be “{expected}”.",
                    f"Write {key}: {expected}, as the course and the name of the file have it.",
                    code="translation-differs",
                )
        if not (policy["title"].text() if "title" in policy else ""):
            self._note(
                1,
                "The front matter has no title.",
                "Translate the title: of the course.",
                code="front-matter-incomplete",
            )
        self._check_policy(policy, self._original.policy or {}, but=("id", *_OWN))

    def _check_policy(self, policy: Policy, was: Policy, *, but: Sequence[str] = ()) -> None:
        for key, setting in policy.items():
            if key not in but and (key not in was or was[key].value != setting.value):
                self._note(
                    setting.line,
                    f"“{key}” is not the same as in the course itself.",
                    "Leave the line out: a translation has words only.",
                    near=key,
                    code="translation-differs",
                )

    # Headings

    def _aligned(
        self, originals: Sequence[_HeadingT], found: Sequence[_HeadingT], what: str
    ) -> Mapping[str, _HeadingT]:
        """The headings of the translation by their ids, which must be those of the original."""
        lines = {each.attributes.id: each.line for each in originals if each.attributes.id}
        by_id: dict[str, _HeadingT] = {}
        before = 1
        for each in found:
            name = each.attributes.id
            if name is None:
                continue
            if name not in lines:
                self._note(
                    each.line,
                    f"The course has no {what} “{name}”.",
                    "Give it the id that it has in the course, or leave it out.",
                    near=f"#{name}",
                    code="translation-unknown",
                )
            elif name in by_id:
                self._note(
                    each.line,
                    f"The {what} “{name}” is here twice.",
                    "Keep one.",
                    near=f"#{name}",
                    code="id-taken",
                )
            else:
                by_id[name] = each
        for name, line in lines.items():
            if name in by_id:
                before = by_id[name].line
            else:
                self._note(
                    before,
                    f"The {what} “{name}” is not translated.",
                    f"Translate it; in the course it stands on line {line}.",
                    code="translation-missing",
                )
        expected = [name for name in lines if name in by_id]
        for name, due in zip(by_id, expected, strict=True):
            if name != due:
                self._note(
                    by_id[name].line,
                    f"The {what} “{name}” stands in another place than in the course.",
                    f"Here it is the turn of “{due}”.",
                    near=f"#{name}",
                    code="translation-order",
                )
                break
        return by_id

    def _sections(self) -> tuple[Section, ...]:
        drafts = self._aligned(self._original.groups, self._outline.groups, "heading")
        sections: list[Section] = []
        for section, was in zip(self._course.sections, self._original.groups, strict=True):
            draft = drafts.get(section.id or "")
            if not draft:
                sections.append(section)
                continue
            self._check_policy(draft.policy, was.policy)
            self._check_heading(draft, was)
            prose = draft.prose
            if section.prose and not prose:
                self._note(
                    draft.line,
                    "This stem is not translated.",
                    "Write its words under it.",
                    code="translation-missing",
                )
            sections.append(replace(section, title=draft.title, prose=prose))
        return tuple(sections)

    def _check_heading(self, draft: GroupDraft, was: GroupDraft) -> None:
        if draft.is_stem is not was.is_stem:
            self._note(
                draft.line,
                "This heading is a stem in one of the files only.",
                "Write .stem as in the course itself.",
                code="translation-stem",
            )
        uses = draft.attributes.values.get("uses")
        if uses is not None and uses != was.attributes.values.get("uses"):
            self._note(
                draft.line,
                "This stem uses another one than in the course itself.",
                "Leave uses= out: a translation has words only.",
                near="uses=",
                code="translation-stem",
            )

    # Questions

    def _question(
        self,
        question: Question,
        was: QuestionDraft,
        draft: QuestionDraft,
        stems: Mapping[str, Prose],
    ) -> Question:
        self._check_policy(draft.policy, self._settings(question, was))
        if (draft.stem.attributes.id if draft.stem else None) != question.group:
            self._note(
                draft.line,
                "This question does not stand under the heading that it has in the course.",
                f"Put it under “{question.group}”." if question.group else "Put it under no stem.",
                code="translation-order",
            )
        body = question.body
        if isinstance(body, Choice):
            body = replace(body, options=self._options(body, draft))
        else:
            body = self._typed(body, draft)
        if not draft.prose:
            self._note(
                draft.line,
                "This question asks nothing.",
                "Write it under the heading.",
                code="question-empty",
            )
        translated = replace(
            question,
            title=draft.title,
            prose=draft.prose,
            body=body,
            stem=stems.get(question.group or "", question.stem),
            worked=self._either(question.worked, draft.worked, draft.worked_line, "worked example"),
            hints=self._hints(question, draft),
            solution=self._either(
                question.solution, draft.solution, draft.solution_line, "solution"
            ),
        )
        translated = self._disputed(translated, draft)
        for prose, line in _passages(draft):
            check_holes(prose, question.variants, line, self._notebook)
        return translated

    def _settings(self, question: Question, was: QuestionDraft) -> Policy:
        """What holds for a question, wherever it is said; its type may be understood by itself."""
        settings = (was.stem.policy if was.stem else {}) | was.policy
        if isinstance(question.body, Typed) and "type" not in settings:
            settings["type"] = Setting(key="type", value=question.body.kind.value, line=0)
        return settings

    def _options(self, body: Choice, draft: QuestionDraft) -> tuple[Option, ...]:
        lines = {line.attributes.id: line for line in draft.options()}
        known = {option.id: option for option in body.options}
        for line in draft.options():
            name = line.attributes.id
            option = known.get(OptionId(name or ""))
            if option is None:
                self._note(
                    line.line,
                    f"The course has no option “{name}” here." if name else "It has no id.",
                    f"Write {{#id}} at its end; the ids are {', '.join(known)}.",
                    near=f"#{name}",
                    code="translation-unknown",
                )
            elif line.mark is not option.mark or line.several is not body.several:
                self._note(
                    line.line,
                    f"The mark of “{name}” is not the same as in the course itself.",
                    "Write the same brackets as there.",
                    code="translation-differs",
                )
            elif lines[name] is not line:
                self._note(
                    line.line, f"The option “{name}” is here twice.", "Keep one.", code="id-taken"
                )
        translated: list[Option] = []
        for option in body.options:
            line = lines.get(option.id)
            if line is None:
                self._note(
                    draft.line,
                    f"The option “{option.id}” is not translated.",
                    f"Write it with {{#{option.id}}} at its end.",
                    code="translation-missing",
                )
                continue
            self._check_attribute(line, "tag", option.tag)
            feedback = self._either(option.feedback, line.feedback, line.line, "quote")
            translated.append(replace(option, prose=line.prose, feedback=feedback))
        if draft.expressions():
            self._note(
                draft.expressions()[0].line,
                "In the course, this question has options.",
                "Leave the line out.",
                code="translation-key",
            )
        return tuple(translated)

    def _typed(self, body: Typed, draft: QuestionDraft) -> Typed:
        if draft.options():
            self._note(
                draft.options()[0].line,
                "In the course, the answer to this question is typed.",
                "Leave the option out.",
                code="translation-key",
            )
        accepted, mistaken = [*body.accepted], [*body.mistaken]
        for line in draft.expressions():
            among = mistaken if line.role == "wrong" else accepted
            place = next((at for at, each in enumerate(among) if each.text == line.text), None)
            if place is None or (line.role == "answer") is not (among is accepted and not place):
                self._note(
                    line.line,
                    f"The course has no such line, {line.role}: `{line.text[:40]}`.",
                    "Copy the expression from there, or leave the line out.",
                    near="`",
                    code="translation-unknown",
                )
                continue
            said: Expression = among[place]
            self._check_attribute(line, "tag", said.tag)
            self._check_attribute(line, "note", said.note)
            feedback = self._either(said.feedback, line.feedback, line.line, "quote")
            among[place] = replace(said, feedback=feedback)
        return replace(body, accepted=tuple(accepted), mistaken=tuple(mistaken))

    def _check_attribute(
        self, line: OptionLine | ExpressionLine, key: str, was: str | None
    ) -> None:
        given = line.attributes.values.get(key)
        if given is not None and given != was:
            self._note(
                line.line,
                f"The {key} “{given}” is not the same as in the course itself.",
                f"Leave the {key} out: a translation has words only.",
                near=given,
                code="translation-differs",
            )

    def _hints(self, question: Question, draft: QuestionDraft) -> tuple[Hint, ...]:
        lines = draft.hints()
        if not lines:
            return question.hints
        if len(lines) != len(question.hints):
            self._note(
                lines[0].line,
                f"There are {len(lines)} hints here and {len(question.hints)} in the course.",
                "Translate each of them, in their order, or none.",
                code="translation-hints",
            )
            return question.hints
        for hint, line in zip(question.hints, lines, strict=True):
            cost = line.attributes.values.get("cost")
            if cost is not None and read_number(cost) != hint.cost:
                self._note(
                    line.line,
                    "This hint costs something else than in the course itself.",
                    "Leave cost= out: a translation has words only.",
                    near="cost=",
                    code="translation-differs",
                )
        return tuple(
            replace(hint, prose=line.prose)
            for hint, line in zip(question.hints, lines, strict=True)
        )

    def _disputed(self, question: Question, draft: QuestionDraft) -> Question:
        if not draft.states():
            return question
        state, dispute = draft.states()[0], question.dispute
        known = ("disputed", *dispute.options) if dispute else ()
        if dispute is None or state.words not in {known, ("disputed",)}:
            self._note(
                state.line,
                "The state of the key is not the same as in the course itself.",
                "Write - key: disputed, with the quote alone translated.",
                code="translation-differs",
            )
            return question
        return replace(question, dispute=replace(dispute, why=state.why or dispute.why))

    def _either(self, was: Prose, prose: Prose, line: int, what: str) -> Prose:
        """The words of the translation, or the original ones where it leaves them out."""
        if prose and not was:
            self._note(
                line,
                f"The course has no {what} here.",
                "Leave it out, or add it to the course.",
                code="translation-unknown",
            )
        return prose or was

    def _note(self, line: int, what: str, mend: str, *, code: str, near: str = "") -> None:
        self._notebook.note(line, what, mend, near=near, code=code)


def _words_of_stems(sections: Iterable[Section]) -> dict[str, Prose]:
    stems: dict[str, Prose] = {}
    for section in sections:
        if section.is_stem and section.id:
            stems[section.id] = (*stems.get(section.uses or "", ()), *section.prose)
    return stems


def _passages(draft: QuestionDraft) -> Iterable[tuple[Prose, int]]:
    yield draft.prose, draft.line
    yield draft.worked, draft.worked_line
    yield draft.solution, draft.solution_line
    for line in draft.options():
        yield (*line.prose, *line.feedback), line.line
    for line in draft.expressions():
        yield line.feedback, line.line
    for line in draft.hints():
        yield line.prose, line.line
    for line in draft.states():
        yield line.why, line.line
