"""What a reader makes of a file: printed lines, and what the file itself says of them."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.models import Note, Role


class PageError(ValueError):
    """A file that cannot be read as a newspaper page. The message is for the operator and says the next step."""


@dataclass(frozen=True)
class PrintedLine:
    """A line, or a whole paragraph where the format has paragraphs.

    What a format does not say stays at its default, and the parser judges by the text.

    Attributes:
        text: As printed, its indent (leading white space) included, without the line's end.
        gap: Whether there is space above it: a blank line, or more than the usual distance.
        size: The height of its type, as a multiple of the page's body text.
        role: What it is, where the format itself says so (a title element, a heading style).
        begins: Whether the format says that an article begins here.
    """

    text: str
    gap: bool = False
    size: float = 1.0
    role: Role | None = None
    begins: bool = False


@dataclass(frozen=True)
class PageText:
    """The lines of one page in reading order; day (the issue date), number and paper as far as its metadata says them.

    `warnings` are for the operator: what could be read only in part, and why.
    """

    lines: tuple[PrintedLine, ...]
    day: date | None = None
    number: int | None = None
    paper: str = ""
    warnings: tuple[Note, ...] = ()


class Reader(Protocol):
    """What a module of `bot.paper.readers` is."""

    def recognises(self, data: bytes) -> bool:
        """Whether the file is of this format, by what is in it."""

    def read(self, data: bytes, name: str) -> list[PageText]:
        """The pages of a file; `name` is its file name.

        Raises:
            PageError: It is broken, or holds no page.
        """
