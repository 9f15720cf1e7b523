"""The issue date and the page number: as given, by the name, by the masthead, else inferred."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import DateSpan
from bot.paper.dates import page_number
from bot.paper.events import spans
from tests.conftest import read_page

BODY = "大桥建成\n\n本报讯(记者 甲){}\n"


def read(text, name="page.txt", **given):
    return read_page(text.encode(), Path(name), **given)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("20260108_01.txt", "2026-01-08"),
        ("2026-01-08.txt", "2026-01-08"),
        ("2026年1月8日.txt", "2026-01-08"),
        ("2026-01/08/第1版.txt", "2026-01-08"),
        ("daily_2026.1.8_p1.txt", "2026-01-08"),
        ("DTRB20260108A01.txt", "2026-01-08"),
        ("2026年1月/8日/01版.txt", "2026-01-08"),
        ("backup-2025-12-01/20260108_01.txt", "2026-01-08"),
    ],
)
def test_the_name_says_the_date(name, day):
    issue = read(BODY.format("昨日,大桥通车。"), name).date
    assert (issue.day.isoformat(), issue.inferred) == (day, False)


@pytest.mark.parametrize("name", ["000_2324dd34704a131d.txt", "2026-13-45.txt", "120260108.txt", "page.txt"])
def test_a_name_without_a_date_says_none(name):
    assert read(BODY.format("昨日,大桥通车。"), name).date is None


def test_what_is_given_goes_before_the_name():
    page = read(BODY.format(""), "20260108.txt", day=date(2025, 5, 6), number=7)
    assert (page.date.day.isoformat(), page.date.inferred, page.number) == ("2025-05-06", False, 7)


@pytest.mark.parametrize(
    "masthead",
    [
        "某市日报 2026年1月8日 星期四",
        "某市日报\n2026年1月8日\n要闻 1",
        "2026年01月08日  第01版:要闻",
        "2026-01-08 要闻 01",
        "二〇二六年一月八日 星期四",
        "某市晚報\n2026年1月8日 星期四 农历乙巳年十一月二十\n第01版 要闻\n今日8版\n国内统一连续出版物号 CN14-0017",
    ],
)
def test_the_masthead_says_the_date_and_is_no_headline(masthead):
    page = read(masthead + "\n\n" + BODY.format("1月7日,大桥通车。"))
    assert (page.date.day.isoformat(), page.date.inferred) == ("2026-01-08", False)
    assert page.furniture == tuple(masthead.splitlines())
    assert page.articles[0].blocks[0].text == "大桥建成"


@pytest.mark.parametrize(
    "headline",
    ["2026年1月8日起公交恢复运营", "3版权纠纷案宣判", "版式设计大赛启动", "社会", "我市2026年1月1日起实施新规"],
)
def test_a_headline_that_looks_like_furniture_stays(headline):
    page = read(f"{headline}\n\n本报讯(记者 甲)昨日,大桥通车。\n")
    assert page.articles[0].blocks[0].text == headline


def test_datelines_tell_the_date_with_the_year_that_the_text_names_most():
    issue = read(BODY.format("12月30日,大桥通车。2025年全年,2025年底,到2030年。")).date
    assert (issue.day.isoformat(), issue.inferred) == ("2025-12-30", True)


def test_the_latest_dateline_counts_and_later_days_in_the_text_do_not():
    text = BODY.format("1月6日,大桥通车。" + "大桥很长。" * 20 + "4月1日将办庆典。") + BODY.format(
        "1月7日,2026年首班车开行。"
    )
    assert read(text).date.day == date(2026, 1, 7)


@pytest.mark.parametrize(
    "text", ["昨日,大桥通车。", "1月7日,大桥通车。", "2026年,大桥通车。", "13月40日,2026年,大桥通车。"]
)
def test_without_day_or_year_nothing_is_guessed(text):
    assert read(BODY.format(text)).date is None


@pytest.mark.parametrize(
    ("name", "furniture", "number"),
    [
        ("第01版.txt", [], 1),
        ("20260108_02.txt", [], 2),
        ("DTRB20260108A01.txt", [], 1),
        ("20260108B02.txt", [], None),
        ("20260108/03.txt", [], 3),
        ("2026-01/08/03版.txt", [], 3),
        ("archive/03.txt", [], None),
        ("第000版.txt", [], None),
        ("x.txt", ["A02 要闻"], 2),
        ("x.txt", ["2026年1月8日 星期四 第05版 要闻"], 5),
        ("x.txt", ["当前版: 02版 上一版  下一版", "标题导航", "第01版:要闻", "第02版:综合"], 2),
        ("2026-01-08-12.txt", [], 12),
        ("20260108_0930.txt", [], None),
        ("p3.txt", [], 3),
        ("page-4.txt", [], 4),
        ("x.txt", ["第05版:副刊"], 5),
        ("x.txt", ["2版 灯会开幕", "3版 大桥建成"], None),
        ("000_2324dd34704a131d.txt", [], None),
    ],
)
def test_page_numbers(name, furniture, number):
    assert page_number(Path(name), furniture) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1月7日,大桥通车。回顾2025年,展望2025年,2026年可期。", "2026-01-07"),
        ("12月30日,大桥通车。2026年起,2026年底前,2025年已建成。", "2025-12-30"),
        ("1月7日,大桥通车。1949年10月1日,2026年,2026年。", "2026-01-07"),
        ("6日,大桥通车。2026年3月2日将办庆典。2026年。", None),
    ],
)
def test_inferred_dates(text, day):
    found = read(BODY.format(text)).date
    assert (found and found.day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "issue", "days"),
    [
        ("6日,展演启幕。", "2026-01-08", ["2026-01-06"]),
        ("8日,展演启幕。", "2026-01-08", ["2026-01-08"]),
        ("9日,展演启幕。", "2026-01-08", ["2025-12-09"]),
        ("31日,展演启幕。", "2026-03-02", ["2026-01-31"]),  # February has none
        ("12月30日,展演启幕。", "2026-01-02", ["2025-12-30"]),
        ("1月3日,展演启幕。", "2025-12-30", ["2026-01-03"]),
        ("将于2月13日、14日演出。", "2026-01-07", ["2026-02-13", "2026-02-14"]),
        ("将于15日演出。", "2026-01-07", ["2026-01-15"]),
        ("6日至7日,展演举行。", "2026-01-08", ["2026-01-06/2026-01-07"]),
        ("12月30日至1月2日放假。", "2026-01-05", ["2025-12-30/2026-01-02"]),
        ("活动持续至今年3月。", "2026-01-07", ["2026-03-01/2026-03-31"]),
        (
            "2024年2月29日,去年12月5日,本月20日,上月,下月",
            "2026-01-07",
            ["2024-02-29", "2025-12-05", "2026-01-20", "2025-12-01/2025-12-31", "2026-02-01/2026-02-28"],
        ),
        ("昨日、前天、今天、明天", "2026-01-01", ["2025-12-31", "2025-12-30", "2026-01-01", "2026-01-02"]),
        ("昨晚,６日,大桥", "2026-01-08", ["2026-01-07", "2026-01-06"]),
        ("近日、日前、当天、30日内、7日游、每月5日、2月30日、3.5日、第8日、今日头条、40日", "2026-01-08", []),
        ("6日开幕,6日闭幕。", "2026-01-08", ["2026-01-06"]),
    ],
)
def test_days_that_an_article_speaks_of(text, issue, days):
    found = spans(text, date.fromisoformat(issue))
    assert [str(s.first) if s.first == s.last else f"{s.first}/{s.last}" for s in found] == days


def test_days_of_an_article_come_with_it_when_the_issue_date_is_known():
    page = read(BODY.format("6日,大桥通车。"), "20260108.txt")
    assert page.articles[0].dates == (DateSpan(date(2026, 1, 6), date(2026, 1, 6)),)
    assert read(BODY.format("6日,大桥通车。")).articles[0].dates == ()


@given(st.text(alphabet="12年月日6至、今去昨将于3天 0", max_size=40), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_any_text_has_dates_or_none(text, issue):
    assert all(span.first <= span.last for span in spans(text, issue))
