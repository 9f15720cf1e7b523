"""The sandbox's HTTP server: on the loopback address only, and only for whom it is meant."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPFile
from tornado.iostream import IOStream
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from bot.sandbox.types import ApiError, bad

if TYPE_CHECKING:
    from bot.sandbox.server import BotApi

ADDRESS = "127.0.0.1"
_LARGEST = 64 << 20
_JSON_FIELDS = {
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


class Guarded(RequestHandler):
    """Answers programs of this machine and the sandbox's own page, and no other page that is open in the browser.

    A page elsewhere could point its own host name here (DNS rebinding): the Host header then is not ours. It could
    post a form here: the Origin header then is not ours.
    """

    api: "BotApi"

    def initialize(self, api: "BotApi") -> None:
        self.api = api

    def prepare(self) -> None:
        """Refuse what was not sent to this address by its own page or by a program."""
        host, origin = self.request.host, self.request.headers.get("Origin")
        if host not in (f"{ADDRESS}:{self.api.port}", f"localhost:{self.api.port}"):
            raise HTTPError(403)
        if origin not in (None, f"http://{host}"):
            raise HTTPError(403)

    def set_default_headers(self) -> None:
        """Nothing from elsewhere runs in the page, no page elsewhere shows it, and what is sent is what it is."""
        self.clear_header("Server")
        for name, value in {
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            ),
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }.items():
            self.set_header(name, value)


@dataclass
class Fault:
    """One way to break a call: before it is carried out, or after (the bot then never hears that it worked)."""

    status: int = 0
    retry_after: int = 0
    reset: bool = False
    garbage: bool = False  # an answer that is no JSON
    cut: bool = False  # an answer that breaks off
    delay: float = 0  # longer than the bot's read timeout: a time-out
    after: bool = False
    trickle: bool = False  # an answer that never ends: a byte now and then, so that no read times out

    @property
    def breaks(self) -> bool:
        """Whether the bot gets no right answer."""
        return bool(self.status or self.reset or self.garbage or self.cut)


class _Method(Guarded):
    """A call of a Bot API method. It ends when its caller hangs up, as an abandoned long poll must."""

    _work: "asyncio.Future[None] | None" = None

    async def post(self, token: str, method: str) -> None:
        self._work = asyncio.ensure_future(self._answer(token, method))
        with contextlib.suppress(asyncio.CancelledError):
            await self._work

    get = post

    def on_connection_close(self) -> None:
        """Stop working for a caller who is gone."""
        if self._work:
            self._work.cancel()

    async def _answer(self, token: str, method: str) -> None:
        fault = self.api.next_fault(method)
        while fault and fault.trickle:
            self.write(" ")
            await self.flush()
            await asyncio.sleep(1)
        if fault and not fault.after:
            await asyncio.sleep(fault.delay)
            if fault.breaks:
                self._break(fault)
                return
        status, body = await self.api.call(token, method, self._fields())
        if fault and fault.after:
            await asyncio.sleep(fault.delay)
            if fault.breaks:
                self._break(fault)
                return
        self.set_status(status)
        self.finish(body)

    def _fields(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {name: self.get_argument(name, strip=False) for name in self.request.arguments}
        return arguments | {name: files[0] for name, files in self.request.files.items()}

    def _break(self, fault: Fault) -> None:
        if fault.reset:
            self.detach().close()
        elif fault.cut:
            _send_half(self.detach())
        elif fault.garbage:
            self.finish("\ufffd{ok: tru")
        elif fault.status >= 500:  # as the proxy in front of the API answers: no JSON
            self.set_status(fault.status)
            self.finish(f"<html>{fault.status}</html>")
        else:
            status, body = refusal(ApiError(fault.status, f"injected {fault.status}", fault.retry_after))
            self.set_status(status)
            self.finish(body)


def _send_half(stream: IOStream) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
    asyncio.ensure_future(stream.write(head + b'{"ok":tr')).add_done_callback(lambda _: stream.close())


class _File(Guarded):
    def get(self, token: str, path: str) -> None:
        data = dict(self.api.files.values()).get(path)
        if token != self.api.token or data is None:
            status, body = refusal(ApiError(404, "Not Found"))
            self.set_status(status)
            self.finish(body)
        else:
            self.set_header("Content-Type", "application/octet-stream")
            self.finish(data)


def refusal(error: ApiError) -> tuple[int, dict[str, Any]]:
    """The status and the body with which the Bot API refuses a call."""
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.retry_after:
        body["parameters"] = {"retry_after": error.retry_after}
    return error.code, body


def decoded(fields: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a call: what a form carries as JSON becomes objects."""
    params = dict(fields)
    for key in _JSON_FIELDS & fields.keys():
        if isinstance(params[key], HTTPFile):
            continue
        try:
            params[key] = json.loads(params[key])
        except ValueError:
            raise bad(f"can't parse {key} JSON object") from None
    return params


def listen(api: "BotApi", port: int, routes: list[Any]) -> tuple[HTTPServer, int]:
    """Serve the Bot API and further routes on loopback; returns the server and the port, which 0 leaves open."""
    application = Application(
        [
            (r"/bot([^/]+)/(\w+)", _Method, {"api": api}),
            (r"/file/bot([^/]+)/(.+)", _File, {"api": api}),
            *routes,
        ],
        log_function=lambda _: None,  # its lines hold the token
    )
    sockets = bind_sockets(port, ADDRESS)
    server = HTTPServer(application, max_buffer_size=_LARGEST, max_body_size=_LARGEST)
    server.add_sockets(sockets)
    return server, sockets[0].getsockname()[1]
