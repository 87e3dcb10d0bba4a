"""What is wrong with a course file, where, and how to mend it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

MOST_FAULTS = 200
"""Of one severity. A file with more is some other kind of file; the rest is left unsaid."""


class Severity(StrEnum):
    """How much a fault weighs."""

    ERROR = "error"  # nobody may learn from this course before it is mended
    WARNING = "warning"  # it can be learned from, and is hardly what its author wants
    NOTE = "note"  # worth a thought


@dataclass(frozen=True, kw_only=True, order=True)
class Fault:
    """Lines and columns count from 1, columns in code points.

    ``end_column`` is the first one behind the place, on the same line; 0 where that is not known.
    ``code`` names the rule and outlives its wording, so that tools may count by it.
    """

    line: int
    column: int
    what: str
    mend: str
    code: str = "not-read"
    severity: Severity = Severity.ERROR
    end_column: int = 0


Faults = tuple[Fault, ...]


def errors(faults: Iterable[Fault]) -> Faults:
    """Those that keep a course from being used."""
    return tuple(fault for fault in faults if fault.severity is Severity.ERROR)


@dataclass(kw_only=True)
class Notebook:
    """Collects the faults of one file while it is read."""

    lines: tuple[str, ...]
    faults: list[Fault] = field(default_factory=list[Fault])
    _seen: set[Fault] = field(default_factory=set[Fault])
    _counts: Counter[Severity] = field(default_factory=Counter[Severity])

    def note(
        self,
        line: int,
        what: str,
        mend: str,
        *,
        near: str = "",
        code: str = "not-read",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a fault on ``line``, at the first place of ``near`` in it or where it begins."""
        if self._counts[severity] >= MOST_FAULTS:
            return
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        start = text.find(near) if near else -1
        end = start + len(near) + 1 if start >= 0 else 0
        if start < 0:
            start = len(text) - len(text.lstrip())
        fault = Fault(
            line=max(line, 1),
            column=start + 1,
            what=what,
            mend=mend,
            code=code,
            severity=severity,
            end_column=end,
        )
        if fault not in self._seen:
            self._seen.add(fault)
            self._counts[severity] += 1
            self.faults.append(fault)

    def sorted(self) -> Faults:
        return tuple(sorted(self.faults))
