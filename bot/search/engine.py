"""Question to results: the index asked, paragraphs grouped into articles, passages cut."""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from threading import Lock

import numpy as np
import numpy.typing as npt

from bot.archive import Archive
from bot.archive.places import ROLES, Places
from bot.models import BODY, Article, ArticleHit, Headline, Passage, Query, Related, Results, Role, Sort, Span, Timeline
from bot.search import analyzer, budget, excerpt, query, related, rerank, summary, timeline, upkeep
from bot.search.asking import SearchTerms
from bot.search.bm25 import ParagraphIndex
from bot.search.characters import fold, spell
from bot.search.conditions import meeting
from bot.search.matching import MatchingIndex
from bot.search.scoring import Matches
from bot.search.sums import Mask, Positions

PASSAGES = 3
"""Passages of an article, at most."""

FLOOR = 0.3
"""A paragraph below this share of the best score is no result, unless it holds the whole question."""

KNOWN = 0.2
"""What a term weighs in the choice of the passage when the headline has said it: the passage is to say the rest."""

_SUMMARIES = 10_000
_HEADLINES = frozenset({Role.HEADLINE, Role.SUBHEAD, Role.CROSSHEAD})
_IS_BODY = np.array([role in BODY for role in ROLES])


class Engine:
    """Searches an archive. Any thread may use it, while this or another process ingests."""

    def __init__(self, archive: Archive, index: MatchingIndex | None = None) -> None:
        """The engine of an archive, with its own index or with the one given."""
        self.archive = archive
        self.index: MatchingIndex = ParagraphIndex(archive.postings) if index is None else index
        self._summaries: OrderedDict[tuple[int, int], str] = OrderedDict()
        self._lock = Lock()  # guards the one above

    # ---- keeping up with the archive -----------------------------------------------------------------------------

    def refresh(self) -> int:
        """Bring the index up to the archive, in small transactions; may be killed at any moment and goes on next time.

        Returns:
            The number of paragraphs added.
        """
        return upkeep.refresh(self.archive, self.index)

    def mend(self) -> int:
        """Make the index anew, all at once: nobody sees one that is half made, and writers wait.

        Returns:
            The number of paragraphs in it.
        """
        return upkeep.anew(self.archive, self.index)

    def rebuild(self) -> int:
        """Make the index anew; return the number of paragraphs in it.

        In small transactions, as pages that come in meanwhile must not wait: until it is done, questions find less.
        """
        return upkeep.rebuild(self.archive, self.index)

    # ---- questions -----------------------------------------------------------------------------------------------

    def search(self, asked: Query) -> Results:
        """The articles that match, in the order asked for, with the passages that answer.

        An order is total: it ends in the paragraph's id, so that no article is on two screens or on none. With the
        `until` of the first screen, this holds while an edition comes in: what has come since is not shown, and words
        weigh as they did.
        """
        analyzer.warm_up()  # a program's start is no part of the question's time
        begin = time.perf_counter()
        terms = query.search_terms(asked.ranked)
        places = self.archive.places.current()
        newest = places.articles - 1 if asked.until is None else asked.until
        asked, places = replace(asked, until=newest), places.until(newest)
        meets = meeting(asked, self.archive, self.index, places)
        found = self._found(asked, terms, places, meets)
        best: dict[int, float] = {}
        if not asked.limit:  # the numbers alone are asked for
            ranked: list[int] = []
        elif asked.sort is Sort.RELEVANCE and asked.ranked:
            ranked, best = self._by_relevance(asked, terms, found, places, meets)
        else:
            ranked, best = _by_day(asked, found, places), self._second_stage(asked, terms, found)
        shown = ranked[asked.offset : asked.offset + asked.limit]
        stored = self.archive.articles(shown)
        # what is not among the best counts less than they do, with its single characters or without
        scores = self._partial(stored.values(), terms, found) | best
        hits = tuple(self._hit(stored[article], asked, terms, found, scores) for article in shown if article in stored)
        return Results(
            query=asked,
            words=terms.words,
            unknown=tuple(
                dict.fromkeys(
                    word
                    for word, clauses in zip(terms.words, terms.word_clauses, strict=True)
                    if clauses and found.met.isdisjoint(clauses)
                )
            ),
            total=_count_articles(places.article[found.positions]),
            paragraphs=int(np.count_nonzero(_IS_BODY[places.role[found.positions]])),
            took_ms=(time.perf_counter() - begin) * 1000,
            hits=hits,
            partial=budget.exceeded(),
        )

    def meeting(self, asked: Query) -> list[tuple[int, date]]:
        """The articles that meet all conditions of a query, and the days of their issues, the newest first.

        Its words are none: they rank, and nothing is ranked here.
        """
        places = self.archive.places.current()
        allowed = meeting(asked, self.archive, self.index, places)
        if allowed is None:
            return []
        met = np.flatnonzero(allowed[places.article] & (places.article > 0))
        articles, first = np.unique(places.article[met], return_index=True)
        found = zip(articles.tolist(), places.day[met[first]].tolist(), strict=True)
        return [(i, date.fromordinal(day)) for i, day in sorted(found, key=lambda one: (-one[1], one[0]))]

    def _found(self, asked: Query, terms: SearchTerms, places: Places, meets: Mask | None) -> Matches:
        if asked.ranked or meets is None:
            return self._match(terms, _depth(asked), places, meets, _floor(asked))
        # all articles that meet the conditions
        positions = np.flatnonzero(meets[places.article] & (places.article > 0))
        return Matches(positions, np.zeros(len(positions)), positions[:0], np.zeros(0), {}, frozenset())

    def _match(self, terms: SearchTerms, limit: int, places: Places, meets: Mask | None, floor: float) -> Matches:
        def allowed(positions: Positions) -> Mask:
            articles = np.zeros(len(positions), np.int64)  # those that are stored since are of no article yet
            known = positions < len(places)
            articles[known] = places.article[positions[known]]
            return articles > 0 if meets is None else meets[articles] & (articles > 0)

        return self.index.match(
            terms, limit=limit, floor=floor, allowed=allowed, tie=places.day, before=places.first_hidden
        )

    def _by_relevance(
        self, asked: Query, terms: SearchTerms, found: Matches, places: Places, meets: Mask | None
    ) -> tuple[list[int], dict[int, float]]:
        """The ids of the first articles, as many as it takes, and the scores of their best paragraphs."""
        needed, depth = asked.offset + asked.limit, _depth(asked)
        while True:
            best = self._second_stage(asked, terms, found)
            scores = np.array([best[p] for p in found.best.tolist()])
            held = self._words_held(asked, terms, found.best, places.article[found.best])
            order = np.lexsort((found.best, -places.day[found.best], -scores, -held))
            articles = places.article[found.best[order]]
            firsts = np.sort(np.unique(articles, return_index=True)[1])
            if len(firsts) >= needed or len(found.best) == len(found.positions) or budget.spent():
                return articles[firsts].tolist(), best
            depth *= 4
            found = self._match(terms, depth, places, meets, _floor(asked))

    def _words_held(
        self, asked: Query, terms: SearchTerms, positions: Positions, articles: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.int64]:
        """How many of several short words the article of each paragraph holds, in whichever of the first paragraphs.

        These are the same for every screen, and so is the order.
        """
        words = rerank.short_words(asked.ranked, terms)
        held: dict[int, frozenset[str]] = {}
        if len(words) > 1:
            first = positions[: rerank.DEPTH].tolist()
            texts = self.index.texts(first)
            for position, article in zip(first, articles.tolist(), strict=False):
                held[article] = held.get(article, frozenset()) | rerank.held_whole(words, texts.get(position, ""))
        return np.array([len(held.get(article, ())) for article in articles.tolist()], np.int64)

    def _second_stage(self, asked: Query, terms: SearchTerms, found: Matches) -> dict[int, float]:
        """The scores of the best paragraphs, the first of them raised to the order of the second stage."""
        raised = self.index.reranked(asked.ranked, terms, found.idf, found.best, found.scores)
        return dict(zip(found.best.tolist(), raised.tolist(), strict=True))

    @staticmethod
    def _partial(articles: Iterable[Article], terms: SearchTerms, found: Matches) -> dict[int, float]:
        """The partial scores of those paragraphs of some articles that match."""
        if not terms.words:
            return {}
        ids = np.array(sorted(p.id for article in articles for p in article.paragraphs), np.int64)
        place = np.searchsorted(found.positions, ids)
        known = place < len(found.positions)
        known[known] = found.positions[place[known]] == ids[known]
        return dict(zip(ids[known].tolist(), found.partial[place[known]].tolist(), strict=True))

    @staticmethod
    def _hit(
        article: Article, asked: Query, terms: SearchTerms, found: Matches, scores: dict[int, float]
    ) -> ArticleHit:
        """An article with its best paragraphs' passages."""
        ranked = sorted((p.id for p in article.paragraphs if p.id in scores), key=lambda i: (-scores[i], i))
        score = scores[ranked[0]] if ranked else 0.0
        return ArticleHit(article, score, _passages(article, ranked, asked, terms, found))

    def timeline(self, asked: Query) -> Timeline:
        """How many articles mention each of the words of a query, over the days of the archive that it asks for.

        It costs as many questions as there are lines.
        """
        counted = timeline.over(asked, self.archive.days(), self._days_found)
        return replace(counted, partial=budget.exceeded())

    def _days_found(self, asked: Query) -> npt.NDArray[np.int32]:
        """The ordinal days of the articles that a query finds, one for each article."""
        terms, places = query.search_terms(asked.ranked), self.archive.places.current()
        found = self._found(asked, terms, places, meeting(asked, self.archive, self.index, places))
        firsts = np.unique(places.article[found.positions], return_index=True)[1]
        return places.day[found.positions[firsts]]

    def issue(self, day: date | None = None) -> list[Article]:
        """The articles of the newest issue, or of the newest one not after `day`, in the paper's order."""
        newest = self.archive.nearest_day(day)
        return self.archive.issue(newest) if newest else []

    def latest(self, day: date | None = None, limit: int | None = None) -> list[Headline]:
        """The headline summaries of an issue, the newest or the newest one not after `day`."""
        return self.headlines(self.issue(day)[:limit])

    def headlines(self, articles: Iterable[Article]) -> list[Headline]:
        """The headline summaries of articles."""
        return [Headline(article, self._summary(article)) for article in articles]

    def article(self, article_id: int) -> Article | None:
        """The article with this id, if there is one."""
        return self.archive.articles([article_id]).get(article_id)

    def within(self, article: Article, asked: Query, limit: int) -> tuple[Passage, ...]:
        """The passages of one article that answer, the best first; none when nothing of the question is in it."""
        terms = query.search_terms(asked.ranked)
        own = np.array([p.id for p in article.paragraphs if p.role not in _HEADLINES], np.int64)
        found = self.index.match(terms, limit=limit, floor=FLOOR, allowed=lambda positions: np.isin(positions, own))
        return _passages(article, found.best.tolist(), asked, terms, found, limit) if len(found.best) else ()

    def highlights(self, text: str, asked: Query) -> tuple[Span, ...]:
        """What of a text shows why it matches a question: spans in order, apart from each other."""
        return excerpt.marks(text, query.search_terms(asked.ranked))

    def related(self, article: Article, limit: int = 8) -> list[Related]:
        """The articles that tell the same story on other days, or speak of the same things, the nearest first.

        It costs one question of `related.TERMS` words and the reading of `related.CANDIDATES` articles.
        """
        places = self.archive.places.current()
        others = np.ones(places.articles, np.bool_)
        others[article.id : article.id + 1] = False
        terms = related.as_question(related.telling_words(article))
        found = self._match(terms, related.PARAGRAPHS, places, others, floor=0.0)
        ids = related.candidates(places.article[found.best])
        stored = self.archive.articles(ids)
        return related.compare(article, (stored[i] for i in ids if i in stored), limit)

    def _summary(self, article: Article) -> str:
        key = article.id, article.paragraphs[0].id  # a corrected article has new paragraphs
        with self._lock:
            known = self._summaries.get(key)
        if known is None:
            known = summary.summarize(article)
            with self._lock:
                self._summaries[key] = known
                if len(self._summaries) > _SUMMARIES:
                    self._summaries.popitem(last=False)
        return known


def _depth(asked: Query) -> int:
    """The best paragraphs that are looked at for the first articles; an article has some of them, and seldom many."""
    return max(rerank.DEPTH, 4 * (asked.offset + asked.limit)) if asked.sort is Sort.RELEVANCE else rerank.DEPTH


def _floor(asked: Query) -> float:
    """The floor for free words; what a query of conditions names must be there, and needs none."""
    return 0.0 if asked.words == "" else FLOOR


def _by_day(asked: Query, found: Matches, places: Places) -> list[int]:
    """The ids of the first articles by day, those of a day by their best scores, as many as it takes."""
    needed = asked.offset + asked.limit
    sign = 1 if asked.sort is Sort.OLDEST else -1
    days = sign * places.day[found.positions]
    taken = min(len(days), 8 * needed)
    while True:
        chosen = np.flatnonzero(days <= np.partition(days, taken - 1)[taken - 1]) if taken else np.arange(0)
        positions = found.positions[chosen]
        order = np.lexsort((positions, -found.partial[chosen], days[chosen]))
        articles = places.article[positions[order]]
        firsts = np.sort(np.unique(articles, return_index=True)[1])
        if len(firsts) >= needed or len(chosen) == len(days):
            found_ids: list[int] = articles[firsts].tolist()
            return found_ids
        taken = min(len(days), taken * 8)


def _count_articles(articles: npt.NDArray[np.int32]) -> int:
    seen = np.zeros(int(articles.max(initial=0)) + 1, np.bool_)
    seen[articles] = True
    return int(np.count_nonzero(seen))


def _passages(
    article: Article, ranked: list[int], asked: Query, terms: SearchTerms, found: Matches, limit: int = PASSAGES
) -> tuple[Passage, ...]:
    """The passages of the best paragraphs; the first paragraph's where only the headline matches."""
    headline = spell(fold(article.headline))
    weights = {
        needle: sum(found.idf.get(part, 0.0) for part in parts) * (KNOWN if needle in headline else 1.0)
        for needle, parts in terms.needles.items()
    }
    by_id = {p.id: p for p in article.paragraphs}
    matching = [by_id[i] for i in ranked if i in by_id and by_id[i].role not in _HEADLINES]
    lead = [p for p in article.paragraphs if p.role in BODY] or [
        p for p in article.paragraphs if p.role not in _HEADLINES
    ]
    return tuple(
        excerpt.passage(
            p.id,
            p.text,
            question=asked.text,
            terms=terms,
            weights=weights,
            skip=len(article.source_line) if p.text.startswith(article.source_line) else 0,
        )
        for p in matching[:limit] or lead[:1]
    )
