"""The whole schema. Migrations lead to exactly these tables; a test compares the two.

What belongs to a learner has a column ``learner_id`` that refers to `learners`, with an index that
begins with it, or refers to a row that does. By this rule `store.privacy` finds what to hand out
and what to delete; a column with another name that refers to learners is to be named there.

Two things only the migrations can say: the triggers that refuse UPDATE on ``answers`` and
``certainties``, because these are facts, and their function. Instants are ``timestamptz``; a study
day is a plain date, since it was decided in the learner's timezone at the moment of answering.
"""

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, JSONB

from tutorbot.store.columns import instant, metadata, own_id, reference

learners = Table(
    "learners",
    metadata,
    own_id(),
    Column("telegram_id", BigInteger, nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("day_starts", SmallInteger, nullable=False),
    Column("formulas", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("probed", Boolean, nullable=False),
    # No foreign key: attempts point to learners, and two tables that point to each other can
    # neither be made nor dropped in any order. Whoever reads it looks the attempt up.
    Column("current_attempt_id", BigInteger),
    instant("joined_at"),
    instant("blocked_at", nullable=True),
    Column("settled_day", Date),  # the study day on which their streak was last settled
    Column("exam_on", Date),
    Column("language_chosen", Boolean, nullable=False, server_default=text("false")),
    Column("goal", SmallInteger, nullable=False, server_default=text("5")),  # answers a day
    Column("reminder_hour", SmallInteger),  # by the learner's clock; NULL: none is wanted
    Column("certainty", Boolean, nullable=False, server_default=text("false")),
    instant("onboarded_at", nullable=True),  # when the first steps were offered
    # A reminder at the hour at which they usually begin; then there is no hour above.
    Column("reminder_usual", Boolean, nullable=False, server_default=text("false")),
    # Whether they ever wrote to the bot alone: before that it may not write to them. Who is known
    # from a group only counts as having blocked it, too, since they were met.
    Column("started", Boolean, nullable=False, server_default=text("true")),
    # Whether there is a row of `prompts`: most of the time nobody needs to look.
    Column("prompted", Boolean, nullable=False, server_default=text("false")),
    # Whether the zone above is theirs: said by them, or taken from their class; else a guess.
    Column("zone_known", Boolean, nullable=False, server_default=text("false")),
)

course_versions = Table(
    "course_versions",
    metadata,
    own_id(),
    Column("course_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("source", Text, nullable=False),
    instant("published_at"),
    # "folder" or "author": what lies in the content folder takes the place of what an author sent
    # only when it changes there.
    Column("origin", Text, nullable=False, server_default=text("'folder'")),
    # The digest is not unique: who takes a change back publishes the old text once more.
    UniqueConstraint("course_id", "number"),
)

files = Table(
    "files",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of the content
    Column("content", LargeBinary, nullable=False),
    instant("added_at"),
)

# What belongs to a course beside its main text: pictures, and the same in other languages.
course_files = Table(
    "course_files",
    metadata,
    reference("course_version_id", course_versions),
    Column("name", Text, nullable=False),
    Column("digest", Text, ForeignKey(files.c.digest), nullable=False),
    PrimaryKeyConstraint("course_version_id", "name"),
)

uploads = Table(
    "uploads",
    metadata,
    own_id(),
    reference("learner_id", learners),
    Column("chat_id", BigInteger, nullable=False),
    Column("file_id", Text, nullable=False),  # Telegram's
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, sound, unsound, published, dropped
    Column("digest", Text, ForeignKey(files.c.digest)),  # once fetched
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    instant("sent_at"),
    instant("not_before"),
    instant("settled_at", nullable=True),
)
Index(None, uploads.c.learner_id)
Index(
    "uploads_waiting_idx",
    uploads.c.not_before,
    postgresql_where=uploads.c.state == "waiting",
)

keys = Table(
    "keys",
    metadata,
    own_id(),
    reference("course_version_id", course_versions),
    Column("question_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", JSONB, nullable=False),
    instant("made_at"),
    Column("reason", Text, nullable=False),
    UniqueConstraint("course_version_id", "question_id", "version"),
)

sittings = Table(
    "sittings",
    metadata,
    own_id(),
    reference("learner_id", learners),
    reference("course_version_id", course_versions),
    Column("course_id", Text, nullable=False),  # repeated here for the index below
    Column("seed", BigInteger, nullable=False),
    instant("started_at"),
    instant("finished_at", nullable=True),
    # What was picked, in order, if it is no paper: [{"version": 3, "course": "rnn", "question":
    # "size", "variant": 7}, ...]. Then the version above is that of the first.
    Column("picked", JSONB(none_as_null=True)),
)
Index(None, sittings.c.learner_id)
Index(
    "sittings_unfinished_key",
    sittings.c.learner_id,
    sittings.c.course_id,
    unique=True,
    postgresql_where=sittings.c.finished_at.is_(None),
)

attempts = Table(
    "attempts",
    metadata,
    own_id(),
    reference("sitting_id", sittings),
    reference("learner_id", learners),
    Column("question_id", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("variant", Integer, nullable=False),
    Column("shown", ARRAY(Text), nullable=False),
    Column("ticked", ARRAY(Integer), nullable=False),
    Column("hints", SmallInteger, nullable=False),
    Column("solution_seen", Boolean, nullable=False),
    Column("accepting", Boolean, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    instant("opened_at"),
    instant("settled_at", nullable=True),
    Column("wrong", SmallInteger, nullable=False, server_default=text("0")),  # of the tries
    # An answer that can be read in several ways, until its learner says which is meant.
    Column("unclear_text", Text),
    Column("unclear_readings", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("unclear_first", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("sitting_id", "place"),
)
Index(None, attempts.c.learner_id)

answers = Table(
    "answers",
    metadata,
    own_id(),
    reference("attempt_id", attempts),
    reference("learner_id", learners),
    reference("course_version_id", course_versions),
    Column("question_id", Text, nullable=False),
    Column("variant", JSONB, nullable=False),  # the values themselves, [["h", "100"], ...]
    Column("shown", ARRAY(Text), nullable=False),
    Column("chosen", ARRAY(Text)),
    Column("raw", Text),
    Column("parsed", Text),
    Column("verdict", JSONB, nullable=False),
    Column("hints", SmallInteger, nullable=False),
    Column("try_number", SmallInteger, nullable=False),
    instant("answered_at"),
    Column("timezone", Text, nullable=False),
    Column("study_day", Date, nullable=False),
    UniqueConstraint("attempt_id", "try_number"),
)
Index(None, answers.c.learner_id, answers.c.answered_at)
Index(
    "answers_undecided_idx",
    answers.c.id,
    postgresql_where=answers.c.verdict["code"].astext == "undecided",
)
Index("answers_answered_at_brin", answers.c.answered_at, postgresql_using="brin")

item_difficulties = Table(
    "item_difficulties",
    metadata,
    Column("course_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("difficulty", DOUBLE_PRECISION, nullable=False),
    Column("answers", Integer, nullable=False),
    PrimaryKeyConstraint("course_id", "question_id"),
)

abilities = Table(
    "abilities",
    metadata,
    Column("learner_id", BigInteger, ForeignKey(learners.c.id), primary_key=True),
    Column("ability", DOUBLE_PRECISION, nullable=False),
    Column("answers", Integer, nullable=False),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("work", Text, primary_key=True),
    Column("answer_id", BigInteger, nullable=False),  # the last answer that it has seen
    instant("reached_at", nullable=True),  # or up to when it has seen all
)

# How questions went on a day in UTC: with all where the option is "", else with whom chose it.
item_days = Table(
    "item_days",
    metadata,
    Column(
        "course_version_id",
        BigInteger,
        ForeignKey(course_versions.c.id, ondelete="CASCADE"),
        nullable=False,
    ),
    *(Column(name, Text, nullable=False) for name in ("question_id", "option_id")),
    Column("day", Date, nullable=False),
    *(
        Column(name, Integer, nullable=False)
        for name in (
            *("answers", "first", "first_right"),
            *("first_undecided", "first_hinted", "first_scored"),
        )
    ),
    Column("first_share", DOUBLE_PRECISION, nullable=False),  # of the points, summed up
    PrimaryKeyConstraint("course_version_id", "question_id", "option_id", "day"),
)

scores = Table(
    "scores",
    metadata,
    reference("answer_id", answers),
    reference("key_id", keys),
    # Six places give back the very fraction that went in, up to denominators of 500.
    Column("points", Numeric(9, 6), nullable=False),
    Column("out_of", Numeric(9, 6), nullable=False),
    Column("policy", Text, nullable=False),
    instant("computed_at"),
    Column("code", Text),  # the verdict under that key; NULL: as it stands with the answer
    PrimaryKeyConstraint("answer_id", "key_id"),
)

# How sure learners were of first answers. Facts: a trigger refuses UPDATE.
certainties = Table(
    "certainties",
    metadata,
    Column("answer_id", BigInteger, ForeignKey(answers.c.id), primary_key=True),
    reference("learner_id", learners),
    Column("level", Text, nullable=False),  # g, f, c: a guess, fairly sure, certain
    instant("said_at"),
)
Index(None, certainties.c.learner_id, certainties.c.said_at)

# What is to be said of an answer once its learner has said how sure they are, or gone on. At most
# one for each learner, and none a moment later.
awaited_verdicts = Table(
    "awaited_verdicts",
    metadata,
    Column("answer_id", BigInteger, ForeignKey(answers.c.id), primary_key=True),
    Column("learner_id", BigInteger, ForeignKey(learners.c.id), nullable=False, unique=True),
    Column("course_id", Text, nullable=False),
    Column("said", JSONB, nullable=False),  # as in the outbox
    # The card as it is if the answer was a guess; NULL where that makes no difference.
    Column("card", JSONB(none_as_null=True)),
)

# How well a learner knows a question, after its last rating. Derived from the answers, one row for
# each question, whatever its variant.
cards = Table(
    "cards",
    metadata,
    reference("learner_id", learners),
    Column("course_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("stability", DOUBLE_PRECISION, nullable=False),
    Column("difficulty", DOUBLE_PRECISION, nullable=False),
    Column("rated_on", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("ratings", Integer, nullable=False),
    Column("lapses", Integer, nullable=False),
    Column("variant", JSONB, nullable=False),  # the values when it was last rated
    PrimaryKeyConstraint("learner_id", "course_id", "question_id"),
)
Index(None, cards.c.learner_id, cards.c.due)

study_days = Table(
    "study_days",
    metadata,
    reference("learner_id", learners),
    Column("day", Date, nullable=False),
    Column("first_timezone", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    instant("first_at"),
    instant("last_at"),
    Column("answers", Integer, nullable=False),
    Column("counted", Integer, nullable=False, server_default=text("0")),  # without mere taps
    Column("quick", SmallInteger, nullable=False, server_default=text("0")),  # taps running
    Column("goal", SmallInteger, nullable=False, server_default=text("5")),  # on that day
    instant("qualified_at", nullable=True),
    instant("doubled_at", nullable=True),  # when twice the goal was reached
    PrimaryKeyConstraint("learner_id", "day"),
)

rest_days = Table(
    "rest_days",
    metadata,
    reference("learner_id", learners),
    Column("since", Date, nullable=False),
    Column("weekdays", ARRAY(SmallInteger), nullable=False),  # 0 is Monday
    instant("chosen_at"),
    PrimaryKeyConstraint("learner_id", "since"),
)

pauses = Table(
    "pauses",
    metadata,
    reference("learner_id", learners),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    instant("set_at"),
    PrimaryKeyConstraint("learner_id", "first_day"),
)

zone_changes = Table(
    "zone_changes",
    metadata,
    own_id(),
    reference("learner_id", learners),
    instant("changed_at"),
    Column("left_timezone", Text, nullable=False),
    Column("left_day_starts", SmallInteger, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("day_starts", SmallInteger, nullable=False),
    Column("open_from", Date),  # what was closed before it stays closed
    Column("reopened", Boolean, nullable=False),
)
Index(None, zone_changes.c.learner_id, zone_changes.c.changed_at)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("service", Text, primary_key=True),
    instant("beat_at"),
)

outages = Table(
    "outages",
    metadata,
    Column("began_at", TIMESTAMP(timezone=True), primary_key=True),
    instant("ended_at"),
)
Index(None, outages.c.ended_at)

# What was told of a day. Rows are added only, and of two for a day the kinder holds.
settlements = Table(
    "settlements",
    metadata,
    reference("learner_id", learners),
    Column("day", Date, nullable=False),
    Column("outcome", Text, nullable=False),  # active, frozen, free, missed
    Column("cause", Text, nullable=False),
    instant("settled_at"),
    PrimaryKeyConstraint("learner_id", "day", "outcome"),
)

milestones = Table(
    "milestones",
    metadata,
    reference("learner_id", learners),
    Column("run", Date, nullable=False),  # its first day
    Column("days", Integer, nullable=False),
    Column("reached_on", Date, nullable=False),
    instant("told_at"),
    PrimaryKeyConstraint("learner_id", "run", "days"),
)

# How the runs stood after a study day some time ago, so that nobody reads years of days. Derived:
# without it, the same comes out of ``study_days``.
standings = Table(
    "standings",
    metadata,
    Column("learner_id", BigInteger, ForeignKey(learners.c.id), primary_key=True),
    Column("last_day", Date, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("open_from", Date, nullable=False),
    Column("total", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("longest", Integer, nullable=False),
    Column("run", Date, nullable=False),
    Column("freezes", SmallInteger, nullable=False),
    Column("repaired_on", Date),
    instant("broken_until", nullable=True),
    Column("broken_length", Integer),
    Column("broken_run", Date),
    Column("broken_days", ARRAY(Date)),
)

# When to look whether a learner is to be reminded: no due time, or no row, for who wants none.
reminders = Table(
    "reminders",
    metadata,
    Column("learner_id", BigInteger, ForeignKey(learners.c.id), primary_key=True),
    instant("due", nullable=True),
    Column("day", Date),  # the study day of the last reminder
    Column("count", SmallInteger, nullable=False, server_default=text("0")),  # on that day
    instant("reminded_at", nullable=True),
    Column("unanswered", SmallInteger, nullable=False, server_default=text("0")),  # days running
    instant("snoozed_until", nullable=True),
)
Index("reminders_due_idx", reminders.c.due, postgresql_where=reminders.c.due.is_not(None))

# Why a job failed the last time that it did; what else there is to know of jobs, their queue knows.
job_failures = Table(
    "job_failures",
    metadata,
    Column("job_id", BigInteger, primary_key=True, autoincrement=False),
    Column("task", Text, nullable=False),
    Column("why", Text, nullable=False),
    instant("failed_at"),
)
Index(None, job_failures.c.failed_at)

updates = Table(
    "updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    instant("received_at"),
    Column("error", Text),
    Column("payload", JSONB),
)
Index(None, updates.c.received_at)
# The few that were put aside, among the millions that were not.
Index("updates_poisoned_idx", updates.c.update_id, postgresql_where=updates.c.payload.is_not(None))

outbox = Table(
    "outbox",
    metadata,
    own_id(),
    reference("learner_id", learners, nullable=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("update_id", BigInteger),
    Column("slot", Text),
    Column("body", JSONB, nullable=False),
    instant("created_at"),
    instant("not_before"),
    instant("claimed_at", nullable=True),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("fate", Text),
    Column("message_id", BigInteger),
    Column("why", Text),
    instant("fated_at", nullable=True),
    Column("claimed_by", Uuid),  # one of `senders`; NULL for who sends alone
    Column("parts", JSONB(none_as_null=True)),  # [what, message id] of those that went out
    # Rather not at all than twice: what is said to many. Of such a row it is written down first
    # that it is about to go out; if nothing is heard of it after that, its fate is unknown.
    Column("once", Boolean, nullable=False, server_default=text("false")),
    instant("begun_at", nullable=True),
)
Index(
    "outbox_waiting_idx",
    outbox.c.chat_id,
    outbox.c.id,
    postgresql_where=outbox.c.fate.is_(None),
)
# So that the oldest waiting rows are found among years of sent ones, however long the line.
Index("outbox_line_idx", outbox.c.id, postgresql_where=outbox.c.fate.is_(None))
Index(None, outbox.c.chat_id, outbox.c.slot)
Index(None, outbox.c.learner_id)

# The processes that send, each seen every other second by the database's clock.
senders = Table(
    "senders",
    metadata,
    Column("id", Uuid, primary_key=True),
    instant("seen_at"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("file_id", Text, nullable=False),
    instant("made_at"),
)

# How much may be sent, and how many codes may be tried: the TAT of `core.pacing`, in Unix seconds.
pacing = Table(
    "pacing",
    metadata,
    Column("budget", Text, primary_key=True),
    Column("tat", DOUBLE_PRECISION, nullable=False),
    prefixes=["UNLOGGED"],
    postgresql_with={"fillfactor": 10},
)

# One row, kept by `store.migrate`: code that knows this revision may run on these tables.
compatibility = Table("compatibility", metadata, Column("oldest", Text, primary_key=True))
