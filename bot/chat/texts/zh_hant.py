"""Traditional Chinese."""

from bot.chat.texts.phrasebook import Texts

ZH_HANT = Texts(
    search_command="搜尋文章",
    latest_command="最新一期的標題摘要",
    article_command="依編號看全文",
    help_command="使用說明",
    welcome="您好!這裡收著報紙的全文,直接發來問題或詞語,就回給您報上的原話。",
    help=(
        "<b>直接發訊息</b>:一個詞、一個名字、一句問話都行,例如 <code>紅十字救援隊</code>。單字、簡體、全形也能找到。\n"
        "/search 詞語 — 搜尋,群組裡也能用\n"
        "/latest — 最新一期的標題摘要;<code>/latest 3</code> 只看三則,<code>/latest 2026-01-07</code> 看那一天\n"
        "/article 編號 — 看全文\n"
        "/help — 本說明\n\n"
        "結果下面的數字打開文章,▶ 翻頁,⇅ 換排序。問錯了字,改一改那則訊息,回答會跟著改。"
    ),
    empty_archive="檔案還是空的,還沒有收進報紙。",
    found="🔎 {query} · {articles} 篇 {paragraphs} 段",
    not_known="報上沒有:{words}",
    nothing_found="沒有找到「{query}」。",
    nothing_advice="這裡收有 {first} 至 {last} 的 {articles} 篇文章。換個說法,或只用最要緊的詞,再試一次。",
    how_to_search="要找什麼?發一個詞或一句話,例如 <code>/search 紅十字救援隊</code>。",
    latest="📰 {date} · {articles} 篇",
    no_issue="{date} 及以前沒有報紙。最早的一期是 {first}。",
    latest_usage="請用則數或日期:<code>/latest 5</code>、<code>/latest 2026-01-07</code>。",
    article_usage="請給出文章的編號:<code>/article 1</code>。",
    no_article="沒有這篇文章,或已被更正後的版面取代。",
    no_headline="(無標題)",
    inferred="(推定)",
    page="第{number}版",
    reporters="記者 {names}",
    part="({number}/{total})",
    list_separator="、",
    newest_button="⇅ 最新",
    oldest_button="⇅ 最早",
    relevance_button="⇅ 相關",
    back_button="↩ 返回",
    latest_button="📰 最新一期",
    expired_toast="這個按鈕已經過期,請重新發一次問題。",
    gone_toast="沒有這篇文章,或已被更正後的版面取代。",
    failed="抱歉,剛才出了差錯,已經記下。請稍後再試。",
    failed_toast="抱歉,剛才出了差錯,請稍後再試。",
    text_only="我只會讀文字:請發一個詞或一句話。",
    unknown_command="沒有這個命令。/help 有使用說明。",
    not_allowed="抱歉,這個機器人只對指定的讀者開放。",
)
