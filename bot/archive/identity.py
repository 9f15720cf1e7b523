"""Which page a file is: the one that the archive has, a new form of it, or another.

A page is known by its file's path, by its bytes, or by its number in its edition. None of them is enough by itself:
files are moved and copied, corrected, and named alike day by day. `decide` weighs them; the tests hold its table.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.models import Block, Doubt, IssueDate, Note, ParsedPage, Role

_ALIKE = 0.5
"""Pages are the same in two forms when they share this part of the headlines of the one that has fewer."""

_GRAM = 8
"""Texts are compared by the pieces of so many characters that they share."""


@dataclass(frozen=True)
class SourceFile:
    """Where a page came from: the file's absolute path, and the SHA-256 of its bytes in hexadecimal.

    Of a file of several pages, both end in `#` and the place of the page.
    """

    path: str
    sha256: str


@dataclass(frozen=True)
class StoredPage:
    """A page that the archive has.

    `parser` is the version of the parser that read it, `older` the SHA-256 of the files whose place it took.
    """

    id: int
    source: SourceFile
    number: int | None
    paper: str
    date: IssueDate
    parser: str
    headlines: frozenset[str]
    older: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decision:
    """What to do with a page.

    Attributes:
        page: The page, with what the archive knows of it and the file does not say.
        unchanged: Whether the archive has it as it is.
        replaces: The page whose place it takes.
        warning: What the operator should look at.
    """

    page: ParsedPage
    unchanged: bool = False
    replaces: StoredPage | None = None
    warning: Note | None = None


def decide(source: SourceFile, page: ParsedPage, known: Sequence[StoredPage], parser: str) -> Decision:
    """Whether a page is one of those that the archive has.

    | the file | | is |
    |---|---|---|
    | of the same path | same bytes, same edition, or headlines in common | the page in a new form |
    | of the same path | none of these: a name that is used again | another page |
    | of another path, same bytes | same edition, or one of the dates is inferred | the page, moved or copied |
    | of another path, same bytes | another page number | another page: the same story twice |
    | of another path, same bytes | on another day | another page: an advertisement, say |
    | of another path, same number in the edition | headlines in common | the page, corrected |
    | of another path, same number in the edition | an older form of that page | nothing new |
    | of another path, same number in the edition | none of these | another page, and a warning |

    Args:
        source: The file.
        page: What was read from it; it has a date.
        known: The pages of its path, of its bytes, and of its day and number.
        parser: The version of the parser that read it.
    """
    headlines = frozenset(_headlines(page))
    for old in sorted(known, key=lambda old: old.source.path != source.path):
        at_path = old.source.path == source.path
        same_bytes = old.source.sha256 == source.sha256
        paper = page.paper or (old.paper if at_path or same_bytes else "")
        same_edition = page.date is not None and (old.date.day, old.paper) == (page.date.day, paper)
        alike = _alike(headlines, old.headlines)
        if at_path and (same_bytes or same_edition or alike):
            return _same(source, page, old, parser)
        inferred = old.date.inferred or (page.date is not None and page.date.inferred)
        numbers = {page.number, old.number} - {None}
        if not at_path and same_bytes and len(numbers) < 2 and (same_edition or inferred):
            return _same(source, page, old, parser)
        if not at_path and same_edition and page.number is not None and page.number == old.number:
            if source.sha256 in old.older:
                return Decision(page, unchanged=True, replaces=old)
            if alike:
                decision = _same(source, page, old, parser)
                return replace(decision, warning=Doubt.REPLACES.of(old.source.path))
            return Decision(page, warning=Doubt.BOTH_KEPT.of(page.number, old.source.path))
    return Decision(page)


def _same(source: SourceFile, page: ParsedPage, old: StoredPage, parser: str) -> Decision:
    """The page in a new form: what it does not say of itself, it keeps."""
    keeps_date = page.date is None or (page.date.inferred and not old.date.inferred)
    told = replace(
        page,
        date=old.date if keeps_date else page.date,
        number=old.number if page.number is None else page.number,
        paper=page.paper or old.paper,
    )
    same_bytes = old.source.sha256 == source.sha256
    nothing_new = (told.date, told.number, told.paper, parser) == (old.date, old.number, old.paper, old.parser)
    return Decision(told, unchanged=same_bytes and nothing_new, replaces=old)


def _headlines(page: ParsedPage) -> list[str]:
    return [block.text for article in page.articles for block in article.blocks if block.role is Role.HEADLINE]


def _alike(some: frozenset[str], others: frozenset[str]) -> bool:
    fewer = min(len(some), len(others))
    return fewer > 0 and len(some & others) >= _ALIKE * fewer


def kept_ids(old: Sequence[tuple[int, Sequence[Block]]], new: Sequence[Sequence[Block]]) -> list[int | None]:
    """For each article of a page's new form the id that it had in the old one, so that links to it go on.

    An article is known by its headline, and where that was corrected by its text.

    Args:
        old: The ids and blocks of the articles before.
        new: The blocks of the articles now.
    """
    left = dict(old)
    ids: list[int | None] = []
    for blocks in new:
        headline = _text(blocks, Role.HEADLINE)
        found = next((i for i, was in left.items() if headline and _text(was, Role.HEADLINE) == headline), None)
        if found is not None:
            del left[found]
        ids.append(found)
    for place, blocks in enumerate(new):
        if ids[place] is None and left:
            likeness = {i: shared(_text(was, Role.TEXT), _text(blocks, Role.TEXT)) for i, was in left.items()}
            best = max(likeness, key=lambda i: likeness[i])
            if likeness[best] >= _ALIKE:
                ids[place] = best
                del left[best]
    return ids


def _text(blocks: Sequence[Block], role: Role) -> str:
    return "".join(block.text for block in blocks if block.role is role)


def grams(text: str) -> frozenset[str]:
    """The pieces of eight letters, digits or Han characters that a text holds."""
    signs = "".join(filter(str.isalnum, text))
    return frozenset(signs[i : i + _GRAM] for i in range(len(signs) - _GRAM + 1))


def shared(some: str, others: str) -> float:
    """The part of the shorter text's pieces that the other text holds, too: 0 to 1."""
    a, b = grams(some), grams(others)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
