"""Whether a course that can be read also makes sense."""

from tutorbot.core.course import Course, Typed
from tutorbot.courses.faults import Faults, errors
from tutorbot.courses.keys import Judging, judged_here
from tutorbot.courses.parse import Reading, read
from tutorbot.courses.rules import leaks, marks, options, stems, words, worth
from tutorbot.courses.rules.paper import Paper
from tutorbot.courses.slips import note_slips

_RULES = (stems.check, words.check, options.check, marks.check, leaks.check, worth.check)


def check(course: Course, source: str, *, judging: Judging = judged_here) -> Faults:
    """What keeps a course from being used; ``source`` is what it was parsed from.

    Nothing if it is sound; what its author should also know is for `examine` to say.
    """
    reading = read(source, "")
    if not reading.outline or reading.course != course:
        raise ValueError("the course was not parsed from this source")
    return errors(examine(reading, judging=judging))


def examine(reading: Reading, *, judging: Judging = judged_here) -> Faults:
    """All that there is to say of what was read: its form, and its sense if the form is sound.

    ``judging`` says how typed keys are judged. `judged_here` takes as long as a key asks for; who
    checks what strangers send hands in one that has an end.
    """
    if not reading.outline:
        return reading.faults
    note_slips(reading.outline.notebook)
    if not reading.course or errors(reading.faults):
        return reading.outline.notebook.sorted()
    paper = Paper(reading.course, reading.outline)
    for rule in _RULES:
        rule(paper)
    typed = [
        (question, draft) for question, draft in paper.pairs if isinstance(question.body, Typed)
    ]
    findings = judging([question for question, _ in typed])
    for (_, draft), found in zip(typed, findings, strict=True):
        accepted, mistaken = draft.accepted(), draft.mistaken()
        for each in found:
            lines = accepted if each.accepted else mistaken
            paper.notebook.note(
                lines[each.at].line,
                each.what,
                each.mend,
                near=f"`{lines[each.at].text}`",
                code=each.code,
                severity=each.severity,
            )
    return paper.notebook.sorted()
