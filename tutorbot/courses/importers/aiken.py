"""Aiken: a question, its options with letters, and ``ANSWER:`` with the letter of the right one."""

import re
from dataclasses import dataclass, field

from tutorbot.core.course import Choice, Mark, Question
from tutorbot.core.prose import Prose
from tutorbot.courses.importers.gathering import Gathering, Read, options, plain_html, title_of
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.wording import speaks_of_all

LARGEST_TEXT = 2_000_000
"""In characters."""
MOST_QUESTIONS = 5_000

_OPTION = re.compile(r"\s*([A-Z])[.)]\s+(\S.*)")
_ANSWER = re.compile(r"\s*ANSWER:\s*(.*)")
_MOST_OPTIONS = 26  # the letters
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


@dataclass(kw_only=True)
class _Draft:
    line: int
    asked: list[str] = field(default_factory=list[str])
    options: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    answer: str | None = None
    rest: int = 0  # options beyond the alphabet


def read(text: str, name: str, _read_picture: Read = lambda _: None) -> Imported | NotImported:
    """The course in an Aiken file called ``name``. The format has no pictures."""
    if len(text) > LARGEST_TEXT:
        return NotImported(
            what=f"The file has {len(text):,} characters; split it, {LARGEST_TEXT:,} can be read."
        )
    drafts = _drafts(_UNSEEN.sub("", text))
    if not any(draft.options for draft in drafts):
        return NotImported(what="There is no option such as “A. …”, so it is no Aiken file.")
    if len(drafts) > MOST_QUESTIONS:
        return NotImported(
            what=f"The file has {len(drafts):,} questions; {MOST_QUESTIONS:,} can be read."
        )
    gathering = Gathering(name=name)
    for draft in drafts:
        _keep(draft, gathering)
    return gathering.imported()


def _drafts(text: str) -> list[_Draft]:
    drafts: list[_Draft] = []
    draft: _Draft | None = None
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not line.strip():
            continue
        option, answer = _OPTION.match(line), _ANSWER.match(line)
        is_new = draft is None or draft.answer is not None
        if answer and draft and draft.answer is None:
            draft.answer = answer[1].strip()
        elif option and draft and len(draft.options) == _MOST_OPTIONS:
            draft.rest += 1
        elif option and draft and draft.answer is None and draft.asked:
            draft.options.append((option[1], option[2].strip()))
        elif draft and not is_new and draft.options:
            # Words after the options: the answer is missing, or an option goes on.
            letter, said = draft.options[-1]
            draft.options[-1] = (letter, f"{said}\n{line.strip()}")
        else:
            if is_new or draft is None:
                draft = _Draft(line=number)
                drafts.append(draft)
            draft.asked.append(line.strip())
    return drafts


def _keep(draft: _Draft, gathering: Gathering) -> None:
    where = f"line {draft.line}"

    def prose(text: str) -> Prose:
        return gathering.prose(plain_html(text.replace("\n", " ")), where, dollars=True)

    asked = prose("\n".join(draft.asked))
    letters = [letter for letter, _ in draft.options]
    if not draft.options:
        quote = " ".join([*draft.asked, draft.answer or ""])
        gathering.remark(
            Weight.LOST, where, "These words have no options, so they stay out.", quote
        )
        return
    right = (draft.answer or "").strip(" .)")
    if draft.answer is None:
        gathering.remark(Weight.MISSING, where, "There is no ANSWER: line under the options.")
    elif right not in letters:
        what = "The answer names no option."
        gathering.remark(Weight.MISSING, where, what, f"ANSWER: {draft.answer}")
    if letters != [chr(ord("A") + place) for place in range(len(letters))]:
        what = "The letters of the options are not in order."
        gathering.remark(Weight.DOUBT, where, what, ", ".join(letters))
    if any("\n" in said for _, said in draft.options):
        what = "An option has several lines; a question may have been swallowed."
        gathering.remark(Weight.DOUBT, where, what, draft.options[-1][1])
    if draft.rest:
        gathering.remark(Weight.LOST, where, f"{draft.rest:,} options beyond Z stay out.")
    made = options(
        (prose(said), Mark.RIGHT if letter == right else Mark.WRONG, ())
        for letter, said in draft.options
    )
    pinned = any(speaks_of_all(said) for _, said in draft.options)
    gathering.questions.append(
        Question(
            id=gathering.question_id(title_of(asked)),
            title=title_of(asked) or f"Question on line {draft.line}",
            prose=asked,
            body=Choice(options=made, shuffled=not pinned),
        )
    )
