"""From the text of a course file to a course, or to all that stands in the way."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from tutorbot.core.course import (
    Choice,
    Course,
    Dispute,
    Hint,
    Partial,
    Pool,
    Question,
    Reveal,
    Section,
    Typed,
    Values,
)
from tutorbot.core.ids import CourseId, OptionId, QuestionId
from tutorbot.core.prose import Prose
from tutorbot.courses.faults import Fault, Faults, Notebook
from tutorbot.courses.lines import ID, LONGEST_ID
from tutorbot.courses.options import read_choice
from tutorbot.courses.outline import GroupDraft, Outline, QuestionDraft, read_outline
from tutorbot.courses.parameters import (
    Shared,
    authored,
    read_number,
    read_parameters,
    settled,
    share,
)
from tutorbot.courses.policy import Policy, Setting
from tutorbot.courses.prose import plain
from tutorbot.courses.typed import read_typed

LARGEST_FILE = 1_000_000
"""In characters."""

_HOLE = re.compile(r"\{\{\s*([A-Za-z]\w*)\s*\}\}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DEFAULTS = ("order", "reveal", "tries", "points", "partial")
_MOST_TRIES = 100
_MOST_POINTS = 1_000


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What parsing leaves: the course if it can be built, the outline for places, the faults."""

    course: Course | None
    outline: Outline | None
    faults: Faults


def parse(source: str, name: str) -> Course | Faults:
    """The course that the file ``name`` describes, or everything that is wrong with its form.

    Never raises. Whether the course makes sense is for `tutorbot.courses.check` to say.
    """
    reading = read(source, name)
    return reading.course if reading.course and not reading.faults else reading.faults


def read(source: str, name: str) -> Reading:
    """Like `parse`, and keeps where everything stands."""
    outline = outline_of(source)
    if isinstance(outline, Fault):
        return Reading(course=None, outline=None, faults=(outline,))
    course = _Builder(outline, name).course()
    return Reading(course=course, outline=outline, faults=outline.notebook.sorted())


def outline_of(source: str) -> Outline | Fault:
    """The outline of a text that is short enough to look at, with what is wrong so far."""
    if len(source) > LARGEST_FILE:
        return Fault(
            line=1,
            column=1,
            what=f"The file has {len(source):,} characters.",
            mend=f"Split it: a course file may have {LARGEST_FILE:,}.",
            code="file-long",
        )
    outline = read_outline(source)
    for number, line in enumerate(outline.notebook.lines, start=1):
        control = _CONTROL.search(line)
        if control:
            outline.notebook.note(
                number,
                "There is a control character, which no one can see.",
                "Delete it, or type the line again.",
                near=control[0],
                code="control-character",
            )
    return outline


def check_holes(prose: Prose, found: tuple[Values, ...], line: int, notebook: Notebook) -> None:
    """Note each ``{{name}}`` that the variants have no value for."""
    params = [name for name, _ in found[0]]
    for hole in _HOLE.finditer(plain(prose)):
        if hole[1] not in params:
            notebook.note(
                line,
                f"{{{{{hole[1][:40]}}}}} is no parameter here.",
                f"The params are {', '.join(params) or 'none'}; "
                "two braces of LaTeX need a space between them.",
                near=hole[0],
                code="param-unknown",
            )


class _Builder:
    def __init__(self, outline: Outline, name: str) -> None:
        self._outline = outline
        self._name = name
        self._notebook: Notebook = outline.notebook
        self._defaults: Mapping[str, Setting] = {}
        self._stems: dict[str, Prose] = {}
        self._shared: dict[str, Shared] = {}
        self._lines: dict[str, int] = {}  # of ids

    def course(self) -> Course:
        policy = self._outline.policy or {}
        if not self._outline.has_front_matter:
            is_open = self._notebook.lines[:1] == ("---",)
            self._note(
                1,
                "The front matter has no end."
                if is_open
                else "The file does not begin with its front matter.",
                "Write --- on a line of its own under its last line."
                if is_open
                else "Begin with ---, then id: and title:, one to a line, then --- again.",
                code="front-matter-missing",
            )
        self._defaults = self._read_defaults(policy)
        for group in self._outline.groups:
            self._add_group(group)
        self._share_variants()
        if not self._outline.questions:
            self._note(
                1,
                "The file has no question.",
                "Write ## Title {#id} and the question.",
                code="no-question",
            )
        return Course(
            id=CourseId(self._course_id(policy)),
            title=self._required(policy, "title"),
            lang=policy["lang"].text() if "lang" in policy else "en",
            questions=tuple(self._question(draft) for draft in self._outline.questions),
            license=policy["license"].text() if "license" in policy else "",
            authors=_listed(policy["authors"]) if "authors" in policy else (),
            about=self._outline.about,
            pools=tuple(self._pools()),
            sections=tuple(self._section(group) for group in self._outline.groups),
        )

    def _section(self, group: GroupDraft) -> Section:
        under = (draft for draft in self._outline.questions if draft.group is group)
        return Section(
            title=group.title,
            id=group.attributes.id,
            is_stem=group.is_stem,
            uses=group.attributes.values.get("uses"),
            prose=group.prose,
            parameters=authored(group.policy),
            questions=tuple(QuestionId(draft.attributes.id or "") for draft in under),
        )

    def _pools(self) -> Iterator[Pool]:
        for group in self._outline.groups:
            setting = group.policy.get("pick")
            if not setting:
                continue
            under = [draft for draft in self._outline.questions if draft.group is group]
            number = read_number(setting.text())
            if not group.attributes.id:
                self._note(
                    group.line,
                    "Questions are picked here, but this heading has no id.",
                    "Write # Title {#id}.",
                    code="pool-without-id",
                )
            elif number is None or number.denominator != 1 or not 1 <= number <= len(under):
                self._note(
                    setting.line,
                    "I cannot pick that many questions.",
                    f"Write pick: and a number from 1 to {len(under)}, the questions under it."
                    if under
                    else "Put questions under it with ##, or leave pick out.",
                    code="pick-bad",
                )
            else:
                yield Pool(
                    id=group.attributes.id,
                    questions=tuple(QuestionId(draft.attributes.id or "") for draft in under),
                    pick=int(number),
                )

    def _course_id(self, policy: Policy) -> str:
        course_id = self._required(policy, "id")
        if course_id and not (ID.fullmatch(course_id) and len(course_id) <= LONGEST_ID):
            self._note(
                policy["id"].line,
                f"“{course_id[:60]}” cannot be an id.",
                f"Use up to {LONGEST_ID} small letters, digits, dots and hyphens.",
                code="id-bad",
            )
        return course_id

    def _required(self, policy: Policy, key: str) -> str:
        text = policy[key].text() if key in policy else ""
        if self._outline.policy is not None and not text:
            like = re.sub(r"[^a-z0-9]+", "-", self._name.casefold().split(".")[0]).strip("-")
            example = like or "my-course" if key == "id" else "What learners read in the list"
            self._note(
                policy[key].line if key in policy else 1,
                f"The front matter has no {key}.",
                f"Add a line such as {key}: {example}.",
                code="front-matter-incomplete",
            )
        return text

    def _read_defaults(self, policy: Policy) -> Policy:
        setting = policy.get("defaults")
        if not setting:
            return {}
        for key in setting.table():
            if key not in _DEFAULTS:
                self._note(
                    setting.line,
                    f"I do not know the default “{key[:40]}”.",
                    f"The defaults are {', '.join(_DEFAULTS)}.",
                    code="default-unknown",
                )
        return {
            key: Setting(key=key, value=value, line=setting.line)
            for key, value in setting.table().items()
            if key in _DEFAULTS
        }

    # Stems and variants

    def _add_group(self, group: GroupDraft) -> None:
        stem_id = group.attributes.id
        if stem_id:
            self._claim(stem_id, group.line)
        if not group.is_stem or not stem_id:
            return
        used = group.attributes.values.get("uses")
        if used is not None and used not in self._stems:
            known = ", ".join(self._stems) or "none"
            self._note(
                group.line,
                f"There is no stem “{used[:40]}” above this one.",
                f"A stem can use one that stands before it; those are: {known}.",
                near="uses=",
                code="stem-unknown",
            )
            used = None
        shared = self._shared[used].variants if used is not None else ((),)
        found = read_parameters(group.policy, self._notebook, shared)
        included = self._stems[used] if used is not None else ()
        self._stems[stem_id] = (*included, *group.prose)
        self._shared[stem_id] = Shared(variants=found, uses=used)
        self._check_holes(group.prose, found, group.line)

    def _share_variants(self) -> None:
        """Stems that use each other are drawn together, so what fits nowhere is left out."""
        self._shared = share(self._shared)
        for group in self._outline.groups:
            stem = self._shared.get(group.attributes.id or "")
            used = self._shared.get(stem.uses or "") if stem else None
            if stem and used and used.variants[0] != stem.variants[0][: len(used.variants[0])]:
                self._note(
                    group.line,
                    f"No variant of this stem goes with those of “{stem.uses}”.",
                    "Let the conditions through more of them.",
                    code="variants-none",
                )

    # Questions

    def _question(self, draft: QuestionDraft) -> Question:
        question_id = draft.attributes.id or ""
        if question_id:
            self._claim(question_id, draft.line)
        group = draft.stem.attributes.id if draft.stem else None
        found = self._question_variants(draft, group)
        body = self._body(draft, found)
        question = Question(
            id=QuestionId(question_id),
            title=draft.title,
            prose=draft.prose,
            body=body,
            stem=self._stems.get(group, ()) if group else (),
            hints=tuple(
                Hint(prose=line.prose, cost=self._cost(line.attributes.values, line.line))
                for line in draft.hints()
            ),
            worked=draft.worked,
            solution=draft.solution,
            dispute=self._dispute(draft, body),
            skills=self._skills(draft),
            variants=found,
            group=group,
            reveal=self._reveal(draft),
            tries=self._tries(draft),
            points=self._points(draft),
            settled=settled(self._shared, group) if group else (),
            parameters=None if group else authored(draft.policy),
        )
        if not draft.prose:
            self._note(
                draft.line,
                "This question asks nothing.",
                "Write it under the heading.",
                code="question-empty",
            )
        self._check_holes(draft.prose, found, draft.line)
        for line in draft.options():
            self._check_holes((*line.prose, *line.feedback), found, line.line)
        for line in draft.expressions():
            self._check_holes(line.feedback, found, line.line)
        for line in draft.hints():
            self._check_holes(line.prose, found, line.line)
        for line in draft.states():
            self._check_holes(line.why, found, line.line)
        self._check_holes(draft.worked, found, draft.worked_line)
        self._check_holes(draft.solution, found, draft.solution_line)
        return question

    def _question_variants(self, draft: QuestionDraft, group: str | None) -> tuple[Values, ...]:
        if group is None:
            return read_parameters(draft.policy, self._notebook)
        for key in ("params", "where"):
            if key in draft.policy:
                self._note(
                    draft.policy[key].line,
                    f"A question under a stem cannot have {key} of its own.",
                    f"Put {key} on the stem: its questions share one variant.",
                    code="params-under-stem",
                )
        return self._shared[group].variants if group in self._shared else ((),)

    def _body(self, draft: QuestionDraft, found: tuple[Values, ...]) -> Choice | Typed:
        options, expressions = draft.options(), draft.expressions()
        if options and expressions:
            self._note(
                expressions[0].line,
                "A question has either options or typed answers.",
                "Make two questions of it, with the same skills.",
                code="key-mixed",
            )
        if options:
            choice = read_choice(draft, self._setting(draft, "order"), self._notebook)
            return replace(choice, partial=self._partial(draft, several=choice.several))
        self._partial(draft, several=False)
        answers = [line for line in expressions if line.role == "answer"]
        if len(answers) > 1 or not (answers or draft.is_damaged):
            self._note(
                answers[1].line if answers else draft.line,
                "There are two answer: lines." if answers else "This question has no key.",
                "Call the others also:."
                if answers
                else "Add options such as - (x) …, or a line - answer: `…`.",
                code="key-missing-or-twice",
            )
        return read_typed(draft, found[0], self._notebook)

    def _cost(self, values: Mapping[str, str], line: int) -> Fraction:
        cost = read_number(values.get("cost", "0"))
        if cost is None or not 0 <= cost <= 1:
            self._note(
                line,
                "The cost of a hint is a share of the points.",
                "Write {cost=0.5}, from 0 to 1.",
                near="cost",
                code="cost-bad",
            )
            return Fraction(0)
        return cost

    def _dispute(self, draft: QuestionDraft, body: Choice | Typed) -> Dispute | None:
        states = draft.states()
        if not states:
            return None
        state = states[0]
        if len(states) > 1:
            self._note(states[1].line, "There are two key: lines.", "Keep one.", code="state-twice")
        if state.words[:1] != ("disputed",):
            self._note(
                state.line,
                "I do not know this state of a key.",
                "Write - key: disputed, and the ids of the options that are doubted.",
                code="state-unknown",
            )
        if not state.why:
            self._note(
                state.line,
                "It is not said why the key is disputed.",
                "Add a > quote.",
                code="dispute-unsaid",
            )
        known = [option.id for option in body.options] if isinstance(body, Choice) else []
        for name in state.words[1:]:
            if name not in known:
                self._note(
                    state.line,
                    f"There is no option “{name[:60]}”.",
                    f"The options are {', '.join(known) or 'none'}.",
                    near=name,
                    code="option-unknown",
                )
        return Dispute(why=state.why, options=tuple(map(OptionId, state.words[1:])))

    def _skills(self, draft: QuestionDraft) -> tuple[str, ...]:
        setting = self._setting(draft, "skills")
        skills = setting.words() if setting else ()
        for skill in skills:
            if setting and not ID.fullmatch(skill):
                self._note(
                    setting.line,
                    f"“{skill[:40]}” cannot be a skill.",
                    "Use small letters, digits, dots and hyphens, as in rnn.params.",
                    code="skill-bad",
                )
        return skills

    def _reveal(self, draft: QuestionDraft) -> Reveal:
        setting = self._setting(draft, "reveal")
        if not setting:
            return Reveal.ANSWERED
        try:
            return Reveal(setting.text())
        except ValueError:
            self._note(
                setting.line,
                f"I do not know when “{setting.text()[:40]}” is.",
                f"Write reveal: and one of {', '.join(each.value for each in Reveal)}.",
                code="reveal-unknown",
            )
            return Reveal.ANSWERED

    def _tries(self, draft: QuestionDraft) -> int | None:
        setting = self._setting(draft, "tries")
        if not setting:
            return None
        number = read_number(setting.text())
        if number is None or number.denominator != 1 or not 1 <= number <= _MOST_TRIES:
            self._note(
                setting.line,
                "The number of tries is no number.",
                f"Write tries: 3, from 1 to {_MOST_TRIES}, or leave it out.",
                code="tries-bad",
            )
            return None
        return int(number)

    def _points(self, draft: QuestionDraft) -> Fraction:
        setting = self._setting(draft, "points")
        if not setting:
            return Fraction(1)
        points = read_number(setting.text())
        if points is None or not 0 < points <= _MOST_POINTS:
            self._note(
                setting.line,
                "The points are no number.",
                f"Write points: 2, more than 0 and up to {_MOST_POINTS:,}, or leave it out.",
                code="points-bad",
            )
            return Fraction(1)
        return points

    def _partial(self, draft: QuestionDraft, *, several: bool) -> Partial:
        own = draft.policy.get("partial")
        if own and not several:
            self._note(
                own.line,
                "Only a question with square brackets can be right in part.",
                "Leave partial out, or mark the options with [x] and [ ].",
                code="partial-misplaced",
            )
        setting = self._setting(draft, "partial")
        if not setting:
            return Partial.ALL_OR_NOTHING
        try:
            partial = Partial(setting.text())
        except ValueError:
            self._note(
                setting.line,
                f"I do not know how to score “{setting.text()[:40]}”.",
                f"Write partial: and one of {', '.join(each.value for each in Partial)}.",
                code="partial-unknown",
            )
            return Partial.ALL_OR_NOTHING
        return partial if several else Partial.ALL_OR_NOTHING

    def _setting(self, draft: QuestionDraft, key: str) -> Setting | None:
        """From the question, else from its stem, else from the defaults of the course."""
        stem = draft.stem.policy if draft.stem else {}
        return draft.policy.get(key) or stem.get(key) or self._defaults.get(key)

    def _claim(self, name: str, line: int) -> None:
        if name in self._lines:
            self._note(
                line,
                f"The id “{name[:60]}” is taken since line {self._lines[name]}.",
                "Give this one another id.",
                near="#" + name,
                code="id-taken",
            )
        self._lines.setdefault(name, line)

    def _check_holes(self, prose: Prose, found: tuple[Values, ...], line: int) -> None:
        check_holes(prose, found, line, self._notebook)

    def _note(
        self, line: int, what: str, mend: str, *, near: str = "", code: str = "not-read"
    ) -> None:
        self._notebook.note(line, what, mend, near=near, code=code)


def _listed(setting: Setting) -> tuple[str, ...]:
    return (setting.text(),) if isinstance(setting.value, str) else tuple(setting.value)
