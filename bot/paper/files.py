"""Page files: in folders and in zip archives, without unpacking these anywhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from bot.paper.page import PageError
from bot.paper.readers import MAX_BYTES, load, word

_ZIP = b"PK\x03\x04"
_MAX_MEMBERS = 20_000
_MAX_UNPACKED = 4 << 30
_UNICODE_NAME = 0x800
_ENCRYPTED = 0x1
_HIDDEN = (".", "__MACOSX")


@dataclass(frozen=True)
class PageFile:
    """A file, or a member of a zip archive.

    Attributes:
        path: Its path; a member's is that of its archive and its own name below it.
        member: The name inside the archive `archive`; None for a file.
        archive: The zip archive.
        error: Why its archive cannot be read.
    """

    path: Path
    member: str | None = None
    archive: Path | None = None
    error: str = ""

    def load(self) -> bytes:
        """Its bytes.

        Raises:
            PageError: It is too large, encrypted or damaged.
            OSError: It cannot be opened.
        """
        if self.error:
            raise PageError(self.error)
        if self.archive is None or self.member is None:
            return load(self.path)
        try:
            with _opened(self.archive, self.archive.stat().st_mtime_ns).open(self.member) as file:
                data = file.read(MAX_BYTES + 1)
        except (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, KeyError) as error:
            raise PageError(f"damaged in its archive ({error}). Make the archive again.") from None
        if len(data) > MAX_BYTES:
            raise PageError(f"larger than {MAX_BYTES >> 20} MB. Split it into one file a page.")
        return data


def page_files(paths: Iterable[Path]) -> list[PageFile]:
    """The files behind the paths: a folder stands for all files below it, a zip archive for its members, by name.

    Hidden files are left out, and so are archives inside of archives, which are named when they are loaded.
    """
    files: list[PageFile] = []
    for path in paths:
        if path.is_dir():
            below = (p for p in path.rglob("*") if p.is_file())
            found = sorted(p for p in below if not any(part.startswith(".") for part in p.relative_to(path).parts))
        else:
            found = [path]
        for file in found:
            files += _members(file) if _is_archive(file) else [PageFile(file)]
    return list(dict.fromkeys(files))


def _is_archive(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP:
                return False
            return not word.is_document(file.read(MAX_BYTES))
    except OSError:
        return False


def _members(path: Path) -> Iterator[PageFile]:
    try:
        members = [m for m in _opened(path, path.stat().st_mtime_ns).infolist() if not m.is_dir()]
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        yield PageFile(path, error="a broken zip archive. Make it again, or unpack what it holds.")
        return
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
        yield PageFile(path, error=f"a zip archive of more than {_MAX_MEMBERS:,} files or 4 GB. Split it.")
        return
    for member in sorted(members, key=lambda m: m.filename):
        name = _name(member)
        parts = [part for part in PurePosixPath(name).parts if part not in ("..", "/")]
        if not parts or any(part.startswith(_HIDDEN) for part in parts):
            continue
        error = ""
        if member.flag_bits & _ENCRYPTED:
            error = "encrypted. Unpack it with its password first."
        elif member.file_size > MAX_BYTES:
            error = f"larger than {MAX_BYTES >> 20} MB. Split it into one file a page."
        yield PageFile(path.joinpath(*parts), member.filename, path, error)


def _name(member: ZipInfo) -> str:
    """The name of a member; Chinese Windows writes it in GBK and does not say so."""
    if member.flag_bits & _UNICODE_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


@lru_cache(maxsize=1)
def _opened(path: Path, changed: int) -> ZipFile:  # noqa: ARG001, a changed archive is another
    """The archive, kept open while its members are read one after the other."""
    return ZipFile(path)
