"""Quality and speed of the article parser on pages with true answers.

    python -m tests.bench.parser [PAGES]

PAGES is a folder of `<page>-<variant>.txt`, each with its truth in `<page>-<variant>.json`, and a `score_pages.py`.
Without it, the project's own marked pages are read in all their variants. Every page of PAGES goes through the command
`parse`, so that what is scored is what an operator gets; speed is measured in this process, without its start.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.paper import load, read_pages
from bot.paper.articles import parse_text
from tests.marked_pages import VARIANTS, pages


def score(folder: Path) -> None:
    """Run `parse --json` on every page and score the answers by the folder's own script."""
    files = sorted(folder.glob("*.txt"))
    with tempfile.TemporaryDirectory() as out:
        for file in files:
            done = subprocess.run(
                [sys.executable, "-m", "bot", "parse", str(file), "--json"], capture_output=True, check=True
            )
            Path(out, f"{file.stem}.json").write_bytes(done.stdout)
        subprocess.run([sys.executable, str(folder / "score_pages.py"), out, "--cases", str(folder)], check=True)
    begin = time.perf_counter()
    characters = sum(
        len(json.dumps([b.text for p in read_pages(load(f), f) for a in p.articles for b in a.blocks])) for f in files
    )
    _speed(len(files), characters, time.perf_counter() - begin)


def own() -> None:
    """Read the project's own pages in all variants; count the articles that come out as they should."""
    texts = [
        (page, variant(page, random.Random(seed)))
        for page in pages().values()
        for variant in VARIANTS
        for seed in range(10)
    ]
    begin = time.perf_counter()
    read = [parse_text(text)[0] for _, text in texts]
    seconds = time.perf_counter() - begin
    shapes = [
        [[str(b.role) for b in a.blocks] for a in articles] == [[str(r) for r, _ in a] for a in page.articles()]
        for (page, _), articles in zip(texts, read, strict=True)
    ]
    print(f"{sum(shapes)} of {len(shapes)} pages have the articles, paragraphs and roles that they should.")
    _speed(len(texts), sum(len(text) for _, text in texts), seconds)


def _speed(count: int, characters: int, seconds: float) -> None:
    print(f"{count} pages, {characters} characters in {seconds:.2f} s: {characters / seconds:,.0f} characters/s.")


if __name__ == "__main__":
    score(Path(sys.argv[1])) if len(sys.argv) > 1 else own()
