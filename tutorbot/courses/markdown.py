"""The Markdown that a course file is written in: CommonMark with ``$…$``, ``$$…$$`` and a head."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from tutorbot.courses.faults import Notebook

LONGEST_PARAGRAPH = 8_000
"""In characters. Inline rules may look at a paragraph once for each of its characters."""


def lines_of(source: str) -> tuple[str, ...]:
    """The lines as Markdown counts them: form feeds and the like do not end one."""
    return tuple(re.split(r"\r\n|\r|\n", source))


def read_tree(source: str, notebook: Notebook) -> tuple[SyntaxTreeNode, ...]:
    """The blocks of the file, each with its lines in ``map``."""
    markdown = MarkdownIt("commonmark")
    front_matter_plugin(markdown)
    dollarmath_plugin(markdown, allow_labels=False, double_inline=True, allow_blank_lines=False)
    # An underlined heading or an indented block of code is always an accident in a course file:
    # a rule after a paragraph, a quote that stands too far to the right.
    markdown.disable(["lheading", "code", "reference"])
    # Kept apart, an escaped \$ can be told from a dollar sign that closes nothing.
    markdown.disable("text_join")

    def shorten(state: StateCore) -> None:
        for token in state.tokens:
            if token.type == "inline" and len(token.content) > LONGEST_PARAGRAPH:
                notebook.note(
                    token.map[0] + 1 if token.map else 1,
                    f"This paragraph has {len(token.content):,} characters.",
                    f"Split it: a paragraph may have {LONGEST_PARAGRAPH:,}, and a phone shows few.",
                    code="paragraph-long",
                )
                token.content = ""

    markdown.core.ruler.after("block", "shorten", shorten)
    return tuple(SyntaxTreeNode(markdown.parse(source)).children)


def line_of(node: SyntaxTreeNode) -> int:
    """Where a block begins, counted from 1."""
    return node.map[0] + 1 if node.map else 1


def is_comment(node: SyntaxTreeNode) -> bool:
    """Whether this is a note from author to author, which no learner sees."""
    text = node.content.strip() if node.type == "html_block" else ""
    return text.startswith("<!--") and text.endswith("-->") and text.count("<!--") == 1


def inlines(block: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    """What stands in a paragraph or a heading."""
    for child in block.children:
        yield from child.children
