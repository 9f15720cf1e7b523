"""What an article is about, in the words that tell it from others, and which articles share them."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.dictionary import tokenizer
from bot.models import Article, Related, Role
from bot.search import analyzer
from bot.search.bm25 import Matches
from bot.search.characters import fold, spell
from bot.search.query import SearchTerms

TERMS = 16
"""Words that stand for an article: a question of so many is answered as fast as a long one of a reader's."""

CANDIDATES = 40
"""Articles that are read to be compared."""

NEAR = 0.2
"""An article with a smaller share of the words is not near."""

SAME = 0.45
"""One with a larger share tells the same story."""

_READ = 3000
"""Characters of an article that are looked at: news says first what it is about."""

_HEADLINE = 3
"""A word of the headline counts as often as one that occurs so many times in the text."""


def telling_terms(article: Article) -> list[str]:
    """The index's terms for the words that tell an article from others, the most telling first.

    A word's weight is how often it occurs times how rare it is in general Chinese, by the dictionary's own counts, so
    that nothing of the index need be read to choose; a word that the dictionary does not have, as most names, is the
    rarest.
    """
    counts = Counter[str]()
    read = 0
    for paragraph in article.paragraphs:
        times = _HEADLINE if paragraph.role in (Role.HEADLINE, Role.SUBHEAD) else 1
        skip = len(article.source_line) if paragraph.text.startswith(article.source_line) else 0
        for word in _words(paragraph.text[skip : skip + _READ - read]):
            counts[word] += times
        read += len(paragraph.text)
        if read >= _READ:
            break
    known, total = tokenizer().FREQ, tokenizer().total
    weights = {word: math.sqrt(n) * math.log(total / (1 + (known.get(word) or 0))) for word, n in counts.items()}
    chosen = sorted(weights, key=lambda word: (-weights[word], word))[:TERMS]
    return list(dict.fromkeys(spell(word) for word in chosen))


def as_question(terms: Sequence[str]) -> SearchTerms:
    """Terms as a question that any paragraph with any of them matches."""
    return SearchTerms((), tuple(((term,),) for term in terms), tuple(terms), {})


def candidates(found: Matches, article_of: npt.NDArray[np.int64], own: int) -> list[int]:
    """The ids of the articles that the best paragraphs belong to, by their sums, the article itself left out."""
    known = found.positions < len(article_of)
    articles, group = np.unique(article_of[found.positions[known]], return_inverse=True)
    sums = np.bincount(group, weights=found.coverage[known], minlength=len(articles))
    order = np.argsort(-sums, kind="stable")[: CANDIDATES + 2]
    return [i for i in (int(articles[n]) for n in order) if i not in (0, own)][:CANDIDATES]


def compare(article: Article, others: Sequence[Article], idf: dict[str, float], limit: int) -> list[Related]:
    """Those of the others that are near to the article, the nearest first, the newer of two that are as near.

    Args:
        article: The article.
        others: The articles to compare with it.
        idf: The weight of each of the article's terms that the index knows.
        limit: How many of them, at most.
    """
    whole = sum(idf.values())
    found = []
    for other in others:
        text = spell(fold("\n".join(paragraph.text for paragraph in other.paragraphs)))
        share = sum(weight for term, weight in idf.items() if term in text) / whole if whole else 0.0
        if share >= NEAR:
            found.append(Related(other, share, same_story=share >= SAME and other.date.day != article.date.day))
    found.sort(key=lambda one: (-one.share, -one.article.date.day.toordinal(), one.article.id))
    return found[:limit]


def _words(text: str) -> list[str]:
    folded = fold(text)
    runs = (folded[start:end] for start, end in analyzer.run_spans(folded))
    return [word for run in runs for word in analyzer.cut(run) if len(word) > 1 and not word.isdigit()]
