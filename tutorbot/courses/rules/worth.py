"""Rules for what a question is worth to whoever practises it."""

from tutorbot.core.course import Question
from tutorbot.courses.faults import Severity
from tutorbot.courses.outline import QuestionDraft
from tutorbot.courses.rules.paper import Paper


def check(paper: Paper) -> None:
    asked: dict[object, str] = {}
    for question, draft in paper.pairs:
        _check_costs(paper, question, draft)
        _check_solution(paper, question, draft)
        sense = question.stem, question.prose, question.body, question.variants
        twin = asked.setdefault(sense, question.id)
        if twin != question.id:
            paper.notebook.note(
                draft.line,
                f"This question is the same as “{twin}”.",
                "Leave one out, or ask something else.",
                code="question-twice",
                severity=Severity.WARNING,
            )


def _check_costs(paper: Paper, question: Question, draft: QuestionDraft) -> None:
    cost = sum(hint.cost for hint in question.hints)
    if cost > 1:
        paper.notebook.note(
            draft.hints()[-1].line,
            f"The hints cost {float(cost):g} of the points together, more than there are.",
            "Let the costs add up to 1 at most.",
            near="cost",
            code="hints-dear",
            severity=Severity.WARNING,
        )


def _check_solution(paper: Paper, question: Question, draft: QuestionDraft) -> None:
    if not question.solution:
        paper.notebook.note(
            draft.line,
            "This question has no solution: learners are told what is right, not why.",
            "Write ### Solution under it, and a few lines.",
            code="no-solution",
            severity=Severity.NOTE,
        )
