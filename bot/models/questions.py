"""A question, what it finds, and what is said of it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.models.paper import Article, DateSpan


class Sort(StrEnum):
    """The orders of results. Each is total: it ends in the article's id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True)
class Query:
    """What a reader asked for and which results to show. An article must meet all conditions but `words`, which rank.

    Attributes:
        text: As typed, with white space folded and the length bounded.
        sort: The order of the results.
        limit: Results shown.
        offset: Results passed over.
        until: The highest id of an article that is a result; what is stored later has a higher one. None for any.
        words: The free text; None when the whole of `text` is.
        phrases: Runs that it holds exactly.
        without: Runs that it does not hold.
        either: Groups of runs; it holds at least one of each group.
        headline: Groups of runs; its headline holds at least one of each group.
        reporters: People of whom at least one wrote it.
        pages: Page numbers, one of which is its own.
        first: The first day of its issue, included.
        last: The last day, included.
    """

    text: str
    sort: Sort = Sort.RELEVANCE
    limit: int = 5
    offset: int = 0
    until: int | None = field(default=None, kw_only=True)
    words: str | None = None
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    headline: tuple[tuple[str, ...], ...] = ()
    reporters: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None

    @property
    def ranked(self) -> str:
        """The text that ranks: the words, the phrases and the alternatives; "" for a query of conditions alone."""
        if self.words is None:
            return self.text
        either = (run for group in self.either for run in group)
        return " ".join(filter(None, (self.words, *self.phrases, *either)))


@dataclass(frozen=True)
class Hit:
    """A paragraph that matches: its place in the index and its BM25 score (above 0; larger is better)."""

    position: int
    score: float


Span = tuple[int, int]
"""Start and end of a piece of text, in code points."""


@dataclass(frozen=True)
class Passage:
    """The part of a paragraph that answers. `highlights` are spans of `excerpt`, in order, apart from each other."""

    paragraph_id: int
    text: str
    excerpt: str
    highlights: tuple[Span, ...] = ()


@dataclass(frozen=True)
class ArticleHit:
    """An article with its matching passages, the best first.

    Attributes:
        article: The article.
        score: That of its best paragraph: raised by the second stage, or BM25, or, where it is not among the best and
            comes by its day, BM25 without single characters; 0 where nothing ranks.
        passages: The passages.
    """

    article: Article
    score: float
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Results:
    """One screen of results.

    Attributes:
        query: The query as understood; its `until` is of the moment that it was asked, unless it had one.
        words: What was really looked for, in the reader's own characters.
        unknown: Those of the words of which the archive has nothing.
        total: The number of matching articles, on all screens together.
        paragraphs: The number of matching paragraphs in them.
        took_ms: The time from the question to the passages, in milliseconds.
        hits: The articles of this screen.
        partial: Whether time was up before all was looked at.
    """

    query: Query
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    total: int
    paragraphs: int
    took_ms: float
    hits: tuple[ArticleHit, ...]
    partial: bool = False


@dataclass(frozen=True)
class Proposal:
    """A query that finds something: one that was asked with a part of it exchanged or left out.

    Attributes:
        query: What to ask instead.
        articles: The number of articles that it finds.
        part: The part of the asked query that it changes, as a query of its own.
        new: What stands in its place; "" where the part is left out.
    """

    query: Query
    articles: int
    part: Query
    new: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why a query finds less than was hoped, and what finds more.

    Attributes:
        spelled: What the pinyin in the query was taken for, because nothing else was found; the results are its own.
        proposals: Other queries, the most promising first.
        outside: Whether the days that are asked for lie before or after all that the archive has.
    """

    spelled: Proposal | None = None
    proposals: tuple[Proposal, ...] = ()
    outside: bool = False


@dataclass(frozen=True)
class Related:
    """An article near to another one.

    Attributes:
        article: The article.
        alike: How much its words are those of the other one, 0 to 1.
        same_story: Whether they are so much alike that it tells the same story, on another day.
    """

    article: Article
    alike: float
    same_story: bool


class Step(StrEnum):
    """What a bar of a timeline spans, from the shortest on."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DECADE = "decade"


@dataclass(frozen=True)
class Mentions:
    """A line of a timeline: how many articles mention something.

    Attributes:
        runs: What is counted: an article that holds one of them; none for every article that meets the conditions.
        query: Finds these articles; with the days of a bar as a condition, those of the bar.
        counts: The number of articles for each bar.
    """

    runs: tuple[str, ...]
    query: Query
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Timeline:
    """Mentions over time.

    Attributes:
        query: The query as understood.
        step: What a bar spans.
        bars: The days of each bar, in order, without gaps; none when the archive has nothing of the days asked for.
        lines: What is counted, in the order of the query; none when the query names nothing to count.
        left_out: How many more the query names than a timeline has room for.
        partial: Whether time was up before all was counted.
    """

    query: Query
    step: Step
    bars: tuple[DateSpan, ...]
    lines: tuple[Mentions, ...]
    left_out: int = 0
    partial: bool = False
