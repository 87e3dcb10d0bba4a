"""What is told of a mended key: to learners whose score it changed, and to who proposed it."""

from fractions import Fraction
from gettext import NullTranslations

from tutorbot.core.prose import Block, Prose, words as plain
from tutorbot.core.regrading import Marked
from tutorbot.views import local
from tutorbot.views.practice import verdict_line
from tutorbot.views.reply import Reply, Say


def score_changed(
    words: NullTranslations, marked: Marked, *, title: str, paper: str, why: str, kind: str
) -> Say:
    """One message, with the old score, the new one, and the reason."""
    _ = words.gettext
    heads = {
        "correction": _("🔑 The key of a question was corrected"),
        "undo": _("🔑 A correction was taken back"),
        "ruling": _("🔑 An answer of yours was decided"),
    }
    prose: list[Block] = [verdict_line(heads[kind])]
    prose.append(plain(_("“{question}” in “{paper}”.").format(question=title, paper=paper)))
    figures = {
        "old": in_figures(words, marked.old),
        "old_of": in_figures(words, marked.old_out_of),
        "new": in_figures(words, marked.new),
        "of": in_figures(words, marked.out_of),
    }
    if marked.old is None:
        said = _("Your answer had no points yet; now it has {new} of {of}.")
    elif marked.new is None:
        said = _("Your answer had {old} of {old_of} points; now it waits to be decided.")
    elif not marked.out_of:
        said = _("Your answer had {old} of {old_of} points; now the question counts for nobody.")
    elif not marked.old_out_of:
        said = _("The question counted for nobody; now your answer has {new} of {of} points.")
    else:
        said = _("Your answer had {old} of {old_of} points; now it has {new} of {of}.")
    prose.append(plain(said.format(**figures)))
    if said_why := why_mended(words, why):
        prose.append(plain(_("Why: {reason}").format(reason=said_why)))
    prose.append(plain(_("Your streak stays as it is.")))
    return Say(reply=Reply(prose=tuple(prose)))


def proposal_decided(words: NullTranslations, *, title: str, paper: str, refused: bool) -> Say:
    """Tell who proposed a correction that it was applied, or refused."""
    _ = words.gettext
    head = _("🔑 The correction that you proposed was applied")
    thanks: Prose = ()
    if refused:
        head = _("🔑 The correction that you proposed was not taken up")
        thanks = (plain(_("Thank you for it all the same: the authors have looked at it.")),)
    where = _("“{question}” in “{paper}”.").format(question=title, paper=paper)
    return Say(reply=Reply(prose=(verdict_line(head), plain(where), *thanks)))


def in_figures(words: NullTranslations, points: Fraction | None) -> str:
    return local.number(words, float(points or 0))


def why_mended(words: NullTranslations, why: str) -> str:
    """Why a key was mended: as typed, or in the words of the tap that said it."""
    _ = words.gettext
    said = {
        "~w": _("The key was wrong."),
        "~s": _("More than one answer is right."),
        "~u": _("The question was unclear."),
    }
    return said.get(why, why)
