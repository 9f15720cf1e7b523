"""Over which columns a headline stands: it is often shorter than the article below it is wide."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bot.paper.readers.glyphs import DISPLAY, Interval, TypeLine

_Mask = npt.NDArray[np.bool_]

_NEAR = 6.0  # of the body's size: how far below its headline an article begins
_MAX_HEADLINES = 500


def with_reach(lines: Sequence[TypeLine], body: float) -> list[TypeLine]:
    """The lines, where a short headline, and what stands with it, takes the width of the columns that it heads."""
    placed = sorted(lines, key=lambda line: line.base)
    if sum(line.size >= DISPLAY * body for line in placed) > _MAX_HEADLINES:
        return placed
    surroundings = _Surroundings(placed, body)
    display = [i for i, line in enumerate(placed) if line.size >= DISPLAY * body]
    for i in reversed(display):  # the lines of a head stand over each other: the lowest says it for all
        line = placed[i]
        reach = surroundings.reach(i, (-np.inf, np.inf))
        below = next((placed[j] for j in display if j > i and _straight_below(line, placed[j])), None)
        if not reach and below and below.reach and surroundings.alone(i, below.reach):
            reach = below.reach
        placed[i] = replace(line, reach=reach)
    heads = list(display)  # and the small lines that stand alone below them
    for i, line in enumerate(placed):
        above = next((placed[j] for j in reversed(heads) if j < i and _straight_below(placed[j], line)), None)
        if line.size < DISPLAY * body and above and surroundings.alone(i, above.span):
            placed[i] = replace(line, reach=surroundings.reach(i, above.span))
            heads = sorted([*heads, i]) if placed[i].reach else heads
    return placed


def _straight_below(head: TypeLine, line: TypeLine) -> bool:
    """Whether a line belongs to what is above it."""
    over = head.span[0] < line.span[1] and head.span[1] > line.span[0]
    return over and 0 <= line.top - head.base < 2 * max(head.size, line.size)


class _Surroundings:
    """What stands beside and below the lines of a page."""

    def __init__(self, lines: Sequence[TypeLine], body: float) -> None:
        self._lines, self._body = lines, body
        self._left, self._right, self._top, self._base, size = (
            np.array([getattr(line, name) for line in lines]) for name in ("left", "right", "top", "base", "size")
        )
        self._display = size >= DISPLAY * body
        self._flush = {int(i) for i in np.flatnonzero(self._display) if self._is_flush(int(i))}

    def alone(self, i: int, within: Interval) -> bool:
        """Whether nothing stands beside a line in these limits."""
        return not (self._beside(i) & (self._left < within[1]) & (self._right > within[0])).any()

    def reach(self, i: int, limits: Interval) -> Interval | None:
        """From where to where the columns go that a line heads: what is below it, and not beside it.

        Between two headlines side by side it counts where they stand: flush with a column, or in the middle of some.
        """
        line = self._lines[i]
        before, after = self._neighbours(i)
        start = limits[0] if before is None else max(limits[0], self._edges(before, i)[1])
        end = limits[1] if after is None else min(limits[1], self._edges(after, i)[0])
        below = self._below(i) & (self._left > start - 1) & (self._right < end + 1)
        if not self._side_by_side(below):
            return None
        to_left = max(0.0, line.left - float(self._left[below].min()))
        to_right = max(0.0, float(self._right[below].max()) - line.right)
        if i in self._flush:
            to_left = 0.0
            if after is not None and self._display[after] and after not in self._flush:
                to_right = 0.0
        else:
            if after is not None and self._display[after]:
                to_right = min(to_left, to_right)
            if before is not None and self._display[before]:
                to_left = min(to_left, to_right)
        return line.left - to_left, line.right + to_right

    def _side_by_side(self, lines: _Mask) -> bool:
        order = self._top[lines].argsort(kind="stable")
        return bool((self._top[lines][order][1:] < self._base[lines][order][:-1]).any())

    def _is_flush(self, i: int) -> bool:
        left, slack = self._left[i], 0.5 * self._body
        starts = self._left[self._below(i) & (self._left <= left + slack) & (self._right > left)]
        return len(starts) > 0 and bool(starts.min() >= left - slack)

    def _beside(self, i: int) -> _Mask:
        beside: _Mask = (self._top < self._base[i]) & (self._base > self._top[i])
        beside[i] = False
        return beside

    def _below(self, i: int) -> _Mask:
        base = self._base[i]
        below: _Mask = (self._top > base) & (self._top < base + _NEAR * self._body) & ~self._display
        return below

    def _edges(self, neighbour: int, i: int) -> Interval:
        """From where to where a neighbour's column goes: it may be the short last line of a paragraph."""
        near = abs(self._base - self._base[neighbour]) < _NEAR * self._body
        indent = 2.5 * self._body
        over = (self._left < self._right[neighbour] + indent) & (self._right > self._left[neighbour])
        beside = (self._right <= self._left[i] + 1) | (self._left >= self._right[i] - 1)
        column = near & over & beside & ~self._display
        column[neighbour] = True
        return float(self._left[column].min()), float(self._right[column].max())

    def _neighbours(self, i: int) -> tuple[int | None, int | None]:
        """The nearest lines on the left and on the right."""
        beside = self._beside(i)
        before = np.flatnonzero(beside & (self._right <= self._left[i] + 1))
        after = np.flatnonzero(beside & (self._left >= self._right[i] - 1))
        return (
            int(before[self._right[before].argmax()]) if len(before) else None,
            int(after[self._left[after].argmin()]) if len(after) else None,
        )
