"""Question to results: the index asked, paragraphs grouped into articles, passages cut."""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.archive import Archive
from bot.models import BODY, Article, ArticleHit, Headline, Passage, Query, Results, Role, Sort
from bot.search import analyzer, excerpt, query, summary
from bot.search.bm25 import Matches, ParagraphIndex, Positions, Scores
from bot.search.characters import fold, spell
from bot.search.conditions import meeting
from bot.search.query import SearchTerms
from bot.search.rerank import DEPTH, NEAR, rerank

PASSAGES = 3
"""Passages of an article, at most."""

COVERAGE = 0.3
"""A paragraph that holds less than this share of what the best one holds of the question is no result."""

KNOWN = 0.2
"""What a term weighs in the choice of the passage when the headline has said it: the passage is to say the rest."""

BATCH = 500
"""Paragraphs indexed in one transaction: less than a second, so that other writers hardly wait."""

_SUMMARIES = 10_000


@dataclass(frozen=True)
class _Places:
    """By paragraph id: its article's id (0 where there is no such paragraph), the issue's ordinal day, and its role."""

    article: npt.NDArray[np.int64]
    day: npt.NDArray[np.int32]
    body: npt.NDArray[np.bool_]


class Engine:
    """Searches an archive. Any thread may use it, while this or another process ingests."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.index = ParagraphIndex(archive.postings)
        self._places = _Places(np.zeros(1, np.int64), np.zeros(1, np.int32), np.zeros(1, np.bool_))
        self._summaries: OrderedDict[tuple[int, int], str] = OrderedDict()
        self._lock = Lock()  # guards the two above

    # ---- keeping up with the archive -----------------------------------------------------------------------------

    def refresh(self) -> int:
        """Bring the index up to the archive, in small transactions; may be killed at any moment and goes on next time.

        Returns:
            The number of paragraphs added.
        """
        if self.index.outdated:  # all at once: no reader sees an index that is half made
            with self.archive.transaction():
                self.index.clear()
                return self._add_new()
        while self._drop_removed():
            pass
        return self._add_new()

    def rebuild(self) -> int:
        """Make the index anew, all at once; return the number of paragraphs in it."""
        with self.archive.transaction():
            while self._drop_removed():
                pass
            self.index.clear()
            return self._add_new()

    def _add_new(self) -> int:
        added = 0
        while self.archive.paragraph_texts(after=self.index.next - 1, limit=1):  # who only reads takes no lock
            with self.archive.transaction():
                new = self.archive.paragraph_texts(after=self.index.next - 1, limit=BATCH)
                self.index.add(new)
            added += len(new)
        return added

    def _drop_removed(self) -> int:
        if not self.archive.removed_paragraphs(1):
            return 0
        with self.archive.transaction():
            removed = self.archive.removed_paragraphs(BATCH)
            self.index.remove(removed)
            self.archive.forget_removed(number for number, _ in removed)
        return len(removed)

    def _places_up_to(self, paragraph_id: int) -> _Places:
        with self._lock:
            old = self._places
            if paragraph_id >= len(old.article) and (rows := self.archive.places(after=len(old.article) - 1)):
                more = rows[-1][0] + 1 - len(old.article)
                ids = np.array([row[0] for row in rows]) - len(old.article)
                article, day, body = np.zeros(more, np.int64), np.zeros(more, np.int32), np.zeros(more, np.bool_)
                article[ids] = [row[1] for row in rows]
                body[ids] = [Role(row[2]) in BODY for row in rows]
                days = {text: date.fromisoformat(text).toordinal() for text in {row[3] for row in rows}}
                day[ids] = [days[row[3]] for row in rows]
                self._places = _Places(
                    np.concatenate([old.article, article]),
                    np.concatenate([old.day, day]),
                    np.concatenate([old.body, body]),
                )
            return self._places

    # ---- questions -----------------------------------------------------------------------------------------------

    def search(self, asked: Query) -> Results:
        """The articles that match, in the order asked for, with the passages that answer.

        An order is total: it ends in the article's id, so that no article is on two screens or on none.
        """
        analyzer.warm_up()  # a program's start is no part of the question's time
        begin = time.perf_counter()
        terms = query.search_terms(asked.ranked)
        found = self.index.match(terms)
        places = self._places_up_to(self.index.next - 1)
        allowed = meeting(asked, self.archive, self.index, places.article)
        keep = found.coverage >= COVERAGE * found.coverage.max(initial=0.0)
        keep &= found.positions < len(places.article)
        positions, scores = found.positions[keep], found.scores[keep]
        keep = places.article[positions] > 0
        if allowed is not None:
            keep &= allowed[places.article[positions]]
        positions, scores = positions[keep], scores[keep]
        if allowed is not None and not asked.ranked:  # conditions alone: every article that meets them
            positions = np.flatnonzero(allowed[places.article] & (places.article > 0))
            scores = np.zeros(len(positions))
        scores = self._reranked(asked.ranked, terms, found, positions, scores)
        articles, group = np.unique(places.article[positions], return_inverse=True)
        best = np.zeros(len(articles))
        np.maximum.at(best, group, scores)
        days = np.zeros(len(articles), np.int32)
        days[group] = places.day[positions]
        keys: dict[Sort, tuple[npt.NDArray[Any], ...]] = {
            Sort.RELEVANCE: (articles, -days, -best),
            Sort.NEWEST: (articles, -best, -days),
            Sort.OLDEST: (articles, -best, days),
        }
        shown = np.lexsort(keys[asked.sort])[asked.offset : asked.offset + asked.limit]
        stored = self.archive.articles([int(articles[i]) for i in shown])
        hits = []
        for i in shown:
            if article := stored.get(int(articles[i])):
                ranked = positions[group == i][np.argsort(-scores[group == i], kind="stable")]
                passages = _passages(article, [int(p) for p in ranked] if terms.words else [], asked, terms, found)
                hits.append(ArticleHit(article, float(best[i]), passages))
        return Results(
            query=asked,
            words=terms.words,
            unknown=tuple(
                word
                for word, clauses in zip(terms.words, terms.word_clauses, strict=True)
                if clauses and found.met.isdisjoint(clauses)
            ),
            total=len(articles),
            paragraphs=int(places.body[positions].sum()),
            took_ms=(time.perf_counter() - begin) * 1000,
            hits=tuple(hits),
        )

    def _reranked(
        self, question: str, terms: SearchTerms, found: Matches, positions: Positions, scores: Scores
    ) -> Scores:
        """The scores with those of the first paragraphs raised to the order of the second stage."""
        first = np.argsort(-scores, kind="stable")[:DEPTH]
        near = first[scores[first] >= NEAR * scores[first[:1]]] if first.size else first
        texts = self.archive.texts([int(position) for position in positions[near]])
        known = [i for i in near if int(positions[i]) in texts]
        candidates = [(float(scores[i]), texts[int(positions[i])]) for i in known]
        raised = scores.copy()
        raised[known] = rerank(question, terms, found.idf, candidates)
        return raised

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


def _passages(
    article: Article, ranked: list[int], asked: Query, terms: SearchTerms, found: Matches
) -> tuple[Passage, ...]:
    """The passages of the best paragraphs; the first paragraph's where only the headline matches."""
    headline = spell(fold(article.headline))
    weights = {
        needle: sum(found.idf.get(part, 0.0) for part in parts) * (KNOWN if needle in headline else 1.0)
        for needle, parts in terms.needles.items()
    }
    by_id = {p.id: p for p in article.paragraphs}
    headlines = (Role.HEADLINE, Role.SUBHEAD, Role.CROSSHEAD)
    matching = [by_id[i] for i in ranked if i in by_id and by_id[i].role not in headlines]
    lead = [p for p in article.paragraphs if p.role not in headlines]
    return tuple(
        excerpt.passage(
            p.id,
            p.text,
            question=asked.text,
            terms=terms,
            weights=weights,
            skip=len(article.source_line) if p.text.startswith(article.source_line) else 0,
        )
        for p in matching[:PASSAGES] or lead[:1]
    )
