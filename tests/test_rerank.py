"""The second stage: what stands together and answers goes before what is scattered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import ParagraphIndex, compiled_features
from bot.search.cues import answering
from bot.search.features import features_plainly
from bot.search.query import search_terms
from bot.search.rerank import _sentences, rerank

TOGETHER = "大桥全长三百米。该桥于2019年5月建成通车。沿线居民出行方便。"
SCATTERED = "大桥很长。建成的公园对市民开放。通车的公路有三条。大桥大桥。"


def order(question, *texts):
    terms = search_terms(question)
    scores = rerank(
        question,
        terms,
        dict.fromkeys([p for ps in terms.needles.values() for p in ps], 1.0),
        [(10.0, text) for text in texts],
    )
    return sorted(range(len(texts)), key=lambda i: -scores[i])


def test_what_stands_together_goes_before_what_is_scattered():
    assert order("建成通车", SCATTERED, TOGETHER) == [1, 0]


def test_of_two_alike_the_one_that_holds_what_is_asked_for():
    texts = ["大桥建成通车,市民欢喜。", "大桥2019年5月建成通车。"]
    assert order("大桥什么时候建成通车", *texts) == [1, 0]


LONG = "市民们纷纷前来参观,并且对展品给予了很高的评价,表示今后还要多来看看这样的好展览。" * 5


@pytest.mark.parametrize(
    ("question", "worse", "better"),
    [
        ("红十字救援队", "救援由红十字负责,有队伍三支。", f"{LONG}红十字救援队来到现场。"),
        ("紅十字救援隊", "救援由红十字负责,有队伍三支。", f"{LONG}红十字救援队来到现场。"),
        ("灯会 煤矿 供水", "煤矿供水。", f"灯会开幕。{LONG}煤矿送来花灯,供水有保障。"),
    ],
)
def test_short_words_that_stand_whole_go_before_pieces_of_them_and_more_before_fewer(question, worse, better):
    index = ParagraphIndex.from_texts([worse, better, *(f"第{i}项工作稳步推进。" for i in range(30))])
    assert index.best(search_terms(question), 2)[0].tolist() == [0, 1]
    assert [hit.position for hit in index.search(question, 2)] == [1, 0]


@pytest.mark.parametrize("candidates", [[], [(1.0, "")], [(0.5, "。。"), (0.4, "大桥")]])
def test_any_paragraphs_have_scores_above_those_that_follow(candidates):
    scores = rerank("大桥", search_terms("大桥"), {}, candidates)
    assert len(scores) == len(candidates)
    assert all(candidates[0][0] <= score <= 2 * candidates[0][0] for score in scores)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("大桥什么时候通车", "2019年"),
        ("大橋何時通車", "近日"),
        ("大桥多长", "3公里"),
        ("谁主持会议", "由·张主持"),
        ("大桥位于哪里", "位于城南"),
        ("大桥又叫什么", "又名铁桥"),
        ("为什么修桥", "由于水急"),
        ("大桥啥时候通车", "2月3日"),
        ("大桥啥时通车", "2月3日"),
        ("大橋甚麼時候通車", "2月3日"),
        ("大桥几时通车", "本周六"),
        ("大桥什么时候通车", "下周一"),
        ("大桥什么时候通车", "明天"),
        ("大桥什么时候通车", "元宵节"),
        ("大桥什么时候通车", "正月十五"),
        ("大桥什么时候通车", "二月三日"),
        ("大桥什么时候通车", "上午九点"),
        ("灯会在哪", "在文瀛公园举办"),
        ("灯会在哪办", "在东门广场举办"),
        ("哪能看灯会", "在迎泽大街"),
        ("灯会在哪里", "在体育馆举办"),
        ("局长是哪里人", "江苏宜兴人,"),
    ],
)
def test_what_a_question_asks_for(question, answer):
    assert any(cue.search(answer) for cue in answering(question))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("灯会在哪里办", "备受市民关注。"),
        ("灯会在哪一年办", "在东门广场举办。"),
        ("灯会在哪些日子办", "在东门广场举办。"),
    ],
)
def test_what_it_does_not_ask_for(question, text):
    assert not any(cue.search(text) for cue in answering(question))


def test_a_word_asks_for_nothing():
    assert not answering("红十字救援队")


def test_the_index_answers_with_both_stages():
    index = ParagraphIndex.from_texts([SCATTERED, TOGETHER])
    assert [hit.position for hit in index.search("建成通车")] == [1, 0]


@given(
    st.lists(st.text('大桥建成通车2019年。!"”，的𠀀', max_size=40), min_size=1, max_size=6),
    st.sampled_from(["大桥什么时候建成通车", "2019年的大桥", "通车", "𠀀桥", "车"]),
)
def test_the_compiled_loops_see_what_numpy_sees(texts, question):
    terms = search_terms(question)
    needles = {needle: float(i) for i, needle in enumerate(terms.needles, 1)}
    characters = {char: float(i) for i, char in enumerate(dict.fromkeys("".join(terms.words)), 1)}
    seen = _sentences(texts, needles, characters, answering(question))
    np.testing.assert_allclose(compiled_features.features(seen), features_plainly(seen), rtol=0, atol=1e-12)
