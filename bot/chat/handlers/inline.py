"""Inline mode: `@newsbot 台风` in any chat gives cards to choose from."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram.error import BadRequest

from bot.chat.house import Context, House, house, in_time, log, persist, texts, today
from bot.chat.posting import markup
from bot.chat.screens.inline import Card, card_in_script, headline_card, hit_card
from bot.chat.texts import Texts
from bot.models import Reader
from bot.search.composing import settled
from bot.search.query import parse_query

_CARDS = 20
"""Cards of one answer; Telegram takes 50, a phone shows four."""

_CACHED = 30
"""Seconds for which Telegram gives a reader the same answer again."""

_FRESH = 10.0
"""Seconds for which the bot does so: while an input method composes, each letter asks for the same."""

_ECHO = 30
_OFFSET = re.compile(r"(?:(?P<day>\d{4}-\d\d-\d\d):)?(?P<offset>\d{1,6})(?::(?P<until>\d{1,12}))?", re.ASCII)


@dataclass(frozen=True)
class _Page:
    """An answer: its cards, where the next one begins ("" for nowhere), and a line above them ("" for none).

    `cached` is for how many seconds Telegram gives a reader the same answer again.
    """

    cards: Sequence[Card] = ()
    following: str = ""
    notice: str = ""
    cached: int = _CACHED


@dataclass
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: int = 0
    users: int = 0


class Desk:
    """Answers inline queries. Of those of one reader one is worked on, and the newest one waits; the others go."""

    def __init__(self, size: int = 500) -> None:
        self._turns: dict[int, _Turn] = {}
        self._size = size
        self._pages: OrderedDict[tuple[object, ...], tuple[float, _Page]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, reader_id: int, number: int) -> AsyncIterator[Callable[[], bool]]:
        """Wait until no other query of the reader is worked on; tells, then and later, whether this is the newest."""
        turn = self._turns.setdefault(reader_id, _Turn())
        turn.newest = max(turn.newest, number)
        turn.users += 1
        try:
            async with turn.lock:
                yield lambda: turn.newest == number
        finally:
            turn.users -= 1
            if not turn.users:
                del self._turns[reader_id]

    async def page(self, key: tuple[object, ...], make: Callable[[], Awaitable[_Page]]) -> _Page:
        """The answer for a key: one that is fresh, or a new one."""
        until, page = self._pages.get(key, (0.0, _Page()))
        if time.monotonic() < until:
            return page
        page = await make()
        self._pages[key] = time.monotonic() + _FRESH, page
        self._pages.move_to_end(key)
        if len(self._pages) > self._size:
            self._pages.popitem(last=False)
        return page


async def inline_query(update: Update, context: Context) -> None:
    """Answer with results, or with the newest headlines where nothing is asked for yet."""
    query = update.inline_query
    if query is None:
        return
    desk: Desk = context.bot_data.setdefault("inline", Desk())
    rooms, speech, reader, day = house(context), texts(update, context), context.reader, today(context)
    async with desk.turn(query.from_user.id, update.update_id) as newest:
        if not newest():
            return
        asked = await in_time(context, lambda: settled(query.query, lambda word: _knows(rooms, word)))
        page = await desk.page(
            (asked, query.offset, speech.language, reader.sort, reader.script, day),
            lambda: in_time(
                context,
                lambda: _in_script(
                    _page(rooms, asked, query.offset, reader, day, context.bot.username, speech), reader
                ),
            ),
        )
        if not newest():
            return
    await _send(update, page)


def _in_script(page: _Page, reader: Reader) -> _Page:
    return replace(page, cards=[card_in_script(card, reader.script) for card in page.cards])


async def refuse_inline(update: Update, text: str, seconds: int = _CACHED) -> None:
    """An empty answer with a line that says why, and for how many seconds it is the answer."""
    await _send(update, _Page(notice=text, cached=min(seconds, _CACHED)))


async def _send(update: Update, page: _Page) -> None:
    query = update.inline_query
    if query is None:
        return
    button = InlineQueryResultsButton(page.notice, start_parameter="inline") if page.notice else None
    articles = [_article(card) for card in page.cards]
    try:
        await persist(  # no offset is None: the library makes "[]" of an empty text
            lambda: query.answer(
                articles, cache_time=page.cached, is_personal=True, next_offset=page.following or None, button=button
            )
        )
    except BadRequest as error:
        log.info("An inline query was not answered: %s", error)  # too old, mostly: the reader has typed on


def _article(card: Card) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        card.id,
        card.title,
        InputTextMessageContent(card.message.html),
        description=card.description,
        reply_markup=markup(card.message),
    )


def _knows(rooms: House, word: str) -> bool:
    found = rooms.engine.search(parse_query(word, limit=1))
    return bool(found.total and not found.unknown)


def _page(rooms: House, asked: str, offset: str, reader: Reader, day: date, username: str, speech: Texts) -> _Page:
    place = _OFFSET.fullmatch(offset or "0")
    if place is None or (asked and place["day"]):
        return _Page()
    start = int(place["offset"])
    if not asked:
        return _headlines(rooms, place["day"], start, username, speech)
    query = parse_query(asked, today=day, sort=reader.sort, limit=_CARDS, offset=start)
    found = rooms.engine.search(replace(query, until=int(place["until"]) if place["until"] else None))
    if not found.total:
        return _Page(notice=speech.inline_nothing.format(query=query.text[:_ECHO]))
    following = f"{start + _CARDS}:{found.query.until}" if start + _CARDS < found.total else ""
    notice = speech.partial if found.partial else ""
    return _Page([hit_card(hit, username, speech) for hit in found.hits], following, notice)


def _headlines(rooms: House, day: str | None, start: int, username: str, speech: Texts) -> _Page:
    """Headlines of an issue; after its last one, those of the issue before it."""
    try:
        articles = rooms.engine.issue(date.fromisoformat(day) if day else None)
    except ValueError:
        return _Page()
    if not articles:
        return _Page(notice=speech.inline_empty)
    shown, printed = articles[start : start + _CARDS], articles[0].date.day
    following = f"{printed}:{start + _CARDS}" if start + _CARDS < len(articles) else _issue_before(rooms, printed)
    cards = [headline_card(item, username, speech) for item in rooms.engine.headlines(shown)]
    return _Page(cards, following, "" if day else speech.latest_button)


def _issue_before(rooms: House, day: date) -> str:
    before = rooms.archive.nearest_day(day - timedelta(days=1)) if day > date.min else None
    return f"{before}:0" if before else ""
