"""An inline card that a reader posts into the bot's own chat comes to the bot, too, and is no question."""

import pytest

from tests.conversations.test_reading import FOUND

pytestmark = pytest.mark.asyncio(loop_scope="module")

CARD = {"id": "1", "type": "article", "title": "x", "input_message_content": {"message_text": "灯会"}}


async def test_a_posted_card_is_not_answered(running, reader):
    reader.chat.started = True
    reader.choose(CARD, chat=reader.chat)
    assert any(update.get("message", {}).get("text") == "灯会" for update in running.queue)
    assert [message.text for message in await reader.send("红十字 救援队")] == [FOUND]
    assert len(reader.chat.events) == 1
