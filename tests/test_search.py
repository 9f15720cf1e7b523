"""Questions to passages, on the seed and three invented pages."""

from dataclasses import replace
from datetime import date

import pytest

from bot.archive import ingest
from bot.models import Article, IssueDate, Paragraph, Query, Role, Sort
from bot.paper.files import page_files
from bot.search import Engine, excerpt
from bot.search.query import MAX_LENGTH, parse_query, search_terms
from bot.search.sentences import clauses, sentences
from bot.search.summary import LENGTH, summarize


def marked(passage):
    return [passage.excerpt[start:end] for start, end in passage.highlights]


@pytest.mark.parametrize(
    "question", ["红十字救援队", "紅十字救援隊", "红十字 救援队", "「红十字」救援队?", "请问红十字救援队"]
)
def test_red_cross(engine, question):
    found = engine.search(Query(question))
    assert (found.total, found.paragraphs) == (1, 3)
    [hit] = found.hits
    assert hit.article.headline == "市红十字赈济救援队升级省级救援队"
    assert "山西省红十字(大同)赈济救援队" in hit.passages[0].excerpt
    assert hit.passages[0].excerpt.startswith("近日,我市")  # the byline stands in the line above
    assert {"红十字", "救援队"} <= set(marked(hit.passages[0]))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("谁主持了市委经济工作会议", "刘俊义主持"),
        ("魏碑往事什么时候演出", "2月23日、24日"),
        ("现代化产业体系", "构建具有大同特色的现代化产业体系"),
        ("剧", "剧"),
        ("高燕", "记者 高燕"),
        ("有多少场演出", "51场演出"),
        ("灯会几点亮灯", "六点亮灯"),
        ("1月7日发生了什么", "1月7日,市委经济工作会议举行"),
        ("灯会志愿者招多少人", "二百名"),
        ("剪纸艺人是谁", "郭秀兰"),
    ],
)
def test_the_first_passage_answers(engine, question, answer):
    assert answer in engine.search(Query(question)).hits[0].passages[0].excerpt


def test_the_name_of_a_reporter_finds_her_article(engine):
    found = engine.search(Query("高燕"))
    assert [hit.article.headline for hit in found.hits] == ["市红十字赈济救援队升级省级救援队"]
    assert marked(found.hits[0].passages[0]) == ["高燕"]


def test_a_word_of_the_headline_alone_finds_the_article(engine):
    [hit] = engine.search(Query("水改")).hits
    assert hit.article.headline == "供水改造工程完工"
    [hit] = engine.search(Query("启事发布")).hits
    assert hit.article.headline == "灯会志愿者招募启事发布"
    assert hit.passages[0].excerpt.startswith("灯会组委会昨日发布启事")


def test_nothing_found_says_which_words_are_unknown(engine):
    found = engine.search(Query("量子望远镜 灯谜"))
    assert (found.total, found.hits, found.unknown) == (0, (), ("量子望远镜", "灯谜"))
    assert engine.search(Query("灯谜 望远镜 灯谜")).unknown == ("灯谜", "望远镜")
    found = engine.search(Query("量子望远镜 灯会"))
    assert found.total == 6
    assert found.unknown == ("量子望远镜",)


@pytest.mark.parametrize("question", ["", "   ", "😀", "!?", "\x00"])
def test_a_question_without_words(engine, question):
    assert engine.search(parse_query(question)).total == 0


def screens(engine: Engine, sort, limit=2):
    offset, articles = 0, []
    while hits := engine.search(Query("灯会", sort, limit, offset)).hits:
        articles += [hit.article for hit in hits]
        offset += limit
    return articles


@pytest.mark.parametrize("sort", list(Sort))
def test_screens_neither_repeat_nor_skip(engine, sort):
    assert len({article.id for article in screens(engine, sort)}) == len(screens(engine, sort)) == 6


@pytest.mark.parametrize("sort", list(Sort))
def test_screens_stay_while_an_edition_comes_in(engine, archive, sort, tmp_path):
    before = screens(engine, sort)
    first = engine.search(Query("灯会", sort, limit=2))
    for day in ("2025-12-01", "2026-02-01"):
        path = tmp_path / f"{day}.txt"
        path.write_text(
            "灯会又一次\n\n本报讯(记者 高燕)灯会又一次举行。\n\n灯会闭幕\n\n灯会闭幕了,灯会很热闹。\n", "utf-8"
        )
        assert [report.outcome for report in ingest(archive, page_files([path]))] == ["stored"]
    engine.refresh()
    later = [replace(first.query, offset=offset) for offset in (0, 2, 4, 6)]
    shown = [hit.article.id for asked in later for hit in engine.search(asked).hits]
    assert len(screens(engine, sort)) > len(before)
    assert shown == [article.id for article in before]


@pytest.mark.parametrize("merged", [False, True])
def test_screens_stay_while_words_become_common(empty_archive, tmp_path, monkeypatch, merged):
    if merged:
        monkeypatch.setattr("bot.archive.postings.MERGE", 1)
    water = {f"供水管网改造第{i}期": f"市区供水管网改造第{i}期工程完工,居民用水更稳定。" for i in range(6)}
    mines = {f"煤矿安全检查第{i}轮": f"全市煤矿安全检查第{i}轮结束,隐患逐一整改到位。" for i in range(4)}
    rest = {f"街头见闻之{i}": f"街头见闻之{i}:市民生活丰富多彩,处处欢声笑语。" for i in range(8)}
    engine = engine_of_page(empty_archive, tmp_path, water | mines | rest)
    first = engine.search(Query("供水 煤矿", limit=5))
    second = engine.search(replace(first.query, offset=5))
    path = tmp_path / "20260202_01.txt"
    path.write_text("\n\n".join(f"煤矿新闻{i}\n\n某地煤矿第{i}号井投产。" for i in range(20)), "utf-8")
    assert [report.outcome for report in ingest(empty_archive, page_files([path]))] == ["stored"]
    engine.refresh()
    for before in (first, second):
        now = engine.search(before.query)
        assert now.hits == before.hits  # the scores, too
        assert (now.total, now.paragraphs, now.unknown) == (before.total, before.paragraphs, before.unknown)
    assert engine.search(Query("供水 煤矿", limit=5)).hits != first.hits
    assert engine.search(replace(first.query, text="某地", words="某地")).unknown == ("某地",)


def test_any_of_several_words_in_the_headline(engine):
    def found(question):
        return {hit.article.headline for hit in engine.search(parse_query(question, limit=20)).hits}

    assert found("标题:供水|红十字") == found("标题:供水") | found("标题:红十字")
    assert len(found("标题:供水|红十字")) == 2
    assert found("标题:供水|红十字 标题:工程") == found("标题:供水")
    assert found("灯会 标题:供水|剪纸") < found("标题:剪纸") | found("灯会")


def test_the_number_as_it_was_asked_for_goes_first(empty_archive, tmp_path):
    articles = {
        "公交改道": "7路、5路公交车改道,75路不变。",
        "八千吨": "全年完成物流量8437.55万吨。",
        "涨幅扩大": "前三季度居民人均可支配收入同比名义增长7.5%,扣除价格因素实际增长比上半年有所扩大。",
        "二十五日": "25日停水。",
        "十五日": "15日停水。",
        "五日": f"5日停水,{LONG}请市民提前储水。",
    }
    engine = engine_of_page(empty_archive, tmp_path, articles)

    def found(question):
        return [hit.article.headline for hit in engine.search(parse_query(question)).hits]

    for question in ("7.5%", "7.5", "收入 7.5%"):
        assert found(question)[0] == "涨幅扩大"
    assert "公交改道" not in found("“7.5%”")
    assert found("5日")[0] == found("5日 停水")[0] == "五日"
    [hit] = engine.search(parse_query("7.5%", limit=1)).hits
    assert marked(hit.passages[0]) == ["7.5"]


def test_where_no_word_ranks_a_body_says_what_an_article_is_about(empty_archive, tmp_path):
    path = tmp_path / "20260201_01.txt"
    path.write_text("灯会开幕\n\n本报记者 高燕\n\n古城灯会昨晚开幕,三千盏花灯点亮城墙。", "utf-8")
    assert [report.outcome for report in ingest(empty_archive, page_files([path]))] == ["stored"]
    engine = Engine(empty_archive)
    engine.refresh()
    for question in ("记者:高燕", "标题:灯会", "2026-02-01", "第1版"):
        [hit] = engine.search(parse_query(question)).hits
        assert hit.passages[0].excerpt.startswith("古城灯会昨晚开幕")


def engine_of_page(archive, folder, articles):
    """An engine of an archive with one page."""
    path = folder / "20260201_01.txt"
    path.write_text("\n\n".join(f"{title}\n\n本报讯(记者 高燕){body}" for title, body in articles.items()), "utf-8")
    assert [report.outcome for report in ingest(archive, page_files([path]))] == ["stored"]
    engine = Engine(archive)
    engine.refresh()
    return engine


LONG = "市民们纷纷前来参观,并且对展品给予了很高的评价," * 5


def test_an_article_with_more_of_the_words_goes_first(empty_archive, tmp_path):
    articles = {
        "甲乡新闻一则": f"灯会昨日开幕,{LONG}气氛热烈。\n\n煤矿方面也送来了花灯,{LONG}展示新风采。",
        "乙乡煤矿": "煤矿工人。",
        **{f"丙乡新闻{i}": f"灯会第{i}天稳步推进,市民观看。" for i in range(6)},
    }
    engine = engine_of_page(empty_archive, tmp_path, articles)
    for question in ("灯会 煤矿", "煤礦 燈會"):
        assert [hit.article.headline for hit in engine.search(Query(question)).hits[:2]] == ["甲乡新闻一则", "乙乡煤矿"]


def test_more_of_the_words_far_down_move_no_article_from_screen_to_screen(empty_archive, tmp_path):
    articles = {
        "甲乡新闻一则": f"灯会昨日开幕,{LONG}气氛热烈。\n\n煤矿方面也送来了花灯,{LONG * 3}展示新风采。",
        **{f"丙乡新闻{i}": f"{'煤矿灯会'[i % 2 * 2 :][:2]}第{i}天,{'市民观看,' * i}。" for i in range(40)},
    }
    engine = engine_of_page(empty_archive, tmp_path, articles)
    pages = [engine.search(Query("灯会 煤矿", limit=2, offset=offset)).hits for offset in range(0, 42, 2)]
    assert [len(hits) for hits in pages] == [2] * 20 + [1]
    assert len({hit.article.id for hits in pages for hit in hits}) == 41


def test_orders(engine):
    days = [article.date.day for article in screens(engine, Sort.NEWEST)]
    assert days == sorted(days, reverse=True)
    assert [article.date.day for article in screens(engine, Sort.OLDEST)] == sorted(days)


def test_a_stray_pair_is_no_result(engine):
    found = engine.search(Query("谁主持了市委经济工作会议"))
    assert [hit.article.headline for hit in found.hits] == ["市委经济工作会议举行"]


def test_marks_are_whole_numbers(engine):
    passages = [p for hit in engine.search(Query("2026年2月13日")).hits for p in hit.passages]
    marks = {mark for p in passages for mark in marked(p)}
    assert "2月13日" in marks
    assert "202" not in marks and "3日" not in marks


def test_an_article_that_goes_while_it_is_searched_is_left_out(engine, archive):
    with archive._connections.writing() as db:
        db.execute("DELETE FROM page WHERE number = 2")
    assert [hit.article.headline for hit in engine.search(Query("算力")).hits] == ["市委经济工作会议举行"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("谁主持了会议", ("主持了会议",)),
        ("魏碑往事什么时候演出", ("魏碑往事", "演出")),
        ("魏碑往事什麼時候演出", ("魏碑往事", "演出")),
        ("请问几内亚在哪里", ("几内亚",)),
        ("哪吒是谁", ("哪吒",)),
        ("吗啡", ("吗啡",)),
        ("多伦多大学有多大", ("多伦多大学",)),
        ("会议是哪天开的", ("会议", "开的")),
        ("啥时候演出", ("演出",)),
        ("魏碑往事甚麼時候演出", ("魏碑往事", "演出")),
        ("什么时候", ("什么时候",)),
        ("ＧＤＰ 8.5%", ("ＧＤＰ", "8.5")),
        ("增长5.8个百分点", ("增长5.8个百分点",)),
        ("1.2.3", ("1", "2", "3")),
    ],
)
def test_words_that_ask_are_not_looked_for(typed, words):
    assert search_terms(typed).words == words


def test_a_query_is_readable_and_bounded():
    assert parse_query(" 红十字 \n\u3000救援\x00队\u202e\u200b ").text == "红十字 救援 队"
    assert len(parse_query("字" * 5000).text) == MAX_LENGTH


def test_sentences_and_clauses():
    text = "他说:“来了!”大家笑。增长8,500元,很好;完"
    assert [text[a:b] for a, b in sentences(text)] == ["他说:“来了!”", "大家笑。", "增长8,500元,很好;", "完"]
    assert [text[a:b] for a, b in clauses(text, 12, len(text))] == ["增长8,500元,", "很好;", "完"]


def passage_of(text, question):
    terms = search_terms(question)
    return excerpt.passage(1, text, question=question, terms=terms, weights=dict.fromkeys(terms.needles, 1.0))


def test_a_passage_is_whole_sentences_around_the_answer():
    text = "第一句没有。" * 30 + "大桥今天通车。" + "后面一句。" * 40
    found = passage_of(text, "大桥通车")
    assert found.excerpt.startswith("大桥今天通车。后面一句。")
    assert found.excerpt.endswith("后面一句。")
    assert 100 < len(found.excerpt) <= excerpt.LENGTH
    assert marked(found) == ["大桥", "通车"]


def test_a_long_sentence_is_cut_at_clauses_and_says_so():
    text = (
        "前面的话,".join(str(i) for i in range(60))
        + ",大桥今天通车,"
        + "后面的话,".join(str(i) for i in range(60))
        + "。"
    )
    found = passage_of(text, "大桥")
    assert found.excerpt.startswith("…") or found.excerpt.startswith("大桥今天通车,")
    assert found.excerpt.endswith(",…")
    assert marked(found) == ["大桥"]
    assert len(found.excerpt) <= excerpt.LENGTH + 2


def test_an_endless_sentence_is_cut_around_the_match():
    found = passage_of("甲" * 500 + "大桥" + "乙" * 500, "大桥")
    assert marked(found) == ["大桥"]
    assert (found.excerpt[0], found.excerpt[-1]) == ("…", "…")
    assert len(found.excerpt) == excerpt.LENGTH + 2


def test_highlights_land_on_the_original_characters():
    found = passage_of("㍿と臺灣  ＧＤＰ是８．５％,Ⅳ級", "台湾gdp 8.5%")
    assert marked(found) == ["臺灣", "ＧＤＰ", "８．５"]


@pytest.mark.parametrize(
    ("question", "text", "marks"),
    [
        ("8日", "12月28日,8日开幕", ["8日"]),
        ("3日 开幕", "2月23日开幕", ["开幕"]),
        ("12.8万户", "3月28日,惠及12.8万户", ["12.8万户"]),
        ("大桥1,280米", "1月9日,大桥全长1,280米", ["大桥", "1,280米"]),
        ("8", "28日8人", ["8"]),
        ("8", "28日", ["8"]),  # nothing else shows why it is found
    ],
)
def test_a_digit_of_a_longer_number_is_no_mark(question, text, marks):
    assert marked(passage_of(text, question)) == marks


def test_an_empty_text_has_an_empty_passage():
    assert passage_of("", "大桥").excerpt == ""


ASIDE = "现场气氛十分热烈,许多孩子在家长的陪伴下体验了传统手工艺。"


@pytest.mark.parametrize("begins", ["该桥", "其", "“这座桥", "此桥", "該橋"])
def test_the_sentence_before_comes_where_one_begins_with_what_it_names(begins):
    answer = f"御河大桥昨日通车。{begins}投资三亿元建成。"
    found = passage_of(ASIDE * 5 + answer + "后来" * 62 + "。", "投资三亿元")  # what follows would fit without it
    assert answer in found.excerpt


def test_the_sentence_before_stays_out_where_it_does_not_fit():
    found = passage_of("长" * 139 + "。该桥投资三亿元建成。", "投资三亿元")
    assert found.excerpt == "该桥投资三亿元建成。"


def test_a_long_list_is_cut_between_its_items_around_the_best():
    families = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
    names = [family + given for family in families for given in ("建国", "海涛", "美丽")]
    found = passage_of(f"出席的有{'、'.join(names)}等。", "马海涛")
    assert "马海涛" in marked(found)
    assert found.excerpt[0] == "…"
    shown = found.excerpt.strip("…").removesuffix("等。").strip("、").split("、")
    assert set(shown) <= set(names)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲" * 100 + "abcdefgh" + "乙" * 31 + "大桥" + "丙" * 200, "…" + "乙" * 31 + "大桥"),
        ("甲" * 100 + "123,456.7" + "乙" * 30 + "大桥" + "丙" * 200, "…" + "乙" * 30 + "大桥"),
        ("e\u0301" * 100 + "大桥" + "丙" * 200, "…" + "e\u0301" * 17 + "大桥"),
        ("甲" * 200 + "大桥" + "丙" * 99 + "abcdefgh" + "丁" * 200, "大桥" + "丙" * 99 + "…"),
        ("甲" * 200 + "大桥" + "丙" * 102 + "e\u0301" + "丁" * 200, "大桥" + "丙" * 102 + "…"),
        ("甲" * 200 + "大桥" + "丙" * 101 + "👩\u200d🚒" + "丁" * 200, "大桥" + "丙" * 101 + "…"),
    ],
)
def test_no_cut_is_inside_a_word_a_number_or_a_character(text, shown):
    assert shown in passage_of(text, "大桥").excerpt


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("灯会什么时候办", "灯会于元宵节举办。"),
        ("灯会在哪办", "灯会在文瀛公园举办。"),
        ("燈會在哪辦", "燈會在文瀛公園舉辦。"),
    ],
)
def test_of_two_sentences_the_one_with_the_day_or_the_place(question, answer):
    found = passage_of("灯会举办受关注。" + ASIDE * 6 + answer + ASIDE * 5, question)
    assert answer in found.excerpt


def test_overlapping_and_touching_spans_are_one():
    assert excerpt.merge([(3, 5), (0, 2), (2, 3), (7, 9)]) == [(0, 5), (7, 9)]


def test_summaries_of_the_seed(engine):
    items = engine.latest()
    assert [item.article.headline for item in items] == [
        "市委经济工作会议举行",
        "2026年“两节”山西省优秀剧目展演启幕",
        "市红十字赈济救援队升级省级救援队",
    ]
    for item in items:
        texts = [p.text for p in item.article.paragraphs]
        assert any(item.summary.rstrip("…") in text for text in texts)
        assert not item.summary.startswith("本报讯")
        assert len(item.summary) <= LENGTH
    assert items[0].summary.startswith("1月7日,市委经济工作会议举行。")
    assert items[2].summary.startswith("近日,我市红十字赈济救援队正式升级为省级救援队")


def test_latest_takes_the_newest_issue_up_to_a_day(engine):
    assert {item.article.date.day for item in engine.latest(date(2026, 1, 6))} == {date(2026, 1, 6)}
    assert [item.article.page for item in engine.latest(date(2026, 1, 6))] == [1, 1, 1, 2, 2]
    assert len(engine.latest(date(2030, 1, 1))) == 3
    assert engine.latest(date(2020, 1, 1)) == []
    assert len(engine.latest(limit=2)) == 2


def test_summary_of_little():
    def article(*texts):
        paragraphs = tuple(Paragraph(i, Role.TEXT, text) for i, text in enumerate(texts))
        return Article(1, "标题", (), (), "", "", IssueDate(date(2026, 1, 1)), None, paragraphs)

    assert summarize(article()) == "标题"
    assert summarize(article("短。")) == "短。"
    assert summarize(article("。。。")) == "。。。"
    assert summarize(article("字" * 500)) == "字" * (LENGTH - 1) + "…"


@pytest.mark.parametrize(
    ("asked", "headlines"),
    [
        ("红十字 记者:高燕", {"市红十字赈济救援队升级省级救援队"}),
        ("红十字 记者:崔莉英", set()),
        ("標題:赈濟", {"市红十字赈济救援队升级省级救援队"}),
        ("标题:救援队 -省级", set()),
        ("“优秀剧目展演” 2026-01-07", {"2026年“两节”山西省优秀剧目展演启幕"}),
        ("“展演剧目”", set()),
        ("展演 2026-01-05..2026-01-06", set()),
        ("记者:高燕", {"市红十字赈济救援队升级省级救援队"}),
        ("记者:鄭苗苗", {"市委经济工作会议举行"}),
        ("记者:鄭苗苗|高燕", {"市委经济工作会议举行", "市红十字赈济救援队升级省级救援队"}),
        ("“记者 李明璇”", {"市委经济工作会议举行"}),
        ("“记者 郑苗苗”", set()),  # there is a name between
        ("“1月8日”", set()),  # not as 1月7日, …8日
        ("救援队 | 魏碑往事", {"市红十字赈济救援队升级省级救援队", "2026年“两节”山西省优秀剧目展演启幕"}),
    ],
)
def test_conditions(engine, asked, headlines):
    found = engine.search(parse_query(asked, today=date(2026, 1, 8)))
    assert {hit.article.headline for hit in found.hits} == headlines
    assert all(hit.passages for hit in found.hits)
