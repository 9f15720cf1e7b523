"""The settings as a message: all of them with their values, or one with its choices."""

from bot.chat.actions import ShowSettings
from bot.chat.preferences import PREFERENCES, Preference
from bot.chat.replies import Button, Reply, escape
from bot.chat.texts import Texts
from bot.models import Reader

_COLUMNS = 2


def overview(reader: Reader, texts: Texts) -> Reply:
    """What the reader has set, and a button for each to change it."""
    lines = [
        texts.setting.format(title=one.title(texts), value=escape(one.show(one.value(reader), texts)))
        for one in PREFERENCES
    ]
    buttons = [Button(one.title(texts), ShowSettings(one.name)) for one in PREFERENCES]
    return Reply("\n".join([texts.settings, *lines, "", texts.settings_advice]), _grid(buttons), fixed=True)


def choices(one: Preference, reader: Reader, texts: Texts) -> Reply:
    """The choices of a setting, the one that holds marked."""
    now = one.value(reader)
    buttons = [
        Button(("✓ " if value == now else "") + one.show(value, texts), ShowSettings(one.name, choice))
        for choice, value in one.choices.items()
    ]
    text = texts.setting.format(title=one.title(texts), value=escape(one.show(now, texts)))
    return Reply(text, (*_grid(buttons), (Button(texts.back_button, ShowSettings()),)), fixed=True)


def _grid(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[i : i + _COLUMNS]) for i in range(0, len(buttons), _COLUMNS))
