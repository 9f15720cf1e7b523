"""What a button carries: a text of 64 bytes at most that says all of what it does, so that it outlives a restart."""

import re
from collections.abc import Callable
from datetime import date

from bot.chat.actions import (
    LETTERS,
    Action,
    ChangeWatch,
    DropUpload,
    ExportResults,
    ForgetMe,
    LeaveIt,
    Place,
    RemoveIssue,
    SearchWithin,
    ShowAlert,
    ShowArticle,
    ShowDigest,
    ShowIssue,
    ShowMonth,
    ShowPage,
    ShowPageOf,
    ShowPassage,
    ShowRelated,
    ShowResults,
    ShowSettings,
    ShowTrend,
    ShowWatches,
    StartWatch,
    StoreUpload,
    TryWatch,
)
from bot.export import Format

MOST_BYTES = 64
"""What Telegram lets a button carry."""

_SORTS = {letter: sort for sort, letter in LETTERS.items()}

_FORMS: tuple[tuple[str, Callable[[re.Match[str], Action | None], Action]], ...] = (
    (
        r"s:([\w-]{1,16}):([rno]):(\d{1,7})(?::([0-9a-z]{1,8}))?",
        lambda m, back: ShowResults(m[1], _SORTS[m[2]], int(m[3]), back, int(m[4], 36) if m[4] else None),
    ),
    (
        r"e:([\w-]{1,16}):([rno]):(csv|json)",
        lambda m, back: ExportResults(m[1], _SORTS[m[2]], Format(m[3]), back),
    ),
    (r"l:(\d{4}-\d\d-\d\d):(\d{1,5})", lambda m, back: ShowIssue(date.fromisoformat(m[1]), int(m[2]), back)),
    (
        r"p:(\d{4}-\d\d-\d\d):(\d{1,4}):(\d{1,5})",
        lambda m, back: ShowPage(date.fromisoformat(m[1]), int(m[2]), int(m[3]), back),
    ),
    (r"o:(\d{1,12})", lambda m, back: ShowPageOf(int(m[1]), back)),
    (r"m:(\d{4}-\d\d)", lambda m, back: ShowMonth(date.fromisoformat(f"{m[1]}-01"), back)),
    (r"a:(\d{1,12}):(\d{1,4})", lambda m, back: ShowArticle(int(m[1]), int(m[2]), back)),
    (r"w:(\d{1,12}):(\d{1,12})", lambda m, back: ShowPassage(int(m[1]), int(m[2]), back)),
    (r"r:(\d{1,12})", lambda m, back: ShowRelated(int(m[1]), back)),
    (r"i:(\d{1,12}):([\w-]{1,16})", lambda m, back: SearchWithin(int(m[1]), m[2], back)),
    (r"t:([\w-]{1,16}):([pt])", lambda m, back: ShowTrend(m[1], m[2] == "p", back)),
    (r"c:([a-z]{1,12})?(?:=([\w/+.-]{1,40}))?", lambda m, back: ShowSettings(m[1] or "", m[2] or "", back)),
    (
        r"u:([a-z]{10}):s:(\d{4}-\d\d-\d\d)?:(\d{1,3})?",
        lambda m, back: StoreUpload(m[1], _day(m[2]), int(m[3]) if m[3] else None, back),
    ),
    (r"u:([a-z]{10}):d", lambda m, back: DropUpload(m[1], back)),
    (r"x:(\d{4}-\d\d-\d\d)", lambda m, back: RemoveIssue(date.fromisoformat(m[1]), back)),
    (
        r"wb:(\d{1,4}):([0-9a-z]{1,8}(?:\.[0-9a-z]{1,8}){0,4})",
        lambda m, back: ShowAlert(tuple(int(i, 36) for i in m[2].split(".")), int(m[1]), back),
    ),
    (r"wd:(\d{4}-\d\d-\d\d)", lambda m, back: ShowDigest(date.fromisoformat(m[1]), back)),
    (r"wt:([\w-]{1,16}):(\d{1,12})", lambda m, back: TryWatch(m[1], int(m[2]), back)),
    (r"ws:([\w-]{1,16}):(\d{1,12})", lambda m, back: StartWatch(m[1], int(m[2]), back)),
    (r"wl:([01])", lambda m, back: ShowWatches(m[1] == "1", back)),
    (
        r"wc:(\d{1,12}):(show|pause|resume|silent|sound|delete)",
        lambda m, back: ChangeWatch(int(m[1]), m[2], back),  # type: ignore[arg-type]  # the pattern's own words
    ),
    (r"forget", lambda m, back: ForgetMe(back)),
    (r"leave", lambda m, back: LeaveIt(back)),
)
"""How each action is written, without the way back."""

_PLACE = re.compile(r"@([\w-]{1,16})", re.ASCII)


def parse(data: str) -> Action | None:
    """The action behind a button's data; None for what no button of ours carries."""
    if len(data) > MOST_BYTES:
        return None
    head, bar, rest = data.partition("|")
    if place := _PLACE.fullmatch(head):
        return None if bar else Place(place[1])
    back = parse(rest) if bar else None
    if bar and back is None:
        return None
    for form, action in _FORMS:
        if match := re.fullmatch(form, head, re.ASCII):
            try:
                return action(match, back)
            except ValueError:  # no such day
                return None
    return None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
