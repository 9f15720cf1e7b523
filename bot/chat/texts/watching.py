"""What there is to say of watches and digests, in each language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WatchTexts:
    """The sentences about watches and digests. The fields in braces are filled with text that is already escaped."""

    watch_command: str
    watches_command: str
    digest_command: str
    # Before a watch begins.
    watch_usage: str
    watch_no_words: str
    watch_no_days: str
    """{query}"""
    watch_too_long: str
    """{most}"""
    watch_full: str
    """{most}"""
    rehearsal: str
    """{query}"""
    rehearsal_now: str
    """{articles}"""
    rehearsal_then: str
    """{articles} {last}: the newest issue is not of these days."""
    watch_start_button: str
    watch_replace_button: str
    # A reader's watches.
    watch_one: str
    """{query}"""
    watch_list: str
    """{watches}"""
    watch_list_empty: str
    watch_goes_on: str
    watch_rests: str
    watch_is_silent: str
    watch_older: str
    """{articles}"""
    watch_edit: str
    watch_unknown: str
    """{number}"""
    watch_deleted: str
    """{query}"""
    watch_came_back: str
    """{watches}"""
    watch_gone_toast: str
    watch_pause_button: str
    watch_resume_button: str
    watch_resume_all_button: str
    watch_silent_button: str
    watch_sound_button: str
    watch_edit_button: str
    watch_delete_button: str
    watch_undo_button: str
    watches_button: str
    # Messages that nobody asked for at that moment.
    alert: str
    """{articles}"""
    alert_count: str
    """{query} {articles}"""
    alert_more: str
    """{articles}"""
    digest_is_on: str
    """{time} {zone}"""
    digest_is_off: str
    digest_usage: str


ZH_HANS = {
    "watch_command": "关注一个词，见报就通知",
    "watches_command": "我的关注",
    "digest_command": "每天定时的摘要",
    "watch_usage": (
        "要关注什么？例如 <code>/watch 算力 -招聘</code>：文章里每个词都有才算，-词 是不要。"
        "“原话”、甲|乙、标题:词、记者:名字 也能用。"
    ),
    "watch_no_words": "一条关注里至少要有一个要出现的词，例如 <code>/watch 算力 -招聘</code>。",
    "watch_no_days": "关注的是以后的报纸，不能带日期。去掉日期再发：<code>/watch {query}</code>。",
    "watch_too_long": "一条关注最多写 {most} 个词，请精简后再发。",
    "watch_full": "已有 {most} 条关注，到上限了。请先在 /watches 里删掉一条。",
    "rehearsal": "🔔 关注 <b>{query}</b>？",
    "rehearsal_now": "过去30天会有 {articles} 篇",
    "rehearsal_then": "截至 {last} 的30天会有 {articles} 篇",
    "watch_start_button": "🔔 开始关注",
    "watch_replace_button": "✅ 改成这个",
    "watch_one": "🔔 关注：<b>{query}</b>",
    "watch_list": "🔔 我的关注 · {watches} 条",
    "watch_list_empty": "还没有关注。发送 <code>/watch 算力</code> 开始第一条。",
    "watch_goes_on": "新报纸里有它，就发消息给您。",
    "watch_rests": "已暂停",
    "watch_is_silent": "静音",
    "watch_older": "另有 {articles} 篇在补收的旧报里，没有通知。",
    "watch_edit": "要改词，请回复这条消息，写上新的词。",
    "watch_unknown": "没有 #{number} 这条关注。/watches 列出现有的。",
    "watch_deleted": "已删除“{query}”。",
    "watch_came_back": "欢迎回来！您停用过我，{watches} 条关注都暂停了。按一下按钮就继续，或在 /watches 里逐条处理。",
    "watch_gone_toast": "这条关注已经没有了。",
    "watch_pause_button": "⏸ 暂停",
    "watch_resume_button": "▶ 继续",
    "watch_resume_all_button": "▶ 全部继续",
    "watch_silent_button": "🔕 静音",
    "watch_sound_button": "🔔 有声",
    "watch_edit_button": "✏️ 修改",
    "watch_delete_button": "🗑 删除",
    "watch_undo_button": "↩ 撤销",
    "watches_button": "🔔 我的关注",
    "alert": "🔔 关注的词见报了 · {articles} 篇",
    "alert_count": "{query} {articles} 篇",
    "alert_more": "还有 {articles} 篇，按下面的词看全部。",
    "digest_is_on": "每天 {time}（{zone}）发当天的标题，关注的词排在前面。不要了就发 <code>/digest off</code>。",
    "digest_is_off": "现在没有每日摘要。要的话发 <code>/digest 08:00</code>。",
    "digest_usage": "请写明时间，例如 <code>/digest 08:00</code>；不要了就发 <code>/digest off</code>。",
}

ZH_HANT = {
    "watch_command": "關注一個詞，見報就通知",
    "watches_command": "我的關注",
    "digest_command": "每天定時的摘要",
    "watch_usage": (
        "要關注什麼？例如 <code>/watch 算力 -招聘</code>：文章裡每個詞都有才算，-詞 是不要。"
        "「原話」、甲|乙、標題:詞、記者:名字 也能用。"
    ),
    "watch_no_words": "一則關注裡至少要有一個要出現的詞，例如 <code>/watch 算力 -招聘</code>。",
    "watch_no_days": "關注的是以後的報紙，不能帶日期。去掉日期再傳：<code>/watch {query}</code>。",
    "watch_too_long": "一則關注最多寫 {most} 個詞，請精簡後再傳。",
    "watch_full": "已有 {most} 則關注，到上限了。請先在 /watches 裡刪掉一則。",
    "rehearsal": "🔔 關注 <b>{query}</b>？",
    "rehearsal_now": "過去30天會有 {articles} 篇",
    "rehearsal_then": "截至 {last} 的30天會有 {articles} 篇",
    "watch_start_button": "🔔 開始關注",
    "watch_replace_button": "✅ 改成這個",
    "watch_one": "🔔 關注：<b>{query}</b>",
    "watch_list": "🔔 我的關注 · {watches} 則",
    "watch_list_empty": "還沒有關注。傳送 <code>/watch 算力</code> 開始第一則。",
    "watch_goes_on": "新報紙裡有它，就傳訊息給您。",
    "watch_rests": "已暫停",
    "watch_is_silent": "靜音",
    "watch_older": "另有 {articles} 篇在補收的舊報裡，沒有通知。",
    "watch_edit": "要改詞，請回覆這則訊息，寫上新的詞。",
    "watch_unknown": "沒有 #{number} 這則關注。/watches 列出現有的。",
    "watch_deleted": "已刪除「{query}」。",
    "watch_came_back": "歡迎回來！您停用過我，{watches} 則關注都暫停了。按一下按鈕就繼續，或在 /watches 裡逐則處理。",
    "watch_gone_toast": "這則關注已經沒有了。",
    "watch_pause_button": "⏸ 暫停",
    "watch_resume_button": "▶ 繼續",
    "watch_resume_all_button": "▶ 全部繼續",
    "watch_silent_button": "🔕 靜音",
    "watch_sound_button": "🔔 有聲",
    "watch_edit_button": "✏️ 修改",
    "watch_delete_button": "🗑 刪除",
    "watch_undo_button": "↩ 復原",
    "watches_button": "🔔 我的關注",
    "alert": "🔔 關注的詞見報了 · {articles} 篇",
    "alert_count": "{query} {articles} 篇",
    "alert_more": "還有 {articles} 篇，按下面的詞看全部。",
    "digest_is_on": "每天 {time}（{zone}）傳當天的標題，關注的詞排在前面。不要了就傳 <code>/digest off</code>。",
    "digest_is_off": "現在沒有每日摘要。要的話傳 <code>/digest 08:00</code>。",
    "digest_usage": "請寫明時間，例如 <code>/digest 08:00</code>；不要了就傳 <code>/digest off</code>。",
}

EN = {
    "watch_command": "Be told when a word is printed",
    "watches_command": "Your watches",
    "digest_command": "A daily digest",
    "watch_usage": (
        "What shall I watch for? For example <code>/watch 算力 -招聘</code>: an article must hold every word, and none "
        "that follows a -. “exact words”, 甲|乙, 标题:word and 记者:name work too."
    ),
    "watch_no_words": "A watch needs at least one word that is to be there, such as <code>/watch 算力 -招聘</code>.",
    "watch_no_days": "A watch is about papers to come and takes no days. Send it without: <code>/watch {query}</code>.",
    "watch_too_long": "A watch has {most} words at most. Please send a shorter one.",
    "watch_full": "You have {most} watches, which is the limit. Delete one in /watches first.",
    "rehearsal": "🔔 Watch for <b>{query}</b>?",
    "rehearsal_now": "The past 30 days would have brought {articles:article|articles}",
    "rehearsal_then": "The 30 days up to {last} would have brought {articles:article|articles}",
    "watch_start_button": "🔔 Start",
    "watch_replace_button": "✅ Change to this",
    "watch_one": "🔔 Watching for <b>{query}</b>",
    "watch_list": "🔔 Your watches: {watches}",
    "watch_list_empty": "You have no watches. Send <code>/watch 算力</code> to start one.",
    "watch_goes_on": "I write to you when a new paper holds it.",
    "watch_rests": "paused",
    "watch_is_silent": "silent",
    "watch_older": "Not alerted, because they came in with old papers: {articles:article|articles}.",
    "watch_edit": "To change the words, reply to this message with the new ones.",
    "watch_unknown": "You have no watch #{number}. /watches lists yours.",
    "watch_deleted": "“{query}” is deleted.",
    "watch_came_back": (
        "Welcome back! You had blocked me, so your watches are paused: {watches}. Press the button to let them go on, "
        "or see /watches."
    ),
    "watch_gone_toast": "There is no such watch any more.",
    "watch_pause_button": "⏸ pause",
    "watch_resume_button": "▶ resume",
    "watch_resume_all_button": "▶ resume all",
    "watch_silent_button": "🔕 silent",
    "watch_sound_button": "🔔 with sound",
    "watch_edit_button": "✏️ change",
    "watch_delete_button": "🗑 delete",
    "watch_undo_button": "↩ undo",
    "watches_button": "🔔 your watches",
    "alert": "🔔 In the paper: {articles:article|articles} for your watches",
    "alert_count": "{query}: {articles}",
    "alert_more": "And {articles:more article|more articles}: press a watch below to see all.",
    "digest_is_on": (
        "Every day at {time} ({zone}) I send the headlines, those of your watches first. "
        "<code>/digest off</code> ends it."
    ),
    "digest_is_off": "There is no daily digest. Send <code>/digest 08:00</code> to get one.",
    "digest_usage": "Please give a time, such as <code>/digest 08:00</code>, or <code>/digest off</code> to end it.",
}
