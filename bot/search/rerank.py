"""The second stage: the first paragraphs by BM25, put in order by their sentences.

BM25 takes a paragraph for a bag of terms. What it cannot see tells the paragraph that answers from one that only speaks
of the same things:

- what was asked stands together, in one sentence or in two, rather than scattered over the paragraph;
- it stands there in the order asked, if not side by side: 德国央行 for 德央行, 进口博览会 for 进博会;
- so do its single characters, of which the words of a paraphrase keep some;
- it stands there early, as news says what is new in its first sentence;
- what is asked for, a day, a number, a name, stands beside it.

Where a question is nothing but a few short words, as names are, those paragraphs go first that hold them whole, and
more of them: 红十字救援队 in a long one goes before a short one with 红十字 and 队伍. Longer runs are headlines, which
paragraphs say in other words.

The weights are those of a logistic regression on half of the questions of two sets about encyclopedia paragraphs and of
one about television news, rounded; they ranked better on the other halves, too, and lie on a plateau.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import accumulate, repeat

import numpy as np
import numpy.typing as npt

from bot.search import kernels
from bot.search.asking import SearchTerms
from bot.search.characters import fold, inside_number, same_in_phrases, spell_unified
from bot.search.cues import facts
from bot.search.features import Sentences
from bot.search.sentences import SENTENCE_END

DEPTH = 20
"""Paragraphs that are put in order anew, at most."""

NEAR = 0.6
"""Those whose score is below this part of the first one's stay where they are: no sentence makes up for that."""

SHORT = 6
"""Characters of the longest word that is looked for whole."""

_WEIGHTS = np.array([0.65, -0.7, 0.35, 0.35, 0.3, 0.08])
"""Of the features, in the order of `kernels.features`."""

_CUE = 0.06
"""What a sentence, or the next one, that holds what is asked for counts beside its needles."""

_LOWEST, _HIGHEST = _WEIGHTS[_WEIGHTS < 0].sum(), 1 + (1 + _CUE) * _WEIGHTS[0] + _WEIGHTS[2:].sum()

_RARELY = 0.01  # what a character weighs that no paragraph of the index has: more than nothing, as it may be a variant

_SIGNS = re.compile(r"^[\W_]+|[\W_]+$")

_SENTENCE_END = re.compile(rf"(?:{SENTENCE_END.pattern})\n?|\n")  # of paragraphs, a line each

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
    needles = {needle: _mean([idf.get(part, 0.0) for part in parts]) for needle, parts in terms.needles.items()}
    characters = {char: idf.get(char, 0.0) + _RARELY for word in terms.spelled for char in word if char.isalnum()}
    sentences = _sentences([text for _, text in candidates], needles, characters, facts(question))
    raw = kernels.features(sentences) @ _WEIGHTS
    raw += [score / best for score, _ in candidates]
    highest = _HIGHEST
    if words := short_words(question, terms):
        raw += [len(held_whole(words, text)) for _, text in candidates]
        highest += len(words)
    scores: list[float] = (best * (1 + (raw - _LOWEST) / (highest - _LOWEST))).tolist()
    return scores


def short_words(question: str, terms: SearchTerms) -> frozenset[str]:
    """The words of a question of nothing but short ones, in the spelling of pairs; none of any other question."""
    typed = [len(word) for word in map(_SIGNS.sub, repeat(""), fold(question).split()) if word]
    short = typed == [len(word) for word in terms.spelled] and max(typed, default=0) <= SHORT
    return frozenset(terms.spelled) if short else frozenset()


def held_whole(words: Collection[str], text: str) -> frozenset[str]:
    """Those of the words that stand in a text, which is folded and unified; 5日 does not stand in 25日."""
    spelled = spell_unified(text)

    def stands(word: str) -> bool:
        found = re.finditer(re.escape(word), spelled)
        return any(not inside_number(spelled, *match.span()) for match in found)

    return frozenset(word for word in words if word in spelled and stands(word))


def nearness(question: str, terms: SearchTerms) -> float:
    """The share of the first paragraph's score that others have which may go before it.

    None need it where short words are asked for: to hold them whole makes up for any score.
    """
    return 0.0 if short_words(question, terms) else NEAR


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
    near = int(np.count_nonzero(scores[:DEPTH] >= nearness(query, terms) * scores[0])) if len(scores) else 0
    held = texts(positions[:near].tolist())
    raised = scores.copy()
    raised[:near] = rerank(
        query, terms, idf, [(s, held[p]) for p, s in zip(positions[:near].tolist(), scores.tolist(), strict=False)]
    )
    return raised


def _sentences(
    texts: Sequence[str], needles: Mapping[str, float], characters: Mapping[str, float], cues: Iterable[re.Pattern[str]]
) -> Sentences:
    """Some paragraphs as one array of characters, cut into sentences, and what is looked for in them."""
    text = "\n".join(texts) + "\n"
    lines = [0, *accumulate([len(text) + 1 for text in texts])]
    ends = np.array([match.end() for match in _SENTENCE_END.finditer(text)])
    starts = np.concatenate([[0], ends[:-1]])

    places = {char: i for i, char in enumerate(characters, 1)}
    table = np.zeros(1 << 16, np.uint16)
    for char, place in places.items():
        for same in same_in_phrases(char):
            table[ord(same) & 0xFFFF] = place
    # A character beyond the first plane takes the place of one of the first: too rare to matter to an order.
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint16)
    pairs = np.full((len(places) + 1, len(places) + 1), -1, np.int16)
    runs = []
    for i, needle in enumerate(needles):
        if len(needle) == 2:
            pairs[places[needle[0]], places[needle[1]]] = i
        else:
            runs += [(match.start(), i) for match in re.finditer(re.escape(needle), text)]
    cued = np.zeros(len(ends))
    if found := [match.start() for cue in cues for match in cue.finditer(text)]:
        cued[np.searchsorted(ends, found, side="right")] = _CUE
    return Sentences(
        characters=table[codes],
        ends=ends,
        paragraphs=np.searchsorted(starts, lines[:-1]),
        pairs=pairs,
        runs=np.array(runs, np.int64).reshape(-1, 2),
        cued=cued,
        needle_weights=_shares(needles.values()),
        character_weights=_shares(characters.values()),
    )


def _shares(weights: Collection[float]) -> Floats:
    """Weights that sum up to 1."""
    total = sum(weights) or 1.0
    return np.array([weight / total for weight in weights], np.float64)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
