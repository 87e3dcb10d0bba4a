"""The instructor's queue: answers that the judge could neither prove nor refute."""

from typing import cast

from tutorbot.core.course import Values
from tutorbot.core.undecided import LeftUndecided, code_of
from tutorbot.store import undecided
from tutorbot.store.unit import Unit


async def waiting(unit: Unit, limit: int) -> tuple[LeftUndecided, ...]:
    """The oldest first; whatever has been given a score since waits no longer."""
    return tuple(
        LeftUndecided(
            answer=each.answer,
            learner=code_of(each.learner),
            course=each.course,
            question=each.question,
            typed=each.raw,
            read=each.read,
            key=_canonical(each.key, each.values),
            at=each.at,
        )
        for each in await undecided.waiting(unit, limit)
    )


def _canonical(key: object, values: Values) -> str:
    lines = cast("dict[str, object]", key).get("accepted") if isinstance(key, dict) else None
    accepted = cast("list[object]", lines) if isinstance(lines, list) else []
    told = str(accepted[0]) if accepted else "?"
    where = ", ".join(f"{name} = {value}" for name, value in values)
    return f"{told}  ({where})" if where else told
