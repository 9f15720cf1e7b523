import os
import random
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bot import models
from bot.models import Doubt, Role
from bot.paper.articles import parse, parse_text
from bot.paper.page import PageError, PageText
from bot.paper.readers import pdf
from tests.pdfs import BODY, FONT, HEIGHT, WIDTH, Piece, centred, draw, flowed, left_of

PAGES = Path(__file__).parent / "pdf_pages"


def _sees_turned_text() -> bool:
    """Whether PDFium has a font for Chinese that a page does not bring: without, it leaves out what stands upright."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    canvas.rotate(90)
    canvas.setFont(FONT, BODY)
    canvas.drawString(99, -99, "灯会")
    canvas.save()
    with PdfDocument(file.getvalue()) as document:
        return document[0].get_textpage().count_chars() > 0


@pytest.fixture(scope="session")
def chinese_font():
    if not _sees_turned_text():
        reason = "There is no Chinese font here: apt-get install fonts-wqy-microhei"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


needs_chinese_font = pytest.mark.usefixtures("chinese_font")

MAIN = [
    "本报讯（记者 王小明 通讯员 周倩）1月7日傍晚，东湖边的灯会亮了灯。当晚入园的游客有二万八千人次，比去年首日多出"
    "三成，是灯会开办二十一年来首日客流最多的一次。",
    "南门广场增设两处入口，平均等候时间由二十分钟缩短到六分钟。园方说：“周末还会再开一处，凭预约码即可进入。”",
    "家住城西的退休教师陈玉芬带着外孙来看灯。她说，往年总要排半个多小时的队，今年刚下公交车就进了园，连手里的热豆浆都没有凉。",
    "今年的灯组共有一百二十六组，其中九成由本地匠人扎制。“骏马”高十二米，用去竹篾三吨、绢布四百米，二十名匠人做了四十天；"
    "“鱼跃”浮在湖心，每到整点便绕湖一周。",
    "#夜班公交加开",
    "为方便市民往返，公交公司在灯会期间加开三条夜间线路，末班车延到23时30分。T1线由火车站直达南门，每八分钟一班；"
    "T2、T3两线串起城北各大社区。",
    "市气象台预计，未来三天多云转晴，夜间最低气温2℃到4℃，观灯的市民要注意添衣。灯会将办到2月3日。",
]
SIDE = [
    "本报讯（记者 李雯）在灯会东侧的非遗街，七十二岁的剪纸艺人郭秀兰支起小摊，一把剪刀、一张红纸，"
    "三分钟就剪出一匹骏马。",
    "“手要稳，心要静。”郭秀兰十一岁跟着祖母学剪纸，至今六十一年。她的摊上没有价目表，喜欢的人随意给，孩子来了不收钱。",
    "去年，她在社区里办起剪纸班，学生从五岁到六十五岁都有。每星期三下午，活动室里坐得满满当当，窗上贴的都是学生的作品。",
    "#小剪刀走出国门",
    "上个月，班里四名学生的作品随友好城市交流团去了国外，在当地的图书馆展出两周。带队的老师说，最受欢迎的是一幅两米长的"
    "《东湖灯会》，上面有三百多个人物，没有两个是相同的。",
    "郭秀兰说，开春以后她想把祖母留下的一百多幅花样整理出来，印成一本书，送给每一个想学的人。",
]
WATER = [
    "本报讯（记者 赵立）7日，城北供水改造工程完工，一千六百户居民用上了新水管。工程自去年9月开工，更换管道十四公里，"
    "比计划提前了二十三天。",
    "城北的老水管铺于三十年前，锈蚀严重，一到用水高峰，五楼以上的住户常常接不到水。新水管用的是球墨铸铁，设计寿命五十年。",
    "住在六楼的居民孙国强拧开水龙头，看了一会儿说：“以前早上要接两桶水备着，现在用不着了。”",
]
BRIEF = [
    "本报讯（记者 钱多）市图书馆昨起延长开放时间，周一至周五开到22时，周末开到21时。三楼自习室增加座位一百二十个，"
    "可在公众号上预约。"
]

HEAD = [
    centred("城东日报", (0, 3), 70, 40),
    Piece("第02版：综合", left_of(0), 100),
    Piece("2026年1月8日 星期四", left_of(3) + 60, 100),
]
MAIN_HEAD = [
    centred("客流创二十一年来新高", (0, 2), 130, 14),
    centred("东湖灯会", (0, 2), 170, 30),
    centred("南门广场增设两处入口 等候时间缩短到六分钟", (0, 2), 196, 14),
]
SIDE_HEAD = [Piece("三分钟剪出", left_of(3), 132, 20), Piece("一匹骏马", left_of(3), 158, 20)]
WATER_HEAD = [centred("城北一千六百户用上新水管", (0, 1), 545, 22)]
BRIEF_HEAD = [centred("图书馆延长开放", (2, 2), 545, 16)]
FOOT = [Piece("责任编辑：周宁", left_of(0), 1000)]
BODIES = [
    flowed(MAIN, [(0, 222, 15), (1, 222, 15), (2, 222, 15)]),
    flowed(SIDE, [(3, 188, 40)]),
    flowed(WATER, [(0, 580, 9), (1, 580, 9)]),
    flowed(BRIEF, [(2, 574, 20)]),
]
PAGE = [*HEAD, *MAIN_HEAD, *BODIES[0], *WATER_HEAD, *BODIES[2], *BRIEF_HEAD, *BODIES[3], *SIDE_HEAD, *BODIES[1], *FOOT]


def _set(paragraphs: list[str]) -> list[tuple[str, float]]:
    return [(text[1:] if text.startswith("#") else "　　" + text, 1.0) for text in paragraphs]


LINES = [
    ("城东日报", 4.0),
    ("第02版：综合", 1.0),
    ("2026年1月8日 星期四", 1.0),
    ("客流创二十一年来新高", 1.4),
    ("东湖灯会", 3.0),
    ("南门广场增设两处入口 等候时间缩短到六分钟", 1.4),
    *_set(MAIN),
    ("城北一千六百户用上新水管", 2.2),
    *_set(WATER),
    ("图书馆延长开放", 1.6),
    *_set(BRIEF),
    ("三分钟剪出一匹骏马", 2.0),
    *_set(SIDE),
    ("责任编辑：周宁", 1.0),
]


def _rows(pieces: list[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: (piece.y, piece.x))


def _fragments(pieces: list[Piece]) -> list[Piece]:
    """Column by column over all articles, and what spans columns last."""
    return sorted(pieces, key=lambda piece: (piece.size != BODY, piece.x // 186, piece.y))


def _shuffled(pieces: list[Piece]) -> list[Piece]:
    return random.Random(7).sample(pieces, len(pieces))


ORDERS: dict[str, Callable[[list[Piece]], list[Piece]]] = {
    "articles": list,
    "rows": _rows,
    "fragments": _fragments,
    "shuffled": _shuffled,
}


def _read(pages: list[list[Piece]], **options: object) -> list[PageText]:
    return pdf.read(draw(pages, **options), "page.pdf")


def _lines(page: PageText) -> list[tuple[str, float]]:
    return [(line.text, line.size) for line in page.lines]


def _texts(page: PageText) -> list[str]:
    return [line.text.strip() for line in page.lines]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_a_page_reads_the_same_however_it_was_drawn(order):
    [page] = _read([order(PAGE)])

    assert _lines(page) == LINES
    assert (page.day, page.number, page.paper, page.warnings) == (None, None, "", ())
    assert all(line.role is None and not line.begins for line in page.lines)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_the_articles_are_those_of_the_same_page_as_text(order):
    drawn, furniture = parse(_read([order(PAGE)])[0].lines)
    typed, _ = parse_text("\n\n".join(text for text, _ in LINES))
    assert [[(b.text, b.role in models.BODY) for b in a.blocks] for a in drawn] == [
        [(b.text, b.role in models.BODY) for b in a.blocks] for a in typed
    ]
    assert [[b.text for b in a.blocks if b.role is Role.HEADLINE] for a in drawn] == [
        ["东湖灯会"],  # the largest type of its head
        ["城北一千六百户用上新水管"],
        ["图书馆延长开放"],
        ["三分钟剪出一匹骏马"],
    ]
    assert furniture == ("城东日报", "第02版：综合", "2026年1月8日 星期四", "责任编辑：周宁")


def test_white_space_above_a_line_is_a_gap_and_the_turn_of_a_column_is_none():
    gaps = {line.text.strip(): line.gap for line in _read([PAGE])[0].lines}

    assert gaps["东湖灯会"] and gaps["城北一千六百户用上新水管"] and gaps[WATER[0]]
    assert not any(gaps[text] for text in (MAIN[1], MAIN[4][1:], MAIN[5], MAIN[6], WATER[2]))


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_articles_side_by_side_below_one_over_all_columns(order):
    page = [
        *[centred("东湖灯会", (0, 3), 80, 24), *flowed(MAIN, [(column, 100, 10) for column in range(4)])],
        *[centred("城北用上新水管", (0, 1), 290, 20), *flowed(WATER, [(0, 310, 9), (1, 310, 9)])],
        *[centred("三分钟剪出一匹骏马", (2, 3), 290, 20), *flowed(SIDE, [(2, 310, 14), (3, 310, 14)])],
        *[centred("图书馆延长开放", (0, 3), 560, 18), *flowed(BRIEF * 2, [(column, 580, 2) for column in range(4)])],
    ]
    whole = [MAIN, WATER, SIDE, BRIEF * 2]
    heads = ["东湖灯会", "城北用上新水管", "三分钟剪出一匹骏马", "图书馆延长开放"]

    assert _texts(_read([order(page)])[0]) == [
        text.lstrip("#") for head, body in zip(heads, whole, strict=True) for text in (head, *body)
    ]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_headlines_flush_left_over_columns_whose_lines_do_not_align(order):
    page = [
        *[Piece("东湖灯会", left_of(0), 85, 26), *flowed(MAIN, [(0, 110, 13), (1, 110, 13), (2, 110, 13)])],
        *[Piece("城北供水", left_of(0), 328, 20), *flowed(WATER, [(0, 350, 6), (1, 350, 6), (2, 350, 6)])],
        *[Piece("骏马", left_of(3), 85, 20), *flowed(SIDE, [(3, 107.3, 40)])],
    ]
    expected = ["东湖灯会", *MAIN, "城北供水", *WATER, "骏马", *SIDE]

    assert _texts(_read([order(page)])[0]) == [text.lstrip("#") for text in expected]


class _Printed(HTMLParser):
    """The elements of the page that the browser printed, by tag, as text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._tag = ""

    def handle_starttag(self, tag, *_):
        if tag in ("h1", "span", "h2", "h3", "h4", "p", "figcaption"):
            self._tag = tag
            self.found.append((tag, ""))

    def handle_endtag(self, tag):
        self._tag = "" if tag == self._tag else self._tag

    def handle_data(self, data):
        if self._tag:
            self.found[-1] = (self._tag, self.found[-1][1] + data)


def test_a_page_of_columns_that_a_browser_printed():
    source = _Printed()
    source.feed((PAGES / "第03版.html").read_text("utf-8"))
    [page] = pdf.read((PAGES / "第03版.pdf").read_bytes(), "第03版.pdf")
    printed = dict(zip(_texts(page), page.lines, strict=True))

    # the tall article stands in the right-hand column: it is read after those on the left
    texts = [text for _, text in source.found]
    tall, trees = texts.index("老浴室里的新年头汤"), texts.index("三百棵古树有了“户口本”")
    assert list(printed) == [*texts[:tall], *texts[trees:-1], *texts[tall:trees], texts[-1]]
    for tag, text in source.found:
        assert (printed[text].size > 1.3) == (tag in ("h1", "h2", "h3")), text
        indented = tag == "p" and not text.startswith(("本报记者", "责任编辑"))
        assert printed[text].text.startswith("　　") == indented, text


def test_type_drawn_twice_to_look_bold_is_read_once():
    twice = [piece for line in PAGE for piece in (line, Piece(line.text, line.x + 0.3, line.y, line.size, line.spread))]

    assert _lines(_read([_rows(twice)])[0]) == LINES
    assert _lines(_read([[*PAGE, *twice[1::2]]])[0]) == LINES


@needs_chinese_font
def test_a_spaced_out_headline_is_one_line_and_narrow_type_is_as_large_as_it_is_high():
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    for x, character in zip((60, 120, 180, 240), "灯会开幕", strict=True):
        canvas.setFont(FONT, 30)
        canvas.drawString(x, 1000, character)
    canvas.setFont(FONT, 1)
    canvas.translate(60, 900)
    canvas.scale(15, 20)
    canvas.drawString(0, 0, "长体的标题")
    canvas.resetTransforms()
    for piece in flowed(BRIEF, [(0, 300, 9)]):
        canvas.setFont(FONT, BODY)
        canvas.drawString(piece.x, HEIGHT - piece.y, piece.text)
    canvas.save()

    assert _lines(pdf.read(file.getvalue(), "")[0]) == [
        ("灯会开幕", 3.0),
        ("长体的标题", 2.0),
        ("　　" + BRIEF[0], 1.0),
    ]


@pytest.mark.parametrize("leading", [11, 15, 20, 27])
def test_a_page_of_one_column_may_be_set_with_any_leading(leading):
    column = flowed(MAIN, [(0, 0, 60)])
    page = [replace(piece, y=40 + i * leading) for i, piece in enumerate(column)]

    assert _texts(_read([page])[0]) == [text.lstrip("#") for text in MAIN]


def test_latin_words_keep_their_spaces_over_a_line_end():
    lines = ["The lantern fair by the East Lake", "opened on a mild winter evening."]
    page = [Piece(text, 40, 100 + 15 * i, font="Times-Roman") for i, text in enumerate(lines)]

    assert _texts(_read([page])[0]) == [" ".join(lines)]


@needs_chinese_font
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read(turn):
    file = BytesIO()
    canvas = Canvas(file, pagesize=(1400, 1400))
    canvas.translate(700, 700)
    canvas.rotate(turn)
    for piece in flowed(MAIN, [(0, 100, 20), (1, 100, 20)]):
        text = canvas.beginText(piece.x - 400, -piece.y)
        text.setFont(FONT, BODY)
        text.setCharSpace(piece.spread)
        text.textOut(piece.text)
        canvas.drawText(text)
    canvas.save()

    assert _texts(pdf.read(file.getvalue(), "")[0]) == [text.lstrip("#") for text in MAIN]


def test_a_watermark_is_left_out_and_said():
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    canvas.setFont(FONT, BODY)
    for piece in flowed(BRIEF, [(0, 300, 9)]):
        canvas.drawString(piece.x, HEIGHT - piece.y, piece.text)
    canvas.rotate(40)
    canvas.setFont(FONT, 50)
    canvas.drawString(300, 0, "内部资料")
    canvas.save()
    [page] = pdf.read(file.getvalue(), "")

    assert _texts(page) == BRIEF
    assert page.warnings == (Doubt.SLANTED_CHARACTERS.of(4),)


def _vertical(texts: list[str], right: float, y: float, size: float) -> list[Piece]:
    return [
        Piece(character, right - 1.5 * size * i, y + 1.1 * size * j, size)
        for i, text in enumerate(texts)
        for j, character in enumerate(text)
    ]


@needs_chinese_font
def test_a_vertical_headline_is_read_from_right_to_left():
    page = [*_vertical(["东湖灯会", "今晚亮灯"], left_of(0) + 30, 110, 20), *flowed(MAIN, [(1, 100, 20), (2, 100, 20)])]
    [read] = _read([page])

    assert _lines(read) == [("东湖灯会今晚亮灯", 2.0), *_set(MAIN)]
    assert read.warnings[0] == Doubt.VERTICAL_LINES.of()


@needs_chinese_font
def test_a_page_set_in_vertical_lines_is_no_page_for_us():
    page = _vertical([MAIN[i] for i in (0, 1, 2, 4, 5)], 700, 60, 10)

    with pytest.raises(PageError, match="vertical lines"):
        _read([page])


def _scan(pages: str = "s") -> bytes:
    """Pages: `s` is a scan, `m` one with its maker's stamp, `t` a page of text."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    image = ImageReader(Image.new("L", (80, 110), 200))
    for kind in pages:
        if kind in "sm":
            canvas.drawImage(image, 0, 0, WIDTH, HEIGHT)
        if kind in "mt":
            canvas.setFont(FONT, BODY)
            canvas.drawString(60, 1000, "扫描件" if kind == "m" else "今天是个好天气。")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize("pages", ["s", "m", "sm"])
def test_a_scan_is_sent_to_ocr(pages):
    with pytest.raises(PageError, match=r"^no text layer \(a scan\?\)\. Run OCR on it first\.$"):
        pdf.read(_scan(pages), "")


def test_scans_between_pages_of_text_are_named():
    pages = pdf.read(_scan("tsstm"), "")

    assert [_texts(page) for page in pages] == [["今天是个好天气。"]] * 2
    assert list(map(str, pages[0].warnings)) == ["PDF page 2, 3, 5: no text layer (a scan?). Run OCR on it first."]
    assert pages[1].warnings == ()


def test_only_a_page_label_gives_a_number():
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    canvas.setTitle("城东日报 2020年1月1日")
    for i in range(2):
        canvas.addPageLabel(i, "ARABIC" if i else "ROMAN_LOWER", start=5)
        canvas.setFont(FONT, BODY)
        canvas.drawString(60, 1000, "今天是个好天气。")
        canvas.showPage()
    canvas.save()
    pages = pdf.read(file.getvalue(), "")

    assert [(page.number, page.day, page.paper) for page in pages] == [(None, None, ""), (5, None, "")]


def test_an_encrypted_file_needs_its_password():
    with pytest.raises(PageError, match=r"^encrypted\. Save it without a password\.$"):
        _read([PAGE], encrypt=StandardEncryption("secret"))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n" + bytes(range(256)) * 40, b"%PDF-", b"%PDF-1.4\n%%EOF"])
def test_garbage_is_broken(data):
    with pytest.raises(PageError, match="broken"):
        pdf.read(data, "")


def test_a_damaged_file_is_read_or_refused_but_nothing_else():
    data = draw([PAGE])
    dice = random.Random(3)
    for _ in range(60):
        cut = bytearray(data[: dice.randrange(len(data))] if dice.random() < 0.5 else data)
        for _ in range(dice.randrange(30)):
            cut[dice.randrange(len(cut))] = dice.randrange(256)
        try:
            pages = pdf.read(bytes(cut), "")
        except PageError as error:
            assert re.fullmatch(r".+\. [A-Z].+\.", str(error))
        else:
            assert all(page.lines for page in pages)


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    with pytest.raises(PageError, match=r"^3 pages, of at most 2\. Split it"):
        _read([PAGE] * 3)
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 500)
    with pytest.raises(PageError, match="characters on a page"):
        _read([PAGE])
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 5000)
    monkeypatch.setattr(pdf, "MAX_CHARACTERS_IN_ALL", 1500)
    with pytest.raises(PageError, match="more than 1500 characters"):
        _read([PAGE] * 2)


def test_a_font_that_does_not_name_its_characters_is_no_text():
    data = (PAGES / "第03版.pdf").read_bytes()
    assert data.count(b"/ToUnicode") > 1

    with pytest.raises(PageError, match="which characters they draw"):
        pdf.read(data.replace(b"/ToUnicode", b"/ToNothing"), "")


def test_a_pdf_is_known_by_its_mark():
    assert pdf.recognises(b"\xef\xbb\xbf%PDF-1.4") and not pdf.recognises(b"PK\x03\x04 %PDX")


def test_radicals_are_read_as_the_characters_that_they_look_like():
    assert [pdf._character(ord(radical), False) for radical in "⼀⼈⻋⻓"] == list("一人车长")


def test_without_the_extra_its_name_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)

    with pytest.raises(PageError, match=r"newsbot\[formats\]"):
        _read([PAGE])
