"""The Bot API side of the sandbox: an HTTP server on 127.0.0.1 with the methods that a text bot calls."""

import asyncio
import collections
import mimetypes
import time
from pathlib import PurePath
from typing import Any, Self
from urllib.parse import urlsplit

from tornado.httputil import HTTPFile

from bot.sandbox.http import ADDRESS, Fault, decoded, listen, refusal
from bot.sandbox.profile import Profile
from bot.sandbox.rules import (
    CHAT_ACTIONS,
    COMPARED,
    NOT_MODIFIED,
    TOO_OLD,
    UPLOAD_LIMITS,
    check_inline_answer,
    check_markup,
    check_photo,
    formatted,
)
from bot.sandbox.types import ApiError, Chat, Msg, Params, bad, is_url

_DELETABLE = 48 * 3600
"""Seconds after which Telegram lets a bot delete no message any more."""


class BotApi(Profile):
    """The Bot API of one bot, and the chats that it is told of."""

    group_privacy = True
    query_ttl = 15.0  # seconds in which a callback or inline query can be answered

    def __init__(
        self,
        token: str = "123456:TEST-token_for_fake",
        username: str = "fake_news_bot",
        webhook_listener: str = "",
        port: int = 0,
    ) -> None:
        super().__init__(token, username, webhook_listener)
        self.port, self.routes = port, list[Any]()
        self.files: dict[str, tuple[str, bytes]] = {}  # by file id: the path, as getFile tells it, and the bytes
        self.queries: dict[str, Params] = {}
        self.inline_messages: dict[str, Msg] = {}
        self.calls: list[tuple[str, Params]] = []
        self.errors: list[tuple[str, str, Params]] = []
        self.warnings: list[str] = []
        self.faults: collections.defaultdict[str, list[Fault]] = collections.defaultdict(list)

    async def __aenter__(self) -> Self:
        self.http, self.port = listen(self, self.port, self.routes)
        self.deliverer = asyncio.create_task(self.deliver())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.deliverer.cancel()
        self.http.stop()
        await self.http.close_all_connections()

    @property
    def base_url(self) -> str:
        """What the bot needs as TELEGRAM_API_BASE_URL."""
        return f"http://{ADDRESS}:{self.port}/bot"

    def next_fault(self, method: str) -> Fault | None:
        """What the next call of a method has to suffer."""
        waiting = self.faults[method.lower()]
        return waiting.pop(0) if waiting else None

    async def call(self, token: str, name: str, fields: Params) -> tuple[int, Params]:
        """Carry out a call; returns the status and the body of its answer."""
        params = {}
        try:
            if token != self.token:
                raise ApiError(401, "Unauthorized")
            params = decoded(fields)
            if name.lower() != "getupdates":
                self.calls.append((name, params))
            method = getattr(self, "api_" + name.lower(), None)
            if not method:
                raise ApiError(404, "Not Found: method not found")
            return 200, {"ok": True, "result": await method(params)}
        except ApiError as error:
            self.errors.append((name, error.description, params))
            return refusal(error)

    # ---- messages --------------------------------------------------------------------------------------------------

    def content(self, p: Params, key: str, limit: int) -> Params:
        """The text or caption of a call, and its entities, as fields of a message."""
        text, entities, warnings = formatted(p, key, limit)
        self.warnings += warnings
        name = "caption_entities" if key == "caption" else "entities"
        return ({key: text} if text else {}) | ({name: entities} if entities else {})

    def add_message(self, chat: Chat, sender: Params, **fields: Any) -> Msg:
        """Put a new message into a chat."""
        chat.newest += 1  # a deleted message's number is not given again
        message = Msg(message_id=chat.newest, date=int(time.time()), chat=chat.info, **{"from": sender}, **fields)
        chat.messages[chat.newest] = message
        self.tell("message", chat=chat, message=message)
        return message

    def _record(self, chat: Chat | None, message: Msg, params: Params) -> Msg:
        message.params = params
        if chat:
            chat.events.append(message)
            chat.touched = time.monotonic()
        return message

    def _post(self, p: Params, content: Params) -> Msg:
        markup = check_markup(p.get("reply_markup"))
        chat = self._chat_to_write(p)
        if reply := p.get("reply_parameters"):
            if original := chat.messages.get(int(reply["message_id"])):
                content["reply_to_message"] = {k: v for k, v in original.items() if k != "reply_to_message"}
            elif not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
        return self._record(chat, self.add_message(chat, self.me, **content, **markup), p)

    def _edit(self, p: Params, content: Params, kind: str) -> Msg | bool:
        chat = None if p.get("inline_message_id") else self._chat_to_write(p)
        message = (
            chat.messages.get(int(p.get("message_id", 0))) if chat else self.inline_messages.get(p["inline_message_id"])
        )
        if message is None:
            raise bad("message to edit not found")
        if message["from"] != self.me and not message.get("via_bot"):
            raise bad("message can't be edited")
        if kind == "text" and "text" not in message:
            raise bad("there is no text in the message to edit")
        new, fields = content | check_markup(p.get("reply_markup")), (*COMPARED[kind], "reply_markup")
        if all(message.get(k) == new.get(k) for k in fields):
            raise bad(NOT_MODIFIED)
        for key in fields:
            message.pop(key, None)
        message.update(new, edit_date=int(time.time()))
        self.tell("message", chat=chat, message=message)
        return self._record(chat, message, p) if chat else bool(self._record(chat, message, p))

    async def api_sendmessage(self, p: Params) -> Msg:
        return self._post(p, self.content(p, "text", 4096))

    async def api_editmessagetext(self, p: Params) -> Msg | bool:
        return self._edit(p, self.content(p, "text", 4096), "text")

    async def api_editmessagecaption(self, p: Params) -> Msg | bool:
        return self._edit(p, self.content(p, "caption", 1024), "caption")

    async def api_editmessagereplymarkup(self, p: Params) -> Msg | bool:
        return self._edit(p, {}, "markup")

    async def api_deletemessage(self, p: Params) -> bool:
        chat, number = self._chat(p), int(p.get("message_id", 0))
        if number not in chat.messages:
            raise bad("message to delete not found")
        if chat.messages[number]["date"] < time.time() - _DELETABLE:
            raise bad("message can't be deleted for everyone")
        message = chat.messages.pop(number)
        self.tell("deleted", chat=chat, message=message)
        return True

    async def api_sendchataction(self, p: Params) -> bool:
        if p.get("action") not in CHAT_ACTIONS:
            raise bad("wrong parameter action in request")
        chat = self._chat(p)
        chat.actions.append(p["action"])
        self.tell("action", chat=chat, action=p["action"])
        return True

    async def api_sendmessagedraft(self, p: Params) -> bool:
        chat = self._chat(p)
        if chat.id < 0 or not int(p.get("draft_id", 0)):
            raise bad("TEXTDRAFT_PEER_INVALID" if chat.id < 0 else "RANDOM_ID_INVALID")
        chat.drafts.append(formatted(p, "text", 4096, required=False)[0])
        return True

    async def api_setmessagereaction(self, p: Params) -> bool:
        if int(p.get("message_id", 0)) not in self._chat(p).messages:
            raise bad("message to react not found")
        return True

    # ---- files -----------------------------------------------------------------------------------------------------

    def store(self, name: str, data: bytes, folder: str) -> Params:
        """Keep a file; returns the Document that names it."""
        self.counter += 1
        file_id = f"FILE{self.counter}"
        self.files[file_id] = f"{folder}/file_{self.counter}{PurePath(name).suffix}", data
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return {
            "file_id": file_id,
            "file_unique_id": f"U{file_id}",
            "file_name": name,
            "mime_type": kind,
            "file_size": len(data),
        }

    def _media(self, p: Params, kind: str, value: Any) -> Params:
        """A file, uploaded or named, with the caption that `p` gives it, as fields of a message."""
        size = {"width": 90, "height": 90, **({} if kind == "photo" else {"duration": 1})}
        if isinstance(value, HTTPFile):
            data = value.body
            if not data or len(data) > UPLOAD_LIMITS[kind]:
                raise ApiError(413, "Request Entity Too Large") if data else bad("file must be non-empty")
            if kind == "photo":
                size = dict(zip(("width", "height"), check_photo(data), strict=True))
            info = self.store(value.filename, data, kind + "s")
        elif value in self.files:
            info = {"file_id": value, "file_unique_id": f"U{value}", "file_size": len(self.files[value][1])}
        elif is_url(value):
            info = self.store(PurePath(urlsplit(str(value)).path).name, b"fetched by Telegram", kind + "s")
        else:
            raise bad("wrong remote file identifier specified" if value else f"there is no {kind} in the request")
        shown = info if kind == "document" else info | size
        media = {kind: [shown] if kind == "photo" else shown}
        return media | self.content(p, "caption", 1024)

    async def _send_media(self, p: Params, kind: str) -> Msg:
        return self._post(p, self._media(p, kind, p.get(kind)))

    async def api_editmessagemedia(self, p: Params) -> Msg | bool:
        media = p.get("media")
        if not isinstance(media, dict):
            raise bad("can't parse InputMedia: expected an Object" if media else 'parameter "media" is required')
        kind, value = media.get("type", ""), media.get("media") or ""
        if kind not in UPLOAD_LIMITS:
            raise bad(f'can\'t parse InputMedia: type "{kind}" is unsupported')
        if value.startswith("attach://"):
            value = p.get(value.removeprefix("attach://"))
        if not value:
            raise bad("can't parse InputMedia: media not found")
        return self._edit(p, self._media(media, kind, value), "media")

    async def api_getfile(self, p: Params) -> Params:
        file_id = p.get("file_id", "")
        path, data = self.files.get(file_id, ("", b""))
        if not path or len(data) > 20 << 20:
            raise bad("file is too big" if path else "invalid file_id")
        return {"file_id": file_id, "file_unique_id": f"U{file_id}", "file_size": len(data), "file_path": path}

    # ---- queries ---------------------------------------------------------------------------------------------------

    def new_query(self, kind: str, what: str, user: int | None = None) -> tuple[str, Params]:
        """A query that waits for its answer, under the id that the bot is told."""
        self.counter += 1
        number = str(self.counter)
        self.queries[number] = {
            "id": number,
            "kind": kind,
            "what": what,
            "user": user,
            "time": time.monotonic(),
            "answer": None,
            "answered": asyncio.Event(),
            "outdated": False,  # the user has typed on, and waits for another answer
        }
        return number, self.queries[number]

    def _answer(self, kind: str, query_id: Any, answer: Params) -> bool:
        query = self.queries.get(query_id, {"kind": None})
        if query["kind"] != kind or query["answer"] is not None or time.monotonic() - query["time"] > self.query_ttl:
            raise bad(TOO_OLD)
        query["answer"] = answer
        query["answered"].set()
        return True

    async def api_answercallbackquery(self, p: Params) -> bool:
        if len(p.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        return self._answer("callback", p.get("callback_query_id"), p)

    async def api_answerinlinequery(self, p: Params) -> bool:
        self.warnings += check_inline_answer(p)
        return self._answer("inline", p.get("inline_query_id"), p)


for _kind in UPLOAD_LIMITS:
    setattr(BotApi, f"api_send{_kind}", lambda self, p, kind=_kind: self._send_media(p, kind))
