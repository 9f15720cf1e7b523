"""What is typed and what is meant by it: signs, fields and days, in either width and script."""

from dataclasses import replace
from datetime import date
from itertools import chain

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat.texts import EN
from bot.chat.texts.understood import conditional, describe
from bot.models import Query, Sort
from bot.search.query import MAX_LENGTH, as_typed, parse_query, search_terms

TODAY = date(2026, 11, 24)  # a Tuesday


def parsed(text: str) -> Query:
    return parse_query(text, today=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "新冠-19",
        "-9℃",
        "气温 -11°C到-1°C",
        "灯会 -5",
        "e-mail",
        "编号2026-01号",
        "-",
        "--help",
        "- 招聘",
        "-!",
        "| 太原",
        "太原 |",
        "太原 | | 大同",
        "或",
        "或 大同",
        "或者 或 或者",
        "太原或大同",
        "标题:",
        "标题:!!",
        "副标题:算力",
        "版:头条",
        "版:0",
        "第三版的灯会",
        "“",
        "“”",
        "「灯会",
        "2026年“两节”山西省优秀剧目展演",
        "昨天的会议谁主持",
        "今天,大同灯会开幕",
        "1月7日，市委经济工作会议举行。",
        "2026年1月7日发生了什么",
        "2026-13-01",
        "2026-02-30",
        "2026年13月",
        "7日",
        "明天",
        "最近0天",
        "去周",
        "2026-01-05至",
        "十十月一日",
        "今日头条",
        "2025年报",
        "昨天的会议",
    ],
)
def test_what_makes_no_sense_as_a_sign_is_text(typed):
    found = parsed(typed)
    assert found == Query(typed, words=typed)
    assert found.ranked == typed


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("２０２６年", "2026-01-01", "2026-12-31"),
        ("2026-01", "2026-01-01", "2026-01-31"),
        ("2024年2月", "2024-02-01", "2024-02-29"),
        ("2026-01-05", "2026-01-05", "2026-01-05"),
        ("2026/1/5", "2026-01-05", "2026-01-05"),
        ("20260105", "2026-01-05", "2026-01-05"),
        ("2026年 1月 5日", "2026-01-05", "2026-01-05"),
        ("2026-01-05..2026-01-09", "2026-01-05", "2026-01-09"),
        ("2026-01-05～2026-01-09", "2026-01-05", "2026-01-09"),
        ("2026-01-05 ~ 2026-01-09", "2026-01-05", "2026-01-09"),
        ("2026-01-05至2026-01-09", "2026-01-05", "2026-01-09"),
        ("2026-01-09 到 2026-01-05", "2026-01-05", "2026-01-09"),
        ("2026年1月5日至9日", "2026-01-05", "2026-01-09"),
        ("2025年12月至2月", "2025-12-01", "2026-02-28"),
        ("1月7日", "2026-01-07", "2026-01-07"),
        ("一月七日", "2026-01-07", "2026-01-07"),
        ("12月1号", "2026-12-01", "2026-12-01"),
        ("12月2日", "2025-12-02", "2025-12-02"),
        ("2月29日", "2024-02-29", "2024-02-29"),
        ("12月28日到1月3日", "2025-12-28", "2026-01-03"),
        ("11月", "2026-11-01", "2026-11-30"),
        ("十二月", "2026-12-01", "2026-12-31"),
        ("今天", "2026-11-24", "2026-11-24"),
        ("昨天？", "2026-11-23", "2026-11-23"),
        ("昨日", "2026-11-23", "2026-11-23"),
        ("前天", "2026-11-22", "2026-11-22"),
        ("最近7天", "2026-11-18", "2026-11-24"),
        ("近七天", "2026-11-18", "2026-11-24"),
        ("最近一周", "2026-11-18", "2026-11-24"),
        ("最近一個月", "2026-10-25", "2026-11-24"),
        ("近两年", "2024-11-25", "2026-11-24"),
        ("最近半年", "2026-05-25", "2026-11-24"),
        ("本周", "2026-11-23", "2026-11-29"),
        ("上週", "2026-11-16", "2026-11-22"),
        ("本月", "2026-11-01", "2026-11-30"),
        ("上个月", "2026-10-01", "2026-10-31"),
        ("今年", "2026-01-01", "2026-12-31"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("去年至今年", "2025-01-01", "2026-12-31"),
        ("去年12月", "2025-12-01", "2025-12-31"),
        ("前年 5月1日", "2024-05-01", "2024-05-01"),
        ("今年十月", "2026-10-01", "2026-10-31"),
        ("元月7日", "2026-01-07", "2026-01-07"),
        ("二〇二六年一月七日", "2026-01-07", "2026-01-07"),
        ("1月5-9日", "2026-01-05", "2026-01-09"),
        ("最近 7 天", "2026-11-18", "2026-11-24"),
        ("最近7天内", "2026-11-18", "2026-11-24"),
        ("1月5日以来", "2026-01-05", "None"),
        ("2026年至今", "2026-01-01", "None"),
        ("1月5日以前", "None", "2026-01-05"),
        ("1月5日 以来", "2026-01-05", "None"),
        ("1月5日 以前", "None", "2026-01-05"),
        ("2026 年 1 月 5 日", "2026-01-05", "2026-01-05"),
        ("去年 12 月", "2025-12-01", "2025-12-31"),
        ("去年12月30日至今年1月5日", "2025-12-30", "2026-01-05"),
        ("昨天的报纸", "2026-11-23", "2026-11-23"),
        ("我想看昨天的報紙", "2026-11-23", "2026-11-23"),
        ("昨天的报纸上都有什么新闻？", "2026-11-23", "2026-11-23"),
        ("今天有什么新闻吗", "2026-11-24", "2026-11-24"),
        ("11月20日的报纸", "2026-11-20", "2026-11-20"),
        ("最近7天的新闻", "2026-11-18", "2026-11-24"),
    ],
)
def test_days_as_people_say_them(said, first, last):
    for typed, words in ((said, ""), (f"灯会 {said}", "灯会"), (f"{said} 灯会", "灯会")):
        found = parsed(typed)
        assert (str(found.first), str(found.last), found.words) == (first, last, words)


def test_days_near_a_new_year_and_on_the_last_day_of_a_month():
    found = parse_query("1月2日", today=date(2026, 12, 29))
    assert found.first == date(2027, 1, 2)
    assert parse_query("上月", today=date(2026, 1, 31)).first == date(2025, 12, 1)
    assert parse_query("最近一个月", today=date(2026, 3, 31)).first == date(2026, 3, 1)


def test_days_narrow_each_other_and_what_contradicts_them_is_text():
    found = parsed("2026年 灯会 上月")
    assert (found.first, found.last) == (date(2026, 10, 1), date(2026, 10, 31))
    found = parsed("2024年 灯会 上月")
    assert (found.first, found.last, found.words) == (date(2024, 1, 1), date(2024, 12, 31), "灯会 上月")


@pytest.mark.parametrize("text", ["1月7日 1月9日", "昨天 今天 灯会", "2024年 灯会 上月", "昨天 灯会 至 今天"])
def test_words_that_read_as_days_stay_words_when_they_are_written_anew(text):
    found = parsed(text)
    assert found.words
    assert conditions(parsed(as_typed(found))) == conditions(found)
    assert parsed(as_typed(found)).words == found.words


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("“太原”或“大同”", "with 太原 or 大同"),
        ("「太原」或者「大同」 灯会", "with 灯会, with 太原 or 大同"),
        ("-太原|大同", "without 太原, without 大同"),
        ("记者:高燕|赵伟", "by 高燕 or 赵伟"),
        ("版:1|三", "on page 1, 3"),
        ("标题:灯会|招聘", "灯会 or 招聘 in the headline"),
        ("标题:灯会 或 标题:“招 聘” 供水", "with 供水, 灯会 or 招 聘 in the headline"),
        ("第 3 版 灯会", "with 灯会, on page 3"),
        ("第1版 或 第2版", "on page 1, 2"),
        ("第1版|第2版 灯会", "with 灯会, on page 1, 2"),
        ("记者:高燕|记者:赵伟", "by 高燕 or 赵伟"),
        ("记者:高燕 或 记者:赵伟", "by 高燕 or 赵伟"),
        ("-太原|-大同", "without 太原, without 大同"),
    ],
)
def test_alternatives_share_the_sign_of_the_first(typed, understood):
    assert describe(parsed(typed), EN) == understood


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("记者:高燕 ！", "by 高燕"),
        ("记者:高燕。", "by 高燕"),
        ("第1版？", "on page 1"),
        ("-灯会 😀", "without 灯会"),
        ("2026-01-05 谢谢", "Jan 5, 2026"),
        ("2026-01-05 的新闻", "Jan 5, 2026"),
        ("2026-01-05 有什么新闻", "Jan 5, 2026"),
    ],
)
def test_beside_a_condition_what_tells_nothing_is_not_looked_for(typed, understood):
    assert describe(parsed(typed), EN) == understood
    assert parsed(typed).ranked == ""


@pytest.mark.parametrize("number", ["1899", "10000", "5.8%", "５．８"])
def test_a_number_alone_is_an_exact_run(number):
    assert (parsed(number).phrases, parsed(number).words) == ((number,), "")
    assert parsed(f"{number} 灯会").words == f"{number} 灯会"
    assert parsed(f"{number} 2026-01-05").phrases == (number,)


def test_words_phrases_and_alternatives_rank_and_conditions_do_not():
    assert parsed("灯会 “红十字” 太原|大同 -招聘 标题:算力 2026年").ranked == "灯会 红十字 太原 大同"
    assert parsed("2026年").ranked == ""
    assert Query("红十字 2026年").ranked == "红十字 2026年"


def test_the_request_for_a_screen_is_kept():
    assert parse_query("算力", sort=Sort.OLDEST, limit=3, offset=6) == Query("算力", Sort.OLDEST, 3, 6, words="算力")


PIECES = st.sampled_from(
    [*'-－|｜或 \u3000“”"「」『＂版:：第3年1月至～十两日㏠㍿´⑴…', "灯会", "标题", "記者", "2026", "..", "昨天", "最近"]
)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
@example("字" * 199 + " 字")
@example("\ud800-\u202e|")
@settings(max_examples=600, deadline=None)
def test_any_text_is_a_query_and_parses_to_it_again(text):
    found = parsed(text)
    assert len(found.text) <= MAX_LENGTH
    assert parsed(found.text) == found
    runs = [*found.phrases, *found.without, *found.headline, *found.reporters, *(r for g in found.either for r in g)]
    assert all(any(c.isalnum() for c in run) for run in runs)
    assert all(len(group) > 1 for group in found.either)
    assert found.first is None or found.last is None or found.first <= found.last
    assert bool(describe(found, EN)) == bool(found.text)


def conditions(query: Query) -> Query:
    return replace(query, text="", words=None)


@given(st.lists(PIECES, max_size=60).map("".join))
@settings(max_examples=600, deadline=None)
def test_a_query_written_anew_asks_for_the_same(text):
    found = parsed(text)
    told = as_typed(found)
    groups = chain(*found.either, *found.headline)
    runs = "".join((*found.phrases, *found.without, *found.reporters, *groups))
    if len(told) <= MAX_LENGTH and not found.words and not set('"“”＂「」『』') & set(runs):
        assert conditions(parsed(told)) == conditions(found)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_letter_is_lost(text):
    found = parsed(text)
    if not conditional(found):
        assert found.words.replace(" ", "") == found.text.replace(" ", "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("请问一下灯会几点开始", ("灯会", "开始")),
        ("麻烦帮我查一下红十字会", ("红十字会",)),
        ("帮我找灯会", ("灯会",)),
        ("我想了解一下供水改造", ("供水改造",)),
        ("有没有关于算力的报道", ("算力",)),
        ("关于灯会的新闻", ("灯会",)),
        ("有关灯会的相关情况", ("灯会",)),
        ("介绍一下灯会", ("灯会",)),
        ("你好，灯会谢谢", ("灯会",)),
        ("请介绍一下灯会", ("灯会",)),
        ("能介绍一下C919吗", ("C919",)),
        ("麻烦帮我找一下关于灯会的报道", ("灯会",)),
        ("我想看关于灯会的新闻", ("灯会",)),
        ("给我介绍一下灯会", ("灯会",)),
        ("你能不能帮我找找红十字", ("红十字",)),
        ("饿了么骑手", ("饿了么骑手",)),
        ("饿了么", ("饿了么",)),
        ("去哪儿网", ("去哪儿网",)),
        ("百度贴吧", ("百度贴吧",)),
        ("吗丁啉", ("吗丁啉",)),
        ("灯会好看吗", ("灯会好看",)),
        ("为啥停水", ("停水",)),
        ("有关部门", ("有关部门",)),
        ("新闻发布会", ("新闻发布会",)),
        ("感谢信", ("感谢信",)),
        ("关于 谢谢", ("关于", "谢谢")),
        ("在哪里", ("在哪里",)),
        ("谁的", ("谁的",)),
        ("剪纸艺人叫什么名字", ("剪纸艺人",)),
        ("剪紙藝人叫甚麼", ("剪紙藝人叫",)),
        ("大桥在何处", ("大桥",)),
        ("大桥建于何年", ("大桥建于",)),
        ("何处长讲话", ("何处长讲话",)),
        ("哪一座桥通车了", ("桥通车了",)),
        ("灯会在哪条街", ("灯会", "街")),
        ("几何年代", ("几何年代",)),
        ("任何人", ("任何人",)),
    ],
)
def test_polite_and_asking_words_are_not_looked_for(typed, words):
    assert search_terms(typed).words == words
