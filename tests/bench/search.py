"""Speed, size and start of the index beside its peers, on the same paragraphs, questions and terms, in one run.

    python -m tests.bench.search [--corpus FILE --queries FILE] [--paragraphs N …] [--cache FOLDER]

FILE has JSON lines with a `text` (may be .gz); without, paragraphs are made of the bundled pages. Where a corpus has
fewer paragraphs than N, more are made of its sentences (`tests.bench.corpora.enlarged`). Each system is a process of
its own, given the text of a query and giving the texts of ten paragraphs; they take turns on each query, so that what
else the machine does meets all alike: the ratios are what to look at. Needs `pip install '.[bench]'`.
"""

import argparse
import hashlib
import platform
import random
import shutil
import statistics
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from tests.bench.corpora import ROOT, Record, enlarged, made, read_corpus, read_questions
from tests.bench.serving import Server, build, start
from tests.bench.system import ENTRIES, SYSTEMS
from tests.bench.texts import Corpus

QUANTILES = (50, 95, 99)
ADDED, EDITIONS = 100, 7
"""Paragraphs of an edition, and editions that are added one after the other."""
STARTS = 3
COMPARED = tuple(entry.name for entry in ENTRIES if entry.kind != "words" or entry.name == "tantivy, words")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--corpus", type=Path)
    options.add_argument("--queries", type=Path)
    options.add_argument("--paragraphs", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options.add_argument("--cache", type=Path, help="where what was built stays, so that the next run is quick")
    options.add_argument("--number", type=int, default=300, help="queries timed")
    options.add_argument("--warm-up", type=int, default=200, help="queries before these, as a bot has served some")
    options.add_argument("--seconds", type=float, default=60, help="a system that has taken as many misses later turns")
    options.add_argument("--systems", nargs="+", default=COMPARED, choices=list(SYSTEMS), metavar="NAME")
    arguments = options.parse_args()
    if (arguments.corpus is None) != (arguments.queries is None):
        options.error("--corpus and --queries belong together")
    if arguments.corpus:
        records, questions = read_corpus(arguments.corpus), read_questions(arguments.queries)
    else:
        records, questions = made(2000, random.Random(1))
    queries = list(dict.fromkeys(question.text for question in questions))
    random.Random(2).shuffle(queries)
    warm_up = min(arguments.warm_up, len(queries) // 3)
    queries = queries[: warm_up + arguments.number]
    texts = [record.text for record in enlarged(records, len(records) + ADDED * EDITIONS, random.Random(4))]
    new = [texts[start : start + ADDED] for start in range(len(records), len(texts), ADDED)]
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(f"{len(queries) - warm_up} queries, after {warm_up} others\n")
    with tempfile.TemporaryDirectory() as folder:
        for number in arguments.paragraphs:
            corpus = prepared(arguments.cache or Path(folder), arguments.corpus, records, number)
            names = [name for name in arguments.systems if number <= SYSTEMS[name].most]
            measure(corpus, names, queries, warm_up, new, arguments.seconds)


def prepared(cache: Path, source: Path | None, records: list[Record], number: int) -> Corpus:
    """The corpus of that many paragraphs, as the cache has it; one of another file, or of other terms, is another."""
    code = [ROOT / "bot" / "search" / name for name in ("analyzer.py", "characters.py")]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in [*code, *filter(None, [source])])).hexdigest()
    folder = cache / f"{number}-{digest[:12]}"
    if not (folder / "about.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        return Corpus.write(folder, enlarged(records, number, random.Random(3)))
    return Corpus(folder)


def measure(
    corpus: Corpus, names: list[str], queries: list[str], warm_up: int, new: list[list[str]], seconds: float
) -> None:
    """Build and serve the systems, add editions to them, and print their tables."""
    about, folder = corpus.about, corpus.folder
    built = {name: build(name, folder) for name in names}
    servers = {name: Server(name, folder) for name in names}
    for name in names:
        read(folder / SYSTEMS[name].store)
    times = take_turns(servers, queries, warm_up, seconds)
    memory = {name: server.ask("memory") for name, server in servers.items()}
    some = {name: queries[: max(8, min(100, len(times[name])))] for name in names}
    threads = {name: server.ask("threads", some[name]) for name, server in servers.items()}
    for server in servers.values():
        server.close()
    starts = {name: statistics.median(start(name, folder, queries[0]) for _ in range(STARTS)) for name in names}
    added = {name: adding(name, folder, new, queries) for name in names}

    size = about["bytes"]
    print(f"## {len(corpus.texts):,} paragraphs, {figure(size / 1e6)} MB of text\n")
    first = times[names[0]]
    rows = []
    for name in names:
        shared = min(len(first), len(times[name]))
        mine, theirs = (np.percentile(t[:shared], QUANTILES) for t in (first, times[name]))
        whole = np.percentile(times[name], QUANTILES)
        rows.append(
            [name, len(times[name]), *map(figure, whole), *(figure(b / a) for a, b in zip(mine, theirs, strict=True))]
        )
    ratios = [f"p{q} ×" for q in QUANTILES]
    print(table(["milliseconds a query", "queries", *(f"p{q}" for q in QUANTILES), *ratios], rows))
    rows = [
        [
            name,
            figure(built[name]["seconds"]),
            figure(built[name]["peak"]),
            figure(built[name]["bytes"] / size),
            *(map(figure, memory[name]) if memory[name] else ("", "")),
            figure(starts[name]),
            figure(added[name]),
            *map(figure, threads[name]),
        ]
        for name in names
    ]
    header = ["", "build s", "build MB", "disk / text", "anonymous MB", "mapped MB", "start s", f"add {ADDED} ms"]
    print(table([*header, "queries/s", "with 4 threads"], rows))
    cutting = figure(about["seconds"]["terms"])
    print(f"The peers' builds are given terms; cutting the text into them takes {cutting} s more.\n", flush=True)


def read(folder: Path) -> None:
    """Have the files of a folder in the page cache, as on a machine that has served from them for a while."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(1 << 24):
                    pass


def take_turns(
    servers: dict[str, Server], queries: Sequence[str], warm_up: int, seconds: float
) -> dict[str, list[float]]:
    """Milliseconds of each system for the queries after the warm-up; each query goes to all, in another order."""
    times: dict[str, list[float]] = {name: [] for name in servers}
    order = list(servers)
    for i, query in enumerate(queries):
        for name in order:
            if sum(times[name]) < seconds * 1000:
                taken = servers[name].ask("search", query)
                if i >= warm_up:
                    times[name].append(taken)
        order.append(order.pop(0))
    return times


def adding(name: str, folder: Path, editions: list[list[str]], queries: list[str]) -> float | None:
    """Milliseconds that it takes to add an edition to a copy of a system that is serving."""
    server = Server(name, folder, copy=True)
    try:
        server.ask("search", queries[0])
        taken: float | None = server.ask("add", [editions, queries[:20]])
        return taken
    finally:
        server.close()


def figure(value: float | None) -> str:
    """A number of three figures, as a table shows it; a dash for what there is none of."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
