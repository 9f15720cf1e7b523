"""The dictionary of Chinese words, one for the whole process: the parser and the search cut by the same one.

It is jieba's own as a file that is looked up where it lies: no second of loading, no hundred megabytes.

The file is a hash table with open addresses, made once from jieba's own dictionary: slots (the number of a word plus
one, or 0), where each word begins, its frequency, and the words in UTF-8. A word is found only where it stands there
letter for letter, so the table answers as jieba's own does.
"""

import hashlib
import logging
import mmap
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path
from typing import overload
from zlib import crc32

import numpy as np

from bot import kept

if "pkg_resources" not in sys.modules:  # jieba does without it, and to import it takes a quarter of a second
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    import jieba

    del sys.modules["pkg_resources"]
else:
    import jieba

_MAGIC = b"newsbot jieba 1\n"
_MEMO = 1 << 15  # words whose frequency is kept at hand


class _Memo(dict[str, int | None]):
    """What was looked up before, a bounded number, at hand without a call."""

    def __init__(self, look_up: Callable[[str], int | None]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, word: str) -> int | None:
        found = self._look_up(word)
        if len(self) >= _MEMO:
            self.clear()
        self[word] = found
        return found


class FrequencyTable:
    """What jieba asks of its dictionary: the frequency of a word, 0 for the beginning of one, and nothing else."""

    def __init__(self, path: Path) -> None:
        """Open a file that `write` made.

        Raises:
            OSError: It cannot be read.
            ValueError: It is not such a file, or not all of it.
        """
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[: len(_MAGIC)] != _MAGIC or len(self._bytes) < len(_MAGIC) + 32:
            raise ValueError(f"{path} is not a dictionary")
        sizes = np.frombuffer(self._bytes, np.uint64, 4, len(_MAGIC)).tolist()
        self.total, slots, words, letters = sizes
        start = len(_MAGIC) + 32
        self._letters = start + 4 * (slots + 2 * words + 1)
        if slots & (slots - 1) or len(self._bytes) != self._letters + letters:
            raise ValueError(f"{path} is cut short")
        numbers = memoryview(self._bytes)[start : self._letters].cast("I")
        self._slots = numbers[:slots]
        self._starts = numbers[slots : slots + words + 1]
        self._frequencies = numbers[slots + words + 1 :]
        self._mask = slots - 1
        self.of = _Memo(self._look_up).__getitem__
        """The frequency of a word, None where there is no such word."""

    @overload
    def get(self, word: str) -> int | None: ...
    @overload
    def get(self, word: str, default: int) -> int: ...
    def get(self, word: str, default: int | None = None) -> int | None:
        """The word's frequency; the default without one."""
        found = self.of(word)
        return default if found is None else found

    def __iter__(self) -> Iterator[str]:
        """The words, and the beginnings of words."""
        for start, end in pairwise(self._starts):
            yield self._bytes[self._letters + start : self._letters + end].decode()

    def __contains__(self, word: str) -> bool:
        return self.get(word) is not None

    def __getitem__(self, word: str) -> int:
        found = self.get(word)
        if found is None:
            raise KeyError(word)
        return found

    def _look_up(self, text: str) -> int | None:
        word = text.encode()
        slot = crc32(word) & self._mask
        while number := self._slots[slot]:
            start = self._letters + self._starts[number - 1]
            if self._bytes[start : self._letters + self._starts[number]] == word:
                return int(self._frequencies[number - 1])
            slot = (slot + 1) & self._mask
        return None


def write(path: Path, frequencies: Mapping[str, int], total: int) -> None:
    """Make a file for `FrequencyTable`; whoever opens the path sees all of it, or what was there before.

    Raises:
        OSError: It cannot be written.
    """
    words = [word.encode() for word in frequencies]
    size = 1 << (2 * len(words)).bit_length()
    slots = [0] * size
    for number, word in enumerate(words, 1):
        slot = crc32(word) & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = number
    starts = np.cumsum([0, *map(len, words)])
    sizes = [total, size, len(words), int(starts[-1])]
    numbers = np.array([*slots, *starts, *frequencies.values()], np.uint32)
    kept.write(path, _MAGIC + np.array(sizes, np.uint64).tobytes() + numbers.tobytes() + b"".join(words))


class _Tokenizer(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
    """Jieba's own, which looks a piece of a sentence up once where that does so three times; it cuts alike."""

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802  # jieba's name
        """For each place of a sentence, where the words that begin there end."""
        frequency_of, size, graph = self.FREQ.of, len(sentence), {}
        for start in range(size):
            ends = []
            for end in range(start + 1, size + 1):
                frequency = frequency_of(sentence[start:end])
                if frequency is None:
                    break
                if frequency:
                    ends.append(end - 1)
            graph[start] = ends or [start]
        return graph

    def calc(self, sentence: str, DAG: dict[int, list[int]], route: dict[int, tuple[float, int]]) -> None:  # noqa: N803
        """For each place of a sentence, from the last: the logarithm of the likeliest way on, and where it goes."""
        frequency_of, total = self.FREQ.of, log(self.total)
        route[len(sentence)] = (0, 0)
        for start in range(len(sentence) - 1, -1, -1):
            ways = [(log(frequency_of(sentence[start : e + 1]) or 1) - total + route[e + 1][0], e) for e in DAG[start]]
            route[start] = max(ways) if len(ways) > 1 else ways[0]


@cache
def tokenizer() -> jieba.Tokenizer:
    """Jieba's tokenizer; its dictionary is opened with the first call, and made with the first ever."""
    jieba.setLogLevel(logging.WARNING)
    return tokenizer_in(kept.folder())


def tokenizer_in(folder: Path) -> jieba.Tokenizer:
    """Jieba with the table in that folder, which is made if need be; with jieba's own dictionary where it cannot be."""
    made = _Tokenizer()
    with made.get_dict_file() as file:
        digest = hashlib.blake2b(file.read(), digest_size=8).hexdigest()
    path = folder / f"jieba-{jieba.__version__}-{digest}.table"
    try:
        table = FrequencyTable(path)
    except (OSError, ValueError):
        frequencies, total = made.gen_pfdict(made.get_dict_file())
        try:
            write(path, frequencies, total)
            table = FrequencyTable(path)
        except (OSError, ValueError):
            plain = jieba.Tokenizer()
            plain.FREQ, plain.total, plain.initialized = frequencies, total, True
            return plain
    made.FREQ, made.total = table, table.total
    made.initialized = True
    return made
