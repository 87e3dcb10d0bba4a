"""Where a wrong answer and the right one part, in words: a place to try it, and both values."""

from gettext import NullTranslations

from tutorbot.core.answers.verdicts import Proof, Wrong

ABOUT = "about"  # the method of an example whose values are rounded
_TRUTHS = frozenset(("true", "false"))


def trial(words: NullTranslations, verdict: Wrong) -> str:
    """A place to try it, with what the learner's own formula gives there; empty if none is known.

    Of a statement nothing is told: whether it holds at a place would give half of it away.
    """
    example = verdict.example
    if example is None:
        return ""
    _ = words.gettext
    sentence = (
        _("Try it with {where}: yours gives about {got} there.")
        if example.method == ABOUT
        else _("Try it with {where}: yours gives {got} there.")
    )
    return sentence.format(where=_where(words, example), got=example.got)


def counterexample(words: NullTranslations, verdict: Wrong) -> str:
    """A place to try it, with what comes out and what should; empty if none is known."""
    example = verdict.example
    if example is None:
        return _misjudged(words, verdict.proof)
    _ = words.gettext
    sentence = (
        _("With {where} yours gives about {got}, and it should be about {expected}.")
        if example.method == ABOUT
        else _("With {where} yours gives {got}, and it should be {expected}.")
    )
    where = _where(words, example)
    return sentence.format(where=where, got=example.got, expected=example.expected)


def _misjudged(words: NullTranslations, proof: Proof) -> str:
    """A place at which a statement holds and should not, or the other way round."""
    if not proof.point or proof.got not in _TRUTHS:
        return ""
    _ = words.gettext
    of_logic = all(value in _TRUTHS for name, value in proof.point if name)
    holds = proof.got == "true"
    if of_logic and holds:
        sentence = _("With {where} yours is true, and it should be false.")
    elif of_logic:
        sentence = _("With {where} yours is false, and it should be true.")
    elif holds:
        sentence = _("Try {where}: yours lets it in, and it should not.")
    else:
        sentence = _("Try {where}: yours leaves it out, and it should not.")
    return sentence.format(where=_where(words, proof))


def _where(words: NullTranslations, proof: Proof) -> str:
    _ = words.gettext
    truths = {"true": _("true"), "false": _("false")}
    return ", ".join(
        f"{name} = {truths.get(value, value.replace('-', '−'))}" for name, value in proof.point
    )
