"""Plain text in the encodings that Chinese newsrooms use."""

import codecs

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decode(data: bytes) -> str:
    """Decode by the byte order mark, else as UTF-8, else as GB18030 (which holds GBK and GB2312).

    Raises:
        UnicodeDecodeError: The bytes are none of these, or not text at all.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if b"\0" in data:  # GB18030 would take almost any binary file for text; no text in it holds a NUL
            raise
        return data.decode("gb18030")
