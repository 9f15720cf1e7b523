"""Text to terms: the same for a paragraph and for a question about it.

A text is folded character by character (width, case, accents, script), cut into runs of word characters, and each run
gives three kinds of terms: words (jieba's for Han, the whole stretch for letters and digits), pairs of neighbouring
characters, and single characters. Words rank well; pairs and singles make every piece of a paragraph find it.
"""

import logging
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jieba

from bot.search.characters import HAN, fold, is_han, spell, unify

VERSION = "1"
"""Changes whenever the same text would give other terms; an index made by another version is rebuilt."""

_RUN = re.compile(r"[^\W_]+")
_STRETCH = re.compile(f"[{HAN}]+|[^{HAN}]+")


@cache
def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsbot"
    try:  # jieba would load its cache from the shared temporary folder, where any local user could have put it
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tokenizer.tmp_dir = str(folder)
    except OSError:
        tokenizer.tmp_dir = os.devnull  # no cache: jieba reads its dictionary each time
    return tokenizer


def warm_up() -> None:
    """Load jieba's dictionary, which takes the better part of a second; without this, the first cut does."""
    _tokenizer().initialize()


def cut(folded: str) -> list[str]:
    """Jieba's words of a folded text, in order; every character is in exactly one."""
    return list(_tokenizer().cut(folded))


def run_spans(folded: str) -> list[tuple[int, int]]:
    """Where the runs of a folded text are: its maximal stretches of letters, digits and Han characters."""
    return [match.span() for match in _RUN.finditer(folded)]


def _words(run: str) -> Iterator[str]:
    for stretch in _STRETCH.findall(run):
        if is_han(stretch[0]):
            yield from (word for word in cut(stretch) if len(word) > 1)
        elif len(stretch) > 1:
            yield stretch


def _pairs(run: str) -> Iterator[str]:
    for i in range(len(run) - 1):
        yield run[i : i + 2]


def run_terms(run: str) -> list[str]:
    """The terms of one folded run, repeated as often as they occur.

    A word of two characters is a pair too and counts twice, which ranks better than counting it once.
    """
    return [*(spell(word) for word in _words(run)), *_pairs(spell(run)), *unify(run)]


def paragraph_terms(text: str) -> list[str]:
    """All terms of a paragraph; their number is the paragraph's length for BM25."""
    folded = fold(text)
    return [term for start, end in run_spans(folded) for term in run_terms(folded[start:end])]


def run_clauses(run: str) -> list[tuple[str, ...]]:
    """What of a run makes a paragraph a match: all terms of any one clause.

    Each pair of Han characters is a clause; a number or a Latin word is one clause of all its pairs, so that 2031 does
    not match 2025 by their common 20. A pair across the two (6年) is a clause only where there is nothing better.
    """
    run = spell(run)
    within: list[tuple[str, ...]] = []
    for stretch in _STRETCH.findall(run):
        pairs = list(_pairs(stretch))
        within += [(pair,) for pair in pairs] if is_han(stretch[0]) else [tuple(pairs)] if pairs else []
    return within or [(pair,) for pair in _pairs(run)]
