"""Text to terms: the same for a paragraph and for a question about it.

A text is folded character by character (width, case, accents, script), cut into runs of word characters, and each run
gives three kinds of terms: words (jieba's for Han, the whole stretch for letters and digits), pairs of neighbouring
characters, and single characters. Words rank well; pairs and singles make every piece of a paragraph find it.
"""

import re
import unicodedata
from collections import Counter
from importlib.metadata import version
from operator import add
from typing import NamedTuple

from bot.dictionary import tokenizer
from bot.search.characters import HAN, fold, is_han, spell, spell_unified, unify

VERSION = f"2 jieba {version('jieba')} opencc {version('opencc')} unicode {unicodedata.unidata_version}"
"""Changes whenever the same text could give other terms; an index made by another version is rebuilt."""

_RUN = re.compile(r"[^\W_]+")
_STRETCH = re.compile(f"([{HAN}]+)|[^{HAN}]+")
_POINT = re.compile(r"(?<![0-9.])[0-9]+[.][0-9]+(?![0-9.])")


def warm_up() -> None:
    """Open the dictionaries; without this, the first question does, and the first ever takes some seconds."""
    tokenizer()
    spell(fold("报"))


def cut(folded: str, *, guess: bool = True) -> list[str]:
    """Jieba's words of a folded text, in order; every character is in exactly one.

    Args:
        folded: The text.
        guess: Whether jieba may put words together that its dictionary does not have.
    """
    return list(tokenizer().cut(folded, HMM=guess))


def run_spans(folded: str) -> list[tuple[int, int]]:
    """Where the runs of a folded text are: its maximal stretches of letters, digits and Han characters."""
    return [match.span() for match in _RUN.finditer(folded)]


def asked_spans(folded: str) -> list[tuple[int, int]]:
    """The runs of a folded question: those of a text, but a number with a decimal point is one."""
    points = {match[0].index(".") + match.start() for match in _POINT.finditer(folded)}
    spans: list[tuple[int, int]] = []
    for start, end in run_spans(folded):
        if spans and spans[-1][1] == start - 1 and start - 1 in points:
            start = spans.pop()[0]
        spans.append((start, end))
    return spans


def _words(run: str, spelled: str) -> list[str]:
    """The words of a folded run of more than one character, given its spelling, which is one character for each."""
    words = []
    for match in _STRETCH.finditer(run):
        start, end = match.span()
        if match[1] is None:
            words.append(spelled[start:end])
            continue
        for word in cut(match[0]):
            end = start + len(word)
            words.append(spelled[start:end])
            start = end
    return [word for word in words if len(word) > 1]


def pairs(run: str) -> list[str]:
    """The pairs of neighbouring characters of a run."""
    return list(map(add, run, run[1:]))


def run_terms(run: str) -> list[str]:
    """The terms of one folded run, repeated as often as they occur.

    A word of two characters is a pair too and counts twice, which ranks better than counting it once.
    """
    unified = unify(run)
    return _run_terms(run, unified, spell_unified(unified))


def _run_terms(run: str, unified: str, spelled: str) -> list[str]:
    return [*_words(run, spelled), *pairs(spelled), *unified]


def paragraph_terms(text: str) -> list[str]:
    """All terms of a paragraph; their number is the paragraph's length for BM25."""
    folded = fold(text)
    return _terms(folded, unify(folded))


def _terms(folded: str, unified: str) -> list[str]:
    spelled = spell_unified(unified)  # as a whole: character for character, like what it is made of
    terms: list[str] = []
    for start, end in run_spans(folded):
        terms += _run_terms(folded[start:end], unified[start:end], spelled[start:end])
    return terms


class Analyzed(NamedTuple):
    """A paragraph as the index keeps it: the frequencies of its terms, and its text, folded and unified."""

    frequencies: Counter[str]
    text: str


def analyze(text: str) -> Analyzed:
    """A paragraph's terms and spelling."""
    folded = fold(text)
    unified = unify(folded)
    return Analyzed(Counter(_terms(folded, unified)), unified)


def asked_terms(run: str) -> list[str]:
    """As `run_terms`, of a run of a question."""
    return [term for start, end in run_spans(run) for term in run_terms(run[start:end])]


def _number_terms(stretch: str) -> tuple[str, ...]:
    """The terms that a stretch without Han characters is made of, beside itself; none of a single character."""
    parts = stretch.split(".")
    return tuple(term for part in parts for term in (pairs(part) or (parts[1:] and [part])))


def run_clauses(run: str) -> list[tuple[str, ...]]:
    """What of a question's run makes a paragraph a match: all terms of any one clause.

    Each pair of Han characters is a clause; a number or a Latin word is one clause of all its pairs, so that 2031 does
    not match 2025 by their common 20. A single digit or letter counts with its neighbours: 7日, A股.
    """
    run = spell(run)
    clauses: list[tuple[str, ...]] = []
    for match in _STRETCH.finditer(run):
        if is_han(run[match.start()]):
            clauses += [(pair,) for pair in pairs(match[0])]
        elif held := _number_terms(match[0]):
            clauses.append(held)
        else:
            start, end = max(0, match.start() - 1), match.end() + 1
            clauses += [(pair,) for pair in pairs(run[start:end])]
    return list(dict.fromkeys(clauses)) or [(pair,) for pair in pairs(run)]


def run_needles(run: str) -> dict[str, tuple[str, ...]]:
    """What of a question to mark in a paragraph, in the spelling of pairs, and the terms that say how much each weighs.

    Pairs of Han characters, and numbers and Latin words whole; 2026 is no mark in 2025, and 3日 none in 13日.
    """
    run = spell(run)
    needles: dict[str, tuple[str, ...]] = {}
    for match in _STRETCH.finditer(run):
        if is_han(run[match.start()]):
            needles |= {pair: (pair,) for pair in pairs(match[0])}
            continue
        needles[match[0]] = _number_terms(match[0]) or (match[0],)
        if match.end() < len(run):  # with its unit: 2026年
            needles[run[match.start() : match.end() + 1]] = (run[match.end() - 1 : match.end() + 1],)
    return needles
