"""Reply → messages. The one place that chooses the form of formulas.

Words where they can say it; else what the learner wants: a native rich message, a picture with the
same in its caption, or plain text. What Telegram refuses is said one rung lower.
"""

import hashlib
from collections.abc import Iterator, Set as AbstractSet
from dataclasses import dataclass

from tutorbot.core.actions import FormulaForm, Theme
from tutorbot.core.prose import Choices, Heading, Prose, formulas, pictures
from tutorbot.drawing import unicode
from tutorbot.telegram import callbacks, markup, rich
from tutorbot.telegram.rich import Json
from tutorbot.views.reply import Button, Keyboard, Link, Picture, Reply

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_ALERT = 200
"""UTF-16 units, without tags."""


@dataclass(frozen=True, kw_only=True)
class TextMessage:
    html: str
    keyboard: Json | None = None


@dataclass(frozen=True, kw_only=True)
class RichMessage:
    content: Json
    keyboard: Json | None = None


@dataclass(frozen=True, kw_only=True)
class FormulasPicture:
    """Formulas below each other: the letter of the option that each belongs to (or None), LaTeX."""

    lines: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True, kw_only=True)
class CoursePicture:
    """A file that an author put beside a course."""

    digest: str  # of its content


@dataclass(frozen=True, kw_only=True)
class PhotoMessage:
    picture: FormulasPicture | Picture | CoursePicture
    theme: Theme
    html: str = ""
    keyboard: Json | None = None

    @property
    def digest(self) -> str:
        """Names the picture by what is on it, so that it is drawn and uploaded once."""
        content = f"{_DRAWING} {self.picture!r} {self.theme!r}"
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


Message = TextMessage | RichMessage | PhotoMessage


@dataclass(frozen=True, kw_only=True)
class Composed:
    """At least one message; the last has the keyboard, and is the one to be changed later.

    The pictures of a course come first: where one is refused, the words still say the same.
    """

    messages: tuple[Message, ...]
    form: FormulaForm  # PLAIN also stands for words that lose nothing


def compose(
    reply: Reply,
    *,
    form: FormulaForm,
    theme: Theme,
    refused: AbstractSet[FormulaForm] = frozenset(),
    me: str = "",
) -> Composed:
    """The messages that say ``reply`` in the best form that was not ``refused``.

    ``me`` is the bot's user name, without the ``@``.
    """
    chosen = _form(reply, form, refused)
    shown = () if FormulaForm.PICTURE in refused else _course_pictures(reply.prose)
    return Composed(messages=(*shown, *_messages(reply, chosen, theme, me)), form=chosen)


def alert(reply: Reply) -> str:
    """As much of the words of ``reply`` as an alert has room for."""
    text = "\n\n".join(piece.text for piece in markup.pieces(reply.prose, _spell))
    if markup.units(text) <= LONGEST_ALERT:
        return text
    whole = markup.Piece((markup.Span(text),))
    (first,), *_ = markup.split((whole,), LONGEST_ALERT - len(_AND_MORE))
    return first.text.rstrip() + _AND_MORE


def _messages(reply: Reply, chosen: FormulaForm, theme: Theme, me: str) -> tuple[Message, ...]:
    buttons = keyboard(reply.keyboard, me)
    if chosen is FormulaForm.NATIVE:
        return (RichMessage(content=rich.rich_message(reply.prose), keyboard=buttons),)
    text = markup.pieces(reply.prose, _spell)
    if chosen is FormulaForm.PICTURE:
        picture = reply.picture or FormulasPicture(lines=tuple(_unsayable(reply.prose)))
        if markup.length(text) <= LONGEST_CAPTION:
            photo = PhotoMessage(
                picture=picture, theme=theme, html=markup.html(text), keyboard=buttons
            )
            return (photo,)
        photo = PhotoMessage(picture=picture, theme=theme, html=_short_caption(reply.prose))
        return (photo, *_texts(text, buttons))
    return _texts(text, buttons)


def _course_pictures(prose: Prose) -> tuple[PhotoMessage, ...]:
    return tuple(
        PhotoMessage(picture=CoursePicture(digest=each.file), theme=Theme.LIGHT)
        for each in dict.fromkeys(pictures(prose))
    )


def keyboard(rows: Keyboard, me: str = "") -> Json | None:
    """The buttons below a message; None without any."""
    made = [[_button(button, me) for button in row] for row in rows if row]
    return {"inline_keyboard": made} if made else None


_AND_MORE = " …"
_DRAWING = "1"  # to be raised when the same picture is drawn differently

_LADDER = (FormulaForm.NATIVE, FormulaForm.PICTURE, FormulaForm.PLAIN)


def _form(reply: Reply, form: FormulaForm, refused: AbstractSet[FormulaForm]) -> FormulaForm:
    sayable = all(unicode.say(latex) is not None for latex in formulas(reply.prose))
    if reply.native:
        wanted = FormulaForm.NATIVE
    elif reply.picture:
        wanted = FormulaForm.PICTURE
    else:
        wanted = FormulaForm.PLAIN if sayable else form
    for rung in _LADDER[_LADDER.index(wanted) :]:
        if rung in refused or (rung is FormulaForm.NATIVE and not rich.fits(reply.prose)):
            continue
        if rung is FormulaForm.PICTURE and sayable and reply.picture is None:
            continue  # words can say it: a picture would have nothing on it
        return rung
    return FormulaForm.PLAIN


def _spell(latex: str) -> str:
    said = unicode.say(latex)
    return unicode.plain(latex) if said is None else said


def _unsayable(prose: Prose, letter: str | None = None) -> Iterator[tuple[str | None, str]]:
    """The formulas that words cannot say, each once, with the letter of their option."""
    seen: set[str] = set()
    for block in prose:
        if isinstance(block, Choices):
            for option, body in block.options:
                yield from _unsayable(body, option)
            continue
        for latex in formulas((block,)):
            if unicode.say(latex) is None and latex not in seen:
                seen.add(latex)
                yield letter, latex


def _texts(text: tuple[markup.Piece, ...], buttons: Json | None) -> tuple[TextMessage, ...]:
    *before, last = markup.split(text, LONGEST_TEXT) or ((),)
    return (
        *(TextMessage(html=markup.html(part)) for part in before),
        TextMessage(html=markup.html(last), keyboard=buttons),
    )


def _short_caption(prose: Prose) -> str:
    """The heading, if it has one: the text itself follows in the next message."""
    headings = tuple(block for block in prose if isinstance(block, Heading))
    short = markup.split(markup.pieces(headings[:1], _spell), LONGEST_CAPTION)
    return markup.html(short[0]) if short else ""


def _button(button: Button | Link, me: str) -> Json:
    if isinstance(button, Link):
        return {"text": button.label, "url": f"https://t.me/{me}?start={button.start}"}
    if not button.enabled:
        return {"text": button.label, "disabled": {}}
    return {"text": button.label, "callback_data": callbacks.encode(button.action)}
