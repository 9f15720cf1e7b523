"""Files into the archive: whole or not at all, the same again or changed, and what the chat remembers."""

import os
import random
import sqlite3
import threading
from contextlib import closing
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from bot.archive import Archive, ingest, store
from bot.archive.memory import ChatMemory
from bot.models import Reader, Script, Sort
from bot.paper.files import page_files
from bot.search import Engine
from tests.conftest import PAGES, SEED

PAGE = "大桥建成\n\n本报讯(记者 甲)1月7日,大桥建成通车。{}\n\n集市开张\n\n本报讯(记者 乙)1月7日,2026年集市开张。\n"


def outcomes(archive, *paths, **options):
    return [report.outcome for report in ingest(archive, page_files(paths), **options)]


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    return folder


def dump(archive):
    with sqlite3.connect(archive.path) as connection:
        return list(connection.iterdump())


def headlines(archive):
    return [
        (a.date.day.isoformat(), a.page, a.headline)
        for day in ("2026-01-07", "2026-01-08")
        for a in archive.issue(date.fromisoformat(day))
    ]


def test_the_same_file_again_changes_nothing(empty_archive):
    assert outcomes(empty_archive, SEED, PAGES) == ["stored"] * 4
    before = dump(empty_archive)
    assert outcomes(empty_archive, SEED, PAGES) == ["unchanged"] * 4
    assert dump(empty_archive) == before


def test_a_changed_file_replaces_its_page(empty_archive, tmp_path):
    first = write(tmp_path, "20260107_01.txt", PAGE.format(""))
    second = write(tmp_path, "20260107_02.txt", PAGE.format("第二版。").replace("大桥", "小桥"))
    assert outcomes(empty_archive, first, second) == ["stored", "stored"]
    bridge, market = (a.id for a in empty_archive.issue(date(2026, 1, 7))[:2])
    write(tmp_path, first.name, PAGE.format("桥长百米。").replace("集市开张\n", "集市今日开张\n"))
    assert outcomes(empty_archive, first, second) == ["replaced", "unchanged"]
    assert headlines(empty_archive) == [
        ("2026-01-07", 1, "大桥建成"),
        ("2026-01-07", 1, "集市今日开张"),
        ("2026-01-07", 2, "小桥建成"),
        ("2026-01-07", 2, "集市开张"),
    ]
    now = [a.id for a in empty_archive.issue(date(2026, 1, 7))[:2]]
    assert now == [bridge, market]  # links to corrected articles go on, be it the text or the headline


def test_a_file_without_a_page_number_is_replaced_by_its_name(empty_archive, tmp_path):
    file = write(tmp_path, "a.txt", PAGE.format(""))
    assert outcomes(empty_archive, file, write(tmp_path, "b.txt", PAGE.format("又一页。"))) == ["stored", "stored"]
    write(tmp_path, "a.txt", PAGE.format("桥长百米。"))
    assert outcomes(empty_archive, file) == ["replaced"]
    assert len(headlines(empty_archive)) == 4


def test_a_date_given_later_moves_the_page_and_an_inferred_one_does_not_move_it_back(empty_archive, tmp_path):
    file = write(tmp_path, "a.txt", PAGE.format(""))
    assert outcomes(empty_archive, file) == ["stored"]
    assert empty_archive.coverage().last.inferred
    assert outcomes(empty_archive, file, day=date(2026, 1, 8)) == ["replaced"]
    assert outcomes(empty_archive, file) == ["unchanged"]
    assert outcomes(empty_archive, file, day=date(2026, 1, 8), number=1) == ["replaced"]
    assert headlines(empty_archive) == [("2026-01-08", 1, "大桥建成"), ("2026-01-08", 1, "集市开张")]
    held = empty_archive.coverage()
    assert (held.editions, held.last.inferred) == (1, False)


def test_an_edition_is_stored_whole_or_not_at_all(empty_archive, pages, monkeypatch):
    for number in (1, 2, 3):
        write(pages, f"20260107_0{number}.txt", PAGE.format(f"第{number}页。"))
    stored = store.Archive.store_page

    def fails_at_the_third(self, source, page):
        if page.number == 3:
            raise sqlite3.OperationalError("disk full")
        return stored(self, source, page)

    monkeypatch.setattr(store.Archive, "store_page", fails_at_the_third)
    with pytest.raises(sqlite3.OperationalError):
        outcomes(empty_archive, pages)
    assert empty_archive.unused
    monkeypatch.undo()
    assert outcomes(empty_archive, pages) == ["stored"] * 3


def test_one_bad_file_does_not_spoil_the_others(empty_archive, pages):
    write(pages, "20260107_01.txt", PAGE.format(""))
    (pages / "20260107_02.txt").write_bytes(b"\x00\xff\x00\xff")
    write(pages, "20260107_03.txt", "第03版:要闻\n")
    write(pages, "undated.txt", "大桥建成\n\n本报讯(记者 甲)昨日,大桥建成通车。\n")
    write(pages, "20260107_04.txt", PAGE.format("第四页。"))
    write(pages, ".hidden", "x")
    reports = {r.source.rpartition("/")[2]: (r.outcome, r.error) for r in ingest(empty_archive, page_files([pages]))}
    assert reports == {
        "20260107_01.txt": ("stored", ""),
        "20260107_02.txt": ("failed", "not a text file (neither UTF-8, UTF-16 nor GB18030). Save the page as text."),
        "20260107_03.txt": ("failed", "no article in it, only page furniture."),
        "20260107_04.txt": ("stored", ""),
        "undated.txt": ("failed", "no issue date in the name or on the page. Give it with --date YYYY-MM-DD."),
    }


def test_a_dry_run_stores_nothing(empty_archive):
    reports = list(ingest(empty_archive, page_files([SEED]), dry_run=True))
    assert [(r.outcome, r.articles, r.paragraphs, r.date.day) for r in reports] == [("parsed", 3, 19, date(2026, 1, 7))]
    assert tuple(map(str, reports[0].warnings)) == (
        "the date 2026-01-07 is inferred from the articles; --date YYYY-MM-DD sets it.",
        "1 of them in doubt: newsbot parse FILE says why.",
    )
    assert empty_archive.unused


def test_a_path_that_is_not_there(empty_archive, tmp_path):
    [report] = ingest(empty_archive, page_files([tmp_path / "nothing"]))
    assert (report.outcome, report.error) == ("failed", "No such file or directory")


def test_a_name_in_another_encoding_is_no_harm(empty_archive, pages):
    name = os.fsdecode("20260107_第01版.txt".encode("gbk"))
    (pages / name).write_text(PAGE.format(""), "utf-8")
    [report] = ingest(empty_archive, page_files([pages]))
    assert (report.outcome, report.source.encode()[-8:]) == ("stored", b"\\xe6.txt")


def test_reading_an_archive_that_is_up_to_date_writes_nothing(archive):
    engine = Engine(archive)
    before = engine.index.generation
    assert engine.refresh() == 0
    assert engine.index.generation == before


def test_the_same_text_on_two_days_is_two_pages(empty_archive, pages):
    for day in ("2026-01-05", "2026-01-06"):
        write(pages / day, "第08版.txt", "招聘启事\n\n本报讯(记者 甲)招聘启事。\n")
    assert outcomes(empty_archive, pages) == ["stored", "stored"]
    assert outcomes(empty_archive, pages) == ["unchanged", "unchanged"]
    assert empty_archive.coverage().editions == 2


def test_the_same_name_in_two_folders_is_two_pages(empty_archive, pages):
    day = pages / "2026-01-08"
    day.mkdir()
    for folder in ("甲", "乙"):
        write(day / folder, "要闻.txt", f"{folder}事\n\n本报讯(记者 甲){folder}事发生。\n")
    assert outcomes(empty_archive, pages) == ["stored", "stored"]


def test_a_file_that_was_moved_is_the_same_page(empty_archive, pages):
    file = write(pages, "20260107_01.txt", PAGE.format(""))
    assert outcomes(empty_archive, file) == ["stored"]
    assert outcomes(empty_archive, file.rename(pages / "2026-01-07第01版.txt")) == ["unchanged"]


def test_another_file_for_the_same_page_is_reported(empty_archive, pages):
    first = write(pages, "20260107_01.txt", PAGE.format(""))
    second = write(pages, "2026-01-07第01版.txt", PAGE.format("改过。"))
    outcomes(empty_archive, first)
    [report] = ingest(empty_archive, page_files([second]))
    assert (report.outcome, *map(str, report.warnings)) == ("replaced", f"it takes the place of the page from {first}.")


def test_a_page_of_another_paper_is_told_apart_as_its_warning_says(empty_archive, pages):
    outcomes(empty_archive, write(pages, "20260107_01.txt", PAGE.format("")))
    other = PAGE.format("").replace("大桥建成", "学校开学").replace("集市开张", "河水上涨")
    [file] = page_files([write(pages, "2026-01-07第01版.txt", other)])
    [report] = ingest(empty_archive, [file])
    assert "ingest it again with --paper NAME" in str(report.warnings[0])
    [report] = ingest(empty_archive, [file], paper="晚报")
    assert (report.outcome, report.warnings) == ("replaced", ())
    assert [size.paper for size in empty_archive.page_sizes()] == ["", "晚报"]


def test_a_correction_need_not_name_the_paper_again(empty_archive, pages):
    file = write(pages, "20260107_01.txt", PAGE.format(""))
    assert outcomes(empty_archive, file, paper="大同日报") == ["stored"]
    write(pages, file.name, PAGE.format("改过。"))
    assert outcomes(empty_archive, file) == ["replaced"]
    assert {article.paper for article in empty_archive.issue(date(2026, 1, 7))} == {"大同日报"}


def test_foreign_keys_and_write_ahead_log_are_on(empty_archive):
    with empty_archive._connections.reading() as db:
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_two_openings_migrate_once(tmp_path):
    for _ in range(2):
        Archive(tmp_path / "newsbot.db").close()


def test_the_index_follows_the_archive(empty_archive, tmp_path):
    engine = Engine(empty_archive)
    file = write(tmp_path, "20260107_01.txt", PAGE.format("桥长百米。"))
    outcomes(empty_archive, file)
    assert engine.refresh() == 4
    assert [hit.position for hit in engine.index.search("百米")] == [2]
    write(tmp_path, file.name, PAGE.format("桥长千米。"))
    outcomes(empty_archive, file)
    assert engine.refresh() == 4
    assert engine.index.search("百米") == []
    assert [hit.position for hit in engine.index.search("千米")] == [6]
    assert len(engine.index) == 4
    assert empty_archive.removed_paragraphs(10) == []
    assert engine.refresh() == 0


def test_a_paragraph_that_went_before_it_was_indexed_stays_away(empty_archive, tmp_path):
    engine = Engine(empty_archive)
    file = write(tmp_path, "20260107_01.txt", PAGE.format("桥长百米。"))
    outcomes(empty_archive, file)
    write(tmp_path, file.name, PAGE.format("桥长千米。"))
    outcomes(empty_archive, file)
    engine.refresh()
    assert engine.index.search("百米") == []
    assert len(engine.index) == 4


def test_an_index_of_another_analyzer_is_made_anew(archive, monkeypatch):
    monkeypatch.setattr("bot.search.analyzer.VERSION", "0")
    engine = Engine(archive)
    assert engine.index.outdated
    before = len(engine.index)
    assert engine.refresh() == before == len(engine.index)
    assert not engine.index.outdated
    assert engine.index.search("红十字救援队")


@pytest.fixture
def memory(tmp_path):
    with closing(ChatMemory(tmp_path / "chat.db")) as opened:
        yield opened


def test_queries_are_remembered_under_short_ids_until_they_are_old(memory):
    query_id = memory.save_query("红十字 救援队")
    assert len(query_id) <= 16
    assert memory.save_query("红十字 救援队") == query_id
    assert memory.save_query("灯会") != query_id
    assert memory.saved_query(query_id) == "红十字 救援队"
    assert memory.saved_query("unknown") is None
    memory.remember_answer(1, 2, 3)
    memory.remember_answer(1, 2, 4)
    assert (memory.answer_to(1, 2, since=0), memory.answer_to(1, 9, since=0)) == (4, None)
    assert memory.answer_to(1, 2, since=1e12) is None
    memory.forget_chats(before=0)
    assert memory.saved_query(query_id)
    memory.forget_chats(before=1e12)
    assert (memory.saved_query(query_id), memory.answer_to(1, 2, since=0)) == (None, None)


def test_what_a_reader_has_set_is_kept_until_it_is_to_be_forgotten(memory):
    assert memory.readers.get(7) == Reader(7)
    quiet = (time(22), time(7, 30))
    set_up = Reader(7, "en", 3, Sort.NEWEST, Script.HANT, ZoneInfo("Asia/Taipei"), quiet, time(8), blocked=True)
    memory.readers.put(Reader(7))
    memory.readers.put(set_up)
    assert (memory.readers.get(7), memory.readers.get(8)) == (set_up, Reader(8))
    assert (memory.readers.forget(7), memory.readers.forget(7)) == (True, False)
    assert memory.readers.get(7) == Reader(7)


def test_coverage(archive, empty_archive):
    held = archive.coverage()
    assert (held.editions, held.pages, held.articles) == (3, 4, 12)
    assert (held.first.day, held.last.day) == (date(2026, 1, 5), date(2026, 1, 7))
    assert empty_archive.coverage().last is None


def test_two_forms_of_a_page_do_not_take_turns(empty_archive, pages):
    write(pages, "20260107_01.txt", PAGE.format(""))
    write(pages, "2026-01-07第01版.txt", PAGE.format("改过。"))
    assert outcomes(empty_archive, pages) == ["stored", "replaced"]
    for _ in range(2):
        assert outcomes(empty_archive, pages) == ["unchanged", "unchanged"]


def test_a_run_that_was_killed_and_run_again_leaves_the_same_archive(tmp_path):
    from tests.bench.ingest import contents, make
    from tests.bench.ingest import ingest as run

    (tmp_path / "pages").mkdir()
    make(tmp_path / "pages", 80, random.Random(3))
    with run(tmp_path / "pages", tmp_path / "whole") as process:
        process.communicate()
    with run(tmp_path / "pages", tmp_path / "killed") as process:
        for _ in range(20):  # lines: into the third day
            process.stdout.readline()
        process.kill()
        process.communicate()
    with run(tmp_path / "pages", tmp_path / "killed") as process:
        process.communicate()
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


def test_what_an_archive_holds_is_counted_anew_when_something_comes_or_goes(archive, tmp_path):
    before = archive.coverage()
    assert archive.coverage() is before
    page = write(tmp_path / "pages", "20260109_01.txt", PAGE.format("新"))
    outcomes(archive, page)
    more = archive.coverage()
    assert (more.pages, more.articles) == (before.pages + 1, before.articles + 2)
    archive.remove_edition(date(2026, 1, 9))
    assert archive.coverage() == before


def test_what_comes_in_costs_no_look_at_all_that_is_there(tmp_path):
    archive = Archive(tmp_path / "newsbot.db")
    engine = Engine(archive)
    files = page_files([PAGES])
    list(ingest(archive, files))
    engine.refresh()
    archive.remove_edition(archive.days()[0])
    asked = []
    with archive.postings._connections.writing() as db:
        conn = db.conn
    conn.set_trace_callback(asked.append)
    for _ in range(2):  # as new, and as unchanged
        list(ingest(archive, files))
        engine.refresh()
    conn.set_trace_callback(None)
    read = [one for one in asked if one.lstrip().split(" ")[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE")]
    scanned = {
        plan[3].split()[1]
        for one in dict.fromkeys(read)
        for plan in conn.execute(f"EXPLAIN QUERY PLAN {one}")
        if plan[3].startswith("SCAN")
    }
    assert len(read) > 100
    # one row, a few thousand, or what waits for the index alone
    assert scanned <= {
        "(subquery-1)",  # a list's last row
        "posting_state",
        "posting_block",
        "posting_recent",
        "removed_paragraph",
        "sqlite_master",
    }


def test_a_file_that_another_process_is_making_is_waited_for(tmp_path):
    path = tmp_path / "newsbot.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE half_made (id)")
        timer = threading.Timer(0.3, other.commit)
        timer.start()
        with closing(Archive(path)) as archive:
            assert archive.days() == ()
        timer.join()
