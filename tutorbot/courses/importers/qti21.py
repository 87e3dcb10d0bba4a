"""Packages and items of QTI 2.1 and 2.2."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from tutorbot.core.course import Choice, Hint, Pool, Question, Typed
from tutorbot.core.prose import Prose, words
from tutorbot.courses.importers.gathering import (
    Gathering,
    Read,
    number,
    one_line,
    options,
    own_id,
    title_of,
)
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.keyed import Answer, number_key, text_key
from tutorbot.courses.importers.packages import (
    MOST_QUESTIONS,
    Archive,
    child,
    open_archive,
    read_xml,
    too_many_questions,
)
from tutorbot.courses.importers.qti21_html import (
    INTERACTIONS,
    html_of,
    interactions,
    is_for_others,
)
from tutorbot.courses.importers.qti21_rules import Processing
from tutorbot.courses.importers.tried import Effort, try_options, try_texts

MOST_OPTIONS = 60

_NUMERIC = frozenset({"float", "integer", "duration"})
_GAP = "____"


def read(content: bytes, name: str) -> Imported | NotImported:
    """The course that a package or a single item makes; ``name`` is that of the file."""
    if not content.startswith(b"PK"):
        root = read_xml(content)
        if isinstance(root, NotImported):
            return root
        if root.tag != "assessmentItem":
            return _no_package()
        return _Reader(name, {"item.xml": root}, None).imported()
    archive = open_archive(content)
    if isinstance(archive, NotImported):
        return archive
    return read_archive(archive, name)


def read_archive(archive: Archive, name: str) -> Imported | NotImported:
    """The course that an open package makes."""
    roots: dict[str, Element] = {}
    damaged: dict[str, str] = {}
    for member in archive.names:
        if not member.casefold().endswith(".xml"):
            continue
        root = archive.read_xml(member)
        if isinstance(root, NotImported):
            damaged[member] = root.what
        else:
            roots[member] = root
    reader = _Reader(name, roots, archive)
    for member, what in damaged.items():
        reader.gathering.remark(Weight.LOST, member[:80], what)
    return reader.imported()


@dataclass(frozen=True, kw_only=True)
class _Shared:
    """What items of a section have in common."""

    stem: Prose = ()
    group: str | None = None


class _Reader:
    def __init__(self, name: str, roots: dict[str, Element], archive: Archive | None) -> None:
        self.gathering = Gathering(name=name)
        self._roots, self._archive = roots, archive
        self._where = ""
        self._member = ""
        self._effort = Effort()
        self._read_items: set[str] = set()

    def imported(self) -> Imported | NotImported:
        items = [name for name, root in self._roots.items() if root.tag == "assessmentItem"]
        tests = [name for name, root in self._roots.items() if root.tag == "assessmentTest"]
        if not items:
            return _no_package()
        if len(items) > MOST_QUESTIONS:
            return too_many_questions(len(items))
        title = ""
        for test in tests:
            title = title or self._roots[test].get("title") or ""
            for section in self._roots[test].iterfind("testPart/assessmentSection"):
                self._section(section, test, _Shared())
        for name in self._in_order(items):
            if name not in self._read_items:
                self._item(name, _Shared(), Fraction(1))
        langs = (self._roots[name].get("lang") for name in (*tests, *items))
        return self.gathering.imported(title=title, lang=next(filter(None, langs), "")[:2])

    def _in_order(self, items: Sequence[str]) -> list[str]:
        """As the manifest lists them."""
        manifest = next((name for name in self._roots if name.endswith("imsmanifest.xml")), None)
        listed = [
            found
            for each in (() if manifest is None else self._roots[manifest].iter("resource"))
            if (found := self._find(each.get("href") or "", manifest or "")) in items and found
        ]
        return list(dict.fromkeys((*listed, *items)))

    # Sections

    def _section(self, section: Element, test: str, around: _Shared) -> list[Question]:
        rubrics = section.findall("rubricBlock")
        self._where, self._member = f"section “{one_line(section.get('title') or '', 40)}”", test
        shared = around
        if rubrics:
            stem = tuple(block for each in rubrics for block in self._prose(html_of(each)))
            shared = _Shared(
                stem=(*around.stem, *stem),
                group=self.gathering.claim(section.get("title") or "", "stem"),
            )
        found: list[Question] = []
        for each in section:
            if each.tag == "assessmentSection":
                found += self._section(each, test, shared)
            elif each.tag == "assessmentItemRef":
                name = self._find(each.get("href") or "", test)
                if name is None or self._roots[name].tag != "assessmentItem":
                    what = "It names an item that is not in the package."
                    self.gathering.remark(Weight.LOST, self._where, what, each.get("href") or "")
                    continue
                weight = child(each, "weight")
                points = number(weight.get("value") or "") if weight is not None else None
                found += self._item(name, shared, points or Fraction(1))
        self._pool(section, found)
        return found

    def _pool(self, section: Element, found: Sequence[Question]) -> None:
        selection = child(section, "selection")
        pick = number(selection.get("select") or "") if selection is not None else None
        if pick is not None and pick.denominator == 1 and 0 < pick < len(found):
            title = section.get("title") or section.get("identifier") or ""
            self.gathering.pools.append(
                Pool(
                    id=self.gathering.claim(title, "pool"),
                    questions=tuple(each.id for each in found),
                    pick=int(pick),
                )
            )

    # Items

    def _item(self, name: str, shared: _Shared, weight: Fraction) -> list[Question]:
        if name in self._read_items:
            what = "It stands in the test twice, and once in the course."
            self.gathering.remark(Weight.CHANGED, name[:80], what)
            return []
        self._read_items.add(name)
        item = self._roots[name]
        title = one_line(item.get("title") or "")
        self._member, self._where = name, f"item “{one_line(title or name, 40)}”"
        body = item.find("itemBody")
        rules = Processing(item)
        asked = [] if body is None else list(interactions(body))
        trouble = _trouble(item, asked, rules)
        tries = sum(1 for each in asked for _ in each) + 4 * len(asked)
        if not trouble and not self._effort.spend(rules, tries):
            trouble = "The rules of the file are too much work, so it stays out."
        if body is None or trouble:
            self.gathering.remark(
                Weight.LOST, self._where, trouble or "It has no body.", self._words(body)
            )
            return []
        stimulus = self._stimulus(item)
        if stimulus:
            shared = _Shared(stem=(*shared.stem, *stimulus[0]), group=stimulus[1])
        made = [self._body(each, rules) for each in asked]
        if None in made:
            return []
        answers = [each for each in made if each is not None]
        if rules.unread:
            what = "Its rules for marks have parts that are not read: look at its key."
            self.gathering.remark(Weight.DOUBT, self._where, what, ", ".join(sorted(rules.unread)))
        questions = self._questions(item, title, asked, answers, shared)
        points = rules.most * weight if rules.most > 0 else weight
        points = points / len(questions)
        questions = [replace(each, points=points) for each in questions]
        self.gathering.questions += questions
        return questions

    def _questions(
        self,
        item: Element,
        title: str,
        asked: Sequence[Element],
        answers: Sequence[tuple[Choice | Typed, tuple[str, ...]]],
        shared: _Shared,
    ) -> list[Question]:
        body = item.find("itemBody")
        assert body is not None
        is_one = len(asked) == 1
        gaps = {
            id(each): (_GAP if is_one else f"<b>({place})</b> {_GAP}")
            for place, each in enumerate(asked, start=1)
            if each.tag != "choiceInteraction"
        }
        if is_one and asked[0].tag == "choiceInteraction":
            gaps = {}
        prose = self._prose(html_of(body, gaps))
        prompts = [self._prompt(each) for each in asked]
        solution = self._always(item, [always for _, always in answers])
        name = own_id(item.get("identifier"))
        title = title or title_of(prose or prompts[0])
        if is_one:
            return [
                Question(
                    id=self.gathering.question_id(name, title, "question"),
                    title=title or "Question",
                    prose=(*prose, *prompts[0]),
                    body=answers[0][0],
                    stem=shared.stem,
                    group=shared.group,
                    hints=self._hints(item),
                    solution=solution,
                )
            ]
        what = "Its parts became questions of their own, under a shared stem."
        self.gathering.remark(Weight.CHANGED, self._where, what)
        group = self.gathering.claim(name, title, "group")
        return [
            Question(
                id=self.gathering.question_id(f"{group}-{place}"),
                title=f"{title or 'Question'} ({place})",
                prose=prompt or (words(f"What belongs into the gap ({place})?"),),
                body=answer,
                stem=(*shared.stem, *prose),
                group=group if shared.stem or prose else None,
                hints=self._hints(item) if place == 1 else (),
                solution=solution if place == len(asked) else (),
            )
            for place, (prompt, (answer, _)) in enumerate(
                zip(prompts, answers, strict=True), start=1
            )
        ]

    def _body(
        self, asked: Element, rules: Processing
    ) -> tuple[Choice | Typed, tuple[str, ...]] | None:
        place = asked.get("responseIdentifier") or ""
        if asked.tag == "textEntryInteraction":
            return self._typed(place, rules)
        choices = [each for each in asked if each.tag in {"simpleChoice", "inlineChoice"}]
        idents = [each.get("identifier") or "" for each in choices]
        if len(choices) > MOST_OPTIONS:
            what = f"It has over {MOST_OPTIONS} options, so it stays out."
            self.gathering.remark(Weight.LOST, self._where, what)
            return None
        declaration = rules.declarations.get(place)
        cardinality = "single" if declaration is None else declaration.get("cardinality")
        several = cardinality != "single" and asked.tag == "choiceInteraction"
        tried = try_options(rules, place, idents, several=several)
        for weight, what in tried.marks.remarks:
            if weight is Weight.CHANGED:
                self.gathering.often(weight, self._where, what)
            else:
                self.gathering.remark(weight, self._where, what)
        self._lose_feedback(rules, tried.rest)
        made = options(
            (
                (self._prose(html_of(each)), mark, self._feedback(rules, told))
                for each, mark, told in zip(choices, tried.marks.marks, tried.told, strict=True)
            ),
            wishes=[own_id(each) for each in idents],
        )
        fixed = [each.get("fixed") == "true" for each in choices]
        return (
            Choice(
                options=tuple(
                    replace(option, pinned=is_fixed)
                    for option, is_fixed in zip(made, fixed, strict=True)
                ),
                several=several,
                shuffled=asked.get("shuffle") == "true",
                partial=tried.marks.partial,
            ),
            tried.always,
        )

    def _typed(self, place: str, rules: Processing) -> tuple[Typed, tuple[str, ...]]:
        declaration = rules.declarations.get(place)
        base = "" if declaration is None else declaration.get("baseType") or ""
        texts = rules.texts(place)
        if len(texts) > MOST_OPTIONS:
            what = f"Only {MOST_OPTIONS} of its {len(texts)} answers are carried."
            self.gathering.remark(Weight.LOST, self._where, what)
            texts = texts[:MOST_OPTIONS]
        tried = try_texts(rules, place, texts)
        best = max(tried.shares, default=Fraction(0))
        answers = [
            Answer(
                text=text,
                share=share / best if best > 0 else share,
                feedback=self._feedback(rules, told),
                tolerance=rules.tolerance(place, number(text) or Fraction(0))
                if base in _NUMERIC
                else Fraction(0),
            )
            for text, share, told in zip(texts, tried.shares, tried.told, strict=True)
        ]
        self._lose_feedback(rules, tried.rest)
        key = number_key if base in _NUMERIC else text_key
        return key(answers, self._where, self.gathering), tried.always

    # Texts

    def _stimulus(self, item: Element) -> tuple[Prose, str] | None:
        """What stands in a file of its own, for several items to share."""
        named = child(item, "assessmentStimulusRef")
        if named is None:
            return None
        member, here = self._find(named.get("href") or "", self._member), self._member
        body = child(self._roots[member], "stimulusBody") if member else None
        if member is None or body is None:
            what = "It needs a text that is not in the package."
            self.gathering.remark(Weight.LOST, self._where, what, named.get("href") or "")
            return None
        self._member = member
        prose = self._prose(html_of(body))
        self._member = here
        return prose, self.gathering.claim_once(f"stimulus {PurePosixPath(member).stem}")

    def _prompt(self, asked: Element) -> Prose:
        prompt = asked.find("prompt")
        return () if prompt is None else self._prose(html_of(prompt))

    def _hints(self, item: Element) -> tuple[Hint, ...]:
        found = (self._prose(html_of(each)) for each in item.iter("infoControl"))
        return tuple(Hint(prose=prose) for prose in found if prose)

    def _feedback(self, rules: Processing, idents: Sequence[str]) -> Prose:
        return tuple(
            block for each in idents for block in self._prose(html_of(rules.element(each)))
        )

    def _always(self, item: Element, shown: Sequence[Sequence[str]]) -> Prose:
        rules = Processing(item)
        common = [each for each in shown[0] if all(each in other for other in shown)]
        if any(is_for_others(each) for each in item.iter("rubricBlock")):
            what = "Words to the grader or the author have no place."
            self.gathering.often(Weight.LOST, self._where, what)
        return self._feedback(rules, common)

    def _lose_feedback(self, rules: Processing, idents: Sequence[str]) -> None:
        if self._feedback(rules, idents):
            what = "The feedback to all right or all wrong answers has no place."
            self.gathering.often(Weight.LOST, self._where, what)

    def _prose(self, html: str) -> Prose:
        return self.gathering.prose(html, self._where, self._pictures(self._member))

    def _words(self, body: Element | None) -> str:
        return "" if body is None else "".join(body.itertext())

    # Files

    def _pictures(self, member: str) -> Read:
        def read(address: str) -> bytes | None:
            if self._archive is None or "://" in address:
                return None
            found = self._resolved(address, member)
            known = found if found in self._archive.names else self._archive.find(found)
            return self._archive.read(known) if known else None

        return read

    def _find(self, href: str, member: str) -> str | None:
        """The file that is meant in another; none if there is none."""
        found = self._resolved(href, member)
        return found if found in self._roots else None

    @staticmethod
    def _resolved(href: str, member: str) -> str:
        parts: list[str] = []
        for each in (PurePosixPath(member).parent / unquote(href.partition("#")[0])).parts:
            if each == ".." and parts:
                parts.pop()
            elif each not in {".", "..", "/"}:
                parts.append(each)
        return "/".join(parts)


def _trouble(item: Element, asked: Sequence[Element], rules: Processing) -> str | None:
    """Why an item cannot be carried."""
    if not asked:
        return "It asks nothing, so it stays out."
    strange: Iterator[str] = (each.tag for each in asked if each.tag not in INTERACTIONS)
    kind = next(strange, None)
    if kind == "extendedTextInteraction":
        return "An essay has no key that a machine could hold, so it stays out."
    if kind:
        return f"A question of the kind “{kind[:40]}” stays out."
    if item.find("templateDeclaration") is not None:
        return "It draws numbers by rules of its own, which are not read, so it stays out."
    if not rules.is_bounded:
        return "Its rules for marks are too long, so it stays out."
    return None


def _no_package() -> NotImported:
    return NotImported(
        what="The file holds no item in QTI 2.1: export the test as a QTI package, and send that."
    )
