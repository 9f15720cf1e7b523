"""ROUGE-L on characters, and the extracts that a summary is compared with."""

import math
from collections.abc import Sequence

import numpy as np

from bot.search import analyzer
from bot.search.characters import fold


def characters(text: str) -> str:
    """What counts of a text: its letters, digits and Han characters, in either script and width."""
    folded = fold(text)
    return "".join(folded[start:end] for start, end in analyzer.run_spans(folded))


def common_length(first: str, second: str) -> int:
    """The length of the longest common subsequence, a row of the table in the bits of one integer.

    Source: Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).
    """
    places: dict[str, int] = {}
    for i, character in enumerate(first):
        places[character] = places.get(character, 0) | 1 << i
    full = (1 << len(first)) - 1
    row = full
    for character in second:
        found = row & places.get(character, 0)
        row = (row + found | row - found) & full
    return len(first) - row.bit_count()


def rouge_l(summary: str, reference: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the longest common subsequence of characters, 0 to 1."""
    ours, theirs = characters(summary), characters(reference)
    if not (common := common_length(ours, theirs)):
        return 0.0, 0.0, 0.0
    return common / len(ours), common / len(theirs), 2 * common / (len(ours) + len(theirs))


def textrank(sentences: Sequence[str], length: int, *, damping: float = 0.85, rounds: int = 50) -> str:
    """The sentences that are most like the others, in their order, cut to a length.

    Source: Mihalcea and Tarau, "TextRank: Bringing Order into Texts" (2004); words are jieba's of two characters on.
    """
    words = [{word for word in analyzer.cut(fold(sentence)) if len(word) > 1} for sentence in sentences]
    likeness = np.array([[_likeness(a, b) if a is not b else 0.0 for b in words] for a in words])
    degree = likeness.sum(axis=1, keepdims=True)
    walk = np.divide(likeness, degree, out=np.zeros_like(likeness), where=degree > 0)
    rank = np.ones(len(words))
    for _ in range(rounds):
        rank = 1 - damping + damping * walk.T @ rank
    chosen: list[int] = []
    for i in map(int, np.argsort(-rank, kind="stable")):
        if sum(len(sentences[j]) for j in chosen) < length:
            chosen.append(i)
    return "".join(sentences[i] for i in sorted(chosen))[:length]


def _likeness(first: set[str], second: set[str]) -> float:
    size = math.log(len(first) or 1) + math.log(len(second) or 1)
    return len(first & second) / size if size else 0.0
