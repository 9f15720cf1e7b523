"""The file of a result set: the same bytes for chat and command line, safe to open, complete."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive import Archive, ingest
from bot.chat.actions import ExportResults
from bot.chat.callbacks import parse
from bot.chat.screens.export import exported
from bot.chat.texts import LANGUAGES
from bot.cli import main
from bot.export import Format, export
from bot.models import Article, ArticleHit, Explanation, IssueDate, Passage, Query, Results, Sort
from bot.paper.files import page_files
from bot.search import Engine
from tests.test_cli import run  # noqa: F401


def hit(number=1, headline="题", excerpt="句。", **fields):
    article = Article(
        id=number,
        headline=headline,
        source_line="",
        date=IssueDate(date(2026, 1, 5)),
        paragraphs=(),
        **{"subheads": (), "reporters": (), "paper": "日报", "page": 3, **fields},
    )
    return ArticleHit(article, 1.0, (Passage(1, excerpt, excerpt),))


def results(*hits, total=None):
    return Results(Query("题"), ("题",), (), len(hits) if total is None else total, len(hits), 1.5, hits)


def read(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(texts, texts, st.lists(texts, max_size=3))
def test_whatever_a_page_holds_a_row_stays_a_row_and_no_cell_is_a_formula(headline, passage, names):
    hits = [hit(1, headline, passage, reporters=tuple(names), subheads=tuple(names)), hit(2)]
    [first, second] = read(export(results(*hits), Format.CSV))
    for cell in first.values():
        assert not cell.lstrip(" \u3000\xa0").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"))
    assert first["headline"].removeprefix("'") == headline.removeprefix("'")
    assert first["passage"].endswith(passage)
    assert (second["article_id"], second["headline"]) == ("2", "题")
    [article, _] = json.loads(export(results(*hits), Format.JSON))["articles"]
    assert (article["headline"], article["passage"], article["reporters"]) == (headline, passage, names)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-招聘", "@SUM(A1)", "\t=1", "\r=1", " =1", "　＝1", "＋1"])
def test_a_formula_becomes_text(text):
    [row] = read(export(results(hit(headline=text)), Format.CSV))
    assert row["headline"] == f"'{text}"


def test_the_columns():
    one = hit(7, '题,“引”"', "一\n二", subheads=("引题", "副题"), reporters=("高燕", "李雯"))
    data = export(results(one), Format.CSV, lambda number: f"https://t.me/a_bot?start=a_{number}")
    assert data.decode("utf-8-sig") == (
        "date,date_inferred,page,paper,headline,subheads,reporters,passage,article_id,link\r\n"
        '2026-01-05,no,3,日报,"题,“引”""","引题\n副题","高燕\n李雯","一\n二",7,https://t.me/a_bot?start=a_7\r\n'
    )
    assert json.loads(export(results(one), Format.JSON)) == {
        "query": {"text": "题", "words": ["题"], "unknown": [], "sort": "relevance"},
        "total": 1,
        "articles": [
            {
                "date": "2026-01-05",
                "date_inferred": False,
                "page": 3,
                "paper": "日报",
                "headline": '题,“引”"',
                "subheads": ["引题", "副题"],
                "reporters": ["高燕", "李雯"],
                "passage": "一\n二",
                "article_id": 7,
                "link": "",
            }
        ],
    }


def test_a_cell_stays_below_the_limit_of_excel():
    [row] = read(export(results(hit(headline="长" * 40_000)), Format.CSV))
    assert len(row["headline"]) == 32_000


def test_nothing_is_a_file_without_rows():
    assert read(export(results(), Format.CSV)) == []
    assert json.loads(export(results(), Format.JSON))["articles"] == []


@pytest.mark.parametrize(("language", "cut"), [
    ("zh-Hans", "共找到 12,345 篇，文件里是前 2 篇。加上日期等条件，可分次导出。"),
    ("zh-Hant", "共找到 12,345 篇，檔案裡是前 2 篇。加上日期等條件，可分次匯出。"),
    ("en", "12,345 articles match; the file has the first 2. Add conditions, such as days, to export the rest."),
])  # fmt: skip
def test_a_file_that_is_cut_says_so(language, cut):
    found = results(hit(1), hit(2), total=12_345)
    action = ExportResults("abc", Sort.RELEVANCE, Format.CSV)
    reply = exported(found.query, found, Explanation(), action, LANGUAGES[language], "a_bot")
    assert reply.html.splitlines()[-1] == cut
    whole = exported(found.query, replace(found, total=2), Explanation(), action, LANGUAGES[language], "a_bot")
    assert cut not in whole.html


@given(
    st.from_regex(r"[\w-]{11}", fullmatch=True).filter(str.isascii),
    st.sampled_from(list(Sort)),
    st.sampled_from(list(Format)),
)
def test_the_button_says_all_of_it(query_id, sort, kind):
    action = ExportResults(query_id, sort, kind)
    assert parse(str(action)) == action


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Articles of which a word finds more than one stage of the ranking looks at."""
    folder = tmp_path_factory.mktemp("large")
    for day in range(1, 13):
        lines = [f"2026年1月{day}日 第01版"]
        for number in range(12):
            words = "灯会" * (1 + (day * number) % 5) + "今晚在南门广场开幕" * (1 + number % 4)
            lines += [
                f"灯会第{day}天的{number}个故事",
                f"本报讯(记者 高燕){words},游客说第{number}个最好。很多人来看。",
            ]
        (folder / f"202601{day:02}_01.txt").write_text("\n\n".join(lines), "utf-8")
    archive = Archive(folder.with_suffix(".db"))
    assert all(r.outcome == "stored" for r in ingest(archive, page_files([folder])))
    engine = Engine(archive)
    engine.refresh()
    yield engine
    archive.close()


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("question", ["灯会", "灯会 南门广场", "谁说第3个最好", "游客"])
@pytest.mark.parametrize("per_screen", [3, 8])
def test_one_long_screen_is_all_the_short_ones(large, question, sort, per_screen):
    whole = large.search(Query(question, sort, limit=10_000))
    assert whole.total == len(whole.hits) > 100
    paged = []
    for offset in range(0, whole.total, per_screen):
        paged += large.search(Query(question, sort, limit=per_screen, offset=offset)).hits
    pages = replace(whole, hits=tuple(paged))
    for kind in Format:
        assert export(pages, kind) == export(whole, kind)


def test_the_command_line(run, engine, tmp_path):  # noqa: F811
    def link(number):
        return f"https://t.me/a_bot?start=a_{number}"

    found = engine.search(Query("灯会", Sort.NEWEST, limit=10_000))
    for kind in Format:
        call = ["export", "灯会", "--format", kind.value, "--sort", "newest"]
        bare = run(*call)
        assert bare.stdout_bytes == export(found, kind)
        assert bare.stderr == "6 articles.\n"
        out = tmp_path / "out"
        assert run(*call, "--bot", "@a_bot", "--output", out).stdout == ""
        assert out.read_bytes() == export(found, kind, link)
    assert read(run("export", "量子望远镜", "--format", "csv").stdout_bytes) == []
    run("export", "灯会", code=2)
    failed = run("export", "灯会", "--format", "csv", "--output", tmp_path / "none" / "out", code=1)
    assert "No such file or directory. --output names the file to write." in failed.output


def test_the_command_line_says_when_it_cuts(run, monkeypatch):  # noqa: F811
    monkeypatch.setattr("bot.export_command.MOST", 2)
    assert run("export", "灯会", "--format", "csv").stderr == (
        "2 articles of 6; add conditions, such as days, to export the rest.\n"
    )
    assert "export" in main.commands
