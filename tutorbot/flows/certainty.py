"""Asking learners how sure they are of an answer before they hear its verdict."""

from collections.abc import Sequence
from datetime import datetime

from tutorbot.core.actions import SayCertainty
from tutorbot.core.certainty import (
    Asks,
    Awaited,
    Calibration,
    Level,
    Mistake,
    Noted,
    ToldBefore,
    calibrated,
    to_mend,
)
from tutorbot.core.course import Reveal
from tutorbot.core.learner import Learner
from tutorbot.core.practice import in_language
from tutorbot.flows import review
from tutorbot.flows.published import Library
from tutorbot.store import certainty
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Change, Say


async def put_off(unit: Unit, learner: Learner, asks: Asks, said: Sequence[Say | Change]) -> None:
    """Keep the words of a verdict until the learner has said how sure they are, or gone on."""
    await certainty.put_off(unit, learner.id, asks, said)


async def awaited(unit: Unit, learner: Learner) -> Awaited | None:
    """The answer about which the learner was asked; a look at the store for who wants it alone."""
    return await certainty.awaited(unit, learner.id) if learner.certainty else None


async def tell(unit: Unit, learner: Learner) -> tuple[Say | Change, ...]:
    """Hand out the words that waited; from now on no certainty counts for that answer."""
    return await certainty.take(unit, learner.id)


async def say(
    unit: Unit, learner: Learner, action: SayCertainty, about: Awaited | None, at: datetime
) -> Noted | ToldBefore:
    """Note how sure the learner was. What was guessed comes back sooner."""
    if about is None or about.attempt != action.attempt:
        return ToldBefore()
    asks = about.asks
    await certainty.record(unit, learner.id, asks.answer, action.level, at)
    if action.level is Level.GUESS and asks.if_guessed is not None:
        await certainty.rate_anew(unit, learner.id, asks.course, asks.question, asks.if_guessed)
    return Noted(level=action.level, right=about.right)


async def look(unit: Unit, library: Library, learner: Learner, at: datetime) -> Calibration:
    """How the learner's certainty stands to what became of it, and what is to be mended."""
    said = await certainty.all_of(unit, learner.id)
    levels = calibrated((each.level, each.right) for each in said)
    slips = [
        (each.course, each.question)
        for each in said
        if each.level is Level.CERTAIN and not each.right
    ]
    if not slips:
        return Calibration(on=learner.certainty, levels=levels)
    desk = await review.desk(unit, library, learner, at)
    # In a paper that is under way, what its author holds back until later is not to be shown here.
    free = {
        key
        for key, question in desk.questions.items()
        if question.reveal is Reveal.ANSWERED or key[0] in desk.known
    }
    mistakes: list[Mistake] = []
    for key in to_mend(slips, desk.firsts):
        if key in free:
            course = await library.course(unit, desk.versions[key[0]])
            spoken = in_language(course, learner.language)
            mistakes.append(
                Mistake(
                    course=key[0],
                    question=key[1],
                    title=spoken.question(key[1]).title,
                    paper=spoken.title,
                )
            )
    return Calibration(on=learner.certainty, levels=levels, mistakes=tuple(mistakes))
