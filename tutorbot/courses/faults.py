"""What is wrong with a course file, where, and how to mend it."""

from dataclasses import dataclass, field

MOST_FAULTS = 200
"""A file with more faults than this is some other kind of file; the rest is left unsaid."""


@dataclass(frozen=True, kw_only=True, order=True)
class Fault:
    """Lines and columns count from 1, columns in code points."""

    line: int
    column: int
    what: str
    mend: str


Faults = tuple[Fault, ...]


@dataclass(kw_only=True)
class Notebook:
    """Collects the faults of one file while it is read."""

    lines: tuple[str, ...]
    faults: list[Fault] = field(default_factory=list[Fault])

    def note(self, line: int, what: str, mend: str, *, near: str = "") -> None:
        """Note a fault on ``line``, at the first place of ``near`` in it or where it begins."""
        if len(self.faults) >= MOST_FAULTS:
            return
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        start = text.find(near) if near else -1
        if start < 0:
            start = len(text) - len(text.lstrip())
        fault = Fault(line=max(line, 1), column=start + 1, what=what, mend=mend)
        if fault not in self.faults:
            self.faults.append(fault)

    def sorted(self) -> Faults:
        return tuple(sorted(self.faults))
