"""One file a command, and the two tables of them: what opens with a command, and what is said without one."""

from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, InlineQueryHandler, MessageHandler, TypeHandler, filters

from bot.chat.handlers.article import article_cmd
from bot.chat.handlers.buttons import press_callback
from bot.chat.handlers.commands import Command, Mention
from bot.chat.handlers.courtesy import COURTESIES
from bot.chat.handlers.export import export_cmd
from bot.chat.handlers.inline import inline_query
from bot.chat.handlers.latest import latest_cmd
from bot.chat.handlers.operator import document_msg, reindex_cmd, remove_cmd, stats_cmd
from bot.chat.handlers.others import gate, other_msg, pace, unknown_cmd
from bot.chat.handlers.privacy import forgetme_cmd, privacy_cmd
from bot.chat.handlers.search import question_msg, search_cmd
from bot.chat.handlers.settings import settings_cmd
from bot.chat.handlers.start import help_cmd, start_cmd
from bot.chat.handlers.thread import ReplyToBot, reply_msg
from bot.chat.handlers.trend import trend_cmd
from bot.chat.handlers.watch import digest_cmd, watch_cmd, watches_cmd

_WATCHES = ("我的关注", "我的關注", "取消关注", "取消關注", "unwatch", "stop")

COMMANDS = (
    Command("search", ("搜索", "搜寻", "搜尋"), search_cmd, lambda texts: texts.search_command),
    Command("latest", ("最新",), latest_cmd, lambda texts: texts.latest_command),
    Command("export", ("导出", "匯出"), export_cmd, lambda texts: texts.export_command, private_menu=True),
    Command("article", ("文章",), article_cmd, lambda texts: texts.article_command, private_menu=True),
    Command("trend", ("走势", "走勢", "趋势", "趨勢"), trend_cmd, lambda texts: texts.trend_command),
    Command("watch", ("关注", "關注"), watch_cmd, lambda texts: texts.watch_command, private_menu=True),
    Command("watches", _WATCHES, watches_cmd, lambda texts: texts.watches_command, private_menu=True),
    Command("digest", ("摘要",), digest_cmd, lambda texts: texts.digest_command, private_menu=True),
    Command("settings", ("设置", "設定"), settings_cmd, lambda texts: texts.settings_command, private_menu=True),
    Command("privacy", ("隐私", "隱私"), privacy_cmd, lambda texts: texts.privacy_command, private_menu=True),
    Command("forgetme", ("忘记我", "忘記我"), forgetme_cmd, lambda texts: texts.forgetme_command, private_menu=True),
    Command("stats", ("统计", "統計"), stats_cmd, lambda texts: texts.stats_command, admin=True),
    Command("reindex", ("重建索引",), reindex_cmd, lambda texts: texts.reindex_command, admin=True),
    Command("remove", ("删除", "刪除"), remove_cmd, lambda texts: texts.remove_command, admin=True),
    Command("help", ("帮助", "幫助", "说明", "說明"), help_cmd, lambda texts: texts.help_command),
    Command("start", (), start_cmd, None),
)
"""All commands, in the order of the menu. Telegram takes only Latin names; the others arrive as plain text."""

_SAID = filters.UpdateType.MESSAGES & ~filters.VIA_BOT  # new and edited ones; what a bot wrote asks nothing
_PICTURE = filters.CAPTION & (filters.PHOTO | filters.Document.IMAGE)
_COMMAND = filters.Regex(r"^[/／]")


def add_handlers(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Connect everything that a reader can say or press."""
    application.bot_data["commands"] = COMMANDS
    application.add_handler(TypeHandler(Update, pace), group=-2)
    application.add_handler(TypeHandler(Update, gate), group=-1)
    admins = filters.User(user_id=application.bot_data["house"].settings.admins)
    for command in COMMANDS:
        said = _SAID & command & admins & filters.ChatType.PRIVATE if command.admin else _SAID & command
        application.add_handler(MessageHandler(said, command.handler))
    private = _SAID & filters.ChatType.PRIVATE
    application.add_handler(MessageHandler(private & _COMMAND, unknown_cmd))
    words = filters.TEXT & ~_COMMAND | _PICTURE
    addressed = filters.ChatType.PRIVATE | ReplyToBot() | Mention()
    for courtesy in COURTESIES:
        application.add_handler(MessageHandler(_SAID & words & addressed & courtesy, courtesy.handler))
    application.add_handler(MessageHandler(_SAID & words & ReplyToBot(), reply_msg))
    application.add_handler(MessageHandler(private & words, question_msg))
    application.add_handler(MessageHandler(private & filters.Document.ALL, document_msg))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, other_msg))
    application.add_handler(MessageHandler(_SAID & filters.ChatType.GROUPS & Mention(), question_msg))
    application.add_handler(CallbackQueryHandler(press_callback))
    application.add_handler(InlineQueryHandler(inline_query))
