"""The tables of groups; they belong to the schema in `store.tables`."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from tutorbot.store.columns import instant, metadata, own_id, reference
from tutorbot.store.tables import attempts, course_versions, learners

# A group in which the bot is a member. What refers to its learners stands in tables of their own,
# so that a group goes on as it is when one of them is forgotten.
groups = Table(
    "groups",
    metadata,
    own_id(),
    Column("chat_id", BigInteger, nullable=False, unique=True),
    Column("former_chat_id", BigInteger, index=True),  # before it became a supergroup
    instant("joined_at"),
    instant("left_at", nullable=True),  # when the bot was removed
    instant("counted_at", nullable=True),  # when a counter in it was last edited
)

group_quizzes = Table(
    "group_quizzes",
    metadata,
    own_id(),
    reference("group_id", groups),
    reference("course_version_id", course_versions),
    Column("course_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("variant", Integer, nullable=False),
    Column("shown", ARRAY(Text), nullable=False),
    Column("language", Text, nullable=False),  # of whoever asked
    instant("posted_at"),
    instant("ended_at", nullable=True),
    # Whether there are answers that the counter below the question does not show yet.
    Column("stale", Boolean, nullable=False, server_default=text("false")),
)
Index(None, group_quizzes.c.group_id, group_quizzes.c.posted_at)
Index("group_quizzes_stale_idx", group_quizzes.c.group_id, postgresql_where=group_quizzes.c.stale)

group_askers = Table(
    "group_askers",
    metadata,
    reference("quiz_id", group_quizzes),
    reference("learner_id", learners),
    PrimaryKeyConstraint("quiz_id"),
)
Index(None, group_askers.c.learner_id)

group_answers = Table(
    "group_answers",
    metadata,
    reference("quiz_id", group_quizzes),
    reference("learner_id", learners),
    Column("attempt_id", BigInteger, ForeignKey(attempts.c.id), nullable=False, unique=True),
    instant("answered_at", nullable=True),  # None: ticks are set, and not yet done
    PrimaryKeyConstraint("quiz_id", "learner_id"),
)
Index(None, group_answers.c.learner_id)

# Only of members of whom there is something to say.
group_members = Table(
    "group_members",
    metadata,
    reference("group_id", groups),
    reference("learner_id", learners),
    Column("hidden", Boolean, nullable=False, server_default=text("false")),  # from the table
    instant("left_at", nullable=True),
    PrimaryKeyConstraint("group_id", "learner_id"),
)
Index(None, group_members.c.learner_id)
