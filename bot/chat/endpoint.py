"""/healthz and /metrics over HTTP, for programs of this machine."""

import asyncio

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from bot.chat.health import Health
from bot.chat.metrics import Metrics


class AddressError(Exception):
    """The endpoint's address cannot be listened on; the message says why."""


class _Local(RequestHandler):
    """Answers who asks for this machine: not a page of elsewhere whose host name was pointed here (DNS rebinding)."""

    def initialize(self, health: Health, metrics: Metrics) -> None:
        self.health, self.metrics = health, metrics

    def prepare(self) -> None:
        """Refuse other names than the machine's own."""
        if self.request.host_name not in ("127.0.0.1", "localhost", "::1", self.health.house.settings.health_host):
            raise HTTPError(403)

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")


class _Healthz(_Local):
    async def get(self) -> None:
        state = await self.health.state()
        self.set_status(200 if state["healthy"] else 503)
        self.finish(state)


class _Metrics(_Local):
    async def get(self) -> None:
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.finish(await asyncio.to_thread(self.metrics.text))


def listen(health: Health, metrics: Metrics) -> HTTPServer | None:
    """Serve where the settings say; None where they say nothing.

    Raises:
        AddressError: The address cannot be listened on.
    """
    settings = health.house.settings
    if not settings.health_listen:
        return None
    what = {"health": health, "metrics": metrics}
    application = Application(
        [("/healthz", _Healthz, what), ("/metrics", _Metrics, what)],
        log_function=lambda _: None,  # a line for each look would bury what matters
    )
    server = HTTPServer(application, max_body_size=1024, idle_connection_timeout=60)
    try:
        server.listen(int(settings.health_listen.rpartition(":")[2]), settings.health_host)
    except OSError as error:
        raise AddressError(f"NEWSBOT_HEALTH_LISTEN={settings.health_listen}: {error.strerror}.") from None
    return server
