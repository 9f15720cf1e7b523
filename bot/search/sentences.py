"""Where sentences and clauses end in Chinese news text."""

import re

from bot.models import Span

SENTENCE_END = re.compile(r"[。！？；!?;…]+[”’」』）)\"]*")
"""The end mark of a sentence with its closing quotes."""

_CLAUSE = re.compile(r".*?(?:[，,：:。！？；!?;…]+[”’」』）)\"]*|$)", re.DOTALL)


def sentences(text: str, start: int = 0) -> list[Span]:
    """The spans of the sentences from `start` on, each with its end mark and closing quotes, without gaps."""
    ends = [match.end() for match in SENTENCE_END.finditer(text, start)]
    if start < len(text) and (not ends or ends[-1] < len(text)):
        ends.append(len(text))
    return list(zip([start, *ends], ends, strict=False))


def clauses(text: str, start: int, end: int) -> list[Span]:
    """The spans of the clauses of a sentence; a comma inside a number ends none."""
    found: list[Span] = []
    for match in _CLAUSE.finditer(text, start, end):
        a, b = match.span()
        if a == b:
            continue
        if found and text[found[-1][1] - 1] in ",:" and text[a].isdigit() and text[found[-1][1] - 2].isdigit():
            a = found.pop()[0]
        found.append((a, b))
    return found
