"""What an importer of packages gathers on its way: questions, remarks, pictures and ids."""

import hashlib
import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import PurePosixPath
from urllib.parse import unquote

from tutorbot.core.course import Choice, Course, Mark, Option, Pool, Question
from tutorbot.core.ids import CourseId, OptionId, QuestionId
from tutorbot.core.prose import (
    Block,
    Bullets,
    Choices,
    Display,
    Formula,
    Heading,
    Line,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Text,
    Verbatim,
)
from tutorbot.courses.importers.html import read_html
from tutorbot.courses.importers.imported import Imported, Remark, Weight
from tutorbot.courses.importers.mathml import with_latex
from tutorbot.courses.importers.packages import LARGEST_PICTURE, LARGEST_UNPACKED
from tutorbot.courses.lines import ID, LONGEST_ID
from tutorbot.courses.prose import plain, tidy
from tutorbot.courses.wording import speaks_of_all

MOST_REMARKS = 2_000

_LONGEST_QUOTE = 200
_LONGEST_TITLE = 70
_PLACES_NAMED = 3
_MOST_DIGITS = 15
_LONGEST_NUMBER = 40
_GENERATED = re.compile(r"\d*|[a-z]{0,2}[0-9a-f]{12,}|.*[0-9a-f]{16,}.*")
_HOLE = re.compile(r"\{\{(\s*([A-Za-z]\w*)\s*)\}\}")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_EMBEDDED = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=]+)")
_KINDS = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"))

Read = Callable[[str], bytes | None]
"""From the address of a picture to its content."""


@dataclass(kw_only=True)
class Gathering:
    """Everything that goes into the course, and all that a person should know about it."""

    name: str
    questions: list[Question] = field(default_factory=list[Question])
    pools: list[Pool] = field(default_factory=list[Pool])
    pictures: dict[str, bytes] = field(default_factory=dict[str, bytes])
    _remarks: list[Remark] = field(default_factory=list[Remark])
    _often: dict[tuple[Weight, str], list[str]] = field(
        default_factory=dict[tuple[Weight, str], list[str]]
    )
    _ids: set[str] = field(default_factory=set[str])
    _numbers: dict[str, int] = field(default_factory=dict[str, int])  # the last one of each wish
    _shared: dict[str, str] = field(default_factory=dict[str, str])

    def imported(self, *, title: str = "", lang: str = "", about: Prose = ()) -> Imported:
        """All of it; without a title the course has the name of its file."""
        stem = PurePosixPath(self.name).name.split(".")[0] or "course"
        if not lang:
            self.remark(
                Weight.MISSING, "the file", "It does not say its language; English is assumed."
            )
        self.questions = [self._pinned(each) for each in self.questions]
        course = Course(
            id=CourseId(slug(stem) or "course"),
            title=one_line(title) or one_line(stem.replace("_", " ")),
            lang=lang or "en",
            questions=tuple(self.questions),
            about=about,
            pools=tuple(self.pools),
        )
        return Imported(course=course, remarks=self._all_remarks(), pictures=self.pictures)

    def _pinned(self, question: Question) -> Question:
        """Keep in its place what speaks of the other options, if those are shuffled."""
        body = question.body
        if not isinstance(body, Choice) or not body.shuffled:
            return question
        about = [speaks_of_all(plain(each.prose)) and not each.pinned for each in body.options]
        if not any(about):
            return question
        what = "What speaks of all the options stays in its place when they are shuffled."
        self.often(Weight.CHANGED, f"“{question.id}”", what)
        made = tuple(
            replace(option, pinned=option.pinned or is_about)
            for option, is_about in zip(body.options, about, strict=True)
        )
        return replace(question, body=replace(body, options=made))

    # Remarks

    def remark(self, weight: Weight, where: str, what: str, quote: str = "") -> None:
        quote = one_line(quote, _LONGEST_QUOTE)
        self._remarks.append(Remark(weight=weight, where=where, what=what, quote=quote))

    def often(self, weight: Weight, where: str, what: str) -> None:
        """Like `remark`, for what may be the same in every question: told once for all of them."""
        places = self._often.setdefault((weight, what), [])
        if where not in places:
            places.append(where)

    def _all_remarks(self) -> tuple[Remark, ...]:
        common = [
            Remark(weight=weight, where=_joined(places), what=what)
            for (weight, what), places in self._often.items()
        ]
        found = [*dict.fromkeys(self._remarks), *common]
        if len(found) > MOST_REMARKS:
            more = f"There are {len(found) - MOST_REMARKS:,} further remarks, which are not listed."
            last = Remark(weight=Weight.DOUBT, where="the file", what=more)
            found = [*found[:MOST_REMARKS], last]
        return tuple(found)

    # Ids

    def claim(self, *wishes: str) -> str:
        """An id that nobody has: the first wish that makes one, numbered if it is taken."""
        wish = next((found for each in wishes if (found := slug(each))), "q")
        found, number = wish, self._numbers.get(wish, 1)
        while found in self._ids:
            number += 1
            found = f"{wish[: LONGEST_ID - len(str(number)) - 1].rstrip('-.')}-{number}"
        self._ids.add(found)
        self._numbers[wish] = number
        return found

    def claim_once(self, wish: str) -> str:
        """The same id for the same wish: of what several questions share."""
        if wish not in self._shared:
            self._shared[wish] = self.claim(wish, "stem")
        return self._shared[wish]

    def question_id(self, *wishes: str) -> QuestionId:
        return QuestionId(self.claim(*wishes))

    # Prose and pictures

    def prose(
        self,
        html: str,
        where: str,
        read: Read = lambda _: None,
        *,
        names: Iterable[str] = (),
        dollars: bool = False,
    ) -> Prose:
        """What the HTML says; ``names`` are the parameters that may stand in it as ``{{name}}``."""
        if not html.strip():
            return ()
        embedded: dict[str, bytes] = {}

        def set_aside(found: re.Match[str]) -> str:
            name = f"embedded-{len(embedded) + 1}"
            embedded[name] = unpacked(found[1])
            return name

        html = with_latex(_EMBEDDED.sub(set_aside, html))

        def resolve(address: str) -> str | None:
            content = embedded.get(address) or read(unquote(address))
            return None if content is None else self._keep(address, content, where)

        prose, remarks = read_html(html, resolve, where=where, dollars=dollars)
        self._remarks += remarks
        return without_holes(prose, frozenset(names))

    def _keep(self, address: str, content: bytes, where: str) -> str | None:
        """The name under which a picture is kept; none if a chat cannot show it."""
        kind = next((kind for start, kind in _KINDS if content.startswith(start)), None)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            kind = "webp"
        if kind is None:
            self.remark(
                Weight.LOST, where, "A picture is no PNG, JPEG, GIF or WebP, so it stays out."
            )
            return None
        total = sum(map(len, self.pictures.values()))
        if len(content) > LARGEST_PICTURE or total + len(content) > LARGEST_UNPACKED:
            self.remark(Weight.LOST, where, "A picture is too large for a chat, so it stays out.")
            return None
        stem = slug(PurePosixPath(_path(address)).stem) or "picture"
        file = f"{stem}.{kind}"
        if self.pictures.get(file, content) != content:
            file = f"{stem[:30]}-{hashlib.sha256(content).hexdigest()[:8]}.{kind}"
        self.pictures[file] = content
        return file


def slug(text: str) -> str:
    """An id made from words: ``"2. The LSTM's gates"`` gives ``2-the-lstm-s-gates``."""
    text = text.strip()
    if ID.fullmatch(text) and len(text) <= LONGEST_ID:
        return text
    words = re.findall(r"[a-z0-9]+", text[:500].casefold())
    kept = "-".join(words)
    if len(kept) > LONGEST_ID:
        kept = kept[: LONGEST_ID + 1].rpartition("-")[0] or kept[:LONGEST_ID]
    return kept


def own_id(ident: str | None) -> str:
    """The ident, if a person could have given it."""
    ident = ident or ""
    if ID.fullmatch(ident) and len(ident) <= LONGEST_ID and not _GENERATED.fullmatch(ident):
        return ident
    return ""


def one_line(text: str, longest: int = 100) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def title_of(prose: Prose) -> str:
    """The first words of a question, for where it has no name."""
    for block in prose:
        if isinstance(block, Paragraph):
            words = "".join(part.text for part in block.line if isinstance(part, Text))
            if any(sign.isalpha() for sign in words):
                return one_line(words, _LONGEST_TITLE).rstrip(" :.,")
    return ""


def options(
    drafts: Iterable[tuple[Prose, Mark, Prose]], *, wishes: Sequence[str] = ()
) -> tuple[Option, ...]:
    """Options with the ids that are wished, or with ids made from their words as in a course file.

    ``wishes`` has one for each option, an empty one where there is none; or none at all.
    """
    taken: set[str] = set()
    made: list[Option] = []
    for place, (prose, mark, feedback) in enumerate(drafts):
        text = plain(prose)
        words = "-".join(re.findall(r"[a-z0-9]+", text.casefold()))
        if not 0 < len(words) <= LONGEST_ID:
            words = "o-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
        wish = (wishes[place] if wishes else "") or words
        key = wish if wish not in taken else f"{wish[: LONGEST_ID - 5].rstrip('-.')}-{place + 1}"
        taken.add(key)
        made.append(Option(id=OptionId(key), prose=prose, mark=mark, feedback=feedback))
    return tuple(made)


def number(text: str) -> Fraction | None:
    """A number as programs write it, exactly; none if it is no number or an absurd one."""
    text = text.strip().replace("−", "-")
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    return Fraction(text)


def share(fraction: Fraction) -> Fraction:
    """The nearest fraction that a course file can hold."""
    most = 10**_MOST_DIGITS - 1
    if abs(fraction.numerator) <= most and fraction.denominator <= most:
        return fraction
    return fraction.limit_denominator(10**9)


def relative(tolerance: Fraction, answer: Fraction) -> Fraction | None:
    """An absolute tolerance as a share of the answer; none if a course file cannot say it."""
    if tolerance < 0 or (tolerance and not answer):
        return None
    found = share(tolerance / abs(answer)) if tolerance else Fraction(0)
    return found if found < 1 else None


def mapped(prose: Prose, change: Callable[[str], str]) -> Prose:
    """The prose with every run of words and every formula changed, and tidy."""
    return tuple(_mapped(block, change) for block in prose)


def without_holes(prose: Prose, names: frozenset[str]) -> Prose:
    """Set braces apart that would read as a parameter, and are none."""

    def change(text: str) -> str:
        return _HOLE.sub(lambda it: it[0] if it[2] in names else f"{{ {{{it[1]}}} }}", text)

    return mapped(prose, change)


def plain_html(text: str) -> str:
    """Plain text as HTML that reads alike."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    paragraphs = [each.replace("\n", "<br>") for each in re.split(r"\n[ \t]*\n", escaped)]
    return "".join(f"<p>{each}</p>" for each in paragraphs)


def from_files(files: Mapping[str, bytes]) -> Read:
    """A reader of pictures that stand in a table, by name."""
    return lambda address: files.get(PurePosixPath(_path(address)).name)


def unpacked(base64: str) -> bytes:
    """What is written in base 64; nothing if it is damaged."""
    try:
        return b64decode(base64)
    except ValueError:
        return b""


def _path(address: str) -> str:
    return unquote(address.partition("?")[0])


def _joined(places: list[str]) -> str:
    if len(places) <= _PLACES_NAMED:
        return ", ".join(places)
    return f"{', '.join(places[:_PLACES_NAMED])} and {len(places) - _PLACES_NAMED} more"


def _mapped(block: Block, change: Callable[[str], str]) -> Block:
    def lines(several: Iterable[Line]) -> tuple[Line, ...]:
        return tuple(map(line, several))

    def line(one: Line) -> Line:
        return tidy(
            replace(part, text=change(part.text))
            if isinstance(part, Text)
            else Formula(change(part.latex))
            for part in one
        )

    match block:
        case Display(latex):
            return Display(change(latex))
        case Verbatim(text):
            return Verbatim(change(text))
        case Picture(file, words):
            return Picture(file, change(words))
        case Heading(one) | Paragraph(one):
            return replace(block, line=line(one))
        case Bullets(items):
            return replace(block, items=lines(items))
        case Quote(several):
            return Quote(lines(several))
        case Choices(found):
            return Choices(tuple((letter, mapped(body, change)) for letter, body in found))
