"""Pages to articles."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import BODY, Doubt, Role
from bot.paper import PageError, load, read
from bot.paper.articles import parse, parse_text
from bot.paper.layout import join
from bot.paper.page import PrintedLine
from tests.conftest import PAGES, SEED, read_page


def texts(article, *roles):
    return [block.text for block in article.blocks if block.role in roles]


def test_seed_becomes_three_articles():
    economy, theatre, rescue = read_page(load(SEED), SEED).articles
    assert texts(economy, Role.HEADLINE) == ["市委经济工作会议举行"]
    assert texts(economy, Role.SUBHEAD) == ["张强刘俊义讲话 武健鹏姚鸿波出席"]
    assert economy.reporters == ("李明璇", "郑苗苗")
    assert economy.source_line == "本报讯(记者 李明璇 郑苗苗)"
    assert len(texts(economy, *BODY)) == 12
    assert texts(theatre, Role.HEADLINE) == ["2026年“两节”山西省优秀剧目展演启幕"]
    assert theatre.reporters == ("崔莉英",)
    assert len(texts(theatre, *BODY)) == 4
    assert texts(rescue, Role.HEADLINE) == ["市红十字赈济救援队升级省级救援队"]
    assert rescue.reporters == ("高燕",)
    assert len(texts(rescue, *BODY)) == 3


@pytest.mark.parametrize(
    "whole",
    ["就一定能够赢得主动、赢得优势", "大同特色的现代化产业体系。", "加快生态环境质量提升", "严格按照省级救援队标准"],
)
def test_seed_paragraphs_broken_in_mid_sentence_are_whole(whole, seed_paragraphs):
    assert sum(whole in paragraph for paragraph in seed_paragraphs) == 1


def test_seed_date_is_inferred_and_said_to_be():
    page = read_page(load(SEED), SEED)
    assert (page.date.day.isoformat(), page.date.inferred, page.number) == ("2026-01-07", True, None)


def test_page_with_number_furniture_and_kinds_of_bylines():
    file = PAGES / "2026-01-06" / "第01版.txt"
    page = read_page(load(file), file)
    assert (page.date.day.isoformat(), page.date.inferred, page.number) == ("2026-01-06", False, 1)
    assert page.furniture == ("第01版:要闻",)
    assert texts(page.articles[0], Role.SUBHEAD) == ["南门广场增设两处入口"]
    assert page.articles[0].reporters == ("王小明",)  # not the correspondent (通讯员)


@pytest.mark.parametrize(
    ("byline", "reporters"),
    [
        ("本报讯(记者 甲天 乙地)", ("甲天", "乙地")),
        ("本报讯（记者甲天、乙地）", ("甲天", "乙地")),
        ("南方日报讯 （记者/甲天 实习生/丙人 通讯员/丁山）", ("甲天",)),
        ("新华社北京1月7日电 (记者甲天、乙地)", ("甲天", "乙地")),
        ("【深圳商报讯】(记者 甲天)", ("甲天",)),
        ("本报讯(记者 施　钰)", ("施钰",)),
        ("本報訊（記者 甲天）", ("甲天",)),
        ("本报讯", ()),
    ],
)
def test_bylines(byline, reporters):
    [article], _ = parse_text(f"某地一座大桥建成\n\n{byline}1月7日,大桥建成通车。\n")
    assert (article.reporters, article.source_line) == (reporters, byline)
    assert texts(article, Role.HEADLINE) == ["某地一座大桥建成"]


def test_byline_on_a_line_of_its_own():
    [article], _ = parse_text("老街新生\n本报记者 施 钰\n老街的早晨是从一碗面开始的。\n")
    assert [str(block.role) for block in article.blocks] == ["headline", "byline", "text"]
    assert article.reporters == ("施钰",)


def test_captions_cross_heads_and_jumps_are_no_paragraphs_broken_in_two():
    [article], _ = parse_text(
        "老街新生\n\n本报讯(记者 甲)老街修好了。\n\n街坊回来了\n\n"
        "老街坊听说了,陆续\n\n图为老街一角。 乙 摄\n\n搬了回来。\n\n(下转第四版)\n"
    )
    assert [(str(block.role), block.text) for block in article.blocks[2:]] == [
        ("crosshead", "街坊回来了"),
        ("text", "老街坊听说了,陆续搬了回来。"),
        ("caption", "图为老街一角。 乙 摄"),
        ("jump", "(下转第四版)"),
    ]


def test_halves_are_joined_as_their_script_is_written():
    assert join(["人民政", "府"]) == "人民政府"
    assert join(["the New York", "Times", "说", "Hi"]) == "the New York Times说Hi"
    assert join(["20", "26年"]) == "2026年"


WITHOUT_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff\xad]")  # noise: no characters of the paper
LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "",
                "本报讯(记者 甲 乙)1月7日,会议举行。",
                "第01版:要闻",
                "2026年1月8日 星期四",
                "会议举行",
                "一个没有写完的句子,它在这里就",
                "责任编辑:丙",
                "新华社北京1月7日电",
                "本报记者 丁",
                "图为现场。 戊 摄",
                "(下转第四版)",
                "A line of English",
            ]
        ),
        st.text(alphabet="会议,。:()记者摄版年月日 　\t\u200b\ufeff\x00\r7Aa“”！", max_size=60),
        st.text(max_size=20),
    ),
    max_size=25,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\n\n", "\r"]))
def test_no_character_is_lost_or_doubled(lines, end):
    page = end.join(lines)
    articles, furniture = parse_text(page)
    out = "".join([block.text for article in articles for block in article.blocks] + list(furniture))
    assert Counter("".join(out.split())) == Counter("".join(WITHOUT_WIDTH.sub("", page).split()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding):
    data = SEED.read_text("utf-8").encode(encoding)
    assert read_page(data, SEED).articles == read_page(load(SEED), SEED).articles


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "run OCR on it first"),
        (b" \n\n", "run OCR on it first"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe\xff", "Save the page as text"),
    ],
)
def test_what_is_no_page_says_the_next_step(data, advice):
    with pytest.raises(PageError, match=advice):
        read_page(data, Path("page.txt"))


def test_a_file_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.paper.readers.MAX_BYTES", 10)
    (tmp_path / "page.txt").write_bytes(b"0123456789A")
    with pytest.raises(PageError, match="one file a page"):
        load(tmp_path / "page.txt")


PRINTED = st.builds(
    PrintedLine,
    text=st.one_of(
        st.sampled_from(["本报讯(记者 甲)7日,会议举行。", "会议举行", "一个没有写完的句子", "(下转第四版)"]),
        st.text(alphabet="会议,。:()记者摄版年月日 　\u200b7Aa“”！", min_size=1, max_size=50),
    ),
    gap=st.booleans(),
    size=st.sampled_from([0.8, 1.0, 1.1, 2.0]),
    role=st.one_of(st.none(), st.sampled_from(Role)),
    begins=st.booleans(),
)


@given(st.lists(PRINTED, max_size=20))
def test_whatever_a_format_says_no_character_is_lost_or_doubled(lines):
    articles, furniture = parse(lines)
    out = "".join([block.text for article in articles for block in article.blocks] + list(furniture))
    printed = WITHOUT_WIDTH.sub("", "".join(line.text for line in lines))
    assert Counter("".join(out.split())) == Counter("".join(printed.split()))


def test_what_a_format_says_goes_before_how_it_looks():
    lines = [
        PrintedLine("近日,我市有新闻。", role=Role.HEADLINE, begins=True),
        PrintedLine("短", role=Role.TEXT),
        PrintedLine("又一条", role=Role.HEADLINE, begins=True),
        PrintedLine("本报讯(记者 高燕)大桥建成。"),
        PrintedLine("小标题"),
        PrintedLine("很长。"),
    ]
    read = [[(str(b.role), b.text) for b in a.blocks] for a in parse(lines)[0]]
    assert read == [
        [("headline", "近日,我市有新闻。"), ("text", "短")],
        [
            ("headline", "又一条"),
            ("text", "本报讯(记者 高燕)大桥建成。"),
            ("crosshead", "小标题"),
            ("text", "很长。"),
        ],
    ]


def test_damaged_text_is_read_and_said_and_unmarked_utf16_is_known():
    [page] = read(b"\xff\n" + SEED.read_bytes(), "x.txt")
    assert page.warnings == (Doubt.DAMAGED_CHARACTERS.of(1),)
    assert page.lines[1].text == "市委经济工作会议举行"
    [page] = read(SEED.read_text("utf-8").encode("utf-16-be"), "x.txt")
    assert (page.lines[0].text, page.warnings) == ("市委经济工作会议举行", ())
