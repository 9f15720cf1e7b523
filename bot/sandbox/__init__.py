"""A local Telegram: the Bot API, strict, with a chat page to try a bot on and people for its tests.

It refuses what the real server's source refuses. Telegram publishes no limits: those here are readings (30 messages
a second over all, 5 in 5 s a private chat, 20 a minute a group). A query's life of 15 s and some server-side error
names are guesses. Not emulated: MarkdownV2, albums, getChat, channels, payments; a missing method is a 404, which
python-telegram-bot turns into `InvalidToken`.
"""

from bot.sandbox.client import BotProcess, FakeTelegram, User

__all__ = ["BotProcess", "FakeTelegram", "User"]
