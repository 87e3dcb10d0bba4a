"""SVG → PNG with the fonts that come along, so that no machine needs fonts of its own."""

import re
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from unicodedata import bidirectional

import resvg_py


class NotDrawable(Exception):
    """This cannot become a picture; say it in words instead. The argument tells us why."""


FONT = "DejaVu Sans"
_LETTER = 0.62  # em, the usual width of one

# Where DejaVu has letters, by and large, and Devanagari; what lies outside would be drawn as empty
# boxes.
_DRAWN = re.compile(
    r"[\s!-\u058f\u0600-\u06ff\u0900-\u097f\u10d0-\u10ff\u1e00-\u27bf\u2900-\u2bff\ufb00-\ufb06]*"
)
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")


def png(svg: str) -> bytes:
    """The drawing as a picture.

    Raises:
        NotDrawable: for a drawing that is no sound SVG.
    """
    files = [font_file()] if "<text" in svg else []  # reading a font costs 20 ms
    if _DEVANAGARI.search(svg):
        files.append(devanagari_file())
    try:
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=True,
            font_files=files,
            font_family=FONT,
            serif_family=FONT,
            sans_serif_family=FONT,
            monospace_family=FONT,
        )
    except ValueError as fault:
        raise NotDrawable(f"no sound drawing: {fault}") from fault


@cache
def font_file() -> str:
    """DejaVu Sans."""
    return _carried_by("ziafont", "fonts/DejaVuSans.ttf")


@cache
def devanagari_file() -> str:
    """Noto Sans Devanagari, for what DejaVu lacks."""
    return _carried_by("fontpkg_noto_sans_devanagari", "files/NotoSansDevanagari[wdth,wght].ttf")


def _carried_by(package: str, path: str) -> str:
    """A file of a package that is never imported, which would be slow."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {package}, which carries a font, is not installed")
    return str(Path(spec.origin).parent / path)


def must_have_letters(text: str) -> None:
    """Refuse what would be drawn as empty boxes.

    Raises:
        NotDrawable: naming the first letter that the font lacks.
    """
    drawn = _DRAWN.match(text)
    if drawn is not None and drawn.end() < len(text):
        raise NotDrawable(f"the font has no {text[drawn.end()]!r}")


def words(
    text: str,
    x: float,
    y: float,
    *,
    size: float,
    colour: str,
    anchor: str = "start",
    bold: bool = False,
    room: float | None = None,
    least: float = 0,
) -> str:
    """A line of words whose baseline is at ``y``, smaller if the room in pixels would not do.

    Never smaller than the ``least`` size: what does not fit then is cut off, and “…” stands for
    it.

    Bold is a stroke, as the font has one weight.
    """
    must_have_letters(text)
    if room is not None:
        size = min(size, room / width(text or " ", 1))
        if size < least:
            size = least
            text = text[: max(0, int(room / (_LETTER * size)) - 1)].rstrip() + "…"
    if any(bidirectional(letter) in {"R", "AL"} for letter in text):
        text = f"\u2067{text}\u2069"  # all of it runs from right to left
    stroke = f' stroke="{colour}" stroke-width="{size / 28:.2f}"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}"'
        f' text-anchor="{anchor}"{stroke}>{escape(text)}</text>'
    )


def width(text: str, size: float) -> float:
    """About how many pixels wide words are."""
    return _LETTER * size * len(text)


def sheet(width: float, height: float, paper: str, body: str) -> str:
    """The whole drawing on its paper."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' font-family="{FONT}"><rect width="100%" height="100%" fill="{paper}"/>{body}</svg>'
    )
