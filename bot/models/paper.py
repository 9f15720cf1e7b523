"""The paper: what is read from a page, and what the archive keeps of it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.models.doubts import Note


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
        warnings: What was uncertain in reading it, for the operator.
    """

    blocks: tuple[Block, ...]
    reporters: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    source_line: str = ""
    goes_on: str = ""
    comes_from: str = ""
    dates: tuple[DateSpan, ...] = ()
    warnings: tuple[Note, ...] = ()


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
    warnings: tuple[Note, ...] = ()


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
    warnings: tuple[Note, ...] = field(default=())
