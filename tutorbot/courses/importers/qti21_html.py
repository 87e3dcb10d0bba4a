"""The content of QTI 2.1, which is XHTML with interactions in it, as HTML."""

from collections.abc import Iterable, Mapping
from html import escape
from xml.etree.ElementTree import Element, tostring

INTERACTIONS = frozenset({"choiceInteraction", "inlineChoiceInteraction", "textEntryInteraction"})
FEEDBACK = frozenset({"feedbackInline", "feedbackBlock", "modalFeedback"})

_KEPT = frozenset(
    {
        *("p", "div", "span", "b", "strong", "i", "em", "u", "code", "pre", "br", "hr"),
        *("ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th", "blockquote"),
        *("sub", "sup", "a", "img", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd"),
        *("tt", "kbd", "samp", "var", "cite", "q"),
    }
)
_ATTRIBUTES = ("src", "alt", "href", "title")
_ALONE = frozenset({"br", "hr", "img"})
_APART = frozenset(
    {*FEEDBACK, "rubricBlock", "infoControl", "prompt", "stylesheet", "templateBlock"}
)


def html_of(element: Element, gaps: Mapping[int, str] | None = None) -> str:
    """What stands in the element, without what is said only to some or stands apart.

    ``gaps`` has what to show instead of an interaction, by the ``id()`` of its element.
    """
    return escape(element.text or "", quote=False) + "".join(
        _one(each, gaps or {}) + escape(each.tail or "", quote=False) for each in element
    )


def interactions(body: Element) -> Iterable[Element]:
    """Everything in the body that asks for something, known or not."""
    return (each for each in body.iter() if each.tag.endswith("Interaction"))


def is_for_others(element: Element) -> bool:
    """Whether it is a note to graders or authors, and not to who answers."""
    return element.tag == "rubricBlock" and "candidate" not in (element.get("view") or "candidate")


def _one(element: Element, gaps: Mapping[int, str]) -> str:
    tag = element.tag
    if id(element) in gaps:
        return gaps[id(element)]
    if tag in _APART or tag.endswith("Interaction") or is_for_others(element):
        return ""
    if tag == "math":
        copy = Element("math")
        copy.extend(list(element))
        return tostring(copy, encoding="unicode")
    if tag == "object":
        if not (element.get("type") or "").startswith("image"):
            return html_of(element, gaps)
        words = " ".join("".join(element.itertext()).split())
        return f'<img src="{escape(element.get("data") or "")}" alt="{escape(words)}">'
    inner = html_of(element, gaps)
    if tag not in _KEPT:
        return inner
    given = "".join(
        f' {name}="{escape(element.get(name) or "")}"' for name in _ATTRIBUTES if element.get(name)
    )
    return f"<{tag}{given}>" if tag in _ALONE else f"<{tag}{given}>{inner}</{tag}>"
