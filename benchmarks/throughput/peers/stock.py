"""A quiz bot as many are written: python-telegram-bot with its own HTTP, and an ORM.

For each update it does what tutorbot does for it: takes it once, knows the learner, keeps the
answer and the study day, and says what comes next. Rows are loaded as objects and flushed, as the
tutorials of SQLAlchemy show. It has no outbox: what is said after a crash is lost.

    python benchmarks/throughput/peers/stock.py TELEGRAM DATABASE PORT
"""

# An Application has six types, and nobody names them.
# pyright: reportUnknownMemberType=false

import random
import sys
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
)

TOKEN = "4242:a-token-that-opens-nothing"  # noqa: S105 - as it says
SECRET = "a-secret-that-opens-nothing"  # noqa: S105 - as it says
QUESTIONS = 12


class Base(DeclarativeBase):
    type_annotation_map = {int: BigInteger}  # noqa: RUF012 - SQLAlchemy's way


class Seen(Base):
    __tablename__ = "seen"
    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Learner(Base):
    __tablename__ = "stock_learners"
    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    attempts: Mapped[list["Attempt"]] = relationship(back_populates="learner")


class Attempt(Base):
    __tablename__ = "stock_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey(Learner.id), index=True)
    place: Mapped[int]
    tries: Mapped[int] = mapped_column(default=0)
    open: Mapped[bool] = mapped_column(default=True)
    learner: Mapped[Learner] = relationship(back_populates="attempts")
    answers: Mapped[list["Answer"]] = relationship(back_populates="attempt")


class Answer(Base):
    __tablename__ = "stock_answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey(Attempt.id), index=True)
    chosen: Mapped[int]
    right: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempt: Mapped[Attempt] = relationship(back_populates="answers")


class StudyDay(Base):
    __tablename__ = "stock_days"
    __table_args__ = (UniqueConstraint("learner_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey(Learner.id))
    day: Mapped[date]
    answers: Mapped[int] = mapped_column(default=0)


class Card(Base):
    __tablename__ = "stock_cards"
    __table_args__ = (UniqueConstraint("learner_id", "place"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey(Learner.id))
    place: Mapped[int]
    strength: Mapped[float] = mapped_column(default=0.0)


Sessions = async_sessionmaker[AsyncSession]


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    sessions: Sessions = context.bot_data["sessions"]
    async with sessions() as session:
        learner = await _meet(session, update)
        if learner is None:
            return
        attempt = Attempt(learner=learner, place=0)
        session.add(attempt)
        await session.commit()
        await _pose(update, attempt)


async def choose(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query
    assert query.data
    attempt_id, chosen = query.data[2:].split(".")
    sessions: Sessions = context.bot_data["sessions"]
    async with sessions() as session:
        learner = await _meet(session, update)
        attempt = await session.get(Attempt, int(attempt_id))
        if learner is None or attempt is None or not attempt.open:
            await query.answer("That is over.")
            return
        right = int(chosen) == attempt.place % 4
        session.add(Answer(attempt=attempt, chosen=int(chosen), right=right))
        attempt.tries += 1
        attempt.open = False
        today = datetime.now(UTC).date()
        day = await session.scalar(
            select(StudyDay).where(StudyDay.learner_id == learner.id, StudyDay.day == today)
        )
        if day is None:
            day = StudyDay(learner_id=learner.id, day=today, answers=0)
            session.add(day)
        day.answers += 1
        card = await session.scalar(
            select(Card).where(Card.learner_id == learner.id, Card.place == attempt.place)
        )
        if card is None:
            card = Card(learner_id=learner.id, place=attempt.place, strength=0.0)
            session.add(card)
        card.strength += 1 if right else -0.5
        await session.commit()
        following = InlineKeyboardButton("Next", callback_data=f"1n{attempt.id}")
        await query.answer()
        await query.edit_message_reply_markup(None)
        assert query.message
        await query.message.chat.send_message(
            "<b>Right.</b>" if right else "<b>Not yet.</b> Have another look at the question.",
            parse_mode="HTML",
            reply_markup=InlineKeyboardMarkup([[following]]),
        )


async def go_on(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query
    sessions: Sessions = context.bot_data["sessions"]
    async with sessions() as session:
        learner = await _meet(session, update)
        if learner is None:
            return
        place = await session.scalar(
            select(func.max(Attempt.id)).where(Attempt.learner_id == learner.id)
        )
        attempt = Attempt(learner=learner, place=(place or 0) % QUESTIONS)
        session.add(attempt)
        await session.commit()
        await query.answer()
        await query.edit_message_reply_markup(None)
        await _pose(update, attempt)


async def _meet(session: AsyncSession, update: Update) -> Learner | None:
    """Who speaks; None if the update was worked through before."""
    if await session.get(Seen, update.update_id):
        return None
    session.add(Seen(update_id=update.update_id))
    user = update.effective_user
    assert user
    learner = await session.scalar(
        select(Learner).where(Learner.telegram_id == user.id).with_for_update()
    )
    if learner is None:
        learner = Learner(telegram_id=user.id, name=user.first_name)
        session.add(learner)
    learner.name = user.first_name
    await session.flush()
    return learner


async def _pose(update: Update, attempt: Attempt) -> None:
    options = [
        [InlineKeyboardButton(f"{random.randint(1, 999)}", callback_data=f"1c{attempt.id}.{place}")]
        for place in range(4)
    ]
    assert update.effective_chat
    await update.effective_chat.send_message(
        f"<b>Question {attempt.place + 1} of {QUESTIONS}</b>\n\nA recurrent network has 100 hidden"
        " units and reads words as vectors of 50. How many parameters does its cell have?",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup(options),
    )


def main(telegram: str, database: str, port: str) -> None:
    engine = create_async_engine(database.replace("postgresql://", "postgresql+asyncpg://"))

    async def prepare(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        application.bot_data["sessions"] = async_sessionmaker(engine, expire_on_commit=False)

    application = (
        ApplicationBuilder()
        .token(TOKEN)
        .base_url(f"{telegram}/bot")
        .base_file_url(f"{telegram}/file/bot")
        .concurrent_updates(True)
        .connection_pool_size(256)
        .pool_timeout(60)
        .post_init(prepare)
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(choose, pattern="^1c"))
    application.add_handler(CallbackQueryHandler(go_on, pattern="^1n"))
    application.run_webhook(
        listen="127.0.0.1",
        port=int(port),
        url_path="telegram",
        secret_token=SECRET,
        webhook_url=f"http://127.0.0.1:{port}/telegram",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
