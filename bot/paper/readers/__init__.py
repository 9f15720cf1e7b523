"""Readers: file to page text, one module a format, chosen by what is in the file and not by its name.

`bot.paper.page.Reader` says what a reader is.
"""

from pathlib import Path

from bot.paper.page import PageError, PageText, Reader
from bot.paper.readers import feed, html, pdf, records, text, word

__all__ = ["MAX_BYTES", "is_text", "load", "read"]

MAX_BYTES = 64 << 20
"""A page of text is some 15 KB, of PDF a few MB; what is beyond this is no page."""

_READERS: tuple[Reader, ...] = (pdf, word, html, feed, records, text)
"""The first that recognises a file reads it; text takes what is left."""


def load(path: Path) -> bytes:
    """The bytes of a page file.

    Raises:
        PageError: It is too large.
        OSError: It cannot be opened.
    """
    if not path.is_file() and path.exists():
        raise PageError("not a file.")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PageError(f"larger than {MAX_BYTES >> 20} MB. Split it into one file a page.")
    return data


def read(data: bytes, name: str) -> list[PageText]:
    """The pages of a file; `name` is its file name.

    Raises:
        PageError: It is in no format that we read, or broken.
    """
    return _reader(data).read(data, name)


def is_text(data: bytes) -> bool:
    """Whether a file is plain text, or nothing that we know."""
    return _reader(data) is text


def _reader(data: bytes) -> Reader:
    return next(reader for reader in _READERS if reader.recognises(data))
