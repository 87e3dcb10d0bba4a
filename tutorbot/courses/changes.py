"""What a new version of a course changes, question by question, and what it must not change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from tutorbot.core.course import Choice, Course, Option, Question, Typed
from tutorbot.core.ids import OptionId, QuestionId
from tutorbot.core.prose import Choices, Heading, Picture, Prose
from tutorbot.courses.faults import Faults, Notebook
from tutorbot.courses.parse import Reading
from tutorbot.courses.prose import plain


class Part(Enum):
    """What of a question changed; the values are for people."""

    TITLE = "title"
    STEM = "stem"
    PROSE = "question"
    OPTIONS = "options"  # added, removed, or in another order
    KEY = "key"  # what is right: answers given before may be worth something else now
    FEEDBACK = "feedback"
    HINTS = "hints"
    SOLUTION = "solution"
    DISPUTE = "state of the key"
    VARIANTS = "variants"
    POLICY = "policy"  # points, tries, reveal, order, partial credit
    SKILLS = "skills"


@dataclass(frozen=True, kw_only=True)
class Added:
    question: QuestionId
    title: str


@dataclass(frozen=True, kw_only=True)
class Removed:
    question: QuestionId
    title: str


@dataclass(frozen=True, kw_only=True)
class Changed:
    question: QuestionId
    title: str
    parts: tuple[Part, ...]  # never empty


Change = Added | Removed | Changed


@dataclass(frozen=True, kw_only=True)
class Reused:
    """An option that says something else under the id that history hangs on."""

    question: QuestionId
    option: OptionId
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """``by_question`` in the order of the new paper, what was removed behind it."""

    by_question: tuple[Change, ...] = ()
    course: tuple[str, ...] = ()  # what else changed: "title", "order of the questions", "pools"
    reused: tuple[Reused, ...] = ()  # faults: these must get other ids

    def __bool__(self) -> bool:
        return bool(self.by_question or self.course)


def compare(old: Course, new: Course) -> Changes:
    """What has changed from the published ``old`` to ``new``.

    Spaces, capitals and line breaks change no option; anything else does.
    """
    before = {question.id: question for question in old}
    after = {question.id: question for question in new}
    by_question: list[Change] = []
    reused: list[Reused] = []
    for question in new:
        was = before.get(question.id)
        if was is None:
            by_question.append(Added(question=question.id, title=question.title))
        elif was != question:
            parts = tuple(_parts(was, question))
            by_question.append(Changed(question=question.id, title=question.title, parts=parts))
            reused += _reused(was, question)
    by_question += (
        Removed(question=question.id, title=question.title)
        for question in old
        if question.id not in after
    )
    return Changes(
        by_question=tuple(by_question), course=tuple(_of_course(old, new)), reused=tuple(reused)
    )


def faults_of(changes: Changes, reading: Reading) -> Faults:
    """The faults among the changes, where they stand in the source of the new course."""
    if not reading.outline or not reading.course:
        return ()
    outline = reading.outline
    drafts = {draft.attributes.id: draft for draft in outline.questions}
    notebook = Notebook(lines=outline.notebook.lines)
    for each in changes.reused:
        body = reading.course.question(each.question).body
        assert isinstance(body, Choice)
        place = [option.id for option in body.options].index(each.option)
        notebook.note(
            drafts[each.question].options()[place].line,
            f"The published option “{each.option}” says something else: “{_short(each.before)}”.",
            f"Give the new text an id of its own, such as {{#{_next_id(body, each.option)}}}; "
            "answers that were given hang on the old one.",
            near=f"#{each.option}",
            code="option-id-reused",
        )
    return notebook.sorted()


def _parts(old: Question, new: Question) -> Iterator[Part]:
    for part, of in _PARTS.items():
        if of(old) != of(new):
            yield part


def _options(question: Question) -> object:
    body = question.body
    return [(each.id, each.prose) for each in body.options] if isinstance(body, Choice) else None


def _key(question: Question) -> object:
    match question.body:
        case Choice(options=options):
            return {option.id: option.mark for option in options}
        case Typed() as typed:
            return (
                [line.text for line in typed.accepted],
                [
                    (name, getattr(typed, name))
                    for name in typed.__dataclass_fields__
                    if name not in {"accepted", "mistaken"}
                ],
            )


def _feedback(question: Question) -> object:
    match question.body:
        case Choice(options=options):
            return {option.id: (option.feedback, option.tag) for option in options}
        case Typed(accepted=accepted, mistaken=mistaken):
            return [(line.feedback, line.tag, line.note) for line in accepted], mistaken


def _policy(question: Question) -> object:
    body = question.body
    asked = (
        (body.several, body.shuffled, body.partial, [each.pinned for each in body.options])
        if isinstance(body, Choice)
        else None
    )
    return question.reveal, question.tries, question.points, question.group, asked


_PARTS: dict[Part, Callable[[Question], object]] = {
    Part.TITLE: lambda question: question.title,
    Part.STEM: lambda question: question.stem,
    Part.PROSE: lambda question: question.prose,
    Part.OPTIONS: _options,
    Part.KEY: _key,
    Part.FEEDBACK: _feedback,
    Part.HINTS: lambda question: question.hints,
    Part.SOLUTION: lambda question: (question.solution, question.worked),
    Part.DISPUTE: lambda question: question.dispute,
    Part.VARIANTS: lambda question: (question.variants, question.settled),
    Part.POLICY: _policy,
    Part.SKILLS: lambda question: question.skills,
}
"""Together they hold every field of a `Question` but its id."""


def _reused(old: Question, new: Question) -> Iterator[Reused]:
    if not isinstance(old.body, Choice) or not isinstance(new.body, Choice):
        return
    was = {option.id: option for option in old.body.options}
    for option in new.body.options:
        before = was.get(option.id)
        if before and _said(before) != _said(option):
            yield Reused(
                question=new.id,
                option=option.id,
                before=plain(before.prose),
                after=plain(option.prose),
            )


def _said(option: Option) -> str:
    return "".join(_everything(option.prose).casefold().split())


def _everything(prose: Prose) -> str:
    """The words, and the pictures, which `plain` leaves out."""
    pictures = [f"![{block.words}]({block.file})" for block in prose if isinstance(block, Picture)]
    others = tuple(block for block in prose if not isinstance(block, Picture | Heading | Choices))
    return "\n".join([plain(others), *pictures])


def _of_course(old: Course, new: Course) -> Iterator[str]:
    kept = {question.id for question in old} & {question.id for question in new}
    for name, before, after in (
        ("title", old.title, new.title),
        ("language", old.lang, new.lang),
        ("license", old.license, new.license),
        ("authors", old.authors, new.authors),
        ("introduction", old.about, new.about),
        ("pools", old.pools, new.pools),
        ("translations", old.translations, new.translations),
        (
            "order of the questions",
            [question.id for question in old if question.id in kept],
            [question.id for question in new if question.id in kept],
        ),
    ):
        if before != after:
            yield name


def _next_id(choice: Choice, option: OptionId) -> str:
    taken = {each.id for each in choice.options}
    return next(name for n in range(2, 99) if (name := f"{option[:44]}-{n}") not in taken)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"  # noqa: PLR2004 - what fits on a line
