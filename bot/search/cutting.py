"""Many texts cut into terms, by as many processes as there are processors."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice

from bot.search import analyzer
from bot.search.analyzer import Analyzed, analyze

MANY = 3000
"""Texts from which on other processes help: they take a moment to start."""

_CHUNK = 500


def analyzed(texts: Iterable[str]) -> Iterator[Analyzed]:
    """Each text analyzed, in order.

    Other processes help with many texts where they can be forked safely: from a process with a single thread.
    """
    texts = iter(texts)
    begin = list(islice(texts, MANY))
    whole = chain(begin, texts)
    alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
    if len(begin) < MANY or not alone or (os.cpu_count() or 1) < 2:
        yield from map(analyze, whole)
        return
    analyzer.warm_up()  # once, for all
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("fork")) as pool:
        waiting: deque[Future[list[Analyzed]]] = deque()
        while True:
            while len(waiting) < 2 * (os.cpu_count() or 1) and (chunk := list(islice(whole, _CHUNK))):
                waiting.append(pool.submit(_analyze_all, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()


def _analyze_all(texts: list[str]) -> list[Analyzed]:
    return [analyze(text) for text in texts]
