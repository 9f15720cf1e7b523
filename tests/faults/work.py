"""What is killed, and what is looked at afterwards: functions of folders, for a process of their own."""

from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.archive import Archive, backup, ingest
from bot.archive.database import Connections
from bot.archive.places import PlaceTable
from bot.archive.posting_lists import Joined, Lengths
from bot.archive.postings import Postings, _set_state
from bot.archive.snapshot import Snapshot
from bot.paper.files import page_files
from bot.search import Engine, ParagraphIndex
from tests.bench.ingest import contents

DATABASE = "newsbot.db"


def read_in(data: Path, pages: Path) -> None:
    """Ingest a folder and bring the index up to it, as `newsbot ingest` does."""
    with closing(Archive(data / DATABASE)) as archive:
        for _ in ingest(archive, page_files([pages])):
            pass
        Engine(archive).refresh()


def refresh(data: Path) -> None:
    """What every command begins with."""
    with closing(Archive(data / DATABASE)) as archive:
        Engine(archive).refresh()


def reindex(data: Path) -> None:
    """What `/reindex` does."""
    with closing(Archive(data / DATABASE)) as archive:
        Engine(archive).rebuild()


def outdate(data: Path) -> None:
    """Let the index be that of another version of the program."""
    with closing(Archive(data / DATABASE)) as archive, archive._connections.writing() as db:
        _set_state(db, replace(Snapshot(db).state, analyzer="another"))


def write_backup(data: Path, target: Path) -> None:
    backup.write(data, target)


def restore(data: Path, file: Path) -> None:
    backup.restore(data, file)


def finish_restore(data: Path) -> None:
    """What every command begins with."""
    backup.finish_restore(data)


def index_of(postings: Postings) -> dict[str, object]:
    """An index as it can be compared: by term the paragraphs, each with the term's frequency and its length; sizes."""
    with postings.snapshot() as snapshot:
        found = defaultdict(list)
        batches, lengths = snapshot.batches().values(), Lengths(snapshot.lengths())
        for batch in batches:
            lengths = lengths.followed_by(batch.paragraphs, batch.lengths)
        for term, merged in snapshot.merged_postings(set(snapshot.terms())).items():
            postings = merged.followed_by(part for batch in batches for part in batch.parts(term))
            once, twice, more = (kind.astype(np.int64) for kind in postings.kinds)
            often = Joined(postings.parts).kinds[2] & 0xFFFF
            for numbers, frequencies in ((once, np.full(len(once), 1)), (twice, np.full(len(twice), 2)), (more, often)):
                found[term] += zip(numbers.tolist(), frequencies.tolist(), lengths.of(numbers).tolist(), strict=True)
            found[term].sort()
        state = snapshot.state
        held = [*snapshot.paragraphs(range(state.next))]
        held += [one for batch in batches for one in batch.held(range(state.next))]
        texts = {number: (length, bytes(text)) for number, length, text in held}
    sizes = state.analyzer, state.size, state.total_length, state.next
    return {"terms": {term: rows for term, rows in found.items() if rows}, "sizes": sizes, "texts": texts}


@lru_cache(4)
def from_scratch(paragraphs: tuple[tuple[int, str], ...]) -> dict[str, object]:
    """An index made at once, to compare with."""
    index = ParagraphIndex()
    index.add(paragraphs)
    return index_of(index._postings)


def differences(data: Path, expected: list[str] | None = None) -> list[str]:
    """How an archive differs from what it should hold, and its index and places from those made from scratch."""
    wrong = []
    if expected is not None and (held := contents(data)) != expected:
        wrong.append(f"the archive differs in {len(set(held) ^ set(expected))} rows")
    with closing(Archive(data / DATABASE)) as archive:
        paragraphs = archive.paragraph_texts(after=-1, limit=1 << 30)
        was, should = index_of(archive.postings), from_scratch(tuple(paragraphs))
        wrong += [f"the index differs in its {part}" for part in was if was[part] != should[part]]
        if archive.removed_paragraphs(1):
            wrong.append("the index has not heard of all removals")
        wrong += _places_differ(data, archive, paragraphs)
    return wrong


def _places_differ(data: Path, archive: Archive, paragraphs: list[tuple[int, str]]) -> list[str]:
    scratch = data / "places.db"
    archive._connections.copy_to(scratch)
    with closing(Connections(scratch)) as connections:
        with connections.writing() as db:
            db.execute("DELETE FROM place")
        made = PlaceTable(connections)
        if paragraphs:
            made.add(paragraphs[0][0], paragraphs[-1][0])
        was, should = archive.places.current(), made.current()
    scratch.unlink()
    size = len(should)
    same = np.array_equal(was.article[:size], should.article) and not was.article[size:].any()
    there = should.article > 0
    same = same and np.array_equal(was.day[:size][there], should.day[there])
    return [] if same and np.array_equal(was.role[:size][there], should.role[there]) else ["places differ"]
