"""The loops of `bot.search.kernels`, compiled by numba, which keeps what it has compiled for the next process."""

from collections.abc import Sequence
from threading import local

import numba
import numpy as np
from numba.core import types
from numba.extending import intrinsic
from numba.np.numpy_support import carray

from bot.archive.posting_lists import (
    BLOCK,
    IS_WIDE,
    MORE_AT,
    MORE_COUNT,
    NO_RUNS,
    OF_BLOCK,
    ONCE_AT,
    ONCE_COUNT,
    Integers,
    PostingList,
)
from bot.search.features import GAP, Sentences
from bot.search.sums import LEAST, Norms, Positions, Scores, Weighted

_SCORES = types.float64[::1]
_TABLE = types.float64[:, ::1]
_INTEGERS = types.int64[::1]
_READ = types.Array(types.float64, 1, "C", readonly=True)
_POSTINGS = (types.uint16, types.uint32, types.uint64)
_RUNS = types.int64[:, ::1]
_FORMULA = types.UniTuple(types.float64, 3)  # type: ignore[no-untyped-call]
_NEIGHBOURS = 64
_ROUNDING = 1 - 1e-9

_scratch = local()


def _pointer_to(number):  # type: ignore[no-untyped-def]
    """What makes an address a pointer to numbers: `numba.carray` makes it an array, so that nothing is copied."""

    @intrinsic
    def pointer(_, address):  # type: ignore[no-untyped-def]
        def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return types.CPointer(number)(address), generate  # type: ignore[no-untyped-call]

    return pointer


_u2 = _pointer_to(types.uint16)  # type: ignore[no-untyped-call]
_u4 = _pointer_to(types.uint32)  # type: ignore[no-untyped-call]
_u8 = _pointer_to(types.uint64)  # type: ignore[no-untyped-call]


@numba.njit(types.float64(_SCORES), cache=True, nogil=True, fastmath=True)  # in any order, so several at a time
def _highest(sums):  # type: ignore[no-untyped-def]
    highest = 0.0
    for i in range(len(sums)):
        highest = max(highest, sums[i])
    return highest


@numba.njit(types.float64(types.uint32, _FORMULA), cache=True, nogil=True)
def _once(length, formula):  # type: ignore[no-untyped-def]
    """As `Formula.once`, by the length."""
    highest, of_none, of_each = formula
    return highest / (of_none + of_each * types.int32(length) + 1)  # the processor converts signed numbers


@numba.njit(types.void(_SCORES, _INTEGERS, types.float64, _READ, types.float64), cache=True, nogil=True)
def _add(sums, run, weight, rises, least):  # type: ignore[no-untyped-def]
    """Add a run, a row of `PostingList.table`, to the sums of its block that are `least` or more."""
    for offset in carray(_u2(run[ONCE_AT]), run[ONCE_COUNT]):
        sums[offset] += weight * (sums[offset] >= least)
    if run[IS_WIDE]:
        for posting in carray(_u8(run[MORE_AT]), run[MORE_COUNT]):
            offset = posting >> types.uint64(32)
            sums[offset] += rises[posting & types.uint64(0xFFFFFFFF)] * weight * (sums[offset] >= least)
    else:
        for posting in carray(_u4(run[MORE_AT]), run[MORE_COUNT]):
            offset = posting >> types.uint64(16)
            sums[offset] += rises[posting & types.uint64(0xFFFF)] * weight * (sums[offset] >= least)


@numba.njit(types.void(types.boolean[::1], _INTEGERS), cache=True, nogil=True)
def _mark(marked, run):  # type: ignore[no-untyped-def]
    """Mark the paragraphs of a run."""
    for offset in carray(_u2(run[ONCE_AT]), run[ONCE_COUNT]):
        marked[offset] = True
    if run[IS_WIDE]:
        for posting in carray(_u8(run[MORE_AT]), run[MORE_COUNT]):
            marked[posting >> types.uint64(32)] = True
    else:
        for posting in carray(_u4(run[MORE_AT]), run[MORE_COUNT]):
            marked[posting >> types.uint64(16)] = True


@numba.njit(types.void(_SCORES, _RUNS, _SCORES, _READ, _INTEGERS, _FORMULA), cache=True, nogil=True)
def _sum(sums, runs, weights, rises, lengths, formula):  # type: ignore[no-untyped-def]
    for block in range(len(lengths)):
        here, there = sums[block * BLOCK : (block + 1) * BLOCK], False
        for i in range(len(runs)):
            if runs[i, OF_BLOCK] == block:
                there = True
                _add(here, runs[i], weights[i], rises, 0.0)
        if there:
            of = carray(_u4(lengths[block]), BLOCK)
            for i in range(len(here)):
                here[i] *= _once(of[i], formula)


@numba.njit(
    [types.int64(types.Array(number, 1, "C"), types.uint64, types.uint64) for number in _POSTINGS],
    cache=True,
    nogil=True,
)
def _place(postings, offset, bits):  # type: ignore[no-untyped-def]
    """Where an offset is in a list; -1 where it is not."""
    low, high = 0, len(postings)
    while low < high:
        middle = (low + high) // 2
        if types.uint64(postings[middle]) >> bits < offset:
            low = middle + 1
        else:
            high = middle
    return low if low < len(postings) and types.uint64(postings[low]) >> bits == offset else -1


@numba.njit(types.void(_SCORES, _INTEGERS, _RUNS, _SCORES, _READ, _INTEGERS, _FORMULA), cache=True, nogil=True)
def _add_to(scores, candidates, runs, weights, rises, lengths, formula):  # type: ignore[no-untyped-def]
    for i in range(len(runs)):
        run, base = runs[i], runs[i, OF_BLOCK] * BLOCK
        of, once = carray(_u4(lengths[runs[i, OF_BLOCK]]), BLOCK), carray(_u2(run[ONCE_AT]), run[ONCE_COUNT])
        more, wide = carray(_u4(run[MORE_AT]), run[MORE_COUNT]), carray(_u8(run[MORE_AT]), run[MORE_COUNT])
        for j in range(np.searchsorted(candidates, base), np.searchsorted(candidates, base + BLOCK)):
            offset, rise = candidates[j] - base, 0.0
            if _place(once, offset, 0) >= 0:
                rise = 1.0
            elif run[IS_WIDE]:
                place = _place(wide, offset, 32)
                if place >= 0:
                    rise = rises[wide[place] & types.uint64(0xFFFFFFFF)]
            else:
                place = _place(more, offset, 16)
                if place >= 0:
                    rise = rises[more[place] & types.uint64(0xFFFF)]
            scores[j] += weights[i] * rise * _once(of[offset], formula)


@numba.njit(types.int64(_SCORES, _SCORES, types.float64, _INTEGERS), cache=True, nogil=True)
def _reaching(sums, highest, least, at):  # type: ignore[no-untyped-def]
    """Put the places of sums that are `least` or more into `at`; return how many there are."""
    count = 0
    for group in range(len(highest)):
        if highest[group] >= least:
            for i in range(group * _NEIGHBOURS, (group + 1) * _NEIGHBOURS):
                at[count] = i
                count += sums[i] >= least
    return count


@numba.njit(types.void(_SCORES, types.float64), cache=True, nogil=True)
def _insert(best, score):  # type: ignore[no-untyped-def]
    """Put a score that is above the lowest of the best, which ascend, in its place."""
    place = 0
    while place + 1 < len(best) and best[place + 1] < score:
        best[place] = best[place + 1]
        place += 1
    best[place] = score


@numba.njit(
    types.Tuple((_INTEGERS, _SCORES))(  # type: ignore[no-untyped-call]
        *(_SCORES, _RUNS, _SCORES, types.int64, types.int64, types.boolean, _READ, _INTEGERS, _FORMULA),
        *(types.int64, types.float64),
    ),
    cache=True,
    nogil=True,
)
def _collect(sums, runs, weights, listed, marks, marking, rises, lengths, formula, k, slack):  # type: ignore[no-untyped-def]
    """Of the runs, the first `listed` are added up, those up to `marks` mark, and the others are what is added more.

    `sums` are those of one block, zero before and after.
    """
    positions, scores, count = np.empty(1024, np.int64), np.empty(1024), 0
    best = np.zeros(k)  # the highest scores yet, ascending
    marked = np.zeros(BLOCK if marking else 0, np.bool_)
    highest, at = np.empty(BLOCK // _NEIGHBOURS), np.empty(BLOCK, np.int64)
    most = _once(types.uint32(0), formula) / _ROUNDING
    for block in range(len(lengths)):
        there = False
        for i in range(listed):
            if runs[i, OF_BLOCK] == block:
                there = True
                _add(sums, runs[i], weights[i], rises, 0.0)
        if not there:
            continue
        if marking:
            marked[:] = False
            for i in range(listed, marks):
                if runs[i, OF_BLOCK] == block:
                    _mark(marked, runs[i])
            for i in range(BLOCK):
                if not marked[i]:
                    sums[i] = 0.0
        for i in range(marks, len(runs)):
            if runs[i, OF_BLOCK] == block:
                _add(sums, runs[i], weights[i], rises, LEAST)
        of = carray(_u4(lengths[block]), BLOCK)
        for group in range(len(highest)):
            highest[group] = _highest(sums[group * _NEIGHBOURS : (group + 1) * _NEIGHBOURS])
        least = max(LEAST, best[0] - slack)
        if best[0] == 0.0 and k <= len(highest):
            tried, first = np.partition(highest, len(highest) - k)[len(highest) - k], np.zeros(k)
            for i in at[: _reaching(sums, highest, max(tried, LEAST), at)]:
                score = sums[i] * _once(of[i], formula)
                if score > first[0]:
                    _insert(first, score)
            least = max(least, first[0] - slack)
        for i in at[: _reaching(sums, highest, max(least / most, LEAST), at)]:
            score = sums[i] * _once(of[i], formula)
            if score < least:
                continue
            if count == len(positions):
                positions = np.concatenate((positions, np.empty(count, np.int64)))
                scores = np.concatenate((scores, np.empty(count)))
            positions[count], scores[count] = block * BLOCK + i, score
            count += 1
            if score > best[0]:
                _insert(best, score)
                least = max(least, best[0] - slack)
        sums[:] = 0.0
    stays = 0
    for i in range(count):
        if scores[i] >= best[0] - slack:
            positions[stays], scores[stays] = positions[i], scores[i]
            stays += 1
    return positions[:stays].copy(), scores[:stays].copy()


def summed(lists: Weighted, norms: Norms, size: int) -> Scores:
    """As `kernels.summed`."""
    sums = np.zeros(size)
    _sum(sums, *_runs(lists), *_norms(norms))
    return sums


def add_to(scores: Scores, candidates: Positions, lists: Weighted, norms: Norms) -> None:
    """As `kernels.add_to`."""
    _add_to(scores, candidates, *_runs(lists), *_norms(norms))


def collect(
    lists: Weighted, marks: Sequence[PostingList] | None, more: Weighted, norms: Norms, k: int, slack: float
) -> tuple[Positions, Scores]:
    """As `kernels.collect`: a block after the other, whose sums stay in the processor's cache."""
    if not hasattr(_scratch, "sums"):
        _scratch.sums = np.zeros(BLOCK)
    runs, weights = _runs([*lists, *((postings, 0.0) for postings in marks or ()), *more])
    listed = sum([len(postings.runs) for postings, _ in lists])
    others = sum([len(postings.runs) for postings, _ in more])
    found: tuple[Positions, Scores] = _collect(
        *(_scratch.sums, runs, weights, listed, len(runs) - others, marks is not None, *_norms(norms), k, slack)
    )
    return found


def _norms(norms: Norms) -> tuple[Scores, Integers, tuple[float, float, float]]:
    """For compiled code; good as long as the lengths are."""
    formula = norms.formula
    return norms.rises, norms.lengths.addresses, (formula.highest, formula.norm_of_none, formula.norm_of_each)


def _runs(lists: Weighted) -> tuple[Integers, Scores]:
    """All runs of the lists, as rows of `PostingList.table`, and what each counts; good as long as the lists are."""
    tables = [postings.table for postings, _ in lists]
    counts = [len(table) for table in tables]
    weights = np.repeat(np.array([weight for _, weight in lists], np.float64), np.array(counts, np.int64))
    return np.concatenate([NO_RUNS, *tables]), weights


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
