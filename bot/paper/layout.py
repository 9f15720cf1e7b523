"""Lines to blocks: page furniture out, broken paragraphs whole."""

import re
from dataclasses import dataclass

# The width of marks differs from paper to paper, and within one; one spelling, character for character, so that a place
# found in the plain form is the same place in the text.
_PLAIN = str.maketrans("（）：／，；！？　\xa0“”", "():/,;!?  \"\"")  # fmt: skip

_CLOSED = re.compile(r"""[。!?…"”’』」)】〕;:.]$""")
_STOPS = re.compile(r"[。;,]")
_FURNITURE = re.compile(
    r"""
      第?\s*[A-D]?\d{1,3}\s*版.{0,12}                       # 第01版:要闻
    | .{0,12}(19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*星期.{0,30}   # 2026年1月8日 星期四
    | (责任)?编辑\s*[:/].{1,30} | 责编\s*[:/].{1,30} | 版式\s*[:/]?.{1,20} | 校对\s*[:/].{1,20}
    | 标题导航
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
        if _FURNITURE.fullmatch(line.plain):
            furniture.append(text)
        else:
            kept.append(line)
    return kept, furniture


def join(first: str, second: str) -> str:
    """Two halves of a paragraph in one: with a space between Latin words, with nothing between Han characters."""
    return first + (" " if _LATIN.match(first[-1]) and _LATIN.match(second[0]) else "") + second
