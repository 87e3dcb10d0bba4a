"""Live rounds in words. The slot of a lobby is ``r7``, that of the third poll of it ``r7.2``.

Until a question is over nothing tells its key: a poll has no explanation.
"""

from collections.abc import Sequence
from gettext import NullTranslations

from tutorbot.core.groups import MOST_IN_TABLE
from tutorbot.core.practice import LETTERS
from tutorbot.core.prose import Block, Heading, Paragraph, Text, formulas, words as plain
from tutorbot.core.rounds import (
    BREATH,
    TOP,
    BeginRound,
    CountedDown,
    Joined,
    JoinRound,
    LobbyCounted,
    LobbyForgotten,
    LobbyOpened,
    NothingToAsk,
    Placed,
    Places,
    Podium,
    QuestionAsked,
    QuestionOver,
    Round,
    RoundBegun,
    RoundStopped,
    ShowPlaces,
    StopRound,
    Unaskable,
)
from tutorbot.views import local
from tutorbot.views.practice import verdict_line
from tutorbot.views.reply import (
    Button,
    Change,
    Keyboard,
    Link,
    Poll,
    Reply,
    Say,
    Toast,
    Utterance,
    Whisper,
)

LINK = "round"


def lobby_opened(words: NullTranslations, outcome: LobbyOpened) -> tuple[Utterance, ...]:
    return (Say(reply=_lobby(words, outcome.round, 0), slot=_slot(outcome.round)),)


def lobby_counted(words: NullTranslations, step: LobbyCounted) -> tuple[Change, ...]:
    keyboard = _lobby(words, step.round, step.joined).keyboard
    reply = Reply(prose=(), keyboard=keyboard)
    return (Change(slot=_slot(step.round), reply=reply, thread=step.round.thread),)


def lobby_forgotten(words: NullTranslations, step: LobbyForgotten) -> tuple[Change, ...]:
    said = words.gettext("Nobody began this round. /round makes another one.")
    reply = Reply(prose=(plain(said),))
    return (Change(slot=_slot(step.round), reply=reply, thread=step.round.thread),)


def not_a_runner(words: NullTranslations, *, pressed: bool) -> tuple[Utterance, ...]:
    _ = words.gettext
    if pressed:
        said = _("Whoever asked for this round, or an admin of the group, decides that.")
        return (Toast(text=said, alert=True),)
    said = _("A round is for admins of the group, and for who teaches a class, to begin.")
    return (Say(reply=Reply(prose=(plain(said),))),)


def under_way(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("A round is going on here. The next one can begin when it is over.")
    return (Say(reply=Reply(prose=(plain(said),))),)


def nothing_to_ask(words: NullTranslations, outcome: NothingToAsk) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("No question to tap fits these words.")
    if outcome.papers:
        papers = local.listed(words, outcome.papers)
        said += " " + _("I have {papers}.").format(papers=papers)
    return (Say(reply=Reply(prose=(plain(said),))),)


def gone(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("That round is over. /round makes another one.")),)


def anonymous(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext(
        "You are here as an anonymous admin, so I cannot tell whose answer it would be. Show"
        " yourself in the group to take part."
    )
    return (Toast(text=said, alert=True),)


def joined(words: NullTranslations, outcome: Joined) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("You are in already. It begins soon.") if outcome.before else _("You are in!")
    return (Toast(text=said),)


def begun(words: NullTranslations, outcome: RoundBegun) -> tuple[Utterance, ...]:
    _ = words.gettext
    told = words.ngettext(
        "👥 {count} is in, and whoever votes is too.",
        "👥 {count} are in, and whoever votes is too.",
        outcome.joined,
    ).format(count=outcome.joined)
    prose = (*_heading(words, outcome.round), plain(_("Here we go!") + " " + told))
    reply = Reply(prose=prose, keyboard=_stop(words, outcome.round))
    return (Change(slot=_slot(outcome.round), reply=reply),)


def asked(words: NullTranslations, step: QuestionAsked) -> tuple[Say, ...]:
    posed = step.posed
    _ = words.gettext
    title = _title(words, step.round)
    if posed.several:
        title += " · " + _("tick all that are right")
    poll = Poll(
        about=posed.asked.id,
        title=title,
        question=(*posed.question.stem, *posed.question.prose),
        elsewhere=_("{title}: see above").format(title=title),
        options=tuple(option.prose for option in posed.shown),
        right=posed.right,
        several=posed.several,
        seconds=step.round.seconds,
    )
    keyboard = _clock(words, step.round, step.round.seconds, 0)
    reply = Reply(prose=(), poll=poll, keyboard=keyboard)
    return (Say(reply=reply, slot=_poll_slot(step.round), thread=step.round.thread),)


def counted_down(words: NullTranslations, step: CountedDown) -> tuple[Change, ...]:
    """The countdown is a button below the poll: of a poll, nothing else can be edited."""
    keyboard = _clock(words, step.round, step.left, step.answered) if step.left else ()
    reply = Reply(prose=(), keyboard=keyboard)
    return (Change(slot=_poll_slot(step.round), reply=reply, thread=step.round.thread),)


def over(words: NullTranslations, step: QuestionOver) -> tuple[Say, ...]:
    _ = words.gettext
    posed = step.posed
    told = words.ngettext(
        "✅ {right} of {count} answer was right.",
        "✅ {right} of {count} answers were right.",
        step.answered,
    ).format(right=step.right, count=step.answered)
    if not step.right:
        told = words.ngettext(
            "The {count} answer was not right.",
            "None of {count} answers was right.",
            step.answered,
        ).format(count=step.answered)
    if not step.answered:
        told = _("Nobody has answered.")
    key = words.ngettext("The right answer:", "The right answers:", len(posed.right))
    lettered = any(any(formulas(option.prose)) for option in posed.shown)
    if lettered:
        letters = [LETTERS[place] for place in posed.right]
        key = f"{key} {local.listed(words, letters)}"
    prose: list[Block] = [Heading((Text(_title(words, step.round)),)), plain(told), plain(key)]
    for place in posed.right:
        option = posed.shown[place]
        # Where there are several, each says again which it is.
        several = lettered and len(posed.right) > 1
        said = _behind(LETTERS[place], option.prose) if several else option.prose
        prose += [*said, *option.feedback]
    if step.top:
        prose += [verdict_line(_("In front")), _table(words, step.top)]
    if not step.round.is_last:
        seconds = round(BREATH.total_seconds())
        prose.append(
            plain(
                words.ngettext(
                    "The next question comes in {count} second.",
                    "The next question comes in {count} seconds.",
                    seconds,
                ).format(count=seconds)
            )
        )
    # There are names in it: nothing of it stays with us.
    return (Say(reply=Reply(prose=tuple(prose)), traceless=True, thread=step.round.thread),)


def podium(words: NullTranslations, step: Podium) -> tuple[Say, ...]:
    said = _podium(words, step.round, step.places, step.asked)
    return (Say(reply=said, traceless=True, thread=step.round.thread),)


def stopped(words: NullTranslations, outcome: RoundStopped) -> tuple[Utterance, ...]:
    found = outcome.round
    said: list[Utterance] = []
    if outcome.poll:
        said.append(Change(slot=_poll_slot(found), reply=Reply(prose=()), closes=True))
    if outcome.called_off:
        reply = Reply(prose=(plain(words.gettext("This round was called off.")),))
        said.append(Change(slot=_slot(found), reply=reply))
    return tuple(said)


def unaskable(words: NullTranslations, step: Unaskable) -> tuple[Say, ...]:
    said = words.gettext(
        "I could not post the poll, so this round ends here. Do the permissions of the group allow"
        " members to send polls?"
    )
    return (Say(reply=Reply(prose=(plain(said),)), thread=step.round.thread),)


def places(words: NullTranslations, outcome: Places) -> tuple[Utterance, ...]:
    """To who asked, their own place first: an alert has little room."""
    _ = words.gettext
    prose: list[Block] = []
    if outcome.mine:
        prose.append(verdict_line(_mine(words, outcome.mine, outcome.of)))
    if outcome.places:
        prose += _everybody(words, outcome.places)
    if not prose:
        prose.append(plain(_("Nobody has answered.")))
    return (Whisper(reply=Reply(prose=tuple(prose))),)


def not_a_player(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("That link is for those who played that round. /start shows the papers.")
    return (Say(reply=Reply(prose=(plain(said),))),)


def missed_nothing(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("You had all of it right: there is nothing to redo. 🎉")
    return (Say(reply=Reply(prose=(plain(said),))),)


def _lobby(words: NullTranslations, found: Round, count: int) -> Reply:
    _ = words.gettext
    said = _(
        "Tap “I am in”. Whoever asked for the round, or an admin, begins it. Your first answer"
        " counts, and being right counts more than being quick."
    )
    label = _("🙋 I am in")
    if count:
        label += f" · {count}"
    keyboard = (
        (Button(label=label, action=JoinRound(found.id)),),
        (
            Button(label=_("▶ Begin"), action=BeginRound(found.id)),
            Button(label=_("✖ Call it off"), action=StopRound(found.id)),
        ),
    )
    return Reply(prose=(*_heading(words, found), plain(said)), keyboard=keyboard)


def _heading(words: NullTranslations, found: Round) -> tuple[Block, ...]:
    questions = words.ngettext("{count} question", "{count} questions", found.of).format(
        count=found.of
    )
    seconds = words.ngettext("{count} second each", "{count} seconds each", found.seconds).format(
        count=found.seconds
    )
    parts = [found.about, questions, seconds] if found.about else [questions, seconds]
    return (
        Heading((Text(words.gettext("🏁 A live round")),)),
        plain(" · ".join(parts)),
    )


def _title(words: NullTranslations, found: Round) -> str:
    return words.gettext("Question {number} of {count}").format(
        number=found.place + 1, count=found.of
    )


def _clock(words: NullTranslations, found: Round, left: int, answered: int) -> Keyboard:
    label = words.gettext("⏱ {seconds} s").format(seconds=left)
    if answered:
        label += f" · 👥 {answered}"
    shown = Button(label=label, action=ShowPlaces(found.id), enabled=False)
    return ((shown,), *_stop(words, found))


def _stop(words: NullTranslations, found: Round) -> Keyboard:
    return ((Button(label=words.gettext("⏹ Stop the round"), action=StopRound(found.id)),),)


def _behind(letter: str, prose: Sequence[Block]) -> tuple[Block, ...]:
    mark = Text(f"{letter}  ")
    match prose:
        case [Paragraph(line), *more]:
            return (Paragraph((mark, *line)), *more)
        case _:
            return (Paragraph((mark,)), *prose)


def _podium(words: NullTranslations, found: Round, places: Sequence[Placed], asked: int) -> Reply:
    _ = words.gettext
    prose: list[Block] = [Heading((Text(_("🏆 The podium")),))]
    best = [(each.place, each) for each in places if each.place and each.place <= TOP]
    if best:
        lines = [
            f"{_MEDALS[place - 1]} "
            + _("{name}: {right} of {count}, {seconds} s").format(
                name=each.name,
                right=each.right,
                count=asked,
                seconds=local.number(words, round(each.seconds, 1)),
            )
            for place, each in best[:_MOST_ON_PODIUM]
        ]
        prose += [
            Paragraph((Text("\n".join(lines)),)),
            plain(_("Being right comes first; the time only tells apart who is equally right.")),
        ]
    else:
        prose.append(plain(_("It stays empty this time. Another round?")))
    keyboard: Keyboard = ()
    if asked:
        keyboard = (
            (Button(label=_("📊 All places"), action=ShowPlaces(found.id)),),
            (Link(label=_("🔁 Redo what you missed"), start=f"{LINK}_{found.id}"),),
        )
    return Reply(prose=tuple(prose), keyboard=keyboard)


def _mine(words: NullTranslations, mine: Placed, of: int) -> str:
    _ = words.gettext
    if mine.place is None:
        return _("You took part. What you missed waits for you, to be done without a clock.")
    return _("You: place {place}, {right} of {count} right").format(
        place=mine.place, right=mine.right, count=of
    )


def _everybody(words: NullTranslations, places: Sequence[Placed]) -> list[Block]:
    """Places for who had something right; of the others, that they were there."""
    ranked = [each for each in places if each.place is not None]
    others = [each.name for each in places if each.place is None]
    prose: list[Block] = [_table(words, ranked)] if ranked else []
    if others:
        said = words.gettext("Took part: {names}")
        prose.append(plain(said.format(names=local.listed(words, others))))
    return prose


def _table(words: NullTranslations, places: Sequence[Placed]) -> Paragraph:
    _ = words.gettext
    lines = [
        _("{place}. {name}: {right}").format(place=each.place, name=each.name, right=each.right)
        for each in places
    ]
    return Paragraph((Text("\n".join(lines)),))


def _slot(found: Round) -> str:
    return f"r{found.id}"


def _poll_slot(found: Round) -> str:
    return f"r{found.id}.{found.place}"


_MEDALS = "🥇🥈🥉"
_MOST_ON_PODIUM = MOST_IN_TABLE
