"""A verdict in words where there is no chat around it: for authors, and for measuring."""

from gettext import NullTranslations

from tutorbot.core.answers.verdicts import (
    Proof,
    Right,
    RightButForm,
    Undecided,
    Unreadable,
    Verdict,
    Wrong,
)
from tutorbot.core.prose import Prose, words as plain
from tutorbot.views.answers import echo_prose, problem_prose, slip_prose, wrong_prose

EVERYTHING = 2  # the stage of help at which nothing is held back


def verdict_prose(words: NullTranslations, verdict: Verdict, text: str) -> Prose:
    """All that a learner may come to hear about an answer, and the proof if it is wrong."""
    _ = words.gettext
    match verdict:
        case Right(echo=echo):
            return (plain(_("✅ Right.")), *echo_prose(words, echo))
        case RightButForm(echo=echo, missing=missing):
            return (
                plain(_("🟡 The value is right, its form is not yet.")),
                *echo_prose(words, echo),
                *slip_prose(words, missing, EVERYTHING),
            )
        case Wrong(echo=echo):
            return (
                plain(_("❌ Not quite.")),
                *echo_prose(words, echo),
                *wrong_prose(words, verdict, EVERYTHING),
            )
        case Unreadable(problem=problem):
            return problem_prose(words, problem, text)
        case Undecided(echo=echo):
            return (
                plain(_("🤔 I cannot tell.")),
                *echo_prose(words, echo),
                plain(_("I can neither prove nor refute this one.")),
            )


def proof_prose(words: NullTranslations, proof: Proof) -> Prose:
    """Where the answer and the key differ, for an author who wants to know why."""
    _ = words.gettext
    if proof.got is None or proof.expected is None:
        return ()
    got, expected = (each.replace("-", "−") for each in (proof.got, proof.expected))
    if not proof.point:
        return (plain(_("This is {got}, not {wanted}.").format(got=got, wanted=expected)),)
    where = ", ".join(f"{name} = {value}" for name, value in proof.point).replace("-", "−")
    sentence = _("For {where} this is {got}, not {wanted}.")
    return (plain(sentence.format(where=where, got=got, wanted=expected)),)
