"""What a button does, as data; its text, which `bot.chat.callbacks` reads again, says all of it.

An action may name another one behind a bar: the way back. A way back that is too long for a button is kept in the
chat's memory, as a `Place`; see `bot.chat.places`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from bot.export import Format
from bot.models import Sort

LETTERS = {Sort.RELEVANCE: "r", Sort.NEWEST: "n", Sort.OLDEST: "o"}
"""How an order of results is written."""


@dataclass(frozen=True)
class Place:
    """An action that the chat's memory keeps under a short id."""

    place_id: str

    def __str__(self) -> str:
        return f"@{self.place_id}"


@dataclass(frozen=True)
class ShowResults:
    """Show a saved query's results from `offset` on, of articles up to the id `until`, so that screens do not shift.

    The way back is to the query that it refines.
    """

    query_id: str
    sort: Sort
    offset: int
    back: "Action | None" = None
    until: int | None = None

    def __str__(self) -> str:
        until = "" if self.until is None else f":{_short(self.until)}"
        return f"s:{self.query_id}:{LETTERS[self.sort]}:{self.offset}{until}{_way(self.back)}"


@dataclass(frozen=True)
class ExportResults:
    """Send all results of a saved query as a file."""

    query_id: str
    sort: Sort
    kind: Format
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"e:{self.query_id}:{LETTERS[self.sort]}:{self.kind}{_way(self.back)}"


@dataclass(frozen=True)
class ShowIssue:
    """Show the headlines of a day from `offset` on."""

    day: date
    offset: int
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"l:{self.day}:{self.offset}{_way(self.back)}"


@dataclass(frozen=True)
class ShowPage:
    """Show the headlines of a page, the `place`-th (from 0) of its day, from `offset` on."""

    day: date
    place: int
    offset: int = 0
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"p:{self.day}:{self.place}:{self.offset}{_way(self.back)}"


@dataclass(frozen=True)
class ShowPageOf:
    """Show the page that an article was printed on."""

    article_id: int
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"o:{self.article_id}{_way(self.back)}"


@dataclass(frozen=True)
class ShowMonth:
    """Show the days of a month that have an issue; `first` is its first day."""

    first: date
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"m:{self.first:%Y-%m}{_way(self.back)}"


@dataclass(frozen=True)
class ShowArticle:
    """Show a part of an article (from 0), with the way back to where it was opened."""

    article_id: int
    part: int = 0
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"a:{self.article_id}:{self.part}{_way(self.back)}"


@dataclass(frozen=True)
class ShowPassage:
    """Show a paragraph of an article with its neighbours; what matches is marked, where the way back knows a query."""

    article_id: int
    paragraph_id: int
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"w:{self.article_id}:{self.paragraph_id}{_way(self.back)}"


@dataclass(frozen=True)
class ShowRelated:
    """Show the articles that tell the same story or speak of the same things."""

    article_id: int
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"r:{self.article_id}{_way(self.back)}"


@dataclass(frozen=True)
class SearchWithin:
    """Show the passages of an article that answer a saved query."""

    article_id: int
    query_id: str
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"i:{self.article_id}:{self.query_id}{_way(self.back)}"


@dataclass(frozen=True)
class ShowTrend:
    """Show how often the words of a saved query are mentioned over time, as a picture or as text."""

    query_id: str
    picture: bool
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"t:{self.query_id}:{'p' if self.picture else 't'}{_way(self.back)}"


@dataclass(frozen=True)
class ShowSettings:
    """Show the settings, or the choices of the one of that name, after taking one of them where one is given."""

    name: str = ""
    choice: str = ""
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"c:{self.name}" + (f"={self.choice}" if self.choice else "") + _way(self.back)


@dataclass(frozen=True)
class StoreUpload:
    """Store a file that an operator has sent, with the issue date and the page number that came with it."""

    upload_id: str
    day: date | None = None
    page: int | None = None
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"u:{self.upload_id}:s:{self.day or ''}:{self.page or ''}{_way(self.back)}"


@dataclass(frozen=True)
class DropUpload:
    """Delete a file that an operator has sent."""

    upload_id: str
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"u:{self.upload_id}:d{_way(self.back)}"


@dataclass(frozen=True)
class RemoveIssue:
    """Remove the pages of a day from the archive."""

    day: date
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"x:{self.day}{_way(self.back)}"


@dataclass(frozen=True)
class ShowAlert:
    """Show again the articles that a message told of; it did not show `more` of them."""

    articles: tuple[int, ...]
    more: int = 0
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"wb:{self.more}:" + ".".join(map(_short, self.articles)) + _way(self.back)


@dataclass(frozen=True)
class ShowDigest:
    """Show again the digest of a day."""

    day: date
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"wd:{self.day}{_way(self.back)}"


@dataclass(frozen=True)
class TryWatch:
    """Rehearse a saved query as a watch, perhaps in the place of another one (0 for none)."""

    query_id: str
    instead_of: int = 0
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"wt:{self.query_id}:{self.instead_of}{_way(self.back)}"


@dataclass(frozen=True)
class StartWatch:
    """Begin to watch for a saved query, perhaps in the place of another watch (0 for none)."""

    query_id: str
    instead_of: int = 0
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"ws:{self.query_id}:{self.instead_of}{_way(self.back)}"


@dataclass(frozen=True)
class ShowWatches:
    """Show a reader's watches; with `resume`, let all of them go on first."""

    resume: bool = False
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"wl:{int(self.resume)}{_way(self.back)}"


@dataclass(frozen=True)
class ChangeWatch:
    """Bring a watch into the state that the word names, and show it: a second press changes nothing."""

    watch_id: int
    change: Literal["show", "pause", "resume", "silent", "sound", "delete"] = "show"
    back: "Action | None" = None

    def __str__(self) -> str:
        return f"wc:{self.watch_id}:{self.change}{_way(self.back)}"


@dataclass(frozen=True)
class ForgetMe:
    """Delete all that is kept about the reader who presses."""

    back: "Action | None" = None

    def __str__(self) -> str:
        return f"forget{_way(self.back)}"


@dataclass(frozen=True)
class LeaveIt:
    """Do nothing after all."""

    back: "Action | None" = None

    def __str__(self) -> str:
        return f"leave{_way(self.back)}"


Action = (
    Place
    | ShowResults
    | ExportResults
    | ShowIssue
    | ShowPage
    | ShowPageOf
    | ShowMonth
    | ShowArticle
    | ShowPassage
    | ShowRelated
    | SearchWithin
    | ShowTrend
    | ShowSettings
    | StoreUpload
    | DropUpload
    | RemoveIssue
    | ShowAlert
    | ShowDigest
    | TryWatch
    | StartWatch
    | ShowWatches
    | ChangeWatch
    | ForgetMe
    | LeaveIt
)


def _way(back: Action | None) -> str:
    return f"|{back}" if back else ""


def _short(number: int) -> str:
    return np.base_repr(number, 36).lower()
