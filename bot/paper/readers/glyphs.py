"""Characters where they stand on a page, and the lines that they make."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

Interval = tuple[float, float]

DISPLAY = 1.2
"""Type of so many times the body's size is display type: a headline."""

HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")

_APART = 0.75  # of the type's size: the pieces of a line stand no further apart
_LEVEL = 0.3  # of the type's size: baselines of one line differ no more
_LATIN_WORD = 0.18  # of the type's size, and above what is usual in the line: white space that stands for a space
_HAN_WORD = 0.33  # likewise beside a Han character, where a quarter is set for looks
_SPACED = 2.5  # of the type's size: the characters of a spaced-out headline (要　闻) stand no further apart
_TOP = 0.75  # of the type's size
_STEP = (0.8, 1.8)  # of the type's size: from one character of a vertical line to the next
_MAX_BLOCKS = 50  # of vertical lines, that one may belong to
_MAX_ROWS = 8  # looked at for the line that a character goes on, and lines in each; a page has fewer


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character: where it begins and ends, and its baseline, in points from the page's upper left corner."""

    text: str
    left: float
    right: float
    base: float
    size: float
    font: str = ""


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A line of type, or a piece of one.

    Attributes:
        text: Its characters.
        left: Where it begins, in points; all lengths are.
        right: Where it ends.
        top: Its upper edge, measured down the page; less than the em square, so that lines set solid do not touch.
        base: Its baseline, and lower edge.
        size: The height of its type.
        font: The font of most of it.
        reach: From where to where the columns go that it heads, if that is more than its own width.
    """

    text: str
    left: float
    right: float
    top: float
    base: float
    size: float
    font: str = ""
    reach: Interval | None = None

    @property
    def span(self) -> Interval:
        """From where to where it takes up the page."""
        return self.reach or (self.left, self.right)


@dataclass(slots=True)
class _Piece:
    glyphs: list[Glyph]
    spaces: set[int] = field(default_factory=set)  # the places in `glyphs` before which a space is drawn

    def line(self) -> TypeLine:
        usual = (
            max(0.0, median((b.left - a.right) / a.size for a, b in pairwise(self.glyphs))) if self.glyphs[1:] else 0.0
        )
        text = self.glyphs[0].text
        for i, (a, b) in enumerate(pairwise(self.glyphs), 1):
            white = (b.left - a.right) / min(a.size, b.size) - usual
            if HAN.match(a.text) or HAN.match(b.text):
                apart = white > _HAN_WORD and (a.text + b.text).isalnum()
            else:
                apart = white > _LATIN_WORD
            text += " " * (apart or i in self.spaces) + b.text
        size = median(glyph.size for glyph in self.glyphs)
        base = median(glyph.base for glyph in self.glyphs)
        named = [glyph for glyph in self.glyphs if HAN.match(glyph.text)] or self.glyphs
        font = Counter(glyph.font for glyph in named).most_common(1)[0][0]
        right = max(glyph.right for glyph in self.glyphs)
        return TypeLine(text, self.glyphs[0].left, right, base - _TOP * size, base, size, font)


def once(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The characters without those drawn twice in one place to look bold, in the order in which they are drawn."""
    places: dict[tuple[str, int], dict[tuple[int, int], list[Glyph]]] = defaultdict(lambda: defaultdict(list))
    kept: list[Glyph] = []
    for i, glyph in enumerate(glyphs):
        cells = places[glyph.text, round(8 * glyph.size)]
        x, y = int(glyph.left // glyph.size), int(glyph.base // glyph.size)
        near = (other for dx in (-1, 0, 1) for dy in (-1, 0, 1) for other in cells.get((x + dx, y + dy), ()))
        if not any(_over(glyph, other) for other in near if other is not glyphs[i - 1]):
            kept.append(glyph)
            cells[x, y].append(glyph)
    return kept


def _over(a: Glyph, b: Glyph) -> bool:
    """Whether one is drawn over the other. The same twice in a row, as in a ligature, is printed twice."""
    slack = 0.15 * a.size
    return abs(a.left - b.left) < slack and abs(a.base - b.base) < slack and abs(a.size - b.size) < slack


def vertical_lines(glyphs: Sequence[Glyph]) -> tuple[list[TypeLine], list[Glyph]]:
    """The vertical lines of Han characters, neighbours joined from right to left, and the characters not in any.

    Here the drawing order counts: of two characters one below the other, only it says how they are read.
    """
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and _below(runs[-1][-1], glyph):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    upright = [run for run in runs if len(run) > 2]
    blocks: list[list[list[Glyph]]] = []
    for run in sorted(upright, key=lambda run: -run[0].left):
        block = next((block for block in blocks[-_MAX_BLOCKS:] if _beside(block[-1][0], run[0])), None)
        if block:
            block.append(run)
        else:
            blocks.append([run])
    return [_upright(block) for block in blocks], [glyph for run in runs if len(run) <= 2 for glyph in run]


def _below(a: Glyph, b: Glyph) -> bool:
    low, high = _STEP
    return (
        HAN.match(a.text) is not None
        and HAN.match(b.text) is not None
        and abs(a.left - b.left) < 0.2 * a.size
        and abs(a.size - b.size) < 0.1 * a.size
        and low * a.size < b.base - a.base < high * a.size
    )


def _beside(a: Glyph, b: Glyph) -> bool:
    return abs(a.size - b.size) < 0.1 * a.size and abs(a.base - b.base) < a.size and a.left - b.left < 2.5 * a.size


def _upright(block: list[list[Glyph]]) -> TypeLine:
    first, glyphs = block[0][0], [glyph for run in block for glyph in run]
    left, right = min(glyph.left for glyph in glyphs), max(glyph.right for glyph in glyphs)
    top, base = min(glyph.base for glyph in glyphs) - _TOP * first.size, max(glyph.base for glyph in glyphs)
    return TypeLine("".join(glyph.text for glyph in glyphs), left, right, top, base, first.size, first.font)


def type_lines(glyphs: Sequence[Glyph]) -> list[TypeLine]:
    """The lines of type that the characters make, each in pieces where white space as of a gutter is in it."""
    pieces: list[_Piece] = []
    level: dict[int, list[_Piece]] = defaultdict(list)  # the pieces that may go on, by the unit of their baseline
    unit = median(glyph.size for glyph in glyphs) if glyphs else 1.0
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.left, glyph.base)):
        row, reach = int(glyph.base // unit), min(1 + int(_LEVEL * glyph.size / unit), _MAX_ROWS)
        rows = range(row - reach, row + reach + 1)
        piece = _nearest(glyph, [piece for row in rows for piece in _going_on(level, row, glyph.left)])
        if glyph.text.isspace():
            if piece:
                piece.spaces.add(len(piece.glyphs))
        elif piece:
            piece.glyphs.append(glyph)
        else:
            pieces.append(piece := _Piece([glyph]))
            level[row].append(piece)
    return _spaced_out([piece.line() for piece in pieces])


def _going_on(level: dict[int, list[_Piece]], row: int, left: float) -> list[_Piece]:
    """The pieces of a row whose end is not far behind; the others go."""
    if row not in level:
        return []
    level[row] = [piece for piece in level[row] if left - piece.glyphs[-1].right <= piece.glyphs[-1].size][-_MAX_ROWS:]
    return level[row]


def _nearest(glyph: Glyph, pieces: Iterable[_Piece]) -> _Piece | None:
    """The piece that the character goes on: the level one of those that end before it, and the nearest of these."""
    found: list[tuple[float, float, int, _Piece]] = []
    for n, piece in enumerate(pieces):
        last = piece.glyphs[-1]
        small, large = sorted((glyph.size, last.size))
        rise, white = abs(glyph.base - last.base), glyph.left - last.right
        if rise <= _LEVEL * large and -0.6 * large <= white <= _APART * small:
            found.append((round(rise / large, 1), abs(white), n, piece))
    return min(found)[3] if found else None


def _spaced_out(lines: list[TypeLine]) -> list[TypeLine]:
    """The lines, where single characters of one size at even distances are one line again."""
    single = [line for line in lines if len(line.text) == 1 and HAN.match(line.text)]
    rest = [line for line in lines if not (len(line.text) == 1 and HAN.match(line.text))]
    rows: list[list[TypeLine]] = []
    for line in sorted(single, key=lambda line: (round(line.base), line.left)):
        last = rows[-1] if rows else []
        if last and _evenly(last, line):
            last.append(line)
        else:
            rows.append([line])
    return [*rest, *(_one(row) for row in rows)]


def _evenly(row: list[TypeLine], line: TypeLine) -> bool:
    last = row[-1]
    if abs(line.base - last.base) > 0.1 * last.size or abs(line.size - last.size) > 0.1 * last.size:
        return False
    step = line.left - last.left
    before = last.left - row[-2].left if len(row) > 1 else step
    return 0 < step <= (1 + _SPACED) * last.size and abs(step - before) < 0.25 * last.size


def _one(row: list[TypeLine]) -> TypeLine:
    first = row[0]
    text = "".join(line.text for line in row)
    return TypeLine(text, first.left, row[-1].right, first.top, first.base, first.size, first.font)
