"""Budgets of messages that all processes share: for each the TAT of `core.pacing`, by one clock."""

from sqlalchemy import Double, bindparam, cast, delete, extract, func, select
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.pacing import Rate
from tutorbot.store.tables import pacing
from tutorbot.store.unit import Unit


async def reserve(unit: Unit, budget: str, rate: Rate, messages: int) -> float:
    """Reserve the next places; return the seconds until the first, below 0 if it is overdue.

    The others follow at the rate's interval, counted from there, overdue or not. What is reserved
    is spent. Commit at once: others wait for the row.
    """
    parameters = {
        "budget": budget,
        "span": messages / rate.per_second,
        "most": _MOST_AHEAD / rate.per_second,
    }
    return (await unit.execute(_RESERVE, parameters)).scalar_one() - rate.tolerance


async def take(unit: Unit, budget: str, rate: Rate, messages: int) -> float:
    """Spend at once, and return 0; or spend nothing, and return the seconds until one may."""
    parameters = {
        "budget": budget,
        "span": messages / rate.per_second,
        "tolerance": rate.tolerance,
    }
    if (await unit.execute(_TAKE, parameters)).scalar_one_or_none() is not None:
        return 0
    waits = (await unit.execute(_WAIT, {"budget": budget})).scalar_one()
    return max(0.001, waits - rate.tolerance)


async def prune(unit: Unit) -> int:
    """Forget budgets that nobody has touched for an hour; return how many."""
    return (await unit.execute(_PRUNE)).rowcount


_MOST_AHEAD = 1000  # messages; more than all processes together ever reserve ahead

_now = cast(extract("epoch", func.clock_timestamp()), Double)  # not that of the transaction's begin
_span = bindparam("span", type_=Double)
_fresh = insert(pacing).values(budget=bindparam("budget"), tat=_now + _span)
_RESERVE = _fresh.on_conflict_do_update(
    index_elements=[pacing.c.budget],
    set_={
        # A clock that was set back must not stop everything until it has caught up.
        "tat": func.greatest(func.least(pacing.c.tat, _now + bindparam("most", type_=Double)), _now)
        + _span
    },
).returning(pacing.c.tat - _span - _now)
_TAKE = _fresh.on_conflict_do_update(
    index_elements=[pacing.c.budget],
    set_={"tat": func.greatest(pacing.c.tat, _now) + _span},
    where=pacing.c.tat - bindparam("tolerance", type_=Double) <= _now,
).returning(pacing.c.tat)
_WAIT = select(pacing.c.tat - _now).where(pacing.c.budget == bindparam("budget"))
_PRUNE = delete(pacing).where(pacing.c.tat < _now - 3600)
