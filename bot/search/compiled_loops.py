"""The loops over postings, compiled by numba, which keeps them for the next process.

They stand in one file with all that they call: numba keeps a loop until the file changes that it stands in. So does who
changes a constant that is imported here: it is compiled in.
"""

import numba
import numpy as np
from numba.core import types
from numba.extending import intrinsic
from numba.np.numpy_support import carray

from bot.archive.posting_lists import BLOCK, MOST
from bot.search.sums import GRID, ROUNDING

_SCORES = types.float64[::1]
_INTEGERS = types.int64[::1]
_PARTS = types.int64[:, ::1]
_FORMULA = types.UniTuple(types.float64, 3)  # type: ignore[no-untyped-call]
_FLAGS = types.uint8[::1]
_STEPS = types.uint16[::1]
_OFFSETS = types.uint32[::1]
_LENGTHS = types.uint16[::1]
_RUN = types.UniTuple(types.int64, 6)  # type: ignore[no-untyped-call]
"""What `_run` gives."""

RUNS, RUN_COUNT, ONCE, ONCE_COUNT, TWICE, TWICE_COUNT, MORE, MORE_COUNT, BITS = range(9)
"""The columns of `rows_of`."""


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
_i8 = _pointer_to(types.int64)  # type: ignore[no-untyped-call]


@numba.njit(types.uint32(_LENGTHS, types.int64), cache=True, nogil=True)
def _length(of, offset):  # type: ignore[no-untyped-def]
    """The length of a paragraph, by those of its block as `Lengths` holds them."""
    length = types.uint32(of[offset])
    if length < MOST:
        return length
    return types.uint32(of[BLOCK + 2 * offset]) | types.uint32(of[BLOCK + 2 * offset + 1]) << types.uint32(16)


@numba.njit(types.float64(types.uint32, _FORMULA), cache=True, nogil=True)
def _norm(length, formula):  # type: ignore[no-untyped-def]
    """As `Formula.norm`."""
    return formula[1] + formula[2] * types.int32(length)  # the processor converts signed numbers


@numba.njit(types.float64(types.uint32, _FORMULA), cache=True, nogil=True)
def _once(length, formula):  # type: ignore[no-untyped-def]
    """As `Formula.once`, by the length."""
    return formula[0] / (_norm(length, formula) + 1)


@numba.njit(types.float64(types.float64, types.uint32, types.uint32, _FORMULA), cache=True, nogil=True)
def _weight(weight, frequency, length, formula):  # type: ignore[no-untyped-def]
    """What a term counts that is there so often, given what it counts once: as `rounded` of `Formula.rise`."""
    norm = _norm(length, formula)
    return weight * (types.int32(frequency) * (norm + 1) / (norm + types.int32(frequency))) + GRID - GRID


@numba.njit(types.int64(_INTEGERS, types.int64, types.int64), cache=True, nogil=True)
def _reached(part, at, block):  # type: ignore[no-untyped-def]
    """The first run of a part, from one on, that is of the block or of a later one."""
    runs = carray(_u4(part[RUNS]), 4 * part[RUN_COUNT])
    while at < part[RUN_COUNT] and runs[4 * at] < block:
        at += 1
    return at


@numba.njit(_RUN(_INTEGERS, types.int64, types.int64), cache=True, nogil=True)
def _run(part, at, block):  # type: ignore[no-untyped-def]
    """Where the postings of a run that was reached are, how many of each kind; none where it is of another block."""
    runs = carray(_u4(part[RUNS]), 4 * part[RUN_COUNT])
    if at == part[RUN_COUNT] or runs[4 * at] != block:
        return part[ONCE], 0, part[TWICE], 0, part[MORE], 0
    once, twice, more = types.int64(runs[4 * at + 1]), types.int64(runs[4 * at + 2]), types.int64(runs[4 * at + 3])
    n, n_twice, n_more = part[ONCE_COUNT] - once, part[TWICE_COUNT] - twice, part[MORE_COUNT] - more
    if at + 1 < part[RUN_COUNT]:
        n, n_twice = types.int64(runs[4 * at + 5]) - once, types.int64(runs[4 * at + 6]) - twice
        n_more = types.int64(runs[4 * at + 7]) - more
    return part[ONCE] + 2 * once, n, part[TWICE] + 2 * twice, n_twice, part[MORE] + 4 * more, n_more


@numba.njit(
    [types.int64(types.Array(number, 1, "C"), types.uint32) for number in (types.uint16, types.uint32)],
    cache=True,
    nogil=True,
)
def _first_from(postings, least):  # type: ignore[no-untyped-def]
    """The place of the first posting that is `least` or more."""
    low, high = 0, len(postings)
    while low < high:
        middle = (low + high) // 2
        if postings[middle] < least:
            low = middle + 1
        else:
            high = middle
    return low


@numba.njit(types.int64(_INTEGERS, types.int64, types.int64), cache=True, nogil=True)
def _bits(part, at, block):  # type: ignore[no-untyped-def]
    """The address of the bitmap of a run that was reached; 0 where it has none, or is of another block."""
    if part[BITS] == 0 or at == part[RUN_COUNT] or carray(_u4(part[RUNS]), 4 * part[RUN_COUNT])[4 * at] != block:
        return 0
    return carray(_i8(part[BITS]), part[RUN_COUNT])[at]


@numba.njit(types.uint32(_INTEGERS, types.uint32), cache=True, nogil=True)
def _frequency(dense, offset):  # type: ignore[no-untyped-def]
    """How often a paragraph has a term, by a bitmap and by postings of those that have it more than once.

    `dense` are the address of the bitmap, and addresses and counts of the kinds `twice` and `more`.
    """
    word = carray(_u8(dense[0]), BLOCK // 64)[offset >> types.uint32(6)]
    if not word >> types.uint64(offset & types.uint32(63)) & types.uint64(1):
        return types.uint32(0)
    more = carray(_u4(dense[3]), dense[4])
    at = _first_from(more, offset << types.uint32(16))
    if at < len(more) and more[at] >> types.uint32(16) == offset:
        return more[at] & types.uint32(0xFFFF)
    twice = carray(_u2(dense[1]), dense[2])
    at = _first_from(twice, offset)
    return types.uint32(1) + types.uint32(at < len(twice) and twice[at] == offset)


@numba.njit(types.float64(_SCORES, types.int64, types.float64), cache=True, nogil=True)
def _least(best, limit, near):  # type: ignore[no-untyped-def]
    """As `Wanted.least`."""
    return max(min(best[len(best) - limit], near * best[-1]), best[0])


@numba.njit(types.void(_SCORES, types.float64), cache=True, nogil=True)
def _insert(best, score):  # type: ignore[no-untyped-def]
    """Put a score that is above the lowest of the best, which ascend, in its place."""
    place = 0
    while place + 1 < len(best) and best[place + 1] < score:
        best[place] = best[place + 1]
        place += 1
    best[place] = score


@numba.njit(types.void(_STEPS, _RUN, types.int64), cache=True, nogil=True)
def _step(steps, run, place):  # type: ignore[no-untyped-def]
    """Let the paragraphs of a run go from a step to the next one."""
    for offset in carray(_u2(run[0]), run[1]):
        steps[offset] += steps[offset] == place
    for offset in carray(_u2(run[2]), run[3]):
        steps[offset] += steps[offset] == place
    for posting in carray(_u4(run[4]), run[5]):
        offset = posting >> types.uint32(16)
        steps[offset] += steps[offset] == place


@numba.njit(types.void(_FLAGS, _STEPS, _PARTS, _PARTS, types.int64), cache=True, nogil=True)
def _mark(flags, steps, parts, clauses, block):  # type: ignore[no-untyped-def]
    """Flag the paragraphs of a block that have all terms of a clause.

    A row of `clauses` says of a part of `parts` the place of its term in its clause, and how many terms that has; terms
    of a clause follow each other. `steps` are zero before and after.
    """
    for i in range(len(parts)):
        place, terms = clauses[i, 0], clauses[i, 1]
        run = _run(parts[i], _reached(parts[i], 0, block), block)
        if place < terms - 1:
            _step(steps, run, place)
        else:
            for offset in carray(_u2(run[0]), run[1]):
                flags[offset] |= steps[offset] == place
            for offset in carray(_u2(run[2]), run[3]):
                flags[offset] |= steps[offset] == place
            for posting in carray(_u4(run[4]), run[5]):
                flags[posting >> types.uint32(16)] |= steps[posting >> types.uint32(16)] == place
        if terms > 1 and place == terms - 1 and (i + 1 == len(parts) or clauses[i + 1, 0] == 0):
            steps[:] = 0


@numba.njit(
    types.int64(_SCORES, _OFFSETS, types.int64, _RUN, types.float64, _LENGTHS, _FORMULA),
    cache=True,
    nogil=True,
)
def _find(sums, touched, found, run, weight, of, formula):  # type: ignore[no-untyped-def]
    """Add a run to the sums of a block, of which those at `touched` are above zero; how many these are now."""
    for offset in carray(_u2(run[0]), run[1]):
        touched[found] = offset
        found += sums[offset] == 0.0
        sums[offset] += weight
    for offset in carray(_u2(run[2]), run[3]):
        touched[found] = offset
        found += sums[offset] == 0.0
        sums[offset] += _weight(weight, types.uint32(2), _length(of, offset), formula)
    for posting in carray(_u4(run[4]), run[5]):
        offset = posting >> types.uint32(16)
        touched[found] = offset
        found += sums[offset] == 0.0
        sums[offset] += _weight(weight, posting & types.uint32(0xFFFF), _length(of, offset), formula)
    return found


@numba.njit(types.void(_SCORES, _RUN, types.float64, _LENGTHS, _FORMULA), cache=True, nogil=True)
def _raise(sums, run, weight, of, formula):  # type: ignore[no-untyped-def]
    """Add a run to those sums of a block that are above zero."""
    for offset in carray(_u2(run[0]), run[1]):
        sums[offset] += weight * (sums[offset] > 0.0)
    for offset in carray(_u2(run[2]), run[3]):
        if sums[offset] > 0.0:
            sums[offset] += _weight(weight, types.uint32(2), _length(of, offset), formula)
    for posting in carray(_u4(run[4]), run[5]):
        offset = posting >> types.uint32(16)
        if sums[offset] > 0.0:
            sums[offset] += _weight(weight, posting & types.uint32(0xFFFF), _length(of, offset), formula)


@numba.njit(
    types.void(_SCORES, _OFFSETS, _INTEGERS, _SCORES, _SCORES, types.int64, _LENGTHS, _FORMULA),
    cache=True,
    nogil=True,
)
def _move(sums, offsets, positions, units, onces, base, of, formula):  # type: ignore[no-untyped-def]
    """Take sums out of a block."""
    for i in range(len(offsets)):
        positions[i], units[i], onces[i] = base + offsets[i], sums[offsets[i]], _once(_length(of, offsets[i]), formula)
        sums[offsets[i]] = 0.0


@numba.njit(
    types.int64(_SCORES, _OFFSETS, types.int64, _FLAGS, _STEPS, _PARTS, _PARTS, types.int64), cache=True, nogil=True
)
def _only_marked(sums, touched, found, flags, steps, marks, clauses, block):  # type: ignore[no-untyped-def]
    """Leave of the sums of a block, of which those at the first `found` of `touched` are above zero, what is marked.

    Returns:
        How many these are.
    """
    _mark(flags, steps, marks, clauses, block)
    marked = 0
    for i in range(found):
        offset = touched[i]
        touched[marked] = offset
        marked += flags[offset]
        sums[offset] *= flags[offset]
    flags[:] = 0
    return marked


@numba.njit(
    types.int64(
        *(_SCORES, _OFFSETS, _FLAGS, _STEPS, _PARTS, _SCORES, _INTEGERS, _PARTS, _PARTS, types.int64, types.float64),
        *(_INTEGERS, _FORMULA, _INTEGERS, _SCORES, _SCORES),
    ),
    cache=True,
    nogil=True,
)
def add_up(  # type: ignore[no-untyped-def]
    sums,
    touched,
    flags,
    steps,
    parts,
    weights,
    at,
    marks,
    clauses,
    block,
    enough,
    lengths,
    formula,
    positions,
    units,
    onces,
):
    """How many paragraphs of a block are found; `sums` to `steps` as in `collect`, `at` from block to block."""
    of, found, left = carray(_u2(lengths[block]), 3 * BLOCK), 0, 0
    for i in range(len(parts)):
        at[i] = _reached(parts[i], at[i], block)
        found = _find(sums, touched, found, _run(parts[i], at[i], block), weights[i], of, formula)
    if found and len(marks):
        found = _only_marked(sums, touched, found, flags, steps, marks, clauses, block)
    for i in range(found):
        offset = touched[i]
        touched[left] = offset
        left += sums[offset] >= enough
        sums[offset] *= sums[offset] >= enough
    _move(sums, touched[:left], positions, units, onces, block * BLOCK, of, formula)
    return left


@numba.njit(
    types.Tuple((types.int64, types.float64))(  # type: ignore[no-untyped-call]
        *(_SCORES, _OFFSETS, _PARTS, _SCORES, _INTEGERS, types.int64, _INTEGERS, _FORMULA),
        *(_SCORES, types.float64, types.int64, types.float64, _INTEGERS, _SCORES, _SCORES),
    ),
    cache=True,
    nogil=True,
)
def _complete(  # type: ignore[no-untyped-def]
    sums, touched, parts, weights, at, block, lengths, formula, best, least, limit, near, positions, units, onces
):
    """Add what is looked up to the sums of a block, and take out those that can be among the wanted.

    Args:
        sums: Of the block, zero afterwards.
        touched: Where they are above zero.
        parts: What is looked up.
        weights: What a term of each of them counts.
        at: The run of each of them that was reached; changed.
        block: The block.
        lengths: As in `collect`.
        formula: Likewise.
        best: The highest scores up to now, ascending; changed.
        least: What the wanted ones reach up to now.
        limit: As in `Wanted`.
        near: Likewise.
        positions: What is found is put here.
        units: Likewise.
        onces: Likewise.

    Returns:
        How many are found, and what the wanted ones reach now.
    """
    of, highest, left, found = carray(_u2(lengths[block]), 3 * BLOCK), _once(types.uint32(0), formula), 0.0, 0
    dense, counts, last = np.empty((len(parts), 5), np.int64), np.empty(len(parts)), 0
    for i in range(len(parts)):
        at[i] = _reached(parts[i], at[i], block)
        run, bits = _run(parts[i], at[i], block), _bits(parts[i], at[i], block)
        if bits:
            dense[last, 0], counts[last] = bits, weights[i]
            for j in range(4):
                dense[last, 1 + j] = run[2 + j]
            last += 1
            left += weights[i] * formula[0]
        else:
            _raise(sums, run, weights[i], of, formula)
    for offset in touched:
        unit = sums[offset]
        sums[offset] = 0.0
        if unit * highest + left < least:  # a paragraph's length is farther away than its sum
            continue
        once, rest, i = _once(_length(of, offset), formula), left, 0
        while i < last and unit * once + rest >= least:
            rest -= counts[i] * formula[0]
            frequency = _frequency(dense[i], offset)
            if frequency:
                unit += _weight(counts[i], frequency, _length(of, offset), formula)
            i += 1
        score = unit * once
        if i == last and score >= least:
            positions[found], units[found], onces[found] = block * BLOCK + offset, unit, once
            found += 1
            if score > best[0]:
                _insert(best, score)
                least = _least(best, limit, near) / (1 + ROUNDING)
    return found, least


@numba.njit(
    types.Tuple((_INTEGERS, _SCORES, _SCORES))(  # type: ignore[no-untyped-call]
        _INTEGERS, _SCORES, _SCORES, types.int64, types.float64
    ),
    cache=True,
    nogil=True,
)
def _reaching(positions, units, onces, count, least):  # type: ignore[no-untyped-def]
    """Those of the first `count` that reach a score."""
    stays = 0
    for i in range(count):
        positions[stays], units[stays], onces[stays] = positions[i], units[i], onces[i]
        stays += units[i] * onces[i] >= least
    return positions[:stays].copy(), units[:stays].copy(), onces[:stays].copy()


@numba.njit(
    types.Tuple((_INTEGERS, _SCORES, _SCORES))(  # type: ignore[no-untyped-call]
        *(_SCORES, _OFFSETS, _INTEGERS, _SCORES, _PARTS, _SCORES, _INTEGERS, _FORMULA),
        *(types.int64, types.int64, types.float64),
    ),
    cache=True,
    nogil=True,
)
def complete(sums, touched, candidates, before, parts, weights, lengths, formula, limit, most, near):  # type: ignore[no-untyped-def]
    """`sums` and `touched` as in `collect`; `candidates` ascend, and have `before`."""
    size = len(candidates)
    positions, units, onces, count = np.empty(size, np.int64), np.empty(size), np.empty(size), 0
    best, least, end, at = np.zeros(most), 0.0, 0, np.zeros(len(parts), np.int64)
    while end < size:
        start, block = end, candidates[end] // BLOCK
        while end < size and candidates[end] // BLOCK == block:
            touched[end - start] = candidates[end] % BLOCK
            sums[touched[end - start]] = before[end]
            end += 1
        found, least = _complete(
            *(sums, touched[: end - start], parts, weights, at, block, lengths, formula),
            *(best, least, limit, near, positions[count:], units[count:], onces[count:]),
        )
        count += found
    return _reaching(positions, units, onces, count, least)


@numba.njit(
    types.Tuple((_INTEGERS, _SCORES, _SCORES))(  # type: ignore[no-untyped-call]
        *(_SCORES, _OFFSETS, _FLAGS, _STEPS, _PARTS, _SCORES, _SCORES, _PARTS, _SCORES, _PARTS, _PARTS),
        *(_INTEGERS, _FORMULA, types.int64, types.int64, types.float64),
    ),
    cache=True,
    nogil=True,
)
def collect(  # type: ignore[no-untyped-def]
    sums,
    touched,
    flags,
    steps,
    parts,
    weights,
    left,
    others,
    counts,
    marks,
    clauses,
    lengths,
    formula,
    limit,
    most,
    near,
):
    """`sums`, `flags` and `steps` are of the offsets of a block, zero before and after; `touched` are offsets.

    `left` is what each list and all that follow it can add to a score, with all that is looked up, in the parts
    `others`.
    """
    positions, units, onces, count = np.empty(BLOCK, np.int64), np.empty(BLOCK), np.empty(BLOCK), 0
    best, least, finding = np.zeros(most), 0.0, len(parts)
    at, others_at = np.zeros(len(parts), np.int64), np.zeros(len(others), np.int64)
    for block in range(len(lengths)):
        of, found = carray(_u2(lengths[block]), 3 * BLOCK), 0
        # the last lists, which cannot lift a paragraph among the best all together, are added to what others find
        while finding and left[finding - 1] < least:
            finding -= 1
        for i in range(len(parts)):
            at[i] = _reached(parts[i], at[i], block)
        for i in range(finding):
            found = _find(sums, touched, found, _run(parts[i], at[i], block), weights[i], of, formula)
        if found and len(marks):
            found = _only_marked(sums, touched, found, flags, steps, marks, clauses, block)
        if found == 0:
            continue
        for i in range(finding, len(parts)):
            _raise(sums, _run(parts[i], at[i], block), weights[i], of, formula)
        # not in the loop over paragraphs, where numba would count references to arrays that may be others each time
        while count + found > len(positions):
            positions = np.concatenate((positions, np.empty_like(positions)))
            units, onces = np.concatenate((units, np.empty_like(units))), np.concatenate((onces, np.empty_like(onces)))
        found, least = _complete(
            *(sums, touched[:found], others, counts, others_at, block, lengths, formula),
            *(best, least, limit, near, positions[count:], units[count:], onces[count:]),
        )
        count += found
    return _reaching(positions, units, onces, count, least)
