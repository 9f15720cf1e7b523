"""The index in Milvus beside the archive's own, on the same paragraphs and questions.

    python -m tests.bench.milvus [--corpus FILE --queries FILE] [--paragraphs N] [--number N] [--address milvus+…]

FILE is one of JSON lines (`tests.bench.corpora`); without them, paragraphs are made of the bundled pages. Prints how
long a vector is and what it takes on the disk, and of both the rate of ingest and the time of a question (first stage
and second) with the ratio, the mean reciprocal rank of the first ten, and how many of the first ten are the same.
Without `--address`, Milvus Lite is measured, which scores in Python, in this very process: a server is faster.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from bot.archive import Archive
from bot.search import Engine, ParagraphIndex, analyzer
from bot.search.milvus import MilvusIndex
from bot.search.milvus_client import Address
from tests.bench.corpora import Question, Record, made, read_corpus, read_questions
from tests.bench.ours import store
from tests.bench.search import table
from tests.bench.system import TOP

OWN, MILVUS = "newsbot", "newsbot, Milvus"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--corpus", type=Path)
    options.add_argument("--queries", type=Path)
    options.add_argument("--paragraphs", type=int, default=10_000, help="the first ones; 10,000 without it")
    options.add_argument("--number", type=int, default=200, help="questions, drawn at random; 200 without it")
    options.add_argument("--address", help="as NEWSBOT_SEARCH has it; Milvus Lite without it")
    arguments = options.parse_args()
    draw = random.Random(7)
    if arguments.corpus and arguments.queries:
        records, questions = read_corpus(arguments.corpus)[: arguments.paragraphs], read_questions(arguments.queries)
    else:
        records, questions = made(arguments.paragraphs, draw)
    held = {record.id for record in records}
    questions = [question for question in questions if not question.relevant or question.relevant & held]
    questions = draw.sample(questions, min(arguments.number, len(questions)))
    analyzer.warm_up()
    with tempfile.TemporaryDirectory() as folder:
        report(Path(folder), records, questions, arguments.address)


def report(folder: Path, records: list[Record], questions: list[Question], address: str | None) -> None:
    """Build both, ask both, print."""
    lengths = [len(set(analyzer.paragraph_terms(record.text))) for record in records[:2000]]
    print(f"{len(records):,} paragraphs, {len(questions):,} questions; {np.mean(lengths):.0f} non-zeros a paragraph\n")
    lite = folder / "lite.db"
    where = Address.parse(address or f"milvus+{lite}")
    seconds, here, asked = dict[str, float](), dict[str, float](), dict[str, list[tuple[float, list[str]]]]()
    for name in (OWN, MILVUS):
        path = folder / name / "newsbot.db"
        stored(path, records)
        before = files(path.parent)
        with closing(Archive(path)) as archive, opened(name, archive, where) as index:
            begin = time.perf_counter()
            Engine(archive, index).refresh()
            seconds[name] = time.perf_counter() - begin
            asked[name] = answers(index, records, questions)
        here[name] = (files(path.parent) - before) / len(records)  # without SQLite's log, as it is closed
    times = {name: [took for took, _ in asked[name]] for name in asked}
    ranks = {
        name: [reciprocal(q, found) for q, (_, found) in zip(questions, asked[name], strict=True)] for name in asked
    }
    rows = [
        [
            name,
            f"{len(records) / seconds[name]:,.0f}",
            f"{here[name]:,.0f}",
            f"{1000 * np.median(times[name]):.1f}",
            f"{1000 * np.quantile(times[name], 0.9):.1f}",
            f"{np.mean(ranks[name]):.4f}",
        ]
        for name in asked
    ]
    print(table(["", "paragraphs/s", "bytes each in SQLite", "ms median", "ms 90 %", f"MRR@{TOP}"], rows))
    if lite.exists():
        print(f"\nMilvus Lite keeps {files(lite) / len(records):,.0f} bytes a paragraph beside them")
    pairs = [(set(a), set(b)) for (_, a), (_, b) in zip(asked[OWN], asked[MILVUS], strict=True)]
    overlap = np.mean([len(a & b) / max(len(a), len(b)) for a, b in pairs if a or b])
    same = np.mean([a == b for (_, a), (_, b) in zip(asked[OWN], asked[MILVUS], strict=True)])
    ratio = np.median(times[MILVUS]) / np.median(times[OWN])
    print(f"\nMilvus to own: time of a question x {ratio:.1f}, ingest x {seconds[OWN] / seconds[MILVUS]:.2f}")
    print(f"overlap@{TOP} {overlap:.4f}; {same:.1%} of the questions have the very same first {TOP} in the same order")


def stored(path: Path, records: list[Record]) -> None:
    """Make an archive in which the paragraphs have the ids from 1 on, in their order."""
    with closing(Archive(path)) as archive:
        store(archive, ([Record("", record.text)] for record in records))


@contextmanager
def opened(name: str, archive: Archive, address: Address) -> Iterator[ParagraphIndex | MilvusIndex]:
    if name == OWN:
        yield ParagraphIndex(archive.postings)
    else:
        with closing(MilvusIndex(archive, address)) as index:
            yield index


def files(folder: Path) -> int:
    """The bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def answers(
    index: ParagraphIndex | MilvusIndex, records: list[Record], questions: list[Question]
) -> list[tuple[float, list[str]]]:
    """For each question the seconds that it takes, and the ids of the records found."""
    index.search(questions[0].text)  # what is loaded at the first question is no part of any
    found = []
    for question in questions:
        begin = time.perf_counter()
        hits = index.search(question.text, TOP)
        found.append((time.perf_counter() - begin, [records[hit.position - 1].id for hit in hits]))
    return found


def reciprocal(question: Question, found: list[str]) -> float:
    place = next((i for i, number in enumerate(found, 1) if number in question.relevant), None)
    return 1 / place if place else 0.0


if __name__ == "__main__":
    main()
