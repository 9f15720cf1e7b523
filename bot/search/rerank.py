"""The second stage: the first paragraphs by BM25, put in order by their sentences.

BM25 takes a paragraph for a bag of terms. What it cannot see tells the paragraph that answers from one that only speaks
of the same things:

- what was asked stands together, in one sentence or in two, rather than scattered over the paragraph;
- it stands there in the order asked, if not side by side: 德国央行 for 德央行, 进口博览会 for 进博会;
- so do its single characters, of which the words of a paraphrase keep some;
- it stands there early, as news says what is new in its first sentence;
- what is asked for, a day, a number, a name, stands beside it.

The weights are those of a logistic regression on half of the questions of two sets about encyclopedia paragraphs and of
one about television news, rounded; they ranked better on the other halves, too, and lie on a plateau.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from bot.search.asking import SearchTerms
from bot.search.characters import fold, same_in_phrases, spell
from bot.search.cues import facts
from bot.search.sentences import SENTENCE_END

DEPTH = 20
"""Paragraphs that are put in order anew, at most."""

NEAR = 0.6
"""Those whose score is below this part of the first one's stay where they are: no sentence makes up for that."""

_TOGETHER, _SCATTERED, _IN_ORDER, _CHARACTERS, _ANYWHERE, _EARLY = 0.65, -0.7, 0.35, 0.35, 0.3, 0.08
_CUE = 0.06

_GAP = 4
"""From a character to the one that was asked after it, at most."""

_RARELY = 0.01  # what a character weighs that no paragraph of the index has: more than nothing, as it may be a variant

Floats = npt.NDArray[np.float64]


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
    best = candidates[0][0] or 1.0
    page = _Page([text for _, text in candidates])
    needles = {needle: _mean([idf.get(part, 0.0) for part in parts]) for needle, parts in terms.needles.items()}
    characters = {char: idf.get(char, 0.0) + _RARELY for word in terms.words for char in spell(fold(word))}
    held, in_order, single = page.find(list(needles), list(characters))
    needle_weights, character_weights = _shares(needles.values()), _shares(characters.values())

    together = page.with_next(held) @ needle_weights
    if cues := facts(question):
        together += _CUE * page.with_next(page.cued(cues)[:, None])[:, 0]
    raw = (
        np.array([score / best for score, _ in candidates])
        + _TOGETHER * page.highest(together)
        + _SCATTERED * (page.highest(held) @ needle_weights)
        + _IN_ORDER * page.highest(in_order @ needle_weights)
        + _CHARACTERS * page.highest(single @ character_weights)
        + _ANYWHERE * (page.highest(single) @ character_weights)
        + _EARLY * page.earliness(held @ needle_weights)
    )
    lowest = _SCATTERED
    highest = 1 + _TOGETHER + _CUE + _IN_ORDER + _CHARACTERS + _ANYWHERE + _EARLY
    scores: list[float] = (best * (1 + (raw - lowest) / (highest - lowest))).tolist()
    return scores


def reranked(
    texts: Callable[[list[int]], dict[int, str]],
    query: str,
    terms: SearchTerms,
    idf: dict[str, float],
    positions: npt.NDArray[np.int64],
    scores: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The scores with those of the first paragraphs raised to the order of the second stage.

    Args:
        texts: Gives the texts at positions, folded and unified.
        query: What was typed.
        terms: Its terms.
        idf: Their weights.
        positions: The best paragraphs, the best first.
        scores: Their BM25 scores.
    """
    near = int(np.count_nonzero(scores[:DEPTH] >= NEAR * scores[0])) if len(scores) else 0
    held = texts(positions[:near].tolist())
    raised = scores.copy()
    raised[:near] = rerank(
        query, terms, idf, [(s, held[p]) for p, s in zip(positions[:near].tolist(), scores.tolist(), strict=False)]
    )
    return raised


class _Page:
    """Some paragraphs as one array of characters, cut into sentences; a row is a sentence, in all that follows."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n".join(texts) + "\n"
        ends = list(accumulate(len(text) + 1 for text in texts))
        cuts = sorted({*ends, *(match.end() for match in SENTENCE_END.finditer(self._text))})
        self._ends = np.array(cuts)
        starts = np.concatenate([[0], self._ends[:-1]])
        # a line's end after the last sentence's full stop is no sentence
        real = (self._ends - starts > 1) | np.isin(starts, [0, *ends])
        self._ends = np.concatenate([starts[real][1:], self._ends[-1:]])
        starts = starts[real]
        self._sentence = np.repeat(np.arange(len(starts)), self._ends - starts)
        self._paragraph = np.searchsorted(ends, starts, side="right")
        self._first = np.searchsorted(self._paragraph, np.arange(len(texts)))

    def find(self, needles: list[str], characters: list[str]) -> tuple[Floats, Floats, Floats]:
        """What each sentence has, 1, and has not, 0.

        Returns:
            A column for each needle; for each needle, in which a pair counts when its characters stand there in their
            order; a column for each character.
        """
        sentences = len(self._ends)
        held, in_order = np.zeros((sentences, len(needles))), np.zeros((sentences, len(needles)))
        single = np.zeros((sentences, len(characters)))
        # A character beyond the first plane takes the place of one of the first: too rare to matter to an order.
        codes = np.frombuffer(self._text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint16)
        places = {char: i for i, char in enumerate(characters, 1)}
        table = np.zeros(1 << 16, np.uint16)
        for char, place in places.items():
            for same in same_in_phrases(char):
                table[ord(same) & 0xFFFF] = place
        found = table[codes]
        at = np.flatnonzero(found)
        here, sentence = found[at], self._sentence[at]
        single[sentence, here - 1] = 1

        pairs = np.full((len(characters) + 1, len(characters) + 1), -1, np.int16)
        for i, needle in enumerate(needles):
            if len(needle) == 2:
                pairs[places[needle[0]], places[needle[1]]] = i
            else:
                for match in re.finditer(re.escape(needle), self._text):
                    held[self._sentence[match.start()], i] = in_order[self._sentence[match.start()], i] = 1
        found = np.concatenate([found, np.zeros(_GAP, np.uint16)])
        ends = self._ends[sentence]
        for gap in range(1, _GAP + 1):
            needle_there = pairs[here, found[at + gap]]
            rows = np.flatnonzero((needle_there >= 0) & (at + gap < ends))
            in_order[sentence[rows], needle_there[rows]] = 1
            if gap == 1:
                held[sentence[rows], needle_there[rows]] = 1
        return held, in_order, single

    def cued(self, cues: Iterable[re.Pattern[str]]) -> Floats:
        """Whether any of the patterns is in each sentence."""
        flags = np.zeros(len(self._ends))
        flags[self._sentence[[match.start() for cue in cues for match in cue.finditer(self._text)]]] = 1
        return flags

    def with_next(self, held: Floats) -> Floats:
        """What each sentence has together with the next one of its paragraph."""
        both = held.copy()
        follows = np.flatnonzero(self._paragraph[:-1] == self._paragraph[1:])
        both[follows] = np.maximum(held[follows], held[follows + 1])
        return both

    def highest(self, values: Floats) -> Floats:
        """For each paragraph the highest of its sentences' values."""
        highest: Floats = np.maximum.reduceat(values, self._first)
        return highest

    def earliness(self, values: Floats) -> Floats:
        """For each paragraph 1 when its first sentence has the highest value, towards 0 the later it comes."""
        best = np.flatnonzero(values >= self.highest(values)[self._paragraph])
        firsts = best[np.searchsorted(self._paragraph[best], np.arange(len(self._first)))] - self._first
        earliness: Floats = 1 - firsts / np.bincount(self._paragraph)
        return earliness


def _shares(weights: Iterable[float]) -> Floats:
    """Weights that sum up to 1."""
    values = np.array(list(weights), np.float64)
    return values / (values.sum() or 1.0)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
