"""Quality of the ranking and of the passages on questions with known answers, beside the peers.

    python -m tests.bench.quality SET [SET …] [--systems NAME …]

SET is a folder with `corpus.jsonl.gz` and `queries.jsonl.gz`, or a JSON file such as SQuAD, CMRC, DRCD and others have
(`tests.bench.corpora`). Prints for each system the mean reciprocal rank (MRR) of the first ten paragraphs, and for our
own in how many of the questions with answers the first passage, of 140 characters, holds one. The whole engine finds
articles: each paragraph is one here, without a headline, so that both are asked the same. Peers that are not installed
are left out; `pip install '.[bench]'` brings them.
"""

import argparse
import random
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.archive import Archive
from bot.search import Engine, ParagraphIndex, excerpt
from bot.search.query import parse_query, search_terms
from tests.bench.corpora import Question, Record, read_set
from tests.bench.ours import store
from tests.bench.search import table
from tests.bench.system import SYSTEMS, TOP, Entry
from tests.bench.texts import Corpus

Answer = tuple[list[str], str]
"""The ids of the first paragraphs, and the passage of the first where there are passages."""

INDEX, WHOLE = "newsbot", "newsbot, whole engine"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("sets", type=Path, nargs="+", metavar="SET")
    options.add_argument("--number", type=int, help="questions asked of each set, drawn at random; all without it")
    peers = [entry.name for entry in SYSTEMS.values() if entry.kind and not entry.numba]
    options.add_argument("--systems", nargs="+", default=[INDEX, WHOLE, *peers], choices=[INDEX, WHOLE, *peers])
    arguments = options.parse_args()
    for path in arguments.sets:
        records, questions = read_set(path)
        if arguments.number and arguments.number < len(questions):
            questions = random.Random(6).sample(questions, arguments.number)
        names = [name for name in arguments.systems if len(records) <= SYSTEMS[name].most]
        with tempfile.TemporaryDirectory() as folder:
            rows = [row for name in names if (row := measured(name, Path(folder), records, questions))]
        kinds = sorted({question.kind for question in questions} - {""})
        print(f"{path.name}: {len(records):,} paragraphs, {len(questions):,} questions\n")
        shown = [f"MRR@{TOP}", *(kinds if len(kinds) > 1 else []), "answer on the first screen"]
        print(table(["", *shown], [[name, *figures] for name, *figures in rows]), flush=True)


def measured(name: str, folder: Path, records: list[Record], questions: list[Question]) -> list[str] | None:
    """A system's row of the table; None where it is not installed."""
    try:
        ask = opened(name, folder, records)
    except ModuleNotFoundError as missing:
        print(f"{name} is left out: there is no {missing.name}.")
        return None
    ranks: dict[str, list[float]] = {}
    answered = []
    for question in questions:
        found, passage = ask(question.text)
        place = next((i for i, number in enumerate(found[:TOP], 1) if number in question.relevant), None)
        ranks.setdefault(question.kind, []).append(1 / place if place else 0.0)
        if question.answers:
            answered.append(any(folded(answer) in folded(passage) for answer in question.answers))
    every = [value for values in ranks.values() for value in values]
    kinds = [f"{np.mean(ranks[kind]):.4f}" for kind in sorted(ranks)] if len(ranks) > 1 else []
    shown = f"{np.mean(answered):.1%}" if answered and not SYSTEMS[name].kind else ""
    return [name, f"{np.mean(every):.4f}", *kinds, shown]


def opened(name: str, folder: Path, records: list[Record]) -> Callable[[str], Answer]:
    """A way to ask the system of that name, built of these paragraphs."""
    if name == INDEX:
        return index_of(records)
    if name == WHOLE:
        return engine_of(folder, records)
    if not (folder / "corpus").exists():
        Corpus.write(folder / "corpus", records)
    return peer_of(SYSTEMS[name], Corpus(folder / "corpus"), records)


def index_of(records: list[Record]) -> Callable[[str], Answer]:
    index = ParagraphIndex.from_texts(record.text for record in records)

    def ask(question: str) -> Answer:
        hits = index.search(question, TOP)
        passage = passage_of(index, question, records[hits[0].position].text) if hits else ""
        return [records[hit.position].id for hit in hits], passage

    return ask


def passage_of(index: ParagraphIndex, question: str, text: str) -> str:
    """The passage that the engine would show of a paragraph."""
    terms = search_terms(question)
    idf = index.match(terms).idf
    weights = {needle: sum(idf.get(part, 0.0) for part in parts) for needle, parts in terms.needles.items()}
    return excerpt.passage(0, text, question=question, terms=terms, weights=weights).excerpt


def engine_of(folder: Path, records: list[Record]) -> Callable[[str], Answer]:
    archive = Archive(folder / "newsbot.db")
    store(archive, ([replace(record, title="")] for record in records))
    engine = Engine(archive)
    engine.refresh()
    by_paragraph = {number: record.id for number, record in enumerate(records, 1)}  # ids go up in the order of storing

    def ask(question: str) -> Answer:
        passages = [passage for hit in engine.search(parse_query(question, limit=TOP)).hits for passage in hit.passages]
        return [by_paragraph[p.paragraph_id] for p in passages], passages[0].excerpt if passages else ""

    return ask


def peer_of(entry: Entry, corpus: Corpus, records: list[Record]) -> Callable[[str], Answer]:
    folder = corpus.folder / entry.store
    folder.mkdir()
    system = entry.load()
    system.build(folder, corpus, entry.kind)
    peer = system(folder, corpus.texts, entry.kind)
    return lambda question: ([records[position].id for position, _ in peer.search(question)], "")


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


if __name__ == "__main__":
    main()
