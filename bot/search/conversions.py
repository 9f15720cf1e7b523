"""OpenCC's conversions of single characters, worked out for all Han characters at once and kept in a file.

To look one up takes no dictionary of phrases: forty megabytes and as many milliseconds that a process does without.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from bot import kept

HAN_RANGES = ((0x3005, 0x3005), (0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))
"""The first and the last of each stretch of Han characters; the iteration mark 々 and the zero 〇 count."""


class Conversions(NamedTuple):
    """Of each Han character that does not stay what it is, what it becomes.

    Attributes:
        simplified: In Simplified.
        unified: With the forms of all regions made one.
    """

    simplified: dict[str, str]
    unified: dict[str, str]


@cache
def converter(config: str) -> Callable[[str], str]:
    """A conversion of OpenCC, by its name; its dictionaries stay in memory."""
    return _loaded(config)


def _loaded(config: str) -> Callable[[str], str]:
    import opencc  # here, as most processes never need it

    convert: Callable[[str], str] = opencc.OpenCC(config).convert
    return convert


def simplified(text: str) -> str:
    """In Simplified; twice, as 薴 goes to 苎 by way of 苧."""
    return converter("t2s")(converter("t2s")(text))


@cache
def conversions() -> Conversions:
    """Those of this version of OpenCC, from the file, which is made if need be."""
    return conversions_in(kept.folder())


def conversions_in(folder: Path) -> Conversions:
    """From the file in that folder; worked out where it cannot be had."""
    path = folder / f"opencc-{version('opencc')}.json"
    with suppress(OSError, ValueError, TypeError):
        return _read(path.read_bytes())
    made = _work_out()
    with suppress(OSError):
        data = json.dumps(made).encode()
        kept.write(path, b"%d\n%b" % (crc32(data), data))
    return made


def _read(file: bytes) -> Conversions:
    """What such a file holds.

    Raises:
        ValueError: It is not as it was written.
    """
    sum_, _, data = file.partition(b"\n")
    if crc32(data) != int(sum_):
        raise ValueError("the file is not as it was written")
    return Conversions(*json.loads(data))


def _work_out() -> Conversions:
    characters = [chr(code) for first, last in HAN_RANGES for code in range(first, last + 1)]

    def converted(texts: list[str], *configs: str) -> list[str]:
        lines = "\n".join(texts)  # no phrase has a line's end in it, so each is converted on its own
        for config in configs:
            lines = _loaded(config)(lines)
        return lines.split("\n")

    traditional = converted(characters, "s2t")
    regional = converted(characters, "tw2t", "hk2t")  # of what is not Simplified, as 么 is, which Taiwan writes 幺
    both = [r if t == char else t for char, t, r in zip(characters, traditional, regional, strict=True)]
    # there and back, so that both members of a pair such as 钜 and 鉅 meet
    return Conversions(
        _changed(characters, converted(characters, "t2s", "t2s")),
        _changed(characters, converted(both, "t2s", "s2t", "t2s")),
    )


def _changed(before: list[str], after: list[str]) -> dict[str, str]:
    return {a: b for a, b in zip(before, after, strict=True) if a != b}
