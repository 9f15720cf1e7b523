"""A hit to the passage that answers: the run of sentences that holds it, with what matches marked."""

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.models import Passage, Span
from bot.search.characters import fold, fold_with_offsets, spell, unify
from bot.search.query import SearchTerms
from bot.search.sentences import clauses, sentences

LENGTH = 140
"""Characters of a passage: what a phone shows of one result."""

# What an answer holds where the question asks for it: it decides between sentences that match alike.
_CUES = (
    (
        re.compile("什么时候|什么时间|何时|哪一?[天年月日]|几[月号点时]"),
        re.compile(r"\d\s*[年月日号时点]|今天|昨天|近日|日前"),
    ),
    (
        re.compile("多少|多久|多大|多长|多高|几"),
        re.compile(r"\d|[两一二三四五六七八九十百千万亿]+[余多]?[个名人次项场台件元米年天]"),
    ),
)
_CUE_WEIGHT = 1.0

ELLIPSIS = "…"


def passage(
    paragraph_id: int, text: str, *, question: str, terms: SearchTerms, weights: Mapping[str, float], skip: int = 0
) -> Passage:
    """The passage of a paragraph that answers a question.

    Args:
        paragraph_id: The paragraph's id.
        text: Its text.
        question: What the reader typed: it says what kind of answer is wanted.
        terms: The question's terms.
        weights: What each of the needles counts in the choice; one that is missing counts nothing.
        skip: The length of a byline at the beginning, which is left out unless the match is in it.

    Returns:
        At most about `LENGTH` characters: whole sentences where they fit, else whole clauses, else a clean cut.
    """
    found = _occurrences(text, terms.needles)
    if not found or any(start >= skip for start, _, _ in found):
        found = [occurrence for occurrence in found if occurrence[0] >= skip]
    else:
        skip = 0
    start, end = _best_run(text, sentences(text, skip), question, found, weights)
    if end - start > LENGTH:
        start, end = _best_run(text, clauses(text, start, end), question, found, weights)
    if end - start > LENGTH:  # no clause ends in time: cut around the first match
        first = next((a for a, _, _ in found if a >= start), start)
        start = max(start, min(first - LENGTH // 4, end - LENGTH))
        end = start + LENGTH
    excerpt, lead = text[start:end].strip(), len(text[start:end]) - len(text[start:end].lstrip())
    before = ELLIPSIS if start > skip and not _ends_sentence(text, start) else ""
    after = ELLIPSIS if end < len(text) and not _ends_sentence(text, end) else ""
    shift = len(before) - start - lead
    inside = [(a, b) for a, b, _ in found if start + lead <= a and b <= start + lead + len(excerpt)]
    marks = tuple((a + shift, b + shift) for a, b in _telling(text, inside, terms))
    return Passage(paragraph_id, text, before + excerpt + after, marks)


def _telling(text: str, spans: Iterable[Span], terms: SearchTerms) -> list[Span]:
    """The merged spans that are worth a mark: beside 现代化产业体系, a mere 产业 that nobody typed is noise."""
    merged = merge(spans)
    longest = max((b - a for a, b in merged), default=0)
    typed = [spell(fold(word)) for word in terms.words]
    return [
        (a, b) for a, b in merged if 2 * (b - a) >= longest or any(word in spell(fold(text[a:b])) for word in typed)
    ]


def _occurrences(text: str, needles: Iterable[str]) -> list[tuple[int, int, str]]:
    """Where the terms stand in a text, as (start, end, term) on the original characters, in order."""
    folded, offsets = fold_with_offsets(text)
    spelled, single = spell(folded), unify(folded)
    found = []
    for needle in needles:
        where = spelled if len(needle) > 1 else single
        at = where.find(needle)
        while at >= 0:
            if len(needle) == 1 or not _inside_number(where, at, at + len(needle)):
                found.append((offsets[at], offsets[at + len(needle) - 1] + 1, needle))
            at = where.find(needle, at + 1)
    return sorted(found)


def _inside_number(text: str, start: int, end: int) -> bool:
    """Whether a piece begins or ends between two digits."""
    return any(text[max(0, at - 1) : at].isdigit() and text[at : at + 1].isdigit() for at in (start, end))


def merge(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, overlapping and touching ones made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _best_run(
    text: str, units: Sequence[Span], question: str, found: Sequence[tuple[int, int, str]], weights: Mapping[str, float]
) -> Span:
    """The run of neighbouring units, within `LENGTH` characters or of one unit, with the most of the question.

    Of runs that hold as much, the one that says it in fewer characters; then it is filled up with what follows it and
    what goes before it. Without any of the question, it begins at the beginning.
    """
    cues = [answer for asks, answer in _CUES if asks.search(fold(question))]
    held = [{term for a, b, term in found if start <= a and b <= end} for start, end in units]
    cued = [sum(bool(cue.search(text, start, end)) for cue in cues) for start, end in units]
    best, best_score = (0, 0), float("-inf")
    for first in range(len(units)):
        terms: set[str] = set()
        for last in range(first, len(units)):
            length = units[last][1] - units[first][0]
            if last > first and length > LENGTH:
                break
            terms |= held[last]
            weight = sum(weights.get(term, 0.0) for term in terms)
            score = weight + (_CUE_WEIGHT * max(cued[first : last + 1]) if terms else 0) - length / (100 * LENGTH)
            if score > best_score:
                best, best_score = (first, last), score
    first, last = best if found else (0, 0)
    while last + 1 < len(units) and units[last + 1][1] - units[first][0] <= LENGTH:
        last += 1
    while first > 0 and units[last][1] - units[first - 1][0] <= LENGTH:
        first -= 1
    return units[first][0], units[last][1]


def _ends_sentence(text: str, place: int) -> bool:
    return bool(re.search(r"[。！？；!?;…][”’」』）)\"]*$", text[max(0, place - 4) : place]))
