"""What of a text is still being composed in an input method: 红十字jiu'yuan is 红十字 with two syllables to come."""

import re
from collections.abc import Callable

_SYLLABLE = "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])(?:[aeiouvü]{1,3}(?:ng?|r)?)?|[aoe](?:[ion]|ng)?|er"
_BOPOMOFO = "[\u3105-\u312f\u31a0-\u31bf\u02c7\u02c9-\u02cb\u02d9]"
_COMPOSING = re.compile(
    rf"(?P<sign>(?<!\S)(?:[^\s:：]*[:：]|[-\"“「『]))?"  # nothing is left of a condition whose value is to come
    rf"(?<![A-Za-z0-9&.@+_/'])(?P<letters>(?:(?:{_SYLLABLE}|{_BOPOMOFO})[' ’]*)+)$"
)
_LONGEST = 80
"""Characters that an input method composes at once, roughly: the pattern looks at no more."""


def settled(text: str, known: Callable[[str], bool]) -> str:
    """The text without what is being composed at its end.

    Args:
        text: What the field of a chat holds, which is what an input method shows while one types.
        known: Whether the archive knows some Latin letters: `ai` may be a word, and is not left out then.
    """
    text = text.strip()
    tail = text[-_LONGEST:]
    match = _COMPOSING.search(tail)
    if not match or known(match["letters"]):
        return text
    return text[: len(text) - len(tail) + match.start()].rstrip()
