"""Groups in words: a question for all, verdicts for one, the solution, and the table.

The slot of a posted question is ``g7``. What a client gets before a question ends tells nothing of
its key: a button has the number of the question and the place of an option.
"""

from collections.abc import Sequence
from gettext import NullTranslations

from tutorbot.core.actions import (
    AnswerQuiz,
    EndQuiz,
    LeaveTable,
    PostQuiz,
    QuizDone,
    ShowTable,
)
from tutorbot.core.course import Choice, Mark
from tutorbot.core.groups import (
    MOST_IN_TABLE,
    AnsweredBefore,
    MemberAnswered,
    Quiz,
    QuizEnded,
    QuizPosed,
    SolutionForOne,
    Standing,
    Table,
    TableChoice,
    Ticked,
    WhichPaper,
)
from tutorbot.core.practice import LETTERS
from tutorbot.core.prose import (
    Block,
    Choices,
    Heading,
    Paragraph,
    Prose,
    Style,
    Text,
    words as plain,
)
from tutorbot.views import local
from tutorbot.views.practice import (
    dispute,
    feedback,
    how_near,
    in_rows,
    key_in_words,
    news_prose,
    verdict_line,
)
from tutorbot.views.reply import (
    Button,
    Change,
    Keyboard,
    Link,
    Reply,
    Say,
    Toast,
    Utterance,
    Whisper,
)

_START = "group"
"""What the private chat is opened with from a group."""


def welcome(words: NullTranslations) -> tuple[Utterance, ...]:
    """Say what the bot does, when it is put into a group."""
    _ = words.gettext
    said = _(
        "Hello! /quiz posts a question for all of you. Each answers by a tap, and only they see"
        " what became of it. /table shows how the group does. I hear nothing but commands and taps"
        " here; papers, hints and reviews are in our private chat."
    )
    return (Say(reply=Reply(prose=(plain(said),), keyboard=_private(words))),)


def private_only(words: NullTranslations) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("That is between you and me: open our private chat. Here, /quiz posts a question.")
    return (Say(reply=Reply(prose=(plain(said),), keyboard=_private(words))),)


def only_in_groups(words: NullTranslations) -> tuple[Utterance, ...]:
    """To a command of groups in the private chat."""
    said = words.gettext(
        "That is for groups: add me to one, and /quiz there posts a question for all."
    )
    return (Say(reply=Reply(prose=(plain(said),))),)


def which_paper(words: NullTranslations, outcome: WhichPaper) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("From which paper shall the question be?")
    if outcome.nothing_fits:
        said = _("No question to tap fits these words. From which paper shall it be?")
    rows: list[tuple[Button, ...]] = [
        (Button(label=_short(title), action=PostQuiz(course)),) for course, title in outcome.papers
    ]
    rows.append((Button(label=_("Any of them"), action=PostQuiz(None)),))
    return (Say(reply=Reply(prose=(plain(said),), keyboard=tuple(rows))),)


def no_question(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("There is no question here that can be answered by a tap.")
    return (Say(reply=Reply(prose=(plain(said),), keyboard=_private(words))),)


def just_posted(words: NullTranslations, *, pressed: bool) -> tuple[Utterance, ...]:
    """To a command, the question above is answer enough."""
    if not pressed:
        return ()
    return (Toast(text=words.gettext("A question was posted a moment ago: have a go at it.")),)


def posted(words: NullTranslations, posed: QuizPosed) -> tuple[Utterance, ...]:
    _ = words.gettext
    how = (
        _("Tap all that are right, then Done. Only you see your ticks and the verdict.")
        if posed.several
        else _("Tap your answer. Only you see the verdict, and the first answer counts.")
    )
    prose = (*_question(words, posed), Paragraph((Text(how, Style.ITALIC),)))
    reply = Reply(prose=prose, keyboard=_open_keyboard(words, posed))
    return (Say(reply=reply, slot=_slot(posed.quiz)),)


def counter(words: NullTranslations, posed: QuizPosed) -> tuple[Change, ...]:
    """How many have answered, on a button: the message itself stays as it is."""
    keyboard = _open_keyboard(words, posed)
    return (Change(slot=_slot(posed.quiz), reply=Reply(prose=(), keyboard=keyboard)),)


def member_answered(words: NullTranslations, outcome: MemberAnswered) -> tuple[Utterance, ...]:
    _ = words.gettext
    answered = outcome.answered
    right, posed = answered.grade.right, answered.posed
    prose: list[Block] = [verdict_line(_("✅ Right.") if right else _("❌ Not quite."))]
    prose += feedback(answered)
    if not right and isinstance(posed.question.body, Choice) and posed.question.body.several:
        prose.append(plain(how_near(words, answered)))
    if right:
        prose += dispute(words, posed.question)
    prose += news_prose(words, answered.news)
    return (Whisper(reply=Reply(prose=tuple(prose))),)


def answered_before(words: NullTranslations, outcome: AnsweredBefore) -> tuple[Utterance, ...]:
    _ = words.gettext
    letters = local.listed(words, [LETTERS[place] for place in outcome.places])
    said = (
        _("You have answered this one: {letters}, and that is right.")
        if outcome.right
        else _("You have answered this one: {letters}, which was not quite it. The first counts.")
    )
    return (Toast(text=said.format(letters=letters), alert=True),)


def ticked(words: NullTranslations, outcome: Ticked) -> tuple[Utterance, ...]:
    _ = words.gettext
    if not outcome.places:
        return (Toast(text=_("Nothing is ticked now.")),)
    letters = local.listed(words, [LETTERS[place] for place in outcome.places])
    said = _("Your ticks: {letters}. Tap Done when they are all set.")
    return (Toast(text=said.format(letters=letters)),)


def answer_first(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext(
        "Answer first, then this shows you the solution. Who asked for the question, or an admin,"
        " shows it to all."
    )
    return (Toast(text=said, alert=True),)


def over(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("This question is over: its solution is there for all to see.")
    return (Toast(text=said, alert=True),)


def gone(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("That button no longer works. /quiz posts a question.")),)


def not_a_person(words: NullTranslations, *, pressed: bool) -> tuple[Utterance, ...]:
    said = words.gettext(
        "You are here as an anonymous admin, so I cannot tell whose answer it would be. Show"
        " yourself in the group to take part."
    )
    if pressed:
        return (Toast(text=said, alert=True),)
    return (Say(reply=Reply(prose=(plain(said),))),)


def kept_for_quiz(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("This question is in a quiz that you have open: it waits until then.")
    return (Toast(text=said, alert=True),)


def not_a_member(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("This question is for members of the group.")
    return (Toast(text=said, alert=True),)


def solution_for_one(words: NullTranslations, outcome: SolutionForOne) -> tuple[Utterance, ...]:
    _ = words.gettext
    posed = outcome.posed
    prose = (
        verdict_line(_("📖 Solution")),
        *key_in_words(words, posed),
        *posed.question.solution,
        *dispute(words, posed.question),
    )
    return (Whisper(reply=Reply(prose=prose)),)


def ended(words: NullTranslations, outcome: QuizEnded) -> tuple[Utterance, ...]:
    """The question with its key and how it went; and the solution, where there is one."""
    _ = words.gettext
    posed = outcome.posed
    told = words.ngettext(
        "👥 {answered} answered, {right} of them right.",
        "👥 {answered} answered, {right} of them right.",
        posed.answered,
    ).format(answered=posed.answered, right=outcome.right)
    if not posed.answered:
        told = _("Nobody has answered.")
    letters = [
        letter
        for letter, option in zip(LETTERS, posed.shown, strict=False)
        if option.mark is Mark.RIGHT
    ]
    key = words.ngettext("Right is {letters}.", "Right are {letters}.", len(letters)).format(
        letters=local.listed(words, letters)
    )
    keyboard = (
        (Button(label=_("▶ Another question"), action=PostQuiz(posed.quiz.course)),),
        (Button(label=_("📊 Table"), action=ShowTable()),),
    )
    prose = (*_question(words, posed), verdict_line(told), verdict_line(key))
    changed = Change(slot=_slot(posed.quiz), reply=Reply(prose=prose, keyboard=keyboard))
    solution = (*posed.question.solution, *dispute(words, posed.question))
    if not solution:
        return (changed,)
    return (changed, Say(reply=Reply(prose=(verdict_line(_("📖 Solution")), *solution))))


def table(words: NullTranslations, outcome: Table, *, pressed: bool) -> tuple[Utterance, ...]:
    """How the group does: to all, or to who pressed a button."""
    _ = words.gettext
    prose: list[Block] = [Heading((Text(_("📊 The table of this group")),))]
    if not outcome.ever:
        prose.append(plain(_("It begins with the first question that is over.")))
    elif outcome.recent:
        prose += [verdict_line(_("Last 7 days")), _standings(words, outcome.recent)]
    if outcome.ever and outcome.ever != outcome.recent:
        prose += [verdict_line(_("Since the beginning")), _standings(words, outcome.ever)]
    if outcome.running:
        prose.append(plain(_("A question counts once its solution is shown, or after a day.")))
    if pressed:
        return (Whisper(reply=Reply(prose=tuple(prose))),)
    keyboard = ((Button(label=_("Leave me out, or in again"), action=LeaveTable()),),)
    # There are names in it: nothing of it stays with us.
    return (Say(reply=Reply(prose=tuple(prose), keyboard=keyboard), traceless=True),)


def table_choice(
    words: NullTranslations, outcome: TableChoice, *, pressed: bool
) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = (
        _("You no longer stand in the table of this group. Your answers are yours as before.")
        if outcome.hidden
        else _("You stand in the table of this group again.")
    )
    if pressed:
        return (Toast(text=said, alert=True),)
    return (Say(reply=Reply(prose=(plain(said),))),)


def _question(words: NullTranslations, posed: QuizPosed) -> Prose:
    letters = zip(LETTERS, posed.shown, strict=False)
    return (
        Heading((Text(words.gettext("❓ {paper}").format(paper=posed.paper)),)),
        *posed.question.stem,
        *posed.question.prose,
        Choices(tuple((letter, option.prose) for letter, option in letters)),
    )


def _open_keyboard(words: NullTranslations, posed: QuizPosed) -> Keyboard:
    _ = words.gettext
    quiz = posed.quiz.id
    rows = [
        *in_rows(
            [
                Button(label=LETTERS[place], action=AnswerQuiz(quiz, place))
                for place in range(len(posed.shown))
            ]
        )
    ]
    if posed.several:
        rows.append((Button(label=_("Done"), action=QuizDone(quiz)),))
    if posed.answered:
        label = words.ngettext(
            "👥 {count} has answered", "👥 {count} have answered", posed.answered
        ).format(count=posed.answered)
        rows.append((Button(label=label, action=ShowTable()),))
    rows.append((Button(label=_("📖 Show the solution"), action=EndQuiz(quiz)),))
    return tuple(rows)


def _standings(words: NullTranslations, standings: Sequence[Standing]) -> Paragraph:
    _ = words.gettext
    lines = [
        _("{place}. {name}: {right} of {answered}").format(
            place=each.place, name=each.name, right=each.right, answered=each.answered
        )
        for each in standings[:MOST_IN_TABLE]
    ]
    more = len(standings) - len(lines)
    if more > 0:
        lines.append(
            words.ngettext("and {count} more", "and {count} more", more).format(count=more)
        )
    return Paragraph((Text("\n".join(lines)),))


def _private(words: NullTranslations) -> Keyboard:
    return ((Link(label=words.gettext("Open the private chat"), start=_START),),)


def _slot(quiz: Quiz) -> str:
    return f"g{quiz.id}"


def _short(title: str, limit: int = 40) -> str:
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"
