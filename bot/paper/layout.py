"""Printed lines to units: page furniture out, lines that were only wrapped whole again.

A unit is a headline, a byline, a caption, a paragraph, or, where the page broke a paragraph in two, one of the halves.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from bot.models import Role
from bot.paper import furniture
from bot.paper.forms import Form, plain
from bot.paper.page import PrintedLine

# Signs without width that text pulled from PDFs and web pages is sown with; they are no characters of the paper.
_NOISE = re.compile("[\u200b-\u200d\u2060\ufeff\xad]")
_HYPHENATED = re.compile(r"[\u4e00-\u9fff”》)、]-")
_LATIN = re.compile(r"[A-Za-z]")

_INDENT = (1.5, 3.0)
"""A paragraph's indent, in widths of a Han character; what stands further in is centred."""

_WIDEST = 45
"""No column of a newspaper is wider, in Han characters; a longer line is a paragraph that was never wrapped."""


@dataclass(frozen=True)
class Unit:
    """A piece of a page, its outer white space off.

    Attributes:
        form: Its text, and what the text looks like.
        indented: Whether it has a paragraph's indent; None on a page that does not use indents.
        size: The height of its type as a multiple of the body text's; None on a page without sizes.
        role: What it is, where the file's format says so.
        begins: Whether the format says that an article begins here.
        interrupted: Whether page furniture stood between it and the unit before.
    """

    form: Form
    indented: bool | None = None
    size: float | None = None
    role: Role | None = None
    begins: bool = False
    interrupted: bool = False


@dataclass(frozen=True)
class _Line:
    text: str
    indent: float
    width: float
    source: PrintedLine
    gap: bool
    interrupted: bool = False

    @property
    def indented(self) -> bool:
        return _INDENT[0] <= self.indent <= _INDENT[1]


def units(printed: Sequence[PrintedLine]) -> tuple[list[Unit], list[str]]:
    """The units of a page in reading order, and its furniture.

    Every character but white space and signs without width comes out once, in a unit or in a line of furniture.
    """
    lines = _lines(printed)
    marks = furniture.marks([(plain(line.text), line.source.role is not None) for line in lines])
    kept: list[_Line] = []
    after_furniture = False
    for line, mark in zip(lines, marks, strict=True):
        if not mark:
            kept.append(replace(line, interrupted=after_furniture))
        after_furniture = mark
    return _units(kept), [line.text for line, mark in zip(lines, marks, strict=True) if mark]


def _units(lines: list[_Line]) -> list[Unit]:
    indents = _uses_indents(lines)
    sizes = any(line.source.size != 1.0 for line in lines)
    runs = [[line] for line in lines[:1]]
    joins = _joins(lines, indents)
    for i, line in enumerate(lines[1:], 1):
        if joins[i]:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [
        Unit(
            form=Form.of(join([line.text for line in run])),
            indented=run[0].indented if indents else None,
            size=run[0].source.size if sizes else None,
            role=run[0].source.role,
            begins=run[0].source.begins,
            interrupted=run[0].interrupted,
        )
        for run in runs
    ]


def _lines(printed: Sequence[PrintedLine]) -> list[_Line]:
    """The lines that hold more than signs without width; one that holds no more is a blank line."""
    lines: list[_Line] = []
    gap = False
    for source in printed:
        raw = _NOISE.sub("", source.text)
        gap = gap or source.gap
        if text := raw.strip():
            indent = _width(raw[: len(raw) - len(raw.lstrip())])
            lines.append(_Line(text, indent, indent + _width(text), source, gap))
        gap = not text
    return lines


def _width(text: str) -> float:
    """The width of a text, in widths of a Han character."""
    return sum(2.0 if c == "\t" else 1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def _uses_indents(lines: list[_Line]) -> bool:
    indented = sum(line.indented for line in lines)
    return 2 * indented >= len(lines) / 3 and indented < len(lines)


def _joins(lines: list[_Line], indents: bool) -> list[bool]:
    """For each line whether it goes on with what the line above it began, as the layout tells."""
    full = _full(lines)
    spaced = _is_spaced(lines, full)
    joins = [False] * len(lines)
    for i, (above, line) in enumerate(pairwise(lines), 1):
        if line.gap or line.interrupted or line.source.role or line.source.begins or (indents and line.indented):
            continue
        form, here = Form.of(above.text), Form.of(line.text)
        if here.opens or here.byline or (form.byline and not form.opens):
            continue
        if spaced:
            joins[i] = True
        elif full[i - 1] and not (indents and not joins[i - 1] and not above.indented):
            joins[i] = not form.closed or _reaches_an_end(lines, full, i, indents)
    return joins


def _full(lines: list[_Line]) -> list[bool]:
    """For each line whether it was broken because the column was full."""
    if not lines:
        return []
    widest = sorted(line.width for line in lines)[int(0.9 * (len(lines) - 1))]
    lengths = [len(line.text) + line.indent for line in lines]  # half-width signs may have been full-width when broken
    longest = sorted(lengths)[int(0.9 * (len(lines) - 1))]
    full = [line.width >= widest - 1.5 or length >= longest - 1 for line, length in zip(lines, lengths, strict=True)]
    broken = sum(is_full and not Form.of(line.text).closed for line, is_full in zip(lines, full, strict=True))
    if widest > _WIDEST or sum(full) < max(2, 0.3 * len(lines)) or 2 * broken < sum(full):  # most end in mid-sentence
        return [False] * len(lines)
    return full


def _is_spaced(lines: list[_Line], full: list[bool]) -> bool:
    """Whether blank lines stand between all units of the page, so that lines without one belong together."""
    tight = [(above, is_full) for (above, line), is_full in zip(pairwise(lines), full, strict=False) if not line.gap]
    ends = sum(Form.of(above.text).closed and not is_full for above, is_full in tight)
    return 2 * ends <= len(tight) < len(lines) - 1 and sum(line.gap for line in lines) * 4 >= len(lines)


def _reaches_an_end(lines: list[_Line], full: list[bool], start: int, indents: bool) -> bool:
    """Whether the lines from here end as a paragraph does: below a full line that is closed, a headline may follow."""
    for i in range(start, len(lines)):
        line = lines[i]
        if i > start and (line.gap or line.interrupted or (indents and line.indented)):
            return False
        form = Form.of(line.text)
        if form.opens:
            return False
        if form.closed:
            return not form.asks or i > start
        if not full[i]:
            return False
    return False


def join(parts: Sequence[str]) -> str:
    """The parts of a paragraph in one: with a space between Latin words, with nothing between Han characters.

    A hyphen that a typesetter's program put between Han characters at a line's end is no character of the paper.
    """
    bare = [part[:-1] if _HYPHENATED.search(part[-2:]) else part for part in parts[:-1]] + list(parts[-1:])
    gaps = (" " if _LATIN.match(a[-1]) and _LATIN.match(b[0]) else "" for a, b in pairwise(bare))
    return "".join(piece for pair in zip_longest(bare, gaps, fillvalue="") for piece in pair)
