"""The arithmetic of the benchmarks: what they print stands on it."""

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search import analyzer
from tests.bench.corpora import Record, enlarged, read_set
from tests.bench.rouge import common_length, rouge_l, textrank
from tests.bench.search import figure
from tests.bench.texts import Corpus, paragraph_terms

FEW = st.text("天地人，", max_size=12)


def common_by_table(first, second):
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


@given(FEW, FEW)
def test_the_common_subsequence_is_that_of_the_textbook(first, second):
    assert common_length(first, second) == common_by_table(first, second)


def test_rouge_counts_characters_in_either_script_and_width():
    assert rouge_l("臺灣，ＧＤＰ！", "台湾GDP") == (1.0, 1.0, 1.0)
    precision, recall, f1 = rouge_l("大桥今天通车", "大桥通车")
    assert (precision, recall, round(f1, 3)) == (4 / 6, 1.0, 0.8)
    assert rouge_l("。", "大桥") == (0.0, 0.0, 0.0)


def test_textrank_takes_what_the_others_repeat():
    sentences = ["今天晴朗。", "大桥建成通车仪式举行。", "市民出席大桥建成通车仪式。", "大桥建成通车方便市民。"]
    assert "今天" not in textrank(sentences, 20)
    assert textrank(sentences, 1000) == "".join(sentences)


@given(st.lists(st.text("天地人。！a1 ", min_size=1, max_size=12), min_size=1, max_size=5), st.integers(1, 30))
def test_an_enlarged_corpus_keeps_its_own_paragraphs_and_adds_sentences_of_theirs(texts, number):
    records = [Record(str(i), text, article=i // 2) for i, text in enumerate(texts)]
    more = list(enlarged(records, number, random.Random(1)))
    assert more[: len(records)] == records[:number]
    assert len(more) == number
    assert [record.article for record in more] == sorted(record.article for record in more)
    assert set("".join(record.text for record in more)) <= set("".join(texts))


@settings(deadline=None)  # the first call loads the dictionary
@given(st.text("天地人和大桥通车。！ａA1é臺 ", max_size=30))
def test_the_peers_get_the_terms_of_the_index(text):
    assert paragraph_terms(text).split() == analyzer.paragraph_terms(text)


def test_a_corpus_comes_back_from_its_folder(tmp_path):
    records = [Record("a", "大桥\n通车。", "标题", 3), Record("b", "", "", 4)]
    corpus = Corpus.write(tmp_path / "corpus", records)
    assert list(corpus.records()) == records
    assert corpus.about["bytes"] == len("大桥\n通车。".encode())
    assert [line.split()[:1] for line in corpus.cut("words")] == [["大桥"], []]


def test_squad_and_cmrc_are_read_alike(tmp_path):
    answer = {"text": "红十字", "answer_start": 0}
    squad = {"data": [{"paragraphs": [{"context": "红十字会。", "qas": [{"question": "谁?", "answers": [answer]}]}]}]}
    cmrc = [{"context_text": "红十字会。", "qas": [{"query_text": "谁?", "answers": ["红十字"]}]}]
    read = []
    for document in (squad, cmrc):
        (tmp_path / "set.json").write_text(json.dumps(document), "utf-8")
        read.append(read_set(tmp_path / "set.json"))
    assert read[0] == read[1]
    [record], [question] = read[0]
    assert (record.text, question.relevant, question.answers) == ("红十字会。", {record.id}, ("红十字",))


def test_figures_have_three_digits():
    assert [figure(x) for x in (0.01234, 12.345, 1234.5, None)] == ["0.0123", "12.3", "1,234", "–"]
