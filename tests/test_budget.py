"""How long a question may take, and how much it may ask for."""

import random

import pytest

from bot.archive.posting_lists import BLOCK
from bot.chat.screens import explained
from bot.chat.texts import LANGUAGES
from bot.models import Explanation
from bot.search import ParagraphIndex, budget, compiled, kernels, plain
from bot.search.asking import search_terms
from bot.search.explain import Explainer
from bot.search.query import MAX_LENGTH, MOST_RUNS, parse_query


@pytest.fixture
def clock(monkeypatch):
    """Time that passes only when a test says so; each look at it is a second where `ticking`."""

    class Clock:
        now, tick = 0.0, 0.0

        def perf_counter(self):
            self.now += self.tick
            return self.now

    made = Clock()
    monkeypatch.setattr(budget, "time", made)
    return made


def test_blocks_are_done_while_there_is_time(clock):
    assert list(budget.while_time(range(5))) == [0, 1, 2, 3, 4]
    clock.tick = 1
    with budget.limited(3.5):
        assert list(budget.while_time(range(9))) == [0, 1, 2, 3]
        assert budget.exceeded()
        assert list(budget.while_time(range(9))) == [0]
    assert not budget.exceeded()
    assert list(budget.while_time(range(5))) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "灯会 剪纸 红十字 救援队 现代化产业体系建设 公交延时运营 末班车推迟",
        "“灯会” -招聘 剪纸 现代化产业体系建设 公交延时运营 末班车推迟",
        "灯会|剪纸 现代化产业体系建设 公交延时运营 末班车推迟 红十字救援队",
        "灯会 最新 谁 现代化产业体系 红十字救援队 公交延时运营 末班车推迟",
    ],
)
def test_without_time_there_is_still_an_answer_and_it_says_that_it_is_not_all(engine, text):
    asked = parse_query(text)
    whole = engine.search(asked)
    with budget.limited(0):
        part = engine.search(asked)
    assert part.partial and not whole.partial
    assert 0 < part.total <= whole.total
    assert part.hits


def test_what_is_done_in_one_go_is_all_of_it(engine):
    asked = parse_query("灯会 剪纸")
    with budget.limited(0):
        found = engine.search(asked)
    assert not found.partial
    assert [hit.article.id for hit in found.hits] == [hit.article.id for hit in engine.search(asked).hits]


def test_the_rarest_word_is_looked_at_first(engine):
    with budget.limited(0):
        found = engine.search(parse_query("的 市 救援队"))
    assert found.hits[0].article.headline == "市红十字赈济救援队升级省级救援队"


def test_with_enough_time_nothing_is_left_out(engine):
    asked = parse_query("灯会 剪纸 红十字 救援队")
    with budget.limited(60):
        found = engine.search(asked)
    assert not found.partial
    assert [hit.article.id for hit in found.hits] == [hit.article.id for hit in engine.search(asked).hits]


def test_an_exclusion_holds_without_time_too(engine):
    whole = engine.search(parse_query("灯会 -剪纸", limit=50))
    with budget.limited(0):
        part = engine.search(parse_query("灯会 -剪纸", limit=50))
    assert {hit.article.id for hit in part.hits} <= {hit.article.id for hit in whole.hits}


@pytest.mark.parametrize("loops", [plain, compiled])
def test_blocks_are_gone_through_while_there_is_time(monkeypatch, loops):
    monkeypatch.setattr(kernels._KERNELS, "added_up", loops.added_up)
    index, positions = ParagraphIndex(), [plain.SPAN * BLOCK * number for number in (1, 2, 3)]
    index.add([(position, "红十字救援") for position in positions])
    assert index.match(search_terms("红十字救援")).positions.tolist() == positions
    with budget.limited(0):
        assert index.match(search_terms("红十字救援")).positions.tolist() == positions[:1]
        assert budget.exceeded()


def test_a_trend_says_that_it_is_not_all(engine):
    asked = parse_query("灯会 市红十字赈济救援队升级省级救援队")
    with budget.limited(0):
        assert engine.timeline(asked).partial
    assert not engine.timeline(asked).partial


def test_what_was_not_found_is_explained_for_no_longer_than_there_is_time(engine):
    searches = []
    search = engine.search
    engine.search = lambda asked: searches.append(asked) or search(asked)
    asked = parse_query(" ".join(f"量{chr(0x4E00 + i)}镜" for i in range(40)) + " 标题:望月")
    with budget.limited(0):
        Explainer(engine).search(asked)
    assert len(searches) <= 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reply_says_it(engine, language):
    with budget.limited(0):
        found = engine.search(parse_query("灯会 剪纸 红十字 救援队 现代化产业体系建设 公交延时运营 末班车推迟"))
    speech = LANGUAGES[language]
    reply = explained.results(found.query, found, Explanation(), {}, engine.archive.coverage(), speech)
    assert speech.partial in reply.html
    assert len({texts.partial for texts in LANGUAGES.values()}) == 3


@pytest.mark.parametrize("sign", ["-", "标题:", "记者:", "“"])
def test_conditions_beyond_the_bound_are_words(sign):
    closing = "”" if sign == "“" else ""
    text = " ".join(f"{sign}{chr(0x4E00 + i)}{closing}" for i in range(60))
    query = parse_query(text)
    runs = len(query.phrases) + len(query.without) + len(query.headline) + len(query.reporters)
    assert runs == MOST_RUNS
    assert query.words
    assert not any(char in query.words for char in "-:“”")


def test_alternatives_beyond_the_bound_are_words():
    query = parse_query("|".join(chr(0x4E00 + i) for i in range(60)))
    assert query.either == ()
    assert len(query.words.split()) == 60


def test_any_text_is_a_query_within_bounds():
    chance = random.Random(1)
    for _ in range(2000):
        text = "".join(chance.choice('-|“”"「」:标题记者版第 1天昨红十a\ufdfa\u202e\x00') for _ in range(300))
        query = parse_query(text)
        assert len(query.text) <= MAX_LENGTH
        runs = [*query.phrases, *query.without, *query.headline, *query.reporters]
        assert len(runs) + sum(map(len, query.either)) <= MOST_RUNS
