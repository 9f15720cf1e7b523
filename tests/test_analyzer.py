"""Folding and terms."""

import sys

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import analyzer
from bot.search.characters import fold, fold_with_offsets, spell, unify


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
