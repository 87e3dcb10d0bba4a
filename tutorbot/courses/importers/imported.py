"""What an importer gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from tutorbot.core.course import Course


class Weight(Enum):
    LOST = "lost"  # it was in the file, and is not in the course
    DOUBT = "doubt"  # it contradicts itself, or someone doubted it: a person should look
    MISSING = "missing"  # a course needs it, and the file does not have it
    CHANGED = "changed"  # it is said otherwise than in the file


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing that a person should know.

    ``where`` is for people: "question 5", "line 12", "item q7 in quiz.xml".
    """

    weight: Weight
    where: str
    what: str  # one sentence
    quote: str = ""  # what the file says there, at most 200 characters


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A course as far as the file tells it: a choice may lack its right option, a key its line.

    ``pictures`` holds the bytes of each file that a `Picture` names.
    """

    course: Course
    remarks: tuple[Remark, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass(frozen=True, kw_only=True)
class NotImported:
    """The file as a whole cannot be read, is too large, or is no file of this format."""

    what: str  # one sentence, with the remedy
