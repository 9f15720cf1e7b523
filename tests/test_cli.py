"""The command line, as outside programs use it: documents on stdout, exit codes, nothing else."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.conftest import PAGES, SEED


@pytest.fixture
def run(data_dir, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("TELEGRAM_", "NEWSBOT_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSBOT_DATA_DIR", str(data_dir))
    monkeypatch.setenv("NEWSBOT_SEEDS_DIR", str(SEED.parent))

    def call(*arguments, code=0):
        result = CliRunner().invoke(main, [str(a) for a in arguments])
        assert result.exit_code == code, result.output
        return result

    return call


def document(result):
    assert "\\u" not in result.stdout  # readable as it is
    return json.loads(result.stdout)


def test_search_json(run):
    found = document(run("search", "红十字救援队", "--json"))
    assert list(found) == ["query", "total", "took_ms", "hits"]
    assert found["query"] == {
        "text": "红十字救援队",
        "words": ["红十字救援队"],
        "unknown": [],
        "sort": "relevance",
        "limit": 5,
        "offset": 0,
    }
    assert found["total"] == 1
    [hit] = found["hits"]
    assert list(hit) == ["article_id", "headline", "date", "page", "score", "passages"]
    assert (hit["headline"], hit["date"], hit["page"]) == ("市红十字赈济救援队升级省级救援队", "2026-01-07", None)
    passage = hit["passages"][0]
    assert list(passage) == ["paragraph_id", "text", "excerpt", "highlights"]
    assert passage["text"].startswith("本报讯(记者 高燕)近日")
    assert [passage["excerpt"][a:b] for a, b in passage["highlights"]][:2] == ["红十字", "救援队"]


def test_search_takes_words_options_and_says_when_there_is_nothing(run):
    assert document(run("search", "灯会", "--json"))["total"] == 6
    page = document(run("search", "灯会", "--limit", 2, "--offset", 4, "--sort", "oldest", "--json"))
    assert (page["total"], [hit["date"] for hit in page["hits"]]) == (6, ["2026-01-06", "2026-01-06"])
    assert document(run("search", "量子望远镜", "--json"))["hits"] == []
    text = run("search", "量子望远镜").stdout
    assert "Nothing found for '量子望远镜'." in text
    assert "It holds 12 articles, 2026-01-05 to 2026-01-07 (inferred). Try fewer or other words." in text
    text = run("search", "红十字", "救援队").stdout
    assert (
        "1. 市红十字赈济救援队升级省级救援队\n   2026-01-07 (inferred) · 高燕 · article 3\n   近日,我市红十字" in text
    )


def test_search_explains(run):
    found = document(run("search", "hongshizi", "--json"))
    assert list(found) == ["query", "total", "took_ms", "hits"]
    assert (found["query"]["text"], found["query"]["unknown"], found["total"]) == ("红十字", ["hongshizi"], 1)
    assert run("search", "hongshizi").stdout.startswith("No “hongshizi”; by pinyin, found “红十字”.\n1 article, ")
    assert run("search", "--", "灯会", "-大同", "2025年").stdout == (
        "Understood: with 灯会, without 大同, in 2025.\nNothing found for '灯会 -大同 2025年'.\n"
        "It holds 12 articles, 2026-01-05 to 2026-01-07 (inferred). Try fewer or other words.\n"
        "  灯会 -大同  (6 articles)\n"
    )
    assert run("search", "灯会", "量子").stdout.startswith("Not in the archive: 量子.\n6 articles, ")
    assert run("search", "灯会", "高艳").stdout.endswith("\n  灯会 高燕  (7 articles)\n")


def test_yesterday_is_that_of_the_archives_time_zone(run, monkeypatch):
    told = []
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):  # 26 hours apart: never the same day
        monkeypatch.setenv("NEWSBOT_TIMEZONE", zone)
        told.append(run("search", "量子 昨天").stdout.splitlines()[0])
    assert told[0] > told[1]


def test_latest_json(run):
    items = document(run("latest", "--json"))
    assert [list(item) for item in items] == [
        ["article_id", "headline", "subheads", "date", "page", "reporters", "summary"]
    ] * 3
    assert [item["reporters"] for item in items] == [["李明璇", "郑苗苗"], ["崔莉英"], ["高燕"]]
    assert [item["headline"] for item in document(run("latest", "--date", "2026-01-05", "--limit", 1, "--json"))] == [
        "古城灯会点亮冬夜"
    ]
    assert document(run("latest", "--date", "2020-01-01", "--json")) == []
    assert "1. 市委经济工作会议举行" in run("latest").stdout
    assert run("latest", "--date", "2020-01-01").stdout == "No issue up to that day.\n"


def test_parse_json(run):
    page = document(run("parse", SEED, "--json"))
    assert list(page) == ["articles", "furniture", "date", "page"]
    assert (page["furniture"], page["date"], page["page"]) == ([], "2026-01-07", None)
    assert [len(article["paragraphs"]) for article in page["articles"]] == [12, 4, 3]
    assert {key: value for key, value in page["articles"][0].items() if key != "paragraphs"} == {
        "headline": "市委经济工作会议举行",
        "subheads": ["张强刘俊义讲话 武健鹏姚鸿波出席"],
        "reporters": ["李明璇", "郑苗苗"],
        "source_line": "本报讯(记者 李明璇 郑苗苗)",
        "label": "",
        "captions": [],
        "credits": [],
        "jump": "",
        "other_names": [],
        "dates": [["2026-01-07", "2026-01-07"]],
        "warnings": [],
    }
    page = document(run("parse", SEED, "--date", "2026-01-08", "--page", 1, "--json"))
    assert (page["date"], page["page"]) == ("2026-01-08", 1)
    text = run("parse", PAGES / "2026-01-06" / "第01版.txt").stdout
    assert text.startswith("2026-01-06 · page 1\n\nheadline  灯会迎来首个客流高峰\n")
    assert text.endswith("furniture 第01版:要闻\n")
    assert "does not exist" in run("parse", "nothing.txt", code=2).stderr


def test_article(run):
    article = document(run("article", 3, "--json"))
    assert article["headline"] == "市红十字赈济救援队升级省级救援队"
    assert article["date_inferred"] is True
    assert [p["role"] for p in article["paragraphs"]] == ["headline", "text", "text", "text"]
    assert "据介绍,市红十字会将严格按照省级救援队标准" in run("article", 3).stdout
    run("article", 10**30, code=2)
    assert run("article", 999, code=1).stderr == (
        "Error: no article 999. `newsbot latest` and `newsbot search` show the ids.\n"
    )


def test_ingest(run, tmp_path):
    new = tmp_path / "new"
    new.mkdir()
    (new / "20260109_01.txt").write_text("大桥建成\n\n本报讯(记者 甲)昨日,大桥建成通车。\n", "utf-8")
    assert run("ingest", new).stdout.splitlines() == [
        f"{new}/20260109_01.txt: stored, 1 article, 1 paragraph",
        "1 file, 1 article, 0 failed.",
    ]
    assert document(run("search", "大桥建成", "--json"))["hits"][0]["date"] == "2026-01-09"
    (new / "bad.txt").write_bytes(b"\0\xff")
    report = document(run("ingest", new, "--json", code=1))
    assert [(f["outcome"], f["error"][:15]) for f in report["files"]] == [
        ("unchanged", ""),
        ("failed", "not a text file"),
    ]
    assert report["failed"] == 1
    assert "does not exist" in run("ingest", tmp_path / "nothing", code=2).stderr
    assert "--page says the number of one page" in run("ingest", new, "--page", 3, code=2).stderr
    (tmp_path / "none").mkdir()
    assert run("ingest", tmp_path / "none", code=1).stderr == f"Error: no files in {tmp_path}/none.\n"


def test_status(run):
    held = document(run("status", "--json"))
    assert {key: held[key] for key in ("editions", "pages", "articles", "first", "last", "last_inferred")} == {
        "editions": 3,
        "pages": 4,
        "articles": 12,
        "first": "2026-01-05",
        "last": "2026-01-07",
        "last_inferred": True,
    }
    assert "From 2026-01-05 to 2026-01-07 (inferred)." in run("status").stdout


def test_an_empty_archive_fills_itself_from_the_seeds(run, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSBOT_DATA_DIR", str(tmp_path / "fresh"))
    result = run("latest", "--json")
    assert len(document(result)) == 3
    assert "000_2324dd34704a131d.txt: stored, 3 articles, 19 paragraphs" in result.stderr
    assert run("latest", "--json").stderr == ""


def test_without_pages_at_all(run, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSBOT_DATA_DIR", str(tmp_path / "fresh"))
    monkeypatch.setenv("NEWSBOT_SEEDS_DIR", str(tmp_path / "none"))
    assert "newsbot ingest PATH" in run("latest").stdout
    assert "The archive is empty" in run("search", "红十字").stdout
    assert document(run("status", "--json"))["first"] is None


def test_serve_without_a_token_says_what_to_do(run):
    error = run("serve", code=2).stderr
    assert "TELEGRAM_BOT_TOKEN is not set. Ask @BotFather" in error
    assert "`newsbot search WORDS` and `newsbot latest`" in error


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TELEGRAM_API_BASE_URL", "ftp://x", "ends in /bot"),
        ("TELEGRAM_BOT_TOKEN", "abc", "must look like 123456:ABC-DEF"),
        ("NEWSBOT_ADMINS", "me", "integer"),
        ("NEWSBOT_TIMEZONE", "Mars", "timezone"),
        ("TELEGRAM_WEBHOOK_URL", "https://example.org/hook", "TELEGRAM_WEBHOOK_SECRET"),
        ("TELEGRAM_WEBHOOK_URL", "http://example.org/hook", "must begin with https://"),
        ("TELEGRAM_WEBHOOK_SECRET", "a b", "8 to 256 letters"),
    ],
)
def test_a_wrong_setting_is_named(run, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    error = run("status", code=2).stderr
    assert said in error
    assert "See .env.example" in error


def test_a_mistyped_setting_is_refused(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSBOT_ALLOWED_USER", "5")
    error = run("status", code=2).stderr
    assert "NEWSBOT_ALLOWED_USER is no setting. Did you mean NEWSBOT_ALLOWED_USERS?" in error
    monkeypatch.delenv("NEWSBOT_ALLOWED_USER")
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKENS=123:secret\nCOMPOSE_PROJECT_NAME=paper\n")
    error = run("status", code=2).stderr
    assert "TELEGRAM_BOT_TOKENS is no setting. Did you mean TELEGRAM_BOT_TOKEN?" in error
    assert "secret" not in error
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=paper\nnewsbot_rate=2\n")
    run("status")


def test_what_was_removed_does_not_come_back_from_the_seeds(run):
    assert "红十字" in run("search", "红十字救援队").stdout
    for day in ("2026-01-05", "2026-01-06", "2026-01-07"):
        run("remove", day)
    assert "The archive is empty" in run("search", "红十字").stdout


def test_an_ingest_that_was_killed_before_its_first_edition_keeps_the_seeds_out(run, monkeypatch, tmp_path):
    def killed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.ingest", killed)
    run("ingest", "--dry-run", str(SEED), code=1)
    assert "红十字" in run("search", "红十字救援队").stdout  # it only looked
    monkeypatch.setenv("NEWSBOT_DATA_DIR", str(tmp_path / "own"))
    run("ingest", str(SEED), code=1)
    assert "The archive is empty" in run("search", "红十字").stdout


def test_a_day_is_asked_for_in_words(run):
    assert "remove [OPTIONS] EDITION\n" in run("remove", "--help").stdout
    assert "Missing argument 'EDITION'" in run("remove", code=2).stderr
    assert "--date YYYY-MM-DD" in run("ingest", "--help").stdout


def test_a_broken_database_is_named(run, data_dir):
    (data_dir / "newsbot.db").write_bytes(b"no database" * 1000)
    for suffix in ("-wal", "-shm"):
        (data_dir / f"newsbot.db{suffix}").unlink(missing_ok=True)
    error = run("status", code=1).stderr
    assert "file is not a database. It is damaged: `newsbot restore` brings back" in error


def test_an_unwritable_data_folder_is_named(run, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NEWSBOT_DATA_DIR", str(tmp_path / "file" / "data"))
    assert "NEWSBOT_DATA_DIR names the folder" in run("status", code=1).stderr


def test_python_m_bot_in_a_process_of_its_own(data_dir):
    env = {**os.environ, "NEWSBOT_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "bot", "search", "红十字救援队", "--json"]
    done = subprocess.run(command, env=env, cwd=Path(__file__).parent.parent, capture_output=True, check=True)
    assert json.loads(done.stdout)["total"] == 1
    assert done.stderr == b""


def test_every_setting_is_in_the_example():
    from bot.settings import Settings

    example = (Path(__file__).parent.parent / ".env.example").read_text("utf-8")
    for field in Settings.model_fields.values():
        assert f"\n{field.validation_alias}=" in example


def test_coverage_and_remove(run, tmp_path, data_dir):
    folder = tmp_path / "more"
    folder.mkdir()
    page = "大桥建成\n\n本报讯(记者 高燕)1月9日,大桥建成通车。\n"
    for name, text in {"20260109_01": page, "20260109_03": page * 2, "20260111_01": page.replace("桥", "塔")}.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    run("ingest", folder, "--paper", "清河日报")
    shown = run("coverage").stdout.splitlines()
    assert shown[shown.index("清河日报: 2 issues from 2026-01-09 to 2026-01-11, 1 missing") + 1 :] == [
        "2026-01                           2  -  1",
        "2026-01-09: without page 2",
    ]
    paper = document(run("coverage", "--json"))[-1]
    assert (paper["paper"], paper["missing"]) == ("清河日报", ["2026-01-10"])
    assert paper["days"][0] == {"date": "2026-01-09", "pages": 2, "missing": [2], "doubled": [], "odd": {}}
    assert run("remove", "2026-01-09", "--paper", "清河日报").stdout == "2 pages of 2026-01-09 removed.\n"
    hits = document(run("search", "大桥建成通车", "--json"))["hits"]
    assert [hit["headline"] for hit in hits] == ["大塔建成"]
    assert "`newsbot coverage` shows the days" in run("remove", "2026-01-09", code=1).stderr


def test_watch_reads_what_comes_when_it_is_whole(data_dir, tmp_path):
    incoming = data_dir / "incoming"
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ingest", "--watch"],
        env={**os.environ, "NEWSBOT_DATA_DIR": str(data_dir), "NEWSBOT_SEEDS_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr.readline() == f"Watching {incoming}. Ctrl-C ends it.\n"
        while not incoming.is_dir():
            time.sleep(0.05)
        (incoming / "20260110_02.txt.part").write_text("半", "utf-8")
        (incoming / "20260110_01.txt").write_text("大桥建成\n\n本报讯(记者 高燕)1月9日,大桥建成。\n", "utf-8")
        assert process.stdout.readline() == f"{incoming}/20260110_01.txt: stored, 1 article, 1 paragraph\n"
        process.terminate()
        assert process.wait(20) == 0
        assert process.stdout.read() == ""


def test_watch_takes_no_other_options(run):
    assert "--watch takes one folder" in run("ingest", "--watch", "--page", 3, code=2).stderr
    assert "say which files or folders" in run("ingest", code=2).stderr


def test_a_dictionary_speaks_to_nobody_and_lies_in_the_readers_own_folder(tmp_path):
    """In the shared temporary folder, any local user could put a cache that is loaded as code."""
    page = tmp_path / "20260109.txt"
    page.write_text("大桥建成\n\n会议指出,供热保障事\n\n关千家万户冷暖。\n", "utf-8")
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "parse", str(page)], env=env, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["20260109.txt", "cache"]
    assert [path.suffix for path in (tmp_path / "cache" / "newsbot").iterdir()] == [".table"]
