"""From Markdown to what a learner reads."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from markdown_it.tree import SyntaxTreeNode

from tutorbot.core.prose import (
    Block,
    Bullets,
    Display,
    Formula,
    Inline,
    Line,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Style,
    Text,
    Verbatim,
)
from tutorbot.courses.faults import Notebook
from tutorbot.courses.markdown import inlines, is_comment, line_of

_STYLES = {"strong": Style.BOLD, "em": Style.ITALIC}

_AROUND_BREAKS = re.compile(r"[ \t]*\n[ \t]*")

_NOT_SHOWN = {
    "link": ("A link is not shown in a chat.", "Write the address out, or leave it out."),
    "html_inline": ("HTML is not shown.", "Use **bold**, *italic*, `code` and formulas."),
    "html_block": ("HTML is not shown.", "Use Markdown; <!-- a note to authors --> is left out."),
    "hr": ("A rule is not shown.", "Leave the line out, or begin a part with # Title."),
    "heading": ("A heading cannot stand here.", "Use **bold** words instead."),
}


PICTURE = re.compile(r"[A-Za-z0-9][\w.-]{0,98}\.(?:png|jpe?g|gif|webp)", re.ASCII | re.IGNORECASE)
"""The name of a picture: no folder, no address, nothing that a file system could mistake."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of a paragraph, before it is known which of it is mark, attribute or prose."""

    content: Text | Formula | Display | Picture
    line: int
    literal: bool = False  # written as an escape, so no syntax of ours


def read_pieces(block: SyntaxTreeNode, notebook: Notebook) -> tuple[Piece, ...]:
    """The runs of one paragraph or heading, with the line that each stands on."""
    line = line_of(block)
    pieces: list[Piece] = []
    for node in inlines(block):
        pieces += _pieces(node, line, Style.PLAIN, notebook)
        line += _lines_in(node)
    return tuple(pieces)


def read_prose(nodes: Iterable[SyntaxTreeNode], notebook: Notebook) -> Prose:
    """What a learner reads of some blocks; what cannot be shown becomes a fault."""
    return tuple(block for node in nodes for block in _blocks(node, notebook))


def prose_of(pieces: Sequence[Piece]) -> Prose:
    """The paragraphs that the runs make up, split where a formula has a line of its own."""
    blocks: list[Block] = []
    run: list[Inline] = []
    for piece in pieces:
        if isinstance(piece.content, Display | Picture):
            blocks += _paragraph(run)
            blocks.append(piece.content)
            run = []
        else:
            run.append(piece.content)
    return (*blocks, *_paragraph(run))


def line_of_pieces(pieces: Sequence[Piece], notebook: Notebook) -> Line:
    """The runs as one line; a formula on a line of its own has none here, so it joins in."""
    run: list[Inline] = []
    for piece in pieces:
        match piece.content:
            case Display(latex):
                run.append(Formula(" ".join(_rows(latex))))
            case Picture():
                notebook.note(
                    piece.line,
                    "A picture cannot stand in a list or a quote.",
                    "Put it into a paragraph of its own.",
                    near="![",
                    code="picture-misplaced",
                )
            case content:
                run.append(content)
    return tidy(run)


def tidy(run: Iterable[Inline]) -> Line:
    """The same line as it is written best: words of one style in one, no spaces at either end.

    Spaces at the ends of bold or italic words stand outside of them.
    """
    joined = _joined(each for part in _joined(run) for each in _spaces_outside(part))
    joined = [
        Text(_AROUND_BREAKS.sub("\n", part.text), part.style)
        if isinstance(part, Text) and part.style is not Style.CODE
        else part
        for part in joined
    ]
    if joined and _is_plain(joined[0]):
        joined[0] = Text(joined[0].text.lstrip())
    if joined and _is_plain(joined[-1]):
        joined[-1] = Text(joined[-1].text.rstrip())
    return tuple(part for part in joined if isinstance(part, Formula) or part.text)


def plain(prose: Prose) -> str:
    """The words alone, formulas as their LaTeX: to look for things in, not to show."""
    return "\n".join(_plain_block(block) for block in prose)


def _plain_block(block: Block) -> str:
    match block:
        case Display(latex):
            return f"${latex}$"
        case Verbatim(text) | Picture(words=text):
            return text
        case Bullets(items) | Quote(items):
            return "\n".join(_plain_line(item) for item in items)
        case _:
            return _plain_line(block.line) if isinstance(block, Paragraph) else ""


def _plain_line(line: Line) -> str:
    return "".join(part.text if isinstance(part, Text) else f"${part.latex}$" for part in line)


def _pieces(node: SyntaxTreeNode, line: int, style: Style, notebook: Notebook) -> Iterator[Piece]:
    match node.type:
        case "text":
            if "$" in node.content:
                notebook.note(
                    line,
                    "This dollar sign has no partner.",
                    "Write $…$ around a formula, or \\$ for the sign itself.",
                    near="$",
                    code="dollar-lone",
                )
            yield Piece(content=Text(node.content, style), line=line)
        case "text_special":
            yield Piece(content=Text(node.content, style), line=line, literal=True)
        case "code_inline":
            yield Piece(content=Text(node.content, Style.CODE), line=line)
        case "math_inline":
            yield Piece(content=Formula(" ".join(_rows(node.content))), line=line)
        case "math_inline_double":
            yield Piece(content=Display("\n".join(_rows(node.content))), line=line)
        case "softbreak":
            yield Piece(content=Text(" ", style), line=line)
        case "hardbreak":
            yield Piece(content=Text("\n", style), line=line, literal=True)
        case "strong" | "em":
            for child in node.children:
                yield from _pieces(child, line, _STYLES[node.type], notebook)
                line += _lines_in(child)
        case "image":
            yield from _picture(node, line, notebook)
        case "html_inline" if node.content.startswith("<!--"):
            pass
        case _:
            _refuse(node, line, notebook)


def _words_in(node: SyntaxTreeNode) -> str:
    return "".join(map(_words_in, node.children)) if node.children else node.content or " "


def _picture(node: SyntaxTreeNode, line: int, notebook: Notebook) -> Iterator[Piece]:
    file, title = node.attrs.get("src", ""), node.attrs.get("title")
    words = " ".join("".join(map(_words_in, node.children)).split())
    if not isinstance(file, str) or not PICTURE.fullmatch(file) or title:
        notebook.note(
            line,
            "This is no picture that stands beside the course file.",
            "Write ![what it shows](name.png), with the name alone, and no title after it; "
            "it ends in .png, .jpg, .jpeg, .gif or .webp.",
            near="![",
            code="picture-elsewhere",
        )
    elif not words:
        notebook.note(
            line,
            "This picture has no words.",
            f"Say what it shows, for who cannot see it: ![what it shows]({file}).",
            near="![",
            code="picture-wordless",
        )
    else:
        yield Piece(content=Picture(file, words), line=line)


def _blocks(node: SyntaxTreeNode, notebook: Notebook) -> Iterator[Block]:
    match node.type:
        case "paragraph":
            yield from prose_of(read_pieces(node, notebook))
        case "math_block":
            yield Display("\n".join(_rows(node.content)))
        case "bullet_list" | "ordered_list":
            items = tuple(_item(item, notebook) for item in node.children)
            yield Bullets(items, ordered=node.type == "ordered_list")
        case "blockquote":
            yield Quote(tuple(_quoted(node, notebook)))
        case "fence" if node.info.strip() == "meta":
            notebook.note(
                line_of(node),
                "A meta block cannot stand here.",
                "Put it right under the heading of the stem or the question, not indented.",
                code="meta-misplaced",
            )
        case "fence":
            yield Verbatim(node.content.rstrip("\n"))
        case _ if is_comment(node):
            pass
        case _:
            _refuse(node, line_of(node), notebook)


def _item(item: SyntaxTreeNode, notebook: Notebook) -> Line:
    line: Line = ()
    for child in item.children:
        if child.type != "paragraph" or line:
            notebook.note(
                line_of(child),
                "A point of a list has more than one paragraph.",
                "Make it one paragraph, or write paragraphs without a list.",
                code="list-paragraphs",
            )
        else:
            line = line_of_pieces(read_pieces(child, notebook), notebook)
    return line


def _quoted(quote: SyntaxTreeNode, notebook: Notebook) -> Iterator[Line]:
    for child in quote.children:
        if child.type == "paragraph":
            yield line_of_pieces(read_pieces(child, notebook), notebook)
        elif child.type == "math_block":
            yield (Formula(" ".join(_rows(child.content))),)
        else:
            notebook.note(
                line_of(child),
                "A quote holds something other than paragraphs.",
                "Keep it to words and formulas.",
                code="quote-content",
            )


def _refuse(node: SyntaxTreeNode, line: int, notebook: Notebook) -> None:
    what, mend = _NOT_SHOWN.get(
        node.type, ("This cannot be shown in a chat.", "Use words, lists and formulas.")
    )
    notebook.note(line, what, mend, code="not-shown")


def _paragraph(run: Sequence[Inline]) -> Iterator[Paragraph]:
    line = tidy(run)
    if line:
        yield Paragraph(line)


def _joined(run: Iterable[Inline]) -> list[Inline]:
    joined: list[Inline] = []
    for part in run:
        last = joined[-1] if joined else None
        if isinstance(part, Text) and isinstance(last, Text) and last.style is part.style:
            joined[-1] = Text(last.text + part.text, part.style)
        else:
            joined.append(part)
    return joined


def _is_plain(part: Inline) -> TypeGuard[Text]:
    return isinstance(part, Text) and part.style is Style.PLAIN


def _spaces_outside(part: Inline) -> Iterator[Inline]:
    if not isinstance(part, Text) or part.style in {Style.PLAIN, Style.CODE}:
        yield part
        return
    words = part.text.strip()
    before, after = part.text.split(words, 1) if words else (part.text, "")
    yield from (each for each in (Text(before), Text(words, part.style), Text(after)) if each.text)


def _rows(latex: str) -> list[str]:
    """The lines of a formula; how far they are indented means nothing."""
    return [line.strip() for line in latex.splitlines() if line.strip()]


def _lines_in(node: SyntaxTreeNode) -> int:
    if node.type in {"softbreak", "hardbreak"}:
        return 1
    own = node.content.count("\n") if node.type.startswith(("math", "html")) else 0
    return own + sum(_lines_in(child) for child in node.children)
