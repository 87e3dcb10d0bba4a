"""The outline of a course file: its stems, parts and questions, with the line of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.tree import SyntaxTreeNode

from tutorbot.core.prose import Prose, Text
from tutorbot.courses.faults import Notebook
from tutorbot.courses.lines import (
    Attributes,
    ExpressionLine,
    HintLine,
    KeyLine,
    OptionLine,
    StateLine,
    read_lines,
    strip_attributes,
)
from tutorbot.courses.markdown import is_comment, line_of, lines_of, read_tree
from tutorbot.courses.policy import Policy, read_policy
from tutorbot.courses.prose import read_pieces, read_prose

COURSE_KEYS = ("id", "title", "lang", "license", "authors", "defaults")
PART_KEYS = ("pick",)
STEM_KEYS = (
    "params",
    "where",
    "skills",
    "order",
    "reveal",
    "tries",
    "points",
    "partial",
    "pick",
)
ANSWER_KEYS = (  # of an answer that is typed
    "type",
    "symbols",
    "functions",
    "constants",
    "assume",
    "tolerance",
    "figures",
    "unit",
    "form",
    "log",
    "derive",
)
QUESTION_KEYS = (
    *ANSWER_KEYS,
    "params",
    "where",
    "skills",
    "order",
    "reveal",
    "tries",
    "points",
    "partial",
    "pin",
)


@dataclass(kw_only=True)
class Heading:
    line: int
    title: str
    attributes: Attributes
    policy: Policy = field(default_factory=Policy)
    prose: Prose = ()


@dataclass(kw_only=True)
class QuestionDraft(Heading):
    stem: "GroupDraft | None" = None
    group: "GroupDraft | None" = None  # the stem or the part
    worked: Prose = ()
    worked_line: int = 0
    solution: Prose = ()
    solution_line: int = 0
    lines: list[KeyLine] = field(default_factory=list[KeyLine])
    is_damaged: bool = False  # some of its lines could not be read

    def options(self) -> list[OptionLine]:
        return [line for line in self.lines if isinstance(line, OptionLine)]

    def expressions(self) -> list[ExpressionLine]:
        return [line for line in self.lines if isinstance(line, ExpressionLine)]

    def accepted(self) -> list[ExpressionLine]:
        """The canonical answer first, wherever it stands in the file."""
        lines = [line for line in self.expressions() if line.role != "wrong"]
        return sorted(lines, key=_is_other)

    def mistaken(self) -> list[ExpressionLine]:
        return [line for line in self.expressions() if line.role == "wrong"]

    def hints(self) -> list[HintLine]:
        return [line for line in self.lines if isinstance(line, HintLine)]

    def states(self) -> list[StateLine]:
        return [line for line in self.lines if isinstance(line, StateLine)]


@dataclass(kw_only=True)
class GroupDraft(Heading):
    """A shared stem, or a part of the paper: a heading that only ends the stem before it."""

    is_stem: bool


@dataclass(kw_only=True)
class Outline:
    policy: Policy | None  # None: there is none, or none that can be read
    has_front_matter: bool
    about: Prose
    groups: list[GroupDraft]
    questions: list[QuestionDraft]
    notebook: Notebook


def read_outline(source: str) -> Outline:
    """Read what is there; what cannot be read is in the notebook."""
    source = source.removeprefix("\ufeff")
    reader = _Reader(Notebook(lines=lines_of(source)))
    nodes = read_tree(source, reader.notebook)
    for node in nodes:
        reader.read(node)
    reader.end_section()
    return reader.outline


class _Reader:
    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.outline = Outline(
            policy=None,
            has_front_matter=False,
            about=(),
            groups=[],
            questions=[],
            notebook=notebook,
        )
        self._group: GroupDraft | None = None
        self._question: QuestionDraft | None = None
        self._below = ""  # "solution" or "worked" under these headings of a question
        self._nodes: list[SyntaxTreeNode] = []  # of the section that is open

    def read(self, node: SyntaxTreeNode) -> None:
        match node.type:
            case "front_matter":
                self.outline.has_front_matter = True
                self.outline.policy = read_policy(node.content, 1, COURSE_KEYS, self.notebook)
            case "heading":
                self.end_section()
                self._begin(node)
            case "fence" if node.info.strip() == "meta":
                self._settle(node)
            case "bullet_list" if self._question and not self._below and node.markup == "-":
                lines = read_lines(node, self.notebook)
                self._question.lines += lines
                self._question.is_damaged |= len(lines) < len(node.children)
            case _ if not is_comment(node):
                self._nodes.append(node)
            case _:
                pass

    def end_section(self) -> None:
        """Give the prose that has come together to whom it belongs."""
        prose = read_prose(self._nodes, self.notebook)
        first = line_of(self._nodes[0]) if self._nodes else 0
        self._nodes = []
        if self._question and self._below == "solution":
            self._question.solution += prose
        elif self._question and self._below:
            self._question.worked += prose
        elif self._question:
            self._question.prose += prose
        elif not self._group:
            self.outline.about += prose
        elif self._group.is_stem:
            self._group.prose += prose
        elif prose:
            self.notebook.note(
                first,
                "Words under a part are shown nowhere.",
                "Make the part a shared stem: # Title {#id .stem}.",
                code="part-with-words",
            )

    def _begin(self, node: SyntaxTreeNode) -> None:
        line = line_of(node)
        pieces, attributes = strip_attributes(read_pieces(node, self.notebook), self.notebook)
        title = "".join(
            piece.content.text for piece in pieces if isinstance(piece.content, Text)
        ).strip()
        if any(not isinstance(piece.content, Text) for piece in pieces):
            self.notebook.note(
                line,
                "A heading cannot hold a formula or a picture.",
                "Say it in words.",
                near="$",
                code="heading-formula",
            )
        self._below = ""
        match node.tag:
            case "h1":
                self._begin_group(Heading(line=line, title=title, attributes=attributes))
            case "h2":
                self._begin_question(Heading(line=line, title=title, attributes=attributes))
            case "h3" if self._question and title.casefold() == "solution":
                self._below = "solution"
                if self._question.solution_line:
                    self.notebook.note(
                        line, "There are two solutions.", "Join them.", code="solution-twice"
                    )
                self._question.solution_line = line
            case "h3" if self._question and title.casefold() == "worked example":
                self._below = "worked"
                if self._question.worked_line:
                    self.notebook.note(
                        line, "There are two worked examples.", "Join them.", code="worked-twice"
                    )
                self._question.worked_line = line
            case _:
                self.notebook.note(
                    line,
                    f"I do not know the heading “{title[:40]}” here.",
                    "Use # for a stem or a part, ## for a question, and ### Solution or "
                    "### Worked example under it.",
                    code="heading-unknown",
                )

    def _begin_group(self, heading: Heading) -> None:
        self._check_title(heading)
        _know(heading, ("stem",), ("uses",), self.notebook)
        is_stem = "stem" in heading.attributes.classes
        if is_stem and not heading.attributes.id:
            self.notebook.note(
                heading.line,
                "This stem has no id.",
                "Write # Title {#id .stem}.",
                code="id-missing",
            )
        if not is_stem and heading.attributes.values:
            self.notebook.note(
                heading.line,
                "Only a stem can use another.",
                "Write # Title {#id .stem uses=…}.",
                code="uses-without-stem",
            )
        self._question = None
        self._group = GroupDraft(
            line=heading.line,
            title=heading.title,
            attributes=heading.attributes,
            is_stem=is_stem,
        )
        self.outline.groups.append(self._group)

    def _begin_question(self, heading: Heading) -> None:
        self._check_title(heading)
        _know(heading, (), (), self.notebook)
        if not heading.attributes.id:
            self.notebook.note(
                heading.line,
                "This question has no id.",
                "Write ## Title {#id}; the id is permanent, for history hangs on it.",
                code="id-missing",
            )
        self._question = QuestionDraft(
            line=heading.line,
            title=heading.title,
            attributes=heading.attributes,
            stem=self._group if self._group and self._group.is_stem else None,
            group=self._group,
        )
        self.outline.questions.append(self._question)

    def _check_title(self, heading: Heading) -> None:
        if not heading.title:
            self.notebook.note(
                heading.line, "This heading has no words.", "Give it a title.", code="heading-empty"
            )

    def _settle(self, node: SyntaxTreeNode) -> None:
        owner = self._question or self._group
        line = line_of(node)
        if not owner or self._below:
            self.notebook.note(
                line,
                "A meta block cannot stand here.",
                "Put it right under the heading of a stem, a part or a question.",
                code="meta-misplaced",
            )
            return
        known = QUESTION_KEYS
        if isinstance(owner, GroupDraft):
            known = STEM_KEYS if owner.is_stem else PART_KEYS
        policy = read_policy(node.content, line, known, self.notebook) or {}
        for key, setting in policy.items():
            if key in owner.policy:
                self.notebook.note(
                    setting.line,
                    f"“{key}” is set twice.",
                    "Keep one of the two lines.",
                    code="setting-twice",
                )
            owner.policy[key] = setting


def _is_other(line: ExpressionLine) -> bool:
    return line.role != "answer"


def _know(
    heading: Heading, classes: Sequence[str], keys: Sequence[str], notebook: Notebook
) -> None:
    strange = ["." + name for name in heading.attributes.classes if name not in classes]
    strange += [key + "=" for key in heading.attributes.values if key not in keys]
    for each in strange:
        notebook.note(
            heading.line,
            f"This heading has no use for “{each[:40]}”.",
            "Write # Title {#id .stem uses=other} for a stem, and ## Title {#id} for a question.",
            near=each,
            code="attribute-unknown",
        )
