"""One place per fixture: the seed, an archive of it and of three invented pages, a bot before a fake Telegram."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from bot.archive import Archive, ingest
from bot.paper import load, read_pages
from bot.paper.files import page_files
from bot.sandbox import BotProcess, FakeTelegram
from bot.search import Engine

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "000_2324dd34704a131d.txt"
PAGES = ROOT / "tests" / "pages"
SERVE = (sys.executable, "-m", "bot", "serve")


def read_page(data, path, **given):
    """A file of one page."""
    [page] = read_pages(data, path, **given)
    return page


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep jieba's cache out of the home folder of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def seed_paragraphs() -> list[str]:
    """The paragraphs of the seed page, headlines included."""
    page = read_page(load(SEED), SEED)
    return [block.text for article in page.articles for block in article.blocks]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the seed and the invented pages, ingested and indexed. Copy it before you change it."""
    folder = tmp_path_factory.mktemp("library")
    archive = Archive(folder / "newsbot.db")
    assert all(report.outcome == "stored" for report in ingest(archive, page_files([SEED, PAGES])))
    Engine(archive).refresh()
    archive.close()
    return folder


@pytest.fixture
def data_dir(library: Path, tmp_path: Path) -> Path:
    """The library, for one test to do with as it likes."""
    return Path(shutil.copytree(library, tmp_path / "data"))


@pytest.fixture
def archive(data_dir: Path) -> Iterator[Archive]:
    opened = Archive(data_dir / "newsbot.db")
    yield opened
    opened.close()


@pytest.fixture
def engine(archive: Archive) -> Engine:
    return Engine(archive)


@pytest.fixture
def empty_archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive(tmp_path / "empty" / "newsbot.db")
    yield opened
    opened.close()


async def start(tg: FakeTelegram, data_dir: Path, command: Sequence[str] = SERVE, **env: str) -> BotProcess:
    """The bot as a process of its own, on a data folder, talking to a fake Telegram."""
    tg.limits = {**tg.limits, "private": (30, 1)}  # scripts type faster than a person
    env.setdefault("NEWSBOT_RATE", "100")
    return await tg.start_bot(
        command,
        timeout=60,
        NEWSBOT_DATA_DIR=str(data_dir),
        NEWSBOT_SEEDS_DIR=str(SEED.parent),
        PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        **env,
    )


@pytest_asyncio.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake
        for bot in fake.bots:
            await bot.stop()


@pytest.fixture
def serve(tg: FakeTelegram, data_dir: Path) -> Callable:
    """Starts a bot of the test's own, on a library of its own."""
    return partial(start, tg, data_dir)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(library: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FakeTelegram]:
    """A Telegram with a bot that the tests of a module share; each has a reader of its own."""
    folder = Path(shutil.copytree(library, tmp_path_factory.mktemp("shared") / "data"))
    async with FakeTelegram() as fake:
        bot = await start(fake, folder)
        yield fake
        assert await bot.stop() == 0
