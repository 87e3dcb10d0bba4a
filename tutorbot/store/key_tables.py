"""The tables of keys that were doubted and mended, and of what became of the answers.

They belong to the schema in `store.tables`. Who mended a key stands there by their code in a class,
or as "author": what happened stays when one of its people is forgotten.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from tutorbot.store.columns import instant, metadata, own_id
from tutorbot.store.tables import answers, course_versions, keys, learners

__all__ = [
    "corrections",
    "judgements",
    "metadata",
    "question_flags",
    "regrade_cards",
    "regrade_changes",
    "regrades",
    "rulings",
]


def _of(name: str, to: Table) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(to.c.id, ondelete="CASCADE"), nullable=False)


# Each new version of a key after the one that was published, in the order in which they came to
# hold: its largest id tells every process whether the keys that it knows are the newest.
corrections = Table(
    "corrections",
    metadata,
    own_id(),
    _of("key_id", keys),
    UniqueConstraint("key_id"),
)

# That a learner thinks a question wrong.
question_flags = Table(
    "question_flags",
    metadata,
    _of("learner_id", learners),
    _of("course_version_id", course_versions),
    Column("course_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("reason", Text, nullable=False),  # key, unclear, typo, else
    Column("words", Text),  # as typed
    instant("flagged_at"),
    instant("settled_at", nullable=True),  # when somebody had looked at it
    PrimaryKeyConstraint("learner_id", "course_id", "question_id"),
)
Index(None, question_flags.c.course_id, question_flags.c.question_id)

# A change of a key and what it does to answers, from its draft to its being undone.
regrades = Table(
    "regrades",
    metadata,
    own_id(),
    Column("course_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("kind", Text, nullable=False),  # correction, undo, ruling, kept (somebody let it stand)
    # draft, proposed, refused, waiting and undoing (left to the background), applied, undone,
    # dropped, kept
    Column("state", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("content", JSONB, nullable=False),  # of the key that is to hold
    Column("before", JSONB, nullable=False),  # [{"version": 3, "key": 17, "content": …}, ...]
    Column("why", Text),
    Column("who", Text, nullable=False),  # "author", or a code in a class
    Column("class_id", BigInteger),  # no foreign key: what happened stays
    Column("counts", JSONB(none_as_null=True)),
    Column("report_chat_id", BigInteger),  # whom to tell when it is done
    Column("undoes", BigInteger),
    instant("made_at"),
    instant("applied_at", nullable=True),
    instant("swept_at", nullable=True),  # after which no answer can have been passed over
    instant("undone_at", nullable=True),
)
Index(None, regrades.c.course_id, regrades.c.question_id)

# The scores that a regrade changed, as they were and as they are; without points: none.
regrade_changes = Table(
    "regrade_changes",
    metadata,
    _of("regrade_id", regrades),
    _of("answer_id", answers),
    Column("key_id", BigInteger, nullable=False),  # under which the new score stands
    Column("old_points", Numeric(9, 6)),
    Column("old_out_of", Numeric(9, 6)),
    Column("old_code", Text, nullable=False),
    Column("new_points", Numeric(9, 6)),
    Column("new_out_of", Numeric(9, 6)),
    Column("new_code", Text, nullable=False),
    PrimaryKeyConstraint("answer_id", "regrade_id"),
)
Index(None, regrade_changes.c.regrade_id)

# The cards that a regrade made anew, as they were and as they became.
regrade_cards = Table(
    "regrade_cards",
    metadata,
    _of("regrade_id", regrades),
    _of("learner_id", learners),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
    PrimaryKeyConstraint("learner_id", "regrade_id"),
)
Index(None, regrade_cards.c.regrade_id)

# What the judge made of typed answers under the key of a draft; found by a digest, since the words
# are their learners'.
judgements = Table(
    "judgements",
    metadata,
    _of("regrade_id", regrades),
    Column("digest", Text, nullable=False),
    Column("code", Text, nullable=False),
    PrimaryKeyConstraint("regrade_id", "digest"),
)

# What somebody decided of an answer that the judge could not. Facts.
rulings = Table(
    "rulings",
    metadata,
    Column("answer_id", BigInteger, ForeignKey(answers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("is_right", Boolean, nullable=False),
    Column("who", Text, nullable=False),
    instant("ruled_at"),
)
