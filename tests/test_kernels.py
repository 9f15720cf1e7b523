"""The loops over postings: the compiled ones find what numpy's find."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive.posting_lists import BLOCK, Lengths, Part, PostingList, later_run, packed
from bot.search import compiled, plain
from bot.search.sums import Asked, Formula, Found, Norms, Wanted

SIZE = 2 * BLOCK + 700


@st.composite
def posting_lists(draw):
    """A list over three blocks, in one part or in several; two may have pieces of one block."""
    held = draw(st.sets(st.integers(0, SIZE - 1) | st.integers(0, 300), max_size=60))
    numbers = np.array(sorted(held), np.int64)
    frequencies = np.random.default_rng(draw(st.integers(0, 99))).choice([1, 1, 2, 7, 0xFFFF], len(numbers))
    cuts = sorted(draw(st.sets(st.integers(0, len(numbers)), max_size=3)) | {0, len(numbers)})
    parts = []
    for a, b in pairwise(cuts):
        rows = [part for _, part in packed(numbers[a:b] // BLOCK, numbers[a:b] % BLOCK, frequencies[a:b])]
        if rows and draw(st.booleans()):  # one part of several runs
            rows = [together(rows)]
        parts += rows
    return PostingList(parts)


def together(parts):
    runs, once, more = b"", b"", b""
    for part in parts:
        runs += later_run(part.runs, len(once), len(more))
        once, more = once + part.once, more + part.more
    return Part(runs, once, more)


weighted = st.lists(st.tuples(posting_lists(), st.floats(0.01, 9)), max_size=4)


@pytest.fixture(scope="module")
def norms():
    drawn = np.random.default_rng(1)
    lengths = Lengths({}).followed_by(np.arange(SIZE, dtype=np.uint32), drawn.integers(1, 400, SIZE, np.uint32))
    return Norms(Formula(0.9, 0.4, 170.0), lengths)


def by_rank_bm25(lists, norms):
    """Units by the formula, list by list and paragraph by paragraph."""
    units, norm = np.zeros(SIZE), norms.formula.norm(norms.lengths.of(np.arange(SIZE)))
    for postings, weight in lists:
        once, more = postings.halves
        units[once] += weight
        frequencies = np.concatenate([np.frombuffer(part.more, "<u4") & 0xFFFF for part in postings.parts] or [more])
        units[more] += weight * frequencies * (norm[more] + 1) / (norm[more] + frequencies)
    return units


@settings(max_examples=60)
@given(weighted)
def test_added_up(norms, lists):
    wanted, once = by_rank_bm25(lists, norms), norms.once(np.arange(SIZE))
    for added_up in (compiled.added_up, plain.added_up):
        found = Found.of(added_up(lists, norms))
        assert found.positions.tolist() == np.flatnonzero(wanted).tolist()
        np.testing.assert_allclose(found.units, wanted[found.positions], atol=1e-9)
        np.testing.assert_allclose(found.once, once[found.positions], atol=1e-12)


def beyond_once(lists, norms):
    """What lists add to paragraphs that have the term more than once, less what it counts once."""
    units = by_rank_bm25(lists, norms)
    for postings, weight in lists:
        units[postings.numbers] -= weight
    return units


@settings(max_examples=60)
@given(weighted, weighted, weighted, st.sets(st.integers(0, SIZE - 1), max_size=50), st.data())
def test_added_to_candidates(norms, lists, dense, rest, others, data):
    wanted = by_rank_bm25([*lists, *dense], norms) + beyond_once(rest, norms)
    held = np.flatnonzero(wanted).tolist()
    some = data.draw(st.sets(st.sampled_from(held))) if held else set()
    candidates = np.array(sorted(others | some), np.int64)
    for add_to in (compiled.add_to, plain.add_to):
        units = np.ones(len(candidates))
        add_to(units, candidates, Asked(lists, dense, rest), norms)
        np.testing.assert_allclose(units, 1 + wanted[candidates], atol=1e-9)


@settings(max_examples=100)
@given(
    *(
        weighted,
        st.none() | st.lists(st.lists(posting_lists(), min_size=1, max_size=3), max_size=3),
        weighted,
        weighted,
    ),
    *(st.integers(1, 30), st.integers(0, 30), st.floats(0, 1)),
)
def test_collected(norms, lists, marks, dense, rest, limit, more, near):
    found = by_rank_bm25(lists, norms)
    if marks is not None:
        marked = np.zeros(SIZE, np.bool_)
        for clause in marks:
            marked |= np.logical_and.reduce([np.isin(np.arange(SIZE), one.numbers) for one in clause])
        found *= marked
    sums = (found + by_rank_bm25(dense, norms)) * (found > 0)
    once, wanted, asked = norms.once(np.arange(SIZE)), Wanted(limit, limit + more, near), Asked(lists, dense, rest)
    best = np.sort(sums * once)[-wanted.most :]
    scores, least = sums * once + asked.left * norms.formula.highest, wanted.least(best)
    must = np.flatnonzero((found > 0) & (scores >= least + 1e-6)).tolist()
    may = np.flatnonzero((found > 0) & (scores >= least - 1e-6)).tolist()
    for collect in (compiled.collect, plain.collect):
        positions, units, counts = collect(asked, marks, norms, wanted)
        assert set(must) <= set(positions.tolist()) <= set(may)
        assert len(set(positions.tolist())) == len(positions)
        np.testing.assert_allclose(units, sums[positions], atol=1e-9)
        np.testing.assert_allclose(counts, once[positions], atol=1e-12)
