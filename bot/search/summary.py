"""An article's headline summary: the sentence or two of it that carry the news."""

import math
from collections import Counter

from bot.models import Article, Role, Span
from bot.search import analyzer
from bot.search.sentences import clauses, sentences

LENGTH = 120
"""Characters of a summary, at most."""

_SHORTEST = 12
"""A sentence of fewer characters says too little to stand alone."""


_LEAD = 4
"""How much a place further down takes from a sentence: to be chosen, the second one must be 1 + _LEAD times as central
as the first, as when that only names who else was there. Against the headlines of television news, 3 to 6 do as well as
the lead alone, and 2 does worse."""


def summarize(article: Article) -> str:
    """The most central sentence, with a short one before it, or the next one where both fit.

    A sentence is central when other sentences share its words and pairs of characters; the square root of their number
    keeps long sentences from being so by their length alone. The further down, the less it counts: news says the most
    important thing first. What is too long ends at a clause, with an ellipsis.

    Returns:
        A contiguous piece of one paragraph, the byline left out; the headline where there is no paragraph.
    """
    pieces = _sentences(article)
    if not pieces:
        return article.headline
    terms = [{term for term in analyzer.paragraph_terms(text[a:b]) if len(term) > 1} for text, (a, b) in pieces]
    holders = Counter(term for held in terms for term in held)
    central = [sum(holders[term] - 1 for term in held) / math.sqrt(len(held) or 1) for held in terms]
    weighted = [value / (1 + _LEAD * place) for place, value in enumerate(central)]
    best = max(range(len(pieces)), key=lambda i: (pieces[i][1][1] - pieces[i][1][0] >= _SHORTEST, weighted[i]))
    text, (start, end) = pieces[best]
    before, after = (pieces[i] if 0 <= i < len(pieces) else ("", (0, 0)) for i in (best - 1, best + 1))
    if before[0] is text and start - before[1][0] <= LENGTH // 2:  # 1月7日,会议举行。 says when; then what
        start = before[1][0]
    elif after[0] is text and after[1][1] - start <= LENGTH:
        end = after[1][1]
    return _clip(text, (start, end))


def _sentences(article: Article) -> list[tuple[str, Span]]:
    found = []
    for paragraph in article.paragraphs:
        if paragraph.role is Role.TEXT:
            text = paragraph.text
            skip = len(article.source_line) if text.startswith(article.source_line) else 0
            found += [(text, span) for span in sentences(text, skip) if text[slice(*span)].strip()]
    return found


def _clip(text: str, span: Span) -> str:
    """The span where it fits into `LENGTH`, else as many of its clauses as do, without the comma of the last."""
    start, end = span
    if len(whole := text[start:end].strip()) <= LENGTH:
        return whole
    fitting = [b for _, b in clauses(text, start, end) if b - start < LENGTH]
    cut = text[start : fitting[-1]] if fitting else text[start : start + LENGTH - 1]
    return cut.strip().rstrip("，,：:") + "…"
