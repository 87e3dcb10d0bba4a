"""From the HTML of other programs to what a learner reads."""

import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import unescape

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
from tutorbot.courses.importers.imported import Remark, Weight
from tutorbot.courses.importers.tex import split_tex

LARGEST_HTML = 200_000
"""In characters, for one text."""
DEEPEST = 40
"""Lists in lists and tables in tables; what is nested further is read as if it stood outside."""

Resolve = Callable[[str], str | None]
"""From the address of a picture to the name that its file will have, None where there is none."""


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_STYLES = {
    **dict.fromkeys(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"), Style.BOLD),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), Style.ITALIC),
    **dict.fromkeys(("code", "tt", "kbd", "samp"), Style.CODE),
}
_PARAGRAPHS = _names(
    "p div h1 h2 h3 h4 h5 h6 section article header footer main aside nav figure figcaption center"
    " address dl dt dd form fieldset legend details summary hr html body"
)
_FRAMES = _names("ul ol li table tr td th blockquote pre")
_INLINE = _names(
    "a span font u s strike del ins small big abbr mark q label sub sup br img wbr thead tbody"
    " tfoot colgroup col caption annotation nobr bdo bdi time data ruby rt rp acronym"
)
_SWALLOWED = frozenset({"script", "style", "math", "svg", "head", "title", "template"})
_LOST = _names(
    "iframe object embed video audio canvas input textarea select button map area source"
)
_RAISED = str.maketrans("0123456789+-=()ni−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ⁻")
_LOWERED = str.maketrans("0123456789+-=()−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")
_ANNOTATION = re.compile(r"<annotation[^<>]*x-tex[^<>]*>([^<]*)</annotation>", re.IGNORECASE)

# Quoted values may hold < and >. A tag of more pieces than this is none, which bounds the search.
_TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9:_-]*+)((?:[^<>"']++|"[^"]*+"|'[^']*+'){0,100}+)>""")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_UNSHOWN = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">"))


def read_html(
    html: str, resolve: Resolve, *, where: str = "", dollars: bool = False
) -> tuple[Prose, tuple[Remark, ...]]:
    """The prose that a piece of HTML shows, and what of it a chat cannot show.

    ``resolve`` finds pictures; ``where`` is for the remarks; ``dollars`` is as in `split_tex`.
    Never raises, and takes time in proportion to the text, which is refused beyond `LARGEST_HTML`.
    """
    if len(html) > LARGEST_HTML:
        what = f"A text of {len(html):,} characters is too long, and was left out."
        return (), (Remark(weight=Weight.LOST, where=where, what=what, quote=html[:200]),)
    reader = _Reader(resolve, where, dollars=dollars)
    reader.read(_UNSEEN.sub("", html))
    return reader.prose(), tuple(dict.fromkeys(reader.remarks))


Part = tuple[str | Formula | Display | Picture, Style]


@dataclass(kw_only=True)
class _Frame:
    """A list, a table, a point or a cell that is open; the outermost one is the text itself."""

    tag: str
    blocks: list[Block] = field(default_factory=list[Block])
    run: list[Part] = field(default_factory=list[Part])
    lines: list[Line] = field(default_factory=list[Line])  # points of a list, cells of a row
    rows: list[tuple[Line, ...]] = field(default_factory=list[tuple[Line, ...]])
    styles: int = 0  # how many were open before it


class _Reader:
    """Reads tags and text in one pass. The parser of Python's own takes quadratic time for some."""

    def __init__(self, resolve: Resolve, where: str, *, dollars: bool) -> None:
        self.remarks: list[Remark] = []
        self._resolve, self._where, self._dollars = resolve, where, dollars
        self._frames = [_Frame(tag="")]
        self._styles: list[tuple[str, Style]] = []
        self._shifts: list[str] = []  # sub and sup that are open
        self._link: tuple[str, int] | None = None  # the address, and how long the run was

    def prose(self) -> Prose:
        while len(self._frames) > 1:
            self._close_frame()
        self._flush()
        return tuple(self._frames[0].blocks)

    def read(self, html: str) -> None:
        folded = html.casefold() if html.isascii() else html.lower()
        folded = folded if len(folded) == len(html) else html
        unclosed: set[str] = set()  # of what is never shown: looked for once
        at = shown = 0  # up to where it was read, and from where on it is text
        while (start := html.find("<", at)) >= 0:
            tag = _TAG.match(html, start)
            end = tag.end() if tag else self._end_of_unshown(html, start, unclosed)
            if end < 0 or (tag and not _is_known(tag[2].lower())):
                at = start + 1
                continue
            self._say(unescape(html[shown:start]))
            if html.startswith("<![CDATA[", start):
                self._say(html[start + len("<![CDATA[") : end - len("]]>")])
            elif tag and tag[2].lower() in _SWALLOWED and not tag[1]:
                inner = folded.find(f"</{tag[2].lower()}", end)
                inner = inner if inner >= 0 else len(html)
                self._digest(tag[2].lower(), _attributes(tag[3]), html[end:inner])
                closed = html.find(">", inner)
                end = closed + 1 if closed >= 0 else len(html)
            elif tag and tag[1]:
                self._end(tag[2].lower())
            elif tag:
                self._start(tag[2].lower(), _attributes(tag[3]), tag[0])
            at = shown = end
        self._say(unescape(html[shown:]))

    def _end_of_unshown(self, html: str, start: int, unclosed: set[str]) -> int:
        """The end of a comment or a declaration that begins here, or -1."""
        for opening, closing in _UNSHOWN:
            if html.startswith(opening, start) and closing not in unclosed:
                end = html.find(closing, start + len(opening))
                if end >= 0:
                    return end + len(closing)
                unclosed.add(closing)
        return -1

    def _start(self, tag: str, attributes: dict[str, str], written: str) -> None:
        if tag in _LOST:
            self._lose(f"<{tag}> is not shown in a chat.", written)
        elif tag in _FRAMES:
            self._open_frame(tag)
        elif tag in _PARAGRAPHS:
            self._flush()
        if tag in _STYLES and len(self._styles) < DEEPEST:
            self._styles.append((tag, _STYLES[tag]))
        match tag:
            case "br":
                self._put("\n")
            case "img":
                self._picture(attributes)
            case "sub" | "sup" if len(self._shifts) < DEEPEST:
                self._shifts.append(tag)
            case "a":
                self._link = (attributes.get("href", ""), len(self._top.run))
            case _:
                pass

    def _end(self, tag: str) -> None:
        for place in range(len(self._styles) - 1, -1, -1):
            if self._styles[place][0] == tag:
                del self._styles[place]
                break
        if tag in _FRAMES:
            if any(frame.tag == tag for frame in self._frames):
                while self._close_frame() != tag:
                    pass
        elif tag in _PARAGRAPHS:
            self._flush()
        elif tag in {"sub", "sup"} and self._shifts:
            self._shifts.pop()
        elif tag == "a" and self._link:
            self._end_link(*self._link)

    def _say(self, text: str) -> None:
        if text and self._top.tag == "pre":
            self._put(text)
        elif text:
            self._put(self._shifted(_SPACES.sub(" ", text)))

    # Frames

    @property
    def _top(self) -> _Frame:
        return self._frames[-1]

    def _open_frame(self, tag: str) -> None:
        kin = {"li": {"li"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"}, "th": {"td", "th"}}
        while self._top.tag in kin.get(tag, ()):  # whose end tags may be left out
            self._close_frame()
        homes = {"li": {"ul", "ol"}, "tr": {"table"}, "td": {"tr"}, "th": {"tr"}}
        self._flush()
        at_home = tag not in homes or self._top.tag in homes[tag]
        if at_home and len(self._frames) < DEEPEST:
            self._frames.append(_Frame(tag=tag, styles=len(self._styles)))

    def _close_frame(self) -> str:
        """End the innermost element, and give it to the one around it."""
        self._flush()
        frame = self._frames.pop()
        around = self._top
        del self._styles[frame.styles :]
        match frame.tag:
            case "li":
                around.lines += self._points(frame)
            case "td" | "th":
                around.lines.append(self._one_line(frame))
            case "tr":
                around.rows.append(tuple(frame.lines))
            case "ul" | "ol" if frame.lines:
                around.blocks.append(Bullets(tuple(frame.lines), ordered=frame.tag == "ol"))
            case "table" if frame.rows:
                self._note(Weight.CHANGED, "A table was written as text.")
                around.blocks.append(_table(frame.rows))
            case "blockquote":
                lines, rest = _lines_of(frame.blocks)
                if lines:
                    around.blocks.append(Quote(tuple(lines)))
                around.blocks += rest
            case _:
                pass
        # What stood in a list or a table outside of its points.
        if frame.tag not in {"li", "td", "th", "blockquote"}:
            around.blocks += frame.blocks
        return frame.tag

    def _points(self, frame: _Frame) -> list[Line]:
        """A point of a list as one line, and the points of lists in it as further ones."""
        own: list[Block] = [block for block in frame.blocks if not isinstance(block, Bullets)]
        inner = [block for block in frame.blocks if isinstance(block, Bullets)]
        if inner:
            self._note(Weight.CHANGED, "A list in a list was written as one list.")
        points = [self._one_line(_Frame(tag="li", blocks=own))]
        points += [(Text("– "), *item) for block in inner for item in block.items]
        return [point for point in points if point]

    def _one_line(self, frame: _Frame) -> Line:
        lines, rest = _lines_of(frame.blocks)
        for block in rest:  # pictures find no place in a line
            self._note(Weight.CHANGED, "A picture in a list or a table was set before it.")
            self._frames[0].blocks.append(block)
        joined: list[Inline] = []
        for line in lines:
            joined += [Text(" "), *line] if joined else line
        return _joined(joined)

    def _flush(self) -> None:
        """End the paragraph."""
        frame = self._top
        if frame.tag == "pre":
            text = "".join(part for part, _ in frame.run if isinstance(part, str)).strip("\n")
            if text.strip():
                frame.blocks.append(Verbatim(text))
        else:
            frame.blocks += _blocks(frame.run, dollars=self._dollars)
        frame.run = []
        self._link = (self._link[0], 0) if self._link else None

    # Runs

    def _put(self, part: str | Formula | Display | Picture) -> None:
        self._top.run.append((part, self._styles[-1][1] if self._styles else Style.PLAIN))

    def _shifted(self, text: str) -> str:
        """Raised and lowered figures as Unicode has them, others marked as in plain text."""
        if not self._shifts or not text.strip():
            return text
        table = _RAISED if self._shifts[-1] == "sup" else _LOWERED
        if all(ord(sign) in table for sign in text.strip()):
            return text.translate(table)
        sign = "^" if self._shifts[-1] == "sup" else "_"
        self._put(Formula(f"{sign}{{\\text{{{_tame(text.strip())}}}}}"))
        return ""

    def _picture(self, attributes: dict[str, str]) -> None:
        latex = attributes.get("data-equation-content") or attributes.get("data-latex")
        classes = attributes.get("class", "").split()
        if not latex and {"texrender", "equation_image", "Wirisformula"} & set(classes):
            latex = attributes.get("alt") or attributes.get("title")
        if latex:
            self._put(Formula(latex.removeprefix("LaTeX:").strip().strip("$")))
            return
        address = attributes.get("src", "")
        words = _SPACES.sub(" ", attributes.get("alt") or attributes.get("title") or "").strip()
        file = self._resolve(address)
        if file is None:
            self._lose("A picture is not in the file.", address or words)
            if words:
                self._put(f"[{words}]")
            return
        if not words:
            self._note(Weight.MISSING, "A picture has no words that say the same.", file)
        self._put(Picture(file, words))

    def _end_link(self, address: str, start: int) -> None:
        self._link = None
        shown = "".join(part for part, _ in self._top.run[start:] if isinstance(part, str))
        known = address in shown or address.removeprefix("mailto:") in shown
        if address.startswith(("http://", "https://", "mailto:")) and not known:
            self._put(f" ({address})")
        elif address and not known and not address.startswith("#"):
            self._lose("A link leads to a place that is not in the file.", address)

    def _digest(self, tag: str, attributes: dict[str, str], inner: str) -> None:
        """What is not read as HTML: formulas of other kinds, and what is never shown."""
        kind = attributes.get("type", "")
        if tag == "script" and kind.startswith("math/tex"):
            latex = inner.strip()
            self._put(Display(latex) if "display" in kind else Formula(latex))
        elif tag == "math":
            annotation = _ANNOTATION.search(inner)
            latex = unescape(annotation[1]) if annotation else attributes.get("alttext", "")
            if latex.strip():
                self._put(Formula(latex.strip()))
            else:
                self._lose("A formula in MathML has no LaTeX beside it.", inner)
        elif tag in {"script", "svg", "template"}:
            self._lose(f"<{tag}> is not shown in a chat.", inner)

    # Remarks

    def _lose(self, what: str, quote: str) -> None:
        self._note(Weight.LOST, what, quote)

    def _note(self, weight: Weight, what: str, quote: str = "") -> None:
        if len(self.remarks) < DEEPEST:
            quote = _SPACES.sub(" ", quote)[:200]
            self.remarks.append(Remark(weight=weight, where=self._where, what=what, quote=quote))


def _is_known(tag: str) -> bool:
    groups = (_PARAGRAPHS, _FRAMES, _INLINE, _STYLES, _SWALLOWED, _LOST)
    return any(tag in group for group in groups)


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): unescape((found[2] or "").strip("\"'"))
        for found in _ATTRIBUTE.finditer(text)
    }


def _blocks(run: list[Part], *, dollars: bool) -> list[Block]:
    """The paragraphs of a run, split at what has a line of its own."""
    blocks: list[Block] = []
    line: list[Inline] = []

    def end() -> None:
        trimmed = _joined(line)
        line.clear()
        if trimmed:
            blocks.append(Paragraph(trimmed))

    for part, style in _with_formulas(run, dollars=dollars):
        if isinstance(part, (Display, Picture)):
            end()
            blocks.append(part)
        else:
            line.append(part if isinstance(part, Formula) else Text(part, style))
    end()
    return blocks


def _with_formulas(run: list[Part], *, dollars: bool) -> Iterable[Part]:
    """The run with the TeX in it taken out of the words, styles in a formula forgotten."""
    found: list[Part] = []
    stretch: list[tuple[str, Style]] = []

    def end() -> None:
        found.extend(_stretch_with_formulas(stretch, dollars=dollars))
        stretch.clear()

    for part, style in run:
        if isinstance(part, str) and style is not Style.CODE:
            stretch.append((part, style))
        else:
            end()
            found.append((part, style))
    end()
    return found


def _stretch_with_formulas(stretch: list[tuple[str, Style]], *, dollars: bool) -> Iterable[Part]:
    whole = "".join(text for text, _ in stretch)
    formulas = deque(split_tex(whole, dollars=dollars))
    at = 0  # where the piece of the stretch begins
    for text, style in stretch:
        start, stop = at, at + len(text)
        while formulas and formulas[0][0] < stop:
            begin, end, formula = formulas[0]
            if begin > start:
                yield whole[start:begin], style
            if begin >= at:
                yield formula, Style.PLAIN
            start = max(start, min(end, stop))
            if end > stop:
                break
            formulas.popleft()
        if start < stop:
            yield whole[start:stop], style
        at = stop


def _joined(run: Iterable[Inline]) -> Line:
    """Join words of one style, with single spaces and none at the ends."""
    parts: list[Inline] = []
    for part in run:
        last = parts[-1] if parts else None
        if isinstance(part, Text) and isinstance(last, Text) and part.style is last.style:
            parts[-1] = Text(last.text + part.text, part.style)
        else:
            parts.append(part)
    tidy: list[Inline] = []
    for place, part in enumerate(parts):
        if isinstance(part, Formula):
            tidy.append(part)
            continue
        text = re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", part.text))
        if not place or _ends_with_space(tidy):
            text = text.lstrip()
        if place == len(parts) - 1:
            text = text.rstrip()
        if text:
            tidy.append(Text(text, part.style))
    while tidy and isinstance(tidy[-1], Text) and not tidy[-1].text.strip():
        tidy.pop()
    if tidy and isinstance(tidy[-1], Text):
        tidy[-1] = Text(tidy[-1].text.rstrip(), tidy[-1].style)
    return tuple(tidy)


def _ends_with_space(parts: list[Inline]) -> bool:
    return bool(parts) and isinstance(parts[-1], Text) and parts[-1].text[-1:].isspace()


def _lines_of(blocks: list[Block]) -> tuple[list[Line], list[Block]]:
    """The blocks as lines, and those that cannot be lines."""
    lines: list[Line] = []
    rest: list[Block] = []
    for block in blocks:
        match block:
            case Paragraph(line):
                lines.append(line)
            case Display(latex):
                lines.append((Formula(latex),))
            case Bullets(items) | Quote(items):
                lines += items
            case Verbatim(text):
                lines += [(Text(each, Style.CODE),) for each in text.splitlines() if each.strip()]
            case _:
                rest.append(block)
    return lines, rest


def _table(rows: list[tuple[Line, ...]]) -> Block:
    """In columns if there are only words, else a point for each row."""
    if any(isinstance(part, Formula) for row in rows for cell in row for part in cell):
        points: list[Line] = []
        for row in rows:
            point: list[Inline] = []
            for cell in row:
                point += [Text(" | "), *cell] if point else cell
            points.append(_joined(point))
        return Bullets(tuple(point for point in points if point))
    cells = [
        ["".join(part.text for part in cell if isinstance(part, Text)) for cell in row]
        for row in rows
    ]
    widths = [
        max(len(row[at]) if at < len(row) else 0 for row in cells)
        for at in range(max(map(len, cells)))
    ]
    return Verbatim(
        "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
            for row in cells
        )
    )


def _tame(text: str) -> str:
    return re.sub(r"([%$#&_{}])", r"\\\1", text.replace("\\", ""))
