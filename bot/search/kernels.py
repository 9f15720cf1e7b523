"""The loops that a question spends its time in: numpy's, and with `newsbot[fast]` compiled ones."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from threading import Lock, Thread

from bot.search import plain
from bot.search.features import Sentences, features_plainly
from bot.search.sums import Asked, Found, LookedUp, Marks, Norms, Scores, Wanted, Weighted


def compilable() -> bool:
    """Whether the extra is installed that compiles the loops."""
    return find_spec("numba") is not None


class Kernels:
    """Numpy's loops until the compiled ones are ready: to import the compiler takes longer than many answers."""

    def __init__(self) -> None:
        self.added_up = plain.added_up
        self.collect = plain.collect
        self.complete = plain.complete
        self.features = features_plainly
        self._lock = Lock()
        self._asked = False

    def compile(self, *, wait: bool = False) -> None:
        """Begin to compile, once, on a thread of its own; nothing happens without the extra."""
        with self._lock:
            asked, self._asked = self._asked, True
        if not asked and compilable():
            thread = Thread(target=self._compile, name="compile", daemon=True)
            thread.start()
            if wait:
                thread.join()

    def _compile(self) -> None:
        from bot.search import compiled, compiled_features

        self.added_up, self.collect, self.complete = compiled.added_up, compiled.collect, compiled.complete
        self.features = compiled_features.features


_KERNELS = Kernels()


def compile_kernels() -> None:
    """Begin to compile the loops, where that is possible and was not yet asked for."""
    _KERNELS.compile()


def added_up(lists: Weighted, marks: Marks, norms: Norms, enough: Callable[[], float]) -> Iterator[Found]:
    """What the lists add up to in each paragraph that has enough of it, block by block; ascending.

    Args:
        lists: What is added up.
        marks: What matches.
        norms: The paragraphs' norms.
        enough: Asked before each block, what units are enough.
    """
    return _KERNELS.added_up(lists, marks, norms, enough)


def collect(asked: Asked, marks: Marks, norms: Norms, wanted: Wanted) -> Found:
    """The paragraphs that can be among the wanted ones, which are all there.

    Args:
        asked: What is added up.
        marks: What matches.
        norms: The paragraphs' norms.
        wanted: The paragraphs that are looked for.

    Returns:
        They may be in any order.
    """
    return _KERNELS.collect(asked, marks, norms, wanted)


def complete(found: Found, looked_up: LookedUp, norms: Norms, wanted: Wanted) -> Found:
    """Likewise of paragraphs that were found, and ascend, with what is looked up added."""
    return _KERNELS.complete(found, looked_up, norms, wanted)


def features(of: Sentences) -> Scores:
    """What the second stage sees in each paragraph, a row: 0 to 1 each, but for what cues add to the first.

    Returns:
        Six columns: the needles of its best sentence and the next one; all its needles; those of its best sentence,
        pairs in order; the characters of its best sentence; all its characters; how early its best sentence comes.
    """
    return _KERNELS.features(of)
