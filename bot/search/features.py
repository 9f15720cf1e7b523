"""What the second stage sees in the sentences of some paragraphs, by numpy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

GAP = 4
"""From a character to the one that was asked after it, at most."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sentences:
    """Some paragraphs, one after the other, cut into sentences, and what is looked for in them.

    Attributes:
        characters: For each character its number among those that are looked for, from 1; 0 for any other.
        ends: Where each sentence ends.
        paragraphs: The first sentence of each paragraph.
        pairs: The needle that two characters make which follow each other, by their numbers; -1 for none.
        runs: Where each other needle was found, and which.
        cued: What each sentence counts beside its needles.
        needle_weights: Of each needle; they sum up to 1, or 0.
        character_weights: Of each character, in the order of their numbers, likewise.
    """

    characters: npt.NDArray[np.uint16]
    ends: Integers
    paragraphs: Integers
    pairs: npt.NDArray[np.int16]
    runs: Integers
    cued: Floats
    needle_weights: Floats
    character_weights: Floats


def features_plainly(of: Sentences) -> Floats:
    """As `kernels.features`, by numpy."""
    held, in_order, single = _found(of)
    starts = np.concatenate([of.paragraphs, [len(of.ends)]])
    sentences = starts[1:] - starts[:-1]
    paragraph = np.repeat(np.arange(len(of.paragraphs)), sentences)

    def with_next(values: Floats) -> Floats:
        both = values.copy()
        follows = np.flatnonzero(paragraph[:-1] == paragraph[1:])
        both[follows] = np.maximum(values[follows], values[follows + 1])
        return both

    def highest(values: Floats) -> Floats:
        most: Floats = np.maximum.reduceat(values, of.paragraphs)
        return most

    alone = held @ of.needle_weights
    best = np.flatnonzero(alone >= highest(alone)[paragraph])
    firsts = best[np.searchsorted(paragraph[best], np.arange(len(sentences)))] - of.paragraphs
    return np.stack(
        [
            highest(with_next(held) @ of.needle_weights + with_next(of.cued)),
            highest(held) @ of.needle_weights,
            highest(in_order @ of.needle_weights),
            highest(single @ of.character_weights),
            highest(single) @ of.character_weights,
            1 - firsts / sentences,
        ],
        axis=1,
    )


def _found(of: Sentences) -> tuple[Floats, Floats, Floats]:
    """What each sentence, a row, has, 1, and has not, 0.

    Returns:
        A column for each needle; for each needle, in which a pair counts when its characters stand there in their
        order; a column for each character.
    """
    count = len(of.ends)
    held, in_order = np.zeros((count, len(of.needle_weights))), np.zeros((count, len(of.needle_weights)))
    single = np.zeros((count, len(of.character_weights)))
    at = np.flatnonzero(of.characters)
    here, sentence = of.characters[at], np.searchsorted(of.ends, at, side="right")
    single[sentence, here - 1] = 1
    if len(of.runs):
        row = np.searchsorted(of.ends, of.runs[:, 0], side="right")
        held[row, of.runs[:, 1]] = in_order[row, of.runs[:, 1]] = 1
    padded = np.concatenate([of.characters, np.zeros(GAP, np.uint16)])
    after = at + np.arange(1, GAP + 1)[:, np.newaxis]
    needle = of.pairs[here, padded[after]]
    gap, place = np.nonzero((needle >= 0) & (after < of.ends[sentence]))
    needle, row = needle[gap, place], sentence[place]
    in_order[row, needle] = 1
    side_by_side = gap == 0
    held[row[side_by_side], needle[side_by_side]] = 1
    return held, in_order, single
