"""PDF pages of newspapers, drawn for the tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 800, 1100
FONT = "STSong-Light"
BODY, LEADING = 10, 15
COLUMN, GUTTER, MARGIN = 170, 16, 40
NO_LINE_START = "，。、；：？！”’）》」』"

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


@dataclass(frozen=True)
class Piece:
    """A line as it is drawn: its left end and its baseline in points from the upper left corner."""

    text: str
    x: float
    y: float
    size: float = BODY
    spread: float = 0.0
    font: str = FONT

    @property
    def width(self) -> float:
        return pdfmetrics.stringWidth(self.text, self.font, self.size) + self.spread * len(self.text)


def draw(pages: Sequence[Iterable[Piece]], **options: Any) -> bytes:
    """A PDF of these pages, drawn in the order given."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), **options)
    for pieces in pages:
        for piece in pieces:
            text = canvas.beginText(piece.x, HEIGHT - piece.y)
            text.setFont(piece.font, piece.size)
            text.setCharSpace(piece.spread)
            text.textOut(piece.text)
            canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def left_of(column: int) -> float:
    return MARGIN + column * (COLUMN + GUTTER)


def centred(text: str, columns: tuple[int, int], y: float, size: float) -> Piece:
    """A line in the middle of columns (the first and the last of them)."""
    left, right = left_of(columns[0]), left_of(columns[1]) + COLUMN
    return Piece(text, (left + right - pdfmetrics.stringWidth(text, FONT, size)) / 2, y, size)


def flowed(paragraphs: Sequence[str], boxes: Sequence[tuple[int, float, int]]) -> list[Piece]:
    """Paragraphs set justified, indented by two ems, into boxes (column, first baseline, number of lines).

    A paragraph that begins with `#` is a cross-head: in the middle, not indented.
    """
    slots = [(left_of(column), y + LEADING * i) for column, y, count in boxes for i in range(count)]
    pieces = []
    for paragraph in paragraphs:
        for text, indent, last in _wrapped(paragraph):
            x, y = slots.pop(0)
            white = COLUMN - indent - pdfmetrics.stringWidth(text, FONT, BODY)
            if paragraph.startswith("#"):
                pieces.append(Piece(text, x + white / 2, y))
            else:
                pieces.append(Piece(text, x + indent, y, spread=0 if last else white / len(text)))
    return pieces


def _wrapped(paragraph: str) -> list[tuple[str, float, bool]]:
    """The lines of a paragraph, with the indent of each and whether it is the last."""
    if paragraph.startswith("#"):
        return [(paragraph[1:], 0.0, True)]
    lines = []
    start = 0
    while start < len(paragraph):
        indent = 0 if lines else 2 * BODY
        end = start + 1
        room = COLUMN - indent
        while end < len(paragraph) and pdfmetrics.stringWidth(paragraph[start : end + 1], FONT, BODY) <= room:
            end += 1
        while end < len(paragraph) and (paragraph[end] in NO_LINE_START or paragraph[end - 1 : end + 1].isascii()):
            end -= 1
        lines.append((paragraph[start:end], indent, end == len(paragraph)))
        start = end
    return lines
