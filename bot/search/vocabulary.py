"""The words of an archive that a reader would know for words: what may be proposed in place of another one."""

import logging
import re
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from io import StringIO
from itertools import chain
from threading import Lock

from bot.archive import Archive
from bot.dictionary import FrequencyTable, tokenizer
from bot.search.characters import fold, is_han, spell
from bot.search.matching import MatchingIndex

log = logging.getLogger(__name__)

# The surnames of one character that most people in China bear.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_LATIN = 3
"""Letters of the shortest Latin word; of two letters are the pairs that the analyzer makes of longer ones."""

_COMMON = 10
"""How often jieba's own texts have the rarest word of two characters: a rarer one is likelier two halves of others."""


class Vocabulary:
    """The words and names of an archive. Any thread may use it.

    To collect them takes a second or two where the index knows a million terms, and longer where the machine is busy or
    the dictionary is not yet loaded. Only who asks before they are there waits for it; after the index has changed, the
    words of before serve until the new ones are there.
    """

    def __init__(self, archive: Archive, index: MatchingIndex, patience: float | None = None) -> None:
        """The words of an archive and its index; who waits for them gives up after `patience` seconds, if any."""
        self._archive, self._index, self._patience = archive, index, patience
        self._words = self._pairs = ""
        self._generation = -1
        self._collecting: Future[None] | None = None
        self._lock = Lock()  # guards the four above
        self._worker = ThreadPoolExecutor(1, "vocabulary")

    def words(self) -> str:
        """All of them, one a line: the people who write, then words, by how common they are in Chinese, other names.

        Of the index's terms, many are fragments of words. Those are taken that jieba's dictionary has, those of three
        characters that jieba took for one word and that begin with a surname, and Latin words.
        """
        return self._collected()[0]

    def pairs(self) -> str:
        """The pairs of Han characters of the index that are none of the words, one a line: names, new words, fragments.

        In the spelling of pairs, and in no order: how often each is printed tells them apart.
        """
        return self._collected()[1]

    def _collected(self) -> tuple[str, str]:
        with self._lock:
            if self._index.generation != self._generation and (self._collecting is None or self._collecting.done()):
                self._collecting = self._worker.submit(self._refresh)
            collecting, first = self._collecting, self._generation < 0
        if first and collecting:
            wait([collecting], self._patience)
        with self._lock:
            return self._words, self._pairs

    def _refresh(self) -> None:
        try:
            self._collect()
        except sqlite3.ProgrammingError:
            log.info("The archive was closed while its words were collected.")
        except Exception:  # nobody may be waiting for it; the words of before serve on, and the next call tries again
            log.exception("The archive's words could not be collected.")

    def _collect(self) -> None:
        generation = self._index.generation
        frequencies = _frequencies()
        spellings = _spellings()
        words, names, pairs = list[tuple[int, str]](), list[str](), StringIO()
        for term in self._index.terms():
            word = spellings.get(term, term)
            frequency = frequencies.get(word, 0)
            if frequency >= (_COMMON if len(word) == 2 else 1) and len(word) > 1:
                words.append((-frequency, word))
            elif len(term) == 2 and is_han(term[0]) and is_han(term[1]):
                pairs.write(f"{term}\n")
            elif _is_name(term):
                names.append(term)
        words.sort()
        found = "\n".join(dict.fromkeys((*self._archive.people(), *(word for _, word in words), *names)))
        with self._lock:
            self._words, self._pairs, self._generation = found, pairs.getvalue(), generation


def _is_name(term: str) -> bool:
    """Whether a term that is in no dictionary is likely a person's name, or a word in Latin letters."""
    if len(term) == 3 and term[0] in _SURNAMES:
        return True
    return len(term) >= _LATIN and term.isascii() and term.isalpha()


def _frequencies() -> FrequencyTable | dict[str, int]:
    """How often jieba's own texts have each word; 0 for what only begins a word."""
    known: FrequencyTable | dict[str, int] = tokenizer().FREQ
    return known


@cache
def _spellings() -> dict[str, str]:
    """For each term that is no word as it is spelled, or a rarer one, the word that it stands for: 计划 and 书画."""
    frequencies = _frequencies()
    changed = "".join(char for char in set(chain.from_iterable(frequencies)) if fold(char) == char != spell(char))
    holds = re.compile(f"[{changed}]").search
    words = sorted((word for word in frequencies if holds(word)), key=frequencies.__getitem__)
    spelled = ((spell(word), word) for word in words if fold(word) == word)
    return {term: word for term, word in spelled if frequencies[word] > frequencies.get(term, 0)}
