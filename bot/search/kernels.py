"""The loops that a question spends its time in: numpy's, and with `newsbot[fast]` compiled ones."""

from collections.abc import Sequence
from importlib.util import find_spec
from threading import Lock, Thread

from bot.archive.posting_lists import PostingList
from bot.search import plain
from bot.search.features import Sentences, features_plainly
from bot.search.sums import Norms, Positions, Scores, Weighted


class Kernels:
    """Numpy's loops until the compiled ones are ready: to import the compiler takes longer than many answers.

    Attributes:
        few: So few postings are added up sooner than left out.
    """

    def __init__(self) -> None:
        self.summed = plain.summed
        self.collect = plain.collect
        self.add_to = plain.add_to
        self.features = features_plainly
        self.few = 20_000
        self._lock = Lock()
        self._asked = False

    def compile(self, *, wait: bool = False) -> None:
        """Begin to compile, once, on a thread of its own; nothing happens without the extra."""
        with self._lock:
            asked, self._asked = self._asked, True
        if not asked and find_spec("numba"):
            thread = Thread(target=self._compile, name="compile", daemon=True)
            thread.start()
            if wait:
                thread.join()

    def _compile(self) -> None:
        from bot.search import compiled

        self.summed, self.collect = compiled.summed, compiled.collect
        self.add_to, self.features = compiled.add_to, compiled.features
        self.few = 500_000


_KERNELS = Kernels()


def compile_kernels() -> None:
    """Begin to compile the loops, where that is possible and was not yet asked for."""
    _KERNELS.compile()


def few() -> int:
    """So few postings are added up sooner than left out."""
    return _KERNELS.few


def summed(lists: Weighted, norms: Norms, size: int) -> Scores:
    """The scores that lists add up to, in each paragraph.

    Args:
        lists: What is added.
        norms: The paragraphs' norms.
        size: Paragraph numbers are below this.

    Returns:
        By paragraph number.
    """
    return _KERNELS.summed(lists, norms, size)


def collect(
    lists: Weighted, marks: Sequence[PostingList] | None, more: Weighted, norms: Norms, k: int, slack: float
) -> tuple[Positions, Scores]:
    """The paragraphs whose scores are near the highest: all that fall short of the k-th highest by `slack` at most.

    Args:
        lists: What is added up.
        marks: The paragraphs that match; None when all of `lists` do.
        more: What is added for paragraphs of `lists` that match.
        norms: The paragraphs' norms.
        k: 1 or more.
        slack: 0 or more.

    Returns:
        Their numbers, ascending, and their scores, which were added up list by list.
    """
    return _KERNELS.collect(lists, marks, more, norms, k, slack)


def add_to(scores: Scores, candidates: Positions, lists: Weighted, norms: Norms) -> None:
    """As `summed`, but for paragraphs that are candidates, which ascend, and to the scores that these have."""
    _KERNELS.add_to(scores, candidates, lists, norms)


def features(of: Sentences) -> Scores:
    """What the second stage sees in each paragraph, a row: 0 to 1 each, but for what cues add to the first.

    Returns:
        Six columns: the needles of its best sentence and the next one; all its needles; those of its best sentence,
        pairs in order; the characters of its best sentence; all its characters; how early its best sentence comes.
    """
    return _KERNELS.features(of)
