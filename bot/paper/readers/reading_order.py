"""Reading order from where the type stands: lines of type to columns, as a reader's eye takes them.

The order in which a page was drawn says nothing of the order in which it is read. The page is cut, again and again,
along its white space: a gutter that runs the height of a region makes columns, read from left to right; where a
headline closes a gutter, what stands above is read before what stands below.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from bot.paper.readers.glyphs import DISPLAY, Interval, TypeLine
from bot.paper.readers.reach import with_reach

_GUTTER = 0.75  # of the body's size: the narrowest white space between columns
_WORDS_APART = 2.0  # of the type's size: what stands further apart in a row of its own is no line
_BREAK = 0.9  # of the body's size: white space across a region that is more than the distance of lines
_FURNITURE = 4  # strips at the head of the page, of which the last may be its folio
_DEPTH = 40  # of cuts within cuts; a page needs some six
_MAX_LINES = 5000  # a newspaper page has some 500; what has more is no page, and is read row by row


def columns(lines: Sequence[TypeLine], body: float) -> list[list[TypeLine]]:
    """The lines in reading order, by column; `body` is the size of the page's body text, in points."""
    if len(lines) > _MAX_LINES:
        return [_rows(lines)]
    head, page, foot = _furniture(_strips(with_reach(lines, body)), body)
    return [_rows(column) for column in (*head, *_cut(page, body, _DEPTH), *foot)]


def _furniture(
    strips: list[list[TypeLine]], body: float
) -> tuple[list[list[TypeLine]], list[TypeLine], list[list[TypeLine]]]:
    """The page's columns of lines above and below all columns: its name, date and number; its editors."""
    white = [_apart(above, below) for above, below in pairwise(strips)]
    apart = max(_BREAK * body, 1.5 * median(white)) if white else 0.0
    start, end = 0, len(strips)
    for i in range(min(_FURNITURE, end - 1)):
        if _is_folio(strips[i], body) and white[i] > apart:
            start = i + 1
        elif len(strips[i]) > 1:
            break
    while end - 1 > start and _is_folio(strips[end - 1], body) and white[end - 2] > apart:
        end -= 1
    head, foot = strips[:start], strips[end:]
    return _pieces(head), [line for strip in strips[start:end] for line in strip], _pieces(foot)


def _pieces(strips: list[list[TypeLine]]) -> list[list[TypeLine]]:
    return [[line] for strip in strips for line in sorted(strip, key=lambda line: line.left)]


def _is_folio(strip: list[TypeLine], body: float) -> bool:
    """Whether a strip is one row of small type."""
    bases = [line.base for line in strip]
    return max(bases) - min(bases) < 0.5 * body and all(line.size < DISPLAY * body for line in strip)


def _apart(above: list[TypeLine], below: list[TypeLine]) -> float:
    return min(line.top for line in below) - max(line.base for line in above)


def _cut(lines: list[TypeLine], body: float, depth: int) -> list[list[TypeLine]]:
    if len(lines) < 2 or not depth:
        return [lines]
    runs = _runs(lines, body)
    if len(runs) > 1:
        return [column for run in runs for column in _cut(run, body, depth - 1)]
    gutters = _gutters(_white(lines), body)
    if not gutters or _one_row(lines):
        return [lines]
    middles = [(start + end) / 2 for start, end in gutters]
    parts: list[list[TypeLine]] = [[] for _ in range(len(middles) + 1)]
    for line, place in zip(lines, np.searchsorted(middles, [line.span[0] for line in lines]), strict=True):
        parts[place].append(line)
    return [column for part in parts for column in _cut(part, body, depth - 1)]


@dataclass
class _Run:
    """A part of a region, as high as its gutters run through."""

    lines: list[TypeLine]
    base: float
    white: list[Interval]  # through the whole of it
    gutters: list[Interval]  # those of the white spaces that have lines side by side


def _runs(lines: list[TypeLine], body: float) -> list[list[TypeLine]]:
    """The region from top to bottom in parts, each as high as its gutters run through."""
    runs: list[_Run] = []
    for strip in _strips(lines):
        white = _white(strip)
        gutters = _gutters(white, body)
        if runs and (common := _gone_on(runs[-1], strip, white, gutters, body)) is not None:
            run = runs[-1]
            run.gutters = [gap for gap in common if _open(gap, run.gutters) or _open(gap, gutters)]
            run.lines += strip
            run.white = common
        else:
            runs.append(run := _Run(list(strip), 0.0, white, gutters))
        run.base = max(line.base for line in strip)
    return _without_rows([run.lines for run in runs], body)


def _gone_on(
    run: _Run, strip: list[TypeLine], white: list[Interval], gutters: list[Interval], body: float
) -> list[Interval] | None:
    """What is white in the run and in the strip below it; None if the strip begins another part of the region."""
    common = _common(run.white, white, body)
    if not any(_open(gap, run.gutters) or _open(gap, gutters) for gap in common):
        return None if run.gutters or gutters else common
    if all(_open(gutter, common) for gutter in run.gutters):
        return common
    headed = all(line.size >= DISPLAY * body for line in strip)
    return None if headed or min(line.top for line in strip) - run.base > _BREAK * body else common


def _without_rows(runs: list[list[TypeLine]], body: float) -> list[list[TypeLine]]:
    """The runs, where a line whose words stand apart is no run of its own between lines of one column."""
    merged: list[list[TypeLine]] = []
    solid = False
    for run in runs:
        alone = _one_row(run) or not _gutters(_white(run), body)
        if solid and alone:
            merged[-1].extend(run)
        else:
            merged.append(run)
        solid = alone
    return merged


def _one_row(lines: list[TypeLine]) -> bool:
    """Whether these are the words of one line: columns stand further apart, or are of several rows."""
    row = sorted(lines, key=lambda line: line.left)
    return all(
        abs(a.base - b.base) <= 0.3 * min(a.size, b.size) and b.left - a.right < _WORDS_APART * min(a.size, b.size)
        for a, b in pairwise(row)
    )


def _strips(lines: Iterable[TypeLine]) -> list[list[TypeLine]]:
    """The lines in strips between which white space crosses the whole region."""
    strips: list[list[TypeLine]] = []
    bottom = float("-inf")
    for line in sorted(lines, key=lambda line: line.top):
        if line.top > bottom:
            strips.append([])
        strips[-1].append(line)
        bottom = max(bottom, line.base)
    return strips


def _white(lines: Iterable[TypeLine]) -> list[Interval]:
    """What no line stands in, from left to right; the first and the last have no outer end."""
    found = []
    edge = float("-inf")
    for left, right in sorted(line.span for line in lines):
        if left > edge:
            found.append((edge, left))
        edge = max(edge, right)
    return [*found, (edge, float("inf"))]


def _gutters(white: list[Interval], body: float) -> list[Interval]:
    """The white spaces between columns."""
    return [(start, end) for start, end in white if _GUTTER * body <= end - start < float("inf")]


def _common(one: list[Interval], other: list[Interval], body: float) -> list[Interval]:
    """What is white in both, and no less than a gutter wide."""
    found = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if end - start >= _GUTTER * body:
            found.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return found


def _open(gutter: Interval, blank: list[Interval]) -> bool:
    return any(start < gutter[1] and end > gutter[0] for start, end in blank)


def _rows(column: Sequence[TypeLine]) -> list[TypeLine]:
    """A column's lines from top to bottom, the pieces of each in one."""
    rows: list[list[TypeLine]] = []
    for line in sorted(column, key=lambda line: (line.base, line.left)):
        if rows and abs(line.base - rows[-1][0].base) <= 0.3 * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_joined(row) for row in rows]


def _joined(row: list[TypeLine]) -> TypeLine:
    row.sort(key=lambda line: line.left)
    longest = max(row, key=lambda line: len(line.text))
    return replace(longest, text=" ".join(line.text for line in row), left=row[0].left, right=row[-1].right)
