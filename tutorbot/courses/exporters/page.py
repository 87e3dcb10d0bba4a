"""A course on paper: one page of HTML that needs nothing else, questions first, then the answers.

Formulas are drawn by whoever calls, so that what draws them in a chat can draw them here.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape

from tutorbot.core.answers.judge import echoed
from tutorbot.core.answers.verdicts import Asked, Echo
from tutorbot.core.course import Choice, Course, Kind, Mark, Option, Question, Typed, Values
from tutorbot.core.prose import Picture, Prose
from tutorbot.courses.exporters.exported import Exported
from tutorbot.courses.exporters.flat import Remarks, filled, shown, with_values
from tutorbot.courses.exporters.html import to_html

Typeset = Callable[[str, bool], str]
"""From LaTeX to SVG or MathML; the second says whether it stands on a line of its own."""

_KINDS = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 11pt/1.5 "Source Serif 4", "Noto Serif", Georgia, serif; color: #111; background: #fff;
  max-width: 180mm; margin: 0 auto; padding: 12mm 0; }
h1, h2, h3, small, .told, .fields, .line span, ol > li > b, footer {
  font-family: "Source Sans 3", "Noto Sans", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 18pt; line-height: 1.2; margin: 0 0 4mm; }
h2 { font-size: 11.5pt; margin: 0 0 2mm; display: flex; gap: .6em; align-items: baseline; }
h2 > b { min-width: 1.6em; }
h2 small { margin-left: auto; font-weight: 400; font-size: 9pt; color: #555; white-space: nowrap; }
h3 { font-size: 9.5pt; margin: 3mm 0 1mm; color: #333; }
p { margin: 0 0 2mm; orphans: 3; widows: 3; }
.display { text-align: center; margin: 3mm 0; }
.about { margin-bottom: 7mm; }
header { border-bottom: 1.5pt solid #111; margin-bottom: 6mm; padding-bottom: 3mm; }
.fields { display: flex; gap: 6mm; margin: 6mm 0 0; font-size: 10pt; }
.fields span:first-child { flex: 1; border-bottom: .5pt solid #888; }
.points { min-width: 35mm; text-align: right; }
.stem { border-left: 2pt solid #999; padding-left: 4mm; margin: 0 0 5mm; break-inside: avoid;
  break-after: avoid; }
.told, small { font-size: 9pt; color: #555; }
article { margin: 0 0 7mm; break-inside: avoid; }
main ol, .answers { list-style: none; padding: 0; margin: 0; }
main ul, .key ul:not(.answers) { padding-left: 6mm; }
.boxes > li, .circles > li, ol.answers > li { display: flex; gap: 3mm; margin: 0 0 1.5mm;
  break-inside: avoid; }
.boxes > li > div, .circles > li > div, ol.answers > li > div { flex: 1; min-width: 0; }
.boxes > li::before, .circles > li::before { content: ""; flex: none; width: 3.6mm; height: 3.6mm;
  margin-top: 1.1mm; border: .8pt solid #111; background: #fff; }
.circles > li::before { border-radius: 50%; }
.boxes > li > b, .circles > li > b { font-size: 9.5pt; line-height: 16.5pt; }
ol.answers > li > b { width: 2.6em; flex: none; font-size: 9.5pt; line-height: 16.5pt; }
ol.answers > li { color: #555; }
.answers > li.right { color: #111; border-left: 2pt solid #111; padding-left: 2mm;
  margin-left: calc(-2mm - 2pt); }
ul.answers > li { margin: 0 0 1.5mm; }
li p:last-child, li > div > p:last-child { margin-bottom: 0; }
.line { display: flex; align-items: end; gap: 3mm; margin-top: 5mm; }
.line span { font-size: 9.5pt; }
.line i { flex: 1; border-bottom: .5pt solid #888; height: 6mm; }
.key { break-before: page; border-top: 1.5pt solid #111; margin-top: 10mm; padding-top: 6mm; }
.key article { break-inside: auto; border-bottom: .4pt solid #ccc; padding-bottom: 3mm;
  margin-bottom: 4mm; }
.key h2, .key h3 { break-after: avoid; }
.hints { padding-left: 6mm; margin: 0; }
pre, code { font-family: "Source Code Pro", "DejaVu Sans Mono", monospace; font-size: .88em; }
pre { white-space: pre-wrap; background: #f4f4f4; padding: 2mm 3mm; }
blockquote { margin: 0 0 2mm; padding-left: 4mm; border-left: 1pt solid #bbb; color: #333; }
img { max-width: 100%; max-height: 110mm; }
svg { max-width: 100%; }
footer { margin-top: 8mm; font-size: 8pt; color: #666; }
@page { size: A4; margin: 18mm 16mm 16mm; }
@media print { body { max-width: none; padding: 0; } .key { border-top: 0; margin-top: 0; } }
@media screen and (max-width: 190mm) { body { padding: 6mm; } }
"""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the page says by itself, in the language of the course."""

    name: str = "Name"
    points: str = "points"
    point: str = "point"
    answer: str = "Answer"
    answers: str = "Answers and solutions"
    several: str = "Tick all that are right."
    also: str = "also right"
    mistakes: str = "Often seen"
    hints: str = "Hints"
    worked: str = "Worked example"
    solution: str = "Solution"
    disputed: str = "The key is disputed"
    unscored: str = "not scored"
    pick: str = "Answer {pick} of the questions {numbers}."


def export(
    course: Course,
    pictures: Mapping[str, bytes],
    draw: Typeset,
    *,
    variant: int = 0,
    words: Words | None = None,
) -> Exported:
    """The page; ``variant`` counts from 0 and begins anew where a question has fewer."""
    writer = _Writer(course, pictures, draw, variant, words or Words())
    if any(len(each.variants) > 1 for each in course.questions):
        writer.remarks.say("the course", f"Variant {variant + 1} of each question is printed.")
    content = writer.page().encode()
    return Exported(name=f"{course.id}.html", content=content, remarks=writer.remarks.all())


@dataclass(frozen=True, kw_only=True)
class _Asked:
    number: int
    question: Question  # with its values set in
    values: Values


class _Writer:
    def __init__(
        self,
        course: Course,
        pictures: Mapping[str, bytes],
        draw: Typeset,
        variant: int,
        words: Words,
    ) -> None:
        self._course, self._pictures, self._draw, self._words = course, pictures, draw, words
        self.remarks = Remarks()
        self._asked = [
            _Asked(number=number, question=filled(each, values), values=values)
            for number, each in enumerate(course.questions, start=1)
            for values in (each.variants[variant % len(each.variants)],)
        ]

    def page(self) -> str:
        course, words = self._course, self._words
        total = sum((each.points for each in course.questions), Fraction(0))
        about = f"<section class=about>{self._html(course.about)}</section>" if course.about else ""
        authors = ", ".join((*course.authors, *([course.license] if course.license else [])))
        return (
            f'<!DOCTYPE html>\n<html lang="{escape(course.lang)}">\n<head>\n'
            '<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(course.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
            f"<header><h1>{escape(course.title)}</h1><p class=fields><span>{words.name}</span>"
            f"<span class=points>/ {shown(total)} {words.points}</span></p></header>\n{about}\n"
            f"<main>\n{''.join(self._paper())}</main>\n"
            f"<section class=key>\n<h1>{words.answers}</h1>\n{''.join(self._key())}</section>\n"
            f"<footer>{escape(authors)}</footer>\n</body>\n</html>\n"
        )

    # The paper

    def _paper(self) -> Iterator[str]:
        group: str | None = None
        for asked in self._asked:
            question = asked.question
            if question.group is None or question.group != group:
                if question.stem:
                    yield f"<section class=stem>{self._html(question.stem)}</section>\n"
                group = question.group
            yield from self._pool(asked)
            yield (
                f"<article><h2><b>{asked.number}</b> {escape(question.title)}"
                f"<small>{self._points(question.points)}</small></h2>"
                f"{self._html(question.prose)}{self._place(question)}</article>\n"
            )

    def _pool(self, asked: _Asked) -> Iterator[str]:
        """Before the first question of a pool, how many of it are to be answered."""
        for pool in self._course.pools:
            if pool.questions[:1] == (asked.question.id,):
                inside = [each for each in self._asked if each.question.id in pool.questions]
                numbers = ", ".join(str(each.number) for each in inside)
                told = self._words.pick.format(pick=pool.pick, numbers=numbers)
                yield f"<p class=told>{escape(told)}</p>\n"

    def _place(self, question: Question) -> str:
        body = question.body
        if isinstance(body, Typed):
            unit = f" <span>{escape(body.unit)}</span>" if body.unit else ""
            return f"<p class=line><span>{self._words.answer}</span><i></i>{unit}</p>"
        told = f"<p class=told>{self._words.several}</p>" if body.several else ""
        kind = "boxes" if body.several else "circles"
        rows = "".join(
            f"<li><b>{letter}</b><div>{self._html(option.prose)}</div></li>"
            for letter, option in zip(_LETTERS, body.options, strict=False)
        )
        return f"{told}<ol class={kind}>{rows}</ol>"

    def _points(self, points: Fraction) -> str:
        return f"{shown(points)} {self._words.point if points == 1 else self._words.points}"

    # The answers

    def _key(self) -> Iterator[str]:
        words = self._words
        for asked in self._asked:
            question = asked.question
            yield (
                f"<article><h2><b>{asked.number}</b> {escape(question.title)}</h2>"
                f"{self._answer(question.body, asked.values)}"
            )
            if question.dispute:
                yield self._part(words.disputed, question.dispute.why)
            yield self._part(words.worked, question.worked)
            yield self._part(words.solution, question.solution)
            if question.hints:
                hints = "".join(f"<li>{self._html(hint.prose)}</li>" for hint in question.hints)
                yield f"<h3>{words.hints}</h3><ol class=hints>{hints}</ol>"
            yield "</article>\n"

    def _part(self, title: str, prose: Prose) -> str:
        return f"<h3>{title}</h3>{self._html(prose)}" if prose else ""

    def _answer(self, body: Choice | Typed, values: Values) -> str:
        if isinstance(body, Choice):
            rows = [
                self._option(letter, option)
                for letter, option in zip(_LETTERS, body.options, strict=False)
            ]
            return f"<ol class=answers>{''.join(rows)}</ol>"
        first, *rest = body.accepted or (None,)
        if first is None:
            return ""
        answer = self._typed(body, first.text, values)
        rows = [f"<li class=right>{answer}{self._html(first.feedback)}</li>"]
        rows += [
            f"<li><small>{self._words.also}</small> {self._typed(body, line.text, values)}"
            f"{self._html(line.feedback)}</li>"
            for line in rest
        ]
        answers = f"<ul class=answers>{''.join(rows)}</ul>"
        if not body.mistaken:
            return answers
        mistakes = "".join(
            f"<li>{self._typed(body, line.text, values)}{self._html(line.feedback)}</li>"
            for line in body.mistaken
        )
        return f"{answers}<h3>{self._words.mistakes}</h3><ul class=answers>{mistakes}</ul>"

    def _option(self, letter: str, option: Option) -> str:
        sign = {Mark.RIGHT: "✓", Mark.WRONG: "", Mark.UNSCORED: "?"}[option.mark]
        kind = " class=right" if option.mark is Mark.RIGHT else ""
        told = f"<small>{self._words.unscored}</small>" if option.mark is Mark.UNSCORED else ""
        feedback = f"<div class=told>{self._html(option.feedback)}</div>" if option.feedback else ""
        inner = f"{told}{self._html(option.prose)}{feedback}"
        return f"<li{kind}><b>{letter} {sign}</b><div>{inner}</div></li>"

    def _typed(self, typed: Typed, text: str, values: Values) -> str:
        """An answer as a formula, as the judge reads it, or as it is written if it cannot."""
        written = with_values(text, values)
        if typed.kind is Kind.TEXT:
            names = {name: shown(value) for name, value in values}
            return f"<b>{escape(names.get(text, text))}</b>"
        bare = replace(typed, accepted=typed.accepted[:1], mistaken=())
        try:
            echo = echoed(Asked(typed=bare, values=values), written)
        except ValueError:
            return f"<code>{escape(written)}</code>"
        if not isinstance(echo, Echo):
            return f"<code>{escape(written)}</code>"
        return self._draw(echo.latex, False)

    def _html(self, prose: Prose) -> str:
        return to_html(prose, self._draw, self._address)

    def _address(self, picture: Picture) -> str:
        content = self._pictures.get(picture.file)
        if content is None:
            self.remarks.say("the course", f"The picture {picture.file} is missing.")
            return ""
        kind = next((kind for start, kind in _KINDS if content.startswith(start)), "image/png")
        return f"data:{kind};base64,{b64encode(content).decode()}"
