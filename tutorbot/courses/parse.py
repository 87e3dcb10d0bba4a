"""From the text of a course file to a course, or to all that stands in the way."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tutorbot.core.course import (
    Choice,
    Course,
    Dispute,
    Expression,
    Hint,
    Kind,
    Option,
    Question,
    Typed,
    Values,
)
from tutorbot.core.ids import CourseId, OptionId, QuestionId
from tutorbot.core.prose import Prose
from tutorbot.courses.faults import Fault, Faults, Notebook
from tutorbot.courses.lines import ID, LONGEST_ID, ExpressionLine, OptionLine
from tutorbot.courses.outline import GroupDraft, Outline, QuestionDraft, read_outline
from tutorbot.courses.policy import Policy, Setting, Words
from tutorbot.courses.prose import plain
from tutorbot.courses.variants import UnreadableError, read_condition, variants

LARGEST_FILE = 1_000_000
"""In characters."""

_HOLE = re.compile(r"\{\{\s*([A-Za-z]\w*)\s*\}\}")
_NAME = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?(?:/\d{1,15})?")
_SIZE = re.compile(r".*[\w)]\s+x\s+[\w(].*|\s*\d+\s*x\s*\d+\s*")
_KINDS = {
    "formula": Kind.FORMULA,
    "number": Kind.NUMBER,
    "size": Kind.SIZE,
    "shape": Kind.SIZE,
}


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
    if len(source) > LARGEST_FILE:
        fault = Fault(
            line=1,
            column=1,
            what=f"The file has {len(source):,} characters.",
            mend=f"Split it: a course file may have {LARGEST_FILE:,}.",
        )
        return Reading(course=None, outline=None, faults=(fault,))
    outline = read_outline(source)
    course = _Builder(outline, name).course()
    return Reading(course=course, outline=outline, faults=outline.notebook.sorted())


def option_id(line: OptionLine) -> OptionId:
    """The author's id, or one made from the words of the option."""
    if line.attributes.id:
        return OptionId(line.attributes.id)
    text = plain(line.prose)
    slug = "-".join(re.findall(r"[a-z0-9]+", text.casefold()))
    if 0 < len(slug) <= LONGEST_ID:
        return OptionId(slug)
    return OptionId("o-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12])


class _Builder:
    def __init__(self, outline: Outline, name: str) -> None:
        self._outline = outline
        self._name = name
        self._notebook: Notebook = outline.notebook
        self._defaults: Mapping[str, Setting] = {}
        self._stems: dict[str, Prose] = {}
        self._variants: dict[str, tuple[Values, ...]] = {}
        self._lines: dict[str, int] = {}  # of ids

    def course(self) -> Course:
        policy = self._outline.policy
        if not policy:
            self._note(
                1,
                "The file does not begin with its front matter.",
                "Begin with ---, then id: and title:, one to a line, then --- again.",
            )
        self._defaults = self._read_defaults(policy)
        for group in self._outline.groups:
            self._add_group(group)
        if not self._outline.questions:
            self._note(1, "The file has no question.", "Write ## Title {#id} and the question.")
        return Course(
            id=CourseId(self._course_id(policy)),
            title=self._required(policy, "title"),
            lang=policy["lang"].text() if "lang" in policy else "en",
            questions=tuple(self._question(draft) for draft in self._outline.questions),
            license=policy["license"].text() if "license" in policy else "",
            authors=_listed(policy["authors"]) if "authors" in policy else (),
            about=self._outline.about,
        )

    def _course_id(self, policy: Policy) -> str:
        course_id = self._required(policy, "id")
        if course_id and not (ID.fullmatch(course_id) and len(course_id) <= LONGEST_ID):
            self._note(
                policy["id"].line,
                f"“{course_id[:60]}” cannot be an id.",
                f"Use up to {LONGEST_ID} small letters, digits, dots and hyphens.",
            )
        return course_id

    def _required(self, policy: Policy, key: str) -> str:
        text = policy[key].text() if key in policy else ""
        if policy and not text:
            like = re.sub(r"[^a-z0-9]+", "-", self._name.casefold().split(".")[0]).strip("-")
            example = like or "my-course" if key == "id" else "What learners read in the list"
            self._note(
                policy[key].line if key in policy else 1,
                f"The front matter has no {key}.",
                f"Add a line such as {key}: {example}.",
            )
        return text

    def _read_defaults(self, policy: Policy) -> Policy:
        setting = policy.get("defaults")
        if not setting:
            return {}
        known = ("order",)
        for key in setting.table():
            if key not in known:
                self._note(
                    setting.line,
                    f"I do not know the default “{key[:40]}”.",
                    f"The defaults are {', '.join(known)}.",
                )
        return {
            key: Setting(key=key, value=value, line=setting.line)
            for key, value in setting.table().items()
            if key in known
        }

    # Stems and variants

    def _add_group(self, group: GroupDraft) -> None:
        stem_id = group.attributes.id
        if stem_id:
            self._claim(stem_id, group.line)
        if not group.is_stem or not stem_id:
            return
        found = self._read_variants(group.policy, group.line)
        used = group.attributes.values.get("uses")
        included: Prose = ()
        if used is not None and used not in self._stems:
            known = ", ".join(self._stems) or "none"
            self._note(
                group.line,
                f"There is no stem “{used[:40]}” above this one.",
                f"A stem can use one that stands before it; those are: {known}.",
                near="uses=",
            )
        elif used is not None:
            included = self._stems[used]
            if self._variants[used] != ((),):
                self._note(
                    group.line,
                    f"The stem “{used}” has params, so its variants cannot be shared here.",
                    "Put the params on this stem, or write the text of the other again.",
                    near="uses=",
                )
        self._stems[stem_id] = (*included, *group.prose)
        self._variants[stem_id] = found
        self._check_holes(group.prose, found, group.line)

    def _read_variants(self, policy: Policy, line: int) -> tuple[Values, ...]:
        setting = policy.get("params")
        if not setting:
            if "where" in policy:
                self._note(policy["where"].line, "There is a where without params.", "Add params.")
            return ((),)
        params: dict[str, tuple[Fraction, ...]] = {}
        for name, given in setting.table().items():
            values = tuple(map(self._number, (given,) if isinstance(given, str) else given))
            numbers = tuple(value for value in values if value is not None)
            if not _NAME.fullmatch(name) or not numbers or len(numbers) != len(values):
                self._note(
                    setting.line,
                    f"The parameter “{name[:40]}” is no list of numbers.",
                    "Write params: {h: [100, 128, 80]}.",
                )
                return ((),)
            params[name] = tuple(dict.fromkeys(numbers))
        if not params:
            self._note(setting.line, "There are no params.", "Write params: {h: [100, 128, 80]}.")
            return ((),)
        where = policy.get("where")
        conditions: list[str] = []
        if where:
            conditions = [where.text()] if isinstance(where.value, str) else list(where.value)
        try:
            read = tuple(read_condition(text, tuple(params)) for text in conditions)
            found = variants(params, read)
        except UnreadableError as why:
            self._note(
                where.line if where else setting.line,
                f"I cannot use this condition: {why}."
                if where
                else f"I cannot use these params: {why}.",
                "Write where: e != h, with the names of the params."
                if where
                else "List fewer values.",
            )
            return ((),)
        if not found:
            self._note(where.line if where else line, "No variant is left.", "Ask for less.")
        return found or ((),)

    def _number(self, text: str) -> Fraction | None:
        if not _NUMBER.fullmatch(text.strip()):
            return None
        try:
            return Fraction(text.strip())
        except ZeroDivisionError:
            return None

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
            solution=draft.solution,
            dispute=self._dispute(draft, body),
            skills=self._skills(draft),
            variants=found,
            group=group,
        )
        if not draft.prose:
            self._note(draft.line, "This question asks nothing.", "Write it under the heading.")
        self._check_holes(draft.prose, found, draft.line)
        for line in draft.options():
            self._check_holes((*line.prose, *line.feedback), found, line.line)
        for line in draft.expressions():
            self._check_holes(line.feedback, found, line.line)
        for line in draft.hints():
            self._check_holes(line.prose, found, line.line)
        for line in draft.states():
            self._check_holes(line.why, found, line.line)
        self._check_holes(draft.solution, found, draft.solution_line)
        return question

    def _question_variants(self, draft: QuestionDraft, group: str | None) -> tuple[Values, ...]:
        if group is None:
            return self._read_variants(draft.policy, draft.line)
        for key in ("params", "where"):
            if key in draft.policy:
                self._note(
                    draft.policy[key].line,
                    f"A question under a stem cannot have {key} of its own.",
                    f"Put {key} on the stem: its questions share one variant.",
                )
        return self._variants.get(group, ((),))

    def _body(self, draft: QuestionDraft, found: tuple[Values, ...]) -> Choice | Typed:
        options, expressions = draft.options(), draft.expressions()
        if options and expressions:
            self._note(
                expressions[0].line,
                "A question has either options or typed answers.",
                "Make two questions of it, with the same skills.",
            )
        if options:
            return self._choice(draft, options)
        answers = [line for line in expressions if line.role == "answer"]
        if len(answers) != 1:
            self._note(
                answers[1].line if answers else draft.line,
                "There are two answer: lines." if answers else "This question has no key.",
                "Call the others also:."
                if answers
                else "Add options such as - (x) …, or a line - answer: `…`.",
            )
        return self._typed(draft, expressions, found)

    def _choice(self, draft: QuestionDraft, lines: Sequence[OptionLine]) -> Choice:
        for key in ("type", "symbols", "functions", "assume", "tolerance"):
            if key in draft.policy:
                self._note(
                    draft.policy[key].line,
                    f"A question with options has no use for {key}.",
                    "Leave the line out.",
                )
        several = lines[0].several
        pinned = draft.policy["pin"].words() if "pin" in draft.policy else ()
        options: dict[OptionId, Option] = {}
        for line in lines:
            if line.several is not several:
                self._note(
                    line.line,
                    "Round and square brackets are mixed.",
                    "Use ( ) where one option is right, and [ ] where several can be.",
                )
            if not line.prose:
                self._note(line.line, "This option says nothing.", "Write it after the brackets.")
            key = option_id(line)
            if key in options:
                self._note(
                    line.line,
                    f"Two options of this question have the id “{key}”.",
                    "Give one of them another: {#id} at its end.",
                )
            options[key] = Option(
                id=key,
                prose=line.prose,
                mark=line.mark,
                feedback=line.feedback,
                tag=line.attributes.values.get("tag"),
                pinned=key in pinned,
            )
        for name in pinned:
            if name not in options:
                self._note(
                    draft.policy["pin"].line,
                    f"There is no option “{name[:60]}” to pin.",
                    f"The options are {', '.join(options)}.",
                )
        return Choice(
            options=tuple(options.values()), several=several, shuffled=self._shuffled(draft)
        )

    def _shuffled(self, draft: QuestionDraft) -> bool:
        setting = self._setting(draft, "order")
        if setting and setting.text() not in {"fixed", "shuffled"}:
            self._note(
                setting.line,
                f"I do not know the order “{setting.text()[:40]}”.",
                "Write order: fixed or order: shuffled.",
            )
        return not setting or setting.text() != "fixed"

    def _typed(
        self, draft: QuestionDraft, lines: Sequence[ExpressionLine], found: tuple[Values, ...]
    ) -> Typed:
        if "pin" in draft.policy:
            self._note(draft.policy["pin"].line, "There is no option to pin.", "Leave pin out.")
        symbols = self._names(draft.policy, "symbols")
        # The canonical answer comes first, wherever it stands.
        accepted = sorted((line for line in lines if line.role != "wrong"), key=_is_other)
        return Typed(
            kind=self._kind(draft, accepted, found),
            accepted=tuple(map(_expression, accepted)),
            mistaken=tuple(_expression(line) for line in lines if line.role == "wrong"),
            symbols=symbols,
            functions=self._names(draft.policy, "functions"),
            positive=self._assumed(draft.policy, "positive", symbols),
            integer=self._assumed(draft.policy, "integer", symbols),
            tolerance=self._tolerance(draft.policy),
        )

    def _kind(
        self, draft: QuestionDraft, accepted: Sequence[ExpressionLine], found: tuple[Values, ...]
    ) -> Kind:
        setting = draft.policy.get("type")
        if setting and setting.text() not in _KINDS:
            self._note(
                setting.line,
                f"I do not know the type “{setting.text()[:40]}”.",
                "The types are formula, number and size; options need none.",
            )
        if setting and setting.text() in _KINDS:
            kind = _KINDS[setting.text()]
            if kind is Kind.FORMULA and "symbols" not in draft.policy:
                self._note(
                    setting.line,
                    "A formula needs its symbols.",
                    "Add symbols: n m, the letters that an answer may use.",
                )
            return kind
        key = accepted[0].text if accepted else ""
        if _SIZE.fullmatch(key):
            return Kind.SIZE
        params = {name for name, _ in found[0]}
        strange = sorted(set(_NAME.findall(key)) - params)
        if strange and not setting:
            self._note(
                accepted[0].line,
                f"I cannot tell what kind of answer this is: “{strange[0][:20]}” is no parameter.",
                "For a formula, add type: formula and symbols: to the meta block.",
            )
        return Kind.NUMBER

    def _names(self, policy: Policy, key: str) -> tuple[str, ...]:
        names = policy[key].words() if key in policy else ()
        for name in names:
            if not _NAME.fullmatch(name):
                self._note(
                    policy[key].line,
                    f"“{name[:40]}” cannot be a name.",
                    f"Write {key}: n m, letters with digits or _ after them.",
                )
        return names

    def _assumed(self, policy: Policy, what: str, symbols: Sequence[str]) -> tuple[str, ...]:
        """``assume: positive integer`` for all symbols, or ``assume: {n: positive}`` for some."""
        setting = policy.get("assume")
        if not setting:
            return ()
        table: dict[str, Words] = (
            dict(setting.table()) if setting.table() else dict.fromkeys(symbols, setting.words())
        )
        found: list[str] = []
        for name, given in table.items():
            words = given.replace(",", " ").split() if isinstance(given, str) else list(given)
            if name not in symbols or not words or set(words) - {"positive", "integer"}:
                self._note(
                    setting.line,
                    f"I cannot read what is assumed of “{name[:40]}”.",
                    "Write assume: positive integer, or assume: {n: positive}, of the symbols.",
                )
            elif what in words:
                found.append(name)
        return tuple(found)

    def _tolerance(self, policy: Policy) -> Fraction | None:
        setting = policy.get("tolerance")
        if not setting:
            return None
        text = setting.text()
        number = self._number(text.removesuffix("%").strip())
        if number is None or not 0 <= number < (100 if text.endswith("%") else 1):
            self._note(setting.line, "The tolerance is no share.", "Write tolerance: 0.01 or 1%.")
            return None
        return number / 100 if text.endswith("%") else number

    def _cost(self, values: Mapping[str, str], line: int) -> Fraction:
        cost = self._number(values.get("cost", "0"))
        if cost is None or not 0 <= cost <= 1:
            self._note(
                line,
                "The cost of a hint is a share of the points.",
                "Write {cost=0.5}, from 0 to 1.",
                near="cost",
            )
            return Fraction(0)
        return cost

    def _dispute(self, draft: QuestionDraft, body: Choice | Typed) -> Dispute | None:
        states = draft.states()
        if not states:
            return None
        state = states[0]
        if len(states) > 1:
            self._note(states[1].line, "There are two key: lines.", "Keep one.")
        if state.words[:1] != ("disputed",):
            self._note(
                state.line,
                "I do not know this state of a key.",
                "Write - key: disputed, and the ids of the options that are doubted.",
            )
        if not state.why:
            self._note(state.line, "It is not said why the key is disputed.", "Add a > quote.")
        known = [option.id for option in body.options] if isinstance(body, Choice) else []
        for name in state.words[1:]:
            if name not in known:
                self._note(
                    state.line,
                    f"There is no option “{name[:60]}”.",
                    f"The options are {', '.join(known) or 'none'}.",
                    near=name,
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
                )
        return skills

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
            )
        self._lines.setdefault(name, line)

    def _check_holes(self, prose: Prose, found: tuple[Values, ...], line: int) -> None:
        params = [name for name, _ in found[0]]
        for hole in _HOLE.finditer(plain(prose)):
            if hole[1] not in params:
                self._note(
                    line,
                    f"{{{{{hole[1][:40]}}}}} is no parameter here.",
                    f"The params are {', '.join(params) or 'none'}; "
                    "two braces of LaTeX need a space between them.",
                    near=hole[0],
                )

    def _note(self, line: int, what: str, mend: str, *, near: str = "") -> None:
        self._notebook.note(line, what, mend, near=near)


def _is_other(line: ExpressionLine) -> bool:
    return line.role != "answer"


def _expression(line: ExpressionLine) -> Expression:
    return Expression(
        text=line.text,
        feedback=line.feedback,
        tag=line.attributes.values.get("tag"),
        note=line.attributes.values.get("note"),
    )


def _listed(setting: Setting) -> tuple[str, ...]:
    return (setting.text(),) if isinstance(setting.value, str) else tuple(setting.value)
