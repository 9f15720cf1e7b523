"""Paragraphs and questions for the benchmarks: read from files, made of the bundled pages, or more of what there is.

A set is a folder with `corpus.jsonl[.gz]` (`id`, `text`, perhaps `title`) and `queries.jsonl[.gz]` (`text`, `relevant`
ids, perhaps `answers` and `kind`), or a JSON file in the form of SQuAD, CMRC or DRCD.
"""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from bot.models import BODY
from bot.paper import load, read_pages
from bot.search.sentences import sentences

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Record:
    """A paragraph. Records of one article follow each other; `title` is "" where nobody gave one."""

    id: str
    text: str
    title: str = ""
    article: int = 0


@dataclass(frozen=True)
class Question:
    """A question, the ids of the paragraphs that answer it, and the answers where they are known."""

    text: str
    relevant: frozenset[str] = frozenset()
    answers: tuple[str, ...] = ()
    kind: str = ""


def read_set(path: Path) -> tuple[list[Record], list[Question]]:
    """The paragraphs and questions of a folder or of a SQuAD-style JSON file."""
    if path.is_dir():
        corpus, queries = (next(iter(sorted(path.glob(f"{name}.jsonl*")))) for name in ("corpus", "queries"))
        return read_corpus(corpus), read_questions(queries)
    return _squad(json.loads(path.read_text("utf-8")))


def read_corpus(path: Path) -> list[Record]:
    """The paragraphs of a file of JSON lines; neighbours with one title and date are an article."""
    lines = groupby(_lines(path), key=lambda line: (line.get("title"), line.get("date")) if "title" in line else line)
    return [
        Record(str(line.get("id", "")), line["text"], line.get("title", ""), article)
        for article, (_, group) in enumerate(lines)
        for line in group
    ]


def read_questions(path: Path) -> list[Question]:
    return [
        Question(q["text"], frozenset(q.get("relevant", ())), tuple(q.get("answers", ())), q.get("kind", ""))
        for q in _lines(path)
    ]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _squad(document: Any) -> tuple[list[Record], list[Question]]:
    """SQuAD's tree (DRCD, DuReader and others have it), or CMRC's list; a context that is there twice counts once."""
    entries = document.get("data", []) if isinstance(document, dict) else document
    ids: dict[str, str] = {}
    questions = []
    for paragraph in (p for entry in entries for p in entry.get("paragraphs", [entry])):
        context = paragraph.get("context") or paragraph["context_text"]
        ids.setdefault(context, str(len(ids)))
        for qa in paragraph["qas"]:
            answers = [a["text"] if isinstance(a, dict) else a for a in qa["answers"]]
            text = qa.get("question") or qa["query_text"]
            questions.append(Question(text, frozenset({ids[context]}), tuple(filter(None, answers))))
    return [Record(i, context, article=int(i)) for context, i in ids.items()], questions


def made(number: int, draw: random.Random) -> tuple[list[Record], list[Question]]:
    """Paragraphs of sentences drawn from the bundled pages, and pieces of them as questions."""
    files = [*(ROOT / "seeds").glob("*.txt"), *(ROOT / "tests" / "pages").rglob("*.txt")]
    known = [
        block.text[start:end]
        for file in sorted(files)
        for article in (a for page in read_pages(load(file), file) for a in page.articles)
        for block in article.blocks
        if block.role in BODY
        for start, end in sentences(block.text)
    ]
    records = [Record(str(i), "".join(draw.choices(known, k=draw.randint(1, 5))), article=i) for i in range(number)]
    asked = (r.text[(at := draw.randrange(len(r.text))) : at + 8] for r in draw.sample(records, min(number, 3000)))
    return records, [Question(piece) for piece in asked if piece.strip()]


def enlarged(records: list[Record], number: int, draw: random.Random) -> Iterator[Record]:
    """The first `number` paragraphs; where there are fewer, all of them, and then recombinations of their sentences.

    A recombination follows a paragraph of the corpus: it has as many sentences, each drawn from those that stand at the
    same place, first or later, in any paragraph. So terms keep their shares of the paragraphs, and paragraphs and
    articles their lengths, while no paragraph is another one's copy. The vocabulary does not grow with the corpus as
    that of real text does: every posting list is ten times as long in ten times the paragraphs, the harder case.
    """
    yield from records[:number]
    leads: list[str] = []
    others: list[str] = []
    shapes = []
    for record in records:
        first, *rest = [record.text[a:b] for a, b in sentences(record.text)] or [record.text]
        leads.append(first)
        others += rest
        shapes.append(len(rest))
    articles = records[-1].article + 1
    for i in range(len(records), number):
        turn, at = divmod(i, len(records))
        text = draw.choice(leads) + "".join(draw.choice(others) for _ in range(shapes[at]))
        yield Record(str(i), text, article=turn * articles + records[at].article)
