"""Keeping an index up with its archive, in small transactions; a kill at any moment leaves no more than work to do."""

import logging

from bot.archive import Archive
from bot.archive.checks import DamagedIndex
from bot.search.matching import MatchingIndex

log = logging.getLogger(__name__)

REMOVED = 500
"""Paragraphs removed in one transaction: less than a second, so that other writers hardly wait."""


def refresh(archive: Archive, index: MatchingIndex) -> int:
    """Bring the index up to the archive; return the number of paragraphs added."""
    try:
        if not index.outdated:
            while _drop_removed(archive, index):
                pass
            return _add_new(archive, index)
    except DamagedIndex as error:
        log.warning("The index is damaged (%s), and is made anew", error)
    return anew(archive, index)


def anew(archive: Archive, index: MatchingIndex) -> int:
    """Make the index anew, all at once where that can be had; return the number of paragraphs in it."""
    with index.whole():
        _clear(archive, index)
        return _add_new(archive, index)


def rebuild(archive: Archive, index: MatchingIndex) -> int:
    """Make the index anew; return the number of paragraphs in it."""
    while _drop_removed(archive, index):
        pass
    _clear(archive, index)
    _add_new(archive, index)
    return len(index)


def _clear(archive: Archive, index: MatchingIndex) -> None:
    with archive.transaction():
        index.clear()
        archive.places.clear()


def _add_new(archive: Archive, index: MatchingIndex) -> int:
    added = 0
    while new := archive.paragraph_texts(after=index.next - 1, limit=index.batch):  # who only reads takes no lock
        index.prepare(added=new)
        last = new[-1][0]
        with archive.transaction():
            # another process may have been quicker, or have removed some
            new = [one for one in archive.paragraph_texts(index.next - 1, index.batch) if one[0] <= last]
            if new:
                index.add(new)
                archive.places.add(new[0][0], new[-1][0])
        added += len(new)
    return added


def _drop_removed(archive: Archive, index: MatchingIndex) -> int:
    removed = archive.removed_paragraphs(REMOVED)
    if removed:
        index.prepare(removed=removed)
        with archive.transaction():
            index.remove(removed)
            archive.places.remove(number for number, _ in removed)
            archive.forget_removed(number for number, _ in removed)
    return len(removed)
