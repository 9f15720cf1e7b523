"""The dictionary of Chinese words, one for the whole process: the parser and the search cut by the same one."""

import logging
import os
from functools import cache
from pathlib import Path

import jieba


@cache
def tokenizer() -> jieba.Tokenizer:
    """Jieba's tokenizer; its dictionary is loaded with the first text that it cuts."""
    jieba.setLogLevel(logging.WARNING)
    own = jieba.Tokenizer()
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsbot"
    try:  # jieba would load its cache from the shared temporary folder, where any local user could have put it
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        own.tmp_dir = str(folder)
    except OSError:
        own.tmp_dir = os.devnull  # no cache: jieba reads its dictionary each time
    return own
