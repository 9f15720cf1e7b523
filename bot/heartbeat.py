"""How a bot that serves is, as it writes it beside its database every few seconds, for who looks from outside."""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.archive.lock import holder

_STALE = 60.0
"""Seconds after which a bot that has not written is taken for hanging; it writes every five."""


def path(data_dir: Path) -> Path:
    """Where the state is kept."""
    return data_dir / "serve.json"


def write(data_dir: Path, state: dict[str, Any]) -> None:
    """Replace the state, whole or not at all. On a full disk the old one stays, and grows old."""
    new = path(data_dir).with_suffix(".new")
    with suppress(OSError):
        new.write_text(json.dumps({**state, "beat": time.monotonic()}, ensure_ascii=False), encoding="utf-8")
        new.replace(path(data_dir))


def read(data_dir: Path) -> dict[str, Any] | None:
    """The state of the bot that serves on a data folder, with its process id; None where none does."""
    process = holder(data_dir)
    if process is None:
        return None
    state: dict[str, Any] = {"healthy": False, "reasons": ["it is starting"]}
    with suppress(OSError, ValueError):
        state = json.loads(path(data_dir).read_text(encoding="utf-8"))
        age = time.monotonic() - state.pop("beat")  # one clock for all processes, and nobody sets it
        if not 0 <= age <= _STALE:  # below 0 where the machine has been started anew
            state |= {"healthy": False, "reasons": [f"no sign of life for {age:.0f} s"]}
    return {"process": process, **state}


def end(data_dir: Path) -> None:
    """Remove the state: the bot has ended, or begins."""
    with suppress(OSError):
        path(data_dir).unlink(missing_ok=True)
