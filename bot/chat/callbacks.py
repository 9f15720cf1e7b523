"""What a button carries: a text of 64 bytes at most that says all of what it does, so that it outlives a restart."""

import re
from dataclasses import dataclass
from datetime import date

from bot.models import Sort

_SORTS = {"r": Sort.RELEVANCE, "n": Sort.NEWEST, "o": Sort.OLDEST}
_LETTERS = {sort: letter for letter, sort in _SORTS.items()}
_RESULTS = re.compile(r"s:(?P<query>[\w-]{1,16}):(?P<sort>[rno]):(?P<offset>\d{1,7})", re.ASCII)
_ISSUE = re.compile(r"l:(?P<day>\d{4}-\d\d-\d\d):(?P<offset>\d{1,5})", re.ASCII)
_SETTINGS = re.compile(r"c:(?P<name>[a-z]{1,12})?(?:=(?P<choice>[\w/+.-]{1,40}))?", re.ASCII)
_UPLOAD = re.compile(
    r"u:(?P<upload>[a-z]{10}):(?P<what>s|d)(?::(?P<day>\d{4}-\d\d-\d\d)?:(?P<page>\d{1,3})?)?", re.ASCII
)
_REMOVE = re.compile(r"r:(?P<day>\d{4}-\d\d-\d\d)", re.ASCII)
_ARTICLE = re.compile(r"a:(?P<article>\d{1,12}):(?P<part>\d{1,4})(?:\|(?P<back>.+))?", re.ASCII)


@dataclass(frozen=True)
class ShowResults:
    """Show a saved query's results from `offset` on."""

    query_id: str
    sort: Sort
    offset: int

    def __str__(self) -> str:
        return f"s:{self.query_id}:{_LETTERS[self.sort]}:{self.offset}"


@dataclass(frozen=True)
class ShowIssue:
    """Show the headlines of a day from `offset` on."""

    day: date
    offset: int

    def __str__(self) -> str:
        return f"l:{self.day}:{self.offset}"


@dataclass(frozen=True)
class ShowArticle:
    """Show a part of an article (from 0), with the way back to where it was opened."""

    article_id: int
    part: int = 0
    back: ShowResults | ShowIssue | None = None

    def __str__(self) -> str:
        return f"a:{self.article_id}:{self.part}" + (f"|{self.back}" if self.back else "")


@dataclass(frozen=True)
class ShowSettings:
    """Show the settings, or the choices of the one of that name, after taking one of them where one is given."""

    name: str = ""
    choice: str = ""

    def __str__(self) -> str:
        return f"c:{self.name}" + (f"={self.choice}" if self.choice else "")


@dataclass(frozen=True)
class StoreUpload:
    """Store a file that an operator has sent, with the issue date and the page number that came with it."""

    upload_id: str
    day: date | None = None
    page: int | None = None

    def __str__(self) -> str:
        return f"u:{self.upload_id}:s:{self.day or ''}:{self.page or ''}"


@dataclass(frozen=True)
class DropUpload:
    """Delete a file that an operator has sent."""

    upload_id: str

    def __str__(self) -> str:
        return f"u:{self.upload_id}:d"


@dataclass(frozen=True)
class RemoveIssue:
    """Remove the pages of a day from the archive."""

    day: date

    def __str__(self) -> str:
        return f"r:{self.day}"


@dataclass(frozen=True)
class ForgetMe:
    """Delete all that is kept about the reader who presses."""

    def __str__(self) -> str:
        return "forget"


@dataclass(frozen=True)
class LeaveIt:
    """Do nothing after all."""

    def __str__(self) -> str:
        return "leave"


Action = (
    ShowResults | ShowIssue | ShowArticle | ShowSettings | StoreUpload | DropUpload | RemoveIssue | ForgetMe | LeaveIt
)
_PLAIN = {str(action): action for action in (ForgetMe(), LeaveIt())}


def parse(data: str) -> Action | None:
    """The action behind a button's data; None for what no button of ours carries."""
    if match := _ARTICLE.fullmatch(data):
        back = parse(match["back"]) if match["back"] else None
        if match["back"] and not isinstance(back, ShowResults | ShowIssue):
            return None
        way = back if isinstance(back, ShowResults | ShowIssue) else None
        return ShowArticle(int(match["article"]), int(match["part"]), way)
    if match := _RESULTS.fullmatch(data):
        return ShowResults(match["query"], _SORTS[match["sort"]], int(match["offset"]))
    if match := _SETTINGS.fullmatch(data):
        return ShowSettings(match["name"] or "", match["choice"] or "")
    try:
        return _dated(data)
    except ValueError:  # no such day
        return None


def _dated(data: str) -> Action | None:
    if match := _ISSUE.fullmatch(data):
        return ShowIssue(date.fromisoformat(match["day"]), int(match["offset"]))
    if match := _REMOVE.fullmatch(data):
        return RemoveIssue(date.fromisoformat(match["day"]))
    if match := _UPLOAD.fullmatch(data):
        if match["what"] == "d":
            return DropUpload(match["upload"])
        day = date.fromisoformat(match["day"]) if match["day"] else None
        return StoreUpload(match["upload"], day, int(match["page"]) if match["page"] else None)
    return _PLAIN.get(data)
