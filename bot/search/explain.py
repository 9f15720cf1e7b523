"""Why a query finds nothing, and what would: near names, pinyin, and the query with a part left out."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from bot.models import Coverage, Explanation, Proposal, Query, Results
from bot.search import analyzer
from bot.search.asking import tells
from bot.search.budget import spent, while_time
from bot.search.characters import spell_unified
from bot.search.engine import Engine
from bot.search.near import near, pinyin_matches
from bot.search.query import as_typed, parse_query
from bot.search.vocabulary import Vocabulary

PROPOSALS = 4
"""Queries proposed, at most."""

_TRIED = 6
"""Words tried for one, and parts of the query looked at, at most: each costs a search."""

_ALIKE = 200
"""Pairs of the same sound that are counted, at most."""

_PRINTED, _AROUND = 5, 10
"""Paragraphs that are looked at for a pair, and characters around it."""

_DAYS = 12
"""Characters of the longest days that a run of words is looked at for."""

_SIGNS = re.compile(r"^[\W_]+|[\W_]+$")

_NOTHING = Query("", words="")


@dataclass(frozen=True)
class _Part:
    """A part of a query that can be left out.

    Attributes:
        run: Its text, where another text could stand in its place; "" where none could.
        alone: The part as a query of its own.
        rest: The query with this part exchanged for a text, or, for "", without it.
    """

    run: str
    alone: Query
    rest: Callable[[str], Query]


class Explainer:
    """Searches, and explains what was not found. Any thread may use it."""

    def __init__(self, engine: Engine, patience: float | None = None) -> None:
        """An explainer of what an engine finds.

        Args:
            engine: The engine.
            patience: Seconds that a search waits for the archive's words to be collected, which is once; without them
                no near name is proposed. None: as long as it takes.
        """
        self._engine = engine
        self._vocabulary = Vocabulary(engine.archive, engine.index, patience)

    def warm_up(self) -> None:
        """Load the tables of sounds and the archive's words, which takes seconds in a large one."""
        near("北京", self._vocabulary.words())
        for rarely in (False, True):
            pinyin_matches("beijing", self._vocabulary.words(), rarely=rarely)

    def search(self, asked: Query) -> tuple[Results, Explanation]:
        """The results, and an explanation where there are none or a word is unknown.

        Pinyin is tried where nothing else is found, and never before; the results are then those of the words that it
        spells, and their `unknown` is the pinyin.
        """
        found = self._engine.search(asked)
        dated = tuple(self._dated(asked))
        if found.total:
            others = self._near(asked, found) if found.unknown else ()
            return found, Explanation(proposals=(*dated, *others)[:PROPOSALS])
        if spelled := self._spelled(asked, found):
            screen = replace(spelled.query, sort=asked.sort, limit=asked.limit, offset=asked.offset, until=asked.until)
            if (offset := asked.offset) and offset >= spelled.articles:
                screen = replace(screen, offset=0)
            return replace(self._engine.search(screen), unknown=(_run(spelled.part),)), Explanation(spelled)
        without = self._left_out(asked, found)
        near_names = self._near(asked, found) or self._read_otherwise(asked)
        proposals = (*dated, *near_names, *without)[:PROPOSALS]
        held = self._engine.archive.coverage() if asked.first or asked.last else None
        return found, Explanation(None, proposals, held is not None and _outside(asked, held))

    def _dated(self, asked: Query) -> Iterator[Proposal]:
        """The query with days that its words begin with as a condition: 上周的供热会议 was searched as text."""
        words = asked.text if asked.words is None else asked.words
        for end in range(min(len(words) - 1, _DAYS), 1, -1):
            said, rest = words[:end], words[end:]
            days = parse_query(said)
            if days.words == "" and (days.first or days.last):
                if rest[0] == "的" or not said[0].isdigit():  # 2026年全市 begins many a headline
                    dated = replace(asked, words=rest.removeprefix("的").strip(), first=days.first, last=days.last)
                    part = _Part("", replace(_NOTHING, words=said), lambda _, query=dated: query)  # type: ignore[misc]
                    yield from (replace(one, new=one.query.text) for one in self._proposed(part, [""]))
                return

    def _near(self, asked: Query, found: Results) -> tuple[Proposal, ...]:
        """The query with an unknown word, or a run that no article has, exchanged for a near one."""
        proposals: list[Proposal] = []
        for part in while_time(_tried(asked, found.unknown if found.total else found.words)):
            if len(proposals) < PROPOSALS and part.run and (found.total or not self._total(part.alone)):
                words = near(part.run, self._vocabulary.words(), _TRIED)
                if not words and len(part.run) == 2:  # of a longer one, a pair is but a piece
                    words = self._frequent(near(part.run, self._vocabulary.pairs(), _ALIKE))
                proposals += islice(self._proposed(part, words), PROPOSALS // 2)
        return tuple(proposals[:PROPOSALS])

    def _spelled(self, asked: Query, found: Results, words: int = _TRIED) -> Proposal | None:
        """The query with pinyin in it exchanged for the words that it spells; of several, the one that finds most."""
        for part in while_time((*_whole(asked), *_tried(asked, found.unknown))):
            if part.run and not self._total(part.alone):
                spelled = pinyin_matches(part.run, self._vocabulary.words(), _TRIED)
                spelled = spelled or self._frequent(pinyin_matches(part.run, self._vocabulary.pairs(), _ALIKE, 2))
                spelled = spelled or pinyin_matches(part.run, self._vocabulary.words(), _TRIED, rarely=True)
                if proposals := list(self._proposed(part, spelled)):
                    return self._all_spelled(max(proposals, key=lambda proposal: proposal.articles), found, words - 1)
        return None

    def _frequent(self, pairs: list[str]) -> list[str]:
        """Those of some pairs that are words and that most paragraphs have, the most frequent first."""
        counts = self._engine.index.document_frequencies(pairs)
        return [pair for pair in sorted(counts, key=counts.__getitem__, reverse=True)[:_TRIED] if self._is_word(pair)]

    def _is_word(self, pair: str) -> bool:
        """Whether jieba takes a pair for a word where it is printed: 算力, but not the 辈领 of 前辈领导."""
        index = self._engine.index
        for text in index.texts(index.having([pair])[:_PRINTED].tolist()).values():
            at = spell_unified(text).find(pair)
            if at >= 0 and text[at : at + 2] in analyzer.cut(text[max(0, at - _AROUND) : at + 2 + _AROUND]):
                return True
        return False

    def _all_spelled(self, one: Proposal, found: Results, words: int) -> Proposal:
        """The proposal with further pinyin exchanged, too: hongshizi jiuyuan is 红十字 救援."""
        if spent() or not words:
            return one
        rest = self._engine.search(one.query)
        if not 0 < len(rest.unknown) < len(found.unknown) or not (more := self._spelled(one.query, rest, words)):
            return one
        return replace(
            more,
            part=replace(one.part, words=f"{_run(one.part)} {_run(more.part)}"),
            new=f"{one.new} {more.new}",
        )

    def _read_otherwise(self, asked: Query) -> Iterator[Proposal]:
        """The query with an exact run as words, or with days, where it is nothing else, as an exact run."""
        whole = replace(asked, words=asked.text if asked.words is None else asked.words)
        for run in while_time(asked.phrases[:_TRIED]):
            words = f"{whole.words} {run}".strip()
            as_words = replace(whole, words=words, phrases=tuple(other for other in asked.phrases if other != run))
            part = _Part(run, _with(_NOTHING, "phrases", (run,)), lambda _, query=as_words: query)  # type: ignore[misc]
            yield from self._proposed(part, [run])
        days = replace(_NOTHING, first=asked.first, last=asked.last)
        if days != _NOTHING and as_typed(days) == as_typed(whole):
            run = as_typed(_with(_NOTHING, "phrases", (asked.text,)))
            yield from self._proposed(_Part("", days, lambda _: _with(_NOTHING, "phrases", (asked.text,))), [run])

    def _left_out(self, asked: Query, found: Results) -> Iterator[Proposal]:
        """The query without one of its parts, for each part without which something is found; the most found first."""
        parts = _tried(asked, found.words)
        proposals = (proposal for part in while_time(parts) for proposal in self._proposed(part, [""]))
        return iter(sorted(proposals, key=lambda proposal: -proposal.articles))

    def _proposed(self, part: _Part, news: Iterable[str]) -> Iterator[Proposal]:
        for new in while_time(news):
            rest = part.rest(new)
            query = parse_query(as_typed(rest))  # what a button keeps of it is its text
            if not new and query.words and not tells(query.words):
                continue  # 请介绍一下 without its subject
            if query.text and _conditions(query) == _conditions(rest) and (articles := self._total(query)):
                yield Proposal(query, articles, part.alone, new)

    def _total(self, query: Query) -> int:
        return self._engine.search(replace(query, limit=0, offset=0)).total


def _parts(asked: Query, words: Iterable[str]) -> Iterator[_Part]:
    """The parts of a query: those of its free words, and each of its conditions."""
    whole = replace(asked, words=asked.text if asked.words is None else asked.words)
    free = whole.words or ""
    for word in dict.fromkeys(words):
        if word in free:
            yield _Part(
                word,
                replace(_NOTHING, words=word),
                lambda new, word=word: replace(whole, words=_exchanged(free, word, new)),  # type: ignore[misc]
            )
    for i, group in enumerate(whole.headline):
        others = (*whole.headline[:i], *whole.headline[i + 1 :])
        yield _Part(
            group[0] if len(group) == 1 else "",
            replace(_NOTHING, headline=(group,)),
            lambda new, others=others: replace(whole, headline=(*others, *([(new,)] if new else ()))),  # type: ignore[misc]
        )
    for name in ("phrases", "reporters", "without", "either"):
        runs = getattr(whole, name)
        for i, run in enumerate(runs):

            def rest(new: str, name: str = name, before: Any = runs[:i], after: Any = runs[i + 1 :]) -> Query:
                return _with(whole, name, (*before, *((new,) if new else ()), *after))

            yield _Part(run if name in ("phrases", "reporters") else "", _with(_NOTHING, name, (run,)), rest)
    if whole.pages:
        yield _Part("", _with(_NOTHING, "pages", whole.pages), lambda _: replace(whole, pages=()))
    if whole.first or whole.last:
        days = replace(_NOTHING, first=whole.first, last=whole.last)
        yield _Part("", days, lambda _: replace(whole, first=None, last=None))


def _tried(asked: Query, words: Iterable[str]) -> list[_Part]:
    """Those that are looked at."""
    return list(islice(_parts(asked, words), _TRIED))


def _exchanged(text: str, word: str, new: str) -> str:
    """A text with a word exchanged, without the signs that joined it to others: of 剪纸-灯会, 灯会 is left."""
    at = text.index(word)
    start = text.rfind(" ", 0, at) + 1
    end = (text.find(" ", at + len(word)) + 1 or len(text) + 1) - 1
    left = text[start:at] + new + text[at + len(word) : end]
    return " ".join(f"{text[:start]}{_SIGNS.sub('', left)}{text[end:]}".split())


def _whole(asked: Query) -> Iterator[_Part]:
    """All free words as one part: pinyin may have spaces in it."""
    if words := asked.text if asked.words is None else asked.words:
        yield _Part(words, replace(_NOTHING, words=words), lambda new: replace(asked, words=new))


def _with(query: Query, name: str, value: Any) -> Query:
    return replace(query, **{name: value})


def _conditions(query: Query) -> tuple[Any, ...]:
    """What words must not become that lose their neighbours: of 昨天5 without its 5, a day.

    Exact runs are none of it, as a number alone is one.
    """
    of_text = query.without, query.either, query.headline, query.reporters
    return *of_text, query.pages, query.first, query.last


def _run(part: Query) -> str:
    return "".join((part.words or "", *part.phrases, *chain.from_iterable(part.headline), *part.reporters))


def _outside(asked: Query, held: Coverage) -> bool:
    """Whether all days that are asked for lie before the archive's first or after its last."""
    if held.first is None or held.last is None:
        return False
    return bool((asked.first and asked.first > held.last.day) or (asked.last and asked.last < held.first.day))
