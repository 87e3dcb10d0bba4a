"""Whether the typed key of a question holds, in each of its variants."""

from collections.abc import Sequence

from tutorbot.core.course import Question, Typed
from tutorbot.courses.faults import Notebook


def check_typed(
    question: Question,
    typed: Typed,
    accepted_lines: Sequence[int],
    mistaken_lines: Sequence[int],
    notebook: Notebook,
) -> None:
    """Note what contradicts itself in a key; the lines are those of `Typed`, in its order."""
    del question, typed, accepted_lines, mistaken_lines, notebook
