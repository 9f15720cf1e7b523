"""Watches: /watch with its rehearsal, /watches, /digest, and the buttons under them."""

import asyncio
import re
import time as clock
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import islice

from telegram import Update

from bot.archive.watches import MOST
from bot.chat.actions import ChangeWatch, ShowAlert, ShowDigest, ShowWatches, StartWatch, TryWatch
from bot.chat.delivery import compose_digest
from bot.chat.handlers.commands import argument
from bot.chat.house import Context, House, answer, house, is_private, persist, texts, today
from bot.chat.posting import markup
from bot.chat.replies import Reply, escape
from bot.chat.screens import watches as screens
from bot.chat.screens.watches import Form, Rehearsal
from bot.chat.script import in_script
from bot.chat.texts import Texts
from bot.chat.watching import condition, stories
from bot.models import DateSpan, Reader, Watch
from bot.search.literal import narrower, positive, wider
from bot.search.query import as_typed, parse_query

_DAYS = 30
_WORDS = 10
_EXAMPLES = 2
_FORMS = 2
_EDIT = re.compile(r"#(?P<watch>\d{1,12})\s+(?P<text>.+)", re.S | re.ASCII)
_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:：.](?P<minute>[0-5]\d)", re.ASCII)


# ---- what readers say ------------------------------------------------------------------------------------------------


async def watch_cmd(update: Update, context: Context) -> None:
    """`/watch 算力 -招聘`; `/watch #3 算力` in the place of the watch with that number."""
    speech, said = texts(update, context), argument(context)
    if not is_private(update):
        await answer(update, context, [Reply(speech.private_only)])
        return
    edit = _EDIT.fullmatch(said)
    instead_of, text = (int(edit["watch"]), edit["text"]) if edit else (0, said)
    await answer(update, context, [await _proposed(context, text, instead_of, speech)])


async def other_words(context: Context, shown: TryWatch, said: str, speech: Texts) -> Reply:
    """A reply to a rehearsal: that of the words that it says, for the same watch."""
    reply = await _proposed(context, said, shown.instead_of, speech)
    return replace(reply, shows=reply.shows or shown)  # who is told what is wrong with them may try again


async def _proposed(context: Context, text: str, instead_of: int, speech: Texts) -> Reply:
    """The rehearsal of a text that a reader has typed, or why it cannot be watched for."""
    if problem := _problem(text, today(context), speech):
        return Reply(problem)

    def find() -> Reply:
        memory, reader_id = house(context).memory, context.reader.id
        memory.watches.speaks(reader_id, context.telegram_language)
        if not instead_of and len(memory.watches.of(reader_id)) >= MOST:
            return Reply(speech.watch_full.format(most=MOST))
        return _rehearsed(context, text, instead_of, speech)

    return await asyncio.to_thread(find)


async def watches_cmd(update: Update, context: Context) -> None:
    """`/watches`."""
    speech = texts(update, context)
    if not is_private(update):
        await answer(update, context, [Reply(speech.private_only)])
        return
    await answer(update, context, [await listed(context, ShowWatches(), speech)])


async def digest_cmd(update: Update, context: Context) -> None:
    """`/digest 08:00`, `/digest off`; alone, it says what is set."""
    speech, said = texts(update, context), argument(context)
    if not is_private(update):
        await answer(update, context, [Reply(speech.private_only)])
        return
    at = _TIME.fullmatch(said)
    off = said.lower() in ("off", "关", "關", "关闭", "關閉")
    if said and not at and not off:
        await answer(update, context, [Reply(speech.digest_usage)])
        return
    zone = context.reader.timezone or house(context).settings.timezone

    def settle() -> Reply:
        reader = house(context).memory.readers.get(context.reader.id)
        if said:
            reader = replace(reader, digest_at=time(int(at["hour"]), int(at["minute"])) if at else None)
            set_digest(context, reader)
        return screens.digest_state(reader.digest_at, zone.key, speech)

    await answer(update, context, [await asyncio.to_thread(settle)])


async def welcome_back(update: Update, context: Context) -> None:
    """Tell a reader who had blocked the bot that the watches rest, and how they go on."""
    memory, chat = house(context).memory, update.effective_chat
    if not context.reader.blocked or chat is None or chat.type != chat.PRIVATE:
        return
    context.reader = await asyncio.to_thread(memory.watches.unblock, context.reader.id)
    resting = [watch for watch in await asyncio.to_thread(memory.watches.of, context.reader.id) if watch.paused]
    if resting:
        reply = in_script(screens.came_back(len(resting), texts(update, context)), context.reader.script)
        await persist(lambda: chat.send_message(reply.html, reply_markup=markup(reply)))


def set_digest(context: Context, reader: Reader) -> None:
    """Keep what a reader has set, with another time of the digest: none is owed for the time before."""
    memory = house(context).memory
    memory.readers.put(reader)
    memory.watches.speaks(reader.id, context.telegram_language)
    memory.watches.settle_digest(reader.id, clock.time())


def _problem(text: str, day: date, speech: Texts) -> str:
    """Why a text cannot be watched for, `day` being the reader's; "" when it can."""
    parsed, asked = parse_query(text, today=day), condition(text)
    if not parsed.text:
        return speech.watch_usage
    if parsed.first or parsed.last:
        return speech.watch_no_days.format(query=escape(as_typed(replace(parsed, first=None, last=None))))
    if not positive(asked):
        return speech.watch_no_words
    if (
        positive(asked) + len(asked.without) + sum(len(group) - 1 for group in (*asked.either, *asked.headline))
        > _WORDS
    ):
        return speech.watch_too_long.format(most=_WORDS)
    return ""


# ---- what buttons do -------------------------------------------------------------------------------------------------


async def rehearse(context: Context, action: TryWatch, speech: Texts) -> Reply | None:
    """The rehearsal of a saved query; None when it is forgotten."""

    def find() -> Reply | None:
        text = house(context).memory.saved_query(action.query_id)
        return _rehearsed(context, text, action.instead_of, speech) if text else None

    return await asyncio.to_thread(find)


async def start(context: Context, action: StartWatch, speech: Texts) -> Reply | None:
    """Begin to watch for a saved query; None when it is forgotten."""

    def begin() -> Reply | None:
        home = house(context)
        text = home.memory.saved_query(action.query_id)
        if text is None:
            return None
        mark = home.archive.arrivals.mark()
        watch = home.memory.watches.start(context.reader.id, text, mark, instead_of=action.instead_of)
        if watch is None:
            return Reply(speech.watch_full.format(most=MOST))
        return screens.watch(watch, action.query_id, speech)

    return await asyncio.to_thread(begin)


async def listed(context: Context, action: ShowWatches, speech: Texts) -> Reply:
    """The reader's watches, after all of them were let go on where the button says so."""

    def find() -> Reply:
        watches = house(context).memory.watches
        if action.resume:
            watches.resume_all(context.reader.id)
        zone = context.reader.timezone or house(context).settings.timezone
        at = context.reader.digest_at
        digest = screens.digest_state(at, zone.key, speech).html if at else ""
        return screens.watches(watches.of(context.reader.id), speech, digest)

    return await asyncio.to_thread(find)


async def change(context: Context, action: ChangeWatch, speech: Texts) -> Reply | None:
    """Bring a watch into the state that the button names, and show it; None when the reader has no such watch."""

    def bring() -> Reply | None:
        memory, reader_id = house(context).memory, context.reader.id
        if action.change == "delete":
            return _deleted(house(context), reader_id, action.watch_id, speech)
        if action.change in ("pause", "resume"):
            memory.watches.change(reader_id, action.watch_id, paused=action.change == "pause")
        elif action.change in ("silent", "sound"):
            memory.watches.change(reader_id, action.watch_id, silent=action.change == "silent")
        watch = memory.watches.get(reader_id, action.watch_id)
        return screens.watch(watch, memory.save_query(watch.text), speech) if watch else None

    return await asyncio.to_thread(bring)


async def told_again(context: Context, action: ShowAlert, speech: Texts) -> Reply | None:
    """The message of an alert, as an article that was opened from it leads back to; None when its articles are gone."""

    def find() -> Reply | None:
        home = house(context)
        found = home.archive.articles(action.articles)
        told = stories(found.values(), home.memory.watches.of(context.reader.id))
        met = {watch.id: watch for story in told for watch in story.watches}
        query_ids = [(watch, home.memory.save_query(watch.text)) for watch in met.values()]
        return screens.alert(told, action.more, query_ids, speech) if told else None

    return await asyncio.to_thread(find)


async def digest_again(context: Context, action: ShowDigest, speech: Texts) -> Reply | None:
    """A day's digest, as an article that was opened from it leads back to; None when the issue is gone."""

    def find() -> Reply | None:
        home = house(context)
        active = [watch for watch in home.memory.watches.of(context.reader.id) if not watch.paused]
        return compose_digest(home, action.day, active, speech)

    return await asyncio.to_thread(find)


def _deleted(home: House, reader_id: int, watch_id: int, speech: Texts) -> Reply | None:
    watch: Watch | None = home.memory.watches.get(reader_id, watch_id)
    if watch is None:
        return None
    home.memory.watches.delete(reader_id, watch_id)
    return screens.deleted(watch.text, home.memory.save_query(watch.text), speech)


# ---- the rehearsal ---------------------------------------------------------------------------------------------------


def _rehearsed(context: Context, text: str, instead_of: int, speech: Texts) -> Reply:
    """What a watch would have brought in the past 30 days, or in the last 30 days that the archive has."""
    home = house(context)
    old = home.memory.watches.get(context.reader.id, instead_of)
    if instead_of and old is None:
        return Reply(speech.watch_unknown.format(number=instead_of))
    held = home.archive.coverage()
    if held.last is None:
        return Reply(speech.empty_archive)
    parsed = parse_query(text)
    day = today(context)
    recent = held.last.day >= day - timedelta(days=1)
    last = day if recent else held.last.day
    days = DateSpan(last - timedelta(days=_DAYS - 1), last)
    found = _brought(home, parsed.text, days)
    articles = home.archive.articles([i for i, _ in found[:_EXAMPLES]])
    watch = Watch(0, context.reader.id, parsed.text, 0)
    total = len(found)
    return screens.rehearsal(
        Rehearsal(
            Form(parsed.text, home.memory.save_query(parsed.text), total),
            held.last,
            recent,
            screens.days_before(last, [day for _, day in found], _DAYS),
            tuple(stories([articles[i] for i, _ in found[:_EXAMPLES] if i in articles], [watch])),
            _forms(home, narrower(parsed), days, lambda count: 0 < count < total),
            _forms(home, wider(parsed), days, lambda count: count > total),
            instead_of,
            old is not None and old.text == parsed.text,
        ),
        speech,
    )


def _brought(home: House, text: str, days: DateSpan) -> list[tuple[int, date]]:
    return home.engine.meeting(replace(condition(text), first=days.first, last=days.last))


def _forms(home: House, forms: list[str], days: DateSpan, fits: Callable[[int], bool]) -> tuple[Form, ...]:
    """Those of the forms whose number of articles fits, as far as there is room for buttons."""
    counted = ((text, len(_brought(home, text, days))) for text in dict.fromkeys(forms))
    fitting = ((text, count) for text, count in counted if fits(count))
    return tuple(Form(text, home.memory.save_query(text), count) for text, count in islice(fitting, _FORMS))
