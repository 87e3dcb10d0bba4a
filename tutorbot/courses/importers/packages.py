"""Opening what strangers packed: archives and XML, with every bound checked before the work.

Nothing is unpacked to a disk and no name becomes a path, so a member can only be too large or too
many; names that want to escape tell of an attack and are refused all the same.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from struct import error as StructError  # noqa: N812 - a class with the name of a variable
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from tutorbot.courses.importers.imported import NotImported

LARGEST_PACKAGE = 20_000_000
"""In bytes, packed; what a chat lets through, too."""

LARGEST_UNPACKED = 80_000_000
"""In bytes, all members together."""

LARGEST_PICTURE = 10_000_000
"""In bytes; the largest that a chat shows as a picture."""

MOST_MEMBERS = 2_000
MOST_NODES = 500_000
"""Elements and attributes of one XML file."""

DEEPEST = 100
"""Elements within elements."""

MOST_QUESTIONS = 5_000

_STEEPEST = 300
"""How many bytes may come out of one; text seldom gives more than 30."""

_SMALL = 1_000_000
"""In bytes. What is smaller may be packed as tightly as it likes."""

_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    StructError,
    ValueError,
)


@dataclass
class Budget:
    """How many elements and attributes may still be built."""

    left: int = MOST_NODES


@dataclass(frozen=True, kw_only=True)
class Archive:
    """The members of an archive that keeps to the bounds, by name, read when they are asked for."""

    _zip: zipfile.ZipFile
    _members: Mapping[str, zipfile.ZipInfo]
    _damaged: set[str] = field(default_factory=set[str])
    _budget: Budget = field(default_factory=Budget)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._members)

    @property
    def damaged(self) -> frozenset[str]:
        """What was asked for and could not be unpacked."""
        return frozenset(self._damaged)

    def find(self, name: str) -> str | None:
        """The member that a reference means: as written, or by its last part alone if unique."""
        if name in self._members:
            return name
        last = PurePosixPath(name).name
        found = [each for each in self._members if PurePosixPath(each).name == last]
        return found[0] if last and len(found) == 1 else None

    def read(self, name: str) -> bytes | None:
        """The content of a member; nothing if there is none or it is damaged."""
        if name not in self._members:
            return None
        try:
            with self._zip.open(self._members[name]) as member:
                return member.read(self._members[name].file_size)
        except _DAMAGED:
            self._damaged.add(name)
            return None

    def read_xml(self, name: str) -> Element | NotImported:
        """The root of a member; all of them share the bound on elements."""
        return read_xml(self.read(name) or b"", self._budget)


def open_archive(content: bytes) -> Archive | NotImported:
    """The archive, or one sentence on why it stays shut."""
    if len(content) > LARGEST_PACKAGE:
        return too_large(content)
    # Each member has one such mark, so the directory is bounded before it is read.
    if content.count(_ENTRY) > 2 * MOST_MEMBERS:
        return _too_many()
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGED:
        return NotImported(what="This is no zip archive, or it is damaged: export it again.")
    members = opened.infolist()
    if len(members) > MOST_MEMBERS:
        return _too_many()
    if sum(each.file_size for each in members) > LARGEST_UNPACKED:
        return NotImported(
            what=f"Unpacked, the archive would have over {LARGEST_UNPACKED // 1_000_000} MB: "
            "export fewer questions or smaller pictures."
        )
    names: set[str] = set()
    for member in members:
        trouble = _trouble(member)
        if member.filename in names:
            trouble = "has two members of one name"
        if trouble:
            return NotImported(what=f"The archive {trouble}, so it stays shut: export it again.")
        names.add(member.filename)
    return Archive(
        _zip=opened, _members={each.filename: each for each in members if not each.is_dir()}
    )


def read_xml(content: bytes, budget: Budget | None = None) -> Element | NotImported:
    """The root, with namespaces taken off all names, or one sentence on why it is not read."""
    if len(content) > LARGEST_UNPACKED:
        return too_large(content)
    parser = _Parser(target=_Bounded(budget or Budget()), forbid_dtd=True)
    try:
        parser.feed(content)
        root = parser.close()
    except DefusedXmlException:
        return NotImported(
            what="The XML declares entities of its own, which are not read: export it again."
        )
    except _TooMuchError:
        return NotImported(
            what=f"The XML has over {MOST_NODES:,} elements, or they are nested too deeply: "
            "export fewer questions at once."
        )
    except ParseError as fault:
        line = fault.position[0]
        return NotImported(what=f"This is not XML from line {line} on: export it again.")
    except (LookupError, ValueError, UnicodeError):
        return NotImported(what="The encoding of the XML is unknown: save it as UTF-8.")
    return root


def too_large(content: bytes) -> NotImported:
    return NotImported(
        what=f"The file has {len(content) // 1_000_000} MB; send one under "
        f"{LARGEST_PACKAGE // 1_000_000} MB."
    )


def too_many_questions(count: int) -> NotImported:
    return NotImported(
        what=f"The file has {count:,} questions; a course may have {MOST_QUESTIONS:,}, "
        "so export them in parts."
    )


def child(element: Element | None, *path: str) -> Element | None:
    """The first element below, step by step; nothing comes from nothing."""
    for tag in path:
        element = None if element is None else element.find(tag)
    return element


def text_of(element: Element | None, *path: str) -> str:
    """All words in the element that the path leads to; none if there is no such element."""
    found = child(element, *path)
    return "" if found is None else "".join(found.itertext()).strip()


def all_of(element: Element | None, *tags: str) -> Iterator[Element]:
    """Every descendant with one of the names, in the order of the file."""
    if element is not None:
        yield from (each for each in element.iter() if each.tag in tags)


class _TooMuchError(Exception):
    """The tree would grow too large."""


class _Bounded(TreeBuilder):
    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget, self._depth = budget, 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._budget.left -= 1 + len(attrs)
        self._depth += 1
        if self._budget.left < 0 or self._depth > DEEPEST:
            raise _TooMuchError
        return super().start(_local(tag), {_local(name): attrs[name] for name in attrs})

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(_local(tag))


class _Parser(DefusedXMLParser):
    """Old exporters name the DTD of their format; only one that brings declarations is refused."""

    def defused_start_doctype_decl(
        self, name: str, sysid: str | None, pubid: str | None, has_internal_subset: bool
    ) -> None:
        if has_internal_subset:
            super().defused_start_doctype_decl(name, sysid, pubid, has_internal_subset)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _too_many() -> NotImported:
    return NotImported(
        what=f"The archive has over {MOST_MEMBERS:,} members: export fewer questions at once."
    )


def _trouble(member: zipfile.ZipInfo) -> str | None:
    """What is wrong with a member, as it follows "The archive"."""
    name = member.filename
    if name.startswith("/") or "\\" in name or ":" in name[:2] or ".." in name.split("/"):
        return "has a name that leads out of it"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "has a link in it"
    if member.flag_bits & _ENCRYPTED:
        return "is locked with a password"
    if member.compress_type not in _KNOWN:
        return "is packed in a way that is not read"
    if member.file_size > max(_SMALL, _STEEPEST * member.compress_size):
        return "would swell beyond measure"
    return None
