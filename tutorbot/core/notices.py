"""What somebody is told about their place in a class, without having asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from tutorbot.core.broadcasts import morning
from tutorbot.core.ids import ClassId, LinkId

JOB = "classes.tell"
"""What the queue calls the work on those that wait for a morning."""


class What(Enum):
    EXTENDED = "extended"  # their deadlines were put off
    TIME = "time"  # they have another share of the usual time
    REMOVED = "removed"
    INVITED = "invited"  # back


@dataclass(frozen=True, kw_only=True)
class About:
    """What happened to whom. How it stands is looked up when it is told."""

    what: What
    class_id: ClassId
    member: str  # their code in the class
    link: LinkId | None = None  # by which they may come back

    def as_json(self) -> dict[str, object]:
        return {
            "what": self.what.value,
            "class_id": self.class_id,
            "member": self.member,
            "link": self.link,
        }

    @property
    def key(self) -> str:
        """The same for what is told once however often it happens until then."""
        return f"{JOB} {self.class_id} {self.member} {self.what.value}"


def about_of(kept: Mapping[str, Any]) -> About:
    return About(
        what=What(kept["what"]),
        class_id=ClassId(int(kept["class_id"])),
        member=str(kept["member"]),
        link=None if kept["link"] is None else LinkId(int(kept["link"])),
    )


@dataclass(frozen=True, kw_only=True)
class Longer:
    """A quiz, and until when it is open to them."""

    title: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class MoreTime:
    group: str
    quizzes: tuple[Longer, ...]  # one at least


@dataclass(frozen=True, kw_only=True)
class TimeSet:
    group: str
    percent: int  # of the usual time
    quizzes: tuple[Longer, ...]  # whose minutes run at this moment


@dataclass(frozen=True, kw_only=True)
class TakenOut:
    group: str


@dataclass(frozen=True, kw_only=True)
class AskedBack:
    group: str
    code: str  # of the link by which they join


Notice = MoreTime | TimeSet | TakenOut | AskedBack


def waits(notice: Notice, timezone: str, at: datetime) -> datetime | None:
    """The morning for which it waits where it is read by night; None: it is said now.

    What they can use before that morning does not wait.
    """
    until = morning(at, timezone)
    if until is None or not isinstance(notice, MoreTime | TimeSet):
        return until
    return None if any(each.until <= until for each in notice.quizzes) else until
