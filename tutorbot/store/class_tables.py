"""The tables of classes: who is in them and may do what, what is set to them, what came of it.

They belong to the schema in `store.tables`; whoever wants all of it takes `metadata` from here.
What refers to learners follows the rule there, so that a class goes on as it is when one of its
people is forgotten: who did something stands in `class_log` by their code in the class.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tutorbot.store.columns import instant, own_id
from tutorbot.store.group_tables import groups
from tutorbot.store.key_tables import metadata
from tutorbot.store.tables import attempts, course_versions, learners


def _of(name: str, to: Table, *, nullable: bool = False) -> Column[int]:
    """A reference that goes with what it refers to: code without these tables may delete that."""
    return Column(name, BigInteger, ForeignKey(to.c.id, ondelete="CASCADE"), nullable=nullable)


# What a learner was asked to type, in the middle of something; at most one thing at a time.
prompts = Table(
    "prompts",
    metadata,
    Column(
        "learner_id", BigInteger, ForeignKey(learners.c.id, ondelete="CASCADE"), primary_key=True
    ),
    Column("purpose", Text, nullable=False),  # such as "class.title"
    Column("about", JSONB, nullable=False),
    instant("asked_at"),
)

classes = Table(
    "classes",
    metadata,
    own_id(),
    Column("title", Text, nullable=False),
    Column("course_id", Text, nullable=False),  # from which it was started
    Column("timezone", Text, nullable=False),  # an IANA name
    instant("made_at"),
    instant("ended_at", nullable=True),
    # Whether those who teach it hear every Monday how it does.
    Column("digest", Boolean, nullable=False, server_default=text("true")),
)

class_members = Table(
    "class_members",
    metadata,
    _of("class_id", classes),
    _of("learner_id", learners),
    # Never changes, and is nobody else's in the class: what stands for the learner in files.
    Column("code", Text, nullable=False),
    Column("role", Text, nullable=False),  # owner, instructor, assistant, learner, observer
    Column("cohort", Text),
    Column("time_factor", Numeric(3, 2), nullable=False, server_default=text("1")),
    instant("joined_at"),
    instant("left_at", nullable=True),
    Column("removed", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("class_id", "learner_id"),
    UniqueConstraint("class_id", "code"),
)
Index(None, class_members.c.learner_id)

class_links = Table(
    "class_links",
    metadata,
    own_id(),
    _of("class_id", classes),
    Column("code", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("cohort", Text),
    Column("uses", Integer, nullable=False, server_default=text("0")),
    Column("most", Integer),  # uses; NULL: as many as like
    instant("made_at"),
    instant("expires_at", nullable=True),
    instant("ended_at", nullable=True),  # another took its place
)
Index(None, class_links.c.class_id)

class_holidays = Table(
    "class_holidays",
    metadata,
    _of("class_id", classes),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    PrimaryKeyConstraint("class_id", "first_day"),
)

# Who did what in a class, for good. `who` is the code of a member.
class_log = Table(
    "class_log",
    metadata,
    own_id(),
    _of("class_id", classes),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", JSONB, nullable=False),
    instant("done_at"),
)
Index(None, class_log.c.class_id, class_log.c.done_at)

# That the word about a class in that week was decided on, by its Monday: once, whoever dies.
class_digests = Table(
    "class_digests",
    metadata,
    _of("class_id", classes),
    Column("week", Date, nullable=False),
    instant("made_at"),
    PrimaryKeyConstraint("class_id", "week"),
)

# A quiz that is set to a class, or to some of it.
assignments = Table(
    "assignments",
    metadata,
    own_id(),
    _of("class_id", classes),
    _of("course_version_id", course_versions),
    Column("course_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    # [{"version": 3, "course": "rnn", "question": "size"}, ...] in order; the variant is drawn for
    # each learner.
    Column("questions", JSONB, nullable=False),
    Column("draw", SmallInteger),  # how many of them each learner gets; NULL: all
    # {"kind": "class"}, {"kind": "cohort", "cohort": …}, {"kind": "unfinished", "assignment": …},
    # {"kind": "weak", "skill": …}
    Column("audience", JSONB, nullable=False),
    instant("opens_at"),
    instant("due_at", nullable=True),
    instant("late_until", nullable=True),
    Column("late_share", Numeric(4, 3), nullable=False, server_default=text("1")),
    Column("tries", SmallInteger),  # NULL: as each question says
    Column("minutes", SmallInteger),  # from its opening by the learner; NULL: no limit
    Column("reveal", Text, nullable=False),  # answered, finished, due
    Column("practice_after", Boolean, nullable=False, server_default=text("true")),
    Column("state", Text, nullable=False),  # draft, set, cancelled
    instant("made_at"),
)
Index(None, assignments.c.class_id)

# To whom it is set, and how far they are with it.
assignees = Table(
    "assignees",
    metadata,
    _of("assignment_id", assignments),
    _of("learner_id", learners),
    Column("sitting_id", BigInteger),  # no foreign key: sittings may be forgotten first
    instant("opened_at", nullable=True),
    instant("started_at", nullable=True),  # the first answer
    instant("finished_at", nullable=True),
    instant("extended_until", nullable=True),
    instant("told_at", nullable=True),  # how it went
    PrimaryKeyConstraint("assignment_id", "learner_id"),
)
Index(None, assignees.c.learner_id)
Index(None, assignees.c.sitting_id)
Index(
    "assignees_to_tell_idx",
    assignees.c.assignment_id,
    assignees.c.learner_id,
    postgresql_where=assignees.c.opened_at.is_not(None) & assignees.c.told_at.is_(None),
)

# A message to many: that a quiz is set, or a reminder of it.
broadcasts = Table(
    "broadcasts",
    metadata,
    own_id(),
    _of("assignment_id", assignments),
    Column("kind", Text, nullable=False),  # announcement, reminder
    Column("state", Text, nullable=False),  # scheduled, running, paused, cancelled, done
    Column("silent", Boolean, nullable=False, server_default=text("false")),
    Column("report_chat_id", BigInteger),  # where its progress is shown
    instant("not_before"),
    instant("made_at"),
    instant("begun_at", nullable=True),
    instant("ended_at", nullable=True),
    # Whether it may also arrive between 22:00 and 8:00 by its reader's clock.
    Column("at_night", Boolean, nullable=False, server_default=text("false")),
    instant("told_at", nullable=True),  # when its progress was last shown
)
Index(None, broadcasts.c.assignment_id)

broadcast_recipients = Table(
    "broadcast_recipients",
    metadata,
    _of("broadcast_id", broadcasts),
    _of("learner_id", learners),
    # No foreign key: the outbox forgets after a while, and the fate stays here.
    Column("outbox_id", BigInteger),
    Column("fate", Text),  # sent, blocked, refused, unknown, cancelled; NULL: not yet known
    instant("fated_at", nullable=True),
    instant("not_before", nullable=True),  # the morning, where it is night
    PrimaryKeyConstraint("broadcast_id", "learner_id"),
)
Index(None, broadcast_recipients.c.learner_id)
Index(
    "broadcast_recipients_waiting_idx",
    broadcast_recipients.c.broadcast_id,
    broadcast_recipients.c.learner_id,
    postgresql_where=broadcast_recipients.c.fate.is_(None),
)
Index(
    "broadcast_recipients_under_way_idx",
    broadcast_recipients.c.outbox_id,
    postgresql_where=broadcast_recipients.c.fate.is_(None)
    & broadcast_recipients.c.outbox_id.is_not(None),
)

# A live round in a group: questions one after the other as quiz polls of Telegram's.
rounds = Table(
    "rounds",
    metadata,
    own_id(),
    _of("group_id", groups),
    Column("thread", BigInteger),  # the topic of a forum
    Column("language", Text, nullable=False),  # of whoever asked for it
    Column("about", Text, nullable=False),
    Column("questions", SmallInteger, nullable=False),
    Column("seconds", SmallInteger, nullable=False),  # for each
    Column("phase", Text, nullable=False),
    Column("place", SmallInteger, nullable=False, server_default=text("-1")),
    instant("opened_at"),
    instant("next_at", nullable=True),  # when something is to be done; NULL once it is over
    # Of the lobby: whether it does not show everybody yet who is in, and when it was edited last.
    Column("stale", Boolean, nullable=False, server_default=text("false")),
    instant("counted_at", nullable=True),
    instant("ended_at", nullable=True),
)
Index(None, rounds.c.group_id)
Index("rounds_next_at_idx", rounds.c.next_at, postgresql_where=rounds.c.next_at.is_not(None))

round_askers = Table(
    "round_askers",
    metadata,
    _of("round_id", rounds),
    _of("learner_id", learners),
    PrimaryKeyConstraint("round_id"),
)
Index(None, round_askers.c.learner_id)

round_players = Table(
    "round_players",
    metadata,
    _of("round_id", rounds),
    _of("learner_id", learners),
    instant("joined_at"),
    PrimaryKeyConstraint("round_id", "learner_id"),
)
Index(None, round_players.c.learner_id)

round_questions = Table(
    "round_questions",
    metadata,
    own_id(),
    _of("round_id", rounds),
    Column("place", SmallInteger, nullable=False),
    _of("course_version_id", course_versions),
    Column("course_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("variant", Integer, nullable=False),
    Column("shown", ARRAY(Text), nullable=False),
    Column("poll_id", Text, unique=True),  # once Telegram has it
    instant("opened_at", nullable=True),
    instant("closed_at", nullable=True),
    UniqueConstraint("round_id", "place"),
)

round_answers = Table(
    "round_answers",
    metadata,
    _of("round_question_id", round_questions),
    _of("learner_id", learners),
    Column(
        "attempt_id",
        BigInteger,
        ForeignKey(attempts.c.id, ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("milliseconds", Integer, nullable=False),  # from the poll to the answer
    instant("answered_at"),
    PrimaryKeyConstraint("round_question_id", "learner_id"),
)
Index(None, round_answers.c.learner_id)
