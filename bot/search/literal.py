"""A query taken literally: every word of it is a condition on an article, and nothing ranks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, pairwise

from bot.models import Article, Passage, Query, Role
from bot.search import analyzer, excerpt
from bot.search.characters import fold, spell
from bot.search.query import as_typed, search_terms

_TITLES = frozenset({Role.HEADLINE, Role.SUBHEAD, Role.CROSSHEAD})


def pieces(run: str) -> list[str]:
    """The word characters of a run, between its signs, folded."""
    folded = fold(run)
    return [folded[start:end] for start, end in analyzer.run_spans(folded)]


@lru_cache(maxsize=50_000)
def spelled_pieces(run: str) -> tuple[str, ...]:
    """The pieces of a run in the spelling of pairs."""
    return tuple(spell(piece) for piece in pieces(run))


def in_order(spelled: str, wanted: tuple[str, ...]) -> bool:
    """Whether spelled pieces stand in a spelled text one behind the other, with nothing but signs between them."""
    if len(wanted) < 2:  # most are one piece
        return all(piece in spelled for piece in wanted)
    return _in_a_row(wanted).search(spelled) is not None


@lru_cache(maxsize=1_000)
def _in_a_row(wanted: tuple[str, ...]) -> re.Pattern[str]:
    joined = re.escape(wanted[0])
    for before, piece in pairwise(wanted):  # 7.5 is not in 75路
        joined += (r"[\W_]+" if before[-1].isdigit() and piece[0].isdigit() else r"[\W_]*") + re.escape(piece)
    return re.compile(joined)


def by_any(reporters: Iterable[str], names: Iterable[str]) -> bool:
    """Whether any of the names is a reporter's, in whichever script."""
    return not {spell(fold(name)) for name in names}.isdisjoint([spell(fold(name)) for name in reporters])


def literal(asked: Query) -> Query:
    """The query with its words as runs that an article must hold; what has no letter, digit or character is left out.

    The days go: what is watched for is yet to be printed.
    """
    words = (asked.text if asked.words is None else asked.words).split()
    runs = (run for run in (*words, *asked.phrases) if pieces(run))
    return replace(asked, words="", phrases=tuple(dict.fromkeys(runs)), first=None, last=None)


def positive(asked: Query) -> int:
    """How many conditions of a literal query name something that is to be there."""
    return sum(map(len, (asked.phrases, asked.either, asked.headline, asked.reporters, asked.pages)))


@lru_cache(maxsize=512)
def _spelled(article: Article) -> tuple[tuple[Role, str], ...]:
    """The paragraphs as runs are looked for in; a day's articles are looked through for one reader after the other."""
    return tuple((paragraph.role, spell(fold(paragraph.text))) for paragraph in article.paragraphs)


class Spelled:
    """An article made ready to be asked for many runs, each of which is looked for once."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._texts = _spelled(article)
        self._whole = "\n".join(text for _, text in self._texts)
        self._known: dict[tuple[str, Role | None], bool] = {}

    def holds(self, run: str, role: Role | None = None) -> bool:
        """Whether a paragraph, of that role where one is given, holds the run."""
        known = self._known.get((run, role))
        if known is None:
            wanted = spelled_pieces(run)
            known = bool(wanted) and all(piece in self._whole for piece in wanted)  # most runs are not there at all
            known = known and any(in_order(text, wanted) for is_role, text in self._texts if role in (None, is_role))
            self._known[run, role] = known
        return known


def met_by(asked: Query, spelled: Spelled) -> bool:
    """Whether an article meets all conditions of a literal query, its days aside."""
    article = spelled.article
    return (
        all(map(spelled.holds, asked.phrases))
        and not any(map(spelled.holds, asked.without))
        and all(any(map(spelled.holds, group)) for group in asked.either)
        and all(any(spelled.holds(run, Role.HEADLINE) for run in group) for group in asked.headline)
        and (not asked.reporters or by_any(article.reporters, asked.reporters))
        and (not asked.pages or article.page in asked.pages)
    )


def hits(asked: Query, spelled: Spelled) -> tuple[str, ...]:
    """The runs of a literal query that an article holds."""
    runs = (*asked.phrases, *chain.from_iterable((*asked.either, *asked.headline)))
    return tuple(run for run in dict.fromkeys(runs) if spelled.holds(run))


def best_passage(article: Article, runs: Sequence[str]) -> Passage | None:
    """The passage of the paragraph that holds the most of the runs; of the first where only the headline does."""
    texts = [paragraph for paragraph in article.paragraphs if paragraph.role not in _TITLES]
    if not texts:
        return None
    wanted = [spelled_pieces(run) for run in runs]
    best = max(texts, key=lambda p: sum(in_order(spell(fold(p.text)), run) for run in wanted))
    terms = search_terms(" ".join(runs))
    return excerpt.passage(
        best.id,
        best.text,
        question=" ".join(runs),
        terms=terms,
        weights=dict.fromkeys(terms.needles, 1.0),
        skip=len(article.source_line) if best.text.startswith(article.source_line) else 0,
    )


def narrower(asked: Query) -> list[str]:
    """Forms of a query that fewer articles meet: a word in the headline, one alternative of several."""
    words = (asked.words or "").split()
    forms = [replace(asked, words=_without(words, word), headline=(*asked.headline, (word,))) for word in words]
    forms += [
        replace(asked, phrases=(*asked.phrases, run), either=tuple(other for other in asked.either if other != group))
        for group in asked.either
        for run in group
    ]
    return [_undated(form) for form in forms]


def wider(asked: Query) -> list[str]:
    """Forms of a query that more articles meet: a word less, either of two words, an exclusion less, any place."""
    words = (asked.words or "").split()
    forms = []
    if len(words) == 2:
        forms.append(replace(asked, words="", either=(*asked.either, (words[0], words[1]))))
    for group in asked.headline:
        rest = replace(asked, headline=tuple(other for other in asked.headline if other != group))
        anywhere = {"phrases": (*asked.phrases, *group)} if len(group) == 1 else {"either": (*asked.either, group)}
        forms.append(replace(rest, **anywhere))
    forms += [replace(asked, without=tuple(other for other in asked.without if other != run)) for run in asked.without]
    forms += [replace(asked, words=_without(words, word)) for word in words]
    return [_undated(form) for form in forms if positive(literal(form))]


def _without(words: Sequence[str], word: str) -> str:
    return " ".join(other for other in words if other != word)


def _undated(asked: Query) -> str:
    return as_typed(replace(asked, first=None, last=None))
