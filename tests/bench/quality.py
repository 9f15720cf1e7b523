"""Quality of the index on questions with known answers.

    python -m tests.bench.quality SET [SET …]

SET is a folder with `corpus.jsonl.gz` (`id`, `text`) and `queries.jsonl.gz` (`text`, `relevant` ids, `answers`). Prints
for each the mean reciprocal rank of the first ten, and for how many questions the first hit's passage holds an answer.
"""

import gzip
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

from bot.search import ParagraphIndex, excerpt
from bot.search.query import search_terms


def main(folder: Path) -> None:
    corpus, queries = lines(folder / "corpus.jsonl.gz"), lines(folder / "queries.jsonl.gz")
    index = ParagraphIndex.from_texts(paragraph["text"] for paragraph in corpus)
    reciprocal, answered, with_answers = 0.0, 0, 0
    for query in queries:
        hits = index.search(query["text"], 10)
        ranks = (rank for rank, hit in enumerate(hits, 1) if corpus[hit.position]["id"] in query["relevant"])
        reciprocal += 1 / next(ranks, float("inf"))
        if answers := query.get("answers"):
            with_answers += 1
            shown = folded(passage(index, query["text"], corpus[hits[0].position]["text"])) if hits else ""
            answered += any(folded(answer) in shown for answer in answers)
    counts = f"{len(corpus)} paragraphs, {len(queries)} questions"
    print(f"{folder.name}: {counts}, MRR@10 {reciprocal / len(queries):.4f}", end="")
    print(f", answer in the first passage {answered / with_answers:.1%}" if with_answers else "")


def passage(index: ParagraphIndex, question: str, text: str) -> str:
    terms = search_terms(question)
    idf = index.match(terms).idf
    weights = {needle: sum(idf.get(part, 0.0) for part in parts) for needle, parts in terms.needles.items()}
    return excerpt.passage(0, text, question=question, terms=terms, weights=weights).excerpt


def lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


if __name__ == "__main__":
    for name in sys.argv[1:]:
        main(Path(name))
