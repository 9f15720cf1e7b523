"""A system in a process of its own: built there, then served there, asked over pipes, a JSON document a line.

    python -m tests.bench.serving build|serve NAME FOLDER

The process times itself, so that pipes cost nothing; what is measured at its start, `Server` measures from outside.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.bench.system import SYSTEMS
from tests.bench.texts import Corpus

THREADS = 4


class Server:
    """A process that serves a system which was built in a corpus's folder."""

    def __init__(self, name: str, corpus: Path, *, copy: bool = False) -> None:
        """Start it; of a copy of what was built, where that will be added to."""
        self.name = name
        self._copied = corpus / f"{SYSTEMS[name].store}-copy" if copy else None
        if self._copied:
            shutil.rmtree(self._copied, ignore_errors=True)
            shutil.copytree(corpus / SYSTEMS[name].store, self._copied)
        command = [sys.executable, "-m", "tests.bench.serving", "serve", name, str(corpus), *["copy"][: bool(copy)]]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what: str, value: Any = None) -> Any:
        """The answer of the `_Serving` method of that name."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the process has no pipes")
        self._process.stdin.write(json.dumps([what, value]) + "\n")
        self._process.stdin.flush()
        if not (line := self._process.stdout.readline()):
            raise SystemExit(f"{self.name} ended; what it said stands above.")
        return json.loads(line)

    def close(self) -> None:
        self._process.communicate()
        if self._copied:
            shutil.rmtree(self._copied)


def build(name: str, corpus: Path) -> dict[str, Any]:
    """Build a system, unless it is there in its present form; seconds, peak in MB, and bytes on disk."""
    folder = corpus / SYSTEMS[name].store
    built = folder / "built.json"
    if not built.exists() or json.loads(built.read_text()).get("form", "") != SYSTEMS[name].form:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        subprocess.run([sys.executable, "-m", "tests.bench.serving", "build", name, str(corpus)], check=True)
    found: dict[str, Any] = json.loads(built.read_text())
    found["bytes"] = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return found


def start(name: str, corpus: Path, query: str) -> float:
    """Seconds from the start of a process to its first answer, its files being in the page cache."""
    begin = time.perf_counter()
    server = Server(name, corpus)
    server.ask("search", query)
    seconds = time.perf_counter() - begin
    server.close()
    return seconds


class _Serving:
    def __init__(self, name: str, corpus: Path, folder: Path) -> None:
        entry = SYSTEMS[name]
        self._system = entry.alone()(folder, Corpus(corpus).texts, entry.kind)

    def search(self, query: str) -> float:
        """Milliseconds from a query to its texts."""
        begin = time.perf_counter()
        self._system.search(query)
        return (time.perf_counter() - begin) * 1000

    def memory(self, _: None) -> tuple[float, float] | None:
        """Resident MB of this process, anonymous and file-backed; None where the system does not tell."""
        anonymous, mapped = _status("RssAnon"), _status("RssFile")
        return (anonymous, mapped) if anonymous is not None and mapped is not None else None

    def threads(self, queries: list[str]) -> tuple[float, float]:
        """Queries a second of one thread, and of four at once."""
        rates = []
        for count in (1, THREADS):
            with ThreadPoolExecutor(count) as pool:
                begin = time.perf_counter()
                list(pool.map(self._system.search, queries))
                rates.append(len(queries) / (time.perf_counter() - begin))
        return rates[0], rates[1]

    def add(self, asked: tuple[list[list[str]], list[str]]) -> float | None:
        """Milliseconds until an edition's texts can be found, the median of several, while another thread searches.

        None where they cannot be added.
        """
        editions, queries = asked
        stop = threading.Event()

        def searching() -> None:
            while not stop.is_set():
                for query in queries:
                    if not stop.is_set():
                        self._system.search(query)

        with ThreadPoolExecutor(1) as pool:
            reader = pool.submit(searching)
            try:
                taken: float | None = statistics.median(self._added(texts) for texts in editions)
            except NotImplementedError:
                taken = None
            finally:
                stop.set()
            reader.result()  # what failed while searching fails here, too
            return taken

    def _added(self, texts: list[str]) -> float:
        begin = time.perf_counter()
        self._system.add(texts)
        return (time.perf_counter() - begin) * 1000


def _status(field: str) -> float | None:
    """A size of this process in MB, as Linux tells it; None elsewhere."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:")), None)


def _build(name: str, corpus: Path) -> None:
    entry = SYSTEMS[name]
    folder = corpus / entry.store
    read = Corpus(corpus)
    begin = time.perf_counter()
    entry.alone().build(folder, read, entry.kind)
    built = {
        "seconds": time.perf_counter() - begin,
        "peak": _status("VmHWM"),  # getrusage would count what the parent had when it forked
        "form": entry.form,
    }
    (folder / "built.json").write_text(json.dumps(built))  # the last: what has it is whole


def _serve(name: str, corpus: Path, copied: bool) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    serving = _Serving(name, corpus, corpus / (SYSTEMS[name].store + "-copy" * copied))
    for line in sys.stdin:
        what, value = json.loads(line)
        answers.write(json.dumps(getattr(serving, what)(value)) + "\n")
        answers.flush()


if __name__ == "__main__":
    if sys.argv[1] == "build":
        _build(sys.argv[2], Path(sys.argv[3]))
    else:
        _serve(sys.argv[2], Path(sys.argv[3]), len(sys.argv) > 4)
