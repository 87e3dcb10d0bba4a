"""A bare echo of python-telegram-bot, as its examples write it. It remembers nothing.

python benchmarks/throughput/peers/ptb_echo.py TELEGRAM DATABASE PORT
"""

import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

TOKEN = "4242:a-token-that-opens-nothing"  # noqa: S105 - as it says
SECRET = "a-secret-that-opens-nothing"  # noqa: S105 - as it says


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main(telegram: str, _database: str, port: str) -> None:
    application = (
        ApplicationBuilder()
        .token(TOKEN)
        .base_url(f"{telegram}/bot")
        .base_file_url(f"{telegram}/file/bot")
        .concurrent_updates(True)
        .connection_pool_size(256)
        .pool_timeout(60)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_webhook(
        listen="127.0.0.1",
        port=int(port),
        url_path="telegram",
        secret_token=SECRET,
        webhook_url=f"http://127.0.0.1:{port}/telegram",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
