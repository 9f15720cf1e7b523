"""The issue date and the page number: as given, by the name, by the masthead, else inferred."""

from datetime import date
from pathlib import Path

import pytest

from bot.paper import read_page
from bot.paper.dates import page_number

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
