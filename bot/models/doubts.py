"""What an operator should look at in a page that was read: kinds of doubt, and what each is about."""

from dataclasses import dataclass
from enum import StrEnum


class Doubt(StrEnum):
    """A kind of doubt: the sentence for the terminal, in English. The chat has its own for each, in every language."""

    # An article.
    JOINED = "{0}|{1} is read as one paragraph that the page broke."
    NO_TEXT = "it has no text."
    NO_HEADLINE = "it has no headline."
    NO_BYLINE = "no byline tells where it begins; its headline is judged by its form."
    NO_END = "no end of the sentence comes behind {0}."
    # A file.
    DAMAGED_CHARACTERS = "damaged characters, read as \ufffd: {0}."
    UNKNOWN_LAYOUT = "unknown layout: check what was read."
    BROKEN_XML = "broken XML: what could be read of it was."
    EMPTY_RECORDS = "records without text, left out: {0}."
    BROKEN_RECORDS = "broken records, left out: {0}."
    RAGGED_RECORDS = "records with more cells than the header, what is beyond them left out: {0}. Quote the fields."
    UNREAD_PAGES = "PDF page {0}: {1}"
    VERTICAL_LINES = "Vertical lines were read from right to left: check where they stand."
    UNNAMED_CHARACTERS = "characters that their font does not name, read as \ufffd: {0}."
    SLANTED_CHARACTERS = "characters on a slant (a watermark?), left out: {0}."
    # A page among those of the archive.
    INFERRED_DATE = "the date {0} is inferred from the articles; --date YYYY-MM-DD sets it."
    UNDATED_ARTICLES = "articles without a date, left out: {0}; --date YYYY-MM-DD sets it."
    DOUBTFUL_ARTICLES = "{0} of them in doubt: newsbot parse FILE says why."
    REPLACES = "it takes the place of the page from {0}."
    BOTH_KEPT = (
        "page {0} of that day is there from {1}, too; both are kept. "
        "If this is another newspaper's, ingest it again with --paper NAME."
    )

    def of(self, *about: object) -> "Note":
        """The note of such a doubt; `about` fills the sentence."""
        return Note(self, tuple(map(str, about)))


@dataclass(frozen=True)
class Note:
    """A doubt, and what it is about: the end of a paragraph, a number, the path of a file."""

    doubt: Doubt
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.doubt.format(*self.about)
