"""Query latency of the index beside rank-bm25, on the same paragraphs and terms, in one run.

    python -m tests.bench.latency [--paragraphs N] [--corpus FILE.jsonl[.gz] --queries FILE.jsonl[.gz]]

Without a corpus, the paragraphs are made of sentences drawn from the bundled pages (seeded: the same each time), and
the queries are pieces of them. A corpus has a `text` a line, and so have the queries. The two take turns on each query,
so that what else the machine does meets both; the ratio is what to look at.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rank_bm25 import BM25Plus

from bot.models import BODY
from bot.paper import load, read_pages
from bot.search import ParagraphIndex, analyzer
from bot.search.query import search_terms
from bot.search.sentences import sentences

ROOT = Path(__file__).parents[2]
QUANTILES = (50, 95, 99)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--paragraphs", type=int, default=2000)
    options.add_argument("--corpus", type=Path)
    options.add_argument("--queries", type=Path)
    options.add_argument("--number", type=int, default=100, help="queries timed")
    arguments = options.parse_args()
    draw = random.Random(1)
    texts = list(lines(arguments.corpus)) if arguments.corpus else made(arguments.paragraphs, draw)
    if arguments.queries:
        queries = list(lines(arguments.queries))
    else:
        queries = [piece for text in texts if (piece := text[(at := draw.randrange(len(text))) : at + 8])]
    queries = draw.sample(queries, min(arguments.number, len(queries)))

    begin = time.perf_counter()
    index = ParagraphIndex.from_texts(texts)
    built = time.perf_counter() - begin
    terms = [analyzer.paragraph_terms(text) for text in texts]
    begin = time.perf_counter()
    peer = BM25Plus(terms, k1=index.k1, b=index.b, delta=index.delta)
    peer_built = time.perf_counter() - begin

    times: list[tuple[float, float]] = []
    for query in queries:
        begin = time.perf_counter()
        hits = index.search(query, limit=10)
        middle = time.perf_counter()
        scores = peer.get_scores(search_terms(query).scored)
        best = np.argsort(scores)[::-1][:10]
        end = time.perf_counter()
        times.append((middle - begin, end - middle))
        if hits and abs(hits[0].score - scores[best[0]]) > 1e-9:
            raise SystemExit(f"{query!r}: the best scores differ, {hits[0].score} and {scores[best[0]]}")

    print(f"{len(texts)} paragraphs, {len(queries)} queries, text in and ten hits out; milliseconds")
    print(f"{'':10}{'newsbot':>10}{'rank-bm25':>12}{'ratio':>8}")
    for quantile in QUANTILES:
        mine, other = np.percentile(np.array(times) * 1000, quantile, axis=0)
        print(f"{f'p{quantile}':10}{mine:10.2f}{other:12.2f}{other / mine:8.1f}")
    print(f"{'build, s':10}{built:10.2f}{peer_built:12.2f}   (ours with the cutting into terms, the peer's without)")


def lines(path: Path) -> Iterator[str]:
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"]


def made(number: int, draw: random.Random) -> list[str]:
    files = [*(ROOT / "seeds").glob("*.txt"), *(ROOT / "tests" / "pages").rglob("*.txt")]
    known = [
        block.text[start:end]
        for file in files
        for article in (a for page in read_pages(load(file), file) for a in page.articles)
        for block in article.blocks
        if block.role in BODY
        for start, end in sentences(block.text)
    ]
    return ["".join(draw.choices(known, k=draw.randint(1, 5))) for _ in range(number)]


if __name__ == "__main__":
    main()
