"""A timeline as a picture: a PNG drawn by matplotlib, where that and a Chinese font are installed."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

log = logging.getLogger(__name__)

WIDTH = 1080
"""Pixels, as wide as phones show pictures."""

_DOTS = 150
_PAPER, _INK, _FAINT = "#fbfaf7", "#22272e", "#8a9099"
_COLOURS = ("#2f6db5", "#d9772b", "#2e8b57", "#8e5bb5")
_FAMILIES = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "SimHei",
)
"""Fonts of systems, where the one that the extra brings is missing."""
_UNKNOWN = "□"
_NUMBERS = 56
"""Digits that fit side by side above the bars."""
_TICKS = 6

_painter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chart")
"""One picture at a time: matplotlib's caches are not for several threads, and searching has threads of its own."""


@dataclass(frozen=True)
class Series:
    """A line of the picture: its name and a number for each bar."""

    name: str
    counts: tuple[int, ...]


async def available() -> bool:
    """Whether matplotlib and a Chinese font are installed."""
    return await asyncio.get_running_loop().run_in_executor(_painter, _font_file) is not None


async def draw(title: str, bars: tuple[str, ...], series: tuple[Series, ...]) -> bytes | None:
    """Draw series of bars below each other, on one scale.

    Args:
        title: A line above them.
        bars: The names of the bars, at least one.
        series: At least one, with something in it.

    Returns:
        A PNG file, `WIDTH` pixels wide; None where matplotlib or a Chinese font is missing.
    """
    return await asyncio.get_running_loop().run_in_executor(_painter, _draw, title, bars, series)


def _draw(title: str, bars: tuple[str, ...], series: tuple[Series, ...]) -> bytes | None:
    if (path := _font_file()) is None:
        return None
    from matplotlib.figure import Figure  # an extra, and slow to load
    from matplotlib.font_manager import FontProperties

    def font(size: float) -> FontProperties:
        return FontProperties(fname=path, size=size)

    height = 1.1 + (3.2 if len(series) == 1 else 1.5 * len(series))
    figure = Figure(figsize=(WIDTH / _DOTS, height), dpi=_DOTS, facecolor=_PAPER)
    figure.text(0.05, 1 - 0.2 / height, _drawable(title), fontproperties=font(13), color=_FAINT, va="top", **_LITERAL)
    grid = figure.subplots(len(series), 1, sharex=True, sharey=True, squeeze=False)
    figure.subplots_adjust(left=0.05, right=0.95, top=1 - 0.85 / height, bottom=0.45 / height, hspace=0.55)
    peak = max(max(one.counts) for one in series)
    for axes, one, colour in zip(grid[:, 0], series, _COLOURS, strict=False):
        axes.set_facecolor(_PAPER)
        axes.bar(range(len(bars)), one.counts, width=0.72, color=colour)
        axes.set_ylim(0, 1.25 * peak)
        axes.set_xlim(-0.6, max(len(bars), 4) - 0.4)
        axes.text(
            0, 1.06, _drawable(one.name), fontproperties=font(15), color=colour, transform=axes.transAxes, **_LITERAL
        )
        _number(axes, one.counts, font(11))
        axes.tick_params(length=0, colors=_FAINT)
        axes.set_yticks([])
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(_FAINT)
    every = -(-len(bars) // _TICKS)
    grid[-1, 0].set_xticks(range(0, len(bars), every), bars[::every], fontproperties=font(11))
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


_LITERAL: dict[str, Any] = {"parse_math": False}
"""For text that a reader has typed: a dollar sign is one, and begins no formula."""


def _number(axes: Any, counts: tuple[int, ...], font: Any) -> None:
    """Write the numbers above the bars; only the highest where there is no room for all."""
    labels = [f"{count:,}" for count in counts]
    roomy = len(labels) * max(map(len, labels)) <= _NUMBERS
    shown = range(len(counts)) if roomy else [counts.index(max(counts))]
    for i in shown:
        if counts[i]:
            axes.annotate(
                labels[i], (i, counts[i]), (0, 3), textcoords="offset points", ha="center", color=_INK,
                fontproperties=font,
            )  # fmt: skip


def _drawable(text: str) -> str:
    """The text with a box in place of what the font has no form for."""
    return "".join(char if ord(char) in _characters() else _UNKNOWN for char in text)


@cache
def _characters() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(_font_file() or "").get_charmap())


@cache
def _font_file() -> str | None:
    """A font with Chinese characters: the one that the extra brings, else one of the system's."""
    try:
        from matplotlib.font_manager import fontManager
    except ImportError:
        log.info("Trends are shown as text: matplotlib is not installed.")
        return None
    try:
        from pylopdf_fonts_zh_cn import sans_path
    except ImportError:
        installed = {font.name: font.fname for font in fontManager.ttflist}
        found = next((installed[name] for name in _FAMILIES if name in installed), None)
        if found is None:
            log.warning("Trends are shown as text: there is no Chinese font.")
        return found
    return str(sans_path())
