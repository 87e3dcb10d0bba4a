"""A file is recognised by what it says, whatever it is called."""

import pytest
from hypothesis import given, strategies as st

from tutorbot.courses.importers.formats import FORMATS, LARGEST_FILE, Sample, read, recognised
from tutorbot.courses.importers.imported import Imported, NotImported


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1. Why?\nA. one\nB. two\nAnswer: B\n", "marked"),
        ("1. Why $\\sum_{t=1}^{T} x_{T}$?\nA. one\nB. two\nAnswer: B\n", "marked"),
        ("1. Why?\nA. one\nB. two\nANSWER: B\n", "marked"),
        ("Why?\nA. one\nB. two\nANSWER: B\n", "aiken"),
        ("::T:: Why? {=one ~two}", "gift"),
        ("Why?{\n=one\n~two\n}", "gift"),
        ("It rains. {T}", "gift"),
        ("$CATEGORY: a\n\nWhy {#3}", "gift"),
        ("1. Why?\n*a) one\nb) two\n", "text2qti"),
        ("Quiz title: Q\n\n1. Why?\n[*] one\n[ ] two\n", "text2qti"),
        ("<?xml version='1.0'?><quiz></quiz>", "moodle"),
        ("<questestinterop></questestinterop>", "qti12"),
    ],
)
def test_a_text_is_known_by_its_marks(text: str, name: str):
    found = recognised(Sample(text.encode(), "file.txt"))
    assert found
    assert found.name == name


def test_an_ending_tells_where_marks_do_not():
    found = recognised(Sample(b"Words.", "bank.gift"))
    assert found
    assert found.name == "gift"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_are_read_however_they_are_written(encoding: str):
    text = "1. Où est l'été?\nA. ici\nB. là\nAnswer: B\n"
    found = read(text.encode(encoding), "paper.txt")
    assert isinstance(found, Imported)
    assert found.course.questions[0].title == "Où est l'été?"
    assert any("UTF-8" in each.what for each in found.remarks) is (encoding in {"cp1252", "utf-16"})


def test_a_format_may_be_named():
    found = read(b"Why?\nA. one\nB. two\nANSWER: B\n", "x.txt", wanted="gift")
    assert isinstance(found, NotImported)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"\x00\x01\x02",
        b"PK\x03\x04broken",
        b"%PDF-1.7 \x00",
        b"x" * (LARGEST_FILE + 1),
    ],
    ids=["empty", "blank", "bytes", "zip", "pdf", "large"],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes):
    found = read(content, "file")
    assert isinstance(found, NotImported)
    assert found.what.endswith(".")


@given(st.binary(max_size=300), st.sampled_from([None, *(each.name for each in FORMATS)]))
def test_any_bytes_get_an_answer(content: bytes, wanted: str | None):
    read(content, "file", wanted=wanted)
