"""One chat's updates in their order, many chats at once."""

import asyncio
import datetime as dt

from telegram import Chat, Message, Update

from bot.chat.order import PerChatOrder


def update(number, chat):
    return Update(number, message=Message(number, dt.datetime.now(dt.UTC), Chat(chat, "private")))


async def test_a_chat_has_its_order_and_what_is_beyond_its_backlog_is_dropped_and_forgotten(caplog):
    begun, handled, gate = [], [], asyncio.Event()

    async def answer(number):
        begun.append(number)
        await gate.wait()

    async def note(one):
        handled.append(one.update_id)

    order = PerChatOrder(8, note, backlog=3)
    tasks = [asyncio.create_task(order.do_process_update(update(n, 1), answer(n))) for n in range(6)]
    tasks.append(asyncio.create_task(order.do_process_update(update(9, 2), answer(9))))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert begun == [0, 9]
    gate.set()
    await asyncio.gather(*tasks)
    assert [n for n in begun if n != 9] == [0, 1, 2, 3]
    assert sorted(handled) == [0, 1, 2, 3, 4, 5, 9]
    assert "an update of it is dropped" in caplog.text
