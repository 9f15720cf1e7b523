"""Simplified Chinese."""

from bot.chat.texts import doubts, watching
from bot.chat.texts.phrasebook import Texts

ZH_HANS = Texts(
    language="简体中文",
    written_date="{year}年{month}{day}日",
    months=tuple(f"{month}月" for month in range(1, 13)),
    **watching.ZH_HANS,
    search_command="搜索文章",
    export_command="把搜索结果存成文件",
    latest_command="最新一期的标题摘要",
    article_command="按编号看全文",
    help_command="使用说明",
    trend_command="词语的走势",
    settings_command="设置",
    privacy_command="隐私：保存了什么",
    forgetme_command="删除关于我的一切",
    stats_command="统计",
    reindex_command="重建索引",
    remove_command="删除一天的报纸",
    welcome="您好！我收录了报纸全文。发来一个词或一个问题，我用报上的原文回答。",
    help=(
        "<b>直接发消息</b>：一个词、一个名字、一个问题都行，例如 <code>红十字救援队</code>。"
        "单字、繁体、全角也能找到。\n"
        "<b>要找得更准</b>，加上这些，可以合用：<code>“原话”</code> 一字不差，<code>算力|文旅</code> 有一个就行，"
        "<code>-招聘</code> 不要，<code>标题:灯会</code>，<code>记者:王小明</code>，<code>第3版</code>，"
        "日期如 <code>昨天 停水</code>。\n"
        "/search 词语 — 搜索，群里也能用\n"
        "/export 词语 — 把全部结果存成文件（CSV 可用 Excel 打开，另有 JSON）\n"
        "/latest — 最新一期的标题摘要；<code>/latest 3</code> 只看三条，"
        "<code>/latest 昨天</code>、<code>/latest 2026-01-07</code> 看那一天\n"
        "/trend 算力 文旅 — 词语的走势，最多四个\n"
        "/article 编号 — 看全文\n"
        "/watch 词语 — 关注，见报就通知，例如 <code>/watch 算力 -招聘</code>；/watches 管理关注\n"
        "/digest 08:00 — 每天到点发当天的标题；<code>/digest off</code> 取消\n"
        "在别的聊天里输入 @本机器人 词语 — 选一条发到那里\n"
        "/settings — 语言、条数、排序、简繁、免打扰等\n"
        "/privacy — 我保存了什么；/forgetme 全部删除\n"
        "/help — 本说明\n\n"
        "结果下面的数字打开文章，▶ 翻页，⇅ 切换排序，⤓ 把全部结果存成文件；"
        "文章下面的 📄 是它所在的版面，📅 是日历，↩ 回到原处。"
        "回复一条结果可以缩小范围（只看标题、昨天的、不要旅游），写编号就打开那一篇；回复一篇文章就在文中找。打错字了？编辑那条消息，回答会随之更新。"
    ),
    thanked="😊 随时效劳！想查什么，直接发来就行；/help 有使用说明。",
    operator_help=(
        "<b>管理员</b>\n"
        "发来版面文件（20 MB 以内）：先预览，再按钮存入；说明里可写日期和版次\n"
        "/stats — 数字；/reindex — 重建索引；/remove 日期 — 删除一天"
    ),
    empty_archive="还没有收录任何报纸。",
    found="🔎 {query} · {articles} 篇 {paragraphs} 段",
    not_known="报上没有：{words}",
    nothing_found="没有找到“{query}”。",
    nothing_advice="这里收有{first}至{last}的 {articles} 篇文章。换个说法，或只留关键词，再试一次。",
    how_to_search="要找什么？发一个词或一句话，例如 <code>/search 红十字救援队</code>。",
    exported="⤓ {query} · {articles} 篇\n每篇一项：日期、版次、报纸、标题、记者、找到的原文、编号、链接。",
    export_cut="共找到 {total} 篇，文件里是前 {articles} 篇。加上日期等条件，可分次导出。",
    export_usage="要导出什么？写上要找的词，例如 <code>/export 红十字救援队</code>，或用 /export 回复一条结果。",
    sent_before_toast="这个文件已经发过，见上文；内容已更新。",
    understood_words="含 {runs}",
    understood_phrase="含“{run}”",
    understood_either="含 {runs}",
    understood_without="不含 {run}",
    understood_headline="标题含 {run}",
    understood_reporters="记者 {runs}",
    understood_pages="第{numbers}版",
    understood_newest="按时间",
    understood_oldest="从旧到新",
    or_separator=" 或 ",
    clause_separator="，",
    whole_year="{year}年",
    whole_month="{year}年{month}",
    days_between="{first}至{last}",
    days_since="{first}起",
    days_until="{last}止",
    by_pinyin="没有“{typed}”，按拼音找到“{found}”。",
    days_outside="要找的日期不在收录范围内。",
    nothing_proposed="这里收有{first}至{last}的 {articles} 篇文章。点下面的按钮，换个找法：",
    near_button="🔎 {word} · {articles} 篇",
    without_button="去掉“{part}” · {articles} 篇",
    latest="📰 {date} · {articles} 篇",
    no_issue="{date}及以前没有报纸。最早的一期是{first}。",
    no_issue_that_day="{date}没有报纸，这是此前最近的一期。",
    old_issue="这是收录的最后一期，之后的报纸还没有收录。",
    month="📅 {month} · 有报 {issues} 天",
    latest_usage="请写明条数或日期，例如："
    "<code>/latest 5</code>、<code>/latest 昨天</code>、<code>/latest 2026-01-07</code>。",
    article_usage="请给出文章的编号：<code>/article 1</code>。",
    no_article="没有这篇文章，它可能已随版面更正而被替换。",
    no_headline="（无标题）",
    inferred="（推定）",
    page="第{number}版",
    reporters="记者 {names}",
    others="其他署名 {names}",
    part="({number}/{total})",
    found_within="🔎 {query} · {headline} · {paragraphs} 段",
    nothing_within="“{headline}”里没有找到“{query}”。",
    related="🔗 {headline}",
    same_story="这件事的前前后后",
    also="相关文章",
    nothing_related="没有找到与“{headline}”相关的文章。",
    list_separator="、",
    newest_button="⇅ 最新",
    oldest_button="⇅ 最早",
    relevance_button="⇅ 最相关",
    back_button="↩ 返回",
    undo_button="↩ 撤销",
    whole_button="📖 全文",
    page_button="📄 版面",
    issue_button="📰 全部",
    calendar_button="📅",
    related_button="🔗 相关",
    cite_button="❝ 引文",
    link_button="📋 链接",
    latest_button="📰 最新一期",
    inline_nothing="没有找到“{query}”。问问机器人 ›",
    inline_empty="还没有收录任何报纸。",
    trend="{days} · {step}",
    trend_steps={"day": "按日", "week": "按周", "month": "按月", "quarter": "按季", "year": "按年", "decade": "按十年"},
    trend_line="<b>{word}</b> <code>{bars}</code> {articles} 篇 · 最多 {peak}（{when}）",
    trend_no_line="<b>{word}</b> 没有文章提到",
    trend_all="全部文章",
    trend_left_out="一次最多 {most} 个词，还有 {left} 个没有列入。",
    trend_usage="想看哪些词的走势？写在命令后面，例如 <code>/trend 算力 文旅</code>，最多四个；"
    "也可加日期、版次等条件，例如 <code>/trend 算力 2026-01 第1版</code>。",
    picture_button="🖼 图",
    text_button="📝 文字",
    settings="<b>设置</b>",
    settings_advice="按一下要改的一项。",
    setting="{title}：{value}",
    language_title="界面语言",
    script_title="回答用字",
    per_screen_title="每屏条数",
    sort_title="排序",
    quiet_title="免打扰",
    digest_title="每日摘要",
    zone_title="时区",
    as_telegram="随 Telegram",
    by_relevance="最相关",
    by_newest="最新在前",
    by_oldest="最早在前",
    as_printed="按报上原样",
    in_simplified="简体",
    in_traditional="繁体",
    archive_zone="随本报",
    zones={
        "Asia/Shanghai": "上海",
        "Asia/Taipei": "台北",
        "Asia/Tokyo": "东京",
        "Asia/Singapore": "新加坡",
        "Australia/Sydney": "悉尼",
        "Europe/London": "伦敦",
        "Europe/Berlin": "柏林",
        "America/New_York": "纽约",
        "America/Los_Angeles": "洛杉矶",
    },
    off="关",
    private_only="这是您个人的事，请在与我的私聊里说。",
    articles="{articles} 篇",
    no_date="日期不明",
    more_files="另有 {files} 个文件，未预览。",
    more_lines="…另有 {lines} 行",
    store_button="✅ 存入",
    drop_button="🗑 丢弃",
    read_button="📰 看这一期",
    upload_undated=(
        "看不出是哪一天的报纸。请编辑这个文件的说明，写上日期和版次，例如：<code>2026-01-08 第3版</code>。"
    ),
    file_declined="谢谢，但只有本报的管理员能存入版面文件。请发一个词或一句话来搜索。",
    file_too_large=(
        "文件超过 20 MB，Telegram 不让机器人取。请拆成每版一个文件，或用 <code>newsbot ingest</code> 存入。"
    ),
    file_lost="没能从 Telegram 取到这个文件，请重新发送。",
    file_empty="压缩包里没有可读的文件。",
    dropped="已丢弃，什么都没有存入。",
    upload_gone_toast="这个文件已经处理过，或超过一天已删除。如有需要，请重新发送。",
    outcomes={
        "stored": "已存入",
        "replaced": "已替换",
        "unchanged": "未变",
        "parsed": "已读",
        "failed": "未存入",
    },
    unusable="这个文件用不了，原因（英文）：{why}",
    doubts=doubts.ZH_HANS,
    stats_archive=("📊 资料库：{editions} 期 {pages} 版，{articles} 篇 {paragraphs} 段"),
    stats_span="{first}至{last}",
    stats_gaps="缺 {days} 天、{pages} 版",
    stats_readers="近 30 天的读者：{readers} 人",
    stats_day="{date}：提问 {queries} 次，没有结果 {nothing} 次",
    reindexed="索引已重建：{paragraphs} 段，{seconds} 秒。",
    remove_usage="请写明是哪一天，例如：<code>/remove 2026-01-08</code>。",
    remove_question="从资料库删除{date}的 {pages} 版 {articles} 篇？原文件不动。",
    remove_button="🗑 删除",
    leave_button="不删",
    left="什么都没有删除。",
    removed="已删除{date}的 {pages} 版。",
    nothing_to_remove="没有{date}的报纸。",
    admins_only_toast="只有管理员能这样做。",
    trouble=("⚠️ 机器人出了差错：<code>{kind}</code>，在 <code>{place}</code>。详情见日志；同样的差错不再重复报告。"),
    privacy=(
        "🔒 <b>隐私</b>\n"
        "我保存：您在 /settings 里选的设置；您的哪条消息由我的哪条消息回答（只有编号，好让"
        "您改问题时回答跟着变）；我的每条消息显示的是哪次搜索、哪篇文章（好让您回复它接着问）；"
        "后两项满一年删除。"
        "有关注或每日摘要的，还保存：关注的词、Telegram 的语言、通知过哪些报道（两周，好让一事只报一次）"
        "、还没发出的消息。"
        "您问的词供翻页按钮使用，一年没有用到就删除。每天只数提问的次数。\n"
        "您的消息和按键保存到回答为止，最多一天。\n"
        "我不保存：您的名字、电话。\n"
        "\n"
        "关于您，现在存有：{kept}。\n"
        "/forgetme 立刻全部删除；备份里的要等新备份替换后才消失。"
    ),
    kept={
        "reader": "设置",
        "answer": "回答的编号",
        "shown": "消息所显示的",
        "watch": "关注",
        "watcher": "Telegram 的语言",
        "told": "通知过的报道",
        "outbox": "待发的消息",
        "digest": "摘要的进度",
        "received": "正在处理的消息",
    },
    kept_item="{what} {count} 项",
    kept_nothing="什么也没有",
    forget_question="现在就删除关于您的一切？要删除的是：{kept}。",
    forget_button="🗑 全部删除",
    forgotten="已全部删除：{kept}。关于您，这里不再存有任何内容；备份里的要等新备份替换后才消失。",
    expired_toast="按钮已失效，请重新发送问题。",
    gone_toast="没有这篇文章，它可能已随版面更正而被替换。",
    faults={
        "disk_full": "⚠️ 磁盘满了：什么都存不下，问答照常。腾出空间后机器人会自行恢复。",
        "read_only": "⚠️ 数据文件夹只能读、不能写，问答照常。恢复可写后机器人会自行恢复。",
        "damaged_index": "⚠️ 索引有损坏，正在用文章自动重建。若再次发生，请检查磁盘。",
        "damaged": "⚠️ 资料库文件已损坏。请停下机器人，运行 <code>newsbot restore</code> "
        "恢复最近的每夜备份，并检查磁盘。",
    },
    failed_by={
        "disk_full": "抱歉，服务器的磁盘满了，现在存不下任何东西；搜索和阅读照常。已通知管理员，请稍后再试。",
        "read_only": "抱歉，服务器暂时存不下任何东西；搜索和阅读照常。已通知管理员，请稍后再试。",
        "damaged_index": "抱歉，索引有损坏，正在自动重建。请过几分钟再问。",
        "damaged": "抱歉，资料库文件已损坏，有的内容读不出来。已通知管理员恢复备份，请稍后再试。",
    },
    failed="抱歉，刚才出了差错，已经记下。请稍后再试。",
    failed_toast="抱歉，刚才出了差错，请稍后再试。",
    search_down="抱歉，搜索服务暂时连不上。请过几分钟再试一次。",
    text_only="我只会读文字：请发一个词或一句话。",
    unknown_command="没有这个命令。/help 有使用说明。",
    not_allowed="抱歉，这个机器人只对指定的读者开放。",
    partial="⏳ 时间有限，没能全部查完。少写几个词或加上日期，会更全。",
    too_fast="您发得太快，我跟不上了。请等 {seconds} 秒再继续。",
)
