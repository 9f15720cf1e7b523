"""What a button carries: a text of 64 bytes at most that says all of what it does, so that it outlives a restart."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from bot.models import Sort

_SORTS = {"r": Sort.RELEVANCE, "n": Sort.NEWEST, "o": Sort.OLDEST}
_LETTERS = {sort: letter for letter, sort in _SORTS.items()}
_RESULTS = re.compile(r"s:(?P<query>[\w-]{1,16}):(?P<sort>[rno]):(?P<offset>\d{1,7})", re.ASCII)
_ISSUE = re.compile(r"l:(?P<day>\d{4}-\d\d-\d\d):(?P<offset>\d{1,5})", re.ASCII)
_ARTICLE = re.compile(r"a:(?P<article>\d{1,12}):(?P<part>\d{1,4})(?:\|(?P<back>.+))?", re.ASCII)
_ALERT = re.compile(r"wb:(?P<more>\d{1,4}):(?P<articles>[0-9a-z]{1,8}(?:\.[0-9a-z]{1,8}){0,4})", re.ASCII)
_REHEARSAL = re.compile(r"w(?P<kind>[ts]):(?P<query>[\w-]{1,16}):(?P<watch>\d{1,12})", re.ASCII)
_CHANGE = re.compile(r"wc:(?P<watch>\d{1,12}):(?P<change>show|pause|resume|silent|sound|delete)", re.ASCII)


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
    back: "Back | None" = None

    def __str__(self) -> str:
        return f"a:{self.article_id}:{self.part}" + (f"|{self.back}" if self.back else "")


@dataclass(frozen=True)
class ShowAlert:
    """Show again the articles that a message told of; it did not show `more` of them."""

    articles: tuple[int, ...]
    more: int = 0

    def __str__(self) -> str:
        return f"wb:{self.more}:" + ".".join(np.base_repr(i, 36).lower() for i in self.articles)


@dataclass(frozen=True)
class TryWatch:
    """Rehearse a saved query as a watch, perhaps in the place of another one (0 for none)."""

    query_id: str
    instead_of: int = 0

    def __str__(self) -> str:
        return f"wt:{self.query_id}:{self.instead_of}"


@dataclass(frozen=True)
class StartWatch:
    """Begin to watch for a saved query, perhaps in the place of another watch (0 for none)."""

    query_id: str
    instead_of: int = 0

    def __str__(self) -> str:
        return f"ws:{self.query_id}:{self.instead_of}"


@dataclass(frozen=True)
class ShowWatches:
    """Show a reader's watches; with `resume`, let all of them go on first."""

    resume: bool = False

    def __str__(self) -> str:
        return f"wl:{int(self.resume)}"


@dataclass(frozen=True)
class ChangeWatch:
    """Bring a watch into the state that the letter names, and show it: a second press changes nothing."""

    watch_id: int
    change: Literal["show", "pause", "resume", "silent", "sound", "delete"] = "show"

    def __str__(self) -> str:
        return f"wc:{self.watch_id}:{self.change}"


Back = ShowResults | ShowIssue | ShowAlert
Action = ShowResults | ShowIssue | ShowArticle | ShowAlert | TryWatch | StartWatch | ShowWatches | ChangeWatch


def parse(data: str) -> Action | None:
    """The action behind a button's data; None for what no button of ours carries."""
    if match := _ARTICLE.fullmatch(data):
        back = parse(match["back"]) if match["back"] else None
        if back is not None and not isinstance(back, Back):
            return None
        if back is None and match["back"]:
            return None
        return ShowArticle(int(match["article"]), int(match["part"]), back)
    if match := _RESULTS.fullmatch(data):
        return ShowResults(match["query"], _SORTS[match["sort"]], int(match["offset"]))
    if match := _ISSUE.fullmatch(data):
        try:
            return ShowIssue(date.fromisoformat(match["day"]), int(match["offset"]))
        except ValueError:
            return None
    return _watching(data)


def _watching(data: str) -> Action | None:
    if match := _ALERT.fullmatch(data):
        return ShowAlert(tuple(int(i, 36) for i in match["articles"].split(".")), int(match["more"]))
    if match := _REHEARSAL.fullmatch(data):
        action = TryWatch if match["kind"] == "t" else StartWatch
        return action(match["query"], int(match["watch"]))
    if match := _CHANGE.fullmatch(data):
        return ChangeWatch(int(match["watch"]), match["change"])  # type: ignore[arg-type]  # the pattern's own words
    return {"wl:0": ShowWatches(), "wl:1": ShowWatches(resume=True)}.get(data)
