"""Replies in another script: the same message, character for character."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.actions import ShowArticle
from bot.chat.replies import Button, Reply, escape
from bot.chat.script import in_script
from bot.models import Script
from bot.search.characters import in_traditional

words = st.text(alphabet="头发展里面后台湾皇只系统历史乾隆钟为着<&>\"' 𠮷aＡ臺灣裡髮發", max_size=12)


def plain(html):
    return unescape(re.sub(r"<[^<>]*>", "", html))


@settings(deadline=None)  # with the first, the dictionary is made
@given(st.lists(st.tuples(words, words, st.booleans()), max_size=5), st.sampled_from(list(Script)))
def test_tags_stay_between_the_same_characters(pieces, script):
    html = "".join(
        escape(text) + (f"<b>{escape(marked)}</b>" if bold else escape(marked)) for text, marked, bold in pieces
    )
    written = in_script(Reply(html), script).html
    assert len(plain(written)) == len(plain(html))
    assert [(len(plain(written[: m.start()])), m[0]) for m in re.finditer("</?b>", written)] == [
        (len(plain(html[: m.start()])), m[0]) for m in re.finditer("</?b>", html)
    ]


def test_a_word_that_is_half_bold_is_one_word():
    assert in_script(Reply("头<b>发</b>、<b>发</b>展"), Script.HANT).html == "頭<b>髮</b>、<b>發</b>展"


def test_what_is_typed_back_or_pressed_stays():
    reply = Reply("<code>头发</code>", ((Button("头发", ShowArticle(1)), Button("引", copy="头发")),))
    written = in_script(reply, Script.HANT)
    assert written.html == "<code>头发</code>"
    assert written.rows == ((Button("頭髮", ShowArticle(1)), Button("引", copy="头发")),)
    assert in_script(Reply("头发", fixed=True), Script.HANT).html == "头发"


def test_simplified_and_as_printed():
    assert in_script(Reply("臺灣裡面的乾隆"), Script.HANS).html == "台湾里面的乾隆"
    assert in_script(Reply("臺灣头发"), Script.PRINTED).html == "臺灣头发"


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("本报记者 范伟 余海、游红 通讯员 于伟", "本報記者 范偉 余海、游紅 通訊員 于偉"),
        ("记者:余海", "記者:余海"),
        ("(记者 高燕)于昨日", "(記者 高燕)於昨日"),
        ("范明出席示范活动，规范围栏，师范大学", "范明出席示範活動，規範圍欄，師範大學"),
        ("余海 游红 余华 游本昌 于伟国", "余海 游紅 余華 游本昌 于偉國"),
        ("演员范伟与游本昌，市长于伟、记者余海", "演員范偉與游本昌，市長于偉、記者余海"),
        ("村民余海高兴地说；于伟说，游红表示", "村民余海高興地說；于偉說，游紅表示"),
        ("百余人 三十余年来 余热", "百餘人 三十餘年來 餘熱"),
        ("铭记于心 《夜》于北京上演 乡村游等 游击队", "銘記於心 《夜》於北京上演 鄉村遊等 游擊隊"),
        ("10余人 剩余 余款 模范", "10餘人 剩餘 餘款 模範"),
        ("范围 范例 防范 风范 范畴", "範圍 範例 防範 風範 範疇"),
        ("其余 业余 余额 旅游 游客 游泳 上游 于是", "其餘 業餘 餘額 旅遊 遊客 游泳 上游 於是"),
        ("一个中国原则 三百年历史 环境保护发生 集中签约", "一個中國原則 三百年歷史 環境保護發生 集中簽約"),
        ("电机制造 体制改革 对俄制裁 举行会谈，并发出通知", "電機製造 體制改革 對俄制裁 舉行會談，並發出通知"),
        ("日历 头发 皇后 合并 复制 制药 抽签 人云亦云", "日曆 頭髮 皇后 合併 複製 製藥 抽籤 人云亦云"),
        ("传统制造业 传统制度 统制 控制 制造", "傳統製造業 傳統制度 統制 控制 製造"),
    ],
)
def test_names_keep_their_characters_in_traditional(printed, written):
    assert in_traditional(printed) == written
