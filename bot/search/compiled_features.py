"""The loop of the second stage, compiled by numba, which keeps what it has compiled for the next process."""

import numba
import numpy as np
from numba.core import types

from bot.search.features import GAP, Sentences
from bot.search.sums import Scores

_SCORES = types.float64[::1]
_TABLE = types.float64[:, ::1]


@numba.njit(
    _TABLE(
        *(types.uint16[::1], types.int64[::1], types.int64[::1], types.int16[:, ::1], types.int64[:, ::1]),
        *(_SCORES, _SCORES, _SCORES),
    ),
    cache=True,
    nogil=True,
)
def _features(characters, ends, paragraphs, pairs, runs, cued, needle_weights, character_weights):  # type: ignore[no-untyped-def]
    found = np.zeros((len(paragraphs), 6))
    needles, singles = len(needle_weights), len(character_weights)
    held, before = np.zeros(needles, np.bool_), np.zeros(needles, np.bool_)
    in_order, single = np.zeros(needles, np.bool_), np.zeros(singles, np.bool_)
    all_held, all_single = np.zeros(needles, np.bool_), np.zeros(singles, np.bool_)
    run = start = 0
    for paragraph in range(len(paragraphs)):
        first = paragraphs[paragraph]
        last = paragraphs[paragraph + 1] if paragraph + 1 < len(paragraphs) else len(ends)
        all_held[:], all_single[:] = False, False
        best, best_at = -1.0, first
        for sentence in range(first, last):
            before[:] = held
            held[:], in_order[:], single[:] = False, False, False
            while run < len(runs) and runs[run, 0] < ends[sentence]:
                held[runs[run, 1]] = in_order[runs[run, 1]] = True
                run += 1
            for at in range(start, ends[sentence]):
                if characters[at] == 0:
                    continue
                single[characters[at] - 1] = True
                for gap in range(1, min(GAP, ends[sentence] - 1 - at) + 1):
                    needle = pairs[characters[at], characters[at + gap]]
                    if needle >= 0:
                        in_order[needle] = True
                        if gap == 1:
                            held[needle] = True
            start = ends[sentence]
            alone = both = ordered = together = 0.0
            for i in range(needles):
                all_held[i] |= held[i]
                alone += held[i] * needle_weights[i]
                ordered += in_order[i] * needle_weights[i]
                both += (held[i] | before[i]) * needle_weights[i]
            for i in range(singles):
                all_single[i] |= single[i]
                together += single[i] * character_weights[i]
            if sentence > first:
                found[paragraph, 0] = max(found[paragraph, 0], both + max(cued[sentence - 1], cued[sentence]))
            if sentence == last - 1:
                found[paragraph, 0] = max(found[paragraph, 0], alone + cued[sentence])
            found[paragraph, 2] = max(found[paragraph, 2], ordered)
            found[paragraph, 3] = max(found[paragraph, 3], together)
            if alone > best:
                best, best_at = alone, sentence
        for i in range(needles):
            found[paragraph, 1] += all_held[i] * needle_weights[i]
        for i in range(singles):
            found[paragraph, 4] += all_single[i] * character_weights[i]
        found[paragraph, 5] = 1 - (best_at - first) / (last - first)
    return found


def features(of: Sentences) -> Scores:
    """As `kernels.features`."""
    runs = of.runs[np.argsort(of.runs[:, 0])]
    found: Scores = _features(
        *(of.characters, of.ends, of.paragraphs, of.pairs, runs, of.cued, of.needle_weights, of.character_weights)
    )
    return found
