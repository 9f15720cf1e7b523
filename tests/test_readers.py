"""The readers of web pages, feeds, Word files and exports: what they make of a file, and which one takes it."""

import io
import json
import zipfile
from datetime import date

import docx
import pytest
from docx.shared import Pt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.models import Doubt
from bot.paper import PageError
from bot.paper.readers import feed, html, published, records, text, word

READERS = (word, html, feed, records, text)

FOUNDER = """<!DOCTYPE html><html><head><title>某市日报数字报</title></head><body>
<ul><li><a href="node_1.htm">第01版：要闻</a></li><li><a href="node_2.htm">第02版：综合</a></li></ul>
<div>2026年01月08日 星期四 第02版：综合</div><script>var hidden = "隐";</script>
<table><tr><td class="font02">全市动员</td></tr><tr><td class="font01">老桥今日<br>重新通车</td></tr>
<tr><td class="font02">绕行结束</td></tr>
<tr><td class="font02">□ 本报记者 甲天</td></tr></table>
<div id="ozoom"><table><tr><td><img src="a.jpg"></td></tr><tr><td>通车现场。乙地 摄</td></tr></table>
<founder-content><!--enpcontent--><p>　　本报讯 老桥<b>昨日</b>
通车。</p><p>　　第二段。</p>
<p>甲<br>乙<br><br>丙</p><h3>桥的历史</h3><!--/enpcontent--></founder-content></div>
<h3>相关新闻</h3></body></html>"""

PEOPLE = """<html><head><meta charset="gb2312"></head><body><div class="article"><h3>引题</h3><h1>标题</h1><h2>副题</h2>
<p class="sec">本报记者 甲天<span class="date">《某国日报》（<span>2026年08月03日</span> 第 01 版）</span></p>
<div class="attachment"><img><p>图为某地。</p></div><div id="ozoom"><p>正文。</p></div>
</div></body></html>"""

MARKED = """<html><body><div><!--enpproperty <founder-date>2026-01-08</founder-date>
<founder-title>标题甲</founder-title>
<nodename>第03版：文化</nodename>/enpproperty--><!--enpcontent--><p>正文。</p><!--/enpcontent--></div>页脚</body></html>"""

NODE = """<html><body><ul><li><a href="content_1.htm">标题一</a>
<li><a href="content_2.htm">标题二</a></ul></body></html>"""

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>某市日报</title>
<item><title>甲题</title><description>摘要</description><author>李明</author>
<content:encoded><![CDATA[<p>正文一。</p><p>正文二。</p>]]></content:encoded>
<pubDate>Thu, 08 Jan 2026 20:00:00 GMT</pubDate></item>
<item><title>乙题</title><description>（记者 李明）当日。</description><author>李明</author>
<pubDate>Thu, 08 Jan 2026 15:59:00 GMT</pubDate></item>
<item><title>丙题</title><description>无日期。</description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>报</title><entry><title>甲</title>
<updated>2026-01-08T00:30:00+08:00</updated><summary>短</summary></entry></feed>"""

PARSED = {
    "articles": [
        {
            "headline": "甲题",
            "subheads": ["副题"],
            "reporters": ["高燕"],
            "source_line": "本报讯(记者 高燕)",
            "paragraphs": ["本报讯(记者 高燕)一。", "二。"],
            "label": "栏目",
            "captions": ["图为某地。"],
            "credits": [],
            "jump": "下转第四版",
        }
    ],
    "furniture": ["某市日报"],
    "date": "2026-01-08",
    "page": 3,
}
CSV = '标题,正文,日期,版次,报纸\n甲,"一\n二",20260108,第01版,某报\n,,,,\n'
CSV += "乙,三,2026/1/8,A01,某报\n丙,四,2026-01-09,1,某报\n"


def a_docx():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "某市日报 2026年1月8日"
    document.sections[0].footer.paragraphs[0].text = "责任编辑:张三"
    document.add_heading("老桥今日\n重新通车", 1)
    document.add_paragraph("本报讯(记者 甲天)正文。").paragraph_format.first_line_indent = Pt(21)
    document.add_heading("桥的历史", 2)
    boxed = document.add_paragraph("框外")
    boxed.add_run("大字").font.size = Pt(44)
    inner = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    namespaces = " ".join(f'xmlns:{p}="{u}"' for p, u in {**docx.oxml.ns.nsmap, "mc": MC}.items())
    box = f"<mc:AlternateContent {namespaces}><mc:Choice>{inner}</mc:Choice><mc:Fallback>{inner}</mc:Fallback>"
    boxed.add_run()._r.append(docx.oxml.parse_xml(f"{box}</mc:AlternateContent>"))
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
    table.cell(1, 0).text, table.cell(1, 1).text = "左", "右"
    return saved(document)


MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def a_zip(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def outline(page):
    return [(str(line.role) if line.role else "", line.text) for line in page.lines]


def begun(page):
    return [line.text for line in page.lines if line.begins]


SAMPLES = [
    (word, a_docx()),
    (word, bytes.fromhex("D0CF11E0A1B11AE1") + bytes(100)),
    (word, b"{\\rtf1\\ansi hello}"),
    (word, a_zip(xl__workbook_xml="<x/>")),
    (html, FOUNDER.encode()),
    (html, FOUNDER.encode("utf-16")),
    (html, b"\xef\xbb\xbf" + PEOPLE.encode()),
    (html, PEOPLE.encode("gb18030")),
    (html, b'<?xml version="1.0"?>\n<!-- saved --><html xmlns="http://www.w3.org/1999/xhtml"></html>'),
    (html, "<p>一段</p>".encode()),
    (feed, RSS.encode()),
    (feed, ATOM.encode()),
    (feed, b'<?xml version="1.0"?><!-- x --><rdf:RDF xmlns="http://purl.org/rss/1.0/"></rdf:RDF>'),
    (records, json.dumps([{"title": "甲", "content": "乙"}]).encode()),
    (records, '{"title":"甲","content":"乙"}\n{"title":"丙","content":"丁"}\n'.encode()),
    (records, json.dumps(PARSED).encode()),
    (records, CSV.encode("gb18030")),
    (records, CSV.encode("utf-8-sig")),
    (records, CSV.encode("utf-16")),
    (records, CSV.replace(",", "\t").encode()),
    (text, "[本报讯]会议,日前召开。\n".encode()),
    (text, b'{"a": 1}'),
    (text, b"[1, 2]"),
    (text, "标题,会议,日期\n今天,明天\n".encode()[:7]),
    (text, "大桥,今日通车\n本报讯,昨日\n".encode()),
    (text, "<新闻>大桥通车\n".encode()),
    (word, b"PK\x03\x04"),
    (text, b""),
]


@pytest.mark.parametrize(("reader", "data"), SAMPLES)
def test_each_file_has_one_reader(reader, data):
    assert [r for r in READERS if r.recognises(data)] == ([text] if reader is text else [reader, text])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.sampled_from([b"", *(data[:200] for _, data in SAMPLES)]))
@example(b"[" * 100_000, b"")
@example(b"<div>" * 100_000, b"")
@example(b'"title": ' + b"9" * 5000, b"[{")
@example(b"\xff\xfe[\0", b"")
def test_any_bytes_are_read_or_refused(data, opening):
    for reader in READERS:
        for whole in (opening + data, data):
            assert reader.recognises(whole) in (True, False)
            try:
                assert all(page.lines for page in reader.read(whole, "x"))
            except PageError as error:
                assert str(error).endswith(".")


def test_a_founder_page():
    [page] = html.read(FOUNDER.encode(), "x")
    assert (page.day, page.number, page.paper, page.warnings) == (date(2026, 1, 8), 2, "某市日报", ())
    assert outline(page) == [
        ("subhead", "全市动员"),
        ("headline", "老桥今日"),
        ("headline", "重新通车"),
        ("subhead", "绕行结束"),
        ("byline", "□ 本报记者 甲天"),
        ("caption", "通车现场。乙地 摄"),
        ("", "　　本报讯 老桥昨日通车。"),
        ("", "　　第二段。"),
        ("", "甲"),
        ("", "乙"),
        ("", "丙"),
        ("crosshead", "桥的历史"),
    ]
    assert begun(page) == ["全市动员"]
    assert [line.text for line in page.lines[-5:] if not line.gap] == ["乙"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_with_a_stamp_in_any_encoding(encoding):
    [page] = html.read(PEOPLE.encode(encoding), "x")
    assert (page.day, page.number, page.paper) == (date(2026, 8, 3), 1, "某国日报")
    roles = ["subhead", "headline", "subhead", "byline", "caption", ""]
    assert outline(page) == list(
        zip(roles, ["引题", "标题", "副题", "本报记者 甲天", "图为某地。", "正文。"], strict=True)
    )


def test_marks_and_properties_stand_in_for_what_is_not_printed():
    [page] = html.read(MARKED.encode(), "x")
    assert (page.day, page.number) == (date(2026, 1, 8), 3)
    assert outline(page) == [("headline", "标题甲"), ("", "正文。")]


def test_a_page_of_headlines_is_refused():
    with pytest.raises(PageError, match="headlines"):
        html.read(NODE.encode(), "x")


def test_an_unknown_layout_is_read_with_a_warning():
    prose = "".join(f"<p>第{i}段,这里有许多文字,说明一件事情的来龙去脉,写得很长很长。</p>" for i in range(5))
    [page] = html.read(f"<html><title>某文</title><nav>导航</nav><main>{prose}</main></html>".encode(), "x")
    assert page.warnings == (Doubt.UNKNOWN_LAYOUT.of(),)
    assert [line.text[:3] for line in page.lines] == ["某文", *(f"第{i}段" for i in range(5))]


def test_feed_entries_are_grouped_by_the_day_in_china():
    ninth, eighth, undated = feed.read(RSS.encode(), "x")
    assert [page.day for page in (ninth, eighth, undated)] == [date(2026, 1, 9), date(2026, 1, 8), None]
    assert ninth.paper == "某市日报"
    assert outline(ninth) == [("headline", "甲题"), ("byline", "李明"), ("", "正文一。"), ("", "正文二。")]
    assert outline(eighth) == [("headline", "乙题"), ("", "（记者 李明）当日。")]  # the text names its author
    assert [page.day for page in feed.read(ATOM.encode(), "x")] == [date(2026, 1, 8)]


def test_a_feed_with_entities_of_its_own_is_refused():
    with pytest.raises(PageError, match="entities"):
        feed.read(b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + RSS.encode()[21:], "x")


def test_a_word_file():
    [page] = word.read(a_docx(), "x")
    assert outline(page) == [
        ("", "某市日报 2026年1月8日"),
        ("headline", "老桥今日"),
        ("headline", "重新通车"),
        ("", "　　本报讯(记者 甲天)正文。"),
        ("crosshead", "桥的历史"),
        ("", "框内"),
        ("", "框外大字"),
        ("", "合并"),
        ("", "左"),
        ("", "右"),
        ("", "责任编辑:张三"),
    ]
    assert begun(page) == ["老桥今日"]


def test_type_sizes_are_multiples_of_the_body():
    document = docx.Document()
    document.add_paragraph().add_run("大字").font.size = Pt(30)
    document.add_paragraph().add_run("正文" * 20).font.size = Pt(10)
    assert [line.size for line in word.read(saved(document), "x")[0].lines] == [3.0, 1.0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bytes.fromhex("D0CF11E0A1B11AE1"), r"\.doc"),
        (b"{\\rtf1", "RTF"),
        (a_zip(xl__workbook_xml="<x/>"), "CSV"),
        (a_zip(word__document_xml="<x"), "broken"),
        (a_docx()[:3000], "broken"),
        (a_zip(word__document_xml=b"a" * (65 << 20)), "unpacks"),
        (a_zip(word__document_xml="x", **{f"part{i}": "" for i in range(5000)}), "unpacks"),
        (saved(docx.Document()), "without text"),
    ],
)
def test_word_files_that_are_refused(data, reason):
    with pytest.raises(PageError, match=reason):
        word.read(data, "x")


def test_a_table_is_grouped_by_day_page_and_paper():
    first, second = records.read(CSV.encode("gb18030"), "x")
    assert (first.day, first.number, first.paper) == (date(2026, 1, 8), 1, "某报")
    assert outline(first) == [("headline", "甲"), ("", "一"), ("", "二"), ("headline", "乙"), ("", "三")]
    assert begun(first) == ["甲", "乙"]
    assert second.day == date(2026, 1, 9)


def test_records_without_text_and_cells_without_a_name_are_counted():
    empty, ragged = ({"title": "", "content": " "}, "title,content\n甲,乙,丙\n")
    [page] = records.read(json.dumps([empty, {"title": "甲", "content": "乙"}]).encode(), "x")
    assert page.warnings == (Doubt.EMPTY_RECORDS.of(1),)
    [page] = records.read(ragged.encode(), "x")
    assert page.warnings[0] == Doubt.RAGGED_RECORDS.of(1)


def test_what_parse_prints_can_be_read():
    [page] = records.read(json.dumps(PARSED).encode(), "x")
    assert (page.day, page.number) == (date(2026, 1, 8), 3)
    assert outline(page) == [
        ("", "某市日报"),
        ("label", "栏目"),
        ("headline", "甲题"),
        ("subhead", "副题"),
        ("", "本报讯(记者 高燕)一。"),  # which says who wrote it
        ("", "二。"),
        ("caption", "图为某地。"),
        ("jump", "下转第四版"),
    ]
    assert begun(page) == ["栏目"]


def test_records_in_pages_in_an_answer():
    article = {"Title": "甲", "Content_HTML": "<p>段&amp;一</p><p>段二</p>", "reporter": "王五"}
    answer = {
        "page": 1,
        "total": 9,
        "data": {"date": "2026/1/8", "pages": [{"版面": "第04版:要闻", "list": [article]}]},
    }
    [page] = records.read(json.dumps(answer).encode(), "x")
    assert (page.day, page.number) == (date(2026, 1, 8), 4)
    assert outline(page) == [("headline", "甲"), ("byline", "记者 王五"), ("", "段&一"), ("", "段二")]


@pytest.mark.parametrize("data", [b"[" * 100_000, b'title,content\n"' + b"a" * 200_000, b"[]", b"x"])
def test_exports_that_are_refused(data):
    with pytest.raises(PageError):
        records.read(data, "x")


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2026-01-08", (2026, 1, 8)),
        ("2026/1/8 20:00", (2026, 1, 8)),
        ("20260108", (2026, 1, 8)),
        (20260108, (2026, 1, 8)),
        ("20260108203000", (2026, 1, 8)),
        ("2026年1月8日 20时", (2026, 1, 8)),
        ("2026-01-08 00:00:00.0", (2026, 1, 8)),
        ("2026-01-08T20:00:00Z", (2026, 1, 9)),
        ("2026-01-08T23:00:00+08:00", (2026, 1, 8)),
        ("Thu, 08 Jan 2026 20:00:00 GMT", (2026, 1, 9)),
        (1767801600, (2026, 1, 8)),
        ("1767801600000", (2026, 1, 8)),
        ("0001-01-01", None),
        ("2026-13-45", None),
        ("昨日", None),
        ("", None),
    ],
)
def test_time_stamps(stamp, day):
    assert published.day(stamp) == (day and date(*day))
