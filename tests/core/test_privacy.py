import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.privacy import Rows, archive, as_csv, as_json, bounded, expired

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def table(*values: object) -> Rows:
    return Rows(columns=("raw",), rows=[(each,) for each in values])


def cells(rows: Rows) -> list[str]:
    read = csv.reader(io.StringIO(as_csv(rows).removeprefix("\ufeff"), newline=""))
    return [row[0] for row in read][1:]


@pytest.mark.parametrize(
    "typed",
    [
        '=HYPERLINK("http://evil.example","tap")',
        "+1",
        "-1",
        "@SUM(A1)",
        "  =1+1",
        "\t=1+1",
        "\r\n=1+1",
        "\u00a0=1+1",
        "＝1+1",
        "＠SUM(A1)",
    ],
)
def test_a_spreadsheet_works_out_nothing_that_was_typed(typed: str):
    (cell,) = cells(table(typed))
    assert cell == "'" + typed


@given(st.lists(st.text()))
def test_a_spreadsheet_has_all_that_was_typed(typed: list[str]):
    assert [cell.removeprefix("'") for cell in cells(table(*typed))] == [
        each.removeprefix("'") for each in typed
    ]


def test_numbers_stay_numbers():
    assert cells(table(-3, Decimal("-0.5"), True)) == ["-3", "-0.5", "True"]


@given(st.lists(st.text() | st.integers() | st.none() | st.lists(st.text())))
def test_json_says_exactly_what_is_kept(values: list[object]):
    assert [each["raw"] for each in json.loads(as_json(table(*values)))] == values


def test_days_and_instants_are_written_as_everybody_reads_them():
    told = json.loads(as_json(table(NOON, NOON.date(), {"a": (NOON,)})))
    assert [each["raw"] for each in told] == [
        "2026-11-22T12:00:00+00:00",
        "2026-11-22",
        {"a": ["2026-11-22T12:00:00+00:00"]},
    ]


def test_the_archive_explains_itself_and_says_where_it_was_cut():
    cut = Rows(columns=("raw",), rows=[("4",)], cut=True)
    packed = archive({"answers": cut}, NOON)
    with zipfile.ZipFile(io.BytesIO(packed)) as made:
        assert sorted(made.namelist()) == ["README.txt", "answers.csv", "answers.json"]
        assert "the newest 1" in made.read("README.txt").decode()
    assert archive({"answers": cut}, NOON) == packed


def test_an_archive_has_room_for_the_newest_in_the_order_of_time():
    newest = [("c" * 20,), ("b" * 20,), ("a" * 20,)]
    assert bounded(["raw"], newest) == Rows(columns=("raw",), rows=newest[::-1])
    for cut in (
        bounded(["raw"], newest, most_rows=2),
        bounded(["raw"], newest, most_characters=60),
    ):
        assert cut == Rows(columns=("raw",), rows=[("b" * 20,), ("c" * 20,)], cut=True)


@pytest.mark.parametrize(
    ("later", "too_late"),
    [
        (timedelta(0), False),
        (timedelta(minutes=10), False),
        (timedelta(minutes=10, seconds=1), True),
        (timedelta(days=400), True),
        (timedelta(seconds=-1), True),
    ],
)
def test_the_button_that_deletes_works_for_ten_minutes(later: timedelta, too_late: bool):
    assert expired(int(NOON.timestamp()), NOON + later) is too_late
