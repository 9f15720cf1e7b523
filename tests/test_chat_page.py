"""The chat page in a real browser: first before the real bot, as `newsbot demo` starts it, then before calls at will.

With PICTURES=1, what the browser shows is kept in tests/pictures.
"""

import asyncio
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from telegram import Bot, CopyTextButton, InlineQueryResultArticle, InputTextMessageContent
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard

from bot.sandbox import demo
from tests.conftest import ROOT, SEED

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PICTURES = ROOT / "tests" / "pictures"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360f8cf500f0003860180b4f1a2580000000049454e44ae426082"
)


class Page:
    """What a person sees and does."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, address, me=1001, chat=1001):
        self.driver.get("about:blank")
        self.driver.get(f"{address}#{me}/{chat}")
        self.until(lambda: self.one("#chats .chat"))

    def become_phone(self):
        screen = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    def darken(self):
        self.driver.execute_script("theme.click()")
        assert self.driver.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(23, 33, 43)"

    def until(self, condition):
        return WebDriverWait(self.driver, 15, 0.05, ignored_exceptions=[Exception]).until(lambda _: condition())

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.one(selector).text

    def shows(self, text, selector="article:last-of-type .text"):
        self.until(lambda: text in self.text(selector))

    def click(self, selector):
        self.until(lambda: self.one(selector).is_displayed())
        self.one(selector).click()

    def write(self, text):
        self.one("#draft").send_keys(text, Keys.ENTER)

    def attach(self, kind, path):
        """Choose a kind of file, a picture (1) or any (2), and then the file, as the browser's own dialog would."""
        self.driver.execute_script("HTMLInputElement.prototype.click = () => {}")
        self.click("#attach")
        self.click(f"#popup li:nth-child({kind}) button")
        self.one("#file").send_keys(str(path))

    def press(self, label):
        found = [b for b in self.all(".keyboard button") if b.text.split("\n")[0].startswith(label)]
        found[-1].click()

    def labels(self):
        return [b.text for b in self.all("article:last-of-type .keyboard button")]

    def picture(self, name, tmp_path):
        folder = PICTURES if os.environ.get("PICTURES") else tmp_path
        folder.mkdir(exist_ok=True)
        self.until(lambda: self.driver.execute_script("return [...document.images].every(i => i.complete)"))
        shown = Image.open(io.BytesIO(self.driver.get_screenshot_as_png())).convert("RGB")
        kept = folder / f"{name}.png"
        shown.quantize(128, dither=Image.Dither.NONE).save(kept, optimize=True)
        assert kept.stat().st_size < 120_000  # a README shows several

    def complaints(self):
        """What went wrong in the page's scripts, but for calls to a server that has been stopped."""
        logged = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        return [message for message in logged if "net::ERR_" not in message]


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    if not (CHROMIUM and DRIVER):
        reason = "Chromium and its driver are not here: apt-get install chromium chromium-driver"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tmp_path_factory.mktemp("profile")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield opened
    opened.quit()


@pytest.fixture
def page(driver):
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.set_window_size(1100, 900)
    driver.get_log("browser")
    shown = Page(driver)
    yield shown
    assert shown.complaints() == []


@pytest.fixture
def address(data_dir):
    """Where `newsbot demo` says that its page is; in the end it must have stopped cleanly, and told no secret."""
    env = {"NEWSBOT_DATA_DIR": str(data_dir), "NEWSBOT_SEEDS_DIR": str(SEED.parent), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        command, env=os.environ | env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline()
            yield re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
            process.send_signal(signal.SIGINT)
            _, log = process.communicate(timeout=20)
            assert process.returncode == 0
            assert "Traceback" not in log
            assert not re.search(r"\d:[\w-]{30}", log)
        finally:
            process.kill()


def test_a_conversation_with_the_bot(page, address, tmp_path):
    page.driver.set_window_size(1000, 1000)
    page.open(address)
    page.click("#start")
    page.shows("您好！我收录了报纸全文。")

    page.write("灯会")
    page.shows("🔎 灯会 · 6 篇 7 段")
    assert page.labels() == ["1", "2", "3", "4", "5", "▶", "⇅ 最新", "⤓"]
    first = page.text("article:last-of-type .text")
    assert "灯会" in [bold.text for bold in page.all("article:last-of-type b")]
    page.picture("results", tmp_path)
    page.press("▶")
    page.shows("\n6. ")
    page.press("◀")
    page.until(lambda: page.text("article:last-of-type .text") == first)
    page.press("1")
    page.until(lambda: "↩ 返回" in page.labels())
    page.press("↩ 返回")
    page.until(lambda: page.text("article:last-of-type .text") == first)
    assert len(page.all("article")) == 4  # one message is edited, not a trail

    page.click("#menu")
    page.until(lambda: "/latest" in page.text("#panel"))
    next(row for row in page.all(".command") if "/latest" in row.text).click()
    page.shows("📰 2026年1月7日（推定） · 3 篇")

    page.attach(2, SEED)
    page.until(lambda: SEED.name in page.text(".mine .file"))
    page.shows(f"📄 {SEED.name}\n")  # 小明 is the operator, to whom a page is shown


def test_editing_a_question_edits_its_answer(page, address):
    page.open(address, me=1003, chat=1003)
    page.click("#start")
    page.shows("Hello!")
    page.write("灯会")
    page.shows("🔎 灯会 · 6 articles")
    count = len(page.all("article"))
    page.driver.execute_script("document.querySelector('article.mine:nth-last-of-type(2) .more').click()")
    next(b for b in page.all("#popup button") if b.text == "Edit").click()
    page.one("#draft").clear()
    page.write("量子望远镜")
    page.shows("Nothing found for “量子望远镜”.")
    assert len(page.all("article")) == count


def test_three_readers_on_a_phone(page, address, tmp_path):
    page.become_phone()
    page.open(address)
    page.click("#start")
    page.shows("您好！")
    page.write("剪纸艺人")
    page.shows("🔎 剪纸艺人 · 1 篇 1 段")
    page.press("1")
    page.shows("灯会上的剪纸摊\n2026年1月6日 · 第1版 · 记者 李雯")
    page.write("灯会 客流高峰")
    page.shows("🔎 灯会 客流高峰")
    page.press("1")
    page.until(lambda: "📄 第1版" in page.labels())
    page.press("📄 第1版")
    page.shows("📰 2026年1月6日 · 3 篇 · 第1版")
    page.picture("page", tmp_path)

    page.open(address, me=1002, chat=1002)
    page.click("#start")
    page.shows("您好！")
    page.write("供水")
    page.shows("🔎 供水 · 1 篇 1 段")
    page.write("/trend 燈會 供水")
    page.shows("📈 2026年1月5日至2026年1月7日 · 按日")
    page.until(lambda: page.one("article:last-of-type .photo").get_property("naturalWidth") == 1080)
    at_the_end = "return messages.scrollHeight - messages.scrollTop - messages.clientHeight < 2"
    page.until(lambda: page.driver.execute_script(at_the_end))
    page.picture("trend", tmp_path)

    page.open(address, me=1003, chat=1003)
    page.darken()
    page.click("#start")
    page.shows("Hello!")
    page.write("供水")
    page.shows("🔎 供水 · 1 article")
    page.write("/watch 灯会 -招聘")
    page.shows("🔔 Watch for 灯会 -招聘?")
    assert page.labels() == ["🔔 Start"]
    page.picture("watch", tmp_path)


def test_a_group_on_a_phone_in_the_dark(page, address, tmp_path):
    page.become_phone()
    page.open(address, me=1002, chat=-1001)
    page.darken()
    page.write("谁听得见？")
    page.write("@newsbot 红十字 救援队")
    page.until(lambda: "🔎 红十字 救援队 · 1 篇 3 段" in page.text("article.theirs:last-of-type .text"))
    assert page.text("article.theirs .quote span") == "@newsbot 红十字 救援队"
    assert len(page.all("article.theirs")) == 1  # what was not meant for the bot did not reach it
    assert page.driver.execute_script("return document.body.scrollWidth <= innerWidth")
    page.picture("phone", tmp_path)
    page.click("#back")
    page.until(lambda: page.one("#sidebar").is_displayed() and not page.one("#chat").is_displayed())


# ---- before a bot whose every call the test makes --------------------------------------------------------------------


@pytest.fixture
def telegram():
    with demo.running(0) as opened:
        opened.chats[1001].started = True
        yield opened


@pytest.fixture
def call(telegram):
    """Makes one call of the bot: `call("send_message", 1001, "x")`."""

    def make(method, *arguments, **options):
        async def once():
            async with Bot(telegram.token, base_url=telegram.base_url) as bot:
                return await getattr(bot, method)(*arguments, **options)

        return asyncio.run(once())

    return make


@pytest.fixture
def chat(page, telegram):
    page.open(telegram.address)
    return page


def test_every_kind_of_entity(chat, call):
    html = (
        "<b>粗<i>斜</i></b> <u>u</u> <s>s</s> <code>码</code> <tg-spoiler>谜</tg-spoiler> "
        '<a href="https://example.com/?a=1">链</a> /help 😀<b>后</b>\n'
        f"<blockquote expandable>{'很长的引文。' * 80}</blockquote>\n末"
    )
    call("send_message", 1001, html, parse_mode="HTML")
    chat.shows("末")
    tags = ("b", "b i", "u", "s", "code", ".spoiler", "a.text_link", "a.bot_command", "blockquote")
    assert [chat.one(f".text {tag}").text for tag in tags][1:6] == ["斜", "u", "s", "码", "谜"]
    assert chat.all(".text > b")[1].text == "后"  # offsets count UTF-16 code units
    quote = chat.one("blockquote")
    folded = quote.size["height"]
    quote.click()
    chat.until(lambda: quote.size["height"] > 2 * folded)
    chat.click(".text a.text_link")
    chat.until(lambda: "https://example.com/?a=1" in chat.text("dialog"))
    chat.click("dialog button:last-child")


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "</div><script>alert(1)</script>", "&lt;b&gt;"])
def test_markup_in_a_message_is_text(chat, call, text):
    call("send_message", 1001, text)
    call("send_message", 1001, "x", reply_markup=Keyboard([[Button(text, callback_data="x")]]))
    chat.until(lambda: len(chat.all("article")) == 2)
    assert chat.text("article:first-of-type .text") == text
    assert chat.labels() == [text]
    assert not chat.all("main img, main script")


def test_edits_and_deletions_are_seen_at_once(chat, call):
    message = call("send_message", 1001, "一", reply_markup=Keyboard([[Button("键", callback_data="x")]]))
    chat.shows("一")
    call("edit_message_text", "二", 1001, message.message_id)
    chat.shows("二")
    assert chat.labels() == []
    call(
        "edit_message_reply_markup",
        1001,
        message.message_id,
        reply_markup=Keyboard([[Button("新", callback_data="y")]]),
    )
    chat.until(lambda: chat.labels() == ["新"])
    call("send_chat_action", 1001, "typing")
    chat.until(lambda: chat.text("#status") == "正在输入…")
    call("delete_message", 1001, message.message_id)
    chat.until(lambda: not chat.all("article"))


def test_a_press_is_answered_with_a_notice_or_an_alert(chat, call):
    call("send_message", 1001, "x", reply_markup=Keyboard([[Button("键", callback_data="数据")]]))
    chat.until(chat.labels)
    offset = 0
    for alert, place in ((False, "#toast"), (True, "dialog p")):
        chat.press("键")
        [update] = call("get_updates", offset, timeout=10)
        assert update.callback_query.data == "数据"
        offset = update.update_id + 1
        assert chat.all(".busy")
        call("answer_callback_query", update.callback_query.id, "收到了", show_alert=alert)
        chat.until(lambda place=place: chat.text(place) == "收到了")
        assert not chat.all(".busy")
    chat.click("dialog button")


def test_buttons_that_need_no_bot(chat, call):
    rows = [
        [Button("复制", copy_text=CopyTextButton("复制的"))],
        [Button("外面", url="https://example.com/x")],
        [Button("深处", url="https://t.me/newsbot?start=a_12")],
        [Button("这里", switch_inline_query_current_chat="算力")],
        [Button("别处", switch_inline_query="灯会")],
    ]
    call("send_message", 1001, "x", reply_markup=Keyboard(rows))
    chat.until(chat.labels)
    chat.press("复制")
    chat.until(lambda: chat.text("#toast") == "已复制")
    chat.press("外面")
    chat.until(lambda: "https://example.com/x" in chat.text("dialog"))
    chat.click("dialog button:last-child")
    chat.press("这里")
    chat.until(lambda: chat.one("#draft").get_property("value") == "@newsbot 算力")
    chat.press("别处")
    next(button for button in chat.all("dialog button") if button.text == "家人").click()
    chat.until(lambda: chat.one("#draft").get_property("value") == "@newsbot 灯会")
    assert chat.text("#title") == "家人"
    chat.click("#chats .chat")
    chat.until(chat.labels)
    chat.press("深处")
    chat.until(lambda: chat.text("article.mine .text") == "/start a_12")
    assert "/start a_12" in [u.message.text for u in call("get_updates", timeout=5) if u.message]


def test_inline_cards_are_posted_where_the_bot_is_not(chat, call, telegram):
    chat.open(telegram.address, chat=-1002)
    chat.one("#draft").send_keys("@newsbot 算力")
    [update] = [u for u in call("get_updates", timeout=10) if u.inline_query.query == "算力"]
    card = InlineQueryResultArticle(
        "7",
        "题目",
        InputTextMessageContent("<b>正文</b>", "HTML"),
        Keyboard([[Button("键", callback_data="x")]]),
        description="摘要",
    )
    call("answer_inline_query", update.inline_query.id, [card])
    chat.until(lambda: chat.text(".card") == "题\n题目\n摘要")
    chat.click(".card")
    chat.until(lambda: chat.text("article.mine .text b") == "正文")
    assert chat.text("article.mine .via") == "通过 @newsbot"
    assert chat.one("#draft").get_property("value") == ""
    chat.press("键")
    pressed = [u.callback_query for u in call("get_updates", update.update_id + 1, timeout=10) if u.callback_query]
    call("edit_message_text", "改了", inline_message_id=pressed[0].inline_message_id)
    chat.until(lambda: chat.text("article.mine .text") == "改了")
    call("answer_callback_query", pressed[0].id)


def test_files_and_pictures_go_both_ways(chat, call, tmp_path):
    call("send_photo", 1001, PNG, caption="图", filename="p.png")
    chat.until(lambda: chat.one(".photo").get_property("naturalWidth") == 1)
    call("send_document", 1001, "报,纸\n".encode(), filename="表.csv")
    chat.until(lambda: chat.text(".file b") == "表.csv")
    link = chat.one(".file")
    assert link.get_attribute("download") == "表.csv"
    with urllib.request.urlopen(link.get_attribute("href")) as response:  # noqa: S310
        assert response.read().decode() == "报,纸\n"
        assert response.headers["Content-Disposition"] == "attachment"
    mine = tmp_path / "我的.png"
    mine.write_bytes(PNG)
    for kind, selector in ((1, ".mine .photo"), (2, ".mine .file")):
        chat.attach(kind, mine)
        chat.until(lambda selector=selector: chat.all(selector))
    photo, document = [u.message for u in call("get_updates", timeout=5)]
    assert photo.photo[-1].file_size == document.document.file_size == len(PNG)
    assert document.document.file_name == "我的.png"


def test_a_stopped_bot_is_forbidden_until_it_is_started_again(chat, call):
    call("send_message", 1001, "x")
    chat.click("#stop")
    chat.until(lambda: chat.one("#start").is_displayed())
    [update] = call("get_updates", timeout=5)
    assert update.my_chat_member.new_chat_member.status == "kicked"
    chat.click("#start")
    chat.shows("/start")
    call("send_message", 1001, "又见面了")
    chat.shows("又见面了")


# ---- who may talk to it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "data", "headers"),
    [
        ("", None, {"Host": "attacker.example"}),
        ("chat/events", None, {"Host": "attacker.example:80"}),
        ("chat/write", b'{"me":1001,"chat":1001,"text":"x"}', {}),
        ("chat/write", b'{"me":1001,"chat":1001,"text":"x"}', {"Origin": "https://attacker.example"}),
        ("chat/upload", b"x", {"Origin": "null"}),
    ],
)
def test_other_pages_are_refused(telegram, path, data, headers):
    request = urllib.request.Request(telegram.address + path, data, headers)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310
    refused.value.close()
    assert refused.value.code == 403
    assert telegram.chats[1001].messages == {}


@pytest.mark.parametrize(
    ("act", "asked"),
    [
        ("write", b'{"me":1001,"chat":1002,"text":"x"}'),  # someone else's chat
        ("write", b'{"me":9,"chat":9,"text":"x"}'),
        ("write", b'{"me":1001,"chat":1001,"text":" "}'),
        ("write", b'{"me":[],"chat":{}}'),
        ("write", b"[]"),
        ("write", b"x"),
        ("press", b'{"me":1001,"chat":1001,"message":1,"row":7,"column":0}'),
        ("choose", b'{"me":1001,"chat":1001,"query_id":"1","query":"","result":"1"}'),
        ("block", b'{"me":1001,"chat":-1001,"blocked":true}'),
        ("rewrite", b'{"me":1001,"chat":1001,"message":1}'),
    ],
)
def test_what_no_person_can_do_is_refused(telegram, call, act, asked):
    call("send_message", 1001, "x", reply_markup=Keyboard([[Button("x", callback_data="x")]]))
    origin = {"Origin": telegram.address.rstrip("/")}
    request = urllib.request.Request(f"{telegram.address}chat/{act}", asked, origin)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310
    refused.value.close()
    assert 400 <= refused.value.code < 500
    assert len(telegram.chats[1001].messages) == 1
    assert telegram.queue == []


def test_it_listens_on_loopback_alone(telegram):
    [listener] = telegram.http._sockets.values()
    assert listener.getsockname()[0] == "127.0.0.1"
