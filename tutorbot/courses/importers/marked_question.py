"""One question of a marked paper: its words, its options, its key, and what is doubted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tutorbot.core.course import Choice, Dispute, Expression, Hint, Kind, Mark, Question, Typed
from tutorbot.core.ids import OptionId
from tutorbot.core.prose import Prose, words
from tutorbot.courses.importers.gathering import Gathering, Read, number, options, title_of
from tutorbot.courses.importers.imported import Weight
from tutorbot.courses.importers.keyed import Answer, number_key, text_key
from tutorbot.courses.importers.marked_keys import (
    is_bare_statement,
    named_by_texts,
    stated,
    typed_value,
)
from tutorbot.courses.importers.marked_lines import Cut, Row
from tutorbot.courses.importers.marked_options import Split, split_options
from tutorbot.courses.importers.marked_parts import Parts, Value, read_parts
from tutorbot.courses.importers.marked_prose import prose_of_rows, text_of
from tutorbot.courses.importers.marked_words import (
    KIND,
    POINTS,
    POINTS_ALONE,
    POINTS_FIRST,
    SEVERAL,
    STRONG_DOUBT,
    is_label,
    is_noise,
)
from tutorbot.courses.importers.suspicions import names_letters, turned_matrices
from tutorbot.courses.prose import plain
from tutorbot.courses.wording import places_named, speaks_of_all

_LONGEST_ANSWER = 60  # in characters, of a solution that is nothing else
_BY_NUMBER = re.compile(r"\bQ\.?\s?\d{1,3}\b")
_TRUTH = re.compile(r"\W*(true|false)\W*$", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_QUOTIENT = re.compile(r"[+-]?\d+\s*/\s*\d+")
_RANGE = re.compile(
    r"\W{0,3}?(?:between\s+|from\s+)?([+-]?[\d.]+(?:[eE][+-]?\d+)?)"
    r"\s*(?P<sign>,|to|-|–|and|±|\+/-)\s*"
    r"([+-]?[\d.]+(?:[eE][+-]?\d+)?)[\s\])]*$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?*])[ \n]+(?=[A-Z(*“\"$])|\n\s*\n")
_STOP_WORDS = """
    a an the of in on to is are be was were for and or if with by as at it its this that these
    those what which who how why when where do does did we you i one following given consider
    find true false statement statements correct option options select choose would will can
    could should has have from about than then let
"""
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(kw_only=True)
class Item:
    """A question on its way into the course."""

    number: int
    where: str
    question: Question
    parts: Parts
    stem: list[list[Row]] = field(default_factory=list[list[Row]])


def read_question(
    found: Cut, gathering: Gathering, read: Read, *, key: Value | None, is_last: bool
) -> Item:
    """The question as far as its own rows tell; ``key`` is from a table at the end of the paper."""
    return _Reader(found, gathering, read, key=key, is_last=is_last).item()


class _Reader:
    def __init__(
        self, found: Cut, gathering: Gathering, read: Read, *, key: Value | None, is_last: bool
    ) -> None:
        self._found = found
        self._gathering = gathering
        self._read = read
        self._where = f"question {found.number}"
        self._points = Fraction(1)
        self._several = False
        wanted = [typed_value(value.text)[1] for value in _keys_ahead(found.rows)]
        wanted += [key.text] if key else []
        self._split: Split = split_options(found.rows, wanted=wanted)
        self._parts = read_parts(self._split.rest, is_last=is_last)
        self._table = key
        self._points = self._parts.points or self._points
        self._stem = self._without_labels(self._split.stem)
        self._doubts = "\n\n".join(text_of(rows) for rows in self._parts.doubts)

    def item(self) -> Item:
        prose = self._prose(self._stem)
        solution_text = self._without_statements(text_of(self._parts.solution))
        comments = [self._without_statements(text_of(rows)) for rows in self._parts.comments]
        said = self._said()
        body, dispute = self._body(prose, said)
        solution = self._prose_of("\n\n".join(filter(None, [solution_text, *comments])))
        title = title_of(prose) or f"Question {self._found.number}"
        question = Question(
            id=self._gathering.question_id(telling(prose) or f"q{self._found.number}"),
            title=title,
            prose=prose,
            body=body,
            hints=tuple(
                Hint(prose=each) for rows in self._parts.hints if (each := self._prose(rows))
            ),
            solution=solution,
            dispute=dispute,
            points=self._points,
        )
        self._look_closer(question)
        return Item(
            number=self._found.number, where=self._where, question=question, parts=self._parts
        )

    # Words

    def _prose(self, rows: Sequence[Row]) -> Prose:
        return prose_of_rows(rows, self._where, self._gathering, self._read)

    def _prose_of(self, text: str) -> Prose:
        return self._prose([(0, line) for line in text.split("\n")]) if text.strip() else ()

    def _without_labels(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of the question without points, kinds and what a page has added."""
        kept: list[Row] = []
        for line, text in rows:
            if KIND.search(text) or SEVERAL.search(text):
                self._several |= SEVERAL.search(text) is not None
                text = KIND.sub(" ", text)  # noqa: PLW2901 -- the row goes on without it
            if points := POINTS_ALONE.match(text):
                self._points = Fraction(points["points"]) or Fraction(1)
                continue
            points = POINTS.search(text)
            if points:
                self._points = Fraction(points["points"]) or Fraction(1)
                text = text[: points.start()]  # noqa: PLW2901 -- the row goes on without it
                if text.count("**") % 2:
                    text += "**"  # noqa: PLW2901 -- the row goes on without it
            elif not kept and (points := POINTS_FIRST.match(text)):
                self._points = Fraction(points["points"]) or Fraction(1)
                text = text[points.end() :]  # noqa: PLW2901 -- the row goes on without it
            elif is_noise(text):
                self._parts.noise.append((line, text))
                continue
            kept.append((line, text))
        return kept

    def _without_statements(self, text: str) -> str:
        """A solution without the sentences that only name an option, which the key now says."""
        kept: list[str] = []
        at = 0
        edges = [*(each.span() for each in _SENTENCE.finditer(text)), (len(text), len(text))]
        for start, end in edges:
            sentence = text[at:start]
            if self._split.options and is_bare_statement(sentence, self._split.options):
                what = "A solution names the right option by its letter; the key now says so."
                self._gathering.remark(Weight.CHANGED, self._where, what, sentence)
                if "\n\n" in text[start:end]:
                    kept.append("\n\n")
            else:
                kept.append(text[at:end])
            at = end
        return "".join(kept).strip()

    # The key

    def _said(self) -> list[str]:
        """The sentences that may say which option is right."""
        texts = [self._parts.solution, *self._parts.comments]
        return [each for rows in texts for each in _SENTENCE.split(text_of(rows))]

    def _body(self, prose: Prose, said: Sequence[str]) -> tuple[Choice | Typed, Dispute | None]:
        values = list(self._parts.keys) + ([self._table] if self._table else [])
        if not values and not self._split.options:
            values = self._short_solution()
        if self._split.options:
            return self._choice(values, said)
        truth = next((each for value in values if (each := _TRUTH.match(value.text))), None)
        asks_truth = re.search(r"true\s*(?:/|or)\s*false", plain(prose), re.IGNORECASE)
        if truth or (asks_truth and not values):
            return self._truth(truth[1].casefold() if truth else None)
        return self._typed(values), self._dispute((), "")

    def _short_solution(self) -> list[Value]:
        """A solution of a word or a number, which is then the answer."""
        text = text_of(self._parts.solution)
        if not text or "\n" in text or len(text) > _LONGEST_ANSWER:
            return []
        self._remark(Weight.DOUBT, "The solution is short, so it was taken for the answer.", text)
        return [Value(line=0, text=text)]

    def _choice(
        self, values: Sequence[Value], said: Sequence[str]
    ) -> tuple[Choice, Dispute | None]:
        drafts = self._split.options
        accepted, strange = named_by_texts([typed_value(each.text)[1] for each in values], drafts)
        for value in strange:
            self._remark(Weight.DOUBT, "The key says something that is none of the options.", value)
        if accepted.is_guess:
            quote = "; ".join(each.text for each in values)
            self._remark(
                Weight.DOUBT, "The key was matched to an option by its words or place.", quote
            )
        in_words = {place for sentence in said for place in stated(sentence, drafts)}
        marked = {place for place, draft in enumerate(drafts) if draft.is_marked}
        bold = {place for place, draft in enumerate(drafts) if draft.is_bold}
        sources = [set(accepted.places or ()), in_words, marked]
        names = ["the accepted answers", "the solution", "the marks at the options"]
        right = next((source for source in sources if source), set[int]())
        if not right and bold and len(bold) <= max(1, len(drafts) // 2):
            right = bold
            self._remark(Weight.DOUBT, "Options in bold were taken for the right ones.")
        elif bold - right:
            self._remark(Weight.CHANGED, "An option in bold is not right by the key.")
        against: set[int] = set()
        why = ""
        for source, name in zip(sources, names, strict=True):
            if source and source != right:
                against |= source ^ right
                first = names[next(at for at, each in enumerate(sources) if each)]
                why = (
                    f"The paper contradicts itself: by {first} {self._labels(right)} "
                    f"{'are' if len(right) > 1 else 'is'} right, by {name} {self._labels(source)}."
                )
                self._remark(Weight.DOUBT, why)
        if not right:
            self._remark(Weight.MISSING, "No option is marked as right, and there is no key.")
        return self._made_choice(right, against, why)

    def _made_choice(
        self, right: set[int], against: set[int], why: str
    ) -> tuple[Choice, Dispute | None]:
        drafts = self._split.options
        unscored = against if STRONG_DOUBT.search(self._doubts) and right - against else set[int]()
        made = options(
            (
                (
                    self._prose(draft.rows) or (words(draft.label.upper()),),
                    Mark.UNSCORED
                    if place in unscored
                    else Mark.RIGHT
                    if place in right
                    else Mark.WRONG,
                    (),
                )
                for place, draft in enumerate(drafts)
            )
        )
        made = tuple(replace(each, pinned=speaks_of_all(plain(each.prose))) for each in made)
        for draft, option in zip(drafts, made, strict=True):
            if not draft.text().strip():
                self._remark(Weight.MISSING, f"Option {draft.label.upper()} says nothing.")
            if option.pinned:
                what = "An option speaks of all the others, so it stays in its place."
                self._remark(Weight.CHANGED, what, plain(option.prose))
        by_letter = [draft for draft in drafts if names_letters(draft.text())]
        for draft in by_letter:
            what = "An option names others by their letters, so the options keep their order."
            self._remark(Weight.DOUBT, what, draft.text())
        several = len(right) > 1 or self._several or len(unscored) > 0 or self._split.is_ticked
        choice = Choice(options=made, several=several, shuffled=not by_letter)
        return choice, self._dispute([made[place].id for place in sorted(against)], why)

    def _labels(self, places: set[int]) -> str:
        labels = [self._split.options[place].label.upper() for place in sorted(places)]
        return ", ".join(labels)

    def _dispute(self, disputed: Sequence[OptionId], why: str) -> Dispute | None:
        for rows in self._parts.doubts:
            self._remark(Weight.DOUBT, "Someone has doubts about this question.", text_of(rows))
        if not why and not self._parts.doubts:
            return None
        reason: Prose = ()
        if why:
            # The letters mean nothing once options are shuffled; the remark has them.
            reason = (words("The marks in the paper and its key differ here."),)
        return Dispute(why=(*reason, *self._prose_of(self._doubts)), options=tuple(disputed))

    def _truth(self, right: str | None) -> tuple[Choice, Dispute | None]:
        marks = [Mark.RIGHT if right == each else Mark.WRONG for each in ("true", "false")]
        if right is None:
            self._remark(Weight.MISSING, "It is not said whether this is true.")
        made = options(
            [
                ((words(text),), mark, ())
                for text, mark in zip(("True", "False"), marks, strict=True)
            ]
        )
        return Choice(options=made, shuffled=False), self._dispute((), "")

    def _typed(self, values: Sequence[Value]) -> Typed:
        if not values:
            self._remark(Weight.MISSING, "There are neither options nor an answer.")
            return Typed(kind=Kind.TEXT, accepted=())
        answers = [self._answer(value) for value in values]
        kinds = {typed_value(value.text)[0] for value in values}
        if all(_QUOTIENT.fullmatch(answer.text) for answer in answers):
            accepted = tuple(Expression(text=answer.text) for answer in answers)
            return Typed(kind=Kind.NUMBER, accepted=accepted)
        if not kinds & {"string", "regex match"} and all(
            number(answer.text) is not None for answer in answers
        ):
            return number_key(answers, self._where, self._gathering)
        if any("regex" in kind for kind in kinds):
            self._remark(
                Weight.DOUBT, "The answer is a pattern; it was taken as it stands.", answers[0].text
            )
        elif any(re.match(r"[+-]?\d", answer.text) for answer in answers):
            what = "The answer begins with a number and was taken as words; a number may be meant."
            self._remark(Weight.DOUBT, what, answers[0].text)
        return text_key(answers, self._where, self._gathering)

    def _answer(self, value: Value) -> Answer:
        kind, text = typed_value(value.text)
        text = re.sub(r"\*\*|__", "", text).strip()
        if (found := _RANGE.match(text)) and (kind == "range" or found["sign"] != ","):
            first, second = number(found[1]), number(found[3])
            around = found["sign"] in {"±", "+/-"}
            if first is not None and second is not None and (around or first <= second):
                middle = first if around else (first + second) / 2
                what = f"A range became {_decimal(middle)} with a tolerance."
                self._remark(Weight.CHANGED, what, value.text)
                half = abs(second) if around else (second - first) / 2
                return Answer(text=_decimal(middle), tolerance=half)
        bare = text.strip("$ ").rstrip(".")
        if _THOUSANDS.fullmatch(bare):
            bare = bare.replace(",", "")
        if number(bare) is not None or _QUOTIENT.fullmatch(bare):
            return Answer(text=bare)
        return Answer(text=text.strip("$ ") if text.count("$") == 2 else text)  # noqa: PLR2004 -- a pair

    # What a person should look at

    def _look_closer(self, question: Question) -> None:
        for what in turned_matrices(plain(question.prose), plain(question.solution)):
            self._remark(Weight.DOUBT, f"The sizes in the solution contradict each other: {what}.")
        if named := _BY_NUMBER.search(plain(question.prose)):
            what = f"“{named[0]}” says nothing when questions come alone; say what it refers to."
            self._remark(Weight.DOUBT, what)
        asked = [question.prose, question.solution, *(hint.prose for hint in question.hints)]
        for phrase in dict.fromkeys(
            phrase for prose in asked for phrase in places_named(plain(prose))
        ):
            what = f"“{phrase}” says nothing once options are shuffled; say what it says instead."
            self._remark(Weight.DOUBT, what)

    def _remark(self, weight: Weight, what: str, quote: str = "") -> None:
        self._gathering.remark(weight, self._where, what, quote)


def _keys_ahead(rows: Sequence[Row]) -> list[Value]:
    """The values of the keys, looked for before the options are known."""
    first = next((at for at, (_, text) in enumerate(rows) if at and is_label(text)), None)
    return [] if first is None else read_parts(rows[first:], is_last=True).keys


def telling(prose: Prose) -> str:
    """A few telling words, for an id."""
    found = re.findall(r"[a-z0-9]+", plain(prose).casefold())
    kept = [word for word in found if word not in _STOP and (len(word) > 1 or word.isdigit())]
    return "-".join(kept[:5])[:40].strip("-")


def _decimal(fraction: Fraction) -> str:
    return f"{float(fraction):.12g}"
