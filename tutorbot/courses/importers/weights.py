"""Shares of the marks into what our options and keys can say, with a remark on what changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tutorbot.core.course import Mark, Partial
from tutorbot.courses.importers.imported import Weight

_NEARLY = Fraction(1, 200)
"""Programs round thirds to 33.333; two shares closer than this are one."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    marks: tuple[Mark, ...]
    partial: Partial = Partial.ALL_OR_NOTHING
    remarks: tuple[tuple[Weight, str], ...] = ()


def one_right(shares: Sequence[Fraction]) -> Marks:
    """For options of which one is taken; the shares are of 1, as given for each of them."""
    best = max(shares, default=Fraction(0))
    if best <= 0:
        return Marks(
            marks=tuple(Mark.WRONG for _ in shares),
            remarks=((Weight.MISSING, "No option is marked as right."),),
        )
    marks = tuple(Mark.RIGHT if alike(each, best) else Mark.WRONG for each in shares)
    remarks: list[tuple[Weight, str]] = []
    if not alike(best, Fraction(1)):
        remarks.append((Weight.DOUBT, "The best option is not worth all of the marks."))
    if marks.count(Mark.RIGHT) > 1:
        remarks.append((Weight.DOUBT, "Several options of a single choice are marked as right."))
    if any(each > 0 and not alike(each, best) for each in shares):
        remarks.append((Weight.CHANGED, "Options that were worth a part of the marks are wrong."))
    return Marks(marks=marks, remarks=tuple(remarks))


def several_right(shares: Sequence[Fraction]) -> Marks:
    """For options of which any may be ticked, whose shares are added and are at least nothing."""
    marks = tuple(Mark.RIGHT if each > 0 else Mark.WRONG for each in shares)
    right = [each for each in shares if each > 0]
    wrong = [each for each in shares if each <= 0]
    if not right:
        return Marks(marks=marks, remarks=((Weight.MISSING, "No option is marked as right."),))
    remarks: list[tuple[Weight, str]] = []
    if not alike(sum(right), Fraction(1)):
        remarks.append((Weight.DOUBT, "The right options together are not worth all of the marks."))
    each_share = Fraction(1, len(right))
    if not all(alike(share, each_share) for share in right) or not all(
        alike(share, -each_share) for share in wrong
    ):
        remarks.append(
            (
                Weight.CHANGED,
                "Ticks had shares of the marks; now each wrong tick takes off a right one.",
            )
        )
    return Marks(marks=marks, partial=Partial.NET_CORRECT, remarks=tuple(remarks))


def alike(one: Fraction | int, other: Fraction | int) -> bool:
    return abs(one - other) <= _NEARLY


def simple(fraction: Fraction) -> Fraction:
    """The simple fraction that a rounded one stands for: 0.3333333 is a third."""
    found = fraction.limit_denominator(20)
    return found if abs(found - fraction) < Fraction(1, 100_000) else fraction
