"""The loops over postings: the compiled ones find what numpy's find."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive import hybrid_lists
from bot.archive.hybrid_lists import HybridList
from bot.archive.posting_lists import BLOCK, Lengths, Part, PostingList, later_run, packed
from bot.search import compiled, plain
from bot.search.sums import Asked, Formula, Found, Norms, Wanted, rounded

SIZE = 2 * BLOCK + 700


@st.composite
def posting_lists(draw):
    """A list over three blocks, in one part or in several; two may have pieces of one block."""
    held = draw(st.sets(st.integers(0, SIZE - 1) | st.integers(0, 300), max_size=60))
    numbers = np.array(sorted(held), np.int64)
    frequencies = np.random.default_rng(draw(st.integers(0, 99))).choice([1, 1, 2, 2, 7, 0xFFFF], len(numbers))
    cuts = sorted(draw(st.sets(st.integers(0, len(numbers)), max_size=3)) | {0, len(numbers)})
    parts = []
    for a, b in pairwise(cuts):
        rows = [part for _, part in packed(numbers[a:b] // BLOCK, numbers[a:b] % BLOCK, frequencies[a:b])]
        if rows and draw(st.booleans()):  # one part of several runs
            rows = [together(rows)]
        parts += rows
    return PostingList(parts)


def together(parts):
    runs, kinds = b"", (b"", b"", b"")
    for part in parts:
        runs += later_run(part.runs, *map(len, kinds))
        kinds = tuple(held + new for held, new in zip(kinds, part[1:], strict=True))
    return Part(runs, *kinds)


weights = st.floats(0.01, 9).map(rounded)
weighted = st.lists(st.tuples(posting_lists(), weights), max_size=4)
dense = st.sampled_from([1, 5, BLOCK])
"""Postings in a block from which on there is a bitmap."""
spans = st.sampled_from([1, 2, plain.SPAN])
"""Blocks that numpy adds up together."""


def in_spans(loop, blocks, *given):
    """What a loop finds, numpy's in spans of so many blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "SPAN", blocks)
        found = loop(*given)
        return found if isinstance(found, Found) else Found.of(found)


def for_look_ups(lists, dense):
    """Lists for look-ups; the last part is a recent addition."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hybrid_lists, "DENSE", dense)
        merged = [HybridList.of(PostingList(one.parts[:-1])).condensed() for one, _ in lists]
        assert sum(len(one.table) for one in merged) >= 0  # asked before the last part came
        made = [(one.followed_by(of.parts[-1:]), weight) for one, (of, weight) in zip(merged, lists, strict=True)]
    assert [len(one) for one, _ in made] == [len(one) for one, _ in lists]
    return made


@pytest.fixture(scope="module", params=[400, 80_000])
def norms(request):
    """Of paragraphs up to a length; from 65,536 terms on, lengths are kept in another way."""
    drawn = np.random.default_rng(1)
    lengths = Lengths().followed_by(np.arange(SIZE, dtype=np.uint32), drawn.integers(1, request.param, SIZE, np.uint32))
    return Norms(Formula(0.9, 0.4, 170.0), lengths)


def by_rank_bm25(lists, norms):
    """Units by the formula, list by list and paragraph by paragraph."""
    units, norm = np.zeros(SIZE), norms.formula.norm(norms.lengths.of(np.arange(SIZE)))
    for postings, weight in lists:
        once, twice, more = postings.kinds
        units[once] += weight
        units[twice] += weight * 2 * (norm[twice] + 1) / (norm[twice] + 2)
        frequencies = np.concatenate([np.frombuffer(part.more, "<u4") & 0xFFFF for part in postings.parts] or [more])
        units[more] += weight * frequencies * (norm[more] + 1) / (norm[more] + frequencies)
    return units


clauses = st.none() | st.lists(st.lists(posting_lists(), min_size=1, max_size=3), max_size=3)


def marked(marks):
    """By paragraph, whether it matches."""
    found = np.full(SIZE, marks is None)
    for clause in marks or ():
        found |= np.logical_and.reduce([np.isin(np.arange(SIZE), one.numbers) for one in clause])
    return found


@settings(max_examples=60)
@given(weighted, clauses, st.floats(0, 20), spans)
def test_added_up(norms, lists, marks, enough, span):
    wanted, once = by_rank_bm25(lists, norms) * marked(marks), norms.once(np.arange(SIZE))
    wanted *= wanted >= enough
    for added_up in (compiled.added_up, plain.added_up):
        found = in_spans(added_up, span, lists, marks, norms, lambda: enough)
        found = found.where(np.argsort(found.positions))
        assert found.positions.tolist() == np.flatnonzero(wanted).tolist()
        np.testing.assert_allclose(found.units, wanted[found.positions], atol=1e-9)
        np.testing.assert_allclose(found.once, once[found.positions], atol=1e-12)


wanted_ones = st.builds(
    lambda limit, more, near: Wanted(limit, limit + more, near), st.integers(1, 30), st.integers(0, 30), st.floats(0, 1)
)


def holds_the_wanted(found, scores, sums, wanted):
    """What is found has all that are wanted, each once, with its sum; by an exhaustive scan."""
    least = wanted.least(np.sort(scores)[-wanted.most :])
    must = np.flatnonzero((scores > 0) & (scores >= least + 1e-6)).tolist()
    assert set(must) <= set(found.positions.tolist())
    assert len(set(found.positions.tolist())) == len(found.positions)
    np.testing.assert_allclose(found.units, sums[found.positions], atol=1e-9)
    np.testing.assert_allclose(found.units * found.once, scores[found.positions], atol=1e-9)


@settings(max_examples=100)
@given(weighted, clauses, weighted, dense, wanted_ones, spans)
def test_collected(norms, lists, marks, others, dense, wanted, span):
    found = by_rank_bm25(lists, norms) * marked(marks)
    sums = (found + by_rank_bm25(others, norms)) * (found > 0)
    scores, asked = sums * norms.once(np.arange(SIZE)), Asked(lists, for_look_ups(others, dense))
    for collect in (compiled.collect, plain.collect):
        holds_the_wanted(in_spans(collect, span, asked, marks, norms, wanted), scores, sums, wanted)


@settings(max_examples=60)
@given(weighted, weighted, dense, wanted_ones, spans)
def test_completed(norms, lists, others, dense, wanted, span):
    found = by_rank_bm25(lists, norms)
    sums, once = (found + by_rank_bm25(others, norms)) * (found > 0), norms.once(np.arange(SIZE))
    at = np.flatnonzero(found)
    for complete in (compiled.complete, plain.complete):
        some = in_spans(complete, span, Found(at, found[at], once[at]), for_look_ups(others, dense), norms, wanted)
        holds_the_wanted(some, sums * once, sums, wanted)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(1, 0xFFFF), weights), min_size=1, max_size=50), st.randoms())
def test_sums_are_the_same_in_any_order(norms, added, random):
    rises = norms.formula.rise(np.array([frequency for frequency, _ in added], np.float64), np.float64(1.3))
    counted = rounded(rises * np.array([weight for _, weight in added])).tolist()
    total = sum(counted)
    random.shuffle(counted)
    assert sum(counted) == total
