"""Folding and terms."""

import random
import re
import sys

import jieba
import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import dictionary
from bot.search import analyzer, conversions
from bot.search.characters import fold, fold_with_offsets, spell, unify
from tests.conftest import PAGES, SEED


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＧＤＰ增长８．５％", "gdp增长8.5%"),
        ("臺灣大學", "台湾大学"),
        ("衛生署", "卫生署"),
        ("著名 着名", "著名 着名"),
        ("什么 什麽", "什么 什么"),
        ("Café É", "cafe e"),
        ("①②", "12"),
        ("紅\u200b十字", "红十字"),
        ("ｶﾞ", "カ"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


def test_folding_twice_is_folding_once():
    characters = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    folded = fold(characters)
    assert fold(folded) == folded
    for step in (unify, spell):
        assert step(step(folded)) == step(folded)
        assert len(step(folded)) == len(folded)


def test_forms_of_all_regions_are_one():
    assert unify(fold("衞衛卫 著着 裡裏里 臺台枱檯 鉅钜巨")) == "卫卫卫 着着 里里里 台台台台 巨巨巨"


@given(st.text())
def test_offsets_lead_back_to_the_character(text):
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)
    for char, offset in zip(folded, offsets, strict=True):
        assert char in fold(text[offset])


@pytest.mark.parametrize("conversion", ["s2t", "s2tw", "s2hk"])
def test_either_script_has_the_same_terms(conversion, seed_paragraphs):
    # phrase tables write 瞭解 and 座標, which no conversion by single characters does
    for text in [*seed_paragraphs, "了解坐标体系的复苏,家具和大象", "借口,项链,背负,仿佛"]:
        converted = opencc.OpenCC(conversion).convert(text)
        assert spell(fold(converted)) == spell(fold(text))


def test_terms_of_a_paragraph():
    assert analyzer.paragraph_terms("大同市GDP") == [
        *("大同市", "gdp"),
        *("大同", "同市", "市g", "gd", "dp"),
        *("大", "同", "市", "g", "d", "p"),
    ]


@pytest.mark.parametrize(
    ("run", "clauses"),
    [
        ("红十字", [("红十",), ("十字",)]),
        ("2026年", [("20", "02", "26")]),
        ("6年", [("6年",)]),
        ("a股大涨", [("a股",), ("股大",), ("大涨",)]),
        ("1月7日", [("1月",), ("月7",), ("7日",)]),
        ("剧", []),
    ],
)
def test_clauses(run, clauses):
    assert analyzer.run_clauses(run) == clauses


def test_a_character_alone_keeps_its_spelling():
    assert "画" in analyzer.paragraph_terms("国画")
    assert "画" not in analyzer.paragraph_terms("计划")
    assert "计划" in analyzer.paragraph_terms("計畫")


def flipped(data):
    return data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dictionary")
    dictionary.tokenizer_in(folder)  # makes it
    made = dictionary.tokenizer_in(folder)
    assert isinstance(made.FREQ, dictionary.FrequencyTable)
    return made


def test_the_table_cuts_as_jieba_does(table):
    plain, chance = jieba.Tokenizer(), random.Random(5)
    pages = [path.read_text("utf-8") for path in [SEED, *sorted(PAGES.rglob("*.txt"))]]
    characters = [char for char in "".join(pages) if "\u4e00" <= char <= "\u9fd5"]
    chances = ("".join(chance.choices(characters, k=chance.randint(1, 12))) for _ in range(3000))  # hardly any words
    for text in [*pages, *re.findall(r"\w+", "\n".join(pages)), *chances, "㐀红十字𠮷会", ""]:
        for guess in (True, False):
            assert list(table.cut(text, HMM=guess)) == list(plain.cut(text, HMM=guess))


def test_the_table_has_what_the_dictionary_has_and_nothing_else(table):
    frequencies, total = jieba.Tokenizer.gen_pfdict(table.get_dict_file())
    assert table.total == total
    assert sorted(table.FREQ) == sorted(frequencies)
    for word in random.Random(3).sample(sorted(frequencies), 20_000):
        assert word in table.FREQ and table.FREQ[word] == table.FREQ.get(word) == frequencies[word]
        assert table.FREQ.get(word + "\n") is None and (word[::-1] in table.FREQ) == (word[::-1] in frequencies)
    assert table.FREQ.get("", 7) == 7 and "" not in table.FREQ
    with pytest.raises(KeyError):
        table.FREQ["没有这个词"]


@pytest.mark.parametrize("damaged", [lambda data: data[:-1], lambda data: b"x" + data, lambda data: data[:0]])
def test_a_damaged_cache_is_made_anew(tmp_path, table, damaged):
    dictionary.tokenizer_in(tmp_path)
    [path] = tmp_path.iterdir()
    whole = path.read_bytes()
    path.unlink()  # others may have the old one open
    path.write_bytes(damaged(whole))
    assert isinstance(dictionary.tokenizer_in(tmp_path).FREQ, dictionary.FrequencyTable)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [whole]


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, table):
    (tmp_path / "file").write_text("")
    made = dictionary.tokenizer_in(tmp_path / "file" / "folder")
    assert isinstance(made.FREQ, dict)
    assert list(made.cut("大同市红十字救援队")) == list(table.cut("大同市红十字救援队"))


def test_conversions_are_those_of_single_characters(tmp_path):
    made = conversions.conversions_in(tmp_path)
    assert conversions.conversions_in(tmp_path) == made  # from the file now
    characters = [chr(code) for first, last in conversions.HAN_RANGES for code in range(first, last + 1)]
    convert = {name: opencc.OpenCC(name).convert for name in ("s2t", "tw2t", "hk2t", "t2s")}
    for char in {*made.simplified, *made.unified, *random.Random(5).sample(characters, 2000)}:
        assert made.simplified.get(char, char) == conversions.simplified(char)
        traditional = convert["s2t"](char)
        if traditional == char:
            traditional = convert["hk2t"](convert["tw2t"](char))
        assert made.unified.get(char, char) == convert["t2s"](convert["s2t"](convert["t2s"](traditional)))


@pytest.mark.parametrize("damaged", [lambda data: data[:-1], lambda data: b"1" + data, lambda data: data[:0], flipped])
def test_damaged_conversions_are_worked_out_anew(tmp_path, damaged):
    made = conversions.conversions_in(tmp_path)
    [path] = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(damaged(whole))
    assert conversions.conversions_in(tmp_path) == made
    assert path.read_bytes() == whole


def test_conversions_that_cannot_be_kept_are_worked_out(tmp_path):
    (tmp_path / "file").write_text("")
    assert conversions.conversions_in(tmp_path / "file" / "folder").simplified["報"] == "报"
