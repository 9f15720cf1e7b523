"""Invented pages in every form that newspapers print, in every state that text reaches an operator in."""

import random
import re
import unicodedata

import pytest

from bot.paper.articles import parse_text
from bot.paper.bylines import is_byline, is_credit, people, signature
from bot.paper.forms import Form, plain
from bot.paper.furniture import marks
from tests.marked_pages import VARIANTS, pages, spaced

PAGES = pages()
REPORTERS = {
    "1-leaders": [("秦望舒", "闻人杰"), ("陆云",), (), ()],
    "2-city": [("唐果",), ("薛小川",), (), ("裴度",), ()],
    "3-feature": [("施钰",), ("柳青青",)],
    "4-agency": [("于文静", "侯雪静"), (), (), (), ()],
    "5-notices": [(), (), (), ("元稹",)],
    "6-digest": [("钟离",), ("白雪",), ()],
}
OTHERS = {
    "1-leaders": [(), (), ("齐鸣",), ()],
    "2-city": [(), (), ("章台", "李拜天", "闻笛"), ("何小满",), ()],
    "3-feature": [("阿依努尔·艾山",), ()],
    "4-agency": [(), (), (), (), ("郝思",)],
    "5-notices": [(), (), (), ()],
    "6-digest": [(), ("朱砂", "王成"), ("李向东",)],
}


def folded(text):
    """As a reader sees it: no matter how wide, and where the page broke it."""
    return re.sub(r"[\s\u200b\xad\ufeff]", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: v.__name__)
@pytest.mark.parametrize("name", PAGES)
def test_the_articles_are_the_same_whatever_the_page_went_through(name, variant):
    articles, _ = parse_text(variant(PAGES[name], random.Random(name)))
    read = [[(str(block.role), folded(block.text)) for block in article.blocks] for article in articles]
    assert read == [[(str(role), folded(text)) for role, text in article] for article in PAGES[name].articles()]
    assert [article.reporters for article in articles] == REPORTERS[name]


@pytest.mark.parametrize("name", PAGES)
def test_others_are_kept_apart_from_reporters(name):
    articles, _ = parse_text(spaced(PAGES[name], random.Random(0)))
    assert [article.others for article in articles] == OTHERS[name]


def test_short_paragraphs_of_like_length_are_not_taken_for_wrapped_lines():
    [article], _ = parse_text(
        "天气预报\n今天白天:晴转多云,西北风3到4级,气温2度。\n今天夜间:多云小雪,偏北风2到3级,气温0度。\n"
    )
    assert [str(block.role) for block in article.blocks] == ["headline", "text", "text"]


def test_a_continued_article_says_from_where_and_whereto():
    articles, _ = parse_text(spaced(PAGES["5-notices"], random.Random(0)))
    assert [(a.comes_from, a.goes_on) for a in articles] == [("一", ""), ("", ""), ("", ""), ("", "六")]


def test_what_was_uncertain_is_said():
    [article], _ = parse_text(
        "大桥建成\n\n大桥今日通车。\n\n大桥长三百米,宽二十四米,双向四车道,两侧设有观景平台\n\n市民可以在这里看日出。\n\n"
        "桥上还没有装好的路灯,将由施工单位于下月安装完毕,届时桥头的停车场也\n"
    )
    assert tuple(map(str, article.warnings)) == (
        "两侧设有观景平台|市民可以在这里看 is read as one paragraph that the page broke.",
        "no byline tells where it begins; its headline is judged by its form.",
        "no end of the sentence comes behind 时桥头的停车场也.",
    )


@pytest.mark.parametrize(
    "line",
    [
        "本报记者 施 钰",
        "本报记者  施  钰",
        "□晚报记者 苏莉",
        "□本报记者 金 戈  通讯员 阿依古丽·买买提",
        "文/图 本报全媒体记者 木 子",
        "记者 高燕",
        "本报评论员",
        "本报记者高燕 通讯员王小五",
        "(记者 高燕)",
        "南方日报记者 王小明 实习生 李一",
        "□ 李晓明",
        "通讯员 赵六",
        "摄影/王五 文/赵六",
        "新华社记者 张三 李四",
    ],
)
def test_bylines_on_lines_of_their_own(line):
    assert is_byline(plain(line))


@pytest.mark.parametrize(
    "line",
    [
        "记者走基层",
        "记者节特别报道",
        "记者调查",
        "本报记者看大同",
        "编辑部的故事",
        "作者系市委党校教师",
        "高燕当选劳模",
        "12月起,这些新规将影响你我生活",
        "通讯员培训班开班",
        "本报讯",
        "",
    ],
)
def test_what_only_looks_like_a_byline(line):
    assert not is_byline(plain(line))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("记者 李明璇 郑苗苗", (("李明璇", "郑苗苗"), ())),
        ("记者/甲天 实习生/乙地 通讯员/丙人", (("甲天",), ("乙地", "丙人"))),
        ("首席记者 顾  言 见习记者 白露露", (("顾言", "白露露"), ())),
        ("通讯员 何 苗 记者 曲 声", (("曲声",), ("何苗",))),
        ("记者 沈知 远 欧阳晴", (("沈知远", "欧阳晴"), ())),
        ("记者 央金卓玛、陈 凡", (("央金卓玛", "陈凡"), ())),
        ("本报记者 岑 参差", (("岑参差",), ())),
        ("(宗 岚)", ((), ("宗岚",))),
        ("", ((), ())),
    ],
)
def test_people(names, expected):
    assert people(names) == expected


def test_signatures_and_credits():
    assert signature(plain("全长11.6公里。（闻 笛）")) == "(闻 笛)"
    assert signature("(通讯员 郝思源)") == "(通讯员 郝思源)"
    assert [signature(f"事故发生在昨日。{tail}") for tail in ("(完)", "(下转第四版)", "(化名)", "(大同)市", "()")] == [
        ""
    ] * 5
    assert all(map(is_credit, ["本报记者 祁连山 摄", "制图/于墨", "数据来源:市统计局", "(资料图片)", "王小明/摄"]))
    assert not any(map(is_credit, ["市民在拍摄", "张三丰在图书馆看书", ""]))


def test_a_notices_date_is_its_own_and_a_mastheads_is_the_pages():
    lines = [
        "清河日报",
        "2026年1月10日",
        "某局通告",
        "即日起施行。",
        "2026年1月10日",
        "更正",
        "有误。",
        "责任编辑:于墨",
    ]
    assert marks([(line, False) for line in lines]) == [True, True, False, False, False, False, False, True]


@pytest.mark.parametrize(
    "form", ["天气预报", "要闻回顾", "责任编辑是一种职业", "第一版图书出版", "北京日报社记者来访", "10个项目开工"]
)
def test_headlines_that_are_no_furniture(form):
    assert marks([("正文在此。", False), (form, False), ("正文在此。", False)]) == [False] * 3


@pytest.mark.parametrize(
    "page",
    [
        "\n".join("记者 " + "王 " * k + "。" for k in range(1, 60)),
        "\n".join("责任编辑:" + "张 三 " * k + "!" for k in range(40)),
        "\n".join("本报记者" + "、张三" * k + "x" for k in range(1, 25)),
        "图1:" + "摄 " * 2000,
        "(" * 3000 + "下转第四版" * 500,
        "本报讯(" + "记者 张三 " * 300,
    ],
    ids=lambda page: page[:6],
)
def test_hostile_pages_are_read_in_no_time(page):
    parse_text(page)  # a pattern that backtracks without bound would never return


def test_forms_are_judged_in_either_script_and_width():
    assert Form.of("本報訊（記者 高燕）1月7日").source["names"] == "記者 高燕"
    assert Form.of("（下轉第四版）").jump_to["page"] == "四"
