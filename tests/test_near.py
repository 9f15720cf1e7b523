"""Names near to what was typed, by character, by sound and by pinyin."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search.near import near, pinyin_matches

NAMES = "\n".join(
    [
        *(
            "红十字",
            "红十字会",
            "高燕",
            "高原",
            "魏碑往事",
            "经济工作",
            "救援队",
            "重庆",
            "西安",
            "先",
            "绿地",
            "旅顺",
            "算力",
        ),
        *("单田", "大同", "太原", "刘俊义", "女儿", "银行", "行走", "长城", "GPT4"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("红十子", "红十字"),
        ("紅十子", "红十字"),
        ("洪石子", "红十字"),
        ("红十字绘", "红十字会"),
        ("高艳", "高燕"),
        ("魏碑网事", "魏碑往事"),
        ("魏碑往", "魏碑往事"),
        ("魏碑的往事", "魏碑往事"),
        ("魏碑旧事", "魏碑往事"),
        ("经济工做", "经济工作"),
        ("刘军义", "刘俊义"),
        ("就援队", "救援队"),
        ("众庆", "重庆"),
        ("虫庆", "重庆"),
        ("昌城", "长城"),
        ("善田", "单田"),
        ("GPT5", "GPT4"),
    ],
)
def test_the_name_that_was_meant_is_the_nearest(typed, meant):
    assert near(typed, NAMES)[0] == meant


@pytest.mark.parametrize(
    "typed", ["", "高", "高山", "高燕", "红十字", "量子望远镜", "大桥", "字" * 21, ".*", "[", "a\nb"]
)
def test_nothing_is_near_to_itself_to_little_or_to_something_else(typed):
    assert typed not in (found := near(typed, NAMES)) and set(found) <= {"红十字会"}


@pytest.mark.parametrize(
    ("typed", "other"),
    [("臺灣", "大湾"), ("台湾", "一方"), ("搜索", "少数"), ("搜索", "小说"), ("不同", "否同"), ("石山", "单山")],
)
def test_readings_that_nobody_uses_make_nothing_near(typed, other):
    assert near(typed, other) == []


def test_nearer_names_first_then_the_given_order_up_to_the_limit():
    names = "红十分\n红十字会\n红实字\n红时字"
    assert near("红十字", names) == ["红实字", "红时字", "红十分"]
    assert near("红十字", names, limit=1) == ["红实字"]


@pytest.mark.parametrize(
    ("latin", "found"),
    [
        ("hongshizi", ["红十字"]),
        ("Hong Shi Zi", ["红十字"]),
        ("hóngshízì", ["红十字"]),
        ("hsz", ["红十字"]),
        ("HSZ", ["红十字"]),
        ("hszh", ["红十字会"]),
        ("hongshizihui", ["红十字会"]),
        ("gaoyan", ["高燕"]),
        ("gy", ["高燕", "高原"]),
        ("weibeiwangshi", ["魏碑往事"]),
        ("chongqing", ["重庆"]),
        ("cq", ["重庆"]),
        ("xi'an", ["西安"]),
        ("xian", ["西安", "先"]),
        ("yinhang", ["银行"]),
        ("xingzou", ["行走"]),
        ("lvdi", ["绿地"]),
        ("lǚshùn", ["旅顺"]),
        ("nver", ["女儿"]),
        ("nü er", ["女儿"]),
        ("红shizihui", ["红十字会"]),
        ("紅szh", ["红十字会"]),
        ("大hongshizihui", []),
        ("suanl", []),
        ("a", []),
        ("", []),
        ("gao.yan", []),
        ("红十字", []),
        ("a" * 5000, []),
    ],
)
def test_pinyin_finds_the_name(latin, found):
    assert sorted(pinyin_matches(latin, NAMES)) == sorted(found)


def test_names_that_are_too_long_are_not_looked_for():
    assert pinyin_matches("gy", "高燕\n广安南", longest=2) == ["高燕"]
    assert pinyin_matches("hongshizi", NAMES, longest=2) == []


def test_readings_that_are_rare_spell_where_they_are_asked_for():
    assert pinyin_matches("zhangqiang", "掌控\n张强") == ["张强"]
    assert pinyin_matches("daifu", "大夫") == []
    assert pinyin_matches("daifu", "大夫", rarely=True) == ["大夫"]


def test_names_spelled_in_full_stand_first():
    assert pinyin_matches("gan", "广安南\n干\n敢") == ["干", "敢", "广安南"]
    assert pinyin_matches("gy", NAMES, limit=1) == ["高燕"]


@given(st.text(max_size=30), st.lists(st.text(max_size=6), max_size=8))
@settings(max_examples=200, deadline=None)
def test_any_text_may_be_asked_for(text, names):
    assert len(near(text, "\n".join(names))) <= 3
    assert len(pinyin_matches(text, "\n".join(names))) <= 10


def test_a_large_vocabulary_takes_no_time_that_a_reader_notices():
    chance = random.Random(7)
    common = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    words = ["".join(chance.choices(common, k=chance.choice((2, 2, 3, 3, 4, 6)))) for _ in range(200_000)]
    names = "\n".join(words)
    near("红十字", names[:10])
    for ask, text in (
        (near, "红十子"),
        (near, "魏碑网事"),
        (pinyin_matches, "hongshizi"),
        (pinyin_matches, "shishishi"),
    ):
        begin = time.process_time()
        ask(text, names)
        assert time.process_time() - begin < 0.6, text  # half of it on a machine that does nothing else
