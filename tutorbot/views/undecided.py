"""The instructor's queue as lines of text."""

from collections.abc import Sequence
from gettext import NullTranslations

from tutorbot.core.undecided import LeftUndecided


def as_text(words: NullTranslations, waiting: Sequence[LeftUndecided]) -> str:
    _ = words.gettext
    if not waiting:
        return _("No answer waits to be decided.")
    return "\n\n".join(_entry(words, each) for each in waiting)


def _entry(words: NullTranslations, each: LeftUndecided) -> str:
    _ = words.gettext
    told = ((_("typed"), each.typed), (_("read"), each.read), (_("key"), each.key))
    width = max(len(label) for label, _text in told)
    head = (
        f"#{each.answer}  {each.at:%Y-%m-%d %H:%M}  {each.learner}  {each.course}/{each.question}"
    )
    return "\n".join((head, *(f"  {label:<{width}}  {_one_line(text)}" for label, text in told)))


def _one_line(text: str) -> str:
    """On a terminal, what somebody typed must neither move the cursor nor hide."""
    return "".join(each if each.isprintable() else " " for each in text)
