"""The plain text that text2qti turns into packages: numbered questions, ``*a)``, ``[*]``, ``=``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tutorbot.core.course import Choice, Mark, Option, Partial, Pool, Question, Typed
from tutorbot.core.prose import Prose
from tutorbot.courses.importers.gathering import (
    Gathering,
    Read,
    number,
    one_line,
    options,
    title_of,
)
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.keyed import Answer, number_key, text_key
from tutorbot.courses.importers.markdown import html_of
from tutorbot.courses.prose import plain
from tutorbot.courses.wording import speaks_of_all

LARGEST_TEXT = 2_000_000
"""In characters."""
MOST_QUESTIONS = 5_000

_STARTS = {
    "question": r"\d+\.",
    "right": r"\*[a-zA-Z]\)",
    "wrong": r"[a-zA-Z]\)",
    "ticked": r"\[\*\]",
    "unticked": r"\[ ?\]",
    "short": r"\*",
    "feedback": r"\.\.\.",
    "if right": r"\+",
    "if wrong": r"-",
    "solution": r"!",
    "number": r"=",
    "title": r"[Tt]itle:",
    "points": r"[Pp]oints:",
    "text title": r"[Tt]ext [Tt]itle:",
    "text": r"[Tt]ext:",
    "quiz title": r"[Qq]uiz [Tt]itle:",
    "quiz description": r"[Qq]uiz description:",
    "pick": r"[Pp]ick:",
    "solutions pick": r"[Ss]olutions pick:",
    "points each": r"[Pp]oints per question:",
    "shuffle": r"[Ss]huffle answers:",
    "setting": r"(?:[Ss]how correct answers|[Oo]ne question at a time|[Cc]an't go back"
    r"|[Ff]eedback is solution|[Ss]olutions sample groups|[Ss]olutions randomize groups):",
}
_ALONE = {"essay": r"___+", "upload": r"\^\^\^+", "group": "GROUP", "end group": "END_GROUP"}
_START = re.compile(
    "|".join(
        [rf"(?P<{name.replace(' ', '_')}>{each}[ \t]+(?=\S))" for name, each in _STARTS.items()]
        + [rf"(?P<{name.replace(' ', '_')}>{each}\s*)$" for name, each in _ALONE.items()]
    )
)
_CODE = re.compile(r"```+\s*\{")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_MARGIN = re.compile(r"\s*(\S+)\s*\+-\s*(\S+?)\s*(%?)\s*$")
_ENDS = re.compile(r"\[\s*([^,\s]+)\s*,\s*([^,\s\]]+)\s*\]\s*$")


@dataclass(kw_only=True)
class _Part:
    line: int
    kind: str  # a name of the tables above; "" for what begins none of them
    text: str


@dataclass(kw_only=True)
class _Draft:
    line: int
    text: str
    title: str = ""
    points: Fraction | None = None
    options: list[tuple[str, bool, str]] = field(default_factory=list[tuple[str, bool, str]])
    kind: str = ""  # "choice", "boxes", "short", "number", "essay", "upload"
    short: list[str] = field(default_factory=list[str])
    number: str = ""
    said: dict[str, str] = field(default_factory=dict[str, str])  # by the kind of the feedback


def read(text: str, name: str, read_picture: Read = lambda _: None) -> Imported | NotImported:
    """The course in a text2qti file called ``name``; ``read_picture`` finds files beside it."""
    if len(text) > LARGEST_TEXT:
        return NotImported(
            what=f"The file has {len(text):,} characters; split it, {LARGEST_TEXT:,} can be read."
        )
    reader = _Reader(Gathering(name=name), read_picture)
    for part in _parts(_UNSEEN.sub("", text), reader):
        reader.read(part)
        if len(reader.gathering.questions) > MOST_QUESTIONS:
            return NotImported(
                what=f"The file has over {MOST_QUESTIONS:,} questions; split it into several."
            )
    reader.end_question()
    if not reader.gathering.questions:
        return NotImported(what="There is no question with options or an answer under it.")
    return reader.imported()


def _parts(text: str, reader: "_Reader") -> Iterator[_Part]:
    """Each marked line with the indented lines under it."""
    part: _Part | None = None
    lines: list[str] = []
    hidden = fence = ""
    for number_of_line, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if hidden:
            hidden = "" if line.startswith(hidden) else hidden
            continue
        indented = line.startswith((" ", "\t"))
        if part and (indented or not line.strip()):
            lines.append(line)
            continue
        if line.startswith("COMMENT") and line.strip() == "COMMENT":
            hidden = "END_COMMENT"
            continue
        if line.startswith("%") or not line.strip():
            continue
        if part:
            yield _with_lines(part, lines)
            part, lines = None, []
        if _CODE.match(line):
            fence = (_FENCE.match(line) or re.match(r"(`+)", line) or [""])[0].strip()
            reader.remark(
                number_of_line, Weight.LOST, "Code that makes questions is not run.", line
            )
            hidden = fence
            continue
        found = _START.match(line)
        kind = (found.lastgroup or "").replace("_", " ") if found else ""
        part = _Part(line=number_of_line, kind=kind, text=line[found.end() :] if found else line)
        if not kind or kind in _ALONE:
            yield part
            part = None
    if part:
        yield _with_lines(part, lines)


def _with_lines(part: _Part, lines: list[str]) -> _Part:
    depths = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    depth = min(depths, default=0)
    rest = "\n".join(line[depth:] if line.strip() else "" for line in lines)
    return replace(part, text=f"{part.text}\n{rest}".strip())


class _Reader:
    def __init__(self, gathering: Gathering, read_picture: Read) -> None:
        self.gathering = gathering
        self._read_picture = read_picture
        self._draft: _Draft | None = None
        self._title = ""
        self._points: Fraction | None = None
        self._quiz_title = ""
        self._about: Prose = ()
        self._shuffled = False
        self._stem: tuple[str, Prose] | None = None
        self._text_title = ""
        self._group: list[str] | None = None  # the ids under it
        self._pick = 1
        self._points_each: Fraction | None = None

    def imported(self) -> Imported:
        return self.gathering.imported(title=self._quiz_title, about=self._about)

    def remark(self, line: int, weight: Weight, what: str, quote: str = "") -> None:
        self.gathering.remark(weight, f"line {line}", what, quote)

    def read(self, part: _Part) -> None:
        draft = self._draft
        match part.kind:
            case "question":
                self.end_question()
                self._draft = _Draft(
                    line=part.line, text=part.text, title=self._title, points=self._points
                )
                self._title, self._points = "", None
            case "right" | "wrong" | "ticked" | "unticked" if draft:
                draft.kind = "choice" if part.kind in {"right", "wrong"} else "boxes"
                draft.options.append((part.text, part.kind in {"right", "ticked"}, ""))
            case "short" if draft:
                draft.kind = "short"
                draft.short.append(part.text)
            case "number" if draft:
                draft.kind, draft.number = "number", part.text
            case "essay" | "upload" if draft:
                draft.kind = part.kind
            case "feedback" if draft and draft.options:
                text, right, _ = draft.options[-1]
                draft.options[-1] = (text, right, part.text)
            case "feedback" | "if right" | "if wrong" | "solution" if draft:
                draft.said[part.kind] = part.text
            case "title":
                self.end_question()
                self._title = one_line(part.text)
            case "points":
                self.end_question()
                self._points = number(part.text)
            case _:
                self._read_around(part)

    def _read_around(self, part: _Part) -> None:
        """What stands between questions, or is about all of them."""
        where = f"line {part.line}"
        match part.kind:
            case "quiz title":
                self._quiz_title = part.text
            case "quiz description":
                self._about = self._prose(part.text, where)
            case "shuffle":
                self._shuffled = part.text.strip().casefold() == "true"
            case "setting":
                what = "How the quiz is given is not for the course to say, so this stays out."
                self.remark(part.line, Weight.LOST, what, part.text)
            case "text title":
                self.end_question()
                self._text_title = part.text
            case "text":
                self.end_question()
                self._begin_stem(part)
            case "group":
                self.end_question()
                self._group, self._pick, self._points_each = [], 1, None
            case "end group":
                self.end_question()
                self._end_group(part.line)
            case "pick":
                self._pick = int(part.text) if re.fullmatch(r"\d{1,4}", part.text.strip()) else 1
            case "points each":
                self._points_each = number(part.text)
            case "solutions pick":
                self.remark(
                    part.line, Weight.LOST, "How many solutions are printed stays out.", part.text
                )
            case _:
                what = "This line is none that text2qti knows, so it stays out."
                self.remark(part.line, Weight.LOST, what, part.text)

    def _begin_stem(self, part: _Part) -> None:
        where = f"line {part.line}"
        prose = self._prose(part.text, where)
        if self._text_title:
            prose = (*self._prose(f"**{self._text_title}**", where), *prose)
            self._text_title = ""
        what = "This text was taken for a stem of the questions after it."
        self.remark(part.line, Weight.DOUBT, what, plain(prose))
        self._stem = (self.gathering.claim(title_of(prose) or "stem"), prose)

    def _end_group(self, line: int) -> None:
        ids = tuple(self._group or ())
        self._group = self._points_each = None
        members = [each for each in self.gathering.questions if each.id in ids]
        if not members or self._pick >= len(members):
            return
        if self._stem:
            what = "Under a stem, all questions are asked; the group is no pool."
            self.remark(line, Weight.CHANGED, what)
            return
        pool = Pool(
            id=self.gathering.claim("pool"),
            questions=tuple(each.id for each in members),
            pick=self._pick,
        )
        self.gathering.pools.append(pool)

    # Questions

    def end_question(self) -> None:
        draft, self._draft = self._draft, None
        if draft is None:
            return
        where = f"line {draft.line}"
        prose = self._prose(draft.text, where)
        solution = [draft.said[kind] for kind in ("solution", "feedback") if kind in draft.said]
        if draft.kind in {"essay", "upload", ""}:
            whats = {
                "essay": "An essay has no key that a machine could hold, so it stays out.",
                "upload": "A file to hand in cannot be asked for in a chat, so it stays out.",
                "": "This question has neither options nor an answer, so it stays out.",
            }
            quote = " ".join([draft.text, *draft.said.values()])
            self.remark(draft.line, Weight.LOST, whats[draft.kind], quote)
            return
        body = self._body(draft, where)
        body = self._with_common_feedback(draft, body, where)
        points = draft.points if draft.points is not None else self._points_each
        question = Question(
            id=self.gathering.question_id(draft.title, title_of(prose)),
            title=draft.title or title_of(prose) or f"Question on line {draft.line}",
            prose=prose,
            body=body,
            solution=self._prose("\n\n".join(solution), where),
            points=points if points and points > 0 else Fraction(1),
            group=self._stem[0] if self._stem else None,
            stem=self._stem[1] if self._stem else (),
        )
        self.gathering.questions.append(question)
        if self._group is not None:
            self._group.append(question.id)

    def _body(self, draft: _Draft, where: str) -> Choice | Typed:
        match draft.kind:
            case "short":
                answers = [Answer(text=text) for text in draft.short]
                return text_key(answers, where, self.gathering)
            case "number":
                return self._number(draft, where)
            case kind:
                return self._choice(draft, where, several=kind == "boxes")

    def _choice(self, draft: _Draft, where: str, *, several: bool) -> Choice:
        made = options(
            (
                self._prose(text, where),
                Mark.RIGHT if right else Mark.WRONG,
                self._prose(feedback, where),
            )
            for text, right, feedback in draft.options
        )
        rights = sum(right for _, right, _ in draft.options)
        if not rights:
            self.remark(draft.line, Weight.MISSING, "No option is marked as right.")
        if rights > 1 and not several:
            self.remark(draft.line, Weight.DOUBT, "Several options of a single choice are right.")
        made = tuple(replace(each, pinned=speaks_of_all(plain(each.prose))) for each in made)
        return Choice(
            options=made,
            several=several or rights > 1,
            shuffled=self._shuffled,
            # Canvas takes off for each wrong tick, which is what its quizzes do unasked.
            partial=Partial.NET_CORRECT if several else Partial.ALL_OR_NOTHING,
        )

    def _number(self, draft: _Draft, where: str) -> Typed:
        text = draft.number.strip()
        answer = Answer(text=text.replace("_", ""))
        if found := _ENDS.match(text):
            low, high = number(found[1]), number(found[2])
            if low is not None and high is not None and low <= high:
                answer = Answer(text=_decimal((low + high) / 2), tolerance=(high - low) / 2)
        elif found := _MARGIN.match(text):
            value, margin = number(found[1]), number(found[2])
            if value is not None and margin is not None:
                margin = abs(value) * margin / 100 if found[3] else margin
                answer = Answer(text=found[1], tolerance=margin)
        return number_key([answer], where, self.gathering)

    def _with_common_feedback(
        self, draft: _Draft, body: Choice | Typed, where: str
    ) -> Choice | Typed:
        """What is said to whoever is right, or wrong, where nothing else is said."""
        good = self._prose(draft.said.get("if right", ""), where)
        bad = self._prose(draft.said.get("if wrong", ""), where)
        if not good and not bad:
            return body
        if isinstance(body, Typed):
            if bad:
                what = "The feedback for all other answers has no place in a key."
                self.remark(draft.line, Weight.LOST, what, plain(bad))
            lines = (replace(each, feedback=each.feedback or good) for each in body.accepted)
            return replace(body, accepted=tuple(lines))

        def told(option: Option) -> Option:
            common = good if option.mark is Mark.RIGHT else bad
            return replace(option, feedback=option.feedback or common)

        return replace(body, options=tuple(map(told, body.options)))

    def _prose(self, text: str, where: str) -> Prose:
        if not text.strip():
            return ()
        return self.gathering.prose(html_of(text), where, self._read_picture)


def _decimal(fraction: Fraction) -> str:
    return f"{float(fraction):.12g}"
