"""A bare echo of aiogram, as its documentation writes it. It remembers nothing.

python benchmarks/throughput/peers/aiogram_echo.py TELEGRAM DATABASE PORT
"""

# aiogram is in an environment of its own, where the types are not checked.
# pyright: reportMissingImports=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownParameterType=false

import sys

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

TOKEN = "4242:a-token-that-opens-nothing"  # noqa: S105 - as it says
SECRET = "a-secret-that-opens-nothing"  # noqa: S105 - as it says


async def echo(message: Message) -> None:
    if message.text:
        await message.answer(message.text)


def main(telegram: str, _database: str, port: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram))
    bot, dispatcher = Bot(TOKEN, session=session), Dispatcher()
    dispatcher.message()(echo)
    application = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(
        application, path="/telegram"
    )
    setup_application(application, dispatcher, bot=bot)
    web.run_app(application, host="127.0.0.1", port=int(port), loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main(*sys.argv[1:])
