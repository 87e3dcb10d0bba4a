"""The updates that were put aside, as `tutorbot updates` lists them."""

from collections.abc import Sequence

from tutorbot.store.updates import Poisoned
from tutorbot.telegram.net import reference_of


def as_text(poisoned: Sequence[Poisoned]) -> str:
    """Two lines for each: its number, the reference that its learner was told, when; and why.

    >>> as_text(())
    'No update was put aside.'
    """
    if not poisoned:
        return "No update was put aside."
    return "\n".join(line for each in poisoned for line in _lines(each))


def _lines(each: Poisoned) -> tuple[str, str]:
    reference = reference_of(each.update_id)
    return (
        f"{each.update_id:>12}  {reference:<8} {each.at:%Y-%m-%d %H:%M}",
        f"{'':14}{each.error}",
    )
