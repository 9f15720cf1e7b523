"""Traditional Chinese."""

from bot.chat.texts import doubts, watching
from bot.chat.texts.phrasebook import Texts

ZH_HANT = Texts(
    language="繁體中文",
    written_date="{year}年{month}{day}日",
    months=tuple(f"{month}月" for month in range(1, 13)),
    **watching.ZH_HANT,
    search_command="搜尋文章",
    export_command="把搜尋結果存成檔案",
    latest_command="最新一期的標題摘要",
    article_command="依編號看全文",
    help_command="使用說明",
    trend_command="詞語的走勢",
    settings_command="設定",
    privacy_command="隱私：保存了什麼",
    forgetme_command="刪除關於我的一切",
    stats_command="統計",
    reindex_command="重建索引",
    remove_command="刪除一天的報紙",
    welcome="您好！我收錄了報紙全文。傳來一個詞或一個問題，我用報上的原文回答。",
    help=(
        "<b>直接傳訊息</b>：一個詞、一個名字、一個問題都行，例如 <code>紅十字救援隊</code>。"
        "單一個字、簡體、全形也能找到。\n"
        "<b>要找得更準</b>，加上這些，可以合用：<code>「原話」</code> 一字不差，<code>算力|文旅</code> 有一個就行，"
        "<code>-招聘</code> 不要，<code>標題:燈會</code>，<code>記者:王小明</code>，<code>第3版</code>，"
        "日期如 <code>昨天 停水</code>。\n"
        "/search 詞語 — 搜尋，群組裡也能用\n"
        "/export 詞語 — 把全部結果存成檔案（CSV 可用 Excel 打開，另有 JSON）\n"
        "/latest — 最新一期的標題摘要；<code>/latest 3</code> 只看三則，"
        "<code>/latest 昨天</code>、<code>/latest 2026-01-07</code> 看那一天\n"
        "/trend 算力 文旅 — 詞語的走勢，最多四個\n"
        "/article 編號 — 看全文\n"
        "/watch 詞語 — 關注，見報就通知，例如 <code>/watch 算力 -招聘</code>；/watches 管理關注\n"
        "/digest 08:00 — 每天到點傳當天的標題；<code>/digest off</code> 取消\n"
        "在別的聊天裡輸入 @本機器人 詞語 — 選一則傳到那裡\n"
        "/settings — 語言、則數、排序、簡繁、勿擾時段等\n"
        "/privacy — 我保存了什麼；/forgetme 全部刪除\n"
        "/help — 本說明\n\n"
        "結果下面的數字打開文章，▶ 翻頁，⇅ 切換排序，⤓ 把全部結果存成檔案；"
        "文章下面的 📄 是它所在的版面，📅 是日曆，↩ 回到原處。"
        "回覆一則結果可以縮小範圍（只看標題、昨天的、不要旅遊），寫編號就打開那一篇；回覆一篇文章就在文中找。打錯字了？編輯那則訊息，回答會隨之更新。"
    ),
    thanked="😊 隨時效勞！想查什麼，直接傳來就行；/help 有使用說明。",
    operator_help=(
        "<b>管理員</b>\n"
        "傳來版面檔案（20 MB 以內）：先預覽，再按鈕存入；說明裡可寫日期和版次\n"
        "/stats — 數字；/reindex — 重建索引；/remove 日期 — 刪除一天"
    ),
    empty_archive="目前還沒有收錄任何報紙。",
    found="🔎 {query} · {articles} 篇 {paragraphs} 段",
    not_known="報上沒有：{words}",
    nothing_found="沒有找到「{query}」。",
    nothing_advice="這裡收有{first}至{last}的 {articles} 篇文章。換個說法，或只留關鍵詞，再試一次。",
    how_to_search="要找什麼？傳一個詞或一句話，例如 <code>/search 紅十字救援隊</code>。",
    exported="⤓ {query} · {articles} 篇\n每篇一項：日期、版次、報紙、標題、記者、找到的原文、編號、連結。",
    export_cut="共找到 {total} 篇，檔案裡是前 {articles} 篇。加上日期等條件，可分次匯出。",
    export_usage="要匯出什麼？寫上要找的詞，例如 <code>/export 紅十字救援隊</code>，或用 /export 回覆一則結果。",
    sent_before_toast="這個檔案已經傳過，見上文；內容已更新。",
    understood_words="含 {runs}",
    understood_phrase="含「{run}」",
    understood_either="含 {runs}",
    understood_without="不含 {run}",
    understood_headline="標題含 {run}",
    understood_reporters="記者 {runs}",
    understood_pages="第{numbers}版",
    understood_newest="由新到舊",
    understood_oldest="由舊到新",
    or_separator=" 或 ",
    clause_separator="，",
    whole_year="{year}年",
    whole_month="{year}年{month}",
    days_between="{first}至{last}",
    days_since="{first}起",
    days_until="到{last}為止",
    by_pinyin="沒有「{typed}」，依拼音找到「{found}」。",
    days_outside="要找的日期不在收錄範圍內。",
    nothing_proposed="這裡收有{first}至{last}的 {articles} 篇文章。點下面的按鈕，換個找法：",
    near_button="🔎 {word} · {articles} 篇",
    without_button="去掉「{part}」 · {articles} 篇",
    latest="📰 {date} · {articles} 篇",
    no_issue="{date}及以前沒有報紙。最早的一期是{first}。",
    no_issue_that_day="{date}沒有報紙，這是此前最近的一期。",
    old_issue="這是收錄的最後一期，之後的報紙還沒有收錄。",
    month="📅 {month} · 有報 {issues} 天",
    latest_usage="請寫明則數或日期，例如："
    "<code>/latest 5</code>、<code>/latest 昨天</code>、<code>/latest 2026-01-07</code>。",
    article_usage="請給出文章的編號：<code>/article 1</code>。",
    no_article="沒有這篇文章，它可能已隨版面更正而被替換。",
    no_headline="（無標題）",
    inferred="（推定）",
    page="第{number}版",
    reporters="記者 {names}",
    others="其他署名 {names}",
    part="({number}/{total})",
    found_within="🔎 {query} · {headline} · {paragraphs} 段",
    nothing_within="「{headline}」裡沒有找到「{query}」。",
    related="🔗 {headline}",
    same_story="這件事的來龍去脈",
    also="相關文章",
    nothing_related="沒有找到與「{headline}」相關的文章。",
    list_separator="、",
    newest_button="⇅ 最新",
    oldest_button="⇅ 最早",
    relevance_button="⇅ 最相關",
    back_button="↩ 返回",
    undo_button="↩ 復原",
    whole_button="📖 全文",
    page_button="📄 版面",
    issue_button="📰 全部",
    calendar_button="📅",
    related_button="🔗 相關",
    cite_button="❝ 引文",
    link_button="📋 連結",
    latest_button="📰 最新一期",
    inline_nothing="沒有找到「{query}」。問問機器人 ›",
    inline_empty="目前還沒有收錄任何報紙。",
    trend="{days} · {step}",
    trend_steps={"day": "按日", "week": "按週", "month": "按月", "quarter": "按季", "year": "按年", "decade": "按十年"},
    trend_line="<b>{word}</b> <code>{bars}</code> {articles} 篇 · 最多 {peak}（{when}）",
    trend_no_line="<b>{word}</b> 沒有文章提到",
    trend_all="全部文章",
    trend_left_out="一次最多 {most} 個詞，還有 {left} 個沒有列入。",
    trend_usage="想看哪些詞的走勢？寫在指令後面，例如 <code>/trend 算力 文旅</code>，最多四個；"
    "也可加上日期、版次等條件，例如 <code>/trend 算力 2026-01 第1版</code>。",
    picture_button="🖼 圖片",
    text_button="📝 文字",
    settings="<b>設定</b>",
    settings_advice="按一下要改的一項。",
    setting="{title}：{value}",
    language_title="介面語言",
    script_title="回答用字",
    per_screen_title="每頁則數",
    sort_title="排序",
    quiet_title="勿擾時段",
    digest_title="每日摘要",
    zone_title="時區",
    as_telegram="依 Telegram",
    by_relevance="最相關",
    by_newest="最新在前",
    by_oldest="最早在前",
    as_printed="依報上原樣",
    in_simplified="簡體",
    in_traditional="繁體",
    archive_zone="依本報",
    zones={
        "Asia/Shanghai": "上海",
        "Asia/Taipei": "台北",
        "Asia/Tokyo": "東京",
        "Asia/Singapore": "新加坡",
        "Australia/Sydney": "雪梨",
        "Europe/London": "倫敦",
        "Europe/Berlin": "柏林",
        "America/New_York": "紐約",
        "America/Los_Angeles": "洛杉磯",
    },
    off="關",
    private_only="這是您個人的事，請在與我的私訊裡說。",
    articles="{articles} 篇",
    no_date="日期不明",
    more_files="另有 {files} 個檔案，未預覽。",
    more_lines="…另有 {lines} 行",
    store_button="✅ 存入",
    drop_button="🗑 捨棄",
    read_button="📰 看這一期",
    upload_undated=(
        "看不出是哪一天的報紙。請編輯這個檔案的說明，寫上日期和版次，例如：<code>2026-01-08 第3版</code>。"
    ),
    file_declined="謝謝，但只有本報的管理員能存入版面檔案。請傳一個詞或一句話來搜尋。",
    file_too_large=(
        "檔案超過 20 MB，Telegram 不讓機器人取得。請拆成每版一個檔案，或用 <code>newsbot ingest</code> 存入。"
    ),
    file_lost="沒能從 Telegram 取得這個檔案，請重新傳送。",
    file_empty="壓縮檔裡沒有可讀的檔案。",
    dropped="已捨棄，什麼都沒有存入。",
    upload_gone_toast="這個檔案已經處理過，或超過一天已刪除。如有需要，請重新傳送。",
    outcomes={
        "stored": "已存入",
        "replaced": "已替換",
        "unchanged": "未變",
        "parsed": "已讀",
        "failed": "未存入",
    },
    unusable="這個檔案用不了，原因（英文）：{why}",
    doubts=doubts.ZH_HANT,
    stats_archive=("📊 資料庫：{editions} 期 {pages} 版，{articles} 篇 {paragraphs} 段"),
    stats_span="{first}至{last}",
    stats_gaps="缺 {days} 天、{pages} 版",
    stats_readers="近 30 天的讀者：{readers} 人",
    stats_day="{date}：提問 {queries} 次，沒有結果 {nothing} 次",
    reindexed="索引已重建：{paragraphs} 段，{seconds} 秒。",
    remove_usage="請寫明是哪一天，例如：<code>/remove 2026-01-08</code>。",
    remove_question="從資料庫刪除{date}的 {pages} 版 {articles} 篇？原檔案不動。",
    remove_button="🗑 刪除",
    leave_button="不刪",
    left="什麼都沒有刪除。",
    removed="已刪除{date}的 {pages} 版。",
    nothing_to_remove="沒有{date}的報紙。",
    admins_only_toast="只有管理員能這樣做。",
    trouble=("⚠️ 機器人出了差錯：<code>{kind}</code>，在 <code>{place}</code>。詳情見日誌；同樣的差錯不再重複回報。"),
    privacy=(
        "🔒 <b>隱私</b>\n"
        "我保存：您在 /settings 裡選的設定；您的哪則訊息由我的哪則訊息回答（只有編號，好讓"
        "您改問題時回答跟著變）；我的每則訊息顯示的是哪次搜尋、哪篇文章（好讓您回覆它接著問）；"
        "後兩項滿一年刪除。"
        "有關注或每日摘要的，還保存：關注的詞、Telegram 的語言、通知過哪些報導（兩週，好讓一事只報一次）"
        "、還沒傳出的訊息。"
        "您問的詞供翻頁按鈕使用，一年沒有用到就刪除。每天只數提問的次數。\n"
        "您的訊息和按鍵保存到回答為止，最多一天。\n"
        "我不保存：您的名字、電話。\n"
        "\n"
        "關於您，現在存有：{kept}。\n"
        "/forgetme 立刻全部刪除；備份裡的要等新備份取代後才消失。"
    ),
    kept={
        "reader": "設定",
        "answer": "回答的編號",
        "shown": "訊息所顯示的",
        "watch": "關注",
        "watcher": "Telegram 的語言",
        "told": "通知過的報導",
        "outbox": "待傳的訊息",
        "digest": "摘要的進度",
        "received": "正在處理的訊息",
    },
    kept_item="{what} {count} 項",
    kept_nothing="什麼也沒有",
    forget_question="現在就刪除關於您的一切？要刪除的是：{kept}。",
    forget_button="🗑 全部刪除",
    forgotten="已全部刪除：{kept}。關於您，這裡不再存有任何內容；備份裡的要等新備份取代後才消失。",
    expired_toast="按鈕已失效，請重新傳送問題。",
    gone_toast="沒有這篇文章，它可能已隨版面更正而被替換。",
    faults={
        "disk_full": "⚠️ 磁碟滿了：什麼都存不下，問答照常。騰出空間後機器人會自行恢復。",
        "read_only": "⚠️ 資料夾只能讀、不能寫，問答照常。恢復可寫後機器人會自行恢復。",
        "damaged_index": "⚠️ 索引有損壞，正在用文章自動重建。若再次發生，請檢查磁碟。",
        "damaged": "⚠️ 資料庫檔案已損壞。請停下機器人，執行 <code>newsbot restore</code> "
        "還原最近的每夜備份，並檢查磁碟。",
    },
    failed_by={
        "disk_full": "抱歉，伺服器的磁碟滿了，現在存不下任何東西；搜尋和閱讀照常。已通知管理員，請稍後再試。",
        "read_only": "抱歉，伺服器暫時存不下任何東西；搜尋和閱讀照常。已通知管理員，請稍後再試。",
        "damaged_index": "抱歉，索引有損壞，正在自動重建。請過幾分鐘再問。",
        "damaged": "抱歉，資料庫檔案已損壞，有的內容讀不出來。已通知管理員還原備份，請稍後再試。",
    },
    failed="抱歉，剛才出了點問題，已記錄下來。請稍後再試。",
    failed_toast="抱歉，剛才出了點問題，請稍後再試。",
    search_down="抱歉，搜尋服務暫時連不上。請過幾分鐘再試一次。",
    text_only="我只會讀文字：請傳一個詞或一句話。",
    unknown_command="沒有這個指令。/help 有使用說明。",
    not_allowed="抱歉，這個機器人只對指定的讀者開放。",
    partial="⏳ 時間有限，沒能全部查完。少寫幾個詞或加上日期，會更全。",
    too_fast="您傳得太快，我跟不上了。請等 {seconds} 秒再繼續。",
)
