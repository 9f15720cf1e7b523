"""What an article is about, in the words that tell it from others, and which articles share them."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from bot.dictionary import tokenizer
from bot.models import Article, Related, Role
from bot.search import analyzer
from bot.search.asking import SearchTerms
from bot.search.characters import fold, spell

TERMS = 16
"""Words that stand for an article in the search: a question of so many is answered as fast as a long one."""

CANDIDATES = 16
"""Articles that are read to be compared."""

PARAGRAPHS = 8 * CANDIDATES
"""Paragraphs that they are taken from: the best ones are seldom more than some to an article."""

NEAR = 0.15
"""An article that is less alike is not near."""

SAME = 0.4
"""One that is more alike tells the same story, unless it shares fewer than `SHARED` words.

Of a month of television news, pairs above it are nearly all of one story, and pairs below it seldom are.
"""

SHARED = 4

_READ = 800
"""Characters of an article that are looked at: news says first what it is about."""

_HEADLINE = 3
"""A word of the headline counts as often as one that occurs so many times in the text."""

_COMMON = 1e-4
"""A word that is more frequent than this in general Chinese (发展, 工作) says nothing of what an article is about."""


def telling_words(article: Article) -> dict[str, float]:
    """The words that tell an article from others, in the index's spelling, and what each weighs.

    The squares of the weights add up to 1. A word's weight is the root of how often it occurs times how rare it is in
    general Chinese, by the dictionary's own counts, so that nothing of the index need be read; a word that the
    dictionary does not have, as most names, is rare.
    """
    counts = Counter[str]()
    read = 0
    for paragraph in article.paragraphs:
        times = _HEADLINE if paragraph.role in (Role.HEADLINE, Role.SUBHEAD) else 1
        skip = len(article.source_line) if paragraph.text.startswith(article.source_line) else 0
        for word in _words(paragraph.text[skip : skip + _READ - read]):
            counts[word] += times
        read += len(paragraph.text) - skip
        if read >= _READ:
            break
    known, total = tokenizer().FREQ, tokenizer().total
    rarity = {word: math.log(_COMMON * total / (1 + (known.get(word) or 0))) for word in counts}
    weights = {spell(word): math.sqrt(counts[word]) * value for word, value in rarity.items() if value > 0}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {word: weight / length for word, weight in weights.items()}


def as_question(words: Mapping[str, float]) -> SearchTerms:
    """The most telling words as a question that any paragraph with any of them matches."""
    terms = sorted(words, key=lambda word: (-words[word], word))[:TERMS]
    return SearchTerms((), tuple(((term,),) for term in terms), tuple(terms), {})


def candidates(article_of: npt.NDArray[np.int32]) -> list[int]:
    """The ids of the articles that are read, given the article of each of the best paragraphs, the best first."""
    return list(dict.fromkeys(article_of.tolist()))[:CANDIDATES]


def compare(article: Article, others: Iterable[Article], limit: int) -> list[Related]:
    """Those of the others that are near to the article, the nearest first, the newer of two that are as near.

    How alike two articles are is the cosine of the angle between their telling words.
    """
    words, found = telling_words(article), []
    for other in others:
        theirs = telling_words(other)
        shared = words.keys() & theirs.keys()
        alike = sum(words[word] * theirs[word] for word in shared)
        if alike >= NEAR:
            same = alike >= SAME and len(shared) >= SHARED and other.date.day != article.date.day
            found.append(Related(other, alike, same))
    found.sort(key=lambda one: (-one.alike, -one.article.date.day.toordinal(), one.article.id))
    return found[:limit]


def _words(text: str) -> list[str]:
    folded = fold(text)
    runs = (folded[start:end] for start, end in analyzer.run_spans(folded))
    return [word for run in runs for word in analyzer.cut(run) if len(word) > 1 and not word.isdigit()]
