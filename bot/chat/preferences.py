"""What a reader can set by buttons, and what there is to choose: a table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.texts import LANGUAGES, Texts
from bot.models import Reader, Script, Sort


@dataclass(frozen=True)
class Preference:
    """One thing that a reader can set.

    Attributes:
        name: Its name in a button's data.
        field: The field of `Reader` that holds it.
        title: What it is called.
        show: How a value of it is written, whether it is among the choices or was typed.
        choices: The values by their names in a button's data.
    """

    name: str
    field: str
    title: Callable[[Texts], str]
    show: Callable[[Any, Texts], str]
    choices: dict[str, Any]

    def value(self, reader: Reader) -> Any:
        """What the reader has set."""
        return getattr(reader, self.field)

    def chosen(self, reader: Reader, choice: str) -> Reader:
        """The reader after a choice; the same one where there is no such choice."""
        return replace(reader, **{self.field: self.choices[choice]}) if choice in self.choices else reader


def _language(code: str | None, texts: Texts) -> str:
    return LANGUAGES[code].language if code else texts.as_telegram


def _sort(sort: Sort, texts: Texts) -> str:
    return {Sort.RELEVANCE: texts.by_relevance, Sort.NEWEST: texts.by_newest, Sort.OLDEST: texts.by_oldest}[sort]


def _script(script: Script, texts: Texts) -> str:
    return {Script.PRINTED: texts.as_printed, Script.HANS: texts.in_simplified, Script.HANT: texts.in_traditional}[
        script
    ]


def _zone(zone: ZoneInfo | None, texts: Texts) -> str:
    return texts.zones.get(zone.key, zone.key) if zone else texts.archive_zone


def _hours(span: tuple[time, time] | None, texts: Texts) -> str:
    return f"{span[0]:%H:%M}–{span[1]:%H:%M}" if span else texts.off


def _hour(at: time | None, texts: Texts) -> str:
    return f"{at:%H:%M}" if at else texts.off


_QUIET = ((21, 7), (22, 7), (22, 8), (23, 7), (23, 9), (0, 8))
_DIGEST = (6, 7, 8, 9, 12, 18, 20)
_ZONES = (
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Australia/Sydney",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
)

PREFERENCES = (
    Preference("lang", "language", lambda t: t.language_title, _language, {"-": None} | {x: x for x in LANGUAGES}),
    Preference("script", "script", lambda t: t.script_title, _script, {x.value: x for x in Script}),
    Preference("per", "per_screen", lambda t: t.per_screen_title, lambda n, _: str(n), {str(n): n for n in (3, 5, 8)}),
    Preference("sort", "sort", lambda t: t.sort_title, _sort, {x.value: x for x in Sort}),
    Preference(
        "quiet",
        "quiet",
        lambda t: t.quiet_title,
        _hours,
        {"-": None} | {f"{begin:02}-{end:02}": (time(begin), time(end)) for begin, end in _QUIET},
    ),
    Preference(
        "digest", "digest_at", lambda t: t.digest_title, _hour, {"-": None} | {f"{h:02}": time(h) for h in _DIGEST}
    ),
    Preference(
        "zone", "timezone", lambda t: t.zone_title, _zone, {"-": None} | {name: ZoneInfo(name) for name in _ZONES}
    ),
)
"""All of them, in the order of the screen."""


def preference(name: str) -> Preference | None:
    """The one of that name."""
    return next((one for one in PREFERENCES if one.name == name), None)
