"""What an input method is still composing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.composing import settled


def unknown(word):
    return False


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("hong'shi", ""),
        ("hong shi zi", ""),
        ("hsz", ""),
        ("红十字jiu’yuan", "红十字"),
        ("红十字 -lv'you", "红十字"),
        ("红十字 记者:gao", "红十字"),
        ("红十字 ㄐㄧㄡˋ", "红十字"),
        ("GDP", "GDP"),
        ("university", "university"),
        ("AT&t", "AT&t"),
        ("2026-01", "2026-01"),
        ("新冠-19", "新冠-19"),
        (" 红十字 ", "红十字"),
    ],
)
def test_what_is_composed_goes_and_the_rest_stays(typed, left):
    assert settled(typed, unknown) == left


def test_what_the_archive_knows_stays():
    assert settled("算力 ai", lambda word: word == "ai") == "算力 ai"


@given(st.text(max_size=60), st.text("abgnhouz' ", max_size=200))
def test_only_an_end_goes_and_nothing_of_it_is_left(text, letters):
    left = settled(text + letters, unknown)
    assert (text + letters).strip().startswith(left)
    assert len(settled(text + letters, lambda _: True)) == len((text + letters).strip())
