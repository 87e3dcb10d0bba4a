"""What was typed, to a tree or to the problem that stopped us. Reading never raises."""

from dataclasses import dataclass

from tutorbot.core.answers.characters import plain
from tutorbot.core.answers.cursor import Trouble, opens, trouble_at
from tutorbot.core.answers.parser import Parser
from tutorbot.core.answers.tokens import Token, Word, tokens
from tutorbot.core.answers.tree import Node, Size, height
from tutorbot.core.answers.verdicts import Problem
from tutorbot.core.answers.vocabulary import Vocabulary

MAX_ENTRIES = 8  # of a size
MAX_HEIGHT = 120  # of the tree; a chain such as a/b/c/d grows one level a sign


@dataclass(frozen=True, kw_only=True)
class Read:
    """A tree, and whether a product without a sign after a slash could be meant otherwise."""

    tree: Node
    ambiguous: bool = False


def read(typed: str, vocabulary: Vocabulary, *, tight: bool = False) -> Read | Problem:
    """Read one expression. ``tight``: a product without a sign binds first, a/bc = a/(bc)."""
    parser = _parser(typed, vocabulary, tight=tight)
    if isinstance(parser, Problem):
        return parser
    try:
        tree = low_enough(parser.whole())
    except Trouble as trouble:
        return trouble.problem
    return Read(tree=tree, ambiguous=parser.ambiguous)


def read_size(typed: str, vocabulary: Vocabulary) -> Size | Problem:
    """Read rows by columns: ``100x50``, ``(100, 50)``, ``h × e``; an entry may be an expression."""
    parser = _parser(typed, vocabulary, tight=False)
    if isinstance(parser, Problem):
        return parser
    try:
        return _size(parser, vocabulary)
    except Trouble as trouble:
        return trouble.problem


def _parser(typed: str, vocabulary: Vocabulary, *, tight: bool) -> Parser | Problem:
    text = plain(typed, vocabulary.symbols)
    if isinstance(text, Problem):
        return text
    found = tokens(text, vocabulary)
    if isinstance(found, Problem):
        return found
    if found[0].word is Word.END:
        return Problem(code="empty", at=len(typed))
    return Parser(text, found, vocabulary, tight=tight)


def low_enough(tree: Node) -> Node:
    if height(tree) > MAX_HEIGHT:
        raise trouble_at("too-deep", tree.span)
    return tree


def _size(parser: Parser, vocabulary: Vocabulary) -> Size:
    everything = parser.tokens
    first, last = everything[0], everything[-2]
    around = first.text in {"(", "["} and parser.matching(0) == len(everything) - 2
    start, end = (1, len(everything) - 2) if around else (0, len(everything) - 1)
    cuts = _cuts(everything, start, end)
    if not cuts:
        parser.whole()  # what cannot be read at all has a better reason
        end_of_text = parser.place(last)[1]
        raise trouble_at("size-wanted", (end_of_text, end_of_text))
    if len(cuts) >= MAX_ENTRIES:
        raise parser.trouble("comma", everything[cuts[MAX_ENTRIES - 1]])
    entries: list[Node] = []
    for here, there in zip([start, *(cut + 1 for cut in cuts)], [*cuts, end], strict=True):
        stop = everything[there]
        if here == there:
            separator = everything[there if there in cuts else here - 1]
            raise parser.trouble("operand-missing", separator, sign=parser.typed(separator))
        part = [*everything[here:there], Token(Word.END, "", stop.start, stop.end)]
        entries.append(low_enough(Parser(parser.text, part, vocabulary, tight=False).whole()))
    return Size(tuple(entries), span=(parser.place(first)[0], parser.place(last)[1]))


def _cuts(tokens: list[Token], start: int, end: int) -> list[int]:
    """Where the entries of a size part: at x or a comma, else at ×, else at *."""
    outside: dict[str, list[int]] = {}
    depth = 0
    for place in range(start, end):
        token = tokens[place]
        depth += opens(token)
        if token.word is Word.SIGN and depth == 0 and token.text in {"x", ",", ";", "×", "*"}:
            outside.setdefault("," if token.text == ";" else token.text, []).append(place)
    return next((outside[sign] for sign in ("x", ",", "×", "*") if sign in outside), list[int]())
