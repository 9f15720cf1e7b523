"""Lines to blocks: page furniture out, broken paragraphs whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

# The width of marks differs from paper to paper, and within one; one spelling, character for character, so that a place
# found in the plain form is the same place in the text.
_PLAIN = str.maketrans("（）：／，；！？　\xa0“”", "():/,;!?  \"\"")  # fmt: skip

_CLOSED = re.compile(r"""[。!?…"”’』」)】〕;:.]$""")
_STOPS = re.compile(r"[。;,]")
_MASTHEAD = re.compile(r"[\u4e00-\u9fff]{2,4}(日|晚|晨|早|商|时|時|都市|青年|经济|經濟|周|週)[报報]")
_NUMBER = "[0-9一二三四五六七八九十]{1,3}"
_DATE = rf"((19|20)[0-9]{{2}}|二〇[〇一二三四五六七八九]{{2}})[-年./]\s*{_NUMBER}[-月./]\s*{_NUMBER}日?"
_FURNITURE = re.compile(
    rf"""
      (第\s*)?[A-Z]?\d{{1,3}}\s*版([\s:][^。,;]{{0,12}})?          # 第01版:要闻
    | (\S{{2,8}}\s+)?{_DATE}(\s*(星期|农历|第|总|要闻)[^。,;]{{0,30}})?  # 某市日报 2026年1月8日 星期四
    | (责任|責任)?(编辑|編輯)\s*[:/].{{1,30}}
    | 责编\s*[:/].{{1,30}} | 版式\s*[:/].{{1,20}} | 校对\s*[:/].{{1,20}}
    | 标题导航 | 今日\s*\d+\s*版 | 总第\s*\d+\s*期 | 邮发代号.{{1,20}}
    | (国内统一|国内統一).{{0,30}}\d{{2}}-\d{{4}}.{{0,20}}
    | (要闻|综合)\s*\d{{1,2}}
    """,
    re.VERBOSE,
)
_LATIN = re.compile(r"[A-Za-z]")

HEADING_LENGTH = 40
"""A line of more characters is prose: no headline of the papers we know is longer."""


@dataclass(frozen=True)
class Line:
    """A printed line, its outer white space off; `plain` is the same in half width, place by place."""

    text: str
    plain: str

    @property
    def closed(self) -> bool:
        """Whether it ends as a paragraph does; a headline, a caption or a paragraph's first half does not."""
        return _CLOSED.search(self.plain) is not None

    @property
    def heading_like(self) -> bool:
        """Whether it could be a headline: short, and no sentence of prose."""
        return len(self.text) <= HEADING_LENGTH and not self.plain.endswith(("。", ";", ",")) and "。" not in self.text

    @property
    def prose(self) -> bool:
        """Whether it reads as a part of a paragraph: it is long, or punctuated."""
        return len(self.text) > HEADING_LENGTH or _STOPS.search(self.plain) is not None


def plain(text: str) -> str:
    """The text in half width, of the same length."""
    return text.translate(_PLAIN)


def lines(page: str) -> tuple[list[Line], list[str]]:
    """The lines of a page that belong to articles, and its furniture; blank lines go, and nothing else."""
    kept, furniture = [], []
    for raw in page.splitlines():
        if not (text := raw.strip()):
            continue
        line = Line(text, plain(text))
        if is_furniture(line.plain):
            furniture.append(text)
        else:
            kept.append(line)
    return kept, furniture


def is_furniture(form: str) -> bool:
    """Whether a line in half width belongs to the page: its name, date, number, section, editors."""
    return bool(_MASTHEAD.fullmatch(form) or _FURNITURE.fullmatch(form))


def join(parts: Sequence[str]) -> str:
    """The parts of a paragraph in one: with a space between Latin words, with nothing between Han characters."""
    gaps = (" " if _LATIN.match(a[-1]) and _LATIN.match(b[0]) else "" for a, b in pairwise(parts))
    return "".join(piece for pair in zip_longest(parts, gaps, fillvalue="") for piece in pair)
