"""The nouns of the sandbox: calls and their refusal, chats and messages."""

import collections
from typing import Any
from urllib.parse import urlsplit

Params = dict[str, Any]
"""The parameters of a call, and every object of the Bot API."""


Formatted = tuple[str, list[Params], list[str]]
"""A text, its entities, and warnings of what Telegram accepts but does not show."""


class Msg(dict[str, Any]):
    """A message as the Bot API shows it; `params` is the call that made it or last edited it."""

    params: Params

    @property
    def text(self) -> str:
        return str(self.get("text", self.get("caption", "")))

    @property
    def buttons(self) -> list[Params]:
        rows = self.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    def entity_texts(self, kind: str) -> list[str]:
        """The stretches of the text that have such an entity."""
        raw = self.text.encode("utf-16-le")
        return [
            raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.get("entities", self.get("caption_entities", []))
            if e["type"] == kind
        ]


class Chat:
    """A chat. A private one begins when its user starts the bot; in a group, `blocked` is a bot that is no member."""

    def __init__(self, number: int, kind: str, *, blocked: bool = False, **info: str) -> None:
        self.info: Params = {"id": number, "type": kind, **info}
        self.id, self.started, self.blocked = number, number < 0, blocked
        self.newest = 0  # the number of the newest message
        self.messages: dict[int, Msg] = {}
        self.events: list[Msg] = []  # what the bot sent or edited
        self.actions: list[str] = []
        self.drafts: list[str] = []
        self.sent: collections.deque[float] = collections.deque()
        self.touched = 0.0


class ApiError(Exception):
    """A call is refused, as the Bot API says it; `retry_after` in seconds."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


def bad(text: str) -> ApiError:
    """The refusal of a call that makes no sense."""
    return ApiError(400, f"Bad Request: {text}")


def utf16(text: str) -> int:
    """The length of a text in UTF-16 code units, in which entities count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_url(url: object) -> bool:
    """As Telegram sees it: a host without a dot, such as localhost, is no URL."""
    try:
        parts = urlsplit(str(url) if "://" in str(url) else f"http://{url or ''}")
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("tg", "ton") or (parts.scheme in ("http", "https") and "." in host and " " not in host)
