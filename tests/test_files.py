"""Files of all kinds and of strangers: archives, hostile content, and a process of their own."""

import json
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bot.archive import ingest
from bot.paper import files as module
from bot.paper.files import page_files
from bot.paper.page import PageError
from bot.paper.worker import PageReader

PAGE = "大桥建成\n\n本报讯(记者 高燕)1月7日,大桥建成通车。\n"
WEB = "<html><body><h1>大桥建成</h1><div id='ozoom'><p>1月7日,大桥建成通车。</p></div></body></html>"


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/"), content)
    return path


def test_a_zip_stands_for_its_members(tmp_path, empty_archive):
    path = archive(
        tmp_path / "pages.zip", **{"2026-01-08/第01版.txt": PAGE, "2026-01-08/第02版.txt": PAGE + "又。", ".x": ""}
    )
    reports = list(ingest(empty_archive, page_files([path])))
    assert [(r.source, r.outcome, r.date.day, r.page) for r in reports] == [
        (f"{path}/2026-01-08/第01版.txt", "stored", date(2026, 1, 8), 1),
        (f"{path}/2026-01-08/第02版.txt", "stored", date(2026, 1, 8), 2),
    ]
    assert [r.outcome for r in ingest(empty_archive, page_files([path]))] == ["unchanged"] * 2


def test_names_of_a_chinese_windows_archive(tmp_path):
    path = tmp_path / "x.zip"
    info = zipfile.ZipInfo("第01版.txt".encode("gb18030").decode("cp437"))
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(info, PAGE)
    raw = path.read_bytes().replace(info.filename.encode("utf-8"), "第01版.txt".encode("gb18030"))
    path.write_bytes(raw)
    assert module._name(zipfile.ZipInfo(info.filename)) == "第01版.txt"


def test_an_archive_cannot_climb_out_or_blow_up(tmp_path, empty_archive, monkeypatch):
    path = archive(
        tmp_path / "x.zip", **{"../../20260108_01.txt": PAGE, "/20260108_02.txt": PAGE.replace("大桥", "小桥")}
    )
    assert [f.path for f in page_files([path])] == [path / "20260108_01.txt", path / "20260108_02.txt"]
    assert [r.outcome for r in ingest(empty_archive, page_files([path]))] == ["stored", "stored"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "x.zip"]  # nothing is unpacked anywhere
    bomb = archive(tmp_path / "bomb.zip", **{"20260108.txt": b"\0" * (70 << 20)})
    [report] = ingest(empty_archive, page_files([bomb]))
    assert report.error == "larger than 64 MB. Split it into one file a page."
    monkeypatch.setattr(module, "_MAX_MEMBERS", 1)
    [report] = ingest(empty_archive, page_files([path]))
    assert "Split it" in report.error


def test_broken_and_nested_archives_are_named(tmp_path, empty_archive):
    tmp_path = tmp_path / "in"
    tmp_path.mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + os.urandom(200))
    inner = archive(tmp_path / "inner.zip", **{"20260108.txt": PAGE})
    archive(tmp_path / "outer.zip", **{"inner.zip": inner.read_bytes()})
    inner.unlink()
    errors = [r.error for r in ingest(empty_archive, page_files([tmp_path]))]
    assert errors[0] == "a broken zip archive. Make it again, or unpack what it holds."
    assert errors[1] == "a zip archive where a page should be. Unpack it first."


def test_every_format_goes_in(tmp_path, empty_archive):
    tmp_path = tmp_path / "in"
    tmp_path.mkdir()
    (tmp_path / "20260108_01.html").write_text(WEB, "utf-8")
    (tmp_path / "20260108_02.json").write_text(
        json.dumps([{"标题": "小桥建成", "正文": "1月7日,小桥建成通车。"}]), "utf-8"
    )
    (tmp_path / "20260108_03.txt").write_text(PAGE.replace("大桥", "铁桥"), "utf-8")
    (tmp_path / "第03版.pdf").write_bytes((Path(__file__).parent / "pdf_pages" / "第03版.pdf").read_bytes())
    reports = list(ingest(empty_archive, page_files([tmp_path])))
    assert [r.outcome for r in reports] == ["stored"] * 4
    assert {a.headline for a in empty_archive.issue(date(2026, 1, 8))} == {"大桥建成", "小桥建成", "铁桥建成"}


def test_a_file_that_takes_too_long_ends_and_the_next_is_read():
    slow = b"<html><body>" + b"<table><tr><td><img>" * 20_000
    with PageReader(timeout=0.05) as reader:
        with pytest.raises(PageError, match=r"takes more than|nested too deeply|broke off"):
            reader.read(slow, Path("slow.html"))
        reader._timeout = 30
        [page] = reader.read(WEB.encode(), Path("20260108.html"))
    assert page.articles[0].blocks[0].text == "大桥建成"


def test_a_process_that_dies_is_no_harm_to_the_next_file():
    with PageReader() as reader:
        reader.read(WEB.encode(), Path("20260108.html"))
        reader._process.kill()
        reader._process.join()
        with pytest.raises(PageError, match="broke off"):
            reader.read(WEB.encode(), Path("20260108.html"))
        assert reader.read(WEB.encode(), Path("20260108.html"))


def test_what_reading_says_comes_through():
    with PageReader() as reader, pytest.raises(PageError, match="broken"):
        reader.read(b"%PDF-1.7 nothing", Path("x.pdf"))


def test_a_text_of_500_mb_is_not_read(tmp_path, empty_archive):
    file = tmp_path / "20260108.txt"
    with file.open("wb") as sparse:
        sparse.truncate(500 << 20)
    [report] = ingest(empty_archive, page_files([file]))
    assert report.error == "larger than 64 MB. Split it into one file a page."
