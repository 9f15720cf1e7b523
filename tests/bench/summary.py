"""Headline summaries beside the clipped lead and TextRank: ROUGE-L on characters against the papers' own headlines.

    python -m tests.bench.summary SET

SET is a folder as `tests.bench.corpora` describes it, with queries of the kinds `title` and `item`: an editor's
headline and the paragraphs under it. The headline is the reference; the article is given without it. All candidates of
an article are as long as our summary of it, so that none gains by its length. Articles that fit into a summary whole
are left out. F1 grows as a summary gets shorter, whoever writes it: only rows of one length can be compared.
"""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from bot.models import Article, IssueDate, Paragraph, Role
from bot.search.sentences import sentences
from bot.search.summary import LENGTH, summarize
from tests.bench.corpora import read_set
from tests.bench.rouge import rouge_l, textrank
from tests.bench.search import figure, table

KINDS = ("title", "item")


def main(folder: Path) -> None:
    """Print a table for each kind of reference."""
    pairs = list(articles(folder))
    for kind in KINDS:
        scores: dict[str, list[tuple[float, float, float]]] = {}
        lengths = []
        for article, reference in (pair[:2] for pair in pairs if pair[2] == kind):
            for name, candidate in candidates(article).items():
                scores.setdefault(name, []).append(rouge_l(candidate, reference))
            lengths.append(len(summarize(article)))
        if lengths:
            print(f"{folder.name}, {kind}: {len(lengths)} articles, summaries of {np.mean(lengths):.0f} characters\n")
            rows = [[name, *(f"{x:.3f}" for x in np.mean(found, axis=0))] for name, found in scores.items()]
            print(table(["ROUGE-L", "precision", "recall", "F1"], rows))
            ours, lead = (np.array(scores[name])[:, 2] for name in ("newsbot", "clipped lead"))
            low, high = interval(ours - lead)
            print(f"F1 over the clipped lead: {figure(float(np.mean(ours - lead)))} (95 %: {low:.4f} to {high:.4f})\n")


def articles(folder: Path) -> Iterator[tuple[Article, str, str]]:
    """The articles that are longer than a summary, the headline of each, and the kind of it."""
    records, questions = read_set(folder)
    places = {record.id: place for place, record in enumerate(records)}
    for question in questions:
        relevant = sorted(places[i] for i in question.relevant) if question.kind in KINDS else []
        texts = [records[place].text for place in relevant]
        if sum(map(len, texts)) > LENGTH:
            paragraphs = tuple(Paragraph(i, Role.TEXT, text) for i, text in enumerate(texts))
            article = Article(1, "", (), (), "", "", IssueDate(date(2026, 1, 1)), None, paragraphs)
            yield article, question.text, question.kind


def candidates(article: Article) -> dict[str, str]:
    """The summaries that are compared, all of one length."""
    ours = summarize(article)
    length = len(ours.rstrip("…"))
    texts = [paragraph.text for paragraph in article.paragraphs]
    pieces = [text[start:end] for text in texts for start, end in sentences(text)]
    return {"newsbot": ours, "clipped lead": "".join(texts)[:length], "TextRank": textrank(pieces, length)}


def interval(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> tuple[float, float]:
    """The 95 % interval of a mean, by 2,000 bootstrap samples, seeded."""
    draw = np.random.default_rng(5)
    means = draw.choice(values, (2000, len(values))).mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        main(Path(name))
