"""Word files (.docx): paragraphs in the order of the document, tables and text boxes included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate
from typing import Any
from zipfile import BadZipFile, ZipFile

from bot.models import Role
from bot.paper.page import PageError, PageText, PrintedLine
from bot.paper.readers import extra

_ZIP, _OLE, _RTF = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1"), b"{\\rtf"
_DOCUMENT, _WORKBOOK = b"word/document.xml", b"xl/workbook.xml"
_MAX_UNPACKED, _MAX_PARTS, _MAX_RATIO = 64 << 20, 4096, 200

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNSEEN = (  # what is printed elsewhere, or no longer
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    f"{_W}moveFrom",
    f"{_W}del",
)
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}
_ROLES = {"title": Role.HEADLINE, "heading 1": Role.HEADLINE, "subtitle": Role.SUBHEAD, "caption": Role.CAPTION} | {
    f"heading {level}": Role.CROSSHEAD for level in range(2, 10)
}
_INDENT = "　　"
_MAX_BASES = 20
_P, _R, _T, _TC, _VAL = f"{_W}p", f"{_W}r", f"{_W}t", f"{_W}tc", f"{_W}val"
_DEFAULT_SIZE = 21  # half points, where nothing says so
_LETTER = re.compile(r"[^\W\d_]")


def recognises(data: bytes) -> bool:
    """Whether it is a Word file, old or new, or one of its cousins or any archive, which reading names."""
    return data.startswith((_OLE, _RTF, _ZIP))


def is_document(data: bytes) -> bool:
    """Whether a zip archive is a file of an office program, and no folder of files."""
    return _DOCUMENT in data or _WORKBOOK in data


def read(data: bytes, name: str) -> list[PageText]:
    """The lines of a Word file: headers, then its text, then footers.

    Raises:
        PageError: It is of another kind, broken, or holds no text.
    """
    if data.startswith(_RTF):
        raise PageError("an RTF file: save it as .docx.")
    if data.startswith(_OLE):
        raise PageError("an old Word file (.doc): save it as .docx.")
    _check(data)
    docx = extra.load("docx", wanted_by="a Word file")
    try:
        part = docx.Document(BytesIO(data)).part
        styles = _Styles(part.styles.element)
        body = list(_paragraphs(part.element.body, styles))
        margins = {kind: _margins(part, kind, styles) for kind in ("header", "footer")}
    except Exception:  # a made-up file breaks it in ways without end
        raise PageError("a broken Word file. Open it in Word and save it again as .docx.") from None
    lines = [*margins["header"], *_lines(body), *margins["footer"]]
    if not any(p.text.strip() for p in body):
        raise PageError("a Word file without text. If it holds pictures of pages, run OCR on them first.")
    return [PageText(tuple(lines))]


def _check(data: bytes) -> None:
    """Refuses what is no Word file, and what would unpack to more than memory holds."""
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        raise PageError("a broken Word file. Open it in Word and save it again as .docx.") from None
    names = {part.filename.encode("utf-8", "replace") for part in parts}
    if _DOCUMENT not in names:
        if _WORKBOOK in names:
            raise PageError("a spreadsheet: export it as CSV.")
        raise PageError("a zip archive where a page should be. Unpack it first.")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MAX_PARTS or unpacked > _MAX_UNPACKED or unpacked > max(len(data) * _MAX_RATIO, 1 << 20):
        raise PageError("a Word file that unpacks to far more than a page. Copy its text into a new one.")


@dataclass
class _Paragraph:
    """A paragraph: its pieces of text, each with the height of its type in half points."""

    role: Role | None
    indent: bool
    pieces: list[tuple[str, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        text = "".join(piece for piece, _ in self.pieces)
        return _INDENT + text if self.indent and text and not text[0].isspace() else text

    @property
    def size(self) -> int:
        return _median(self.pieces)


class _Styles:
    """The styles of a file: what a paragraph is, and how it is set, where it does not say so itself."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(f"{_W}styleId"): style for style in root.iter(f"{_W}style")}
        defaults = (key for key, style in self._styles.items() if _is_default(style))
        self._default = next(defaults, None)
        size = root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}sz")
        self._size = _DEFAULT_SIZE if size is None else int(size.get(_VAL))

    def paragraph(self, properties: Any) -> _Paragraph:
        layers = self._layers(properties)
        names = (name.get(_VAL, "").lower() for layer in layers if (name := layer.find(f"{_W}name")) is not None)
        indents = (_indent(layer) for layer in [properties, *layers] if layer is not None)
        return _Paragraph(
            role=next((_ROLES[name] for name in names if name in _ROLES), None),
            indent=next((indent for indent in indents if indent is not None), False),
        )

    def size(self, run: Any, properties: Any) -> int:
        for layer in (run, *self._layers(properties)):
            size = layer.find(f"{_W}rPr/{_W}sz")
            if size is not None:
                return int(size.get(_VAL))
        return self._size

    def _layers(self, properties: Any) -> list[Any]:
        """A paragraph's style, the one that it is based on, and so on."""
        style = None if properties is None else properties.find(f"{_W}pStyle")
        key = self._default if style is None else style.get(_VAL)
        layers: list[Any] = []
        while (layer := self._styles.get(key)) is not None and len(layers) < _MAX_BASES:
            layers.append(layer)
            base = layer.find(f"{_W}basedOn")
            key = None if base is None else base.get(_VAL)
        return layers


def _is_default(style: Any) -> bool:
    return style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true", "on")


def _indent(layer: Any) -> bool | None:
    """Whether a paragraph or a style sets the first line in; None where it does not say."""
    path = f"{_W}ind" if layer.tag == f"{_W}pPr" else f"{_W}pPr/{_W}ind"
    indent = layer.find(path)
    said = [] if indent is None else [indent.get(f"{_W}firstLineChars"), indent.get(f"{_W}firstLine")]
    values = [int(value) for value in said if value is not None]
    return values[0] > 0 if values else None


def _paragraphs(root: Any, styles: _Styles) -> Iterator[_Paragraph]:
    """Every paragraph under an element; a text box comes before the paragraph that it is anchored in."""
    etree = extra.load("lxml.etree", wanted_by="a Word file")
    unfinished: list[tuple[_Paragraph, Any]] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            if node.tag == _P:
                yield unfinished.pop()[0]
        elif node.tag in _UNSEEN or (node.tag == _TC and _continues(node)):
            walker.skip_subtree()
        elif node.tag == _P:
            properties = node.find(f"{_W}pPr")
            unfinished.append((styles.paragraph(properties), properties))
        elif unfinished and (run := node.getparent()).tag == _R:
            piece = node.text or "" if node.tag == _T else _BREAKS.get(node.tag, "")
            if piece:
                paragraph, properties = unfinished[-1]
                paragraph.pieces.append((piece, styles.size(run, properties)))


def _continues(cell: Any) -> bool:
    """Whether a cell is a part of the one above it, and shows nothing of its own."""
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merged is not None and merged.get(_VAL) != "restart"


def _margins(part: Any, kind: str, styles: _Styles) -> list[PrintedLine]:
    """The lines of all headers, or footers, each once; not those of numbers alone, which count the file's own pages."""
    texts: dict[str, None] = {}
    for relation in part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            for paragraph in _paragraphs(relation.target_part.element, styles):
                texts |= dict.fromkeys(filter(_LETTER.search, map(str.strip, paragraph.text.splitlines())))
    return [PrintedLine(text) for text in texts]


def _lines(paragraphs: list[_Paragraph]) -> Iterator[PrintedLine]:
    body = _median([piece for paragraph in paragraphs for piece in paragraph.pieces]) or 1
    gap, above = True, None
    for paragraph in paragraphs:
        for text in filter(str.strip, paragraph.text.splitlines()):
            begins = paragraph.role is Role.HEADLINE and above is not Role.HEADLINE
            size = round(paragraph.size / body, 2)
            yield PrintedLine(text.rstrip(), gap=gap, size=size, role=paragraph.role, begins=begins)
            gap, above = False, paragraph.role
        gap = gap or not paragraph.text.strip()


def _median(pieces: list[tuple[str, int]]) -> int:
    """The size of the middle character."""
    by_size = sorted(pieces, key=lambda piece: piece[1])
    ends = list(accumulate(len(text) for text, _ in by_size))
    return next((size for (_, size), end in zip(by_size, ends, strict=True) if end * 2 >= ends[-1]), 0)
