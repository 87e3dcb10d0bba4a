"""Reviews in words, and the help beyond hints."""

from gettext import NullTranslations

from tutorbot.core.actions import ListCourses, Next, OpenCourse, Review, ShowProgress
from tutorbot.core.course import Choice, Mark
from tutorbot.core.practice import (
    AnotherFinished,
    LessonGiven,
    NothingDue,
    Posed,
    ReviewFinished,
    SiblingShown,
    Solved,
)
from tutorbot.core.prose import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Prose,
    Style,
    Text,
    words as plain,
)
from tutorbot.core.review import Coming
from tutorbot.views import local
from tutorbot.views.further import another_button
from tutorbot.views.practice import laid_to_rest
from tutorbot.views.reply import Button, Keyboard, Reply, Say, Toast, Utterance
from tutorbot.views.streaks import streak_line


def nothing_due(words: NullTranslations, outcome: NothingDue) -> tuple[Utterance, ...]:
    _ = words.gettext
    if outcome.coming is None:
        said = _(
            "There is nothing to review yet. What you answer comes back here, just before you"
            " would forget it."
        )
        keyboard: Keyboard = ((Button(label=_("Papers"), action=ListCourses()),),)
        return (Say(reply=Reply(prose=(plain(said),), keyboard=keyboard)),)
    prose = (
        _bold(_("🌿 Nothing more to review today.")),
        plain(coming_line(words, outcome.coming)),
    )
    return (Say(reply=Reply(prose=prose, keyboard=_onwards(words, outcome.new))),)


def coming_line(words: NullTranslations, coming: Coming) -> str:
    if coming.days <= 1:
        return words.ngettext(
            "Next: {count} question tomorrow.", "Next: {count} questions tomorrow.", coming.count
        ).format(count=coming.count)
    when = words.ngettext("in {days} day", "in {days} days", coming.days).format(days=coming.days)
    return words.ngettext(
        "Next: {count} question {when}.", "Next: {count} questions {when}.", coming.count
    ).format(count=coming.count, when=when)


def review_finished(words: NullTranslations, outcome: ReviewFinished) -> tuple[Utterance, ...]:
    _ = words.gettext
    first = sum(each.first_right for each in outcome.results)
    later = sum(each.ever_right and not each.first_right for each in outcome.results)
    said = words.ngettext(
        "You knew {first} of {of} question at once.",
        "You knew {first} of {of} questions at once.",
        outcome.of,
    ).format(first=first, of=outcome.of)
    if later:
        more = words.ngettext(
            "{later} more came back to you.", "{later} more came back to you.", later
        )
        said = f"{said} {more.format(later=later)}"
    prose: list[Block] = [Heading((Text(_("🌿 That was your review for today.")),)), plain(said)]
    open_ones = [each for each in outcome.results if not each.ever_right]
    if open_ones:
        prose.append(plain(_("These come again soon:")))
        prose.append(Bullets(tuple((Text(each.title),) for each in open_ones)))
    prose += stuck_prose(words, outcome.stuck)
    if outcome.coming is not None:
        prose.append(plain(coming_line(words, outcome.coming)))
    prose.append(plain(streak_line(words, outcome.streak)))
    asked = Say(reply=Reply(prose=tuple(prose), keyboard=_onwards(words, outcome.new)))
    return (asked, *laid_to_rest(outcome.left))


def stuck_prose(words: NullTranslations, stuck: tuple[str, ...]) -> Prose:
    """Where more of the same does not help, something else might."""
    if not stuck:
        return ()
    _ = words.gettext
    said = _(
        "{skills} is a tough one, and you have given it a lot. Try it another way next time: open"
        " a hint before you answer, look at a solved one, or begin with an easier paper."
    )
    return (plain(said.format(skills=local.listed(words, tuple(map(skill_name, stuck))))),)


def another_finished(words: NullTranslations, outcome: AnotherFinished) -> tuple[Utterance, ...]:
    _ = words.gettext
    keyboard: Keyboard = ((Button(label=_("Papers"), action=ListCourses()),),)
    if outcome.review:
        keyboard = ((Button(label=_("▶ Back to the review"), action=Review()),),)
    elif outcome.back is not None:
        label = _("▶ Back to {title}").format(title=_short(outcome.back.title))
        keyboard = ((Button(label=label, action=OpenCourse(outcome.back.course)),),)
    return (
        Say(reply=Reply(prose=(plain(_("Done. On from where you left off:")),), keyboard=keyboard)),
        *laid_to_rest(outcome.left),
    )


def sibling_shown(words: NullTranslations, outcome: SiblingShown) -> tuple[Utterance, ...]:
    _ = words.gettext
    if outcome.solved is None:
        return (Toast(text=_("There is none like it here, sorry.")),)
    prose = solved_prose(words, outcome.solved)
    return (Say(reply=Reply(prose=prose, keyboard=_after_help(words, outcome.posed))),)


def lesson_given(words: NullTranslations, outcome: LessonGiven) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose: list[Block] = [Heading((Text(_("🧩 A closer look")),))]
    prose += outcome.feedback or (
        plain(_("This slip has come up a few times. Here is one, step by step.")),
    )
    if outcome.solved is not None:
        prose += solved_prose(words, outcome.solved)
    said = Reply(prose=tuple(prose), keyboard=_after_help(words, outcome.posed))
    return (Say(reply=said),)


def solved_prose(words: NullTranslations, solved: Solved) -> Prose:
    """The question, the right options where there are any, and the solution."""
    _ = words.gettext
    question, body = solved.question, solved.question.body
    title = (
        _("👣 The same with other numbers, solved") if solved.same else _("👣 One like it, solved")
    )
    prose: list[Block] = [_bold(title), *question.stem, *question.prose]
    if isinstance(body, Choice):
        for option in body.options:
            if option.mark is Mark.RIGHT:
                prose += option.prose
    prose += [_bold(_("📖 Solution")), *question.solution]
    return tuple(prose)


def skill_name(skill: str) -> str:
    """A skill as one would say it.

    >>> skill_name("rnn.hidden-size")
    'rnn · hidden size'
    """
    return skill.replace("-", " ").replace(".", " · ")


def _after_help(words: NullTranslations, posed: Posed) -> Keyboard:
    _ = words.gettext
    row: list[Button] = []
    if len(posed.question.variants) > 1 and posed.solution_due and posed.rule.aside:
        row.append(another_button(words, posed))
    label = _("Next ▸") if posed.number < posed.of else _("Finish 🏁")
    return ((*row, Button(label=label, action=Next(posed.attempt))),)


def _onwards(words: NullTranslations, new: int) -> Keyboard:
    _ = words.gettext
    rows: list[tuple[Button, ...]] = []
    if new:
        label = words.ngettext("🌱 {count} new question", "🌱 {count} new questions", new)
        rows.append((Button(label=label.format(count=new), action=Review(new=True)),))
    rows.append(
        (
            Button(label=_("Papers"), action=ListCourses()),
            Button(label=_("📊 Progress"), action=ShowProgress()),
        )
    )
    return tuple(rows)


def _bold(text: str) -> Paragraph:
    return Paragraph((Text(text, Style.BOLD),))


def _short(title: str, limit: int = 40) -> str:
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"
