"""The loops over postings: the compiled ones find what numpy's find."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive.posting_lists import BLOCK, NARROW, Lengths, Packed, PostingList, Run
from bot.search import compiled, plain
from bot.search.sums import LEAST, Formula, Norms

SIZE = 2 * BLOCK + 700


CELLS = 90


@st.composite
def posting_lists(draw):
    """A list over three blocks, in runs of either width, two of a block among them; some paragraphs have no cell."""
    runs = []
    for block in range(3):
        for highest in draw(st.sampled_from([[], [CELLS], [NARROW + CELLS], [CELLS, NARROW + CELLS]])):
            held = draw(st.sets(st.integers(0, min(BLOCK, SIZE - block * BLOCK) - 1), min_size=1, max_size=40))
            drawn = np.random.default_rng(draw(st.integers(0, 99))).integers(-CELLS, CELLS, len(held))
            packed = Packed(np.array(sorted(held), np.int64), np.where(drawn > 0, highest - CELLS + drawn, 0))
            [part] = packed.parts([0, len(held)])
            runs.append(Run(block, *part, packed.wide))
    return PostingList(runs)


weighted = st.lists(st.tuples(posting_lists(), st.floats(0.01, 9)), max_size=5)


@pytest.fixture(scope="module")
def norms():
    drawn = np.random.default_rng(1)
    lengths = Lengths({}).followed_by(np.arange(SIZE, dtype=np.uint32), drawn.integers(1, 400, SIZE, np.uint32))
    rises = np.concatenate([[1.0], drawn.uniform(1, 2, NARROW + CELLS)])
    rises.flags.writeable = False
    return Norms(Formula(0.9, 0.4, 170.0), lengths, rises)


@settings(max_examples=60)
@given(weighted)
def test_summed(norms, lists):
    np.testing.assert_allclose(compiled.summed(lists, norms, SIZE), plain.summed(lists, norms, SIZE), atol=1e-12)


@settings(max_examples=60)
@given(weighted, st.sets(st.integers(0, SIZE - 1), max_size=50), st.data())
def test_added_to_candidates(norms, lists, others, data):
    held = np.flatnonzero(plain.summed(lists, norms, SIZE)).tolist()
    some = data.draw(st.sets(st.sampled_from(held))) if held else set()
    candidates = np.array(sorted(others | some), np.int64)
    ones, two = np.ones(len(candidates)), np.ones(len(candidates))
    compiled.add_to(ones, candidates, lists, norms)
    plain.add_to(two, candidates, lists, norms)
    np.testing.assert_allclose(ones, two, atol=1e-12)
    np.testing.assert_allclose(ones, 1 + plain.summed(lists, norms, SIZE)[candidates], atol=1e-12)


@settings(max_examples=100)
@given(weighted, st.none() | st.lists(posting_lists(), max_size=3), weighted, st.integers(1, 30), st.floats(0, 20))
def test_collected(norms, lists, marks, more, k, slack):
    sums = plain.summed(lists, norms, SIZE)
    if marks is not None:
        marked = np.zeros(SIZE, np.bool_)
        for one in marks:
            marked[one.numbers] = True
        sums *= marked
    sums += plain.summed(more, norms, SIZE) * (sums > 0)
    least = max(np.sort(sums)[-k] - slack, LEAST)
    wanted = np.flatnonzero(sums >= least)
    near = np.flatnonzero(np.abs(sums - least) < 1e-9)  # sums in another order may lie on the other side
    for collect in (compiled.collect, plain.collect):
        positions, scores = collect(lists, marks, more, norms, k, slack)
        assert set(wanted.tolist()) ^ set(positions.tolist()) <= set(near.tolist())
        np.testing.assert_allclose(scores, sums[positions], atol=1e-12)
