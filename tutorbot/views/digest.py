"""The word about a class on Monday mornings: short, and each point leads to its page."""

from collections.abc import Sequence
from gettext import NullTranslations

from tutorbot.core.digest import Called, Digest
from tutorbot.core.prose import Block, Bullets, Heading, Text
from tutorbot.core.results import (
    ListLearnerResults,
    SetDigest,
    ShowLearnerResults,
    ShowQuestionResults,
    ShowResults,
)
from tutorbot.views import local
from tutorbot.views.reply import Button, Reply, Say
from tutorbot.views.results import short
from tutorbot.views.review import skill_name


def digest(words: NullTranslations, found: Digest) -> Say:
    _ = words.gettext
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    for doubt in found.doubts[:_MOST]:
        lines.append(
            _("⚠ Check the key of question {number} in {quiz}: {title}").format(
                number=doubt.place + 1, quiz=doubt.quiz, title=doubt.question
            )
        )
        action = ShowQuestionResults(doubt.assignment, doubt.place)
        rows.append((Button(label=short(f"⚠ {doubt.question}"), action=action),))
    if found.weak:
        named = [
            f"{skill_name(each.name)} ({local.percent(words, each.facility)})"
            for each in found.weak[:_MOST]
        ]
        lines.append(_("Weak skills: {skills}").format(skills=local.listed(words, named)))
    if found.tags:
        named = [f"{skill_name(tag)} ({count})" for tag, count in found.tags[:_MOST]]
        lines.append(_("Common mistakes: {tags}").format(tags=local.listed(words, named)))
    for called, skills in found.stuck[:_MOST]:
        lines.append(
            _("{name} is stuck in {skills}: more of the same does not help").format(
                name=called.name, skills=local.listed(words, [skill_name(each) for each in skills])
            )
        )
        page = ShowLearnerResults(found.class_id, called.code)
        rows.append((Button(label=short(called.name), action=page),))
    if found.silent:
        lines.append(
            words.ngettext(
                "{names}: no answer for a week", "{names}: no answers for a week", len(found.silent)
            ).format(names=_some(words, found.silent))
        )
        rows.append((Button(label=_("👥 Learners"), action=ListLearnerResults(found.class_id, 0)),))
    title = _("{name}, the week that was").format(name=found.title)
    prose: tuple[Block, ...] = (
        Heading((Text(title),)),
        Bullets(tuple((Text(each),) for each in lines)),
    )
    rows.append((Button(label=_("📊 Results"), action=ShowResults(found.class_id)),))
    off = SetDigest(found.class_id, on=False)
    rows.append((Button(label=_("🔕 No word on Mondays"), action=off),))
    return Say(reply=Reply(prose=prose, keyboard=tuple(rows)))


def _some(words: NullTranslations, people: Sequence[Called]) -> str:
    named = [each.name for each in people[:_NAMED]]
    left = len(people) - len(named)
    if left > 0:
        named.append(words.ngettext("{count} more", "{count} more", left).format(count=left))
    return local.listed(words, named)


_MOST = 3
_NAMED = 5
