"""Readers: file to page text, one module a format."""

from pathlib import Path

from bot.paper.readers import text

MAX_BYTES = 4 << 20
"""A page of text is some 15 KB; what is beyond this is no page."""


class PageError(ValueError):
    """A file that cannot be read as a newspaper page. The message is for the operator and says the next step."""


def load(path: Path) -> bytes:
    """The bytes of a page file.

    Raises:
        PageError: It is too large.
        OSError: It cannot be opened.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PageError(f"larger than {MAX_BYTES >> 20} MB. Split it into one file a page.")
    return data


def page_text(data: bytes) -> str:
    """The text of a page, as printed.

    Raises:
        PageError: The bytes are not text, or hold none.
    """
    try:
        page = text.decode(data)
    except ValueError:  # UnicodeDecodeError is one
        raise PageError("not a text file (neither UTF-8, UTF-16 nor GB18030). Save the page as text.") from None
    if not page.strip():
        raise PageError("no text in it. If it is a scan, run OCR on it first.")
    return page
