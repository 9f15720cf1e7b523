"""Text to terms: the same for a paragraph and for a question about it.

A text is folded character by character (width, case, accents, script), cut into runs of word characters, and each run
gives three kinds of terms: words (jieba's for Han, the whole stretch for letters and digits), pairs of neighbouring
characters, and single characters. Words rank well; pairs and singles make every piece of a paragraph find it.
"""

import logging
import os
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jieba
import opencc

VERSION = "1"
"""Changes whenever the same text would give other terms; an index made by another version is rebuilt."""

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_RUN = re.compile(r"[^\W_]+")
_STRETCH = re.compile(f"[{HAN}]+|[^{HAN}]+")
_IS_HAN = re.compile(f"[{HAN}]")

# One spelling for characters that the phrase tables of a conversion exchange in some words only (了解 is 瞭解, 计划
# is 計畫, 坐标 is 座標), which a conversion by single characters cannot see. For words and pairs, after jieba has cut
# the usual spelling; a single character stays what it is, so that 画 alone does not find every 计划.
_SPELLING = str.maketrans(
    "瞭麼麽幺藉覆甦俱座像炼揹腭彷伕薰澂拏濬甯瑯鏚鯰菓蘗鎗燄哩唚斲苧画沈坯",
    "了么么么借复苏具坐象链背颚仿夫熏澄拿浚宁琅戚鲶果檗枪焰里吣斫苎划沉坏",
)

_FOLD_LIMIT = 1 << 16


class _Fold(dict[int, str]):
    """A table for `str.translate` that works out a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _FOLD_LIMIT:
            self[code] = folded
        return folded


def _fold_character(char: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    letters = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    folded = unicodedata.normalize("NFC", letters)
    return _simplified(folded) if _IS_HAN.search(folded) else folded


def _simplified(char: str) -> str:
    """The Simplified form of a region's character; by single characters, so that a piece folds as its text does."""
    if (
        traditional := _converter("s2t").convert(char)
    ) == char:  # not Simplified itself, as 么 is, which Taiwan writes 幺
        traditional = _converter("hk2t").convert(_converter("tw2t").convert(char))
    # To Traditional and back once more: both members of a pair such as 钜 and 鉅 meet.
    for config in ("t2s", "s2t", "t2s"):
        traditional = _converter(config).convert(traditional)
    return str(traditional)


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


_FOLD = _Fold()


def fold(text: str) -> str:
    """One spelling for all that a reader takes for the same: full and half width, case, accents, Han scripts."""
    return text.translate(_FOLD)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in `text` that it came from."""
    parts = [_FOLD[ord(char)] for char in text]
    return "".join(parts), [i for i, part in enumerate(parts) for _ in part]


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


def cut(folded: str) -> list[str]:
    """Jieba's words of a folded text, in order; every character is in exactly one."""
    return list(_tokenizer().cut(folded))


def run_spans(folded: str) -> list[tuple[int, int]]:
    """Where the runs of a folded text are: its maximal stretches of letters, digits and Han characters."""
    return [match.span() for match in _RUN.finditer(folded)]


def is_han(char: str) -> bool:
    """Whether a folded character is a Han character (the iteration mark 々 and the zero 〇 included)."""
    return _IS_HAN.match(char) is not None


def _words(run: str) -> Iterator[str]:
    for stretch in _STRETCH.findall(run):
        if _IS_HAN.match(stretch):
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
    return [*(spell(word) for word in _words(run)), *_pairs(spell(run)), *run]


def paragraph_terms(text: str) -> list[str]:
    """All terms of a paragraph; their number is the paragraph's length for BM25."""
    folded = fold(text)
    return [term for start, end in run_spans(folded) for term in run_terms(folded[start:end])]


def spell(folded: str) -> str:
    """A folded text in the spelling of words and pairs, character for character: each of them is a piece of it."""
    return folded.translate(_SPELLING)


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
