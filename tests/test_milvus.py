"""The index in Milvus beside the archive's own, on Milvus Lite: `pip install '.[milvus]'`; skipped without."""

import json
import random
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bot.archive import Archive
from bot.chat import logs
from bot.cli import main
from bot.models import Sort
from bot.search import Engine, ParagraphIndex
from bot.search.asking import search_terms
from bot.search.milvus import MilvusIndex
from bot.search.milvus_client import Address, VectorStore
from bot.search.query import parse_query
from bot.settings import Settings
from tests.bench.corpora import made
from tests.bench.ours import store
from tests.conftest import ROOT

QUESTIONS = [
    "红十字救援队",
    "紅十字 救援隊",
    "谁主持了市委经济工作会议",
    "魏碑往事什么时候演出",
    "高燕",
    "知",
    "2026",
    "GDP 8.5%",
    "2026年1月7日 会议",
    '"红十字" -升级',
    "市 第1版",
    "量子望远镜",
]


def test_an_address_is_read_and_its_secrets_are_not_shown():
    address = Address.parse("milvus+https://me:p%40ss@milvus.example:1953/news")
    assert (address.uri, address.token, address.database) == ("https://milvus.example:1953", "me:p@ss", "news")
    assert "p@ss" not in repr(address)
    assert Address.parse("milvus+http://milvus.example").uri == "http://milvus.example:19530"
    assert Address.parse("milvus+data/milvus.db").lite


@pytest.mark.parametrize(
    "wrong", ["http://me:geheim@host", "milvus+ftp://me:geheim@host", "milvus+http://", "milvus+geheim"]
)
def test_a_wrong_address_is_refused_without_repeating_it(wrong, monkeypatch):
    monkeypatch.setenv("NEWSBOT_SEARCH", wrong)
    result = CliRunner().invoke(main, ["status"])
    assert result.exit_code == 2
    assert "milvus+http://HOST:19530" in result.output or "milvus+" in result.output
    assert "geheim" not in result.output


def test_no_log_has_a_password_of_the_address(monkeypatch, capsys):
    monkeypatch.setenv("NEWSBOT_SEARCH", "milvus+http://me:geheim@host")
    settings = Settings(_env_file=None)
    assert "geheim" not in repr(settings)
    logs.set_up("INFO", settings.milvus.secrets)
    logs.logging.getLogger("x").error("token me:geheim, password geheim")
    assert "geheim" not in capsys.readouterr().err


def test_without_pymilvus_the_next_step_is_told(data_dir, monkeypatch):
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    result = cli(data_dir, "milvus+http://host", "search", "大桥")
    assert result.exit_code == 1
    assert (
        result.output == "Error: NEWSBOT_SEARCH names Milvus, and there is no pymilvus: pip install 'newsbot[milvus]'\n"
    )


# ---- with Milvus Lite --------------------------------------------------------------------------------------------

with_lite = pytest.mark.skipif(find_spec("milvus_lite") is None, reason="pip install '.[milvus]'")


def cli(data_dir, address, *arguments):
    env = {"NEWSBOT_DATA_DIR": str(data_dir), "NEWSBOT_SEEDS_DIR": "none", "NEWSBOT_SEARCH": address}
    return CliRunner().invoke(main, arguments, env=env)


@pytest.fixture
def elsewhere(library, tmp_path):
    """The library once more, its index in Milvus Lite."""
    archive = Archive(Path(shutil.copytree(library, tmp_path / "elsewhere")) / "newsbot.db")
    index = MilvusIndex(archive, Address.parse(f"milvus+{tmp_path / 'lite.db'}"))
    engine = Engine(archive, index)
    engine.refresh()
    yield engine
    index.close()
    archive.close()


def same(ours, theirs):
    """Whether two results are the same but for what float32 and the clock add."""
    assert [h.score for h in theirs.hits] == pytest.approx([h.score for h in ours.hits], rel=1e-5)
    alike = [replace(r, took_ms=0, hits=tuple(replace(h, score=0) for h in r.hits)) for r in (ours, theirs)]
    assert alike[0] == alike[1]


@with_lite
@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_those_of_the_own_index(engine, elsewhere, question):
    for sort in Sort:
        asked = replace(parse_query(question), sort=sort)
        same(engine.search(asked), elsewhere.search(asked))


@with_lite
def test_what_else_asks_the_index_gets_the_same(engine, elsewhere):
    article = engine.article(1)
    asked = parse_query("红十字救援队")
    assert elsewhere.within(article, asked, 3) == engine.within(article, asked, 3)
    assert elsewhere.related(article) == engine.related(article)
    assert elsewhere.timeline(parse_query("升级 会议")) == engine.timeline(parse_query("升级 会议"))
    assert set(elsewhere.index.terms()) == set(engine.index.terms())
    assert len(elsewhere.index) == len(engine.index)


@with_lite
def test_made_paragraphs_rank_as_in_the_own_index(empty_archive, tmp_path):
    records, questions = made(600, random.Random(3))
    store(empty_archive, ([record] for record in records))
    own = ParagraphIndex.from_texts(["", *(record.text for record in records)])
    with closing(MilvusIndex(empty_archive, Address.parse(f"milvus+{tmp_path / 'lite.db'}"))) as index:
        Engine(empty_archive, index).refresh()
        own.remove([(0, "")])  # ids begin at 1
        for question in questions[:60]:
            ours, theirs = own.search(question.text), index.search(question.text)
            assert [h.score for h in theirs] == pytest.approx([h.score for h in ours], rel=1e-5)
            last = ours[-1].score * (1 + 1e-5) if ours else 0.0  # which of equals comes last, float32 decides
            assert {h.position for h in ours if h.score > last} <= {h.position for h in theirs}


@with_lite
def test_removals_and_corrections_are_followed(data_dir, elsewhere):
    before = len(elsewhere.index)
    day = elsewhere.archive.days()[0]
    assert elsewhere.archive.remove_edition(day)
    elsewhere.refresh()
    own = Engine(Archive(data_dir / "newsbot.db"))
    own.archive.remove_edition(day)
    own.refresh()
    assert before > len(elsewhere.index) == len(own.index) > 0
    terms = set(own.index.terms())
    assert {t: n for t, (_, n) in elsewhere.index._ledger.known(terms).items()} == own.index.document_frequencies(terms)
    elsewhere.rebuild()  # with the average as it is now
    for question in QUESTIONS:
        same(own.search(parse_query(question)), elsewhere.search(parse_query(question)))
    own.archive.close()


@with_lite
def test_vectors_that_are_lost_are_made_anew(elsewhere):
    elsewhere.index._store.drop(elsewhere.archive.ledger.state.collection)
    again = Engine(elsewhere.archive, MilvusIndex(elsewhere.archive, elsewhere.index._store.address))
    assert again.refresh() == len(again.index)
    assert again.search(parse_query("红十字救援队")).hits
    again.index.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from bot.archive import Archive
from bot.search import Engine
from bot.search.milvus import MilvusIndex
from bot.search.milvus_client import Address, VectorStore

put, calls = VectorStore.put, []
def until_killed(self, collection, rows):
    put(self, collection, rows)
    calls.append(len(rows))
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGKILL)  # the vectors are there, and nobody has counted them
VectorStore.put, MilvusIndex.batch = until_killed, 10
archive = Archive(Path(sys.argv[1]))
Engine(archive, MilvusIndex(archive, Address.parse(sys.argv[2]))).refresh()
"""


@with_lite
def test_a_run_that_is_killed_is_taken_up_where_it_was(data_dir, tmp_path, monkeypatch):
    database, address = data_dir / "newsbot.db", f"milvus+{tmp_path / 'lite.db'}"
    killed = subprocess.run([sys.executable, "-c", KILLED, database, address], cwd=ROOT, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    archive = Archive(database)
    index = MilvusIndex(archive, Address.parse(address))
    assert len(index) == 20
    put, numbers = VectorStore.put, []
    monkeypatch.setattr(
        VectorStore, "put", lambda self, name, rows: (numbers.extend(n for n, _ in rows), put(self, name, rows))
    )
    engine = Engine(archive, index)
    engine.refresh()
    everything = [number for number, _ in archive.paragraph_texts(0, 1000)]
    assert numbers == everything[30:]
    assert len(index) == len(everything)
    own = ParagraphIndex(archive.postings)
    assert own.having(["救援"]).tolist() == index.having(["救援"]).tolist() != []
    index.close()
    archive.close()


@with_lite
def test_paragraphs_beyond_what_milvus_gives_are_asked_for_by_their_runs(elsewhere, monkeypatch):
    monkeypatch.setattr("bot.search.milvus.MOST", 5)
    monkeypatch.setattr("bot.search.milvus_client.MOST", 5)
    terms = search_terms("市")
    everything = elsewhere.index.having(["市"]).tolist()
    assert len(everything) > 10
    last = everything[-3:]
    assert elsewhere.index.match(terms).positions.tolist() != last
    found = elsewhere.index.match(terms, allowed=lambda positions: np.isin(positions, last))
    assert found.positions.tolist() == last


@with_lite
def test_status_says_which_index_serves_and_one_takes_over_from_the_other(data_dir, tmp_path):
    address = f"milvus+{tmp_path / 'lite.db'}"
    assert "It is the archive's own." in cli(data_dir, "", "status").output
    status = cli(data_dir, address, "status")
    assert f"It is Milvus, {tmp_path / 'lite.db'}." in status.output
    assert json.loads(cli(data_dir, address, "status", "--json").stdout)["index"] == str(tmp_path / "lite.db")
    assert json.loads(cli(data_dir, address, "search", "红十字救援队", "--json").stdout)["total"] == 1
    archive = Archive(data_dir / "newsbot.db")
    assert len(ParagraphIndex(archive.postings)) == 0
    cli(data_dir, "", "status")
    assert archive.ledger.state.size == 0
    assert len(ParagraphIndex(archive.postings)) > 0
    archive.close()


@with_lite
def test_a_server_that_does_not_answer_is_named_and_its_password_is_not(data_dir):
    result = cli(data_dir, "milvus+http://me:geheim@127.0.0.1:1", "search", "大桥")
    assert result.exit_code == 1
    assert "http://127.0.0.1:1 does not answer: is the server up" in result.output
    assert "geheim" not in result.output + str(result.exception)


@with_lite
def test_a_restored_archive_makes_its_vectors_anew(data_dir, tmp_path):
    address = f"milvus+{tmp_path / 'lite.db'}"
    cli(data_dir, address, "status")
    assert cli(data_dir, address, "backup", str(tmp_path / "b.zip")).exit_code == 0
    assert cli(data_dir, address, "restore", str(tmp_path / "b.zip")).exit_code == 0
    archive = Archive(data_dir / "newsbot.db")
    with closing(MilvusIndex(archive, Address.parse(address))) as index:
        assert index.outdated
    archive.close()
