"""The round that tells readers: it looks what has arrived, reminds of digests, delivers the outbox, and comes again."""

import asyncio
import time
from typing import Any

from bot.chat.delivery import Delivery
from bot.chat.house import Context, House, folded, note
from bot.chat.limits import ONCE
from bot.chat.posting import markup
from bot.chat.replies import Reply
from bot.chat.trouble import tell_operators
from bot.chat.watching import Watching, log

_POLL = 2.0
"""Seconds between two looks at the archive; a look costs two rows."""

_BUSY = 1.1
"""Seconds between two messages to one chat."""

_MINUTE = 60


class Mailing:
    """The round; it is never at work twice at a time."""

    def __init__(self, house: House) -> None:
        self._house, self._watching = house, Watching(house.engine, house.memory, house.settings.timezone)
        self._delivery: Delivery | None = None
        self._reminded, self._trouble = -1, ""

    async def work(self, context: Any) -> float:
        """Do what is to be done now; return the seconds until the next time."""
        more = 0
        try:
            more = await self._step(context)
        except (
            Exception
        ) as error:  # whatever it is, a bot that goes on and says so is better than one that tells nobody
            if repr(error) != self._trouble:  # this comes again every two seconds
                self._trouble = repr(error)
                log.exception("Readers could not be told of what has arrived.")
            await tell_operators(context, error)
        else:
            self._trouble = ""
        return _BUSY if more else _POLL

    async def _step(self, context: Context) -> int:
        async def post(chat_id: int, reply: Reply, silent: bool) -> None:
            reply = await folded(context, reply)
            sent = await context.bot.send_message(
                chat_id,
                reply.html,
                reply_markup=markup(reply),
                disable_notification=silent,
                rate_limit_args=ONCE,  # the outbox tries again, and keeps no place meanwhile
            )
            await note(context, chat_id, sent.message_id, reply)

        moved, first = self._house.clock.moved(), self._delivery is None
        self._delivery = self._delivery or Delivery(self._house, post)
        if moved:
            log.info("The clock was set by %+.0f s, or the machine slept.", moved)
        if moved < 0 or first:
            await asyncio.to_thread(self._delivery.set_back, -moved)
        await asyncio.to_thread(self._watching.look)
        if (minute := int(time.time() // _MINUTE)) != self._reminded:  # digests are due on the minute
            await asyncio.to_thread(self._watching.remind)
            self._reminded = minute
        return await self._delivery.deliver()
