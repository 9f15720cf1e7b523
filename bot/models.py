"""The nouns of the house: frozen, without behaviour, passed between its rooms."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Role(StrEnum):
    """What a printed line of an article is."""

    LABEL = "label"
    """The name of the column that the article stands in (栏目)."""
    HEADLINE = "headline"
    SUBHEAD = "subhead"
    """A kicker above the headline (引题) or a deck below it (副题)."""
    BYLINE = "byline"
    """Who wrote it, on a line of its own."""
    TEXT = "text"
    CROSSHEAD = "crosshead"
    """A small headline between paragraphs (小标题)."""
    CAPTION = "caption"
    CREDIT = "credit"
    """Who took the picture or drew the chart."""
    JUMP = "jump"
    """下转第四版: where the article goes on."""


BODY = frozenset({Role.TEXT, Role.CROSSHEAD})
"""The roles that are an article's paragraphs."""


@dataclass(frozen=True)
class Block:
    """A printed line or paragraph, whole again where the page broke it, in the page's own characters."""

    role: Role
    text: str


@dataclass(frozen=True, order=True)
class DateSpan:
    """The days from `first` to `last`, both included; a single day when they are the same."""

    first: date
    last: date


@dataclass(frozen=True)
class ParsedArticle:
    """An article as read from a page.

    Attributes:
        blocks: All that is printed of it, in reading order; every character of it is in exactly one block.
        reporters: The people called 记者, without the spaces that some papers print inside a name.
        others: The other people named: correspondents (通讯员), trainees, photographers, signatures without a title.
        source_line: The byline as printed (`本报讯(记者 高燕)`), wherever it stands; "" without one.
        goes_on: The page on which it goes on (下转第四版), as printed there: 4, "A4"; "" when it ends here.
        comes_from: The page on which it begins (上接第一版), likewise.
        dates: The days that it speaks of, when the issue date is known.
        warnings: What was uncertain in reading it, in sentences for the operator.
    """

    blocks: tuple[Block, ...]
    reporters: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    source_line: str = ""
    goes_on: str = ""
    comes_from: str = ""
    dates: tuple[DateSpan, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class IssueDate:
    """The day of an issue; `inferred` when nothing printed says so and the articles' datelines were asked."""

    day: date
    inferred: bool = False


@dataclass(frozen=True)
class ParsedPage:
    """A page as read from a file.

    `furniture` is what belongs to the page and to none of its articles; `warnings` say what of the file could be read
    only in part.
    """

    articles: tuple[ParsedArticle, ...]
    furniture: tuple[str, ...] = ()
    date: IssueDate | None = None
    number: int | None = None
    paper: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A block of a stored article. Its id is never given to another paragraph."""

    id: int
    role: Role
    text: str


@dataclass(frozen=True)
class Article:
    """A stored article with the edition and the page that it was printed on."""

    id: int
    headline: str
    subheads: tuple[str, ...]
    reporters: tuple[str, ...]
    source_line: str
    paper: str
    date: IssueDate
    page: int | None
    paragraphs: tuple[Paragraph, ...]
    others: tuple[str, ...] = ()
    dates: tuple[DateSpan, ...] = ()


class Sort(StrEnum):
    """The orders of results. Each is total: it ends in the article's id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Script(StrEnum):
    """What characters answers are written in."""

    PRINTED = "printed"
    HANS = "hans"
    HANT = "hant"


@dataclass(frozen=True)
class Reader:
    """Someone who talks to the bot, and what they have set.

    Attributes:
        id: Telegram's user id, which is the id of the private chat with that user, too.
        language: Of the interface: zh-Hans, zh-Hant or en; None for what Telegram says.
        per_screen: Results or headlines in one message.
        sort: The order of results, unless a query asks for another.
        script: What characters the paper's text is shown in.
        timezone: For the hours below and for words such as 昨天; None for the archive's.
        quiet: From when to when messages that nobody asked for wait; it may reach over midnight.
        digest_at: When the daily digest comes; None for none.
        blocked: Whether the reader has blocked the bot.
    """

    id: int
    language: str | None = None
    per_screen: int = 5
    sort: Sort = Sort.RELEVANCE
    script: Script = Script.PRINTED
    timezone: ZoneInfo | None = None
    quiet: tuple[time, time] | None = None
    digest_at: time | None = None
    blocked: bool = False


@dataclass(frozen=True)
class Watch:
    """What a reader wants to be told of when it is printed.

    Attributes:
        id: Never given to another watch.
        reader_id: Whose it is.
        text: In the query language; all of it is a condition, nothing ranks.
        since: The archive's highest article id when it began: what was there then is no news.
        paused: Whether it rests.
        silent: Whether its messages come without a sound.
        older: Matching articles that came into the archive late, and so were counted only.
    """

    id: int
    reader_id: int
    text: str
    since: int
    paused: bool = False
    silent: bool = False
    older: int = 0


@dataclass(frozen=True)
class Query:
    """What a reader asked for and which results to show. An article must meet all conditions but `words`, which rank.

    Attributes:
        text: As typed, with white space folded and the length bounded.
        sort: The order of the results.
        limit: Results shown.
        offset: Results passed over.
        words: The free text; None when the whole of `text` is.
        phrases: Runs that it holds exactly.
        without: Runs that it does not hold.
        either: Groups of runs; it holds at least one of each group.
        headline: Runs that its headline holds.
        reporters: People of whom at least one wrote it.
        pages: Page numbers, one of which is its own.
        first: The first day of its issue, included.
        last: The last day, included.
    """

    text: str
    sort: Sort = Sort.RELEVANCE
    limit: int = 5
    offset: int = 0
    words: str | None = None
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    headline: tuple[str, ...] = ()
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
    """An article with its matching passages, the best first."""

    article: Article
    score: float
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Results:
    """One screen of results.

    Attributes:
        query: The query as understood.
        words: What was really looked for, in the reader's own characters.
        unknown: Those of the words of which the archive has nothing.
        total: The number of matching articles, on all screens together.
        paragraphs: The number of matching paragraphs in them.
        took_ms: The time from the question to the passages, in milliseconds.
        hits: The articles of this screen.
    """

    query: Query
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    total: int
    paragraphs: int
    took_ms: float
    hits: tuple[ArticleHit, ...]


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
class Headline:
    """An article's headline summary."""

    article: Article
    summary: str


@dataclass(frozen=True)
class Coverage:
    """What the archive holds; `first` and `last` are None when it is empty."""

    editions: int
    pages: int
    articles: int
    paragraphs: int
    characters: int
    first: IssueDate | None = None
    last: IssueDate | None = None


@dataclass(frozen=True)
class PageSize:
    """A page that the archive has, and how many characters its articles hold."""

    paper: str
    day: date
    number: int | None
    source: str
    characters: int


@dataclass(frozen=True)
class FileReport:
    """What became of one file: `stored`, `replaced`, `unchanged`, `parsed` (a dry run) or `failed`."""

    source: str
    outcome: str
    articles: int = 0
    paragraphs: int = 0
    date: IssueDate | None = None
    page: int | None = None
    error: str = ""
    warnings: tuple[str, ...] = field(default=())


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
    """

    query: Query
    step: Step
    bars: tuple[DateSpan, ...]
    lines: tuple[Mentions, ...]
    left_out: int = 0
