"""A course as the file that an author could have written, in `course-format`'s own words."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from tutorbot.core.course import (
    Choice,
    Course,
    Expression,
    Form,
    Kind,
    Mark,
    Option,
    Parameters,
    Partial,
    Question,
    Reveal,
    Section,
    Typed,
    Values,
)
from tutorbot.core.prose import Paragraph, Prose
from tutorbot.courses.faults import Notebook
from tutorbot.courses.lines import ID
from tutorbot.courses.markup import WIDTH, blocks, in_backticks, indented, quoted, words_of
from tutorbot.courses.parameters import Shared, read_parameters, settings_of, settled, share

_BOXES = {Mark.RIGHT: "x", Mark.WRONG: " ", Mark.UNSCORED: "?"}
_IN_SYMBOLS = frozenset({Kind.FORMULA, Kind.EQUATION, Kind.INEQUALITY, Kind.LOGIC})
_PLAIN = re.compile(r"\w(?:[\w !$%&()*+./;<=>?@^|~≠≤≥-]*[\w!$%&()*+./;<=>?@^|~-])?")
_PLAIN_WITH_COMMAS = re.compile(r"\w(?:[\w !$%&()*+,./;<=>?@^|~≠≤≥-]*[\w!$%&()*+./;<=>?@^|~-])?")
_UNPRINTABLE = re.compile(r"[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_TAG = re.compile(r"\[[A-Za-z][\w.-]*\]")
_LETTER_FIRST = re.compile(r"[A-Za-z]")
_PART = "More questions"


def write(course: Course) -> str:
    """The course file whose text reads as ``course``, as long as the format can say it at all.

    A course need not be sound: what it lacks, the check of the text will say. Translations are
    files of their own.
    """
    lines = ["---", *_front_matter(course), "---"]
    about = blocks(course.about)
    lines += ["", *about] if about else []
    for section, questions in _sections(course):
        if section:
            lines += ["", *_section(section, course, questions)]
        for question in questions:
            lines += ["", *_question(question, course)]
    return "\n".join(lines) + "\n"


def _front_matter(course: Course) -> Iterator[str]:
    yield f"id: {_scalar(course.id)}"
    yield f"title: {_scalar(course.title)}"
    yield f"lang: {_scalar(course.lang)}"
    if course.license:
        yield f"license: {_scalar(course.license)}"
    if course.authors:
        yield from _setting("authors", course.authors)
    defaults = _shared_settings(course.questions)
    if defaults:
        yield f"defaults: {_table(defaults)}"


# The headings of the paper


def _sections(course: Course) -> Iterator[tuple[Section | None, Sequence[Question]]]:
    """What stands under each heading in turn; None for what comes before any."""
    questions = {question.id: question for question in course}
    sections = [
        replace(section, questions=tuple(each for each in section.questions if each in questions))
        for section in course.sections
    ]
    if not _still_true(course, sections):
        sections = list(_made_sections(course))
    under = {each for section in sections for each in section.questions}
    first = [question for question in course if question.id not in under]
    if first:
        yield None, first
    for section in sections:
        yield section, [questions[each] for each in section.questions]


def _still_true(course: Course, sections: Sequence[Section]) -> bool:
    """Whether the headings still describe the questions, which someone may have changed."""
    headed = [each for section in sections for each in section.questions]
    if [question.id for question in course][len(course.questions) - len(headed) :] != headed:
        return False
    pools = {pool.id for pool in course.pools}
    if not pools <= {section.id for section in sections}:
        return False
    stems, words = _stems(sections)
    where = {each: section for section in sections for each in section.questions}
    for question in course:
        section = where.get(question.id)
        stem = section.id if section and section.is_stem else None
        if question.group != stem or question.stem != words.get(stem or "", ()):
            return False
        if stem is None:
            continue
        if question.variants != stems[stem].variants or question.settled != settled(stems, stem):
            return False
    return True


def _stems(sections: Iterable[Section]) -> tuple[dict[str, Shared], dict[str, Prose]]:
    """The variants and the words of each stem, as the parser would find them."""
    stems: dict[str, Shared] = {}
    words: dict[str, Prose] = {}
    for section in sections:
        if not section.is_stem or not section.id:
            continue
        used = section.uses if section.uses in stems else None
        found = _variants(section.parameters, stems[used].variants if used else ((),))
        stems[section.id] = Shared(variants=found, uses=used)
        words[section.id] = (*(words[used] if used else ()), *section.prose)
    return share(stems), words


def _variants(
    parameters: Parameters | None, shared: tuple[Values, ...] = ((),)
) -> tuple[Values, ...]:
    if parameters is None:
        return shared
    return read_parameters(settings_of(parameters), Notebook(lines=()), shared)


def _made_sections(course: Course) -> Iterator[Section]:
    """Headings for a course that no author has laid out, or that has changed since."""
    pools = {each: pool.id for pool in course.pools for each in pool.questions}
    taken: set[str] = set()
    begun = False
    for key, run in itertools.groupby(
        course, lambda each: (each.group, each.stem, None if each.group else pools.get(each.id))
    ):
        group, stem, pool = key
        questions = tuple(run)
        ids = tuple(question.id for question in questions)
        if group is None and not stem:
            if begun or pool:
                title = _title(pool) if pool else _PART
                yield Section(title=title, id=_free(pool, taken), questions=ids)
        else:
            stem_id = _free(group or f"{ids[0]}-stem", taken)
            yield Section(
                title=_title(group or "") or questions[0].title,
                id=stem_id,
                is_stem=True,
                prose=stem,
                parameters=_parameters(questions[0]),
                questions=ids,
            )
        begun = True


def _free(name: str | None, taken: set[str]) -> str | None:
    if name is None:
        return None
    numbered = (f"{name}-{number}" for number in itertools.count(2))
    found = next(each for each in itertools.chain([name], numbered) if each not in taken)
    taken.add(found)
    return found


def _title(name: str) -> str:
    """The words of an id, as a heading."""
    words = re.sub(r"[-._]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def _section(section: Section, course: Course, questions: Sequence[Question]) -> list[str]:
    attributes = [f"#{section.id}"] if section.id else []
    attributes += [".stem"] if section.is_stem else []
    attributes += [f"uses={section.uses}"] if section.uses else []
    lines = [_heading("#", section.title, attributes)]
    meta: list[str] = []
    if section.parameters:
        meta += _parameter_lines(section.parameters)
    meta += (f"pick: {pool.pick}" for pool in course.pools if pool.id == section.id)
    if section.is_stem:
        common = _shared_settings(questions, _shared_settings(course.questions))
        meta += (f"{key}: {value}" for key, value in common.items())
    prose = blocks(section.prose) if section.is_stem else []
    return [*lines, *_meta(meta), *(["", *prose] if prose else [])]


def _heading(level: str, title: str, attributes: Sequence[str]) -> str:
    braces = f"{{{' '.join(attributes)}}}" if attributes else ""
    return " ".join(filter(None, (level, words_of(title), braces)))


def _meta(lines: Sequence[str]) -> list[str]:
    return ["", "```meta", *lines, "```"] if lines else []


# A question


def _question(question: Question, course: Course) -> Iterator[str]:
    yield _heading("##", question.title, [f"#{question.id}"])
    yield from _meta(list(_policy(question, course)))
    if question.prose:
        yield from ("", *blocks(question.prose))
    key = list(_key(question))
    if key:
        yield from ("", *key)
    if question.worked:
        yield from ("", "### Worked example", "", *blocks(question.worked))
    if question.solution:
        yield from ("", "### Solution", "", *blocks(question.solution))


def _policy(question: Question, course: Course) -> Iterator[str]:
    body = question.body
    if isinstance(body, Typed):
        yield from _typed_policy(body)
    if question.group is None and not question.stem and question.variants != ((),):
        authored = question.parameters
        if authored is None or _variants(authored) != question.variants:
            authored = _parameters(question)
        if authored:
            yield from _parameter_lines(authored)
    if question.skills:
        yield from _setting("skills", question.skills)
    told = _shared_settings(course.questions)
    if question.group is not None:
        group = [each for each in course if each.group == question.group]
        told = told | _shared_settings(group, told)
    own = {key: value for key, value in _settings(question).items() if told.get(key) != value}
    yield from (f"{key}: {value}" for key, value in own.items())
    if isinstance(body, Choice):
        pinned = tuple(option.id for option in body.options if option.pinned)
        if pinned:
            yield from _setting("pin", pinned)


def _typed_policy(typed: Typed) -> Iterator[str]:
    yield f"type: {typed.kind.value}"
    if typed.symbols or typed.kind in _IN_SYMBOLS:
        yield f"symbols: {' '.join(typed.symbols)}" if typed.symbols else "symbols: []"
    if typed.functions:
        yield f"functions: {' '.join(typed.functions)}"
    if typed.constants:
        yield f"constants: {' '.join(typed.constants)}"
    assumed = {
        "positive": typed.positive,
        "integer": typed.integer,
        "complex": typed.complex,
        "constant": (typed.constant,) if typed.constant else (),
    }
    table = {
        symbol: " ".join(word for word, symbols in assumed.items() if symbol in symbols)
        for symbol in dict.fromkeys((*typed.symbols, *itertools.chain(*assumed.values())))
    }
    table = {symbol: words for symbol, words in table.items() if words}
    if table and tuple(table) == typed.symbols and len(set(table.values())) == 1:
        yield f"assume: {next(iter(table.values()))}"
    elif table:
        yield f"assume: {_table(table)}"
    if typed.tolerance is not None:
        yield f"tolerance: {_number(typed.tolerance)}"
    if typed.significant is not None:
        yield f"figures: {typed.significant}"
    if typed.unit is not None:
        yield f"unit: {_scalar(typed.unit)}"
    if typed.form is not None and typed.form is not Form.FIGURES:
        yield f"form: {typed.form.value}"
    if typed.log_base is not None:
        yield f"log: {typed.log_base}"
    if typed.derived:
        yield f"derive: {{{', '.join(f'{name}: {_quoted(text)}' for name, text in typed.derived)}}}"


def _settings(question: Question) -> dict[str, str]:
    """What may also stand on a stem or in the front matter, where it is not the usual."""
    settings: dict[str, str] = {}
    body = question.body
    if isinstance(body, Choice) and not body.shuffled:
        settings["order"] = "fixed"
    if question.reveal is not Reveal.ANSWERED:
        settings["reveal"] = question.reveal.value
    if question.tries is not None:
        settings["tries"] = str(question.tries)
    if question.points != 1:
        settings["points"] = _number(question.points)
    if isinstance(body, Choice) and body.partial is not Partial.ALL_OR_NOTHING:
        settings["partial"] = body.partial.value
    return settings


def _shared_settings(
    questions: Sequence[Question], told: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The settings that two or more questions all have, but for those that are told already."""
    if len(questions) < 2:  # noqa: PLR2004 - one question tells its settings itself
        return {}
    first, *others = (_settings(question) for question in questions)
    return {
        key: value
        for key, value in first.items()
        if all(other.get(key) == value for other in others) and key not in (told or {})
    }


def _key(question: Question) -> Iterator[str]:
    body = question.body
    if isinstance(body, Choice):
        for option in body.options:
            yield from _option(option, several=body.several)
    else:
        for place, line in enumerate(body.accepted):
            yield from _expression("also" if place else "answer", line)
        for line in body.mistaken:
            yield from _expression("wrong", line)
    for hint in question.hints:
        cost = f" {{cost={_number(hint.cost)}}}" if hint.cost else ""
        first, *more = blocks(hint.prose, quotes=False, leading=f"- hint:{cost}")
        yield from (first, *indented(more, 2))
    if question.dispute:
        yield f"- key: {', '.join(('disputed', *question.dispute.options))}"
        yield from indented(quoted(blocks(question.dispute.why)), 2)


def _option(option: Option, *, several: bool) -> Iterator[str]:
    sign = _BOXES[option.mark]
    box = f"[{sign}]" if several or sign == "?" else f"({sign})"
    in_quote = _goes_into_quote(option.tag, option.feedback)
    tag = f" tag={option.tag}" if option.tag and not in_quote else ""
    first, *more = blocks(
        option.prose, quotes=False, leading=f"- {box}", trailing=f"{{#{option.id}{tag}}}"
    )
    yield from (first, *indented(more, 2))
    yield from _feedback(option.feedback, option.tag if in_quote else None)


def _expression(role: str, line: Expression) -> Iterator[str]:
    attributes = [f"tag={line.tag}"] if line.tag else []
    attributes += [f"note={'-'.join(line.note.split())}"] if line.note else []
    braces = f" {{{' '.join(attributes)}}}" if attributes else ""
    yield f"- {role}: {in_backticks(line.text.strip())}{braces}"
    yield from _feedback(line.feedback, None)


def _feedback(prose: Prose, tag: str | None) -> list[str]:
    lines = blocks(prose, leading=f"[{tag}]") if tag else blocks(prose)
    if not tag and lines and _TAG.match(lines[0]):
        lines[0] = f"\\{lines[0]}"
    return indented(quoted(lines), 2)


def _goes_into_quote(tag: str | None, feedback: Prose) -> bool:
    """Whether the tag is read in front of the words: the shape of tags in use."""
    begins = bool(feedback) and isinstance(feedback[0], Paragraph)
    return begins and tag is not None and bool(ID.fullmatch(tag) and _LETTER_FIRST.match(tag))


# YAML


def _parameters(question: Question) -> Parameters | None:
    """Parameters that lead to the variants of a question, in columns where they are that."""
    if not question.variants[0]:
        return None
    names = [name for name, _ in question.variants[0]]
    rows = [[value for _, value in variant] for variant in question.variants]
    columns = [list(dict.fromkeys(column)) for column in zip(*rows, strict=True)]
    if [tuple(row) for row in rows] == list(itertools.product(*columns)):
        values = [
            (name, tuple(map(_number, column))) for name, column in zip(names, columns, strict=True)
        ]
    else:
        values = [(" ".join(names), tuple(" ".join(map(_number, row)) for row in rows))]
    return Parameters(values=tuple(values))


def _parameter_lines(parameters: Parameters) -> Iterator[str]:
    if parameters.values:
        line = f"params: {_table(dict(parameters.values))}"
        if len(line) <= WIDTH:
            yield line
        else:
            yield "params:"
            for name, values in parameters.values:
                yield from indented(_setting(_scalar(name, in_list=True), values), 2)
    if len(parameters.where) == 1:
        yield f"where: {_scalar(parameters.where[0])}"
    elif parameters.where:
        yield from _setting("where", parameters.where)


def _setting(key: str, values: Sequence[str]) -> Iterator[str]:
    """A list on one line, or on as many as it takes."""
    words = [_scalar(each, in_list=True) for each in values]
    line = f"{key}: [{', '.join(words)}]"
    if len(line) <= WIDTH:
        yield line
        return
    line = f"{key}: ["
    for place, word in enumerate(words):
        ended = word + ("," if place + 1 < len(words) else "]")
        if len(line) + 1 + len(ended) > WIDTH:
            yield line
            line = f"  {ended}"
        else:
            line += ended if line.endswith("[") else f" {ended}"
    yield line


def _table(table: Mapping[str, str | Sequence[str]]) -> str:
    return (
        "{"
        + ", ".join(
            f"{_scalar(key, in_list=True)}: {_value(value)}" for key, value in table.items()
        )
        + "}"
    )


def _value(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return _scalar(value, in_list=True)
    return f"[{', '.join(_scalar(each, in_list=True) for each in value)}]"


def _scalar(text: str, *, in_list: bool = False) -> str:
    """A text as YAML, in quotes where anything in it could be read otherwise."""
    known = _PLAIN if in_list else _PLAIN_WITH_COMMAS
    return text if known.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    return _UNPRINTABLE.sub(
        lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False)
    )


def _number(value: Fraction) -> str:
    """A decimal where it is a short one, and else a fraction.

    >>> _number(Fraction(1, 2)), _number(Fraction(100)), _number(Fraction(1, 3))
    ('0.5', '100', '1/3')
    """
    for places in range(7):
        if (value * 10**places).denominator == 1:
            whole = str(abs(value) * 10**places).zfill(places + 1)
            sign = "-" if value < 0 else ""
            return f"{sign}{whole[:-places]}.{whole[-places:]}" if places else f"{sign}{whole}"
    return str(value)
