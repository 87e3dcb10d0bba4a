"""Doubted keys in words, for who looks after them.

A draft lives in one message (slot ``k7``): its options, the policy, the reason, and what applying
it would do.
"""

from collections.abc import Mapping, Sequence
from gettext import NullTranslations

from tutorbot.core.course import Choice, Mark, Typed
from tutorbot.core.ids import RegradeId
from tutorbot.core.keys import (
    EVERYWHERE,
    AddAnswer,
    AnswerAsked,
    Applied,
    ApplyRegrade,
    ChoosePolicy,
    Doubt,
    Doubted,
    DoubtedQuestion,
    Doubts,
    Draft,
    DropAnswer,
    DropRegrade,
    EditKey,
    GiveReason,
    InWork,
    KeepKey,
    KeyKept,
    ListDoubts,
    ListUndecided,
    NoneUndecided,
    OpenDoubt,
    Past,
    Proposed,
    Refused,
    RefuseRegrade,
    Rule,
    Ruled,
    Ruling,
    ShowRegrade,
    SureToRefuse,
    Tried,
    TryRegrade,
    TurnOption,
    UndecidedAnswer,
    Undone,
    UndoRegrade,
    Why,
)
from tutorbot.core.practice import LETTERS
from tutorbot.core.prose import Block, Bullets, Heading, Paragraph, Prose, Text, words as plain
from tutorbot.core.regrading import Counts, Impact, Policy
from tutorbot.views import local
from tutorbot.views.doubts import only_the_first
from tutorbot.views.practice import dispute, verdict_line
from tutorbot.views.regrading import why_mended
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance
from tutorbot.views.results import alarm_told

MARKS = {Mark.RIGHT: "✅", Mark.WRONG: "❌", Mark.UNSCORED: "◻"}


def queue(words: NullTranslations, outcome: Doubts) -> tuple[Utterance, ...]:
    """The queue, the most urgent first."""
    _ = words.gettext
    rows: list[tuple[Button, ...]] = [
        (Button(label=_in_queue(words, each), action=OpenDoubt(each.key)),)
        for each in outcome.doubted
    ]
    if outcome.undecided:
        waiting = words.ngettext(
            "🤔 {count} undecided answer", "🤔 {count} undecided answers", outcome.undecided
        ).format(count=outcome.undecided)
        rows.append((Button(label=waiting, action=ListUndecided(outcome.class_id)),))
    said = _("Nobody doubts a key.")
    if outcome.doubted:
        said = _("Doubted keys, the most urgent first. ⚖ is disputed by its author.")
        if any(each.alarm for each in outcome.doubted):
            said += " " + _("🔔: who does well elsewhere prefers another answer.")
    prose: list[Block] = [plain(said)]
    if before := [_looked_at(words, each) for each in outcome.doubted if each.looked_at]:
        prose += [plain(_("👀 Somebody has looked at these before:")), _listed(before)]
    return (Say(reply=Reply(prose=tuple(prose), keyboard=tuple(rows))),)


def _looked_at(words: NullTranslations, each: Doubted) -> str:
    _ = words.gettext
    assert each.looked_at
    said = _("{title}: {who} let the key stand, {date}.")
    if each.looked_at.mended:
        said = _("{title}: corrected by {who}, {date}.")
    date = local.day_and_month(words, each.looked_at.at.date())
    return said.format(title=each.title, who=each.looked_at.who, date=date)


def _in_queue(words: NullTranslations, each: Doubted) -> str:
    marks = "".join(
        sign
        for sign, shown in (
            ("📨", each.proposed),
            ("⚖", each.disputed),
            ("🔔", each.alarm),
            ("👀", each.looked_at),
        )
        if shown
    )
    flags = f"🚩{each.flags}" if each.flags else ""
    del words
    return " ".join(filter(None, (flags, marks, each.title)))


def doubted_question(words: NullTranslations, outcome: DoubtedQuestion) -> tuple[Utterance, ...]:
    _ = words.gettext
    shown = outcome.question
    prose: list[Block] = [
        Heading((Text(shown.title),)),
        plain(outcome.paper),
        *shown.stem,
        *shown.prose,
        *_key(words, outcome),
    ]
    first = words.ngettext("{count} first answer.", "{count} first answers.", outcome.answers)
    prose.append(plain(first.format(count=outcome.answers)))
    if outcome.alarm:
        prose.append(plain(alarm_told(words, outcome.alarm, shown.body)))
    if outcome.flags:
        prose.append(verdict_line(_("What learners say")))
        said = [f"{count}×  {_doubt(words, doubt)}" for doubt, count in outcome.flags.items()]
        prose.append(
            _listed([*said, *(_("“{title}”").format(title=each) for each in outcome.words)])
        )
    prose += dispute(words, shown)
    if outcome.undecided:
        waiting = words.ngettext(
            "{count} answer waits to be decided.",
            "{count} answers wait to be decided.",
            outcome.undecided,
        )
        prose.append(plain(waiting.format(count=outcome.undecided)))
    prose += [plain(_past(words, each)) for each in outcome.history]
    keyboard: list[tuple[Button, ...]] = [
        (Button(label=_("✏ Correct the key"), action=EditKey(outcome.key)),),
    ]
    if outcome.may_keep:
        keyboard.append((Button(label=_("👍 The key stands"), action=KeepKey(outcome.key)),))
    for each in outcome.history:
        if each.state == "proposed":
            label = _("📨 See the proposal")
            keyboard.append((Button(label=label, action=ShowRegrade(each.regrade)),))
        if each.may_undo:
            label = _("↶ Undo the correction")
            keyboard.append((Button(label=label, action=UndoRegrade(each.regrade)),))
    keyboard.append((Button(label=_("◀ Back"), action=ListDoubts(EVERYWHERE)),))
    return (Say(reply=Reply(prose=tuple(prose), keyboard=tuple(keyboard))),)


def _key(words: NullTranslations, outcome: DoubtedQuestion) -> Prose:
    """The options with the key, and how many chose each; or what was typed."""
    body = outcome.question.body
    lines: list[Block] = []
    if isinstance(body, Choice):
        for letter, option in zip(LETTERS, body.options, strict=False):
            count = outcome.chosen.get(option.id, 0)
            mark = f"{MARKS[option.mark]} {letter}  {count}×  "
            lines += _led(mark, option.prose)
        return tuple(lines)
    accepted = local.listed(words, [line.text for line in body.accepted])
    lines.append(plain(words.gettext("Accepted: {answers}").format(answers=accepted)))
    if outcome.chosen:
        lines.append(_listed([f"{count}×  {typed}" for typed, count in outcome.chosen.items()]))
    return tuple(lines)


def _listed(lines: Sequence[str]) -> Bullets:
    return Bullets(tuple((Text(line),) for line in lines))


def _led(mark: str, prose: Prose) -> Prose:
    """Prose that begins with a mark, on the same line."""
    if prose and isinstance(prose[0], Paragraph):
        return (Paragraph((Text(mark), *prose[0].line)), *prose[1:])
    return (plain(mark), *prose)


def drafted(words: NullTranslations, outcome: Draft, *, new: bool = False) -> tuple[Utterance, ...]:
    """The key as it is about to be, to be tapped into shape."""
    _ = words.gettext
    body = outcome.question.body
    regrade = outcome.regrade
    title = outcome.question.title
    head = _("Correct the key: {title}").format(title=title)
    if outcome.proposed_by:
        head = _("Proposed by {who}: {title}").format(who=outcome.proposed_by, title=title)
    prose: list[Block] = [Heading((Text(head),))]
    rows: list[tuple[Button, ...]] = []
    if isinstance(body, Choice):
        prose.append(plain(_("Tap an option to turn it: right ✅, wrong ❌, not scored ◻.")))
        buttons: list[Button] = []
        for place, option in enumerate(body.options):
            mark = f"{MARKS[option.mark]} {LETTERS[place]}"
            prose += _led(f"{mark}  ", option.prose)
            buttons.append(Button(label=mark, action=TurnOption(regrade, place)))
        rows += [tuple(buttons[start : start + 4]) for start in range(0, len(buttons), 4)]
    else:
        rows += _typed(words, outcome, body, prose)
    prose.append(plain(_policy(words, outcome.policy)))
    rows += [
        tuple(
            Button(
                label=("● " if each is outcome.policy else "") + _policy_name(words, each),
                action=ChoosePolicy(regrade, each),
            )
            for each in some
        )
        for some in _POLICIES
    ]
    why = why_mended(words, outcome.why)
    prose.append(plain(_("Why: {reason}").format(reason=why) if why else _("Why? Tap a reason.")))
    if outcome.cut:
        prose.append(plain(only_the_first(words)))
    rows += [
        tuple(
            Button(label=_why_label(words, each), action=GiveReason(regrade, each)) for each in some
        )
        for some in ((Why.WRONG, Why.SEVERAL), (Why.UNCLEAR, Why.ELSE))
    ]
    rows.append((Button(label=_("🔍 Try it out"), action=TryRegrade(regrade)),))
    aside = _("✖ Refuse") if outcome.proposed_by else _("Put aside")
    rows.append((Button(label=aside, action=DropRegrade(regrade)),))
    reply = Reply(prose=tuple(prose), keyboard=tuple(rows))
    return (Say(reply=reply, slot=_slot(regrade)) if new else _at(regrade, reply),)


def _typed(
    words: NullTranslations, outcome: Draft, body: Typed, prose: list[Block]
) -> list[tuple[Button, ...]]:
    _ = words.gettext
    prose.append(plain(_("These answers are accepted. Tap one to take it away.")))
    prose.append(_listed([line.text for line in body.accepted]))
    if outcome.remark:
        said = _("That cannot be an answer: {why}").format(why=outcome.remark)
        prose.append(verdict_line(_dear(words) if outcome.remark == "~dear" else said))
    rows: list[tuple[Button, ...]] = [
        (Button(label=f"✖ {line.text}"[:40], action=DropAnswer(outcome.regrade, place)),)
        for place, line in enumerate(body.accepted)
    ]
    rows.append((Button(label=_("📝 Add an answer"), action=AddAnswer(outcome.regrade)),))
    return rows


def _dear(words: NullTranslations) -> str:
    return words.gettext("It takes too long to check whether that can be an answer.")


def dry_run(words: NullTranslations, outcome: Tried) -> tuple[Utterance, ...]:
    """What the change would do, and the button that does it."""
    _ = words.gettext
    regrade, impact = outcome.draft.regrade, outcome.impact
    prose: list[Block] = [
        Heading((Text(_("Dry run: {title}").format(title=outcome.draft.question.title)),)),
        plain(_policy(words, outcome.draft.policy)),
        *impact_prose(words, impact),
    ]
    label = _("✅ Apply it, and tell them")
    if outcome.proposes:
        prose.append(
            plain(_("It reaches learners of others as well, so that an author has to apply it."))
        )
        label = _("📨 Propose it to the authors")
    if not outcome.draft.why:
        prose.append(verdict_line(_("A reason is wanted first: go back and tap one.")))
    keyboard = (
        (Button(label=label, action=ApplyRegrade(regrade)),),
        (Button(label=_("◀ Back"), action=ShowRegrade(regrade)),),
    )
    return (_at(regrade, Reply(prose=tuple(prose), keyboard=keyboard)),)


def impact_prose(words: NullTranslations, impact: Impact) -> Prose:
    _ = words.gettext
    lines: list[Block] = [plain(_counts(words, impact.counts))]
    if impact.passed or impact.failed:
        lines.append(
            plain(
                _("Pass lines crossed: {up} upwards, {down} downwards.").format(
                    up=impact.passed, down=impact.failed
                )
            )
        )
    if impact.undecided:
        said = words.ngettext(
            "{count} answer stays as it is: nobody can tell.",
            "{count} answers stay as they are: nobody can tell.",
            impact.undecided,
        )
        lines.append(plain(said.format(count=impact.undecided)))
    if impact.losers:
        listed = local.listed(words, impact.losers)
        more = impact.counts.down - len(impact.losers)
        said = _("Who loses: {names}.").format(names=listed)
        if more:
            said = words.ngettext(
                "Who loses: {names}, and {count} more.",
                "Who loses: {names}, and {count} more.",
                more,
            ).format(names=listed, count=more)
        lines.append(plain(said))
    parts = [
        _("{title}: {up} up, {down} down").format(title=title, up=counts.up, down=counts.down)
        for title, counts in (*impact.classes, *impact.quizzes)
    ]
    if parts:
        lines.append(_listed(parts))
    return tuple(lines)


def _counts(words: NullTranslations, counts: Counts) -> str:
    return words.gettext("⬆ {up} up · ⬇ {down} down · {unchanged} as they were").format(
        up=counts.up, down=counts.down, unchanged=counts.unchanged
    )


def in_work(words: NullTranslations, outcome: InWork) -> tuple[Utterance, ...]:
    _ = words.gettext
    if outcome.again:
        return (Toast(text=_("I am at it, and tell you when it is done.")),)
    said = _("I am at it, and tell you when it is done.")
    if outcome.left:
        said = words.ngettext(
            "{count} answer is still to be judged. I am at it, and tell you when that is done.",
            "{count} answers are still to be judged. I am at it, and tell you when that is done.",
            outcome.left,
        ).format(count=outcome.left)
    reply = Reply(prose=(plain(said),))
    if outcome.undoes:  # of which there is no message yet
        return (Say(reply=reply, slot=_slot(outcome.regrade)),)
    return (_at(outcome.regrade, reply),)


def judging(words: NullTranslations, regrade: RegradeId, left: int) -> Change:
    """How far the background is with judging."""
    said = words.ngettext(
        "{count} answer is still to be judged.",
        "{count} answers are still to be judged.",
        left,
    ).format(count=left)
    return _at(regrade, Reply(prose=(plain(said),)))


def corrected(words: NullTranslations, outcome: Applied) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("🔑 The key of “{title}” is corrected.").format(title=outcome.title)
    prose = (verdict_line(said), plain(_counts(words, _of(outcome.counts))), plain(_told(words)))
    undo = Button(label=_("↶ Undo the correction"), action=UndoRegrade(outcome.regrade))
    back = Button(label=_("◀ Back"), action=ListDoubts(EVERYWHERE))
    return (_at(outcome.regrade, Reply(prose=prose, keyboard=((undo,), (back,)))),)


def _told(words: NullTranslations) -> str:
    return words.gettext("Whose score changed is told so, with the reason. Streaks stay.")


def taken_back(words: NullTranslations, outcome: Undone) -> tuple[Utterance, ...]:
    return (Say(reply=_taken_back(words, outcome)),)


def taken_back_at_last(words: NullTranslations, outcome: Undone) -> tuple[Utterance, ...]:
    """The same in the place of the words that it is being done."""
    return (_at(outcome.regrade, _taken_back(words, outcome)),)


def _taken_back(words: NullTranslations, outcome: Undone) -> Reply:
    _ = words.gettext
    said = _("↶ The correction of “{title}” is undone.").format(title=outcome.title)
    again = _("Scores are as they were before, and whom that concerns is told so.")
    return Reply(prose=(verdict_line(said), plain(again)))


def too_late(words: NullTranslations, regrade: RegradeId) -> tuple[Utterance, ...]:
    """What was to be done in the background, somebody else had done, or undone."""
    said = plain(words.gettext("That was decided before."))
    return (_at(regrade, Reply(prose=(said,))),)


def put_before_authors(
    words: NullTranslations, outcome: Proposed, *, of: RegradeId | None = None
) -> tuple[Utterance, ...]:
    """Say so, in the message ``of`` the draft: it cannot be put before them again."""
    said = words.gettext("“{title}” lies before the authors now.").format(title=outcome.title)
    reply = Reply(prose=(plain(said),), keyboard=(_to_doubts(words),))
    return (_at(of, reply) if of is not None else Say(reply=reply),)


def sure_to_refuse(words: NullTranslations, outcome: SureToRefuse) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("Refuse the correction of “{title}” by {who}? There is no way back.")
    keyboard = (
        (
            Button(label=_("Yes, refuse it"), action=RefuseRegrade(outcome.regrade)),
            Button(label=_("No"), action=ShowRegrade(outcome.regrade)),
        ),
    )
    prose = (plain(said.format(title=outcome.title, who=outcome.who)),)
    return (_at(outcome.regrade, Reply(prose=prose, keyboard=keyboard)),)


def refused(words: NullTranslations, outcome: Refused) -> tuple[Utterance, ...]:
    said = words.gettext("The correction of “{title}” is refused.").format(title=outcome.title)
    reply = Reply(prose=(plain(said),), keyboard=(_to_doubts(words),))
    return (_at(outcome.regrade, reply),)


def key_kept(words: NullTranslations, outcome: KeyKept) -> tuple[Utterance, ...]:
    said = words.gettext("The key of “{title}” stands.").format(title=outcome.title)
    return (Say(reply=Reply(prose=(plain(said),), keyboard=(_to_doubts(words),))),)


def _to_doubts(words: NullTranslations) -> tuple[Button]:
    return (Button(label=words.gettext("◀ Back"), action=ListDoubts(EVERYWHERE)),)


def answer_asked(words: NullTranslations, outcome: AnswerAsked) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("Type the answer to accept, as the course writes it.")
    if outcome.why:
        said = _("Type the reason. Those whose score changes will read it.")
    return (Say(reply=Reply(prose=(plain(said),))),)


def not_yours(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("Keys are looked after by authors, and by who teaches a class.")
    return (Say(reply=Reply(prose=(plain(said),))),)


def no_reason(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("Say first why the key is corrected.")),)


def nothing_changed(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("The key is as it was: there is nothing to do.")),)


def no_right(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("A key needs an answer that is right.")),)


def decided_before(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("That was decided before.")),)


def undecided_answer(
    words: NullTranslations, outcome: UndecidedAnswer | NoneUndecided
) -> tuple[Utterance, ...]:
    """Both forms, and the buttons that decide."""
    _ = words.gettext
    if isinstance(outcome, NoneUndecided):
        return (Say(reply=Reply(prose=(plain(_("No answer waits to be decided.")),))),)
    shown = outcome.question
    prose = (
        Heading((Text(shown.title),)),
        *shown.stem,
        *shown.prose,
        plain(_("Typed by {who}: {typed}").format(who=outcome.who, typed=outcome.typed)),
        plain(_("Read as: {read}").format(read=outcome.read)),
        plain(_("The key: {key}").format(key=outcome.key)),
    )

    def button(ruling: Ruling, label: str) -> Button:
        return Button(label=label, action=Rule(outcome.answer, ruling))

    rows: Keyboard = ((button(Ruling.RIGHT, _("✅ Right")), button(Ruling.WRONG, _("❌ Wrong"))),)
    if outcome.may_add:
        rows = (*rows, (button(Ruling.ALSO, _("✅ Right, and add it to the key")),))
    return (Say(reply=Reply(prose=prose, keyboard=rows)),)


def ruling_kept(words: NullTranslations, outcome: Ruled) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("It counts as right now.") if outcome.right else _("It counts as wrong now.")
    if outcome.draft is not None:
        return (Toast(text=said), *drafted(words, outcome.draft, new=True))
    return (Toast(text=said), *undecided_answer(words, outcome.more))


def from_file(words: NullTranslations, drafts: tuple[Draft, ...]) -> tuple[Utterance, ...]:
    """Offer to regrade what was answered under older versions of a course."""
    if not drafts:
        return ()
    said = words.gettext(
        "Keys changed of questions that were answered before. Shall those answers follow?"
    )
    rows = tuple(
        (Button(label=f"🔑 {each.question.title}", action=ShowRegrade(each.regrade)),)
        for each in drafts
    )
    return (Say(reply=Reply(prose=(plain(said),), keyboard=rows)),)


_POLICIES = (
    (Policy.RAISE_ONLY, Policy.ACCEPT_BOTH),
    (Policy.STRICT, Policy.ALL_FULL, Policy.DROP),
)


def _policy_name(words: NullTranslations, policy: Policy) -> str:
    _ = words.gettext
    match policy:
        case Policy.RAISE_ONLY:
            return _("Nobody loses")
        case Policy.ACCEPT_BOTH:
            return _("Both count")
        case Policy.STRICT:
            return _("New only")
        case Policy.ALL_FULL:
            return _("Full for all")
        case Policy.DROP:
            return _("Drop it")


def _policy(words: NullTranslations, policy: Policy) -> str:
    _ = words.gettext
    match policy:
        case Policy.RAISE_ONLY:
            return _("Nobody loses: who gains by the new key gains, all others stay.")
        case Policy.ACCEPT_BOTH:
            return _("Both count: what the old key calls right stays right, from now on too.")
        case Policy.STRICT:
            return _("New only: everybody is graded by the new key, who loses by it as well.")
        case Policy.ALL_FULL:
            return _("Full for all: who has answered so far gets all points.")
        case Policy.DROP:
            return _("Drop it: the question counts for nobody, from now on too.")


def _doubt(words: NullTranslations, doubt: Doubt) -> str:
    _ = words.gettext
    match doubt:
        case Doubt.KEY:
            return _("the key is wrong")
        case Doubt.UNCLEAR:
            return _("it is unclear")
        case Doubt.TYPO:
            return _("there is a typo")
        case Doubt.ELSE:
            return _("something else")


def _why_label(words: NullTranslations, why: Why) -> str:
    _ = words.gettext
    match why:
        case Why.WRONG:
            return _("It was wrong")
        case Why.SEVERAL:
            return _("More is right")
        case Why.UNCLEAR:
            return _("It was unclear")
        case Why.ELSE:
            return _("Type a reason")


def _past(words: NullTranslations, each: Past) -> str:
    _ = words.gettext
    said = {
        "applied": _("Corrected by {who}, {date}: {up} up, {down} down."),
        "undone": _("Corrected by {who}, {date}, and undone."),
        "proposed": _("A correction by {who} lies before the authors."),
        "refused": _("A correction by {who}, {date}, was refused."),
        "waiting": _("A correction by {who} is being applied."),
        "undoing": _("The correction is being undone by {who}."),
        "kept": _("{who} let the key stand, {date}."),
    }
    return said[each.state].format(
        who=each.who,
        date=local.day_and_month(words, each.at.date()),
        up=each.counts.get("up", 0),
        down=each.counts.get("down", 0),
    )


def _of(counts: Mapping[str, int]) -> Counts:
    return Counts(
        up=counts.get("up", 0), down=counts.get("down", 0), unchanged=counts.get("unchanged", 0)
    )


def _slot(regrade: RegradeId) -> str:
    return f"k{regrade}"


def _at(regrade: RegradeId, reply: Reply) -> Change:
    return Change(slot=_slot(regrade), reply=reply)
