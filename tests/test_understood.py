"""How a query is told in words, in each language."""

from datetime import date
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.chat.house import today
from bot.chat.texts import LANGUAGES
from bot.chat.texts.understood import conditional, describe
from bot.models import Query, Reader, Sort
from bot.search import days
from bot.search.query import parse_query

TODAY = date(2026, 11, 24)  # a Tuesday
ZH_HANS = LANGUAGES["zh-Hans"]


def parsed(text: str) -> Query:
    return parse_query(text, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("算力 -招聘 2026年1月", "含 算力，不含 招聘，2026年1月"),
        ("算力　－招聘　２０２６年１月", "含 算力，不含 招聘，2026年1月"),
        ("红十字 救援队", "含 红十字 救援队"),
        ("谁主持了市委经济工作会议？", "含 谁主持了市委经济工作会议？"),
        ("“红十字会” 救援", "含 救援，含“红十字会”"),
        ('"红十字会" 救援', "含 救援，含“红十字会”"),
        ("＂红十字会＂ 「救援队」 『省级』", "含“红十字会”，含“救援队”，含“省级”"),
        ("”红十字 救援“", "含“红十字 救援”"),
        ("「红十字」救援队?", "含 救援队?，含“红十字”"),
        ("-“招聘 启事” 灯会", "含 灯会，不含 招聘 启事"),
        ("太原|大同 灯会", "含 灯会，含 太原 或 大同"),
        ("灯会 太原 ｜ 大同 ｜ “晋 中”", "含 灯会，含 太原 或 大同 或 晋 中"),
        ("太原 或 大同 灯会", "含 灯会，含 太原 或 大同"),
        ("标题:算力", "标题含 算力"),
        ("標題：「算力 中心」 記者：高燕", "标题含 算力 中心，记者 高燕"),
        ("记者: 高燕 记者:王芳", "记者 高燕 或 王芳"),
        ("版:3 灯会", "含 灯会，第3版"),
        ("版：０３ 第四版 第05版", "第3、4、5版"),
        ("灯会 昨天", "含 灯会，2026年11月23日"),
        ("灯会 2026-01-05..2026-01-09", "含 灯会，2026年1月5日至2026年1月9日"),
        ("2026年 灯会 1月5日", "含 灯会，2026年1月5日"),
        ("2026-01.. 灯会", "含 灯会，2026年1月1日起"),
        ("..2026-01-05 灯会", "含 灯会，2026年1月5日止"),
        ("", ""),
    ],
)
def test_a_query_is_told_in_words(typed, meant):
    assert describe(parsed(typed), ZH_HANS) == meant


def test_the_order_is_told_unless_it_is_by_relevance():
    assert describe(parse_query("算力", sort=Sort.NEWEST), ZH_HANS) == "含 算力，按时间"
    assert describe(parse_query("算力", sort=Sort.OLDEST), ZH_HANS) == "含 算力，从旧到新"
    assert describe(Query("算力"), ZH_HANS) == "含 算力"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "zh-Hant",
            "含 灯会，含「红十字」，含 太原 或 大同，不含 招聘，標題含 算力，"
            "記者 高燕 或 王芳，第3、4版，2026年1月，由新到舊",
        ),
        (
            "en",
            "with 灯会, with “红十字”, with 太原 or 大同, without 招聘, 算力 in the headline, by 高燕 or 王芳, "
            "on page 3, 4, in Jan 2026, newest first",
        ),
    ],
)
def test_every_condition_in_the_other_languages(language, told):
    typed = "灯会 “红十字” 太原|大同 -招聘 标题:算力 记者:高燕 记者:王芳 第3版 第4版 2026-01"
    assert describe(parse_query(typed, today=TODAY, sort=Sort.NEWEST), LANGUAGES[language]) == told


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("2026", "in 2026"),
        ("2026-01-05..", "since Jan 5, 2026"),
        ("..2026-01-05", "until Jan 5, 2026"),
        ("2026-01-05..2026-01-09", "Jan 5, 2026 to Jan 9, 2026"),
        ("昨天", "Nov 23, 2026"),
        ("9999-12", "with 9999-12"),
    ],
)
def test_days_in_english(typed, english):
    assert describe(parsed(typed), LANGUAGES["en"]) == english


def test_only_conditions_need_to_be_told():
    assert not any(conditional(parsed(text)) for text in ("灯会", "灯会 太原", "谁主持了会议？", "| 太原", ""))
    assert not conditional(Query("灯会"))
    assert all(conditional(parsed(text)) for text in ("“灯会”", "-灯会", "2026年", "第3版", "太原|大同"))


EAST, WEST = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")  # 26 hours apart: never the same day


@pytest.mark.parametrize(("archive", "reader", "zone"), [(EAST, None, EAST), (EAST, WEST, WEST), (WEST, EAST, EAST)])
def test_today_is_the_readers_else_the_archives(archive, reader, zone):
    house = SimpleNamespace(settings=SimpleNamespace(timezone=archive))
    context = SimpleNamespace(bot_data={"house": house}, reader=Reader(1, timezone=reader))
    assert today(context) == days.today(zone)
    assert days.today(EAST) > days.today(WEST)
