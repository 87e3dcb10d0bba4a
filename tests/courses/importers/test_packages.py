"""Archives and XML of people who mean harm: one sentence each, and no work."""

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given, strategies as st

from tutorbot.courses.importers import apkg, moodle, qti12, qti21
from tutorbot.courses.importers.imported import Imported, NotImported
from tutorbot.courses.importers.packages import (
    LARGEST_PACKAGE,
    MOST_MEMBERS,
    Archive,
    open_archive,
    read_xml,
)

READERS = (moodle.read, qti12.read, qti21.read, apkg.read)


def package(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression=zipfile.ZIP_DEFLATED) as opened:
        for name, content in members:
            opened.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def locked() -> bytes:
    content = bytearray(package(("a.xml", b"<a/>")))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def liar() -> bytes:
    """A member that says it is smaller than it is."""
    content = bytearray(package(("a.xml", b"<a>" + b" " * 5_000 + b"</a>")))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", content, content.index(mark) + offset, 7)
    return bytes(content)


def twice() -> bytes:
    content = package(("aa.xml", b"<a/>"), ("ab.xml", b"<b/>"))
    return content.replace(b"ab.xml", b"aa.xml")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bytes(LARGEST_PACKAGE + 1), "20 MB"),
        (package(("../../etc/passwd", b"x")), "leads out"),
        (package(("/etc/passwd", b"x")), "leads out"),
        (package(("C:\\autoexec.bat", b"x")), "leads out"),
        (package((link(), b"/etc/passwd")), "a link"),
        (locked(), "a password"),
        (twice(), "two members of one name"),
        (package(("bomb.xml", bytes(10_000_000))), "swell"),
        (package(*((f"{n}.xml", bytes(900_000)) for n in range(100))), "over 80 MB"),
        (package(*((f"{n}", b"") for n in range(MOST_MEMBERS + 1))), "members"),
        (b"PK\x01\x02" * (3 * MOST_MEMBERS), "members"),
        (package(("a", b"x"))[:-10], "no zip archive"),
        (b"", "no zip archive"),
    ],
    ids=range(13),
)
def test_a_hostile_archive_stays_shut_with_one_sentence(content: bytes, words: str) -> None:
    found = open_archive(content)
    assert isinstance(found, NotImported)
    assert words in found.what
    assert found.what.count(". ") == 0


def test_a_member_that_lies_about_its_size_is_damaged_and_not_read_further() -> None:
    archive = open_archive(liar())
    assert isinstance(archive, Archive)
    assert archive.read("a.xml") is None
    assert archive.damaged == {"a.xml"}


def test_an_archive_in_an_archive_is_never_opened() -> None:
    inner = package(("quiz.xml", b"<questestinterop/>"))
    found = qti12.read(package(("inner.zip", inner)), "x.zip")
    assert isinstance(found, NotImported)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/x"> %b;]><a/>',
        b'<!DOCTYPE a [<!ATTLIST a b CDATA "long">]><a/>',
        b"<a>" * 101 + b"</a>" * 101,
        pytest.param(b"<a>" + b"<b/>" * 500_000 + b"</a>", marks=pytest.mark.slow),
        pytest.param(
            b"<a " + b" ".join(b'a%d=""' % n for n in range(500_000)) + b"/>",
            marks=pytest.mark.slow,
        ),
        b"<?xml version='1.0' encoding='utf-16'?><a/>",
        b"\xff\xfe\x00",
        b"<a>&nowhere;</a>",
    ],
    ids=range(9),
)
def test_hostile_xml_is_refused_in_one_sentence(content: bytes) -> None:
    found = read_xml(content)
    assert isinstance(found, NotImported)
    assert found.what.endswith(".")


def test_the_dtd_that_old_programs_name_is_not_fetched_and_does_no_harm() -> None:
    found = read_xml(b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a b="c"/>')
    assert not isinstance(found, NotImported)
    assert found.attrib == {"b": "c"}


@given(
    st.one_of(
        st.binary(max_size=200),
        st.dictionaries(
            st.sampled_from(
                ["imsmanifest.xml", "a.xml", "collection.anki2", "collection.anki21b", "media"]
            ),
            st.one_of(
                st.binary(max_size=100),
                st.sampled_from([b"<questestinterop><item/></questestinterop>", b"{}", b"[]"]),
            ),
            max_size=4,
        ).map(lambda members: package(*members.items())),
    )
)
def test_whatever_bytes_come_every_reader_answers(content: bytes) -> None:
    for read in READERS:
        assert isinstance(read(content, "x"), Imported | NotImported)
