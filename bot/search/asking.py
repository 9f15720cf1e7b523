"""What the reader meant: the words that carry the question, as terms to match and to score."""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.search import analyzer
from bot.search.characters import fold, fold_with_offsets, spell

MAX_LENGTH = 200
"""Characters of a query that are looked at; a question is shorter, and a pasted page is not a question."""

_FIRST, _LAST = r"(?<![^\W_])", r"(?![^\W_])"
"""Where a run begins and ends."""

_NEWS = "(?:新闻|报道|消息|文章|内容|情况|信息|资料)"
_ABOUT = "(?:关于|有关(?!部门|单位|方面|人员|规定))"
_SHOW = (
    "(?:(?:介绍|查询|搜索|查找|了解|解释|说明|[查搜找看说讲])一下|[查搜找看说讲聊]一[查搜找看说讲聊]|"
    "查查|找找|看看|说说|讲讲|聊聊|请教(?:一下)?)"
)

# Words that ask and do not tell. They count only where jieba begins a word: 几内亚, 哪吒 and 多伦多大学 stay whole.
_ASKING = re.compile(
    f"(?:请问一下|请问|请告诉我|麻烦问一下|有没有关于|我想了解一下|我想了解|想了解一下|告诉我|我想知道|想知道|我想问){_ABOUT}?|"
    f"(?:(?:麻烦[你您]?|请[你您]?|[你您])?(?:能不能|可不可以|能否|可否|能|可以)?)(?:帮我|帮忙|给我)(?:{_SHOW}|[查找搜看]){_ABOUT}?|"
    rf"{_FIRST}(?:[你您]好)?(?:麻烦[你您]?|请[你您]?|[你您])?(?:能不能|可不可以|能否|可否|能|可以)?(?:我?(?:想|要|想要))?{_SHOW}{_ABOUT}?|"
    rf"{_FIRST}(?:[你您]好|(?:我?(?:想|要|想要)[查找搜看]?)?{_ABOUT})|"
    rf"(?:(?:[相有]关)?的|[相有]关){_NEWS}{_LAST}|(?:都|还)?有?(?:什么|啥|哪些){_NEWS}{_LAST}|(?:谢谢[你您了啦]?|多谢)啊?{_LAST}|"
    "是哪天|是哪里|叫什么名字|名字叫什么|名字是什么|叫做什么|称为什么|叫什么|"
    "什么时候|什么时间|什么地方|什么样|为什么|为啥|是什么|什么|啥时候|啥时|啥|甚么时候|甚么|几时|何时|何地|为何|何[年种人日]|何处(?!长)|"
    "哪一?[年月天日个位部条座家所种类项本支边方面国朝届份首间块场州省市县区城层级段队派只颗艘架台]|哪几[个种部位年家]|哪[些里]|(?<!爸爸去)哪儿(?!网)|"
    "几[月号点时年天]|多少|多久|多大|多长|多高|怎么样|怎么办|怎么|怎样|如何|是谁|谁|是否|是不是|有没有|能不能|可不可以|[哪几请]|"
    rf"(?:(?<!贴)吧|(?<!饿了)么|[吗呢啊呀]){_LAST}"
)

_PARTICLES = frozenset("是的在有了会")


@dataclass(frozen=True)
class SearchTerms:
    """A question as the index sees it.

    Attributes:
        words: The pieces that carry it, as the reader typed them.
        word_clauses: For each of the words, what makes a paragraph a match of it: all the terms of any one clause.
        scored: The terms that rank a paragraph, repeated as often as they count; those of the clauses are among them.
        needles: What shows, in a paragraph, why it matches, and the terms that say how much each of them weighs.
    """

    words: tuple[str, ...]
    word_clauses: tuple[tuple[tuple[str, ...], ...], ...]
    scored: tuple[str, ...]
    needles: dict[str, tuple[str, ...]]

    @property
    def clauses(self) -> tuple[tuple[str, ...], ...]:
        """What makes a paragraph a match of the question."""
        return tuple(dict.fromkeys(clause for clauses in self.word_clauses for clause in clauses))

    @cached_property
    def spelled(self) -> tuple[str, ...]:
        """The words in the spelling of pairs."""
        return tuple(spell(fold(word)) for word in self.words)


def tells(text: str) -> bool:
    """Whether anything of a question is left when the words that ask are cut out."""
    folded = fold(text[:MAX_LENGTH])
    return bool(_carrying(folded, analyzer.asked_spans(folded)))


def search_terms(text: str) -> SearchTerms:
    """The terms of a question. A question of nothing but asking words is taken literally."""
    text = text[:MAX_LENGTH]
    folded, offsets = fold_with_offsets(text)
    runs = analyzer.asked_spans(folded)
    spans = _carrying(folded, runs) or runs
    pieces = [folded[start:end] for start, end in spans]
    clauses = [tuple(analyzer.run_clauses(piece)) for piece in pieces]
    needles = {needle: terms for piece in pieces for needle, terms in analyzer.run_needles(piece).items()}
    if not any(clauses):  # single characters alone
        clauses = [tuple((term,) for term in analyzer.asked_terms(piece)) for piece in pieces]
        needles = {term: (term,) for (clause,) in clauses for term in clause}
    return SearchTerms(
        words=tuple(text[offsets[start] : offsets[end - 1] + 1] for start, end in spans),
        word_clauses=tuple(clauses),
        scored=tuple(term for piece in pieces for term in analyzer.asked_terms(piece)),
        needles=needles,
    )


def _carrying(folded: str, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of runs that are left when the words that ask are cut out; none where these are but particles."""
    spans = [span for run in runs for span in _telling(folded, run)]
    return spans if any(folded[start:end] not in _PARTICLES for start, end in spans) else []  # 在哪里 leaves 在


def _telling(folded: str, run: tuple[int, int]) -> list[tuple[int, int]]:
    """The parts of a run that are left when the words that ask are cut out, and the 是 or 的 that led to them."""
    start, end = run
    found = [m.span() for m in _ASKING.finditer(folded, start, end)]
    if not found:
        return [run]
    ends = {start}
    for word in analyzer.cut(folded[start:end], guess=False):
        ends.add(max(ends) + len(word))
    asking = [(a, b) for a, b in found if a in ends and (b in ends or b - a > 1)]
    edges = [start, *(edge for span in asking for edge in span), end]
    parts = list(zip(edges[::2], edges[1::2], strict=True))
    for i, (a, b) in enumerate(parts):
        if i > 0 and b - a > 1 and folded[a] in _PARTICLES and a + 1 in ends:
            a += 1
        if i < len(asking) and b - a > 1 and folded[b - 1] in _PARTICLES and b - 1 in ends:
            b -= 1
        parts[i] = (a, b)
    return [(a, b) for a, b in parts if a < b]
