"""Reading files of strangers in a process of its own, whose memory and time are bounded.

The libraries that read PDFs, web pages and Word files are large, and partly written in C: what a made-up file may do to
them, it does to that process. Plain text is read by this project's own code, in this process.
"""

import json
import multiprocessing
import signal
from contextlib import suppress
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import TypeAdapter

from bot.models import ParsedPage
from bot.paper import read_pages
from bot.paper.page import PageError
from bot.paper.readers import is_text

TIMEOUT = 60.0
"""Seconds that a file may take."""

MEMORY = 1536 << 20
"""Bytes of address space that the process may take."""

_MAX_ANSWER = 256 << 20
_PAGES = TypeAdapter(list[ParsedPage])


class PageReader:
    """Reads page files; a context manager, which ends its process. The process starts with the first file for it.

    Args:
        timeout: Seconds that a file may take.
        apart: Whether plain text, too, is read in that process, for who has others to serve meanwhile.
    """

    def __init__(self, timeout: float = TIMEOUT, *, apart: bool = False) -> None:
        self._timeout = timeout
        self._apart = apart
        self._process: Any = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(
        self, data: bytes, path: Path, *, day: date | None = None, number: int | None = None, paper: str = ""
    ) -> list[ParsedPage]:
        """The pages of a file, as `bot.paper.read_pages`.

        Raises:
            PageError: It is no page that we read, or reading it takes too much time or memory.
        """
        if not self._apart and is_text(data):
            return read_pages(data, path, day=day, number=number, paper=paper)
        connection = self._connection or self._start()
        asked = {"path": str(path), "day": day.isoformat() if day else None, "number": number, "paper": paper}
        try:
            connection.send_bytes(json.dumps(asked).encode("utf-8", "surrogateescape"))
            connection.send_bytes(data)
            if not connection.poll(self._timeout):
                self._end()
                raise PageError(f"reading it takes more than {self._timeout:.0f} s. Save its text, or split it.")
            answer = connection.recv_bytes(_MAX_ANSWER)
        except (OSError, EOFError):  # the process is gone
            self._end()
            raise PageError("reading it broke off: it is damaged, or needs too much memory. Save its text.") from None
        if answer[:1] == b"E":
            raise PageError(answer[1:].decode("utf-8", "replace"))
        return _PAGES.validate_json(answer)

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        return self._connection

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._process.kill()
            self._process.join()
            self._process = self._connection = None


def _serve(connection: Connection) -> None:
    """The process: a question and a file in, pages or an error out, until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    _limit_memory()
    with suppress(EOFError, OSError):
        while True:
            asked = json.loads(connection.recv_bytes())
            data = connection.recv_bytes()
            connection.send_bytes(_answer(asked, data))


def _answer(asked: dict[str, Any], data: bytes) -> bytes:
    day = date.fromisoformat(asked["day"]) if asked["day"] else None
    try:
        pages = read_pages(data, Path(asked["path"]), day=day, number=asked["number"], paper=asked["paper"])
        return _PAGES.dump_json(pages)
    except PageError as error:
        return b"E" + str(error).encode()
    except MemoryError:
        return b"Ereading it needs too much memory. Save its text, or split it."
    except Exception as error:  # a library broken by a made-up file is no end of the others
        return f"Ereading it failed ({type(error).__name__}). Save its text.".encode()


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # where there are no such limits, time is bounded all the same
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
