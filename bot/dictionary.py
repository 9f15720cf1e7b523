"""The dictionary of Chinese words, one for the whole process: the parser and the search cut by the same one.

It is jieba's own as a file that is looked up where it lies: no second of loading, no hundred megabytes.

The file is a hash table with open addresses, made once from jieba's own dictionary: slots (the number of a word plus
one, or 0); for each word where it begins, where the characters begin that lead on from it to a longer word or the
beginning of one, and its frequency; then the words and those characters in UTF-8. A word is found only where it stands
there letter for letter, so the table answers as jieba's own does.
"""

import hashlib
import logging
import mmap
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from math import log
from pathlib import Path
from typing import NamedTuple, overload
from zlib import crc32

import numpy as np

from bot import kept

if "pkg_resources" not in sys.modules:  # jieba does without it, and to import it takes a quarter of a second
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    import jieba

    del sys.modules["pkg_resources"]
else:
    import jieba

_MAGIC = b"newsbot jieba 2\n"
_MEMO = 1 << 16  # words kept at hand
_NEVER = float("-inf")
_HAN = re.compile("[\u4e00-\u9fd5]+").fullmatch  # those that jieba cuts


class Entry(NamedTuple):
    """A word, or the beginning of one, or neither.

    Attributes:
        weight: The logarithm of how likely the word is; None where it is none.
        following: The characters that go on with it to another entry.
    """

    weight: float | None
    following: str


class _Memo(dict[str, Entry]):
    """The entries that were looked up before, a bounded number, at hand without a call."""

    def __init__(self, look_up: Callable[[str], Entry]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, word: str) -> Entry:
        found = self._look_up(word)
        if len(self) >= _MEMO:
            self.clear()
        self[word] = found
        return found


class FrequencyTable:
    """What jieba asks of its dictionary: the frequency of a word, 0 for the beginning of one, and what leads on."""

    def __init__(self, path: Path) -> None:
        """Open a file that `write` made.

        Raises:
            OSError: It cannot be read.
            ValueError: It is not such a file, or not all of it.
        """
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[: len(_MAGIC)] != _MAGIC or len(self._bytes) < len(_MAGIC) + 40:
            raise ValueError(f"{path} is not a dictionary")
        sizes = np.frombuffer(self._bytes, np.uint64, 5, len(_MAGIC)).tolist()
        self.total, slots, words, letters, following = sizes
        start = len(_MAGIC) + 40
        self._letters = start + 4 * (slots + 3 * words + 2)
        self._characters = self._letters + letters
        if slots & (slots - 1) or len(self._bytes) != self._characters + following:
            raise ValueError(f"{path} is cut short")
        numbers = memoryview(self._bytes)[start : self._letters].cast("I")
        self._slots, numbers = numbers[:slots], numbers[slots:]
        self._starts, numbers = numbers[: words + 1], numbers[words + 1 :]
        self._following, self._frequencies = numbers[: words + 1], numbers[words + 1 :]
        self._mask = slots - 1
        self.log_total = log(self.total)
        self.entries: Mapping[str, Entry] = _Memo(self._entry)
        """The entry of each word, without a weight and without what follows where there is none."""

    @overload
    def get(self, word: str) -> int | None: ...
    @overload
    def get(self, word: str, default: int) -> int: ...
    def get(self, word: str, default: int | None = None) -> int | None:
        """The word's frequency; the default without one."""
        number = self._number(word)
        return default if number is None else int(self._frequencies[number])

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

    def _entry(self, word: str) -> Entry:
        number = self._number(word)
        if number is None:
            return Entry(None, "")
        frequency = self._frequencies[number]
        start, end = self._following[number : number + 2]
        characters = self._bytes[self._characters + start : self._characters + end].decode()
        return Entry(log(frequency) - self.log_total if frequency else None, characters)

    def _number(self, text: str) -> int | None:
        word = text.encode()
        slot = crc32(word) & self._mask
        while number := self._slots[slot]:
            start = self._letters + self._starts[number - 1]
            if self._bytes[start : self._letters + self._starts[number]] == word:
                return int(number) - 1
            slot = (slot + 1) & self._mask
        return None


def write(path: Path, frequencies: Mapping[str, int], total: int) -> None:
    """Make a file for `FrequencyTable`; whoever opens the path sees all of it, or what was there before.

    Raises:
        OSError: It cannot be written.
    """
    words = [text.encode() for text in frequencies]
    size = 1 << (2 * len(words)).bit_length()
    slots = [0] * size
    for number, encoded in enumerate(words, 1):
        slot = crc32(encoded) & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = number
    goes_on: dict[str, list[str]] = {word: [] for word in frequencies}
    for word in frequencies:
        if len(word) > 1:  # its beginnings are there, too
            goes_on[word[:-1]].append(word[-1])
    following = ["".join(characters).encode() for characters in goes_on.values()]
    starts, starts_following = (np.cumsum([0, *map(len, texts)]) for texts in (words, following))
    sizes = [total, size, len(words), int(starts[-1]), int(starts_following[-1])]
    numbers = np.array([*slots, *starts, *starts_following, *frequencies.values()], np.uint32)
    kept.write(path, b"".join([_MAGIC, np.array(sizes, np.uint64).tobytes(), numbers.tobytes(), *words, *following]))


class _Tokenizer(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
    """Jieba's own, which goes through a run of Han characters in one loop, and looks up each piece of it once."""

    def cut(self, sentence: str, cut_all: bool = False, HMM: bool = True, use_paddle: bool = False) -> Iterator[str]:  # noqa: N803  # jieba's names
        """The words, as jieba cuts them."""
        if cut_all or not _HAN(sentence):
            found: Iterator[str] = super().cut(sentence, cut_all, HMM, use_paddle)
            return found
        return iter(self._words(sentence, guess=HMM))

    def _words(self, run: str, *, guess: bool) -> list[str]:
        ends = self._likeliest(run)
        words: list[str] = []
        start = alone = 0  # the latter is where characters begin of which each is a word
        while start < len(run):
            end = ends[start]
            if end > start + 1:
                if alone < start:
                    words += self._put_together(run[alone:start], guess)
                words.append(run[start:end])
                alone = end
            start = end
        if alone < start:
            words += self._put_together(run[alone:], guess)
        return words

    def _likeliest(self, run: str) -> list[int]:
        """For each place in a run, where the word ends that begins there on the likeliest way through what follows."""
        entries, size = self.FREQ.entries, len(run)
        likely, ends = [0.0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            end = best_end = start + 1
            weight, following = entries[run[start]]
            best = _NEVER if weight is None else weight + likely[end]
            while end < size and run[end] in following:
                end += 1
                weight, following = entries[run[start:end]]
                if weight is not None and weight + likely[end] >= best:  # of ways as likely, the longer word
                    best, best_end = weight + likely[end], end
            if best == _NEVER:  # as if it were there once
                best = likely[end] - self.FREQ.log_total
            likely[start], ends[start] = best, best_end
        return ends

    def _put_together(self, characters: str, guess: bool) -> Iterable[str]:
        """The words of characters that the dictionary has no longer word for."""
        if not guess or len(characters) < 2 or self.FREQ.get(characters):
            return characters
        return _guessed(characters)


@lru_cache(1 << 13)
def _guessed(characters: str) -> tuple[str, ...]:
    """The words that jieba's hidden Markov model takes them for; function words stand side by side again and again."""
    return tuple(jieba.finalseg.cut(characters))


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
