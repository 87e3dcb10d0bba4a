"""Every word that a learner reads can be translated: it goes through gettext, and as a whole."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "tutorbot"
MODULES = [
    module
    for package in ("views", "flows", "telegram")
    for module in sorted((PACKAGE / package).rglob("*.py"))
]
TRANSLATORS = {"gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}  # messages, at the front
SHOWN = {"Text", "Button", "Toast", "Verbatim"}
LOGS = {"log", "_log", "logger", "_logger"}

QUOTE = "[“”„«»]"  # each language has marks of its own
LETTER = re.compile(rf"[^\W\d_]|{QUOTE}")
NEVER = re.compile(r"(?!)")
SENTENCE = re.compile(rf"[^\W\d_]{{2,}}[,;:]? +[^\W\d_]{{2,}}|{QUOTE}")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_a_learner_reads_can_be_translated(module: Path):
    only_shown = module.parent.name != "views"  # elsewhere, sentences may be for us
    assert list(untranslatable(module.read_text("utf-8"), only_shown=only_shown)) == []


@pytest.mark.parametrize(
    "fault",
    [
        'plain("Well done.")',
        'plain(f"Right, {name}")',
        'plain(f"“{title}”")',
        'lines = [f"“{each}”" for each in typed]',
        'plain("Right" if right else "Wrong")',
        'plain(_("Right") + " and " + _("quick"))',
        'Text("Hello")',
        'Heading((Text("Hello"),))',
        'Button(label="Next", action=Next(attempt))',
        'Toast(text="Too late")',
        'title = "That was the last one"',
        '_(f"Hello, {name}")',
        "_(greeting)",
        'words.ngettext("{n} day", days, n)',
    ],
)
def test_a_sentence_past_the_translator_is_found(fault: str):
    assert list(untranslatable(f"{HEAD}\ndef say(words):\n    _ = words.gettext\n    {fault}\n"))


@pytest.mark.parametrize(
    "sound",
    [
        'plain(_("Well done."))',
        'plain(_("Right, {name}").format(name=name))',
        'plain(words.ngettext("{n} day", "{n} days", n).format(n=n))',
        'plain(f"{first} · {second}")',
        'Button(label="✓", action=Next(attempt))',
        'Button(label=_("Next"), action=Next(attempt))',
        'Text(names["first"])',
        '"""Say what is right and wrong."""',
        'raise ValueError("that is for us to read")',
        'log.info("sent to nobody", why="nobody is there")',
        'kind = "photo"',
    ],
)
def test_what_is_translated_or_not_for_learners_is_let_be(sound: str):
    assert not list(
        untranslatable(f"{HEAD}\ndef say(words):\n    _ = words.gettext\n    {sound}\n")
    )


HEAD = "from tutorbot.core.prose import Text, words as plain"


def untranslatable(source: str, *, only_shown: bool = False) -> Iterator[str]:
    """List the line and text of each string that a translator would never see.

    A word in what is shown is one, wherever it stands in it, and so is any other string with two
    words in a row, unless only what is shown is of interest.
    """
    tree = ast.parse(source)
    yield from Reading(tree, only_shown=only_shown).faults(tree, shown=False)


class Reading:
    """One module, with the names that it gives to the translator and to plain words."""

    def __init__(self, tree: ast.Module, *, only_shown: bool) -> None:
        self.told_by = NEVER if only_shown else SENTENCE
        self.translators = dict(TRANSLATORS)
        self.shown = set(SHOWN)
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(attr=attr)):
                    if attr in TRANSLATORS:
                        self.translators[name] = TRANSLATORS[attr]
                case ast.ImportFrom(module="tutorbot.core.prose", names=names):
                    self.shown |= {each.asname or "words" for each in names if each.name == "words"}
                case _:
                    pass

    def faults(self, node: ast.AST, *, shown: bool) -> Iterator[str]:
        match node:
            case ast.Raise() | ast.Subscript() | ast.Compare() | ast.Assert():
                return
            case ast.Expr(value=ast.Constant(value=str())):  # a docstring
                return
            case ast.Call(func=func, args=args):
                name = _name(func)
                if _root(func) in LOGS:
                    return
                if name in self.translators:
                    for message in args[: self.translators[name]]:
                        if not isinstance(message, ast.Constant):
                            yield f"{message.lineno}: not a plain string: {ast.unparse(message)}"
                    return
                shown = shown or name in self.shown
            case ast.Constant(value=str(text)):
                if (LETTER if shown else self.told_by).search(text):
                    yield f"{node.lineno}: {text!r}"
            case _:
                pass
        for child in ast.iter_child_nodes(node):
            yield from self.faults(child, shown=shown)


def _name(func: ast.expr) -> str:
    match func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _root(func: ast.expr) -> str:
    while isinstance(func, ast.Attribute):
        func = func.value
    return func.id if isinstance(func, ast.Name) else ""
