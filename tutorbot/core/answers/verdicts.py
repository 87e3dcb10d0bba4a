"""How a typed answer stands to its key: a closed union, so that no case is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tutorbot.core.course import Form, Typed, Values


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A typed question in one variant: what the judge needs to know, and nothing else.

    ``values`` may occur by name in the author's expressions; a learner types numbers.
    """

    typed: Typed
    values: Values = ()


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something about how a text was read that its author may want to know; it costs nothing.

    Codes and details as those of a `Problem`, and places in the text as typed.
    """

    code: str
    at: int
    length: int = 1
    details: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class Echo:
    """What was read, printed back from our own tree in the learner's order."""

    text: str  # Unicode: 3·(n² + n·m + n)
    latex: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to read a text that can be read in several."""

    text: str  # all of it, typed so that this is the only way
    shown: str  # the place in question, in Unicode: n²


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a text cannot be read: a code, the values its sentence needs, and where.

    ``at`` and ``length`` count code points in the text as typed; ``at == len(text)`` is the end.
    ``readings``: where it is only unclear what is meant, the ways to ask about.
    """

    code: str
    at: int
    length: int = 1
    details: Mapping[str, str] = field(default_factory=dict[str, str])
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A named mistake: a code and the values that its sentence needs (Unicode, ready to show)."""

    code: str
    details: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Why two expressions differ: a point at which they do, or the rule that was applied."""

    method: str  # "fingerprint", "ball", "exact", "entries"; of an example "example" or "about"
    point: tuple[tuple[str, str], ...] = ()
    got: str | None = None
    expected: str | None = None


@dataclass(frozen=True, kw_only=True)
class Right:
    echo: Echo
    accepted: int  # which line of `Typed.accepted` it equals


@dataclass(frozen=True, kw_only=True)
class RightButForm:
    """The right value, not in the form that was asked for; `missing` says what is to be done."""

    echo: Echo
    accepted: int
    form: Form
    missing: Slip


@dataclass(frozen=True, kw_only=True)
class Wrong:
    echo: Echo
    proof: Proof
    mistaken: int | None = None  # which line of `Typed.mistaken` it equals
    slip: Slip | None = None  # the kind of mistake, if it could be named
    agrees: Slip | None = None  # where it is right already, such as for m = 0 or in entry 2
    example: Proof | None = None  # a counterexample in small integers


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """Costs no try."""

    problem: Problem


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """Neither proved right nor wrong in the time given; never held against the learner."""

    echo: Echo


Verdict = Right | RightButForm | Wrong | Unreadable | Undecided
