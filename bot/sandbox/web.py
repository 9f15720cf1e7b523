"""The chat page and what it calls: it shows every chat, and does what a person does in one."""

import asyncio
import contextlib
import json
import mimetypes
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from bot.sandbox.http import Guarded
from bot.sandbox.people import Person
from bot.sandbox.rules import find_entities
from bot.sandbox.types import ApiError, Chat, Msg, Params, is_url

if TYPE_CHECKING:
    from bot.sandbox.server import BotApi

_PAGE = files("bot.sandbox") / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
_LONGEST = 4096
_BREATH = 20  # seconds after which a silent connection says that it is alive


def routes(api: "BotApi", people: dict[int, Person]) -> list[Any]:
    """The addresses of the page."""
    both = {"api": api, "people": people}
    return [
        (r"/()", _Static, {"api": api}),
        (r"/page/([a-z]+\.(?:js|css|svg))", _Static, {"api": api}),
        (r"/chat/events", _Events, both),
        (r"/chat/file/(\w+)", _Download, {"api": api}),
        (r"/chat/upload", _Upload, both),
        (r"/chat/(write|rewrite|press|inline|choose|block)", _Do, both),
    ]


class _Static(Guarded):
    """The page itself: plain files of this package."""

    def get(self, name: str) -> None:
        file = _PAGE / (name or "index.html")
        if not file.is_file():
            raise HTTPError(404)
        self.set_header("Content-Type", f"{_TYPES['.' + file.name.rpartition('.')[2]]}; charset=utf-8")
        self.finish(file.read_bytes())


class _Download(Guarded):
    """A file of a chat: pictures are shown, everything else is only ever saved."""

    def get(self, file_id: str) -> None:
        if file_id not in self.api.files:
            raise HTTPError(404)
        path, data = self.api.files[file_id]
        kind = mimetypes.guess_type(path)[0]
        if kind in _PICTURES:
            self.set_header("Content-Type", kind)
        else:
            self.set_header("Content-Type", "application/octet-stream")
            self.set_header("Content-Disposition", "attachment")
        self.finish(data)


class _FromPage(Guarded):
    """Requests that no other page can make: browsers send Origin with every POST."""

    people: dict[int, Person]

    def initialize(self, api: "BotApi", people: dict[int, Person] | None = None) -> None:
        super().initialize(api)
        self.people = people or {}

    def prepare(self) -> None:
        super().prepare()
        if self.request.method == "POST" and "Origin" not in self.request.headers:
            raise HTTPError(403)

    def person(self, number: Any) -> Person:
        """The person of that id."""
        if number not in self.people:
            raise HTTPError(400)
        return self.people[number]

    def chat(self, person: Person, number: Any) -> Chat:
        """The chat of that id, if it is the person's own or a group."""
        chat = self.api.chats.get(number) if isinstance(number, int) else None
        if chat is None or (chat.id > 0 and chat.id != person.id):
            raise HTTPError(400)
        return chat

    def message(self, chat: Chat, number: Any) -> Msg:
        """The message of that number in the chat."""
        if number not in chat.messages:
            raise HTTPError(404)
        return chat.messages[number]


class _Events(_FromPage):
    """All that happens, as server-sent events, after a picture of all there is."""

    _watcher: "asyncio.Queue[tuple[str, Params]] | None" = None

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self._watcher = asyncio.Queue()
        self.api.watchers.add(self._watcher)
        with contextlib.suppress(StreamClosedError):
            await self._send("everything", self._everything())
            while self._watcher in self.api.watchers:
                try:
                    kind, what = await asyncio.wait_for(self._watcher.get(), _BREATH)
                    await self._send(kind, self._described(kind, what))
                except TimeoutError:
                    self.write(":\n\n")
                    await self.flush()

    def on_connection_close(self) -> None:
        """The page is gone: end the wait, and with it the request."""
        if self._watcher:
            self.api.watchers.discard(self._watcher)
            self._watcher.put_nowait(("end", {}))

    async def _send(self, kind: str, data: Params) -> None:
        self.write(f"event: {kind}\ndata: {json.dumps(data)}\n\n")
        await self.flush()

    def _everything(self) -> Params:
        return {
            "bot": self.api.me,
            "people": [person.info for person in self.people.values()],
            "chats": [
                _chat(chat) | {"messages": [_shown(message) for message in chat.messages.values()]}
                for chat in self.api.chats.values()
            ],
            **self._profile(),
        }

    def _profile(self) -> Params:
        slots = [
            {"field": field, "scope": json.loads(scope), "language": language, "value": value}
            for (field, scope, language), value in self.api.profile.items()
        ]
        return {"profile": slots}

    def _described(self, kind: str, what: Params) -> Params:
        if kind == "profile":
            return self._profile()
        described: Params = {}
        if chat := what.get("chat"):
            described["chat"] = _chat(chat)
        if message := what.get("message"):
            described |= {"chat_id": message["chat"]["id"], "message": _shown(message)}
        if action := what.get("action"):
            described["action"] = action
        return described


class _Do(_FromPage):
    """One act of a person, as JSON: `me` and `chat` say whose and where."""

    async def post(self, act: str) -> None:
        try:
            asked = json.loads(self.request.body)
            me = self.person(asked["me"])
            chat = self.chat(me, asked["chat"])
            self.finish(await getattr(self, f"_{act}")(me, chat, asked))
        except (ValueError, LookupError, TypeError, ApiError) as error:
            raise HTTPError(400) from error

    async def _write(self, me: Person, chat: Chat, asked: Params) -> Params:
        reply_to = self.message(chat, asked["reply_to"]) if asked.get("reply_to") else None
        return _shown(me.write(chat, _text(asked), reply_to))

    async def _rewrite(self, me: Person, chat: Chat, asked: Params) -> Params:
        message = self.message(chat, asked["message"])
        if message["from"] != me.info or not message.text or "via_bot" in message:
            raise HTTPError(403)
        me.rewrite(chat, message, _text(asked))
        return {}

    async def _press(self, me: Person, chat: Chat, asked: Params) -> Params:
        message = self.message(chat, asked["message"])
        button = message["reply_markup"]["inline_keyboard"][asked["row"]][asked["column"]]
        return {"answer": await self._answer(me.tap(message, button))}

    async def _inline(self, me: Person, chat: Chat, asked: Params) -> Params:
        where = "sender" if chat.id == me.id else str(chat.info["type"])
        query = me.ask_inline(str(asked["query"]), str(asked["offset"]), where)
        return {"query_id": query["id"], "answer": await self._answer(query)}

    async def _choose(self, me: Person, chat: Chat, asked: Params) -> Params:
        results = {result["id"]: result for result in self.api.queries[asked["query_id"]]["answer"]["results"]}
        return _shown(me.choose(results[asked["result"]], str(asked["query"]), chat))

    async def _block(self, me: Person, chat: Chat, asked: Params) -> Params:
        if chat is not me.chat:
            raise HTTPError(400)
        me.block(asked["blocked"] is True)
        return {}

    async def _answer(self, query: Params) -> Params | None:
        """What the bot answers; None when it does not in time."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(query["answered"].wait(), self.api.query_ttl)
        answer: Params | None = query["answer"]
        return answer


class _Upload(_FromPage):
    """A file from a person: a picture where it is one and was sent as one, else a document."""

    def post(self) -> None:
        try:
            me = self.person(int(self.get_body_argument("me")))
            chat = self.chat(me, int(self.get_body_argument("chat")))
            [file] = self.request.files["file"]
            caption = self.get_body_argument("caption", "")[:1024]
            if not file.body:
                raise ValueError("an empty file")
        except (KeyError, ValueError) as error:
            raise HTTPError(400) from error
        picture = self.get_body_argument("kind", "") == "photo" and mimetypes.guess_type(file.filename)[0] in _PICTURES
        send = me.send_picture if picture else me.send_file
        self.finish(_shown(send(chat, file.filename, file.body, caption)))


def _text(asked: Params) -> str:
    text = str(asked["text"]).strip()[:_LONGEST]
    if not text:
        raise HTTPError(400)
    return text


def _chat(chat: Chat) -> Params:
    return chat.info | {"started": chat.started, "blocked": chat.blocked}


def _shown(message: Msg) -> Params:
    """A message as Telegram's apps show it: commands and addresses that stand in its text can be tapped, too."""
    key = "entities" if "text" in message else "caption_entities"
    marked = message.get(key, [])
    taken = [range(e["offset"], e["offset"] + e["length"]) for e in marked if e["type"] not in _SPANNING]
    found = [
        entity
        for entity in find_entities(message.text).get("entities", [])
        if not any(entity["offset"] in span or entity["offset"] + entity["length"] - 1 in span for span in taken)
    ]
    links = [e for e in [*marked, *found] if e["type"] != "text_link" or is_url(e["url"])]
    return {**message, key: sorted(links, key=lambda e: (e["offset"], -e["length"]))}


_SPANNING = {"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote"}
