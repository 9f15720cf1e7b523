"""The Bot API side of fake_telegram: an HTTP server on 127.0.0.1 with the methods that a text bot calls."""

import asyncio
import collections
import dataclasses
import json
import math
import mimetypes
import re
import time
from pathlib import PurePath
from urllib.parse import urlsplit

from aiohttp import web

from tests.fake_telegram.rules import (
    ApiError,
    Msg,
    bad,
    check_commands,
    check_inline_answer,
    check_markup,
    check_photo,
    formatted,
    is_url,
)
from tests.fake_telegram.updates import Updates

JSON_FIELDS = {
    "reply_markup",
    "entities",
    "caption_entities",
    "link_preview_options",
    "reply_parameters",
    "results",
    "button",
    "commands",
    "scope",
    "allowed_updates",
    "reaction",
    "menu_button",
    "media",
}
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
UPLOAD_LIMITS = {"photo": 10 << 20, "document": 50 << 20, "animation": 50 << 20, "audio": 50 << 20, "video": 50 << 20}
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
COMPARED = {
    "text": ("text", "entities"),
    "media": ("photo", "text", "entities", "caption", "caption_entities"),
    "caption": ("caption", "caption_entities"),
    "markup": (),
}
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


@dataclasses.dataclass
class Fault:
    """One way to break a call: before it is carried out, or after (the bot then never hears that it worked)."""

    status: int = 0
    retry_after: int = 0
    reset: bool = False
    delay: float = 0  # longer than the bot's read timeout: a time-out
    after: bool = False

    async def reply(self, request):
        if self.reset:
            request.transport.abort()
        if self.status >= 500:  # as the proxy in front of the API answers: no JSON
            return web.Response(status=self.status, text=f"<html>{self.status}</html>", content_type="text/html")
        return error_response(ApiError(self.status or 500, f"injected {self.status}", self.retry_after))


def error_response(error):
    body = {"ok": False, "error_code": error.code, "description": error.description}
    if error.retry_after:
        body["parameters"] = {"retry_after": error.retry_after}
    return web.json_response(body, status=error.code)


class BotApi(Updates):
    # How many messages, sent or edited, in how many seconds: Telegram publishes only rough figures.
    limits = {"all": (30, 1), "private": (5, 5), "group": (20, 60)}
    query_ttl = 15.0  # seconds in which a callback or inline query can be answered

    def __init__(self, token="123456:TEST-token_for_fake", username="fake_news_bot", webhook_listener=None):
        super().__init__(webhook_listener)
        self.token = token
        self.me = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "新闻",
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }
        self.chats, self.files, self.queries, self.inline_messages, self.profile = {}, {}, {}, {}, {}
        self.calls, self.errors, self.warnings, self.faults = [], [], [], collections.defaultdict(list)
        self.sent = collections.deque()

    async def __aenter__(self):
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        self.runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.5)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/bot"
        self.deliverer = asyncio.create_task(self.deliver())
        return self

    async def __aexit__(self, *_):
        self.deliverer.cancel()
        await self.runner.cleanup()

    # ---- HTTP ------------------------------------------------------------------------------------------------------

    async def _params(self, request):
        fields = dict(request.query) | dict(await request.post())
        for key in JSON_FIELDS & fields.keys():
            try:
                fields[key] = json.loads(fields[key])
            except ValueError:
                raise bad(f"can't parse {key} JSON object") from None
        return fields

    async def _serve(self, request):
        name, params = request.match_info["method"], {}
        fault = self.faults[name.lower()].pop(0) if self.faults[name.lower()] else Fault()
        broken = fault.status or fault.reset
        if not fault.after:
            await asyncio.sleep(fault.delay)
            if broken:
                return await fault.reply(request)
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            params = await self._params(request)
            if name.lower() != "getupdates":
                self.calls.append((name, params))
            method = getattr(self, "api_" + name.lower(), None)
            if not method:
                raise ApiError(404, "Not Found: method not found")
            response = web.json_response({"ok": True, "result": await method(params)})
        except ApiError as error:
            self.errors.append((name, error.description, params))
            response = error_response(error)
        if fault.after:
            await asyncio.sleep(fault.delay)
        return await fault.reply(request) if broken else response

    async def _serve_file(self, request):
        data = dict(self.files.values()).get(request.match_info["path"])
        if request.match_info["token"] != self.token or data is None:
            return error_response(ApiError(404, "Not Found"))
        return web.Response(body=data)

    # ---- messages --------------------------------------------------------------------------------------------------

    def _chat(self, p):
        chat = self.chats.get(int(p["chat_id"])) if re.fullmatch(r"-?\d+", str(p.get("chat_id", ""))) else None
        if not chat:
            raise bad("chat not found" if p.get("chat_id") else "chat_id is empty")
        if not chat.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.blocked:
            raise ApiError(
                403,
                "Forbidden: bot was blocked by the user"
                if chat.id > 0
                else "Forbidden: bot was kicked from the supergroup chat",
            )
        return chat

    def _chat_to_write(self, p):
        """The chat, if its and the bot's flood limits leave room for one more message."""
        chat, now = self._chat(p), time.monotonic()
        windows = [(self.sent, self.limits["all"]), (chat.sent, self.limits["private" if chat.id > 0 else "group"])]
        for log, (count, period) in windows:
            while log and log[0] <= now - period:
                log.popleft()
            if len(log) >= count:
                wait = max(1, math.ceil(log[0] + period - now))
                raise ApiError(429, f"Too Many Requests: retry after {wait}", wait)
        self.sent.append(now)
        chat.sent.append(now)
        return chat

    def content(self, p, key, limit):
        text, entities, warnings = formatted(p, key, limit)
        self.warnings += warnings
        name = "caption_entities" if key == "caption" else "entities"
        return ({key: text} if text else {}) | ({name: entities} if entities else {})

    def add_message(self, chat, sender, **fields):
        number = chat.numbered = chat.numbered + 1  # a deleted message's number is not given again
        message = Msg(message_id=number, date=int(time.time()), chat=chat.info, **{"from": sender}, **fields)
        chat.messages[number] = message
        return message

    def _record(self, chat, message, params):
        message.params = params
        if chat:
            chat.events.append(message)
            chat.touched = time.monotonic()
        return message

    def _post(self, p, content):
        markup = check_markup(p.get("reply_markup"))
        chat = self._chat_to_write(p)
        if reply := p.get("reply_parameters"):
            if original := chat.messages.get(int(reply["message_id"])):
                content["reply_to_message"] = {k: v for k, v in original.items() if k != "reply_to_message"}
            elif not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
        return self._record(chat, self.add_message(chat, self.me, **content, **markup), p)

    def _edit(self, p, content, kind):
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
        return self._record(chat, message, p) if chat else bool(self._record(chat, message, p))

    async def api_sendmessage(self, p):
        return self._post(p, self.content(p, "text", 4096))

    async def api_editmessagetext(self, p):
        return self._edit(p, self.content(p, "text", 4096), "text")

    async def api_editmessagecaption(self, p):
        return self._edit(p, self.content(p, "caption", 1024), "caption")

    async def api_editmessagereplymarkup(self, p):
        return self._edit(p, {}, "markup")

    async def api_editmessagemedia(self, p):
        """A text becomes a picture, a picture another one; what is uploaded is named `attach://` and its field."""
        media = p.get("media") or {}
        if media.get("type") != "photo":
            raise bad("unsupported media type specified")
        upload = p.get(str(media.get("media", "")).removeprefix("attach://"))
        photo = self._media({"photo": upload or media.get("media")}, "photo")
        return self._edit(p, photo | self.content(media, "caption", 1024), "media")

    async def api_deletemessage(self, p):
        messages, number = self._chat(p).messages, int(p.get("message_id", 0))
        if number not in messages:
            raise bad("message to delete not found")
        if messages[number]["date"] < time.time() - 48 * 3600:
            raise bad("message can't be deleted for everyone")
        del messages[number]
        return True

    async def api_sendchataction(self, p):
        if p.get("action") not in CHAT_ACTIONS:
            raise bad("wrong parameter action in request")
        self._chat(p).actions.append(p["action"])
        return True

    async def api_sendmessagedraft(self, p):
        chat = self._chat(p)
        if chat.id < 0 or not int(p.get("draft_id", 0)):
            raise bad("TEXTDRAFT_PEER_INVALID" if chat.id < 0 else "RANDOM_ID_INVALID")
        chat.drafts.append(formatted(p, "text", 4096, required=False)[0])
        return True

    async def api_setmessagereaction(self, p):
        if int(p.get("message_id", 0)) not in self._chat(p).messages:
            raise bad("message to react not found")
        return True

    # ---- files -----------------------------------------------------------------------------------------------------

    def store(self, name, data, folder):
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

    async def _send_media(self, p, kind):
        return self._post(p, self._media(p, kind) | self.content(p, "caption", 1024))

    def _media(self, p, kind):
        value, size = p.get(kind), {"width": 90, "height": 90, "duration": 1}
        if isinstance(value, web.FileField):
            data = value.file.read()
            if not data or len(data) > UPLOAD_LIMITS[kind]:
                raise ApiError(413, "Request Entity Too Large") if data else bad("file must be non-empty")
            if kind == "photo":
                size = dict(zip(("width", "height"), check_photo(data), strict=True))
            info = self.store(value.filename, data, kind + "s")
        elif value in self.files:
            info = {"file_id": value, "file_unique_id": f"U{value}", "file_size": len(self.files[value][1])}
        elif is_url(value):
            info = self.store(PurePath(urlsplit(value).path).name, b"fetched by Telegram", kind + "s")
        else:
            raise bad("wrong remote file identifier specified" if value else f"there is no {kind} in the request")
        size = {} if kind == "document" else size
        return {kind: [info | size] if kind == "photo" else info | size}

    async def api_getfile(self, p):
        path, data = self.files.get(p.get("file_id"), (None, b""))
        if path is None or len(data) > 20 << 20:
            raise bad("file is too big" if path else "invalid file_id")
        file_id = p["file_id"]
        return {"file_id": file_id, "file_unique_id": f"U{file_id}", "file_size": len(data), "file_path": path}

    # ---- queries ---------------------------------------------------------------------------------------------------

    def new_query(self, kind, what):
        self.counter += 1
        self.queries[str(self.counter)] = {"kind": kind, "what": what, "time": time.monotonic(), "answer": None}
        return str(self.counter)

    def _answer(self, kind, query_id, answer):
        query = self.queries.get(query_id, {"kind": None})
        if query["kind"] != kind or query["answer"] is not None or time.monotonic() - query["time"] > self.query_ttl:
            raise bad(TOO_OLD)
        query["answer"] = answer
        return True

    async def api_answercallbackquery(self, p):
        if len(p.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        return self._answer("callback", p.get("callback_query_id"), p)

    async def api_answerinlinequery(self, p):
        self.warnings += check_inline_answer(p)
        return self._answer("inline", p.get("inline_query_id"), p)

    # ---- the bot itself --------------------------------------------------------------------------------------------

    async def api_getme(self, p):
        return self.me

    def _slot(self, field, p):
        scope = p.get("scope") or {"type": "default"}
        if scope.get("type") not in COMMAND_SCOPES:
            raise bad("unsupported type specified for the bot command scope")
        if scope["type"] in ("chat", "chat_administrators", "chat_member"):
            self._chat(scope)
        language, scope = p.get("language_code", ""), json.dumps(scope, sort_keys=True)
        if language and not re.fullmatch("[a-z]{2}", language):
            raise bad("invalid language code specified")
        return field, scope, language

    async def api_setmycommands(self, p):
        self.profile[self._slot("commands", p)] = check_commands(p.get("commands", []))
        return True

    async def api_getmycommands(self, p):
        return self.profile.get(self._slot("commands", p), [])

    async def api_deletemycommands(self, p):
        self.profile.pop(self._slot("commands", p), None)
        return True

    async def _set_profile(self, p, field):
        if len(p.get(field, "")) > PROFILE_LIMITS[field]:
            raise bad(f"bot {field.replace('_', ' ')} is too long")
        self.profile[self._slot(field, p)] = p.get(field, "")
        return True


for _kind in UPLOAD_LIMITS:
    setattr(BotApi, f"api_send{_kind}", lambda self, p, kind=_kind: self._send_media(p, kind))
for _field in PROFILE_LIMITS:
    setattr(BotApi, f"api_setmy{_field.replace('_', '')}", lambda self, p, field=_field: self._set_profile(p, field))
