"""The index: exact against rank-bm25, every piece found, kept in a file, changed while it is searched."""

import string
import threading
from itertools import pairwise

import numpy as np
import opencc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from rank_bm25 import BM25Plus

from bot.archive import hybrid_lists, posting_lists, schema
from bot.archive import postings as posting_rows
from bot.archive.database import Connections
from bot.archive.posting_lists import BLOCK, PostingList
from bot.archive.recent import gathered
from bot.search import ParagraphIndex, analyzer, bm25, cutting, kernels, lists
from bot.search import compiled as compiled_loops
from bot.search.characters import fold
from bot.search.query import search_terms

SCRIPTS = [None, *(opencc.OpenCC(name) for name in ("s2t", "s2tw", "s2hk", "t2s"))]
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def peer(texts):
    return BM25Plus([analyzer.paragraph_terms(text) for text in texts], k1=0.9, b=0.4, delta=0)


def test_scores_are_those_of_rank_bm25_on_real_paragraphs(seed_paragraphs):
    index, other = ParagraphIndex.from_texts(seed_paragraphs), peer(seed_paragraphs)
    for text in seed_paragraphs:
        terms = analyzer.paragraph_terms(text[:80])
        np.testing.assert_allclose(index.get_scores(terms), other.get_scores(terms), rtol=0, atol=1e-9)


def test_hits_are_the_best_of_an_exhaustive_scan(seed_paragraphs):
    index, other = ParagraphIndex.from_texts(seed_paragraphs), peer(seed_paragraphs)
    for question in ("红十字救援队", "现代化产业体系", "魏碑往事 演出", "经济工作会议"):
        scores = other.get_scores(analyzer.paragraph_terms(question))
        hits = index.search(question, limit=3)
        assert [hit.score for hit in hits] == pytest.approx(sorted(scores)[::-1][: len(hits)], abs=1e-9)
        assert [scores[hit.position] for hit in hits] == pytest.approx([hit.score for hit in hits], abs=1e-9)


class Changes(RuleBasedStateMachine):
    """After any sequence of additions and removals, the scores are those of an index made anew."""

    texts = st.text(alphabet="会议市红十字经济展演2026年GDPab ,。", max_size=12)

    @initialize()
    def begin(self):
        self.index = ParagraphIndex()
        self.held: dict[int, str] = {}
        self.ever = 0

    @rule(new=st.lists(texts, max_size=4))
    def add(self, new):
        self.index.add_texts(new)
        self.held |= dict(enumerate(new, self.ever))
        self.ever += len(new)

    @rule(skip=st.integers(0, 3), text=texts)
    def add_farther_on(self, skip, text):
        self.index.add([(self.ever + skip, text)])
        self.held[self.ever + skip] = text
        self.ever += skip + 1

    @rule(data=st.data())
    def remove(self, data):
        if self.held:
            position = data.draw(st.sampled_from(sorted(self.held)))
            self.index.remove([(position, self.held.pop(position))])

    @rule()
    def remove_what_is_not_there(self):
        self.index.remove([(self.ever + 5, "会议")])

    @invariant()
    def scores_agree(self):
        assert len(self.index) == len(self.held)
        if not any(analyzer.paragraph_terms(text) for text in self.held.values()):
            assert self.index.search("会议") == []
            return
        positions, other = sorted(self.held), peer([self.held[p] for p in sorted(self.held)])
        for terms in (["会议", "会", "市"], ["2026", "gdp", "gd", "a"]):
            mine = self.index.get_scores(terms)
            np.testing.assert_allclose(mine[positions], other.get_scores(terms), rtol=0, atol=1e-9)
            assert mine.sum() == pytest.approx(mine[positions].sum())


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)


@pytest.fixture(scope="module")
def seed_index(seed_paragraphs):
    return ParagraphIndex.from_texts(seed_paragraphs)


def pieces(text, first, length):
    """The piece of that many characters in the run of letters, digits and Han characters at a place of the text."""
    run = max((r for r in analyzer.run_spans(text) if r[0] <= first), default=None)
    return text[max(first, run[0]) : min(first + length, run[1])] if run else ""


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_every_piece_of_the_seed_finds_its_paragraph_in_either_script_and_width(data, seed_index, seed_paragraphs):
    position = data.draw(st.integers(0, len(seed_paragraphs) - 1))
    text = seed_paragraphs[position]
    piece = pieces(text, data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(1, 12)))
    if not piece:
        return
    if script := data.draw(st.sampled_from(SCRIPTS)):
        piece = script.convert(piece)
    if data.draw(st.booleans()):
        piece = piece.translate(WIDE).upper()
    assert position in [hit.position for hit in seed_index.search(piece, limit=len(seed_paragraphs))], piece


ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("大同市委经济工作会议谁什么时候吗的了画划后裡臺着著"),
        st.sampled_from(string.ascii_letters + string.digits + "ＡＢ８９"),
        st.sampled_from(" ,。:“”\n"),
        st.characters(categories=["L", "Nd"]),
    ),
    min_size=1,
    max_size=40,
)


@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=4), data=st.data())
@example(texts=["什么时候"], data=None)
@settings(max_examples=150, deadline=None)
def test_every_piece_of_any_text_finds_it(texts, data):
    index = ParagraphIndex.from_texts(texts)
    if data is None:
        assert index.search(texts[0])
        return
    position = data.draw(st.integers(0, len(texts) - 1))
    text = texts[position]
    piece = pieces(text, data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(1, 12)))
    if analyzer.run_spans(fold(piece)):
        assert position in [hit.position for hit in index.search(piece, limit=len(texts))], piece


@pytest.mark.parametrize("texts", [[], [""], ["。。。"], ["红十字救援队"], ["红十字", "红十字"]])
def test_small_archives_answer(texts):
    hits = ParagraphIndex.from_texts(texts).search("红十字")
    assert [hit.position for hit in hits] == [i for i, text in enumerate(texts) if "红十字" in text]
    assert all(hit.score > 0 for hit in hits)


def test_a_question_without_words_finds_nothing(seed_index):
    assert seed_index.search("") == seed_index.search("😀!?") == []


def test_numbers_match_whole_or_as_a_piece_and_not_by_a_common_half():
    index = ParagraphIndex.from_texts(["到2031年", "在2025年", "编号X2031Y"])
    assert sorted(hit.position for hit in index.search("2031年")) == [0, 2]
    assert [hit.position for hit in index.search("2099")] == []


def test_save_and_open(tmp_path, seed_paragraphs):
    made = ParagraphIndex.from_texts(seed_paragraphs)
    made.save(tmp_path / "index.db")
    opened = ParagraphIndex.open(tmp_path / "index.db")
    assert opened.search("红十字救援队") == made.search("红十字救援队")
    opened.add_texts(["红十字救援队来了"])
    again = ParagraphIndex.open(tmp_path / "index.db")
    assert len(seed_paragraphs) in [hit.position for hit in again.search("红十字救援队")]
    assert len(ParagraphIndex.open(tmp_path / "new.db")) == 0


@pytest.mark.parametrize(("row", "merge"), [(1, 1), (30, 1), (1, 3), (1 << 14, 1), (1 << 14, 2000)])
def test_lists_of_several_blocks_and_rows(monkeypatch, row, merge):
    monkeypatch.setattr(posting_rows, "ROW", row)
    monkeypatch.setattr(posting_rows, "MERGE", merge)
    draw, index, held = np.random.default_rng(row), ParagraphIndex(), {}
    words = ["红十字", "救援", "大桥", "会议会议", "字"]
    for position in np.sort(draw.choice(4 * BLOCK, 60, replace=False)).tolist():
        held[position] = ",".join(draw.choice(words, draw.integers(1, 6)))
        index.add([(position, held[position])])
    for _ in range(3):
        positions, terms = np.array(sorted(held)), ["红十", "字", "救援", "会议", "会"]
        scores = index.get_scores(terms)[positions]
        np.testing.assert_allclose(scores, peer([held[p] for p in positions.tolist()]).get_scores(terms), atol=1e-9)
        found = {hit.position for hit in index.search("救援", limit=100)}
        assert found == {p for p, text in held.items() if "救援" in text}
        gone = draw.choice(positions, 15, replace=False).tolist()
        index.remove([(position, held.pop(position)) for position in gone])


def test_positions_go_over_the_border_of_a_block():
    index = ParagraphIndex()
    index.add([(BLOCK - 1, "红十字"), (BLOCK, "红十字救援"), (3 * BLOCK + 7, "救援")])
    assert sorted(hit.position for hit in index.search("红十字 救援")) == [BLOCK - 1, BLOCK, 3 * BLOCK + 7]
    index.remove([(BLOCK, "红十字救援")])
    assert sorted(hit.position for hit in index.search("红十字 救援")) == [BLOCK - 1, 3 * BLOCK + 7]


def test_positions_must_ascend():
    index = ParagraphIndex.from_texts(["甲", "乙"])
    for wrong in ([(1, "丙")], [(5, "丙"), (5, "丁")], [(7, "丙"), (6, "丁")]):
        with pytest.raises(ValueError, match="must ascend from 2"):
            index.add(wrong)
    assert len(index) == 2


def test_clear(seed_paragraphs):
    index = ParagraphIndex.from_texts(seed_paragraphs)
    index.search("会议")
    index.clear()
    assert index.search("会议") == [] and len(index) == 0
    index.add_texts(["会议"])
    assert [hit.position for hit in index.search("会议")] == [0]


def test_an_index_of_another_analyzer_says_so(tmp_path, monkeypatch):
    ParagraphIndex.from_texts(["红十字"]).save(tmp_path / "index.db")
    assert not ParagraphIndex.open(tmp_path / "index.db").outdated
    monkeypatch.setattr(analyzer, "VERSION", "0")
    assert ParagraphIndex.open(tmp_path / "index.db").outdated


@pytest.mark.parametrize("in_file", [False, True])
def test_threads_search_while_another_adds(tmp_path, in_file, seed_paragraphs):
    index = ParagraphIndex.open(tmp_path / "index.db") if in_file else ParagraphIndex()
    index.add_texts(seed_paragraphs)
    wrong, done = [], threading.Event()

    def search():
        while not done.is_set():
            hits = index.search("红十字救援队", limit=1000)
            extra = [hit for hit in hits if hit.position >= len(seed_paragraphs)]
            if len(extra) % 10:  # ten are added at a time: all of them are seen, or none
                wrong.append(len(extra))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        index.add_texts(["红十字救援队"] * 10)
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(index.search("红十字救援队", limit=1000)) >= 100


@pytest.mark.parametrize("dense", [1, 100, hybrid_lists.DENSE])
@pytest.mark.parametrize("compiled", [False, True])
def test_the_best_are_exact_however_they_are_found(monkeypatch, seed_paragraphs, compiled, dense):
    monkeypatch.setattr(hybrid_lists, "DENSE", dense)
    monkeypatch.setattr(kernels, "_KERNELS", kernels.Kernels())
    if compiled:
        kernels._KERNELS.compile(wait=True)
        assert kernels._KERNELS.collect is compiled_loops.collect
    texts = (seed_paragraphs * (1 + 3000 // len(seed_paragraphs)))[:3000]  # each many times: ties
    index = ParagraphIndex()
    index.add_texts(texts[:2500])
    index.add_texts(texts[2500:])
    for question in ("红十字救援队在现场", "现代化产业体系的建设和发展", "经济工作会议上", "市"):
        terms = search_terms(question)
        exact = index.get_scores(terms.scored)
        for limit in (1, 7, 100, 5000):
            found = index.match(terms, limit=limit)
            by_score = sorted(found.positions.tolist(), key=lambda p: (-round(exact[p], 9), p))[:limit]
            for positions, scores in ((found.best, found.scores), index.best(terms, limit)):
                assert positions.tolist() == by_score
                np.testing.assert_allclose(scores, exact[by_score], rtol=0, atol=1e-9)
        best, scores = index.best(terms, 2, more=50, near=0.8)
        by_score = sorted(np.flatnonzero(exact).tolist(), key=lambda p: (-round(exact[p], 9), p))
        wanted = [p for i, p in enumerate(by_score[:50]) if i < 2 or exact[p] >= 0.8 * exact[by_score[0]]]
        assert best.tolist()[: len(wanted)] == wanted


@pytest.fixture(params=[False, True], ids=["numpy", "compiled"])
def loops(request, monkeypatch):
    """Each kind of loops."""
    monkeypatch.setattr(kernels, "_KERNELS", kernels.Kernels())
    if request.param:
        kernels._KERNELS.compile(wait=True)
    else:
        monkeypatch.setattr(kernels._KERNELS, "_asked", True)


def test_what_is_looked_up_holds_what_came_since_it_was_read(monkeypatch, loops):
    monkeypatch.setattr(posting_rows, "MERGE", 3)
    monkeypatch.setattr(hybrid_lists, "DENSE", 1)
    texts = ["红十字救援队在市中心", "市长在北京开会", "天气在变化"]
    index, terms = ParagraphIndex.from_texts(texts), search_terms("救援队")
    for new in ("这支救援队来自救灾的队伍，救救救", "队队"):
        for _ in range(3):
            best, scores = index.best(terms, 5)
            exact = peer(texts).get_scores(list(terms.scored))
            np.testing.assert_allclose(scores, exact[best], rtol=0, atol=1e-9)
        texts.append(new)
        index.add_texts([new])
    assert index.best(terms, 5)[0].tolist() == [3, 0]


def test_a_number_is_found_before_and_after_a_merge(monkeypatch, loops):
    monkeypatch.setattr(posting_rows, "MERGE", 2)
    index = ParagraphIndex.from_texts(["2031年的会议", "天气"])
    index.add_texts(["又到2031年"])
    assert sorted(hit.position for hit in index.search("2031")) == [0, 2]


def test_a_word_of_more_pairs_than_a_byte_counts_is_found(loops):
    signs = map(chr, (*range(0x2160, 0x2180), *range(0x3371, 0x33E0), *range(0xFB00, 0xFB07)))  # Ⅷ is viii, ㎉ is kcal
    long = [sign for sign in signs if fold(sign).isalpha() and fold(sign).isascii() and len(fold(sign)) > 1]
    others = map(chr, (*range(0x250, 0x2AF), *range(0x430, 0x450), *range(0x561, 0x587)))
    text = "".join(sign + other for sign, other in zip(long, others, strict=False))[:200]
    terms = search_terms(text)
    assert len(terms.clauses[0]) > 256
    index = ParagraphIndex.from_texts([text, text[:150], "红十字"])
    assert index.match(terms).positions.tolist() == index.best(terms)[0].tolist() == [0]


def test_recent_additions_are_gathered_in_few_batches(seed_paragraphs):
    index = ParagraphIndex()
    for text in seed_paragraphs[:21]:
        index.add_texts([text])
    with index._postings.snapshot() as snapshot:
        batches = list(snapshot.batches().values())
    few: tuple = ()
    for batch in batches:  # one by one, as they come, and all at once
        few = gathered([*few, batch])
    for found in (few, gathered(batches)):
        assert len(batches) == 21
        assert 1 <= len(found) <= 6
        assert all(len(a.paragraphs) >= 2 * len(b.paragraphs) for a, b in pairwise(found))
        assert [text for batch in found for text in batch.texts] == [text for batch in batches for text in batch.texts]
        for term in {term for batch in batches for term in batch.terms}:
            one, other = (
                PostingList(part for batch in several for part in batch.parts(term)) for several in (found, batches)
            )
            assert [kind.tolist() for kind in one.kinds] == [kind.tolist() for kind in other.kinds]
            assert sum(batch.frequency(term) for batch in found) == len(one)


def test_a_paragraph_of_any_length_is_found_and_goes(loops, monkeypatch):
    monkeypatch.setattr(posting_rows, "MERGE", 2)
    texts = ["红十字救援队" + "甲乙" * 20_000, "红十字救援队在市中心", "天气"]
    index = ParagraphIndex.from_texts(texts)
    assert index._state().total_length > 0xFFFF
    for _ in range(2):
        index.add_texts(["天气"])
        assert [hit.position for hit in index.search("红十字")] == [1, 0]
    index.remove([(0, texts[0])])
    assert [hit.position for hit in index.search("红十字")] == [1]
    assert index._state().total_length < 100


def test_those_near_the_first_are_told_though_none_was_asked_for(loops):
    index = ParagraphIndex.from_texts(["红十字救援队", "天气"])
    assert index.best(search_terms("红十字"), 0, more=5)[0].tolist() == [0]


def test_all_matches_are_told_above_the_floor_and_among_those_allowed(seed_index, seed_paragraphs):
    terms = search_terms("市委经济工作会议")
    partial = seed_index.get_scores([term for term in terms.scored if len(term) > 1])
    having = {p for clause in terms.clauses for p in seed_index.having(clause).tolist()}
    assert having and having == {p for p, t in enumerate(seed_paragraphs) if having_pair(t, terms)}
    assert seed_index.match(terms).positions.tolist() == sorted(having)
    best = max(partial[p] for p in having)
    whole = set.intersection(*(set(seed_index.having(clause).tolist()) for clause in terms.clauses))
    above = [p for p in sorted(having) if partial[p] >= 0.5 * best or p in whole]
    assert 0 < len(above) < len(having)
    assert seed_index.match(terms, floor=0.5).positions.tolist() == above
    found = seed_index.match(terms, allowed=lambda positions: positions == min(having))
    assert found.positions.tolist() == found.best.tolist() == [min(having)]
    np.testing.assert_allclose(seed_index.match(terms).partial, partial[sorted(having)], rtol=0, atol=1e-9)
    assert found.met == seed_index.match(terms).met == {c for c in terms.clauses if seed_index.having(c).size}


def test_a_long_paragraph_with_the_whole_question_is_above_any_floor():
    texts = ["红十字救援队" * 3, "大桥" * 2000 + "红十字,队,救援,字救,援队", "红十字" + "会议" * 40]
    index, terms = ParagraphIndex.from_texts(texts), search_terms("红十字救援队")
    partial = index.match(terms).partial
    assert partial[1] < 0.9 * partial.max() and partial[2] < 0.9 * partial.max()
    assert index.match(terms, floor=0.9).positions.tolist() == [0, 1]


def having_pair(text, terms):
    return any(set(clause) <= set(analyzer.paragraph_terms(text)) for clause in terms.clauses)


def test_frequencies_and_having(seed_index, seed_paragraphs):
    held = [set(analyzer.paragraph_terms(text)) for text in seed_paragraphs]
    for wanted in (["红十", "十字"], ["会", "议"], ["救援", "没有这个词"], ["会", "会"]):
        known = {term: sum(term in terms for terms in held) for term in wanted}
        assert seed_index.document_frequencies(wanted) == {t: n for t, n in known.items() if n}
        assert seed_index.having(wanted).tolist() == [i for i, terms in enumerate(held) if set(wanted) <= terms]


def test_texts_are_kept_as_the_index_spells_them(tmp_path):
    index = ParagraphIndex.from_texts(["紅十字", "救援", "大桥"])
    index.add([(5, "会议")])
    index.remove([(1, "救援")])
    index.save(tmp_path / "index.db")
    assert ParagraphIndex.open(tmp_path / "index.db").texts(range(9)) == {0: "红十字", 2: "大桥", 5: "会议"}


def test_a_paragraph_that_says_one_thing_all_the_time(loops):
    texts = ["会议" * n for n in (1, 2, 30, 400, 30_000)]
    index = ParagraphIndex.from_texts(texts)
    for _ in range(2):  # as a recent addition and merged
        mine = index.get_scores(["会议", "会"])[: len(texts)]
        np.testing.assert_allclose(mine, peer(texts).get_scores(["会议", "会"]), rtol=0, atol=1e-9)
        index.add_texts(["桥"])
        texts.append("桥")
        index.remove([(len(texts) - 1, texts.pop())])
    assert index.document_frequencies(["会议"]) == {"会议": 5}


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_a_merge_changes_no_score(data, seed_paragraphs):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_rows, "MERGE", data.draw(st.integers(1, 20)))
        index = ParagraphIndex()
        for text in seed_paragraphs[:40]:
            index.add_texts([text])
        terms = analyzer.paragraph_terms("红十字会议2026年")
        np.testing.assert_allclose(
            index.get_scores(terms), peer(seed_paragraphs[:40]).get_scores(terms), rtol=0, atol=1e-9
        )


def test_a_pile_is_merged_in_larger_pieces(monkeypatch, seed_paragraphs):
    monkeypatch.setattr(posting_rows, "MERGE", 4)
    monkeypatch.setattr(posting_rows, "PILE", 12)
    index, merged = ParagraphIndex(), []
    index.batch = 5
    texts, terms = (seed_paragraphs * 2)[:32], analyzer.paragraph_terms("红十字会议2026年")
    for start in range(0, len(texts), 5):
        index.add(list(enumerate(texts))[start : start + 5])
        with index._postings.snapshot() as snapshot:
            merged.append(snapshot.state.merged == snapshot.state.generation)
        np.testing.assert_allclose(index.get_scores(terms), peer(texts[: start + 5]).get_scores(terms), atol=1e-9)
    assert merged == [False, False, True, False, False, True, False]  # the last one, of two, is no batch


def test_lists_that_are_asked_for_again_stay_in_memory_and_no_more_than_there_is_room_for():
    posting_list = posting_lists.PostingList(
        part for _, part in posting_lists.packed(np.zeros(900, np.int64), np.arange(900), np.ones(900, np.int64))
    )
    kept = lists.BoundedLists(20 * posting_list.nbytes)

    def ask(term):
        if found := kept.get((term, posting_lists.PostingList)) is None:
            kept.put((term, posting_lists.PostingList), posting_list)
        return not found

    asked_once = iter(range(1000))
    assert [ask("市"), ask("市"), ask("年")] == [False, True, False]
    for _ in range(10):
        assert [ask(f"{next(asked_once)}") for _ in range(10)] == [False] * 10
        assert ask("市")
    assert not ask("年")
    for _ in range(2):  # all of these again, so that not all that are asked for again have room
        hits = [ask(f"{n}") for n in range(500, 519)]
    assert hits == [True] * 19
    assert not all(ask(f"{n}") for n in [*range(500, 560)] * 2)
    assert 18 * posting_list.nbytes <= kept.nbytes <= 20 * posting_list.nbytes


def test_nothing_of_a_pile_is_left_to_merge(monkeypatch, seed_paragraphs):
    monkeypatch.setattr(posting_rows, "MERGE", 4)
    monkeypatch.setattr(posting_rows, "PILE", 12)
    monkeypatch.setattr(bm25, "BATCH", 4)
    index = ParagraphIndex.from_texts(seed_paragraphs[:20])
    with index._postings.snapshot() as snapshot:
        assert snapshot.state.merged == snapshot.state.generation


def test_rank_bm25s_other_methods(seed_index, seed_paragraphs):
    terms, other = analyzer.paragraph_terms("红十字救援队"), peer(seed_paragraphs)
    assert seed_index.corpus_size == len(seed_paragraphs)
    assert seed_index.get_batch_scores(terms, [3, 1]) == pytest.approx(other.get_batch_scores(terms, [3, 1]))
    assert seed_index.get_top_n(terms, seed_paragraphs, 1) == other.get_top_n(terms, seed_paragraphs, 1)
    with pytest.raises(ValueError, match="one document for each"):
        seed_index.get_top_n(terms, ["甲"])


def test_other_processes_cut_the_same(monkeypatch, seed_paragraphs):
    here = list(cutting.analyzed(iter(seed_paragraphs)))
    monkeypatch.setattr(cutting, "MANY", 5)
    monkeypatch.setattr(cutting.threading, "active_count", lambda: 1)
    monkeypatch.setattr(cutting.os, "cpu_count", lambda: 2)
    assert list(cutting.analyzed(iter(seed_paragraphs))) == here


@pytest.mark.parametrize("next_form", ["postings_with_cells", "postings_of_once_apart", "postings_of_twice_apart"])
def test_the_index_of_an_older_schema_is_made_anew(tmp_path, next_form):
    connections = Connections(tmp_path / "old.db")
    with connections.writing() as db:
        schema.migrations.apply(db, stop_before=next_form)
        db.execute("UPDATE posting_state SET analyzer = '1', size = 9, next = 9")
    connections.close()
    index = ParagraphIndex.open(tmp_path / "old.db")
    assert (len(index), index.next, index.outdated) == (0, 0, False)
    index.add([(4, "红十字")])
    assert [hit.position for hit in index.search("红十字")] == [4]
