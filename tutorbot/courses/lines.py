"""The lines of a question's key: options, typed answers, hints, and the state of the key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markdown_it.tree import SyntaxTreeNode

from tutorbot.core.course import Mark
from tutorbot.core.prose import Prose, Style, Text
from tutorbot.courses.faults import Notebook
from tutorbot.courses.markdown import is_comment, line_of
from tutorbot.courses.prose import Piece, prose_of, read_pieces, read_prose

ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", re.ASCII)
LONGEST_ID = 48
LONGEST_EXPRESSION = 500

_BOX = re.compile(r"\[([ xX?])\](?:\s+|$)|\(([ xX])\)(?:\s+|$)")
_KEYWORD = re.compile(r"(answer|also|wrong|hint|key):\s*")
_TAIL = re.compile(r"(?<!\{)\{([^{}]*)\}\s*$")
_HEAD = re.compile(r"\{(?!\{)([^{}]*)\}\s*")
_TAG = re.compile(r"\[([A-Za-z][\w.-]*)\]\s*")
_MARKS = {" ": Mark.WRONG, "x": Mark.RIGHT, "X": Mark.RIGHT, "?": Mark.UNSCORED}


@dataclass(frozen=True, kw_only=True)
class Attributes:
    id: str | None = None
    classes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class OptionLine:
    line: int
    mark: Mark
    several: bool
    prose: Prose
    feedback: Prose
    attributes: Attributes


@dataclass(frozen=True, kw_only=True)
class ExpressionLine:
    line: int
    role: str  # "answer", "also", "wrong"
    text: str
    feedback: Prose
    attributes: Attributes


@dataclass(frozen=True, kw_only=True)
class HintLine:
    line: int
    prose: Prose
    attributes: Attributes


@dataclass(frozen=True, kw_only=True)
class StateLine:
    """``key: disputed, option, option``."""

    line: int
    words: tuple[str, ...]
    why: Prose


KeyLine = OptionLine | ExpressionLine | HintLine | StateLine


def read_lines(bullets: SyntaxTreeNode, notebook: Notebook) -> list[KeyLine]:
    """The lines of one list; an item that is none of them becomes a fault."""
    lines = (_read_line(item, notebook) for item in bullets.children)
    return [line for line in lines if line]


def strip_attributes(
    pieces: Sequence[Piece], notebook: Notebook
) -> tuple[tuple[Piece, ...], Attributes]:
    """Take a trailing ``{#id .class key=value}`` off."""
    while pieces and pieces[-1].content == Text(" "):
        pieces = pieces[:-1]
    text = _words(pieces[-1]) if pieces else None
    found = _TAIL.search(text) if text else None
    if not text or not found:
        return tuple(pieces), Attributes()
    return (
        (*pieces[:-1], replace(pieces[-1], content=Text(text[: found.start()]))),
        read_attributes(found[1], pieces[-1].line, notebook),
    )


def read_attributes(text: str, line: int, notebook: Notebook) -> Attributes:
    """What stands between the braces."""
    ids: list[str] = []
    classes: list[str] = []
    values: dict[str, str] = {}
    for word in text.split():
        key, equals, value = word.partition("=")
        if word.startswith("#"):
            ids.append(word[1:])
            if not ID.fullmatch(word[1:]) or len(word) > LONGEST_ID + 1:
                notebook.note(
                    line,
                    f"“{word[1:][:60]}” cannot be an id.",
                    f"Use up to {LONGEST_ID} small letters, digits, dots and hyphens.",
                    near=word,
                    code="id-bad",
                )
        elif word.startswith(".") and word[1:]:
            classes.append(word[1:])
        elif equals and key and value and key not in values:
            values[key] = value
        else:
            notebook.note(
                line,
                f"I cannot read “{word[:40]}” between the braces.",
                "Write {#id}, {.stem}, {tag=…}, {note=…} or {cost=…}; "
                "braces that a learner should see need a backslash: \\{.",
                near=word,
                code="attribute-unread",
            )
    if len(ids) > 1:
        notebook.note(
            line, "There are two ids.", "Keep one {#id}.", near="#" + ids[1], code="id-twice"
        )
    return Attributes(id=ids[0] if ids else None, classes=tuple(classes), values=values)


def _read_line(item: SyntaxTreeNode, notebook: Notebook) -> KeyLine | None:
    line = line_of(item)
    children = [child for child in item.children if not is_comment(child)]
    if not children or children[0].type != "paragraph":
        _note_unknown(line, notebook)
        return None
    pieces = read_pieces(children[0], notebook)
    words = _words(pieces[0]) if pieces else None
    box = _BOX.match(words) if words else None
    keyword = _KEYWORD.match(words) if words else None
    start = box or keyword
    if not words or not start:
        _note_unknown(line, notebook)
        return None
    pieces = (replace(pieces[0], content=Text(words[start.end() :])), *pieces[1:])
    bodies = [child for child in children[1:] if child.type != "blockquote"]
    quotes = [child for child in children[1:] if child.type == "blockquote"]
    if keyword and keyword[1] == "hint":
        pieces, attributes = _strip_leading(pieces, notebook)
    else:
        pieces, attributes = strip_attributes(pieces, notebook)
        if box and attributes == Attributes():
            # Before a formula on a line of its own, the braces stand where the words would.
            pieces, attributes = _strip_leading(pieces, notebook)
    quoted = [each for quote in quotes for each in quote.children if not is_comment(each)]
    is_key = keyword is not None and keyword[1] == "key"
    tag, feedback = (None, read_prose(quoted, notebook)) if is_key else _tagged(quoted, notebook)
    if tag and "tag" not in attributes.values:
        attributes = replace(attributes, values={**attributes.values, "tag": tag})
    if box:
        _know(attributes, ("tag",), line, notebook, id_too=True)
        return OptionLine(
            line=line,
            mark=_MARKS[box[1] or box[2]],
            several=box[1] is not None,
            prose=(*prose_of(pieces), *read_prose(bodies, notebook)),
            feedback=feedback,
            attributes=attributes,
        )
    assert keyword
    match keyword[1]:
        case "hint":
            _know(attributes, ("cost",), line, notebook)
            if quotes:
                notebook.note(
                    line,
                    "A hint has no feedback.",
                    "Write it without the > quote.",
                    code="hint-with-feedback",
                )
            return HintLine(
                line=line,
                prose=(*prose_of(pieces), *read_prose(bodies, notebook)),
                attributes=attributes,
            )
        case "key":
            _no_bodies(bodies, notebook)
            words = "".join(_words(piece) or "" for piece in pieces)
            return StateLine(line=line, words=tuple(words.replace(",", " ").split()), why=feedback)
        case role:
            _no_bodies(bodies, notebook)
            _know(attributes, ("tag", "note"), line, notebook)
            text = _expression(pieces)
            if text is None:
                notebook.note(
                    line,
                    f"“{role}:” needs one expression in backticks.",
                    f"Write it as - {role}: `n^2 + 1`, and words in a > quote under it.",
                    code="expression-missing",
                )
                return None
            if len(text) > LONGEST_EXPRESSION:
                notebook.note(
                    line,
                    f"This expression has {len(text):,} characters.",
                    f"Keep it under {LONGEST_EXPRESSION}, or ask for less at once.",
                    code="expression-long",
                )
                return None
            return ExpressionLine(
                line=line, role=role, text=text, feedback=feedback, attributes=attributes
            )


def _note_unknown(line: int, notebook: Notebook) -> None:
    notebook.note(
        line,
        "This line is neither an option nor a part of the key.",
        "Begin it with (x), ( ), [x], [ ], [?], answer:, also:, wrong:, hint: or key:; "
        "a list for the learner to read takes * or numbers.",
        code="line-unknown",
    )


def _no_bodies(bodies: Sequence[SyntaxTreeNode], notebook: Notebook) -> None:
    for body in bodies:
        notebook.note(
            line_of(body),
            "Only a quote can stand under this line.",
            "Begin each line of the text with >.",
            code="only-quote-here",
        )


def _know(
    attributes: Attributes,
    known: tuple[str, ...],
    line: int,
    notebook: Notebook,
    *,
    id_too: bool = False,
) -> None:
    """Note what this kind of line has no use for."""
    strange = [key + "=" for key in attributes.values if key not in known]
    strange += ["." + name for name in attributes.classes]
    strange += ["#" + attributes.id] if attributes.id and not id_too else []
    for each in strange:
        notebook.note(
            line,
            f"This line has no use for “{each[:40]}”.",
            f"Known here: {', '.join([*(['#id'] if id_too else []), *(k + '=' for k in known)])}.",
            near=each,
            code="attribute-unknown",
        )
    tag = attributes.values.get("tag")
    if tag and not ID.fullmatch(tag):
        notebook.note(
            line,
            f"“{tag[:40]}” cannot be a tag.",
            "Use small letters, digits, dots and hyphens, as in count.bias-dropped.",
            near=tag,
            code="tag-bad",
        )


def _strip_leading(
    pieces: Sequence[Piece], notebook: Notebook
) -> tuple[tuple[Piece, ...], Attributes]:
    words = _words(pieces[0]) if pieces else None
    found = _HEAD.match(words) if words else None
    if not words or not found:
        return tuple(pieces), Attributes()
    return (
        (replace(pieces[0], content=Text(words[found.end() :])), *pieces[1:]),
        read_attributes(found[1], pieces[0].line, notebook),
    )


def _tagged(quoted: Sequence[SyntaxTreeNode], notebook: Notebook) -> tuple[str | None, Prose]:
    """Take a leading ``[tag]`` off what is said about a line."""
    if not quoted or quoted[0].type != "paragraph":
        return None, read_prose(quoted, notebook)
    pieces = read_pieces(quoted[0], notebook)
    words = _words(pieces[0]) if pieces else None
    found = _TAG.match(words) if words else None
    if words and found:
        pieces = (replace(pieces[0], content=Text(words[found.end() :])), *pieces[1:])
    feedback = (*prose_of(pieces), *read_prose(quoted[1:], notebook))
    return found[1] if found else None, feedback


def _expression(pieces: Sequence[Piece]) -> str | None:
    """The one text in backticks, if there is nothing else."""
    codes: list[str] = []
    for piece in pieces:
        content = piece.content
        if isinstance(content, Text) and content.style is Style.CODE:
            codes.append(content.text.strip())
        elif not isinstance(content, Text) or content.text.strip():
            return None
    return codes[0] if len(codes) == 1 and codes[0] else None


def _words(piece: Piece) -> str | None:
    """The text of a run in which marks and attributes may stand."""
    content = piece.content
    if piece.literal or not isinstance(content, Text) or content.style is not Style.PLAIN:
        return None
    return content.text
