"""Lines of type in reading order to paragraphs, by indents, line ends and the size of the type."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.paper.page import PrintedLine
from bot.paper.readers.glyphs import DISPLAY, HAN, TypeLine

_INDENT = (1.5, 2.6)  # of the type's size; a paragraph's first line is indented by 2
_SHORT = 2.2  # of the type's size: a line that ends so far before its column's edge ends a paragraph
_SAME_SIZE = 0.08
_GAP = 0.5  # of the body's size, and above the usual distance of lines
_HEADLINE_LEADING = 0.8  # of the type's size: the white space between the lines of one headline is less
_CLOSED = re.compile(r"[。！？…!?.：:；;][”’』」）)】〕]*$|[”’』」）)】〕]$")


@dataclass(frozen=True)
class _Row:
    """A line in its column.

    Attributes:
        line: The line.
        indent: How far it begins from the column's left edge, in ems.
        short: How far it ends before the column's right edge, in ems.
        turn: Whether it is the first of its column.
        alone: Whether it is the only one.
        blank: The white space above it, in points; infinite at the head of the page, below 0 where a column turns.
    """

    line: TypeLine
    indent: float
    short: float
    turn: bool
    alone: bool
    blank: float

    @property
    def indented(self) -> bool:
        return self.line.reach is None and self.indent >= _INDENT[0]

    @property
    def closed(self) -> bool:
        return _CLOSED.search(self.line.text) is not None


def paragraphs(columns: Sequence[Sequence[TypeLine]], body: float) -> list[PrintedLine]:
    """The paragraphs, headlines and other lines of a page, each whole.

    Args:
        columns: The lines in reading order, by column.
        body: The size of the page's body text, in points.
    """
    rows = _placed(columns, body)
    setting = _Setting.of(rows, body)
    groups: list[list[_Row]] = []
    for row in rows:
        if groups and setting.goes_on(groups[-1][-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [setting.printed(group) for group in groups]


def _placed(columns: Sequence[Sequence[TypeLine]], body: float) -> list[_Row]:
    edges = [_edges(column, body) for column in columns]
    lefts = [left for left, _ in edges]
    rows: list[_Row] = []
    for column, (left, right) in zip(columns, edges, strict=True):
        if flush := [edge for edge in lefts if abs(left - edge - 2 * body) < 0.4 * body]:
            left = flush[0]  # a column in which every line is the first of its paragraph
        for i, line in enumerate(column):
            blank = line.top - rows[-1].line.base if rows else float("inf")
            indent, short = (line.left - left) / line.size, (right - line.right) / line.size
            rows.append(_Row(line, indent, short, turn=i == 0, alone=len(column) == 1, blank=blank))
    return rows


def _edges(column: Sequence[TypeLine], body: float) -> tuple[float, float]:
    """Where a column's text begins and ends."""
    text = [line for line in column if line.size < DISPLAY * body] or column
    return min(line.span[0] for line in text), max(line.span[1] for line in text)


@dataclass(frozen=True)
class _Setting:
    """How a page is set: the size of its body text, the white space between its lines, whether it indents."""

    body: float
    leading: float
    indents: bool

    @classmethod
    def of(cls, rows: Sequence[_Row], body: float) -> "_Setting":
        small = [row for row in rows if row.line.size < DISPLAY * body]
        blanks = [row.blank for row in small if not row.turn and row.blank < 3 * body]
        indented = sum(a.indented and not b.indented for a, b in pairwise(small))
        return cls(body, median(blanks) if blanks else 0.5 * body, indented >= max(2, 0.03 * len(small)))

    def goes_on(self, row: _Row, following: _Row) -> bool:
        """Whether the following row belongs to the paragraph, or the headline, that the row is of."""
        a, b = row.line, following.line
        if abs(a.size - b.size) > _SAME_SIZE * a.size:
            return False
        if a.size >= DISPLAY * self.body:
            return not following.turn and a.font == b.font and following.blank < _HEADLINE_LEADING * a.size
        if following.indented or a.reach or b.reach:
            return False
        if following.turn:
            if a.font != b.font or (row.alone and following.alone) or self.gap(following):
                return False
            return row.short <= _SHORT and (self.indents or not row.closed)
        if self.gap(following) or (a.font != b.font and row.closed):
            return False
        return row.short <= _SHORT or (self.indents and not row.closed)

    def gap(self, row: _Row) -> bool:
        """Whether there is more white space above the row than between the lines of a paragraph."""
        return row.blank > self.leading + _GAP * self.body

    def printed(self, group: Sequence[_Row]) -> PrintedLine:
        first = group[0]
        opens = first.indented and first.indent <= _INDENT[1] and first.line.size < DISPLAY * self.body
        gap = self.gap(first) or (first.turn and first.line.size >= DISPLAY * self.body)
        size = round(median(row.line.size for row in group) / self.body, 2)
        return PrintedLine("　　" * opens + _joined([row.line.text for row in group]), gap=gap, size=size)


def _joined(parts: Sequence[str]) -> str:
    """The lines of a paragraph in one: a space between Latin words, nothing beside a Han character or a hyphen."""
    text = parts[0]
    for part in parts[1:]:
        latin = not (HAN.match(text[-1]) or HAN.match(part[0])) and text[-1].isalnum() | (text[-1] in ",.;:!?)")
        text += " " * latin + part
    return text
