"""Which page a file is, and how the articles of an edition belong together."""

from dataclasses import replace
from datetime import date

import pytest

from bot.archive import ingest
from bot.archive.identity import SourceFile, StoredPage, decide, kept_ids, shared
from bot.archive.links import Placed, continuations, copies
from bot.models import Block, IssueDate, ParsedArticle, ParsedPage, Query, Role
from bot.paper.files import page_files
from bot.search import Engine

DAY, NEXT = date(2026, 1, 7), date(2026, 1, 8)
OLD = StoredPage(
    1, SourceFile("/in/a.txt", "aa"), 1, "清河日报", IssueDate(DAY), "2", frozenset({"大桥建成", "集市开张"})
)


def page(*headlines, day=DAY, inferred=False, number=1, paper="清河日报"):
    articles = tuple(ParsedArticle((Block(Role.HEADLINE, h), Block(Role.TEXT, f"{h}。"))) for h in headlines)
    return ParsedPage(articles, date=IssueDate(day, inferred), number=number, paper=paper)


SAME = page("大桥建成", "集市开张")
OTHER = page("河水上涨", "学校开学")


@pytest.mark.parametrize(
    ("path", "sha256", "new", "old", "what"),
    [
        # the same path
        ("/in/a.txt", "aa", SAME, OLD, "unchanged"),
        ("/in/a.txt", "bb", SAME, OLD, "replaces"),
        ("/in/a.txt", "bb", OTHER, OLD, "replaces"),  # a page with all articles changed is still that page
        ("/in/a.txt", "bb", replace(SAME, date=IssueDate(NEXT)), OLD, "replaces"),  # its date was wrong
        ("/in/a.txt", "bb", replace(OTHER, date=IssueDate(NEXT)), OLD, "another"),  # today.txt, every day
        ("/in/a.txt", "aa", replace(SAME, date=IssueDate(NEXT)), OLD, "replaces"),  # --date was given later
        ("/in/a.txt", "aa", replace(SAME, number=2), OLD, "replaces"),
        ("/in/a.txt", "aa", replace(SAME, paper="晚报"), OLD, "replaces"),
        # what the file does not say, the archive keeps
        ("/in/a.txt", "aa", replace(SAME, number=None, paper=""), OLD, "unchanged"),
        ("/in/a.txt", "aa", replace(SAME, date=IssueDate(NEXT, inferred=True)), OLD, "unchanged"),
        ("/in/a.txt", "aa", SAME, replace(OLD, parser="1"), "replaces"),  # read better now
        # another path, the same bytes
        ("/in/b.txt", "aa", SAME, OLD, "unchanged"),
        ("/in/b.txt", "aa", replace(SAME, date=IssueDate(NEXT)), OLD, "another"),  # an advertisement
        ("/in/b.txt", "aa", replace(SAME, date=IssueDate(NEXT)), replace(OLD, date=IssueDate(DAY, True)), "replaces"),
        ("/in/b.txt", "aa", replace(SAME, date=IssueDate(NEXT, True)), OLD, "unchanged"),
        ("/in/b.txt", "aa", replace(SAME, number=2), OLD, "another"),
        ("/in/b.txt", "aa", replace(SAME, number=None), OLD, "unchanged"),
        # another path, the same number in the edition
        ("/in/b.txt", "bb", page("大桥建成", "河水上涨"), OLD, "replaces"),
        ("/in/b.txt", "bb", OTHER, OLD, "both"),
        ("/in/b.txt", "bb", SAME, replace(OLD, older=frozenset({"bb"})), "unchanged"),  # corrected since, by /in/a.txt
        ("/in/a.txt", "bb", SAME, replace(OLD, older=frozenset({"bb"})), "replaces"),  # and the correction taken back
        ("/in/b.txt", "bb", replace(OTHER, number=2), OLD, "another"),
        ("/in/b.txt", "bb", replace(SAME, number=None), replace(OLD, number=None), "another"),
        ("/in/b.txt", "bb", replace(SAME, paper="晚报"), OLD, "another"),
    ],
)
def test_decide(path, sha256, new, old, what):
    decision = decide(SourceFile(path, sha256), new, [old], "2")
    assert {
        "unchanged": decision.unchanged,
        "replaces": decision.replaces is old and not decision.unchanged,
        "another": decision.replaces is None and not decision.warning,
        "both": decision.replaces is None and "both are kept" in str(decision.warning),
    }[what]


def test_a_correction_keeps_what_it_does_not_say():
    new = replace(SAME, date=IssueDate(NEXT, inferred=True), number=None, paper="")
    told = decide(SourceFile("/in/a.txt", "bb"), new, [OLD], "2").page
    assert (told.date, told.number, told.paper) == (IssueDate(DAY), 1, "清河日报")


def test_articles_keep_their_ids_by_headline_and_else_by_text():
    def blocks(headline, text):
        return [Block(Role.HEADLINE, headline), Block(Role.TEXT, text)]

    long, other = "大桥全长三百米,宽二十四米,历时两年建成通车。", "集市上人来人往,年货琳琅满目,摊主们喜笑颜开。"
    old = [(1, blocks("大桥建成", long)), (2, blocks("集市开张", other)), (3, blocks("", "没有标题的一段文字在这里。"))]
    new = [
        blocks("集市开张", "全改了。"),
        blocks("大桥今日建成", long + "桥头人潮涌动。"),
        blocks("新闻", "完全不同的一条新闻。"),
    ]
    assert kept_ids(old, new) == [2, 1, None]
    assert shared("", "字") == 0.0


def placed(number, page, headline="", text="", **jumps):
    return Placed(number, page, headline, text or f"第{number}篇的正文。", **jumps)


def test_two_halves_are_one():
    first = placed(1, 1, "会议举行", goes_on="四")
    second = placed(2, 4, "", comes_from="一")
    assert continuations([first, placed(3, 1), second, placed(4, 4)]) == {2: 1}
    assert continuations([replace(first, goes_on="04"), replace(second, comes_from="A1")]) == {2: 1}
    assert continuations([first, replace(second, page=5)]) == {}
    assert continuations([first, replace(second, comes_from="二")]) == {}


def test_halves_of_several_articles_are_told_apart_by_headline_or_order():
    firsts = [placed(1, 1, "会议举行", goes_on="四"), placed(2, 1, "大桥建成", goes_on="四")]
    assert continuations([*firsts, placed(3, 4, "大桥建成", comes_from="一"), placed(4, 4, comes_from="一")]) == {
        3: 2,
        4: 1,
    }
    assert continuations([*firsts, placed(3, 4, comes_from="一"), placed(4, 4, comes_from="一")]) == {3: 1, 4: 2}
    assert continuations([*firsts, placed(3, 4, comes_from="一")]) == {}  # nothing tells which


STORY = (
    "清河大桥昨日建成通车。大桥全长三百二十米,宽二十四米,双向四车道,总投资一亿两千万元。市民可以步行过桥,看河上日出。"
)


def test_a_story_printed_twice_is_kept_once():
    again = placed(2, 3, "清河大桥通车", STORY.replace("昨日", "日前"))
    summary = placed(3, 1, "导读", STORY[:24])
    weather = [placed(i, 5, "天气", "今天晴,明天多云。") for i in (4, 5)]
    assert copies([placed(1, 1, "大桥建成", STORY), again, summary, *weather]) == {2: 1}


def write(folder, name, text):
    (folder / name).write_text(text, "utf-8")
    return folder / name


FIRST = "会议举行\n\n本报讯(记者 高燕)1月7日,会议举行,研究部署今年的各项工作。(下转第四版)\n"
SECOND = "(上接第一版)会议还听取了关于农村公路养护的汇报。\n\n要持续优化营商环境,让企业少跑腿。\n"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_halves_become_one_article_whichever_page_comes_first(empty_archive, tmp_path, order):
    files = [write(tmp_path, "20260108_01.txt", FIRST), write(tmp_path, "20260108_04.txt", SECOND)]
    for i in order:
        assert [r.outcome for r in ingest(empty_archive, page_files([files[i]]))] == ["stored"]
    [article] = empty_archive.issue(NEXT)
    assert [p.text for p in article.paragraphs][2:] == SECOND.strip().split("\n\n")
    with empty_archive._connections.reading() as db:
        parts = [row["id"] for row in db.query("SELECT id FROM article")]
    assert list(empty_archive.articles(parts).values()) == [article] * 2  # the other half's id opens the whole


def test_a_story_on_two_pages_is_listed_and_found_once(empty_archive, tmp_path):
    write(tmp_path, "20260108_01.txt", f"大桥建成\n\n本报讯(记者 高燕){STORY}\n")
    write(tmp_path, "20260108_03.txt", f"清河大桥通车\n\n本报讯(记者 高燕){STORY}\n")
    list(ingest(empty_archive, page_files([tmp_path])))
    assert [a.headline for a in empty_archive.issue(NEXT)] == ["大桥建成"]
    engine = Engine(empty_archive)
    engine.refresh()
    assert [hit.article.headline for hit in engine.search(Query("河上日出")).hits] == ["大桥建成"]
