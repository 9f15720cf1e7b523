"""Exports of databases and crawlers (JSON, JSON lines, CSV, TSV): a record is an article, by its usual field names."""

import codecs
import csv
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from io import StringIO
from operator import itemgetter
from typing import Any

from bot.models import Doubt, Note, Role
from bot.paper.page import PageError, PageText, PrintedLine
from bot.paper.readers import markup, published, text
from bot.paper.readers.published import Published, Texts

MAX_BYTES = 16 << 20
"""A year of a paper's headlines; more is better ingested in parts."""

Values = dict[str, list[Any]]
"""A record's values by field, the field's best name first; none of them is empty."""

_NAMES = {
    "headline": "title headline maintitle articletitle 标题 標題 主标题 题目 題目 主题 文章标题 新闻标题",
    "kickers": "pretitle introtitle leadtitle kicker 引题 引題 肩题 肩題 眉题",
    "decks": "subtitle subtitles subhead subheads deck 副标题 副標題 副题 副題",
    "body": "content contents text body fulltext paragraphs articletext articlecontent contenthtml contenttext "
    "正文 内容 內容 全文 文章内容 新闻内容",
    "byline": "author authors byline sourceline 作者 署名",
    "reporters": "reporter reporters 记者 記者",
    "day": "date day pubdate pubtime publishdate publishtime publishedat published datepublished issuedate time "
    "日期 时间 時間 发布日期 發布日期 发布时间 發布時間 出版日期 见报日期 刊发日期",
    "label": "section column label 栏目 欄目 版块 板块",
    "number": "page pageno pagenum pagenumber 版次 版面 版號 版号 版 版面号",
    "paper": "paper papername newspaper source media 报纸 報紙 报纸名称 报名 来源 來源 媒体 媒體",
    "captions": "captions caption 图片说明 图说 圖說",
    "credits": "credits",
    "jump": "jump",
}
_FIELDS = {name: (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names.split())}
_SHARED = ("day", "number", "paper")
"""What a record has from the object around it, where it does not say so itself."""
_PAGING = frozenset(
    ("pagesize", "perpage", "pages", "pagecount", "totalpages", "total", "totalcount", "limit", "offset")
)
"""Beside one of these, `page` is the page of an answer and not of a paper."""

_BELOW = {"captions": Role.CAPTION, "credits": Role.CREDIT, "jump": Role.JUMP}
_DELIMITERS = ",\t;|，"
_DEPTH = 8
"""Articles are in pages, pages in issues, issues in an answer's data; nothing puts them deeper."""
_HEADER_LENGTH = 4096
_BYLINE_WITHIN = 200
_SIGNS = re.compile(r"[\W_]+")


@dataclass
class _Export:
    """What was found in a file; `empty`, `broken` and `ragged` count the records that hold nothing or too much."""

    records: list[Values] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)
    empty: int = 0
    broken: int = 0
    ragged: int = 0

    def add(self, values: Values) -> bool:
        if any(values.get(name) for name in ("headline", "body", *_BELOW)):
            self.records.append(values)
            return True
        return False

    def warnings(self) -> tuple[Note, ...]:
        counts = (
            (self.empty, Doubt.EMPTY_RECORDS),
            (self.broken, Doubt.BROKEN_RECORDS),
            (self.ragged, Doubt.RAGGED_RECORDS),
        )
        return tuple(doubt.of(count) for count, doubt in counts if count)


def recognises(data: bytes) -> bool:
    """Whether it is JSON with a record that has text, or a table whose header names a title or a text and one more."""
    try:
        if _opens_as_json(data):
            return any("body" in values for values in _from_json(text.decode(data)[0]).records)
        return _delimiter(_first_line(_head(data))) is not None
    except RecursionError:
        return True  # it is JSON all right, and reading says what is wrong with it
    except ValueError:
        return False


def read(data: bytes, name: str) -> list[PageText]:
    """The articles of an export, on their pages by day, page number and paper.

    Raises:
        PageError: It is broken, or no record has text.
    """
    if len(data) > MAX_BYTES:
        raise PageError(f"an export of more than {MAX_BYTES >> 20} MB. Split it.")
    try:
        page, _ = text.decode(data)
        export = _from_json(page) if _opens_as_json(data) else _from_table(page)
    except RecursionError:
        raise PageError("JSON that is nested too deeply. Export the articles as one list.") from None
    except csv.Error as error:
        raise PageError(f"a table that cannot be read ({error}). Export it again, its fields quoted.") from None
    except ValueError:
        raise PageError("neither JSON nor a table. Export it again as UTF-8.") from None
    articles = [article for values in export.records if (article := _article(values)).lines()]
    if not articles:
        raise PageError("no record with text in it. Name its fields title, content, author, date and page.")
    return published.pages(articles, furniture=tuple(export.furniture), warnings=export.warnings())


def _opens_as_json(data: bytes) -> bool:
    return data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in (b"[", b"{")


def _from_json(page: str) -> _Export:
    """The records of a JSON document, or of JSON lines.

    Raises:
        ValueError: It is neither.
    """
    export = _Export()
    try:
        _collect(json.loads(page), {}, export)
    except json.JSONDecodeError:
        lines = [line for line in page.split("\n") if line.strip()]
        _collect(json.loads(lines[0]), {}, export)
        for line in lines[1:]:
            try:
                _collect(json.loads(line), {}, export)
            except ValueError:
                export.broken += 1
    return export


def _collect(node: Any, around: Values, export: _Export, depth: int = 0) -> None:
    """Finds the records in lists and objects, however these are packed."""
    if isinstance(node, list):
        for item in node:
            if depth < _DEPTH:
                _collect(item, around, export, depth + 1)
    elif isinstance(node, dict):
        values = _values(node.items())
        inherited = around | {name: values[name] for name in _SHARED if name in values}
        if "body" in values:
            export.add(inherited | values)
            return
        if not _PAGING.isdisjoint(map(_name, node)):
            inherited.pop("number", None)
        export.furniture += _texts(node.get("furniture"))
        before = len(export.records)
        for value in node.values():
            if isinstance(value, list | dict) and depth < _DEPTH:
                _collect(value, inherited, export, depth + 1)
        if len(export.records) == before and not export.add(inherited | values):
            export.empty += any(_FIELDS.get(_name(key), ("",))[0] in ("headline", "body") for key in node)


def _from_table(page: str) -> _Export:
    """The records of a table whose first row names the fields.

    Raises:
        ValueError: It has no such row.
        csv.Error: A field does not end, or is longer than any article.
    """
    delimiter = _delimiter(_first_line(page))
    if delimiter is None:
        raise ValueError("no header")
    export = _Export()
    rows = filter(any, csv.reader(StringIO(page, newline=""), delimiter=delimiter))
    header = next(rows)
    for row in rows:
        export.ragged += any(cell.strip() for cell in row[len(header) :])
        if not export.add(_values(zip(header, row, strict=False))):
            export.empty += 1
    return export


def _head(data: bytes) -> str:
    """The text of a file's first lines.

    Raises:
        ValueError: It is not text.
    """
    head = data[: 4 * _HEADER_LENGTH]
    if len(head) < len(data) and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head[: head.rfind(b"\n") + 1]  # not in the middle of a character
    return text.decode(head)[0]


def _first_line(page: str) -> str:
    return next((line for line in page[:_HEADER_LENGTH].splitlines() if line.strip()), "")


def _delimiter(header: str) -> str | None:
    """What stands between the names of a header; None if it names no text."""
    for delimiter in _DELIMITERS:
        cells = next(csv.reader([header], delimiter=delimiter), [])
        known = {_FIELDS[name][0] for cell in cells if (name := _name(cell)) in _FIELDS}
        if len(known) > 1 and known & {"headline", "body"}:
            return delimiter
    return None


def _values(items: Iterable[tuple[str, Any]]) -> Values:
    ranked: dict[str, list[tuple[int, Any]]] = {}
    for key, value in items:
        if (known := _FIELDS.get(_name(key))) and _texts(value):
            ranked.setdefault(known[0], []).append((known[1], value))
    return {name: [value for _, value in sorted(values, key=itemgetter(0))] for name, values in ranked.items()}


def _name(key: str) -> str:
    return _SIGNS.sub("", key[:40]).lower()


def _texts(value: Any) -> list[str]:
    """The strings that a value is, or is a list of."""
    values = value if isinstance(value, list) else [value]
    strings = (str(v) if type(v) in (int, float) else v for v in values)
    return [string for string in strings if isinstance(string, str) and string.strip()]


def _article(values: Values) -> Published:
    def lines(name: str) -> list[PrintedLine]:
        return [line for string in _texts(values.get(name, [None])[0]) for line in markup.paragraphs(string)]

    def texts(name: str) -> Texts:
        return tuple(line.text.strip() for line in lines(name))

    body = lines("body")
    papers = (string for value in values.get("paper", ()) for string in _texts(value) if "://" not in string)
    below = [replace(line, role=role) for name, role in _BELOW.items() for line in lines(name)]
    return Published(
        (*body, *below),
        texts("headline"),
        texts("kickers"),
        texts("decks"),
        _byline(texts("byline"), texts("reporters"), "".join(line.text for line in body)),
        texts("label"),
        day=next(filter(None, (published.day(s) for value in values.get("day", ()) for s in _texts(value))), None),
        number=next(filter(None, map(published.page_number, values.get("number", ()))), None),
        paper=next(papers, "").strip(),
    )


def _byline(byline: Texts, reporters: Texts, body: str) -> Texts:
    """Who wrote it, unless the text itself says so where papers print it."""
    ends = body[:_BYLINE_WITHIN] + body[-_BYLINE_WITHIN:]
    names = [name for text in reporters for name in _SIGNS.split(text) if name]
    if byline:
        return tuple(line for line in byline if line not in ends)
    return (f"记者 {' '.join(names)}",) if not all(name in ends for name in names) else ()
