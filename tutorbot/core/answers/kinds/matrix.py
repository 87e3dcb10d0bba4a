"""A matrix: entry by entry, and which entries differ."""

from tutorbot.core.answers.expression import Domain, Same
from tutorbot.core.answers.kinds import structured
from tutorbot.core.answers.kinds.listing import by_place, of_all
from tutorbot.core.answers.kinds.structured import Structured, wanted
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.structure_compare import compare_things, match_sets
from tutorbot.core.answers.structure_reader import MAX_SIDE, Manner, read_thing
from tutorbot.core.answers.structures import Listing, Matrix, Thing
from tutorbot.core.answers.verdicts import Asked, Problem, Slip
from tutorbot.core.answers.vocabulary import Vocabulary


def prepare(asked: Asked) -> Structured:
    return structured.prepare(asked, _read, compare_things, _diagnose)


def _read(text: str, vocabulary: Vocabulary) -> Thing | Problem:
    outcome = read_thing(text, vocabulary, Manner(spaces=True))
    if isinstance(outcome, Problem):
        return outcome
    found = _as_matrix(outcome)
    if found is None:
        rows = isinstance(outcome, Listing) and any(
            isinstance(each, Listing) for each in outcome.entries
        )
        return wanted("ragged" if rows else "matrix-wanted", outcome)
    if max(len(found.rows), len(found.rows[0])) > MAX_SIDE:
        return wanted("too-many-parts", outcome, limit=str(MAX_SIDE))
    return found


def _as_matrix(thing: Thing) -> Matrix | None:
    """((1, 2), (3, 4)) by its rows; what is one row alone is a matrix of one row."""
    if isinstance(thing, Matrix):
        return thing
    if not isinstance(thing, Listing) or not thing.entries:
        return None
    rows = [each.entries for each in thing.entries if isinstance(each, Listing)]
    if not rows:
        return Matrix((thing.entries,), span=thing.span)
    if len(rows) < len(thing.entries) or not rows[0] or len({len(row) for row in rows}) > 1:
        return None
    return Matrix(tuple(rows), span=thing.span)


def _diagnose(got: Thing, expected: Thing, domain: Domain) -> Diagnosis:
    if not isinstance(got, Matrix) or not isinstance(expected, Matrix):
        return Diagnosis()
    turned = Matrix(tuple(zip(*got.rows, strict=True)))
    if isinstance(compare_things(turned, expected, domain), Same):
        return Diagnosis(slip=Slip(code="transposed"))
    if _size(got) != _size(expected):
        details = {"got": _size(got), "wanted": _size(expected)}
        return Diagnosis(slip=Slip(code="matrix-size", details=details))
    ours = tuple(entry for row in got.rows for entry in row)
    theirs = tuple(entry for row in expected.rows for entry in row)
    columns = len(got.rows[0])
    wrong = [
        at
        for at, (one, other) in enumerate(zip(ours, theirs, strict=True), start=1)
        if not isinstance(compare_things(one, other, domain), Same)
    ]
    slip = of_all(ours, theirs) if len(wrong) > 1 else None
    slip = slip or _of_lines(got, expected, domain)
    if slip is not None:
        return Diagnosis(slip=slip)
    places = [f"({(at - 1) // columns + 1}, {(at - 1) % columns + 1})" for at in wrong]
    return by_place(wrong, places, ours, theirs, domain)


def _of_lines(got: Matrix, expected: Matrix, domain: Domain) -> Slip | None:
    """Rows, or columns, in another order."""
    columns = tuple(zip(*got.rows, strict=True)), tuple(zip(*expected.rows, strict=True))
    rows = got.rows, expected.rows
    for code, (ours, theirs) in (("rows-swapped", rows), ("columns-swapped", columns)):
        if len(ours) < 2:  # noqa: PLR2004 - nothing to swap
            continue
        one, other = ([Listing(line) for line in lines] for lines in (ours, theirs))
        found = match_sets(one, other, domain)
        if found is not None and not (found.extra or found.missing or found.doubtful):
            return Slip(code=code)
    return None


def _size(matrix: Matrix) -> str:
    return f"{len(matrix.rows)} × {len(matrix.rows[0])}"
