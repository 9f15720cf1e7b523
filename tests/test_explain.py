"""What is proposed where nothing is found: only what a reader would know for words, and what really finds something."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.archive import Archive, ingest
from bot.paper.files import page_files
from bot.search import Engine, explain
from bot.search.explain import PROPOSALS, Explainer
from bot.search.query import parse_query
from bot.search.vocabulary import Vocabulary
from tests.conftest import PAGES, SEED

TODAY = date(2026, 1, 8)


@pytest.fixture(scope="module")
def explainer(library):
    archive = Archive(library / "newsbot.db")
    yield Explainer(Engine(archive))
    archive.close()


def asked(text):
    return parse_query(text, today=TODAY)


def proposals(explainer, text):
    _, why = explainer.search(asked(text))
    return [(proposal.query.text, proposal.articles) for proposal in why.proposals]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("洪石子", [("红十字", 1)]),
        ("高艳", [("高燕", 1)]),
        ("刘军义", [("刘俊义", 1)]),
        ("灯会 洪石子", [("灯会 红十字", 7)]),
        ("记者:高艳", [("记者:高燕", 1)]),
        ("“红十子”", [("“红十字”", 1)]),
        ("标题:灯会 红十字", [("标题:灯会", 6), ("红十字", 1)]),
        ("灯会 -大同 2027年", [("灯会 -大同", 6)]),
        ("供水-灯会 2026-01-04", [("供水-灯会", 7)]),
        ("量子-灯会 标题:红十字", [("量子-灯会", 6)]),  # and not -灯会
        ("2026年-量子 标题:灯会", [("2026年-量子", 2)]),  # and not all of 2026
        ("“红十字” 第9版", [("“红十字”", 1)]),
        ("“救援队红十字”", [("救援队红十字", 1)]),
        ("量子望远镜", []),
        ("灯会", []),
        ("算利", [("算力", 2)]),
        ("xyz", []),
        ("", []),
    ],
)
def test_what_is_offered(explainer, typed, offered):
    assert proposals(explainer, typed) == offered


@pytest.mark.parametrize("typed", ["hongshizi", "hsz", "HongShiZi", "hong shi zi", "hóngshízì"])
def test_pinyin_finds_where_nothing_else_does(explainer, typed):
    found, why = explainer.search(asked(typed))
    assert found.unknown == (typed,)
    assert why.spelled.new == "红十字"
    assert [hit.article.headline for hit in found.hits] == ["市红十字赈济救援队升级省级救援队"]


@pytest.mark.parametrize(
    ("typed", "word", "articles"),
    [("suanli", "算力", 2), ("suàn lì", "算力", 2), ("zhangqiang", "张强", 1), ("gongshizi", "红十字", 1)],
)
def test_words_that_no_dictionary_has_are_spelled_too(explainer, typed, word, articles):
    found, why = explainer.search(asked(typed))
    assert (why.spelled.query.text, found.total) == (word, articles)


def test_a_fragment_of_two_words_is_not_offered(explainer):
    assert "\n造工\n" in explainer._vocabulary.pairs()  # of 改造工程
    assert proposals(explainer, "造弓") == []


def test_no_more_is_searched_than_is_proposed(explainer, monkeypatch):
    searched, total = [], explainer._total
    monkeypatch.setattr(explain, "near", lambda *_: ["灯会", "太原", "红十字", "高燕", "大同", "救援"])
    monkeypatch.setattr(explainer, "_total", lambda query: searched.append(query.text) or total(query))
    assert [text for text, _ in proposals(explainer, "洪石子")] == ["灯会", "太原"]
    assert [text for text in searched if text] == ["灯会", "太原"]


def test_pinyin_of_several_words_is_spelled_word_by_word(explainer):
    found, why = explainer.search(asked("hongshizi jiuyuan"))
    assert (why.spelled.query.text, why.spelled.new) == ("红十字 救援", "红十字 救援")
    assert found.unknown == ("hongshizi jiuyuan",)
    assert found.total == 1


def test_pinyin_comes_never_before_what_is_printed(explainer):
    found, why = explainer.search(asked("灯会 hongshizi"))
    assert (found.total, found.unknown, why.spelled) == (6, ("hongshizi",), None)
    found, why = explainer.search(asked("记者:gaoyan 救援队"))
    assert why.spelled.query.text == "救援队 记者:高燕"
    assert [hit.article.reporters for hit in found.hits] == [("高燕",)]


@pytest.mark.parametrize(
    ("typed", "outside"),
    [("灯会 2025年", True), ("灯会 2027年", True), ("灯会 2026-02..", True), ("量子 2026年", False), ("量子", False)],
)
def test_days_outside_of_the_archive(explainer, typed, outside):
    assert explainer.search(asked(typed))[1].outside is outside


PIECES = st.sampled_from(
    [
        *("洪石子", "灯会", "高艳", "hsz", "量子", "“红十子”", "-大同", "-灯会", "标题:灯会"),
        *("记者:高艳", "第9版", "太原|哈尔滨", "2027年", "<b>", "“", "|"),
        *("昨天5", "2026年-量子", "1,280", "-9℃-灯会", "剪纸-灯会"),
    ]
)


@given(st.lists(PIECES, max_size=6).map(" ".join))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_proposal_finds_what_it_says(explainer, text):
    _, why = explainer.search(asked(text))
    assert len(why.proposals) <= PROPOSALS
    for proposal in why.proposals:
        again = parse_query(proposal.query.text, today=date(2031, 5, 5))  # days are resolved when they are proposed
        assert again == proposal.query
        assert explainer._engine.search(again).total == proposal.articles > 0


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("2026年1月5日的灯会", [("灯会 2026-01-05", 4)]),
        ("2026年1月5日灯会", []),
        ("2026年1月的-灯会", []),  # and not all that was printed then but 灯会
        ("2026年1月的", [("2026-01-01..2026-01-31", 12)]),
    ],
)
def test_days_that_are_text_are_offered_as_a_condition(explainer, typed, offered):
    found, why = explainer.search(parse_query(typed))
    assert found.total
    assert [(proposal.query.text, proposal.articles) for proposal in why.proposals] == offered


def test_an_empty_archive_offers_nothing(empty_archive):
    found, why = Explainer(Engine(empty_archive)).search(asked("hongshizi 2025年"))
    assert (found.total, why.spelled, why.proposals, why.outside) == (0, None, (), False)


def test_the_vocabulary_has_words_and_no_fragments(explainer):
    words = explainer._vocabulary.words().split()
    assert {"红十字", "高燕", "刘俊义", "灯会"} <= set(words)
    assert not {"字赈", "济救", "红", "2026", "规画"} & set(words)
    assert all(len(word) > 1 for word in words)


def test_an_answer_does_not_wait_long_for_the_words(archive, engine, monkeypatch):
    goes_on = Event()
    people = archive.people
    monkeypatch.setattr(archive, "people", lambda: goes_on.wait(20) and people())
    explainer = Explainer(engine, patience=0.05)
    found, why = explainer.search(parse_query("灯会 洪石子"))
    assert (found.total, found.unknown, why.proposals) == (6, ("洪石子",), ())
    goes_on.set()
    deadline = time.monotonic() + 20
    while not explainer.search(parse_query("灯会 洪石子"))[1].proposals:
        assert time.monotonic() < deadline


def test_words_that_cannot_be_collected_are_logged_and_tried_again(archive, engine, monkeypatch, caplog):
    with monkeypatch.context() as broken:
        broken.setattr(archive, "people", lambda: 1 / 0)
        vocabulary = Vocabulary(archive, engine.index)
        assert vocabulary.words() == ""
    assert "ZeroDivisionError" in caplog.text
    assert "红十字" in vocabulary.words().split()


def test_the_vocabulary_follows_the_archive(empty_archive):
    engine = Engine(empty_archive)
    vocabulary = Vocabulary(empty_archive, engine.index)
    assert vocabulary.words() == ""
    list(ingest(empty_archive, page_files([SEED, PAGES])))
    engine.refresh()
    deadline = time.monotonic() + 20
    while "红十字" not in vocabulary.words().split():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: vocabulary.words(), range(20)))) == 1


def test_an_explanation_is_quick_where_the_index_knows_a_million_terms(engine, monkeypatch):
    chance = random.Random(7)
    common = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    explainer = Explainer(engine)
    known = list(engine.archive.postings.terms())
    invented = ("".join(chance.choices(common, k=chance.choice((2, 2, 3)))) for _ in range(1_000_000))
    terms = [*known, *invented]
    monkeypatch.setattr(engine.archive.postings, "terms", lambda: iter(terms))
    explainer.warm_up()
    for text in ("洪石子", "hongshizi", "hsz", "灯会 -大同 2027年", "“红十子” 记者:高燕"):
        begin = time.process_time()
        found, why = explainer.search(asked(text))
        assert found.total or why.proposals
        assert time.process_time() - begin < 0.5, text
