"""A press is answered before Telegram gives it up, however long its screen takes."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.chat.actions import LeaveIt
from bot.chat.handlers import buttons
from bot.chat.replies import Reply
from bot.chat.texts import LANGUAGES


@pytest.mark.parametrize(
    ("slow", "reply", "calls"),
    [
        (True, Reply("报告"), ["answered", "shown", "报告"]),
        (False, Reply("报告"), ["answered", "报告"]),
        (True, None, ["answered", "shown"]),
        (False, None, ["answered with an excuse"]),
    ],
)
async def test_when_a_press_is_answered(monkeypatch, slow, reply, calls):
    said, answered = [], asyncio.Event()

    async def screen(context, action, speech):
        if slow:
            await answered.wait()
            said.append("shown")
        return reply

    async def toast(update, text=None):
        said.append("answered with an excuse" if text else "answered")
        answered.set()

    async def turn(update, context, shown):
        said.append(shown.html)

    monkeypatch.setitem(buttons._SCREENS, LeaveIt, (screen, lambda texts: texts.expired_toast))
    monkeypatch.setattr(buttons, "_PATIENCE", 0.05)
    monkeypatch.setattr(buttons, "toast", toast)
    monkeypatch.setattr(buttons, "turn", turn)
    trail = SimpleNamespace(kept=lambda _: None)
    monkeypatch.setattr(buttons, "house", lambda _: SimpleNamespace(memory=SimpleNamespace(trail=trail)))
    monkeypatch.setattr(buttons, "texts", lambda *_: LANGUAGES["zh-Hans"])
    await buttons.press_callback(SimpleNamespace(callback_query=SimpleNamespace(data=str(LeaveIt()))), None)
    assert said == calls
