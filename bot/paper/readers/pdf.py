"""PDF files with a text layer."""

import ctypes
import math
import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Any

from bot.models import Doubt, Note
from bot.paper.page import PageError, PageText
from bot.paper.readers import extra
from bot.paper.readers.glyphs import Glyph, once, type_lines, vertical_lines
from bot.paper.readers.paragraphs import paragraphs
from bot.paper.readers.reading_order import columns

MAX_PAGES = 400
MAX_CHARACTERS = 200_000
"""On a page; a newspaper page has some 8,000."""
MAX_CHARACTERS_IN_ALL = 4_000_000

_SCAN = "no text layer (a scan?). Run OCR on it first."
_UNMAPPED = "its fonts do not say which characters they draw. Run OCR on it first."
_VERTICAL = "set in vertical lines, which are not read in order. Save it as text."
_BROKEN = "broken. Export the PDF again."
_TOO_MUCH = f"more than {MAX_CHARACTERS} characters on a page. Export the PDF again, one newspaper page a page."

_LOCK = threading.Lock()  # PDFium must not be used from two threads
_SLANT = math.radians(8)
_HIDDEN = 0.5  # points; smaller type cannot be read, and is not meant to be
_STRAY = 100  # a page of fewer characters under a picture of the whole page is a scan, with a scanner's stamp
_REPLACEMENT = "\ufffd"
_READABLE = 0.7  # of a page's characters: the share that must have a Unicode value
_HYPHENS = "\x02\xad\ufffe"  # PDFium's marks for one at a line's end, and the soft one
# Fonts that draw a radical and a character with the same glyph often name the radical.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | str.maketrans(
    "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳", "母民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟"
)


def recognises(data: bytes) -> bool:
    """The mark of a PDF may have some bytes before it."""
    return b"%PDF-" in data[:1024]


def read(data: bytes, name: str) -> list[PageText]:
    """The pages of a PDF that have text; which have none, and why, the first page's warnings say.

    Raises:
        PageError: It is encrypted, broken or too large, or none of its pages can be read.
    """
    pypdfium2 = extra.load("pypdfium2", wanted_by="a PDF")
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
                raise PageError("encrypted. Save it without a password.") from None
            raise PageError(_BROKEN) from None
        try:
            return _pages(document)
        finally:
            document.close()


def _pages(document: Any) -> list[PageText]:
    if len(document) > MAX_PAGES:
        raise PageError(f"{len(document)} pages, of at most {MAX_PAGES}. Split it into one file an issue.")
    pages: list[PageText] = []
    unread: dict[str, list[int]] = defaultdict(list)
    characters = 0
    for i in range(len(document)):
        try:
            sides, warnings = _characters(document, i)
            page = _page_text(sides, warnings)
        except _UnreadError as error:
            unread[str(error)].append(i + 1)
            continue
        characters += sum(map(len, sides.values()))
        if characters > MAX_CHARACTERS_IN_ALL:
            raise PageError(f"more than {MAX_CHARACTERS_IN_ALL} characters. Split it into one file an issue.")
        pages.append(replace(page, number=_number(document.get_page_label(i))))
    if not pages:
        raise PageError(max(unread, key=lambda reason: len(unread[reason]), default=_SCAN))
    notes = tuple(Doubt.UNREAD_PAGES.of(", ".join(map(str, numbers)), why) for why, numbers in unread.items())
    return [replace(pages[0], warnings=(*notes, *pages[0].warnings)), *pages[1:]]


class _UnreadError(Exception):
    """Why a page is not read."""


def _number(label: str) -> int | None:
    return int(label) if label.isdecimal() and len(label) <= 3 else None


def _page_text(sides: dict[int, list[Glyph]], warnings: list[Note]) -> PageText:
    """The text of a page: first what is set the way that most of it is, then what is turned beside it."""
    if not sides:
        raise _UnreadError(_SCAN)
    lines = []
    for side in sorted(sides, key=lambda turn: -len(sides[turn])):
        glyphs = once(sides[side])
        body = median(glyph.size for glyph in glyphs)
        upright, rest = vertical_lines(glyphs)
        if sum(len(line.text) for line in upright) > len(rest):
            raise _UnreadError(_VERTICAL)
        if upright:
            warnings.append(Doubt.VERTICAL_LINES.of())
        lines += paragraphs(columns([*upright, *type_lines(rest)], body), body)
    if not lines:
        raise _UnreadError(_SCAN)
    return PageText(tuple(lines), warnings=tuple(dict.fromkeys(warnings)))


def _characters(document: Any, index: int) -> tuple[dict[int, list[Glyph]], list[Note]]:
    """The characters printed on a page, in drawing order, by the quarter turns of their line; and warnings."""
    import pypdfium2

    try:
        page = document[index]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        raise _UnreadError(_BROKEN) from None
    count = text.count_chars()
    if count > MAX_CHARACTERS:
        raise _UnreadError(_TOO_MUCH)
    sides: dict[int, list[Glyph]] = defaultdict(list)
    slanted = 0
    for turn, glyph in _printed(text.raw, count, page.get_bbox()):
        if turn is None:
            slanted += 1
        else:
            sides[turn].append(glyph)
    page_glyphs = [glyph for side in sides.values() for glyph in side]
    ink = sum(not glyph.text.isspace() for glyph in page_glyphs)
    unmapped = sum(glyph.text == _REPLACEMENT for glyph in page_glyphs)
    if not ink or (ink < _STRAY and _is_picture(page)):
        raise _UnreadError(_SCAN)
    if ink - unmapped < _READABLE * ink:
        raise _UnreadError(_UNMAPPED)
    warnings = [Doubt.UNNAMED_CHARACTERS.of(unmapped)] * (unmapped > 0)
    warnings += [Doubt.SLANTED_CHARACTERS.of(slanted)] * (slanted > 0)
    return sides, warnings


def _printed(text: Any, count: int, page: tuple[float, float, float, float]) -> Iterator[tuple[int | None, Glyph]]:
    """The characters of a text page that can be seen, each with the quarter turns of its line; None: on a slant."""
    from pypdfium2 import raw

    box, matrix, x, y = raw.FS_RECTF(), raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    for i in range(count):
        character = _character(raw.FPDFText_GetUnicode(text, i), raw.FPDFText_HasUnicodeMapError(text, i) == 1)
        if not character or raw.FPDFText_IsGenerated(text, i) == 1:
            continue
        if not (
            raw.FPDFText_GetLooseCharBox(text, i, box)
            and raw.FPDFText_GetMatrix(text, i, matrix)
            and raw.FPDFText_GetCharOrigin(text, i, x, y)
        ):
            continue
        along = math.hypot(matrix.a, matrix.b)
        if not along or not (page[0] <= x.value <= page[2] and page[1] <= y.value <= page[3]):
            continue
        size = raw.FPDFText_GetFontSize(text, i) * abs(matrix.a * matrix.d - matrix.b * matrix.c) / along
        if not _HIDDEN < size < page[3] - page[1]:
            continue
        length = raw.FPDFText_GetFontInfo(text, i, name, len(name), flags)
        font = name.raw[: max(length - 1, 0)].decode("latin-1").split("+")[-1]
        angle = math.atan2(matrix.b, matrix.a)
        turn = round(angle / (math.pi / 2))
        left, right, base = {
            0: (box.left, box.right, -y.value),
            1: (box.bottom, box.top, x.value),
            2: (-box.right, -box.left, y.value),
            3: (-box.top, -box.bottom, -x.value),
        }[turn % 4]
        level = abs(angle - turn * math.pi / 2) < _SLANT
        yield (turn % 4 if level else None), Glyph(character, left, right, base, size, font)


def _character(code: int, unmapped: bool) -> str:
    """The character of a code from PDFium; "" for one that nothing is printed for."""
    if unmapped or not code or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return _REPLACEMENT
    character = chr(code).translate(_RADICALS)
    if character in _HYPHENS:
        return "-"
    return character if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cn") else ""


def _is_picture(page: Any) -> bool:
    """Whether one picture takes up most of the page."""
    from pypdfium2 import raw

    width, height = page.get_size()
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) > 0.6 * width * height:
            return True
    return False
