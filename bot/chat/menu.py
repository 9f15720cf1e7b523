"""The menu of commands that Telegram shows: by kind of chat, by language, and for single readers."""

import asyncio

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.chat.handlers.commands import Command
from bot.chat.house import Context, house, log, persist
from bot.chat.texts import LANGUAGES, Texts

_BY_TWO_LETTERS = ((None, LANGUAGES["en"]), ("zh", LANGUAGES["zh-Hans"]))
"""Telegram takes two letters for a language, and so does not tell Traditional Chinese from Simplified."""


async def set_menu(context: Context) -> None:
    """Tell Telegram the menus, at the start: for private chats, for groups, and for the operators.

    Telegram takes none for a chat that there is not yet: an operator who has never written gets it with /start.
    """
    for language, texts in _BY_TWO_LETTERS:
        await _set(context, BotCommandScopeAllPrivateChats(), private_menu(context, texts), language)
        await _set(context, BotCommandScopeAllGroupChats(), _menu(context, texts, private=False), language)
    for admin in sorted(house(context).settings.admins):
        if not await asyncio.to_thread(house(context).memory.traces.count, admin):
            continue
        reader = await asyncio.to_thread(house(context).memory.readers.get, admin)
        for language, usual in _BY_TWO_LETTERS:
            texts = LANGUAGES[reader.language] if reader.language else usual
            await _set(context, BotCommandScopeChat(admin), private_menu(context, texts, admin=True), language)


async def set_for_newcomer(context: Context) -> None:
    """Give a reader who begins the menu of the own chat, where the menus of all chats are not the right ones."""
    if context.is_admin or context.speech() is LANGUAGES["zh-Hant"]:
        await set_for_reader(context)


async def set_for_reader(context: Context) -> None:
    """Give a reader's own chat the menu in the language that Telegram's two letters do not tell, or that was chosen."""
    reader, admin = context.reader, context.is_admin
    texts, scope = context.speech(), BotCommandScopeChat(context.reader.id)
    if reader.language is None and texts is not LANGUAGES["zh-Hant"]:  # the menus of all chats will do
        for language, usual in _BY_TWO_LETTERS:
            await _set(context, scope, private_menu(context, usual, admin=True) if admin else [], language)
        return
    for language, _ in _BY_TWO_LETTERS:
        await _set(context, scope, private_menu(context, texts, admin=admin), language)


def private_menu(context: Context, texts: Texts, *, admin: bool = False) -> list[BotCommand]:
    """The menu of a private chat, with the operators' commands at its end for an operator."""
    return _menu(context, texts, private=True, admin=admin)


def _menu(context: Context, texts: Texts, *, private: bool, admin: bool = False) -> list[BotCommand]:
    commands: tuple[Command, ...] = context.bot_data["commands"]
    return [
        BotCommand(command.command_name, command.describe(texts))
        for command in commands
        if command.describe and (private or not command.private_menu) and (admin or not command.admin)
    ]


async def _set(context: Context, scope: BotCommandScope, menu: list[BotCommand], language: str | None) -> None:
    """Set a menu, or take it away when it is empty; a Telegram that does not take it keeps the bot from nothing."""
    bot = context.bot
    try:
        if menu:
            await persist(lambda: bot.set_my_commands(menu, scope=scope, language_code=language))
        else:
            await persist(lambda: bot.delete_my_commands(scope=scope, language_code=language))
    except TelegramError as error:
        log.warning("A menu of commands was not set: %s", error)
