"""Ways back that are longer than a button: kept in the chat's memory, each under a short id."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace

from bot.chat.actions import Action, Place
from bot.chat.callbacks import MOST_BYTES, parse
from bot.chat.replies import Button, Reply

Keep = Callable[[str], str]
"""Keeps an action's text and returns the id for it."""

Kept = Callable[[str], str | None]
"""The text that was kept under an id."""

_DEEPEST = 8


def fold(reply: Reply, keep: Keep) -> Reply:
    """The reply with actions that fit their buttons: what is too long of a way back is kept as a place.

    Where the memory does not take it, a button loses its way back, not its action.
    """
    rows = tuple(tuple(_folded(button, keep) for button in row) for row in reply.rows)
    return replace(reply, rows=rows, shows=_fitting(reply.shows, keep) if reply.shows else None)


def unfold(action: Action | None, kept: Kept) -> Action | None:
    """The action itself where a place stands for it; None when it was forgotten."""
    for _ in range(_DEEPEST):
        if not isinstance(action, Place):
            return action
        action = parse(kept(action.place_id) or "")
    return None


def _folded(button: Button, keep: Keep) -> Button:
    return replace(button, action=_fitting(button.action, keep)) if button.action else button


def _fitting(action: Action, keep: Keep) -> Action:
    if isinstance(action, Place) or action.back is None or len(str(action)) <= MOST_BYTES:
        return action
    try:
        return replace(action, back=Place(keep(str(_fitting(action.back, keep)))))
    except sqlite3.Error:
        return replace(action, back=None)
