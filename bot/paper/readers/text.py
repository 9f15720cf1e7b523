"""Plain text in the encodings that Chinese newsrooms use."""

import codecs
import re

from bot.models import Doubt
from bot.paper.page import PageError, PageText, PrintedLine

MAX_BYTES = 4 << 20
"""A page of text is some 15 KB."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f]")
_DAMAGED = "\ufffd"
_TOLERATED = 100
"""A text in which one character in so many, or more, is no character is not text."""


def recognises(data: bytes) -> bool:
    """Any bytes may be text; whether they are, reading tells."""
    return True


def read(data: bytes, name: str) -> list[PageText]:
    """The lines of a text file; a blank line becomes the gap above the next.

    Raises:
        PageError: The bytes are not text, hold none, or far too much for a page.
    """
    if len(data) > MAX_BYTES:
        raise PageError(f"a text of more than {MAX_BYTES >> 20} MB. Split it into one file a page.")
    try:
        page, damaged = decode(data)
    except ValueError:
        raise PageError("not a text file (neither UTF-8, UTF-16 nor GB18030). Save the page as text.") from None
    lines = printed_lines(page)
    if not lines:
        raise PageError("no text in it. If it is a scan, run OCR on it first.")
    warnings = (Doubt.DAMAGED_CHARACTERS.of(damaged),) if damaged else ()
    return [PageText(tuple(lines), warnings=warnings)]


def printed_lines(page: str) -> list[PrintedLine]:
    """The lines of a text that are not blank."""
    lines = []
    gap = True
    for raw in page.splitlines():
        if raw.strip():
            lines.append(PrintedLine(raw.rstrip(), gap=gap))
        gap = not raw.strip()
    return lines


def decode(data: bytes) -> tuple[str, int]:
    """The text of bytes by their byte order mark, else as UTF-8, else as GB18030 (which holds GBK and GB2312).

    Returns:
        The text, and how many of its characters are damaged: of UTF-8, fewer than one in a hundred may be.

    Raises:
        ValueError: The bytes are none of these, or not text at all: of text, not one character in a hundred is a
            control character, and GB18030 takes almost any bytes.
    """
    if encoding := next((e for mark, e in _MARKS.items() if data.startswith(mark)), None):
        return _checked(data.decode(encoding), 0)
    try:
        return _checked(data.decode("utf-8"), 0)
    except UnicodeDecodeError:
        mended = data.decode("utf-8", "replace")
    if (damaged := mended.count(_DAMAGED)) * _TOLERATED < len(mended):
        return _checked(mended, damaged)
    if encoding := _unmarked_utf16(data):
        return _checked(data.decode(encoding), 0)
    return _checked(data.decode("gb18030"), 0)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows in its line ends, of which one byte is zero, always on the same side."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    encoding, end = ("utf-16-be", b"\0\n") if even > odd else ("utf-16-le", b"\n\0")
    return encoding if len(data) % 2 == 0 and end in data else None


def _checked(text: str, damaged: int) -> tuple[str, int]:
    if len(_CONTROL.findall(text)) * _TOLERATED > len(text):
        raise ValueError("mostly control characters")
    return text, damaged
