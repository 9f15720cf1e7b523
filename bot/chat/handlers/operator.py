"""For the operators: a page file sent to the bot, /stats, /reindex and /remove."""

import asyncio
import time
from datetime import date

from telegram import Document, Update
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest, TelegramError

from bot.archive import ingest
from bot.archive.calendar import survey
from bot.chat.actions import DropUpload, RemoveIssue, StoreUpload
from bot.chat.handlers.commands import argument
from bot.chat.house import Context, answer, house, log, persist, texts, today
from bot.chat.replies import Reply
from bot.chat.screens import operator as screens
from bot.chat.texts import Count, Texts
from bot.models import Query
from bot.paper.files import page_files
from bot.paper.preview import Preview, preview
from bot.search.query import parse_query

_PATIENCE = 60
"""Seconds without a byte after which a download has failed."""

_MONTH = 30 * 24 * 3600
_DAYS_SHOWN = 7


async def document_msg(update: Update, context: Context) -> None:
    """A file: an operator's is read and shown, anybody else's is declined and never fetched."""
    speech, message = texts(update, context), update.effective_message
    if message is None or message.document is None:
        return
    if not context.is_admin:
        await answer(update, context, [Reply(speech.file_declined)])
        return
    data = await _downloaded(context, message.document)
    if isinstance(data, bytes):
        asked = parse_query(message.caption or "", today=today(context))
        reply = await asyncio.to_thread(_preview, context, message.document.file_name or "", data, asked, speech)
    else:
        reply = Reply(speech.file_too_large if data else speech.file_lost)
    await answer(update, context, [reply])


async def _downloaded(context: Context, document: Document) -> bytes | bool:
    """The file's bytes; where it cannot be had, whether that is because it is too large."""
    most = FileSizeLimit.FILESIZE_DOWNLOAD
    if document.file_size and document.file_size > most:
        return True
    try:
        file = await persist(lambda: context.bot.get_file(document.file_id))
        data = await persist(lambda: file.download_as_bytearray(read_timeout=_PATIENCE))
    except TelegramError as error:
        log.warning("A file could not be fetched: %s", type(error).__name__)  # the message may hold its address
        return isinstance(error, BadRequest) and "too big" in error.message.lower()
    return bytes(data) if len(data) <= most else True


def _preview(context: Context, name: str, data: bytes, asked: Query, speech: Texts) -> Reply:
    inbox = house(context).inbox
    upload_id = inbox.add(name, data)
    path = inbox.waiting(upload_id)
    files = page_files([path] if path else [])
    day = asked.first if asked.first == asked.last else None
    number = asked.pages[0] if len(asked.pages) == 1 and len(files) == 1 else None
    found = preview(files, day=day, number=number) if files else Preview(())
    if not found.files:
        return Reply(speech.file_empty)
    return screens.upload(found, StoreUpload(upload_id, day, number), speech)


async def store(context: Context, action: StoreUpload, speech: Texts) -> Reply | None:
    """Store the file behind a button; None when that is done already, or the file is gone."""
    if not context.is_admin:
        return None

    def run() -> Reply | None:
        the = house(context)
        path = the.inbox.waiting(action.upload_id)
        if path is None:
            return None
        files = page_files([path])
        reports = list(ingest(the.archive, files, day=action.day, number=action.page, apart=True))
        the.engine.refresh()
        if any(report.outcome != "failed" for report in reports):
            the.inbox.keep(action.upload_id)
        return screens.stored(reports, speech)

    return await asyncio.to_thread(run)


async def drop(context: Context, action: DropUpload, speech: Texts) -> Reply | None:
    """Delete the file behind a button; None when it is gone."""
    if not context.is_admin or not await asyncio.to_thread(house(context).inbox.drop, action.upload_id):
        return None
    return Reply(speech.dropped)


async def stats_cmd(update: Update, context: Context) -> None:
    """`/stats`."""
    speech = texts(update, context)

    def count() -> Reply:
        archive, usage = house(context).archive, house(context).memory.usage
        papers, readers = survey(archive.page_sizes()), usage.readers(time.time() - _MONTH)
        return screens.stats(archive.coverage(), papers, readers, usage.days(_DAYS_SHOWN), speech)

    await answer(update, context, [await asyncio.to_thread(count)])


async def reindex_cmd(update: Update, context: Context) -> None:
    """`/reindex`."""
    begin = time.perf_counter()
    paragraphs = await asyncio.to_thread(house(context).engine.rebuild)
    seconds = f"{time.perf_counter() - begin:.1f}"
    said = texts(update, context).reindexed.format(paragraphs=Count(paragraphs), seconds=seconds)
    await answer(update, context, [Reply(said)])


async def remove_cmd(update: Update, context: Context) -> None:
    """`/remove 2026-01-08`: asks, and a button does it."""
    speech = texts(update, context)
    asked = parse_query(argument(context), today=today(context))
    if asked.first is None or asked.first != asked.last:
        await answer(update, context, [Reply(speech.remove_usage)])
        return
    await answer(update, context, [await asyncio.to_thread(_question, context, asked.first, speech)])


def _question(context: Context, day: date, speech: Texts) -> Reply:
    archive = house(context).archive
    pages = sum(page.day == day for page in archive.page_sizes())
    return screens.remove(day, pages, len(archive.issue(day)), speech)


async def remove(context: Context, action: RemoveIssue, speech: Texts) -> Reply | None:
    """Remove the day behind a button; None for who may not."""
    if not context.is_admin:
        return None

    def run() -> Reply:
        pages = house(context).archive.remove_edition(action.day)
        house(context).engine.refresh()
        said = speech.removed if pages else speech.nothing_to_remove
        return Reply(said.format(date=speech.day(action.day), pages=Count(pages)))

    return await asyncio.to_thread(run)
