"""How the Bot API hands out updates: long polling with its confirmations and conflicts, or a webhook."""

import asyncio
import contextlib
import json
import time
from typing import Any, NoReturn
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from bot.sandbox.rules import check_webhook
from bot.sandbox.types import ApiError, Params

OPT_IN = {"chat_member", "message_reaction", "message_reaction_count"}


class Updates:
    """The updates that wait for the bot, and the methods by which it gets them."""

    webhook_retry = 1.0

    def __init__(self, webhook_listener: str = "") -> None:
        self.webhook_listener = webhook_listener  # what answers behind the public URL, e.g. http://127.0.0.1:8443
        self.queue: list[Params] = []
        self.again: list[Params] = []
        self.allowed: list[str] | None = None
        self.webhook: Params = {}
        self.poll: asyncio.Future[None] | None = None
        self.counter, self.wake = 1000, asyncio.Event()
        self.watchers: set[asyncio.Queue[tuple[str, Params]]] = set()  # of those who look on

    def tell(self, kind: str, **what: Any) -> None:
        """Tell those who look on what happened."""
        for watcher in self.watchers:
            watcher.put_nowait((kind, what))

    def push(self, kind: str, payload: Params) -> None:
        """Queue an update, unless it is of a kind that the bot has not asked for."""
        if (kind in self.allowed) if self.allowed else (kind not in OPT_IN):
            self.counter += 1
            self.queue.append({"update_id": self.counter, kind: payload})
            self._notify()

    def redeliver(self, update: Params) -> None:
        """Deliver an update a second time, as after a lost confirmation."""
        self.again.append(update)
        self._notify()

    def _notify(self) -> None:
        self.wake.set()
        if self.poll and not self.poll.done():
            self.poll.set_result(None)

    def _end_poll(self, reason: str) -> None:
        if self.poll and not self.poll.done():
            self.poll.set_exception(ApiError(409, f"Conflict: {reason}"))

    async def deliver(self) -> NoReturn:
        """Post the updates to the webhook, in order, each until it is accepted."""
        http = AsyncHTTPClient()
        while True:
            webhook, source = self.webhook, self.again or self.queue
            if not webhook or not source:
                self.wake.clear()
                await self.wake.wait()
                continue
            update = source[0]
            try:
                response = await http.fetch(
                    self.webhook_listener + urlsplit(webhook["url"]).path,
                    method="POST",
                    body=json.dumps(update),
                    headers={
                        "Content-Type": "application/json",
                        "X-Telegram-Bot-Api-Secret-Token": webhook["secret_token"],
                    },
                    follow_redirects=False,
                    request_timeout=10,
                    raise_error=False,
                )
                error = "" if response.code < 300 else f"Wrong response from the webhook: {response.code}"
            except (HTTPClientError, OSError) as exc:
                error = f"Connection failed: {exc!r}"
            if error:  # the same update comes again, and holds up the later ones
                webhook.update(last_error_message=error, last_error_date=int(time.time()))
                await asyncio.sleep(self.webhook_retry)
            elif update in source:
                source.remove(update)

    async def api_getupdates(self, p: Params) -> list[Params]:
        if self.webhook:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
                "delete the webhook first",
            )
        self.allowed = p.get("allowed_updates", self.allowed)
        offset, limit, timeout = (int(p.get(k, d)) for k, d in (("offset", 0), ("limit", 100), ("timeout", 0)))
        self.queue = self.queue[offset:] if offset < 0 else [u for u in self.queue if u["update_id"] >= offset]
        if timeout and not self.queue and not self.again:
            self._end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
            self.poll = asyncio.get_running_loop().create_future()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.poll, min(timeout, 50))
        batch, self.again = (self.again + self.queue)[:limit], []
        return batch

    async def api_setwebhook(self, p: Params) -> bool:
        if p.get("url"):
            check_webhook(p)
            self._end_poll("terminated by setWebhook request")
        self.webhook = {"url": p["url"], "secret_token": p.get("secret_token", "")} if p.get("url") else {}
        self.allowed = p.get("allowed_updates", self.allowed)
        if p.get("drop_pending_updates") == "true":
            self.queue.clear()
        self._notify()
        return True

    async def api_deletewebhook(self, p: Params) -> bool:
        return await self.api_setwebhook({**p, "url": ""})

    async def api_getwebhookinfo(self, _: Params) -> Params:
        info = {k: v for k, v in self.webhook.items() if k != "secret_token"}
        return {"url": "", **info, "has_custom_certificate": False, "pending_update_count": len(self.queue)}
