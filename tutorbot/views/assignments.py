"""Words for quizzes that are set to a class, as those read them who answer."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from gettext import NullTranslations
from typing import assert_never

from tutorbot.core.actions import Choose, ListCourses, Next, TryAgain
from tutorbot.core.assignments import (
    BeginQuiz,
    HandIn,
    ListQuizzesSet,
    LookBack,
    OpenQuiz,
    Phase,
    PractiseQuiz,
    Reveals,
    Standing,
    Summary,
    SummaryLine,
    Worth,
)
from tutorbot.core.calendar import clock_time
from tutorbot.core.course import Choice
from tutorbot.core.practice import LETTERS, Posed
from tutorbot.core.prose import Block, Bullets, Choices, Heading, Text, words as plain
from tutorbot.core.quizzes import (
    AfterTheQuiz,
    AnswerNoted,
    KeptForQuiz,
    LookedBack,
    NoSuchQuiz,
    QuizAhead,
    QuizFinished,
    QuizNotNow,
    QuizOpened,
    QuizOutcome,
    QuizTried,
    QuizzesSet,
    SureToHandIn,
)
from tutorbot.views import local
from tutorbot.views.answers import echo_prose
from tutorbot.views.practice import (
    dispute,
    in_rows,
    key_in_words,
    laid_to_rest,
    news_prose,
    panel_gone,
    panel_slot,
    posed_next,
    question_keyboard_gone,
    question_slot,
    readings_gone,
    verdict_line,
)
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance
from tutorbot.views.streaks import streak_line
from tutorbot.views.worked import worked_prose

MOST_LISTED = 20


def show(
    words: NullTranslations, outcome: QuizOutcome, timezone: str, *, pressed: bool
) -> tuple[Utterance, ...]:
    """Whatever came of it, in the time of who reads it."""
    match outcome:
        case AnswerNoted():
            return noted(words, outcome)
        case AfterTheQuiz():
            said = words.gettext("Help like that would tell too much now. It comes after the quiz.")
            return (Toast(text=said),)
        case KeptForQuiz():
            return _kept(words, outcome, pressed=pressed)
        case NoSuchQuiz():
            return _passing(words, no_such_quiz(words), pressed=pressed)
        case QuizzesSet():
            return quizzes_set(words, outcome, timezone)
        case QuizNotNow():
            return _not_now(words, outcome, timezone)
        case QuizAhead():
            return _ahead(words, outcome, timezone)
        case QuizOpened():
            return _opened(words, outcome, timezone)
        case SureToHandIn():
            return _sure(words, outcome)
        case QuizFinished():
            return _finished(words, outcome, timezone)
        case QuizTried():
            return _tried(words, outcome)
        case LookedBack():
            return _looked_back(words, outcome)
        case _:
            assert_never(outcome)


def no_such_quiz(words: NullTranslations) -> str:
    return words.gettext(
        "This quiz is not set to you, or its class is over, or you are no longer in it."
    )


def noted(words: NullTranslations, outcome: AnswerNoted) -> tuple[Utterance, ...]:
    """The same whatever the answer: nothing here may depend on whether it stands."""
    _ = words.gettext
    posed = outcome.posed
    prose: list[Block] = [verdict_line(_("📝 Noted."))]
    if outcome.echo is not None:
        prose += echo_prose(words, outcome.echo)
    elif outcome.chosen:
        letters = [LETTERS[place] for place in sorted(outcome.chosen)]
        prose.append(plain(_("Your answer: {answer}").format(answer=_listed(words, letters))))
    prose += news_prose(words, outcome.news)
    first: list[Button] = []
    if posed.may_try_again:
        first.append(Button(label=_("✎ Change it"), action=TryAgain(posed.attempt)))
    first.append(Button(label=_("Next ▸"), action=Next(posed.attempt)))
    return (
        Say(reply=Reply(prose=tuple(prose), keyboard=(tuple(first),)), slot=panel_slot(posed)),
        *panel_gone(posed, tries=posed.tries - 1),
        *_question_at_rest(outcome),
        *readings_gone(posed),
    )


def _question_at_rest(outcome: AnswerNoted) -> tuple[Change, ...]:
    posed = outcome.posed
    if not posed.shown:
        return () if posed.tries > 1 else question_keyboard_gone(posed)
    options = [
        Button(
            label=f"☑ {LETTERS[place]}" if place in outcome.chosen else LETTERS[place],
            action=Choose(posed.attempt, place),
            enabled=False,
        )
        for place in range(len(posed.shown))
    ]
    return (Change(slot=question_slot(posed), reply=Reply(prose=(), keyboard=in_rows(options))),)


def quizzes_set(
    words: NullTranslations, outcome: QuizzesSet, timezone: str
) -> tuple[Utterance, ...]:
    _ = words.gettext
    if not outcome.standings:
        said = _("No quiz is set to you. What your classes set stands here.")
        rows: Keyboard = ((Button(label=_("Papers"), action=ListCourses()),),)
        return (Say(reply=Reply(prose=(plain(said),), keyboard=rows)),)
    those = sorted(outcome.standings, key=_urgency)[:MOST_LISTED]
    named = _named(words, those)
    lines = tuple((Text(f"{name}: {state(words, each, timezone)}"),) for name, each in named)
    rows = tuple(
        (Button(label=f"{_SIGNS[each.phase]} {name}", action=_open(each)),) for name, each in named
    )
    prose = (Heading((Text(_("Your quizzes")),)), Bullets(lines))
    return (Say(reply=Reply(prose=prose, keyboard=rows)),)


def _named(words: NullTranslations, those: list[Standing]) -> list[tuple[str, Standing]]:
    """Each with its title, and with its class where quizzes of several are listed."""
    if len({each.assignment.class_title for each in those}) == 1:
        return [(each.assignment.title, each) for each in those]
    title = words.gettext("{title} · {group}")
    return [
        (title.format(title=each.assignment.title, group=each.assignment.class_title), each)
        for each in those
    ]


def state(words: NullTranslations, each: Standing, timezone: str) -> str:
    """How it stands with a quiz, in a few words."""
    _ = words.gettext
    match each.phase:
        case Phase.TO_COME:
            return _("opens on {when}").format(when=when(words, each.terms.opens, timezone))
        case Phase.OPEN if each.terms.due is not None:
            return _("open until {when}").format(when=when(words, each.terms.due, timezone))
        case Phase.OPEN:
            return _("open")
        case Phase.LATE if each.terms.closes is not None:
            until = when(words, each.terms.closes, timezone)
            return _("late, and still taken until {when}").format(when=until)
        case Phase.LATE:
            return _("open")
        case Phase.DONE:
            return _("handed in")
        case Phase.CLOSED:
            return _("closed")
        case Phase.CANCELLED:
            return _("called off")


def when(words: NullTranslations, at: datetime, timezone: str) -> str:
    """An instant by the clocks of who reads it.

    >>> from datetime import UTC
    >>> when(NullTranslations(), datetime(2026, 11, 22, 13, tzinfo=UTC), "Europe/Berlin")
    'Sun 22 Nov, 14:00'
    """
    clock = clock_time(at, timezone)
    day = local.day_and_month(words, clock.date(), weekday=True)
    return words.gettext("{day}, {time}").format(day=day, time=f"{clock:%H:%M}")


def results(words: NullTranslations, stands: Standing, summary: Summary, *, heading: str) -> Say:
    """How it went, question by question, and the way to look at each."""
    _ = words.gettext
    prose: list[Block] = [Heading((Text(heading),)), *_in_points(words, summary)]
    lines = tuple((Text(_line(words, each)),) for each in summary.lines)
    prose.append(Bullets(lines, ordered=True))
    rows: list[tuple[Button, ...]] = []
    if summary.lines:
        look = LookBack(stands.assignment.id, 0)
        rows.append((Button(label=_("📖 Solutions"), action=look),))
    if stands.may_practise:
        practise = PractiseQuiz(stands.assignment.id)
        rows.append((Button(label=_("🎲 Practise it"), action=practise),))
    return Say(reply=Reply(prose=tuple(prose), keyboard=tuple(rows)))


def told_later(
    words: NullTranslations, stands: Standing, summary: Summary, *, here: bool = True
) -> Say:
    """What nobody could say before, said by itself.

    Who is not in the class any more (``here``) cannot look back or practise: no button offers it.
    """
    _ = words.gettext
    title = stands.assignment.title
    heading = (
        _("📬 Your results of “{title}”").format(title=title)
        if stands.phase is Phase.DONE
        else _("⌛ “{title}” is over").format(title=title)
    )
    said = results(words, stands, summary, heading=heading)
    return said if here else replace(said, reply=replace(said.reply, keyboard=()))


def _opened(words: NullTranslations, outcome: QuizOpened, timezone: str) -> tuple[Utterance, ...]:
    _ = words.gettext
    stands, prose = outcome.standing, [_title(words, outcome.standing)]
    if outcome.trial:
        prose.append(
            plain(_("You may set quizzes here: this is for you to try, and counts for nothing."))
        )
        keyboard: Keyboard = ()
    else:
        prose += _terms(words, stands, timezone)
        hand_in = HandIn(stands.assignment.id)
        keyboard = ((Button(label=_("✋ Hand in"), action=hand_in),),)
    cover = Say(reply=Reply(prose=tuple(prose), keyboard=keyboard), slot=_cover(stands))
    # That of an earlier opening goes: one button to hand in is enough.
    before = Change(slot=_cover(stands), reply=Reply(prose=()))
    posed = posed_next(words, outcome.posed)
    return (before, cover, *posed) if outcome.covered else (cover, *posed)


def _terms(words: NullTranslations, stands: Standing, timezone: str) -> list[Block]:
    """What holds for this learner, in a line each."""
    _ = words.gettext
    quiz = stands.assignment
    lines: list[str] = [
        words.ngettext("{count} question.", "{count} questions.", quiz.of).format(count=quiz.of)
    ]
    if stands.phase is Phase.LATE:
        lines.append(_late(words, stands, timezone))
    elif stands.terms.due is not None:
        until = when(words, stands.terms.due, timezone)
        lines.append(_("Due on {when}.").format(when=until))
        if stands.terms.closes is not None and stands.terms.closes > stands.terms.due:
            lines.append(
                _("After that, answers count {share} until {when}.").format(
                    share=local.percent(words, float(stands.terms.late_share)),
                    when=when(words, stands.terms.closes, timezone),
                )
            )
    if quiz.minutes is not None and stands.terms.closes is not None and stands.part.opened_at:
        end = when(words, stands.terms.closes, timezone)
        lines.append(_("Your time is up on {when}.").format(when=end))
    if quiz.tries is not None:
        lines.append(
            words.ngettext(
                "One try at each question.", "{count} tries at each question.", quiz.tries
            ).format(count=quiz.tries)
        )
    match quiz.reveal:
        case Reveals.ANSWERED:
            pass
        case Reveals.FINISHED:
            lines.append(_("What is right you hear when you have handed it in."))
        case Reveals.DUE:
            lines.append(_told_when(words, stands))
    lines.append(_("What you skip comes again before you hand in."))
    return [plain(" ".join(lines))]


def _told_when(words: NullTranslations, stands: Standing) -> str:
    _ = words.gettext
    if stands.assignment.closes is None:  # else it would never be told
        return _("What is right you hear when you have handed it in.")
    return _("What is right you hear when nobody can answer it any more.")


def _late(words: NullTranslations, stands: Standing, timezone: str) -> str:
    _ = words.gettext
    share, closes = stands.terms.late_share, stands.terms.closes
    assert closes is not None  # what is due closes
    until = when(words, closes, timezone)
    if share == 1:
        return _("It was due already, and is still taken in full until {when}.").format(when=until)
    return _("It was due already: what you answer until {when} counts {share}.").format(
        share=local.percent(words, float(share)), when=until
    )


def _ahead(words: NullTranslations, outcome: QuizAhead, timezone: str) -> tuple[Utterance, ...]:
    _ = words.gettext
    stands = outcome.standing
    minutes = stands.minutes or 0
    said = words.ngettext(
        "You have {count} minute from when you begin, whatever you do meanwhile.",
        "You have {count} minutes from when you begin, whatever you do meanwhile.",
        minutes,
    ).format(count=minutes)
    prose = (_title(words, stands), *_terms(words, stands, timezone), plain(said))
    begin = Button(label=_("▶ Begin"), action=BeginQuiz(stands.assignment.id))
    return (Say(reply=Reply(prose=prose, keyboard=((begin,),)), slot=_cover(stands)),)


def _sure(words: NullTranslations, outcome: SureToHandIn) -> tuple[Utterance, ...]:
    _ = words.gettext
    quiz = outcome.standing.assignment.id
    said = words.ngettext(
        "{count} question has no answer yet. Handed in like that, it brings no points.",
        "{count} questions have no answer yet. Handed in like that, they bring no points.",
        outcome.unanswered,
    ).format(count=outcome.unanswered)
    rows = (
        (Button(label=_("↩ Answer them"), action=OpenQuiz(quiz)),),
        (Button(label=_("✋ Hand in now"), action=HandIn(quiz, sure=True)),),
    )
    asked = Say(reply=Reply(prose=(plain(said),), keyboard=rows))
    return (asked, *(laid_to_rest(outcome.left) if outcome.left else ()))


def _finished(
    words: NullTranslations, outcome: QuizFinished, timezone: str
) -> tuple[Utterance, ...]:
    _ = words.gettext
    stands = outcome.standing
    heading = _("🏁 “{title}” is handed in").format(title=stands.assignment.title)
    if outcome.summary is not None:
        said = results(words, stands, outcome.summary, heading=heading)
        prose, keyboard = said.reply.prose, said.reply.keyboard
    else:
        told = plain(_heard_later(words, stands, timezone))
        prose, keyboard = (Heading((Text(heading),)), told), ()
    if outcome.streak is not None and outcome.streak.studied_today:
        prose = (*prose, plain(streak_line(words, outcome.streak)))
    keyboard = (*keyboard, (Button(label=_("Your quizzes"), action=ListQuizzesSet()),))
    return (
        Say(reply=Reply(prose=prose, keyboard=keyboard)),
        Change(slot=_cover(stands), reply=Reply(prose=())),
        *(laid_to_rest(outcome.left) if outcome.left else ()),
    )


def _heard_later(words: NullTranslations, stands: Standing, timezone: str) -> str:
    """When it is told how it went; that somebody was given more time is nobody's business."""
    _ = words.gettext
    closes = stands.assignment.closes
    assert closes is not None  # else there is nothing to wait for
    if stands.now > closes:
        return _("I tell you how it went as soon as nobody can answer it any more.")
    said = _("I tell you how it went when nobody can answer it any more: not before {when}.")
    return said.format(when=when(words, closes, timezone))


def _not_now(words: NullTranslations, outcome: QuizNotNow, timezone: str) -> tuple[Utterance, ...]:
    _ = words.gettext
    stands = outcome.standing
    if outcome.summary is not None and not outcome.cut_off:
        heading = _("Your results of “{title}”").format(title=stands.assignment.title)
        return (results(words, stands, outcome.summary, heading=heading),)
    prose: list[Block] = [_title(words, stands), plain(_why_not_now(words, outcome, timezone))]
    rows: list[tuple[Button, ...]] = []
    if not stands.over and stands.phase is not Phase.TO_COME:
        rows.append((Button(label=_("▶ To the quiz"), action=_open(stands)),))
    if outcome.summary is not None:
        prose += _in_points(words, outcome.summary)
        look = LookBack(stands.assignment.id, 0)
        rows.append((Button(label=_("📖 Solutions"), action=look),))
    if stands.may_practise:
        practise = PractiseQuiz(stands.assignment.id)
        rows.append((Button(label=_("🎲 Practise it"), action=practise),))
    rows.append((Button(label=_("Your quizzes"), action=ListQuizzesSet()),))
    said = Say(reply=Reply(prose=tuple(prose), keyboard=tuple(rows)))
    gone = Change(slot=_cover(stands), reply=Reply(prose=()))
    return (said, gone) if outcome.cut_off else (said,)


def _why_not_now(words: NullTranslations, outcome: QuizNotNow, timezone: str) -> str:
    _ = words.gettext
    stands = outcome.standing
    terms = stands.terms
    match stands.phase:
        case Phase.TO_COME:
            return _("It opens on {when}.").format(when=when(words, terms.opens, timezone))
        case Phase.CANCELLED if outcome.cut_off:
            return _("It was called off, so this answer counts for nothing. Nothing is missing.")
        case Phase.CANCELLED:
            return _("It was called off. There is nothing for you to do.")
        case Phase.CLOSED if terms.closes is not None:
            said = (
                _("Your time was up on {when}.") if _ran_out(stands) else _("It closed on {when}.")
            )
            closed = said.format(when=when(words, terms.closes, timezone))
            if outcome.cut_off:  # by an answer, or by going on to the next question
                late = _(
                    "What comes after that is too late to count; what you answered before counts."
                )
                return f"{closed} {late}"
            return closed if stands.told else closed + " " + _heard_later(words, stands, timezone)
        case Phase.DONE if not stands.told:
            return _("You have handed it in.") + " " + _heard_later(words, stands, timezone)
        case Phase.DONE:
            return _("You have handed it in.")
        case _:
            return _("It is open: go on where you left it.")


def _ran_out(stands: Standing) -> bool:
    """Whether a learner's own minutes were over before the quiz was."""
    due, late = stands.terms.due, stands.assignment.late_until
    if stands.assignment.minutes is None or stands.terms.closes is None:
        return False
    return due is None or stands.terms.closes < max(due, late or due)


def _kept(words: NullTranslations, outcome: KeptForQuiz, *, pressed: bool) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("This question is in “{title}”, which you have open: it waits until that is over.")
    title = _short(outcome.standing.assignment.title)
    if pressed:
        return (Toast(text=said.format(title=title)),)
    button = Button(label=_("▶ To the quiz"), action=_open(outcome.standing))
    told = plain(said.format(title=title))
    return (Say(reply=Reply(prose=(told,), keyboard=((button,),))),)


def _tried(words: NullTranslations, outcome: QuizTried) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = words.ngettext(
        "{right} of {of} question right at the first try.",
        "{right} of {of} questions right at the first try.",
        outcome.of,
    ).format(right=outcome.right, of=outcome.of)
    nothing = (
        _("That was the quiz as learners get it. Nothing of it was counted.")
        if outcome.trial
        else _("That was for practice. Your result stays as it was.")
    )
    button = Button(label=_("Your quizzes"), action=ListQuizzesSet())
    keyboard = () if outcome.trial else ((button,),)
    return (
        Say(reply=Reply(prose=(plain(said), plain(nothing)), keyboard=keyboard)),
        *laid_to_rest(outcome.left),
    )


def _looked_back(words: NullTranslations, outcome: LookedBack) -> tuple[Utterance, ...]:
    _ = words.gettext
    posed, question = outcome.posed, outcome.posed.question
    title = _("Question {number} of {of}").format(number=posed.number, of=posed.of)
    prose: list[Block] = [Heading((Text(title),)), *question.stem, *question.prose]
    if isinstance(question.body, Choice):
        letters = zip(LETTERS, posed.shown, strict=False)
        prose.append(Choices(tuple((letter, option.prose) for letter, option in letters)))
    chosen = _listed(words, [LETTERS[place] for place in sorted(outcome.chosen)])
    given = outcome.given or chosen
    if given:
        prose.append(plain(_("Your answer: {answer}").format(answer=given)))
    prose.append(verdict_line(_worth(words, outcome.worth, answered=bool(given))))
    prose += [verdict_line(_("📖 Solution")), *key_in_words(words, posed)]
    prose += question.solution or _worked(words, posed)
    prose += dispute(words, question)
    quiz, place = outcome.standing.assignment.id, posed.number - 1
    row: list[Button] = []
    if place:
        row.append(Button(label=_("◀ Back"), action=LookBack(quiz, place - 1)))
    if posed.number < posed.of:
        row.append(Button(label=_("Next ▸"), action=LookBack(quiz, place + 1)))
    rows: list[tuple[Button, ...]] = [tuple(row)] if row else []
    rows.append((Button(label=_("Your quizzes"), action=ListQuizzesSet()),))
    return (Say(reply=Reply(prose=tuple(prose), keyboard=tuple(rows))),)


def _worked(words: NullTranslations, posed: Posed) -> tuple[Block, ...]:
    return tuple(worked_prose(words, posed.asked)) if posed.asked is not None else ()


def _in_points(words: NullTranslations, summary: Summary) -> list[Block]:
    _ = words.gettext
    said = [
        _("{points} of {out_of} points.").format(
            points=_figures(words, summary.points), out_of=_figures(words, summary.out_of)
        )
    ]
    if summary.late:
        said.append(_("{points} went for being late.").format(points=_figures(words, summary.late)))
    if summary.undecided:
        said.append(
            words.ngettext(
                "{count} answer is still to be looked at by a teacher.",
                "{count} answers are still to be looked at by a teacher.",
                summary.undecided,
            ).format(count=summary.undecided)
        )
    return [plain(" ".join(said))]


def _line(words: NullTranslations, each: SummaryLine) -> str:
    worth = _worth(words, each.worth, answered=each.answered)
    return f"{each.title} – {worth}"


def _worth(words: NullTranslations, worth: Worth, *, answered: bool) -> str:
    _ = words.gettext
    if not answered:
        return _("not answered")
    if worth.undecided:
        return _("🤔 still to be looked at")
    sign = "❌" if not worth.points else "✅" if worth.points == worth.out_of else "🟡"
    return _("{sign} {points} of {out_of}").format(
        sign=sign,
        points=_figures(words, worth.points),
        out_of=_figures(words, worth.out_of or Fraction(0)),
    )


def _title(words: NullTranslations, stands: Standing) -> Block:
    quiz = stands.assignment
    title = words.gettext("{title} · {group}").format(title=quiz.title, group=quiz.class_title)
    return Heading((Text(title),))


def _passing(words: NullTranslations, said: str, *, pressed: bool) -> tuple[Utterance, ...]:
    if pressed:
        return (Toast(text=said),)
    papers = Button(label=words.gettext("Papers"), action=ListCourses())
    return (Say(reply=Reply(prose=(plain(said),), keyboard=((papers,),))),)


def _listed(words: NullTranslations, letters: list[str]) -> str:
    return local.listed(words, letters) if letters else ""


def _figures(words: NullTranslations, points: Fraction) -> str:
    return local.number(words, float(round(points, 2)))


def _open(each: Standing) -> OpenQuiz:
    return OpenQuiz(each.assignment.id)


def _cover(stands: Standing) -> str:
    return f"z{stands.assignment.id}"


def _short(title: str, limit: int = 60) -> str:
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"


_SIGNS = {
    Phase.OPEN: "▶",
    Phase.LATE: "▶",
    Phase.TO_COME: "🕒",
    Phase.DONE: "✔",
    Phase.CLOSED: "⌛",
    Phase.CANCELLED: "✕",
}
_ORDER = tuple(_SIGNS)


def _urgency(each: Standing) -> tuple[int, float]:
    """Open ones first, and of those the one that closes first."""
    closes = each.terms.due or each.terms.closes
    return _ORDER.index(each.phase), closes.timestamp() if closes else float("inf")
