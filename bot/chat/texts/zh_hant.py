"""Traditional Chinese."""

from bot.chat.texts.phrasebook import Texts

ZH_HANT = Texts(
    search_command="搜尋文章",
    latest_command="最新一期的標題摘要",
    article_command="依編號看全文",
    help_command="使用說明",
    welcome="您好！我收錄了報紙全文。傳來一個詞或一個問題，我用報上的原文回答。",
    help=(
        "<b>直接傳訊息</b>：一個詞、一個名字、一個問題都行，例如 <code>紅十字救援隊</code>。"
        "單一個字、簡體、全形也能找到。\n"
        "/search 詞語 — 搜尋，群組裡也能用\n"
        "/latest — 最新一期的標題摘要；<code>/latest 3</code> 只看三則，<code>/latest 2026-01-07</code> 看那一天\n"
        "/article 編號 — 看全文\n"
        "在別的聊天裡輸入 @本機器人 詞語 — 選一則傳到那裡\n"
        "/help — 本說明\n\n"
        "結果下面的數字打開文章，▶ 翻頁，⇅ 切換排序。打錯字了？編輯那則訊息，回答會隨之更新。"
    ),
    empty_archive="目前還沒有收錄任何報紙。",
    found="🔎 {query} · {articles} 篇 {paragraphs} 段",
    not_known="報上沒有：{words}",
    nothing_found="沒有找到「{query}」。",
    nothing_advice="這裡收有 {first} 至 {last} 的 {articles} 篇文章。換個說法，或只留關鍵詞，再試一次。",
    how_to_search="要找什麼？傳一個詞或一句話，例如 <code>/search 紅十字救援隊</code>。",
    latest="📰 {date} · {articles} 篇",
    no_issue="{date} 及以前沒有報紙。最早的一期是 {first}。",
    latest_usage="請寫明則數或日期，例如：<code>/latest 5</code>、<code>/latest 2026-01-07</code>。",
    article_usage="請給出文章的編號：<code>/article 1</code>。",
    no_article="沒有這篇文章，它可能已隨版面更正而被替換。",
    no_headline="（無標題）",
    inferred="（推定）",
    page="第{number}版",
    reporters="記者 {names}",
    part="({number}/{total})",
    list_separator="、",
    newest_button="⇅ 最新",
    oldest_button="⇅ 最早",
    relevance_button="⇅ 最相關",
    back_button="↩ 返回",
    latest_button="📰 最新一期",
    whole_article_button="📖 全文",
    inline_nothing="沒有找到「{query}」。問問機器人 ›",
    inline_empty="目前還沒有收錄任何報紙。",
    expired_toast="按鈕已失效，請重新傳送問題。",
    gone_toast="沒有這篇文章，它可能已隨版面更正而被替換。",
    failed="抱歉，剛才出了點問題，已記錄下來。請稍後再試。",
    failed_toast="抱歉，剛才出了點問題，請稍後再試。",
    text_only="我只會讀文字：請傳一個詞或一句話。",
    unknown_command="沒有這個指令。/help 有使用說明。",
    not_allowed="抱歉，這個機器人只對指定的讀者開放。",
)
