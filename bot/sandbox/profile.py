"""What a bot says of itself: its name, its descriptions, its menu of commands."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.chats import Chats
from bot.sandbox.rules import check_commands
from bot.sandbox.types import Params, bad

COMMAND_SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}
PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}

Slot = tuple[str, str, str]
"""A field, the scope as JSON, and the language; both of the latter may be everyone's."""


class Profile(Chats):
    """The methods by which a bot describes itself."""

    def __init__(self, token: str, username: str, webhook_listener: str) -> None:
        super().__init__(webhook_listener)
        self.token = token
        self.me: Params = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "新闻",
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }
        self.profile: dict[Slot, Any] = {}

    async def api_getme(self, _: Params) -> Params:
        return self.me

    def _slot(self, field: str, p: Params) -> Slot:
        language, scope = p.get("language_code", ""), p.get("scope") or {"type": "default"}
        if scope.get("type") not in COMMAND_SCOPES:
            raise bad("unsupported type specified for the bot command scope")
        if scope["type"] in ("chat", "chat_administrators", "chat_member"):
            self._chat(scope)
        if language and not re.fullmatch("[a-z]{2}", language):
            raise bad("invalid language code specified")
        return field, json.dumps(scope, sort_keys=True), language

    async def api_setmycommands(self, p: Params) -> bool:
        self.profile[self._slot("commands", p)] = check_commands(p.get("commands", []))
        self.tell("profile")
        return True

    async def api_getmycommands(self, p: Params) -> list[Params]:
        commands: list[Params] = self.profile.get(self._slot("commands", p), [])
        return commands

    async def api_deletemycommands(self, p: Params) -> bool:
        self.profile.pop(self._slot("commands", p), None)
        self.tell("profile")
        return True

    async def _set_profile(self, p: Params, field: str) -> bool:
        if len(p.get(field, "")) > PROFILE_LIMITS[field]:
            raise bad(f"bot {field.replace('_', ' ')} is too long")
        self.profile[self._slot(field, p)] = p.get(field, "")
        self.tell("profile")
        return True


def _setter(field: str) -> Callable[[Profile, Params], Awaitable[bool]]:
    return lambda self, p: self._set_profile(p, field)


for _field in PROFILE_LIMITS:
    setattr(Profile, f"api_setmy{_field.replace('_', '')}", _setter(_field))
