"""Plain text in the encodings that Chinese newsrooms use."""

import codecs
import re

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


_CONTROL = re.compile("[\0-\x08\x0e-\x1f]")


def decode(data: bytes) -> str:
    """Decode by the byte order mark, else as UTF-8, else as GB18030 (which holds GBK and GB2312).

    Raises:
        ValueError: The bytes are none of these, or not text at all: of a page, not one character in a hundred is a
            control character, and GB18030 takes almost any bytes for text.
    """
    text = data.decode(next((e for mark, e in _MARKS.items() if data.startswith(mark)), None) or _guess(data))
    if len(_CONTROL.findall(text)) * 100 > len(text):
        raise ValueError("mostly control characters")
    return text


def _guess(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
