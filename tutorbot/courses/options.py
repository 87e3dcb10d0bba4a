"""The options of a question, from their lines to a `Choice`."""

import hashlib
import re

from tutorbot.core.course import Choice, Option
from tutorbot.core.ids import OptionId
from tutorbot.courses.faults import Notebook
from tutorbot.courses.lines import LONGEST_ID, OptionLine
from tutorbot.courses.outline import ANSWER_KEYS, QuestionDraft
from tutorbot.courses.policy import Setting
from tutorbot.courses.prose import plain


def read_choice(draft: QuestionDraft, order: Setting | None, notebook: Notebook) -> Choice:
    """The choice that a question with at least one option asks for."""
    lines = draft.options()
    several = lines[0].several
    pinned = draft.policy["pin"].words() if "pin" in draft.policy else ()
    for key in ANSWER_KEYS:
        if key in draft.policy:
            notebook.note(
                draft.policy[key].line,
                f"A question with options has no use for {key}.",
                "Leave the line out.",
                code="setting-useless",
            )
    options: dict[OptionId, Option] = {}
    for line in lines:
        if line.several is not several:
            notebook.note(
                line.line,
                "Round and square brackets are mixed.",
                "Use ( ) where one option is right, and [ ] where several can be.",
                code="brackets-mixed",
            )
        if not line.prose:
            notebook.note(
                line.line,
                "This option says nothing.",
                "Write it after the brackets.",
                code="option-empty",
            )
        key = _option_id(line)
        if key in options:
            notebook.note(
                line.line,
                f"Two options of this question have the id “{key}”.",
                "Give one of them another: {#id} at its end.",
                code="option-id-taken",
            )
        options[key] = Option(
            id=key,
            prose=line.prose,
            mark=line.mark,
            feedback=line.feedback,
            tag=line.attributes.values.get("tag"),
            pinned=key in pinned,
        )
    for name in pinned:
        if name not in options:
            notebook.note(
                draft.policy["pin"].line,
                f"There is no option “{name[:60]}” to pin.",
                f"The options are {', '.join(options)}.",
                code="pin-unknown",
            )
    return Choice(
        options=tuple(options.values()), several=several, shuffled=_shuffled(order, notebook)
    )


def _option_id(line: OptionLine) -> OptionId:
    """The author's id, or one made from the words of the option."""
    if line.attributes.id:
        return OptionId(line.attributes.id)
    text = plain(line.prose)
    slug = "-".join(re.findall(r"[a-z0-9]+", text.casefold()))
    if 0 < len(slug) <= LONGEST_ID:
        return OptionId(slug)
    return OptionId("o-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12])


def _shuffled(order: Setting | None, notebook: Notebook) -> bool:
    if order and order.text() not in {"fixed", "shuffled"}:
        notebook.note(
            order.line,
            f"I do not know the order “{order.text()[:40]}”.",
            "Write order: fixed or order: shuffled.",
            code="order-unknown",
        )
    return not order or order.text() != "fixed"
