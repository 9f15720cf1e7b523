"""Those who read, and what they have set."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.models.questions import Sort


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
