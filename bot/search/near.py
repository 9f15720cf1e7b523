"""Names near to one that nothing was found for: a slip of the hand, a homophone, or pinyin in Latin letters."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import import_module
from itertools import islice

from bot.search.characters import HAN, fold, is_han

_ALIKE = 0.25
"""What a character of the same sound costs, where any other costs 1."""

_LONGEST = 20
"""Characters of the longest word that is compared; longer ones are no names."""

_SPELLINGS = 8
"""Ways to part Latin letters into syllables that are tried; xianxian has four."""

# Of these, readings that sound different are common: in jieba's texts, as pypinyin's phrases read them, a fiftieth of
# all; and surnames and names, 单 and 晟. Of any other, what follows the first in the table is read by hardly anyone:
# 台 as yi, 搜 as shao, 不 as fou.
_OFTEN_OTHERWISE = frozenset(
    "行长重没了调传参觉校着模落乐便朝弹血省率差的降都角还给藏露恶秘佛阿迫曾脉著泊纤尾塞薄削臂畜辟剥宿仔绿埋拓弄勒朴屏"
    "堡咽柏壳寻氏卡吁厦颤臭巷谷尉禅卜陂刹颈龟碌殷膀卒粘杉俩爪伺稽吓椎匙抹钥蔓裳吭蕃铅叨傀咯嚼伽曝扁兹谁辗攒拗涡蛤牟贾"
    "溺茄肋莞藉蹊虾栅糜烙蚌纶喳扒娜呢沓埔呱腌偻潦艾磅褪蔚粥缪刨柞铤龈囤纥嗒啜轧裨骠柚熨铛诘咋趄漯桔靓膻贲隽荤噱"
    "单查仇解区翟盖覃莘晟茜六"
)

_TONES = str.maketrans(
    {
        tone: plain
        for plain, tones in zip("aeiouü", ["āáǎà", "ēéěè", "īíǐì", "ōóǒò", "ūúǔù", "ǖǘǚǜ"], strict=True)
        for tone in tones
    }
    | {"ń": "n", "ň": "n", "ǹ": "n", "ḿ": "m", "\u0300": "", "\u0304": "", "\u030c": "", "ê": "e", "ế": "e", "ề": "e"}
)


def near(word: str, vocabulary: str, limit: int = 3) -> list[str]:
    """The words of a vocabulary that may have been meant, the nearest first; equally near ones in their given order.

    Near is one character more, less or other, the rest being the same or of the same sound, and in a word of two
    characters only the same sound: 红十子 is near to 红十字, and 高艳 to 高燕. What many take for one sound is one: zh
    and z, ch and c, sh and s, ng and n.

    Args:
        word: Of 2 to 20 characters; to any other nothing is near.
        vocabulary: Words, one a line, best the more frequent ones first.
        limit: Words returned, at most.
    """
    word = fold(word)
    if not 2 <= len(word) <= _LONGEST:
        return []
    classes = [_alike(char) for char in word]
    half, size = len(word) // 2, len(word)
    if size == 2:
        pattern = "".join(classes)
    else:  # one difference leaves one half as it is
        left, right = "".join(classes[:half]), "".join(classes[half:])
        free = size - half
        pattern = f"{left}.{{{free - 1},{free + 1}}}|.{{{half - 1},{half + 1}}}{right}"
    costs = ((_cost(word, found), found) for found in dict.fromkeys(_matching(pattern, vocabulary)))
    ranked = sorted((pair for pair in costs if 0 < pair[0] <= min(size / 3, 1.5)), key=lambda pair: pair[0])
    return [found for _, found in ranked[:limit]]


def pinyin_matches(
    latin: str, vocabulary: str, limit: int = 10, longest: int = _LONGEST, *, rarely: bool = False
) -> list[str]:
    """The words of a vocabulary that are spelled so: hongshizi, hóng shí zì, hsz, 红shizi for 红十字, lv or lü for 绿.

    Args:
        latin: Pinyin without tones, or the first letters of 2 to 20 syllables; spaces and apostrophes part syllables.
            Characters may stand among them, which an input method had not yet made of all.
        vocabulary: Words, one a line, best the more frequent ones first.
        limit: Words returned, at most: those spelled in full before those spelled by their first letters.
        longest: Characters of the vocabulary's longest word that is looked for.
        rarely: Whether readings count that are rare, too: 大夫 as daifu, but also 掌控 as zhangqiang.
    """
    characters = _characters(rarely)
    latin = latin.lower().translate(_TONES).replace("ü", "v")
    parts = [fold(part) for part in re.findall(f"[a-z]+|[{HAN}]", latin)]
    letters = "".join(parts)
    if (
        re.search(rf"[^a-z{HAN}\s'’·-]", latin)
        or not 2 <= len(letters) <= 6 * _LONGEST
        or not re.search("[a-z]", letters)
    ):
        return []
    spellings: list[tuple[str, ...]] = [()]
    for part in parts:
        ways = [(part,)] if is_han(part) else _syllables(part, characters)
        spellings = [(*before, *more) for before in spellings for more in ways][:_SPELLINGS]
    sizes = [size for size in dict.fromkeys(map(len, spellings)) if size <= longest]
    full = [_spelled_so(spelling, characters) for spelling in spellings if len(spelling) <= longest]
    found = sorted(_matching("|".join(full), vocabulary), key=lambda word: sizes.index(len(word))) if full else []
    first_letters = all(is_han(letter) or letter in characters for letter in letters)
    if len(set(found)) < limit and 2 <= len(letters) <= longest and first_letters:
        found += _matching(_spelled_so(letters, characters), vocabulary)
    return list(dict.fromkeys(found))[:limit]


def _spelled_so(parts: Iterable[str], characters: Mapping[str, str]) -> str:
    """A regular expression for Han characters and those that have a syllable, or a first letter."""
    return "".join(part if is_han(part) else characters[part] for part in parts)


def _matching(pattern: str, vocabulary: str) -> Iterator[str]:
    """The words that a pattern matches whole. One search in one text is much faster than one for each word."""
    return (match[0] for match in re.finditer(f"^(?:{pattern})$", vocabulary, re.MULTILINE))


def _syllables(letters: str, known: Container[str]) -> list[tuple[str, ...]]:
    """The ways to part letters into known syllables, those of the fewest first."""
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            syllable = letters[start:end]
            if syllable in known and (len(syllable) > 1 or syllable in "aeo"):
                ways[end] += [(*way, syllable) for way in ways[start]]
        ways[end] = sorted(ways[end], key=len)[:_SPELLINGS]
    return ways[-1]


def _cost(word: str, found: str) -> float:
    """The edits between two words, each 1, but a character of the same sound _ALIKE."""
    other = fold(found)
    above = [float(j) for j in range(len(other) + 1)]
    for i, char in enumerate(word, 1):
        row = [float(i)]
        for j, its in enumerate(other, 1):
            change = 0 if char == its else _ALIKE if _sounds(char) & _sounds(its) else 1
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + change))
        above = row
    return above[-1]


@cache
def _table() -> dict[int, str]:
    """The readings of each character, by its code, with tones and commas between them."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # its own switch: 44 MB of phrases stay out of memory
    table: dict[int, str] = import_module("pypinyin.pinyin_dict").pinyin_dict  # late: it takes a third of a second
    return table


@cache
def _characters(rarely: bool) -> dict[str, str]:
    """For each syllable, and for each first letter, its characters as a class of a regular expression."""

    def parts(char: str) -> set[str]:
        syllables = dict.fromkeys(_read(_reading(char)))
        return {part for read in islice(syllables, None if rarely else _common(char)) for part in (read, read[0])}

    return {syllable: f"[{characters}]" for syllable, characters in _by(parts).items()}


@cache
def _by_sound() -> dict[str, str]:
    return _by(_sounds)


def _by(parts: Callable[[str], Iterable[str]]) -> dict[str, str]:
    """The characters that have a part, for each of the parts of any."""
    by_part = defaultdict[str, list[str]](list)
    for code in _table():
        if is_han(char := chr(code)):
            for part in parts(char):
                by_part[part].append(char)
    return {part: "".join(characters) for part, characters in by_part.items()}


def _alike(char: str) -> str:
    """The characters that sound like one, as a class of a regular expression."""
    sounds = _sounds(char)
    return f"[{''.join(_by_sound()[sound] for sound in sounds)}]" if sounds else f"(?i:{re.escape(char)})"


@lru_cache(1 << 13)
def _sounds(char: str) -> frozenset[str]:
    """A character's common syllables in the spelling of those who do not tell zh from z or ng from n."""
    return _heard(_reading(char), _common(char))


@lru_cache(1 << 14)  # of all characters, which have some 9,000 readings
def _heard(reading: str, most: int) -> frozenset[str]:
    heard = dict.fromkeys(re.sub("(?<=^[zcs])h|(?<=n)g$", "", syllable) for syllable in _read(reading))
    return frozenset(islice(heard, most))


def _common(char: str) -> int:
    """How many of a character's readings count, of those that sound different."""
    return 3 if char in _OFTEN_OTHERWISE else 1


def _reading(char: str) -> str:
    return _table().get(ord(char), "") if is_han(char) else ""


def _read(reading: str) -> list[str]:
    """The syllables of a reading, without tones."""
    return [syllable.translate(_TONES).replace("ü", "v") for syllable in reading.split(",") if syllable]
