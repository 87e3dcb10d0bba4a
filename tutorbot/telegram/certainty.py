"""What a learner may say while they are asked how sure they are of an answer."""

from tutorbot.core.actions import Choose, Done, ReadAs, SayCertainty, Tick
from tutorbot.core.ids import AttemptId
from tutorbot.telegram.read import (
    Blocked,
    Edited,
    InGroup,
    Pressed,
    PressedUnknown,
    Said,
    Unblocked,
)


def repeats(said: Said, attempt: AttemptId) -> bool:
    """Whether it is the answer once more: a second tap is no wish to go on."""
    return (
        isinstance(said, Pressed)
        and isinstance(said.action, Choose | Tick | Done | ReadAs)
        and said.action.attempt == attempt
    )


def goes_on(said: Said) -> bool:
    """Whether the learner goes on to something else, so that the verdict is told without more."""
    if isinstance(said, Pressed):
        return not isinstance(said.action, SayCertainty)
    return not isinstance(said, Blocked | Edited | InGroup | PressedUnknown | Unblocked)
