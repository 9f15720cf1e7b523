"""Files of what takes long to work out and never changes: made once, in a folder of the user's own."""

import os
import tempfile
from pathlib import Path


def folder() -> Path:
    """Where they are: not the shared temporary folder, where any local user could have put one."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsbot"


def write(path: Path, data: bytes) -> None:
    """Make such a file; whoever opens the path sees all of it, or what was there before.

    Raises:
        OSError: It cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
