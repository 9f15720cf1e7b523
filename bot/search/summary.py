"""An article's headline summary: the sentence or two of it that carry the news."""

from rank_bm25 import BM25Plus

from bot.models import Article, Role, Span
from bot.search import analyzer
from bot.search.sentences import clauses, sentences

LENGTH = 120
"""Characters of a summary, at most."""

_SHORTEST = 12
"""A sentence of fewer characters says too little to stand alone."""


def summarize(article: Article) -> str:
    """The sentence that is nearest to the whole article, with a short one before it, or the next one where both fit.

    Nearness is the BM25 score of the sentence for the article's terms (a centroid), weighted by 1 / (1 + its place):
    news says the most important thing first. What is too long ends at a clause, with an ellipsis.

    Returns:
        A contiguous piece of one paragraph, the byline left out; the headline where there is no paragraph.
    """
    pieces = _sentences(article)
    if not pieces:
        return article.headline
    terms = [analyzer.paragraph_terms(text[start:end]) for text, (start, end) in pieces]
    model = BM25Plus(terms, k1=0.9, b=0.4, delta=0)
    centroid = list(dict.fromkeys(term for sentence in terms for term in sentence))
    scores = model.get_scores(centroid)
    weighted = [score / (1 + place) for place, score in enumerate(scores)]
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
