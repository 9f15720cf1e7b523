"""One file a command, and the two tables of them: what opens with a command, and what is said without one."""

from typing import Any

from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, Update
from telegram.error import TelegramError
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, TypeHandler, filters

from bot.chat.handlers.article import article_cmd
from bot.chat.handlers.buttons import press_callback
from bot.chat.handlers.commands import Command, Mention
from bot.chat.handlers.latest import latest_cmd
from bot.chat.handlers.others import gate, other_msg, unknown_cmd
from bot.chat.handlers.search import mention_msg, question_msg, search_cmd
from bot.chat.handlers.start import help_cmd, start_cmd
from bot.chat.house import Context, log, persist
from bot.chat.texts import LANGUAGES, Texts

COMMANDS = (
    Command("search", ("搜索", "搜寻", "搜尋"), search_cmd, lambda texts: texts.search_command),
    Command("latest", ("最新",), latest_cmd, lambda texts: texts.latest_command),
    Command("article", ("文章",), article_cmd, lambda texts: texts.article_command, private_menu=True),
    Command("help", ("帮助", "幫助", "说明", "說明"), help_cmd, lambda texts: texts.help_command),
    Command("start", (), start_cmd, None),
)
"""All commands, in the order of the menu. Telegram takes only Latin names; the others arrive as plain text."""

_SAID = filters.UpdateType.MESSAGES & ~filters.VIA_BOT  # new and edited ones; what a bot wrote asks nothing


def add_handlers(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Connect everything that a reader can say or press."""
    application.add_handler(TypeHandler(Update, gate), group=-1)
    for command in COMMANDS:
        application.add_handler(MessageHandler(_SAID & command, command.handler))
    private = _SAID & filters.ChatType.PRIVATE
    application.add_handler(MessageHandler(private & filters.Regex(r"^[/／]"), unknown_cmd))
    application.add_handler(MessageHandler(private & filters.TEXT, question_msg))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, other_msg))
    application.add_handler(MessageHandler(_SAID & filters.ChatType.GROUPS & Mention(), mention_msg))
    application.add_handler(CallbackQueryHandler(press_callback))


async def set_menu(context: Context) -> None:
    """Tell Telegram the menu of commands: for private chats and groups, in Chinese and for everybody else in English.

    A menu is a nicety: a Telegram that does not take it does not keep the bot from starting.
    """
    try:
        for language, texts in (("zh", LANGUAGES["zh-Hans"]), (None, LANGUAGES["en"])):
            for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
                in_groups = isinstance(scope, BotCommandScopeAllGroupChats)
                menu = _menu(texts, in_groups=in_groups)
                await persist(
                    lambda menu=menu, scope=scope, language=language: context.bot.set_my_commands(  # type: ignore[misc]
                        menu, scope=scope, language_code=language
                    )
                )
    except TelegramError as error:
        log.warning("the menu of commands was not set: %s", error)


def _menu(texts: Texts, *, in_groups: bool) -> list[BotCommand]:
    return [
        BotCommand(command.command_name, command.describe(texts))
        for command in COMMANDS
        if command.describe and not (in_groups and command.private_menu)
    ]
