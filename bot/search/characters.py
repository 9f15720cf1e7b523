"""One spelling for what a reader takes for the same character: width, case, accents, script.

In three steps, each of single characters, so that a piece of a text comes out as it does inside the text: `fold` is
what jieba knows, `unify` what single characters are compared by, `spell` what words and pairs are compared by.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from bot.dictionary import tokenizer
from bot.search.conversions import HAN_RANGES, conversions, converter, simplified

HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_RANGES)
"""The Han characters, as the inside of a regular expression's class."""

_IS_HAN = re.compile(f"[{HAN}]")
_LIMIT = 1 << 16

# One spelling for characters that the phrase tables of a conversion exchange in some words only (了解 is 瞭解, 计划
# is 計畫, 坐标 is 座標), which a conversion by single characters cannot see. A single character stays what it is, so
# that 画 alone does not find every 计划.
_PHRASES = str.maketrans(
    "瞭麼麽幺藉覆甦俱座像炼揹腭彷伕薰澂拏濬甯瑯鏚鯰菓蘗鎗燄哩唚斲苧画沈坯",
    "了么么么借复苏具坐象链背颚仿夫熏澄拿浚宁琅戚鲶果檗枪焰里吣斫苎划沉坏",
)


_SPELLED_SO: dict[str, str] = {}
for _code, _spelled in _PHRASES.items():
    _SPELLED_SO[chr(_spelled)] = _SPELLED_SO.get(chr(_spelled), "") + chr(_code)

_IN_PHRASES = re.compile(f"[{''.join(map(chr, _PHRASES))}]")

# Traditional for 干 and 咤, and yet what a Simplified paper prints in 乾隆 and 哪吒, which jieba knows only so.
_SIMPLIFIED_TOO = frozenset("乾吒")


class _Table(dict[int, str]):
    """A table for `str.translate` that works a character out when it first meets it, and keeps a bounded number.

    Attributes:
        uneven: Those of the characters met that did not become one.
    """

    def __init__(self, work_out: Callable[[str], str]) -> None:
        super().__init__()
        self._work_out = work_out
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        result = self._work_out(chr(code))
        if len(result) != 1:
            self.uneven.add(chr(code))
        if len(self) < _LIMIT:
            self[code] = result
        return result


def _folded(char: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    letters = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    folded = unicodedata.normalize("NFC", letters)
    if not _IS_HAN.search(folded) or folded in _SIMPLIFIED_TOO:
        return folded
    return conversions().simplified.get(folded, folded) if len(folded) == 1 else simplified(folded)


def _unified(char: str) -> str:
    return conversions().unified.get(char, char)


_FOLD = _Table(_folded)
_UNIFY = _Table(_unified)


def is_han(char: str) -> bool:
    """Whether a character is a Han character."""
    return _IS_HAN.match(char) is not None


def inside_number(text: str, start: int, end: int) -> bool:
    """Whether a piece of a text begins or ends between two digits."""
    return any(text[max(0, at - 1) : at].isdigit() and text[at : at + 1].isdigit() for at in (start, end))


def fold(text: str) -> str:
    """Half width, lower case, no accents, Simplified; format characters go."""
    return text.translate(_FOLD)


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place in `text` that it came from."""
    folded = fold(text)
    if _FOLD.uneven.isdisjoint(text):
        return folded, range(len(text))
    parts = [_FOLD[ord(char)] for char in text]
    return folded, [i for i, part in enumerate(parts) for _ in part]


def unify(folded: str) -> str:
    """A folded text, character for character, with the forms of all regions made one: 衞 is 卫, 著 is 着."""
    return folded.translate(_UNIFY)


_SURNAMES = frozenset("范余游于郁岳后朴种涂丑干征党")
"""Surnames that stay, though as words they are 範, 餘, 遊, 於 and so on."""

_NAME = re.compile(f"[{HAN}]{{2,4}}")
_BYLINE = re.compile(
    rf"(?:记者|通讯员|摄影|撰文|作者|编辑|责编)[:： \u3000]+(?P<names>(?:[{HAN}]{{2,4}}[ \u3000、|]*){{1,6}})"
)

# Where a name may begin with a surname that is mostly a word: 余 but not the one of 百余人, 于 first or after a title.
_TITLED = "(?:(?<=书记)|(?<=[长师员民者生士任家授手理人锋使兵农]))"
_MAYBE_NAMED = re.compile(rf"(?<![0-9０-９十百千万亿几数多])余|游|(?:{_TITLED}|(?<![{HAN}0-9０-９」』”》）)]))于")
_AFTER_TITLE = re.compile(_TITLED)
_SPEAKS = re.compile("说|介绍|表示|告诉|认为")
_RUN = re.compile(f"[{HAN}]+")

# 范 where it is no 範, which OpenCC, knowing few names, takes it for.
_FAN = re.compile("(?<![模规师示典防风轨垂就失遗洪懿仪])范(?![围例本畴式文读唱])")

# Forms that few words have, and that OpenCC, which takes the longest phrase from the left, also writes across words:
# 一箇中|國, 百年曆|史, 保護髮|生, 傳統制|造.
_SELDOM = re.compile("[曆髮併后云采箇籤製]|制(?=[造作品藥劑])")


def in_simplified(text: str) -> str:
    """A text in Simplified characters, character for character, so that places in it stay."""
    return _written("t2s", text)


def in_traditional(text: str) -> str:
    """A text in Traditional characters as Taiwan writes them, likewise; words decide (头发 is 頭髮, 发展 is 發展)."""
    whole = _written("s2tw", text)
    written = list(whole)
    for start, word in _words(_SELDOM, whole, text):
        for match in _SELDOM.finditer(whole, start, start + len(word)):
            written[match.start()] = _written("s2tw", word)[match.start() - start]
    for match in _FAN.finditer(text):
        written[match.start()] = "范"
    for byline in _BYLINE.finditer(text):
        for name in _NAME.finditer(text, *byline.span("names")):
            if name[0][0] in _SURNAMES:
                written[name.start()] = name[0][0]
    for at in _named(text):
        written[at] = text[at]
    return "".join(written)


def _named(text: str) -> Iterator[int]:
    """Where people's names begin whose surname is mostly a word: 余静, and the 游本昌 of 演员游本昌.

    A name is what jieba takes for a word and its dictionary does not have, not even its beginning (游击队).
    """
    for at, word in _words(_MAYBE_NAMED, text, text):
        if len(word) in (2, 3) and _MAYBE_NAMED.match(text, at) and not tokenizer().FREQ.get(word[:2], 0):
            around = text[max(0, at - 1) : at] + text[at + len(word) : at + len(word) + 1]
            # of two characters, many are pieces of a sentence: the 游等 of 乡村游等
            telling = len(word) == 3 or word[0] == "余" or not any(map(is_han, around))
            if telling or _AFTER_TITLE.match(text, at) or _SPEAKS.match(text, at + 2):
                yield at


def _words(form: re.Pattern[str], written: str, text: str) -> Iterator[tuple[int, str]]:
    """The words of those runs of Han characters of a text that, as written, have a form; before each, its place."""
    if not form.search(written):
        return
    for run in _RUN.finditer(text):
        at, end = run.span()
        for word in tokenizer().cut(run[0]) if form.search(written, at, end) else ():
            yield at, word
            at += len(word)


def _written(config: str, text: str) -> str:
    convert = converter(config)
    whole = convert(text)
    if len(whole) == len(text):
        return whole
    return "".join(new if len(new := convert(char)) == 1 else char for char in text)


def spell(folded: str) -> str:
    """A folded text, character for character, in the spelling of words and pairs."""
    return spell_unified(unify(folded))


def spell_unified(unified: str) -> str:
    """The same for a text that `unify` made."""
    return unified.translate(_PHRASES) if _IN_PHRASES.search(unified) else unified


def same_in_phrases(char: str) -> str:
    """The unified characters that `spell_unified` spells so, the character itself first."""
    return char + _SPELLED_SO.get(char, "")
