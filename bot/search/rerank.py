"""The second stage: the first paragraphs by BM25, put in order by their best sentences.

BM25 takes a paragraph for a bag of terms. Two things that it cannot see tell the paragraph that answers from one that
only speaks of the same: that what was asked stands together, in one sentence or in two, rather than scattered over the
paragraph; and that what is asked for, a day, a number, a name, stands there, too. The weights ranked best on questions
about encyclopedia paragraphs; all lie on a plateau.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from bot.search.asking import SearchTerms
from bot.search.characters import spell_unified
from bot.search.cues import facts
from bot.search.sentences import sentences

DEPTH = 20
"""Paragraphs that are put in order anew, at most."""

NEAR = 0.6
"""Those whose score is below this part of the first one's stay where they are: no sentence makes up for that."""

_SENTENCE, _NEIGHBOURS, _SCATTERED, _CUE = 0.2, 0.8, -0.4, 0.15


def rerank(
    question: str, terms: SearchTerms, idf: dict[str, float], candidates: Sequence[tuple[float, str]]
) -> list[float]:
    """New scores for the first paragraphs: comparable with each other, and all above what follows them.

    Args:
        question: What was typed: its form says what is asked for.
        terms: The question's terms.
        idf: The weight of each term.
        candidates: The BM25 score of each paragraph and its text, folded and unified; the best first.

    Returns:
        For each the best BM25 score times 1 to 2.
    """
    if not candidates:
        return []
    weights = {needle: _mean([idf.get(part, 0.0) for part in parts]) for needle, parts in terms.needles.items()}
    whole = sum(weights.values()) or 1.0
    cues = facts(question)
    best = candidates[0][0] or 1.0
    raw = [score / best + _sentences(text, weights, whole, cues) for score, text in candidates]
    lowest, highest = _SCATTERED, 1 + _SENTENCE + _NEIGHBOURS * (1 + _CUE)
    return [best * (1 + (value - lowest) / (highest - lowest)) for value in raw]


def _sentences(text: str, weights: dict[str, float], whole: float, cues: list[re.Pattern[str]]) -> float:
    spelled = spell_unified(text)
    spans = sentences(spelled) or [(0, 0)]
    ends = [end for _, end in spans]
    held: list[set[str]] = [set() for _ in spans]
    for needle in weights:
        at = spelled.find(needle)
        while at >= 0:
            sentence = bisect_right(ends, at)
            if at + len(needle) <= ends[sentence]:
                held[sentence].add(needle)
            at = spelled.find(needle, ends[sentence] - len(needle) + 1)

    def share(needles: set[str]) -> float:
        return sum(weights[needle] for needle in weights if needle in needles) / whole

    cued = [any(cue.search(spelled, a, b) for cue in cues) for a, b in spans] if cues else [False] * len(spans)
    one = max(map(share, held))
    pairs = [(held[i] | held[i + 1], cued[i] or cued[i + 1]) for i in range(len(spans) - 1)] or [(held[0], cued[0])]
    two = max(share(needles) + _CUE * cue for needles, cue in pairs)
    return _SENTENCE * one + _NEIGHBOURS * two + _SCATTERED * share(set().union(*held))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
