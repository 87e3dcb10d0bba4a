"""What can be said about a wrong statement: the slip, and what of it is right already."""

from collections.abc import Sequence

from tutorbot.core.answers.expression import Domain, Same
from tutorbot.core.answers.kinds import logic_slips, relation_slips, statement
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.structure_printing import shown
from tutorbot.core.answers.structures import Joined, Thing, free, weight
from tutorbot.core.answers.verdicts import Slip

MAX_PARTS = 8
MAX_SHOWN = 60


def diagnosed(got: Thing, expected: Thing, domain: Domain) -> Diagnosis:
    if weight(got) + weight(expected) > statement.MAX_SIZE:
        return Diagnosis()
    slip = logic_slips.slip(got, expected) or statement.slip(got, expected, domain)
    slip = slip or relation_slips.slip(got, expected, domain)
    if slip is not None:
        return Diagnosis(slip=slip)
    ours, theirs = _parts(got), _parts(expected)
    if len(ours) > 1 or len(theirs) > 1:
        found = _by_parts(ours, theirs, domain)
        if found.slip is not None or found.agrees is not None:
            return found
    if len(free(got) | free(expected)) > 1:
        return Diagnosis()  # of several symbols, no line is at hand on which to look
    for inside, outside, code in ((got, expected, "too-narrow"), (expected, got, "too-wide")):
        if relation_slips.is_part(inside, outside, domain):
            return Diagnosis(agrees=Slip(code=code))
    return Diagnosis()


def _parts(thing: Thing) -> tuple[Thing, ...]:
    return thing.parts if isinstance(thing, Joined) and thing.sign == "∧" else (thing,)


def _by_parts(ours: Sequence[Thing], theirs: Sequence[Thing], domain: Domain) -> Diagnosis:
    """Conditions that all have to hold: which are right, and what is off in the only other one."""
    if max(len(ours), len(theirs)) > MAX_PARTS:
        return Diagnosis()
    left, extra, right = list(theirs), list[Thing](), list[Thing]()
    for part in ours:
        same = next((at for at, each in enumerate(left) if _same(part, each, domain)), None)
        if same is None:
            extra.append(part)
        else:
            right.append(left.pop(same))
    if not right:
        return Diagnosis()
    listed = ", ".join(map(shown, right))
    agrees = Slip(code="right-entries", details={"parts": listed})
    agrees = agrees if left and len(listed) <= MAX_SHOWN else None
    if left and not extra:
        return Diagnosis(slip=Slip(code="condition-missing"), agrees=agrees)
    if extra and not left:
        details = {"condition": shown(extra[0])}
        return Diagnosis(slip=Slip(code="condition-extra", details=details))
    slip = None
    if len(left) == len(extra) == 1:
        slip = statement.slip(extra[0], left[0], domain)
        slip = slip or relation_slips.slip(extra[0], left[0], domain)
    return Diagnosis(slip=slip, agrees=agrees)


def _same(one: Thing, other: Thing, domain: Domain) -> bool:
    return isinstance(statement.same(one, other, domain), Same)
