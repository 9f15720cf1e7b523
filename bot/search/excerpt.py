"""A hit to the passage that answers: the run of sentences that holds it, with what matches marked."""

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.models import Passage, Span
from bot.search.asking import SearchTerms
from bot.search.characters import HAN, fold, fold_with_offsets, inside_number, spell, spell_unified, unify
from bot.search.cues import answering
from bot.search.sentences import clauses, sentences

LENGTH = 140
"""Characters of a passage: what a phone shows of one result."""

_CUE_WEIGHT = 1.5

_CHARACTER = 0.4
"""What a single character counts in the choice, of what a needle does on average."""

ELLIPSIS = "…"

_REFERS = re.compile('[“‘「『《"(（]*[他她它牠该該其这這此]')
"""How a sentence begins that speaks of what the one before it names."""

_ITEM = re.compile(r".*?(?:[、\s]+|$)", re.DOTALL)

_IN_WORD = re.compile(rf"(?<=[^\W_{HAN}]|[\u0300-\u036f])(?=[^\W_{HAN}])|(?<=\d[.,．，])(?=\d)|(?<=\d)(?=[.,．，]\d)")
"""Between two letters, which may have accents of their own, or inside a number."""

_POINT = re.compile(r"\d[.,．，]\d")

_JOINER = "\u200d"


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
    if skip >= len(text):  # nothing but the byline
        skip = 0
    runs = _characters(terms, weights) | _whole_runs(terms, weights)
    every = _occurrences(text, terms.needles.keys() | runs.keys())
    found = [occurrence for occurrence in every if occurrence[2] in terms.needles]
    if not found or any(start >= skip for start, _, _ in found):
        found = [occurrence for occurrence in found if occurrence[0] >= skip]
    else:
        skip = 0
    units = sentences(text, skip) or [(skip, len(text))]
    telling = [occurrence for occurrence in every if occurrence[0] >= skip]
    weights = _rarer_first(units, telling, {**weights, **runs})
    start, end = _around(text, units, *_best_run(text, units, question, telling, weights))
    for parts in (clauses, _items):
        if end - start > LENGTH:
            units = parts(text, start, end)
            start, end = _around(text, units, *_best_run(text, units, question, telling, weights))
    if end - start > LENGTH:
        units = merge((a, b) for a, b, _ in telling if start <= a and b <= end) or [(start, start)]
        first, last = _best_run(text, units, question, telling, weights)
        start, end = _cut(text, start, end, (units[first][0], units[last][1]))
    excerpt, lead = text[start:end].strip(), len(text[start:end]) - len(text[start:end].lstrip())
    before = ELLIPSIS if start > skip and not _ends_sentence(text, start) else ""
    after = ELLIPSIS if end < len(text) and not _ends_sentence(text, end) else ""
    shift = len(before) - start - lead
    inside = [(a, b) for a, b, _ in found if start + lead <= a and b <= start + lead + len(excerpt)]
    marks = tuple((a + shift, b + shift) for a, b in _telling(text, inside, terms))
    return Passage(paragraph_id, text, before + excerpt + after, marks)


def marks(text: str, terms: SearchTerms) -> tuple[Span, ...]:
    """The spans of a text that show why it matches, in order, apart from each other."""
    return tuple(_telling(text, [(a, b) for a, b, _ in _occurrences(text, terms.needles)], terms))


def _whole_runs(terms: SearchTerms, weights: Mapping[str, float]) -> dict[str, float]:
    """The words as they were typed, where they are longer than a pair: found whole, they count half as much again."""
    return {
        run: sum(weight for needle, weight in weights.items() if needle in run) / 2
        for run in terms.spelled
        if len(run) > 2 and run not in terms.needles
    }


def _characters(terms: SearchTerms, weights: Mapping[str, float]) -> dict[str, float]:
    """The single characters of the words: a sentence that puts it in other words keeps some of them."""
    weight = _CHARACTER * sum(weights.values()) / max(1, len(weights))
    return {char: weight for word in terms.spelled for char in word if char.isalnum() and char not in terms.needles}


def _rarer_first(
    units: Sequence[Span], found: Sequence[tuple[int, int, str]], weights: Mapping[str, float]
) -> dict[str, float]:
    """The weights by how few of the sentences hold a needle: what the whole paragraph is about tells none apart."""
    starts = [start for start, _ in units]
    holders: dict[str, set[int]] = {}
    for start, _, needle in found:
        holders.setdefault(needle, set()).add(bisect_right(starts, start))
    return {n: weights.get(n, 0.0) * math.log(1 + len(units) / len(places)) for n, places in holders.items()}


def _telling(text: str, spans: Iterable[Span], terms: SearchTerms) -> list[Span]:
    """The merged spans that are worth a mark, numbers whole.

    Beside 现代化产业体系, a mere 产业 that nobody typed is noise, and so is the 1 of 1月 beside 1,280米.
    """
    merged = merge(spans)
    longest = max((b - a for a, b in merged), default=0)
    whole: list[Span] = []
    for a, b in merged:
        if whole and _POINT.fullmatch(text, whole[-1][1] - 1, a + 1):
            a = whole.pop()[0]
        whole.append((a, b))

    def typed(a: int, b: int) -> bool:
        spelled = spell(fold(text[a:b]))
        return any(word in spelled for word in terms.spelled if len(word) > 1)

    return [(a, b) for a, b in whole if 2 * (b - a) >= longest or typed(a, b)]


def _occurrences(text: str, needles: Collection[str]) -> list[tuple[int, int, str]]:
    """Where the terms stand in a text, as (start, end, term) on the original characters, in order.

    A piece of a longer number is none, unless single characters are all there is, which are found inside of all.
    """
    folded, offsets = fold_with_offsets(text)
    single = unify(folded)
    spelled = spell_unified(single)
    found: list[tuple[int, int, str]] = []
    inside: list[tuple[int, int, str]] = []
    for needle in needles:
        where = spelled if len(needle) > 1 else single
        at = where.find(needle)
        while at >= 0:
            places = inside if inside_number(where, at, at + len(needle)) else found
            places.append((offsets[at], offsets[at + len(needle) - 1] + 1, needle))
            at = where.find(needle, at + 1)
    return sorted(found or (inside if all(len(needle) == 1 for needle in needles) else []))


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
) -> tuple[int, int]:
    """The first and the last of the neighbouring units that hold the most of the question.

    They are within `LENGTH` characters, or one unit. Of runs that hold as much, it is the one that says it in fewer
    characters; without any of the question, the first unit.
    """
    cues = answering(question)
    held = _held(units, found)
    cued = [sum(bool(cue.search(fold(text[start:end]))) for cue in cues) for start, end in units]
    best, best_score = (0, 0), float("-inf")
    for first in range(len(units)):
        if not held[first] and not cued[first]:  # the run without it says as much in fewer characters
            continue
        terms: set[str] = set()
        weight = 0.0
        cue = 0
        for last in range(first, len(units)):
            length = units[last][1] - units[first][0]
            if last > first and length > LENGTH:
                break
            if new := held[last] - terms:
                weight += math.fsum([weights.get(term, 0.0) for term in new])  # in whichever order
                terms |= new
            cue = max(cue, cued[last])
            score = weight + (_CUE_WEIGHT * cue if terms else 0) - length / (100 * LENGTH)
            if score > best_score:
                best, best_score = (first, last), score
    return best if found else (0, 0)


def _around(text: str, units: Sequence[Span], first: int, last: int) -> Span:
    """A run of units with its neighbours, up to `LENGTH` characters.

    What it refers to comes first, where it begins with such a word, then what follows it, then what goes before it.
    """

    def fits(first: int, last: int) -> bool:
        return first >= 0 and last < len(units) and units[last][1] - units[first][0] <= LENGTH

    while _REFERS.match(text, units[first][0]) and fits(first - 1, last):
        first -= 1
    while fits(first, last + 1):
        last += 1
    while fits(first - 1, last):
        first -= 1
    return units[first][0], units[last][1]


def _items(text: str, start: int, end: int) -> list[Span]:
    """The spans of the items of a list, or of the words of a text in Latin letters."""
    return [match.span() for match in _ITEM.finditer(text, start, end) if match[0]]


def _cut(text: str, start: int, end: int, core: Span) -> Span:
    """`LENGTH` characters of what is longer, with a quarter of them before what they are to show."""
    first, last = core
    begin = max(start, min(first, max(first - LENGTH // 4, last - LENGTH), end - LENGTH))
    stop = begin + LENGTH
    return _clean(text, range(begin, first)), _clean(text, range(stop, last if last <= stop else first, -1))


def _clean(text: str, places: range) -> int:
    """The first of some places where no word is cut, else no character; the first of all where there is none."""
    whole = [place for place in places if not _in_character(text, place)]
    return next((place for place in whole if not _IN_WORD.match(text, place)), (*whole, places.start)[0])


def _in_character(text: str, place: int) -> bool:
    """Whether a place is inside what is seen as one character: a letter and its accent, a joined emoji."""
    around = text[max(0, place - 1) : place + 1]
    return _JOINER in around or unicodedata.category(text[place : place + 1] or " ") in ("Mn", "Mc", "Me", "Sk")


def _held(units: Sequence[Span], found: Sequence[tuple[int, int, str]]) -> list[set[str]]:
    """For each unit the needles that stand in it."""
    held: list[set[str]] = [set() for _ in units]
    starts = [start for start, _ in units]
    for a, b, needle in found:
        place = bisect_right(starts, a) - 1
        if place >= 0 and b <= units[place][1]:
            held[place].add(needle)
    return held


def _ends_sentence(text: str, place: int) -> bool:
    return bool(re.search(r"[。！？；!?;…][”’」』）)\"]*$", text[max(0, place - 4) : place]))
