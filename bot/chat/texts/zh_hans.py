"""Simplified Chinese."""

from bot.chat.texts.phrasebook import Texts

ZH_HANS = Texts(
    search_command="搜索文章",
    latest_command="最新一期的标题摘要",
    article_command="按编号看全文",
    help_command="使用说明",
    welcome="您好！我收录了报纸全文。发来一个词或一个问题，我用报上的原文回答。",
    help=(
        "<b>直接发消息</b>：一个词、一个名字、一个问题都行，例如 <code>红十字救援队</code>。"
        "单字、繁体、全角也能找到。\n"
        "/search 词语 — 搜索，群里也能用\n"
        "/latest — 最新一期的标题摘要；<code>/latest 3</code> 只看三条，<code>/latest 2026-01-07</code> 看那一天\n"
        "/article 编号 — 看全文\n"
        "在别的聊天里输入 @本机器人 词语 — 选一条发到那里\n"
        "/help — 本说明\n\n"
        "结果下面的数字打开文章，▶ 翻页，⇅ 切换排序。打错字了？编辑那条消息，回答会随之更新。"
    ),
    empty_archive="还没有收录任何报纸。",
    found="🔎 {query} · {articles} 篇 {paragraphs} 段",
    not_known="报上没有：{words}",
    nothing_found="没有找到“{query}”。",
    nothing_advice="这里收有 {first} 至 {last} 的 {articles} 篇文章。换个说法，或只留关键词，再试一次。",
    how_to_search="要找什么？发一个词或一句话，例如 <code>/search 红十字救援队</code>。",
    latest="📰 {date} · {articles} 篇",
    no_issue="{date} 及以前没有报纸。最早的一期是 {first}。",
    latest_usage="请写明条数或日期，例如：<code>/latest 5</code>、<code>/latest 2026-01-07</code>。",
    article_usage="请给出文章的编号：<code>/article 1</code>。",
    no_article="没有这篇文章，它可能已随版面更正而被替换。",
    no_headline="（无标题）",
    inferred="（推定）",
    page="第{number}版",
    reporters="记者 {names}",
    part="({number}/{total})",
    list_separator="、",
    newest_button="⇅ 最新",
    oldest_button="⇅ 最早",
    relevance_button="⇅ 最相关",
    back_button="↩ 返回",
    latest_button="📰 最新一期",
    whole_article_button="📖 全文",
    inline_nothing="没有找到“{query}”。问问机器人 ›",
    inline_empty="还没有收录任何报纸。",
    expired_toast="按钮已失效，请重新发送问题。",
    gone_toast="没有这篇文章，它可能已随版面更正而被替换。",
    failed="抱歉，刚才出了差错，已经记下。请稍后再试。",
    failed_toast="抱歉，刚才出了差错，请稍后再试。",
    text_only="我只会读文字：请发一个词或一句话。",
    unknown_command="没有这个命令。/help 有使用说明。",
    not_allowed="抱歉，这个机器人只对指定的读者开放。",
)
