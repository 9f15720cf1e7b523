"""The paper is watched: what arrives is compared with what readers watch for, and what is found goes into the outbox.

Nothing here sends; `bot.chat.delivery` does. What was examined and what was found are noted in one transaction, so
that a kill at any moment neither loses an article nor tells of it twice.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.archive.arrivals import Mark
from bot.archive.memory import ChatMemory
from bot.archive.stamps import is_set
from bot.archive.watches import Finding
from bot.chat.screens.watches import SHOWN, Story
from bot.models import Article, Query, Reader, Watch
from bot.search import Engine
from bot.search.characters import fold
from bot.search.literal import Spelled, best_passage, hits, literal, met_by
from bot.search.query import parse_query

Clock = Callable[[], datetime]
"""The time, with its zone."""

NEWS = timedelta(days=7)
"""An article of an older issue is no news: pages of the past are being read in."""

_OVERDUE = timedelta(hours=12)
"""A digest that could not be made for so long is left out. And a clock that was set back by more is in another day."""

_PARAGRAPHS = 5_000
"""Paragraphs examined at a time: several editions, so that one is hardly ever told of in two messages."""

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@lru_cache(maxsize=10_000)
def condition(text: str) -> Query:
    """What a watch asks of an article."""
    return literal(parse_query(text))


class Watching:
    """Compares what arrives with what is watched for. One call at a time, in any thread."""

    def __init__(self, engine: Engine, memory: ChatMemory, zone: ZoneInfo, clock: Clock = utc_now) -> None:
        self._archive, self._memory, self._watches = engine.archive, memory, memory.watches
        self._zone, self.clock = zone, clock
        self._seen: Mark | None = None

    def look(self) -> int:
        """Examine what has arrived, once the archive has stood still since the last look.

        An edition may come in more than one transaction; who waits for its end sends one message of it.

        Returns:
            The number of messages put into the outbox.
        """
        now, before = self._archive.arrivals.mark(), self._watches.examined()
        if before is None or now.paragraph < before.paragraph:
            self._watches.begin_again(now)
            return 0
        still, self._seen = now == self._seen, now
        return self._examine(before, now) if still and now != before else 0

    def _examine(self, before: Mark, now: Mark) -> int:
        upto = min(now.paragraph, before.paragraph + _PARAGRAPHS)
        after = Mark(upto, now.article if upto == now.paragraph else before.article)
        watches = self._watches.active()
        families = self._archive.arrivals.between(before.paragraph, upto) if watches else {}
        articles = self._archive.articles(families)
        today = self.clock().astimezone(self._zone).date()
        findings = list(_findings(watches, articles.values(), families, today))
        return self._watches.enqueue(before, after, findings, self.clock().timestamp(), today - 2 * NEWS)

    def remind(self) -> int:
        """Put the digests that are due into the outbox.

        Returns:
            Their number.
        """
        made = 0
        for reader, handled_at, last in self._watches.digest_readers():
            now = self.clock()
            if not is_set(now.timestamp()):
                return made
            due = due_at(reader, reader.timezone or self._zone, now)
            if handled_at is None or handled_at - now.timestamp() > _OVERDUE.total_seconds():
                self._watches.settle_digest(reader.id, now.timestamp())
            elif due.timestamp() > handled_at:
                day = self._archive.nearest_day(due.date())
                news = day if day and (last is None or day > last) and now - due < _OVERDUE else None
                self._watches.settle_digest(reader.id, now.timestamp(), news)
                made += news is not None
        return made


def due_at(reader: Reader, zone: ZoneInfo, now: datetime) -> datetime:
    """The last time, not after now, at which a reader who wants a digest is owed one.

    Where the clocks are put forward over it, it is as long after midnight as ever; where they are put back over it, the
    first of the two.
    """
    today = now.astimezone(zone).date()
    at = reader.digest_at or now.astimezone(zone).time()
    due = _moment(today, at, zone)
    return (due if due <= now else _moment(today - timedelta(days=1), at, zone)).astimezone(zone)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A time of a day, in UTC: datetimes of one zone are compared by what their clocks show."""
    return datetime.combine(day, at.replace(second=0, microsecond=0, fold=0), zone).astimezone(UTC)


def _findings(
    watches: Sequence[Watch], articles: Iterable[Article], families: dict[int, frozenset[int]], today: date
) -> Iterator[Finding]:
    """Each article with each watch that it meets; a query that many watch for is compared once."""
    watching: dict[str, list[Watch]] = defaultdict(list)
    for watch in watches:
        watching[watch.text].append(watch)
    conditions = {text: condition(text) for text in watching}
    for article in articles:
        family = families[article.id]
        spelled = Spelled(article)
        keys = story_keys(article, family)
        late = article.date.day < today - NEWS
        for text, asked in conditions.items():
            if met_by(asked, spelled):
                for watch in watching[text]:
                    if min(family) > watch.since:
                        yield Finding(watch, article.id, keys, article.date.day, late)


def story_keys(article: Article, family: Iterable[int]) -> tuple[str, ...]:
    """What a story is known by: the articles that it is printed as, and its day, its headline and how it begins.

    The latter knows it when its page was removed and read in again, and when another paper prints the same of the day.
    """
    text = "".join(paragraph.text for paragraph in article.paragraphs if paragraph.text != article.headline)
    begins = "".join(filter(str.isalnum, fold(article.headline + text[len(article.source_line) :])))[:80]
    digest = hashlib.blake2b(f"{article.date.day} {begins}".encode(), digest_size=12).hexdigest()
    return (*(f"article {i}" for i in sorted(family)), f"text {digest}")


def stories(articles: Iterable[Article], watches: Sequence[Watch], passages: int = SHOWN) -> list[Story]:
    """The articles with the watches that each meets, those that meet most words first; the first with passages."""
    conditions = [(watch, condition(watch.text)) for watch in watches]
    told = []
    for article in articles:
        spelled = Spelled(article)
        met = [(watch, hits(asked, spelled)) for watch, asked in conditions if met_by(asked, spelled)]
        words = tuple(dict.fromkeys(word for _, found in met for word in found))
        told.append(Story(article, tuple(watch for watch, _ in met), words, None))
    told.sort(key=lambda story: -len(story.words))
    shown = (replace(story, passage=best_passage(story.article, story.words)) for story in told[:passages])
    return [*shown, *told[passages:]]
