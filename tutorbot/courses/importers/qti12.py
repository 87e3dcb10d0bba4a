"""Packages of QTI 1.2, the format in which Canvas and others hand quizzes on."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from tutorbot.core.course import Pool, Question
from tutorbot.core.prose import Prose
from tutorbot.courses.importers.gathering import Gathering, Read, number
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.packages import (
    MOST_QUESTIONS,
    Archive,
    open_archive,
    read_xml,
    text_of,
    too_many_questions,
)
from tutorbot.courses.importers.qti12_items import ItemReader
from tutorbot.courses.importers.tried import Effort

_ROOT = "questestinterop"
_FILE_BASE = ("$IMS-CC-FILEBASE$", "$IMS_CC_FILEBASE$")
_FOLDERS = ("", "web_resources/", "media/")


def read(content: bytes, name: str) -> Imported | NotImported:
    """The course that a package or a single file of XML makes; ``name`` is that of the file."""
    if not content.startswith(b"PK"):
        root = read_xml(content)
        if isinstance(root, NotImported):
            return root
        if root.tag != _ROOT:
            return _no_package()
        return _Reader(Gathering(name=name), None).imported([root], {})
    archive = open_archive(content)
    if isinstance(archive, NotImported):
        return archive
    return read_archive(archive, name)


def read_archive(archive: Archive, name: str) -> Imported | NotImported:
    """The course that an open package makes."""
    gathering = Gathering(name=name)
    roots: list[Element] = []
    settings: dict[str, Element] = {}
    for member in archive.names:
        if not member.casefold().endswith((".xml", ".qti")):
            continue
        root = archive.read_xml(member)
        if isinstance(root, NotImported):
            gathering.remark(Weight.LOST, member[:80], root.what)
        elif root.tag == _ROOT:
            roots.append(root)
        elif root.tag == "quiz" and member.endswith("assessment_meta.xml"):
            settings[root.get("identifier") or ""] = root
    if not roots:
        return _no_package()
    return _Reader(gathering, archive).imported(roots, settings)


class _Reader:
    def __init__(self, gathering: Gathering, archive: Archive | None) -> None:
        self._gathering = gathering
        self._read = _pictures(archive)
        self._effort = Effort()

    def imported(
        self, roots: list[Element], settings: dict[str, Element]
    ) -> Imported | NotImported:
        count = sum(1 for root in roots for _ in root.iter("item"))
        if count > MOST_QUESTIONS:
            return too_many_questions(count)
        if not count:
            return NotImported(what="The package has no question: export a quiz with questions.")
        quizzes = [each for root in roots for each in _quizzes(root)]
        title = lang = ""
        about: Prose = ()
        for quiz in quizzes:
            meta = settings.get(quiz.get("ident") or "")
            title = title or text_of(meta, "title") or quiz.get("title") or ""
            lang = lang or quiz.get("lang") or ""
            about = about or self._about(meta)
            shuffle = text_of(meta, "shuffle_answers")
            items = ItemReader(
                self._gathering,
                self._read,
                self._effort,
                shuffled=shuffle == "true" if shuffle else None,
            )
            self._gathering.questions += self._section(quiz, items)
        if len(quizzes) > 1:
            what = f"{len(quizzes)} quizzes and banks of the package became one course."
            self._gathering.remark(Weight.CHANGED, "the package", what)
        return self._gathering.imported(title=title, lang=lang[:2], about=about)

    def _about(self, meta: Element | None) -> Prose:
        return self._gathering.prose(text_of(meta, "description"), "the description", self._read)

    def _section(
        self, section: Element, items: ItemReader, points: Fraction | None = None
    ) -> list[Question]:
        found: list[Question] = []
        for each in section:
            match each.tag:
                case "item":
                    found += items.read(each, points)
                case "section":
                    found += self._inner(each, items)
                case "itemref" | "sectionref":
                    what = "A question is only named, and stands in another file."
                    self._gathering.remark(
                        Weight.LOST, "the package", what, each.get("linkrefid") or ""
                    )
                case _:
                    pass
        return found

    def _inner(self, section: Element, items: ItemReader) -> list[Question]:
        selection = section.find("selection_ordering/selection")
        points = number(text_of(selection, "selection_extension", "points_per_item"))
        found = self._section(section, items, points)
        pick = number(text_of(selection, "selection_number"))
        title = section.get("title") or ""
        where = f"group “{title[:40]}”"
        if text_of(selection, "sourcebank_ref"):
            what = "It draws from a bank that it only names."
            self._gathering.remark(Weight.LOST, where, what, text_of(selection, "sourcebank_ref"))
        if pick is None or not found:
            return found
        if pick.denominator != 1 or not 0 < pick <= len(found):
            what = f"It asks for {pick} of {len(found)} questions, so all are asked."
            self._gathering.remark(Weight.DOUBT, where, what)
        elif pick < len(found):
            self._gathering.pools.append(
                Pool(
                    id=self._gathering.claim(title, "pool"),
                    questions=tuple(each.id for each in found),
                    pick=int(pick),
                )
            )
        return found


def _quizzes(root: Element) -> Iterator[Element]:
    """Assessments and banks, or the root itself if it holds items without them."""
    inner = [each for each in root if each.tag in {"assessment", "objectbank"}]
    yield from inner
    if not inner:
        yield root


def _pictures(archive: Archive | None) -> Read:
    def read(address: str) -> bytes | None:
        if archive is None:
            return None
        for base in _FILE_BASE:
            address = address.removeprefix(base)
        path = PurePosixPath(address.partition("?")[0].lstrip("/"))
        if "://" in address or not path.name:
            return None
        found = next(
            (f"{each}{path}" for each in _FOLDERS if f"{each}{path}" in archive.names), None
        )
        member = found or archive.find(str(path))
        return archive.read(member) if member else None

    return read


def _no_package() -> NotImported:
    return NotImported(
        what="The file holds no quiz in QTI 1.2: export the quiz as a QTI package, and send that."
    )
