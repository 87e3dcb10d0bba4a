"""Holidays as teachers type them."""

from datetime import date

import pytest

from tutorbot.core.holidays import Backwards, NoDate, TooFar, TooLong, read_days

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("2026-12-24 to 2027-01-06", ("2026-12-24", "2027-01-06")),
        ("2026-12-24 2027-01-06", ("2026-12-24", "2027-01-06")),
        ("2026-12-24–2027-01-06", ("2026-12-24", "2027-01-06")),
        ("from 2026-12-24 until 2027-1-6, please", ("2026-12-24", "2027-01-06")),
        ("2026/12/24", ("2026-12-24", "2026-12-24")),
        ("2026-11-20 to 2026-11-23", ("2026-11-20", "2026-11-23")),  # on already
        ("2026-12-24 to 26", NoDate()),  # which month?
        ("2026-02-30", NoDate()),
        ("24.12.2026", NoDate()),
        ("Christmas", NoDate()),
        ("2026-12-01 2026-12-02 2026-12-03", NoDate()),
        ("2027-01-06 to 2026-12-24", Backwards()),
        ("2026-11-01", TooFar()),
        ("2036-12-24", TooFar()),
        ("2026-12-01 to 2027-06-01", TooLong()),
    ],
)
def test_days_are_read_or_what_is_wrong_with_them_is_said(typed: str, days: object):
    read = read_days(typed, TODAY)
    shown = tuple(each.isoformat() for each in read) if isinstance(read, tuple) else read
    assert shown == days
