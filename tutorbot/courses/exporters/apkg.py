"""A deck of Anki: one card for each question and variant, with ids that stay.

Whoever imports a newer deck gets the cards updated that changed, and keeps what was learned.
"""

import hashlib
import io
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Any

import genanki  # pyright: ignore[reportMissingTypeStubs] -- it ships none

from tutorbot.core.course import Choice, Course, Mark, Partial, Question
from tutorbot.core.prose import Prose
from tutorbot.courses.exporters.exported import Exported
from tutorbot.courses.exporters.flat import Flat, Remarks, flattened
from tutorbot.courses.exporters.html import mathjax, pictures_in, to_html
from tutorbot.courses.importers.apkg import OURS

MOST_OPTIONS = 12

_CHOICE_ID, _TYPED_ID = 1_716_300_001, 1_716_300_002
"""Of the kinds of notes. Anki knows them by these, so they never change."""

_KPRIM, _SEVERAL, _SINGLE = "0", "1", "2"
_STYLE = """
.card { font-family: sans-serif; font-size: 18px; line-height: 1.5; text-align: left;
  max-width: 40em; margin: 1em auto; padding: 0 1em; }
.card pre, .card code { font-family: monospace; }
.card img { max-width: 100%; }
.right { border-left: 4px solid #2a7; padding-left: .8em; }
.told { opacity: .8; }
"""
_NUMBERS = range(1, MOST_OPTIONS + 1)
_OPTIONS = "".join(f"{{{{#Q_{n}}}}}<li>{{{{Q_{n}}}}}</li>{{{{/Q_{n}}}}}" for n in _NUMBERS)
_TOLD = "".join(
    f"{{{{#Feedback_{n}}}}}<li value={n}>{{{{Feedback_{n}}}}}</li>{{{{/Feedback_{n}}}}}"
    for n in _NUMBERS
)
_HINT = "{{#Hints}}<p>{{hint:Hints}}</p>{{/Hints}}"
_SOLUTION = "{{#Solution}}<hr>{{Solution}}{{/Solution}}"


def export(course: Course, pictures: Mapping[str, bytes]) -> Exported:
    remarks = Remarks()
    deck: Any = genanki.Deck(_deck_id(course), course.title)
    used: set[str] = set()
    for flat in flattened(course, remarks):
        question = flat.question
        proses = [question.prose, question.solution, question.worked]
        proses += [hint.prose for hint in question.hints]
        if isinstance(question.body, Choice):
            proses += [
                prose for each in question.body.options for prose in (each.prose, each.feedback)
            ]
        else:
            proses += [each.feedback for each in (*question.body.accepted, *question.body.mistaken)]
        for prose in proses:
            for picture in pictures_in(prose):
                if picture.file in pictures:
                    used.add(picture.file)
                else:
                    remarks.say(flat.origin, f"The picture {picture.file} is missing.")
        if isinstance(question.body, Choice) and len(question.body.options) > MOST_OPTIONS:
            remarks.say(flat.origin, f"It has over {MOST_OPTIONS} options, so it stays out.")
            continue
        deck.add_note(_note(course, flat, remarks))
    if course.pools:
        remarks.say("the course", "All questions of a pool are in the deck.")
    return Exported(
        name=f"{course.id}.apkg",
        content=_packed(deck, {name: pictures[name] for name in sorted(used)}),
        remarks=remarks.all(),
    )


def _packed(deck: Any, pictures: Mapping[str, bytes]) -> bytes:  # noqa: ANN401 - genanki is untyped
    package: Any = genanki.Package(deck)
    stream = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        for name, content in pictures.items():
            path = Path(folder) / name
            path.write_bytes(content)
            package.media_files.append(str(path))
        package.write_to_file(stream)
    return stream.getvalue()


def _note(course: Course, flat: Flat, remarks: Remarks) -> Any:  # noqa: ANN401 - genanki is untyped
    question = flat.question
    if question.points != 1:
        remarks.say(flat.origin, "Points are not given in Anki.")
    if any(hint.cost for hint in question.hints):
        remarks.say(flat.origin, "Hints cost nothing in Anki.")
    if question.worked:
        remarks.say(flat.origin, "The worked example stands before the solution.")
    if isinstance(question.body, Choice):
        fields = _choice(question, question.body, flat, remarks)
        model = _model(_CHOICE_ID, "tutorbot: options", tuple(fields), _CHOICE_FRONT, _CHOICE_BACK)
    else:
        fields = _typed(question, flat, remarks)
        model = _model(_TYPED_ID, "tutorbot: typed", tuple(fields), _TYPED_FRONT, _TYPED_BACK)
    return genanki.Note(
        model=model,
        fields=list(fields.values()),
        guid=f"{OURS}{course.id}/{question.id}",
        tags=[*question.skills],
    )


_CHOICE_FRONT = f"{{{{Question}}}}<ol>{_OPTIONS}</ol>{_HINT}"
_CHOICE_BACK = (
    f"{{{{Question}}}}<ol>{_OPTIONS}</ol><div class=right>{{{{Right}}}}</div>"
    f"<ol class=told>{_TOLD}</ol>{_SOLUTION}"
)
_TYPED_FRONT = f"{{{{Question}}}}{{{{type:Back}}}}{_HINT}"
_TYPED_BACK = (
    "{{Question}}{{type:Back}}<div class=right>{{Right}}</div><div class=told>{{Told}}</div>"
    + _SOLUTION
)


def _choice(question: Question, choice: Choice, flat: Flat, remarks: Remarks) -> dict[str, str]:
    if any(each.mark is Mark.UNSCORED for each in choice.options):
        remarks.say(flat.origin, "Options that are not scored count as wrong ones.")
    if any(each.tag for each in choice.options):
        remarks.say(flat.origin, "The misconceptions of options and answers are not named.")
    if choice.shuffled:
        remarks.say(flat.origin, "Options stand in their order and are not shuffled.")
    if choice.several and choice.partial is Partial.NET_CORRECT:
        remarks.say(flat.origin, "Answers that are right in part are for the learner to judge.")
    options = [*choice.options, *[None] * (MOST_OPTIONS - len(choice.options))]
    right = [each for each in choice.options if each.mark is Mark.RIGHT]
    kind = _SEVERAL if choice.several else _SINGLE
    if choice.several and choice.partial is Partial.EACH_DECISION:
        kind = _KPRIM
    return {
        "Question": _html(question.prose),
        "Title": escape(question.title, quote=False),
        "QType": kind,
        **{f"Q_{n}": _html(each.prose) if each else "" for n, each in enumerate(options, start=1)},
        "Answers": " ".join("1" if each in right else "0" for each in choice.options),
        "Right": "".join(f"<div>{_html(each.prose)}</div>" for each in right),
        **{
            f"Feedback_{n}": _html(each.feedback) if each else ""
            for n, each in enumerate(options, start=1)
        },
        "Hints": _hints(question),
        "Solution": _solution(question),
    }


def _typed(question: Question, flat: Flat, remarks: Remarks) -> dict[str, str]:
    assert flat.key is not None
    key = flat.key
    if len(key.right) > 1 or key.wrong:
        remarks.say(flat.origin, "Anki compares with the first answer only, and shows the others.")
    if key.tolerance > Fraction(1, 1000):
        remarks.say(flat.origin, "The tolerance of a number is for the learner to judge.")
    first = key.right[0].text if key.right else ""
    unit = f" {key.unit}" if key.unit else ""
    return {
        "Question": _html(question.prose),
        "Title": escape(question.title, quote=False),
        "Back": escape(first + unit, quote=False),
        "Right": "<br>".join(escape(line.text + unit, quote=False) for line in key.right),
        "Told": "".join(
            f"<div><code>{escape(line.text, quote=False)}</code>: {_html(line.feedback)}</div>"
            for line in (*key.right, *key.wrong)
            if line.feedback
        ),
        "Hints": _hints(question),
        "Solution": _solution(question),
    }


def _model(key: int, name: str, fields: Sequence[str], front: str, back: str) -> Any:  # noqa: ANN401 - genanki is untyped
    return genanki.Model(
        key,
        name,
        fields=[{"name": each} for each in fields],
        templates=[{"name": "Card 1", "qfmt": front, "afmt": back}],
        css=_STYLE,
    )


def _hints(question: Question) -> str:
    return "".join(f"<div>{_html(hint.prose)}</div>" for hint in question.hints)


def _solution(question: Question) -> str:
    return _html((*question.worked, *question.solution))


def _html(prose: Prose) -> str:
    return to_html(prose, mathjax, lambda it: it.file)


def _deck_id(course: Course) -> int:
    """The same for the same course, and below what Anki takes for a time."""
    return int.from_bytes(hashlib.sha256(f"{OURS}{course.id}".encode()).digest()[:4], "big") + 2**20
