"""Decks of Anki: cards with two sides, gaps and options become questions."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from tutorbot.core.course import Choice, Expression, Hint, Kind, Mark, Partial, Question, Typed
from tutorbot.core.prose import Formula, Paragraph, Prose, Text
from tutorbot.courses.importers.anki_collection import (
    Collection,
    Note,
    read_collection,
    unpack,
)
from tutorbot.courses.importers.anki_gaps import Gap, gap_numbers, with_gap
from tutorbot.courses.importers.gathering import (
    Gathering,
    number,
    one_line,
    options,
    slug,
    title_of,
)
from tutorbot.courses.importers.html import LARGEST_HTML
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.packages import (
    LARGEST_PICTURE,
    LARGEST_UNPACKED,
    Archive,
    open_archive,
)

LONGEST_TYPED = 60
"""In characters. A longer other side is to be read, not to be typed."""

MOST_GAPS = 20

OURS = "tutorbot/"
"""How the ids of notes begin that were made from a course; that of the question ends them."""

_OPTION = re.compile(
    r"(?:q|option|opt|choice|distractor|alternative|answer|antwort)[ _-]?([1-9]\d?|[a-l])|([a-l])"
)
_KEYS = (
    "answers",
    "correct answers",
    "correct answer",
    "correct",
    "answer",
    "key",
    "right",
    "richtig",
    "antworten",
)
_QUESTIONS = ("question", "front", "frage", "prompt", "text")
_EXTRA = re.compile(r"back extra|extra(?: \d)?|explanation|notes?|sources?|comments?|solution")
_HINTS = re.compile(r"hints?(?: \d)?")
_TOLD_BY_US = frozenset({"Title", "Right", "Told"})  # what the other fields say, for who reads
_PLACES = re.compile(r"\{\{(?:[^{}:]{0,40}:)*([^{}:#^/]{1,80})\}\}")
_SOUND = re.compile(r"\[sound:[^\]]{0,200}\]|\[anki:play:[^\]]{0,40}\]")
_TAG = re.compile(r"<[^<>]{0,500}>")
_BREAK = re.compile(r"<br\s*/?>|</?div>|</?p>", re.IGNORECASE)
_DOLLARS = re.compile(r"(?<!\\)\$([^$]{1,2000})(?<!\\)\$")
_KPRIM, _SINGLE = "0", "2"


def read(content: bytes, name: str) -> Imported | NotImported:
    """The course that a deck makes; ``name`` is the name of the file."""
    archive = open_archive(content)
    if isinstance(archive, NotImported):
        return archive
    return read_archive(archive, name)


def read_archive(archive: Archive, name: str) -> Imported | NotImported:
    """The course that the deck in an open package makes."""
    collection = read_collection(archive)
    if isinstance(collection, NotImported):
        return collection
    if not collection.notes:
        return NotImported(what="The deck has no notes: export one with cards in it.")
    reader = _Reader(Gathering(name=name), archive, collection)
    for note in collection.notes:
        reader.read(note)
    return reader.gathering.imported(title=collection.deck)


@dataclass(frozen=True, kw_only=True)
class _Sides:
    front: str
    back: str
    more: str


class _Reader:
    def __init__(self, gathering: Gathering, archive: Archive, collection: Collection) -> None:
        self.gathering = gathering
        self._archive, self._media = archive, collection.media
        self._pictures: dict[str, bytes] = {}  # by the names of their members
        self._number = 0
        self._where = ""

    def read(self, note: Note) -> None:
        self._number += 1
        if any(len(value) > LARGEST_HTML for value in note.values):
            self._where = f"note {self._number}"
            self._note(Weight.LOST, "One of its fields is too long, so it stays out.")
            return
        first = one_line(_plain(note.values[0] if note.values else ""), 40)
        self._where = f"note {self._number} “{first}”"
        fields = dict(
            zip((each.casefold().strip() for each in note.kind.fields), note.values, strict=False)
        )
        choices = _options_of(fields)
        if choices:
            self._choice(note, fields, choices)
        elif note.kind.is_cloze:
            self._gaps(note)
        else:
            self._card(note)

    # Kinds of notes

    def _choice(
        self, note: Note, fields: Mapping[str, str], choices: Sequence[tuple[str, str]]
    ) -> None:
        texts = [text for _, text in choices if _plain(text) or "<img" in text]
        keys = [each for each in _KEYS if each in fields and each not in dict(choices)]
        key = _plain(fields[keys[0]]) if keys else ""
        right = _right(key, texts)
        qtype = next((_plain(fields[each]) for each in fields if each.startswith("qtype")), "")
        several = qtype not in {"", _SINGLE} or len(right) > 1
        feedback = [
            self._prose(fields.get(f"feedback_{place}", "")) for place in range(1, len(texts) + 1)
        ]
        if not right:
            self._note(Weight.MISSING, "Its key does not say which option is right.", key)
        question = next((fields[each] for each in _QUESTIONS if _plain(fields.get(each, ""))), "")
        if not question:
            question = next(iter(fields.values()), "")
        self._keep(
            note,
            question,
            Choice(
                options=options(
                    (self._prose(text), Mark.RIGHT if place in right else Mark.WRONG, told)
                    for place, (text, told) in enumerate(zip(texts, feedback, strict=True))
                ),
                several=several,
                partial=Partial.EACH_DECISION if qtype == _KPRIM else Partial.ALL_OR_NOTHING,
            ),
            title=fields.get("title", ""),
            more="".join(
                f"<p>{text}</p>" for name, text in fields.items() if _EXTRA.fullmatch(name)
            ),
        )

    def _gaps(self, note: Note) -> None:
        text = note.values[0] if note.values else ""
        more = "".join(f"<p>{value}</p>" for value in note.values[1:])
        numbers = gap_numbers(text)
        if not numbers or len(numbers) > MOST_GAPS:
            self._note(Weight.LOST, f"It has no gaps, or over {MOST_GAPS}, so it stays out.", text)
            return
        if len(numbers) > 1:
            self.gathering.often(
                Weight.CHANGED, self._where, "Each of its gaps became a question of its own."
            )
        for place, gap in enumerate(numbers, start=1):
            html, gaps = with_gap(text, gap)
            self._keep(
                note,
                html,
                self._typed(", ".join(each.answer for each in gaps)),
                gap=place if len(numbers) > 1 else None,
                hints=_hints(gaps),
                more=more,
            )

    def _card(self, note: Note) -> None:
        sides = _sides(note)
        if not _plain(sides.front) and "<img" not in sides.front:
            self._note(Weight.LOST, "Its front is empty, so it stays out.", sides.back)
            return
        if len(note.kind.templates) > 1:
            what = "Only the first of its cards is carried, front to back."
            self.gathering.often(Weight.CHANGED, self._where, what)
        body = self._typed(sides.back)
        title = dict(zip(note.kind.fields, note.values, strict=False)).get("Title", "")
        more = (sides.back if not body.accepted else "") + sides.more
        self._keep(
            note, sides.front, body, title=title if note.guid.startswith(OURS) else "", more=more
        )

    def _typed(self, html: str) -> Typed:
        """What is to be typed, if the other side is short enough for that."""
        prose = self._prose(html)
        short = _plain(html)
        is_plain = all(
            isinstance(block, Paragraph)
            and not any(isinstance(part, Formula) for part in block.line)
            for block in prose
        )
        if not short or not is_plain or len(short) > LONGEST_TYPED or len(prose) != 1:
            what = (
                "Its other side is too long or too rich to type, so it is the solution: give a key."
            )
            self.gathering.often(Weight.MISSING, self._where, what)
            return Typed(kind=Kind.TEXT, accepted=())
        what = "Its other side is to be typed, word by word: add what else is right."
        self.gathering.often(Weight.CHANGED, self._where, what)
        is_number = number(short) is not None
        return Typed(
            kind=Kind.NUMBER if is_number else Kind.TEXT,
            accepted=(Expression(text=short.replace("`", "'")),),
        )

    # What all of them have

    def _keep(
        self,
        note: Note,
        html: str,
        body: Choice | Typed,
        *,
        title: str = "",
        gap: int | None = None,
        hints: tuple[Hint, ...] = (),
        more: str = "",
    ) -> None:
        prose = self._prose(html)
        title = one_line(_plain(title)) or title_of(prose) or f"Note {self._number}"
        known = note.guid.rpartition("/")[2] if note.guid.startswith(OURS) else ""
        wish = slug(known or title) or "note"
        self.gathering.questions.append(
            Question(
                id=self.gathering.question_id(f"{wish}-{gap}" if gap else wish),
                title=f"{title} ({gap})" if gap else title,
                prose=prose,
                body=body,
                hints=(*hints, *self._own_hints(note)),
                solution=self._prose(more),
                skills=tuple(dict.fromkeys(found for each in note.tags if (found := slug(each)))),
            )
        )

    def _own_hints(self, note: Note) -> tuple[Hint, ...]:
        """Fields that hold hints, each of which may stand in a block of its own."""
        found = [
            self._prose(part)
            for name, value in zip(note.kind.fields, note.values, strict=False)
            if _HINTS.fullmatch(name.casefold())
            for part in value.removeprefix("<div>").removesuffix("</div>").split("</div><div>")
        ]
        return tuple(Hint(prose=prose) for prose in found if prose)

    def _prose(self, html: str) -> Prose:
        if _SOUND.search(html):
            self.gathering.often(Weight.LOST, self._where, "Sounds cannot be heard in a question.")
            html = _SOUND.sub("", html)
        return self.gathering.prose(_with_tex(html), self._where, self._picture)

    def _picture(self, address: str) -> bytes | None:
        """The picture, unpacked once for all cards that show it."""
        member = self._media.get(address)
        if member and member not in self._pictures:
            content = self._archive.read(member) or b""
            self._pictures[member] = unpack(content, LARGEST_PICTURE) or content
            if sum(map(len, self._pictures.values())) > LARGEST_UNPACKED:
                self._pictures[member] = b""
        return self._pictures[member] if member else None

    def _note(self, weight: Weight, what: str, quote: str = "") -> None:
        self.gathering.remark(weight, self._where, what, _plain(quote))


def _sides(note: Note) -> _Sides:
    """What the first card shows on its front, what is asked for, and what else its back shows."""
    told = _TOLD_BY_US if note.guid.startswith(OURS) else frozenset[str]()
    fields = {
        name: value
        for name, value in zip(note.kind.fields, note.values, strict=False)
        if name not in told and not _HINTS.fullmatch(name.casefold())
    }
    values = list(note.values)
    if not note.kind.templates:
        return _Sides(front=values[0], back="".join(values[1:2]), more="".join(values[2:]))
    template = note.kind.templates[0]
    front = [each for each in dict.fromkeys(_PLACES.findall(template.front)) if each in fields]
    typed = [name for name in front if f"type:{name}}}}}" in template.front]
    front = [name for name in front if name not in typed]
    back = [each for each in dict.fromkeys(_PLACES.findall(template.back)) if each in fields]
    back = [*typed, *(name for name in back if name not in (*front, *typed))]
    if not front:
        front, back = list(fields)[:1], list(fields)[1:]
    rest = [name for name in fields if name not in (*front, *back) and _plain(fields[name])]
    return _Sides(
        front=_paragraphs(fields[name] for name in front),
        back=fields[back[0]] if back else "",
        more=_paragraphs(fields[name] for name in (*back[1:], *rest)),
    )


def _options_of(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """The fields that hold options, in their order; none where there are fewer than two."""
    found = [
        (name, text)
        for name, text in fields.items()
        if _OPTION.fullmatch(name) and (_plain(text) or "<img" in text)
    ]
    return found if len(found) > 1 else []


def _right(key: str, texts: Sequence[str]) -> frozenset[int]:
    """The places of the right options, however the key says it: ``1 0 0 1``, ``B, D``, ``2``."""
    words = re.findall(r"\w+", key)
    flags = [each for each in words if each in {"0", "1"}]
    if len(flags) == len(words) >= len(texts) > 1:
        return frozenset(place for place, flag in enumerate(flags[: len(texts)]) if flag == "1")
    same = [
        place for place, text in enumerate(texts) if _plain(text).casefold() == key.casefold() != ""
    ]
    if same:
        return frozenset(same)
    letters = {chr(ord("a") + place): place for place in range(len(texts))}
    numbers = {str(place + 1): place for place in range(len(texts))}
    known = [{**letters, **numbers}.get(each.casefold()) for each in words]
    return (
        frozenset(each for each in known if each is not None) if None not in known else frozenset()
    )


def _hints(gaps: Sequence[Gap]) -> tuple[Hint, ...]:
    found = dict.fromkeys(_plain(each.hint) for each in gaps)
    return tuple(Hint(prose=(Paragraph((Text(each),)),)) for each in found if each)


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<div>{text}</div>" for text in texts if text.strip())


def _with_tex(html: str) -> str:
    """The marks that Anki has for formulas as the delimiters of MathJax."""
    html = _between(html, "[latex]", "[/latex]", _tex)
    html = _between(html, "[$$]", "[/$$]", lambda body: rf"\[{_unbroken(body)}\]")
    return _between(html, "[$]", "[/$]", lambda body: rf"\({_unbroken(body)}\)")


def _between(text: str, opening: str, closing: str, change: Callable[[str], str]) -> str:
    """Change what stands between marks, and take those off."""
    written: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0:
        end = text.find(closing, start)
        if end < 0:
            break
        written += (text[at:start], change(text[start + len(opening) : end]))
        at = end + len(closing)
    return "".join((*written, text[at:]))


def _tex(body: str) -> str:
    """LaTeX as a document of its own would have it: words with formulas between dollar signs."""
    body = _unbroken(body).strip()
    for environment in ("displaymath", "math"):
        body = body.replace(f"\\begin{{{environment}}}", "$$").replace(
            f"\\end{{{environment}}}", "$$"
        )
    if body.startswith("$$") or "\\begin" in body or "\\(" in body or "\\[" in body:
        return body
    if "$" in body:
        return _DOLLARS.sub(lambda it: rf"\({it[1]}\)", body)
    return rf"\({body}\)"


def _unbroken(latex: str) -> str:
    return _TAG.sub("", _BREAK.sub(" ", latex.replace("&nbsp;", " ")))


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", _SOUND.sub("", html))).split())
