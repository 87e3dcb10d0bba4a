"""A few words: capitals, spaces, punctuation and accents do not matter."""

import unicodedata
from dataclasses import dataclass

from tutorbot.core.answers.characters import MAX_LENGTH, too_long
from tutorbot.core.answers.verdicts import (
    Asked,
    Echo,
    Problem,
    Proof,
    Right,
    Slip,
    Unreadable,
    Verdict,
    Wrong,
)

LONG_ENOUGH = 5  # letters of a word in which a slip of the finger is told from another word
LONGEST = 40

Spellings = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Texts:
    accepted: tuple[str, ...]  # as the author wrote them
    mistaken: tuple[str, ...]


def prepare(asked: Asked) -> Texts:
    values = {name: str(value) for name, value in asked.values}

    def written(text: str) -> str:
        return values.get(text.strip(), text)

    return Texts(
        accepted=tuple(written(each.text) for each in asked.typed.accepted),
        mistaken=tuple(written(each.text) for each in asked.typed.mistaken),
    )


def judge(key: Texts, text: str) -> Verdict:
    shown = echoed(key, text)
    if isinstance(shown, Problem):
        return Unreadable(problem=shown)
    folded = _spellings(text)
    for at, line in enumerate(key.accepted):
        if _alike(folded, _spellings(line)):
            return Right(echo=shown, accepted=at)
    proof = Proof(method="text", got=shown.text, expected=key.accepted[0])
    for at, line in enumerate(key.mistaken):
        if _alike(folded, _spellings(line)):
            return Wrong(echo=shown, proof=proof, mistaken=at)
    for line in key.accepted:
        word = misspelled(folded[0], fold(line))
        if word is not None:
            return Wrong(
                echo=shown, proof=proof, slip=Slip(code="spelling", details={"word": word})
            )
    return Wrong(echo=shown, proof=proof)


def echoed(key: Texts, text: str) -> Echo | Problem:  # noqa: ARG001 - as of every kind
    if len(text) > MAX_LENGTH:
        return too_long(text)
    if not fold(text):
        return Problem(code="empty", at=len(text))
    written = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    plain = written.replace("\\", " ")
    safe = "".join(rf"\{each}" if each in "%#&_{}$" else each for each in plain)
    return Echo(text=written, latex=rf"\text{{{safe}}}")


def flaws(key: Texts, asked: Asked) -> list[str]:
    found = [f"`{line.text}` says nothing" for line in asked.typed.accepted if not fold(line.text)]
    found.extend(
        f"`{mistake}` is marked as a mistake and equals the accepted `{right}`"
        for mistake in key.mistaken
        for right in key.accepted
        if _equal(mistake, right)
    )
    return found


def fold(text: str) -> tuple[str, ...]:
    """The words of a text, small, without accents and without what stands between them.

    >>> fold(" L'École, Straße–1.5! ")
    ('l', 'ecole', 'strasse', '1.5')
    """
    folded = unicodedata.normalize("NFKD", text[:MAX_LENGTH].casefold())[: 2 * MAX_LENGTH]
    plain = "".join(each for each in folded if not unicodedata.combining(each))
    kept: list[str] = []
    for at, each in enumerate(plain):
        before, after = plain[at - 1 : at], plain[at + 1 : at + 2]
        category = unicodedata.category(each)
        if category[0] in "LNS":
            kept.append(each)
        elif category == "Cf":
            continue
        elif each in ".," and before.isdigit() and after.isdigit():
            kept.append(".")
        elif each in "-−–" and after.isdigit() and not before.isalnum():
            kept.append("-")
        else:
            kept.append(" ")
    return tuple("".join(kept).split())


def _spellings(text: str) -> Spellings:
    """ä may be written as a or as ae."""
    return fold(text), fold(_written_out(text))


def _equal(text: str, line: str) -> bool:
    return _alike(_spellings(text), _spellings(line))


def _alike(ours: Spellings, theirs: Spellings) -> bool:
    return any(_same(one, other) for one, other in zip(ours, theirs, strict=True))


def _written_out(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    for umlaut, letters in (
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("Ä", "Ae"),
        ("Ö", "Oe"),
        ("Ü", "Ue"),
    ):
        text = text.replace(umlaut, letters)
    return text


def _same(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    return bool(ours) and (ours == theirs or _joined(ours) == _joined(theirs))


def _joined(words: tuple[str, ...]) -> str | tuple[str, ...]:
    """Key word is keyword; but 1 2 is not 12."""
    return words if any(word[-1:].isdigit() for word in words) else "".join(words)


def misspelled(ours: tuple[str, ...], theirs: tuple[str, ...]) -> str | None:
    """The one word that is one letter off, if that is all."""
    if len(ours) != len(theirs):
        return None
    off = [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]
    if len(off) != 1:
        return None
    (word, meant) = off[0]
    if not LONG_ENOUGH <= len(meant) <= LONGEST or any(each.isdigit() for each in word + meant):
        return None
    return word if _one_off(word, meant) else None


def _one_off(one: str, other: str) -> bool:
    """Whether a letter is missing, too many or another, or two neighbours have changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(one) == len(other):
        swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
        return swapped or left[1:] == right[1:]
    return left[1:] == right if len(one) > len(other) else left == right[1:]
