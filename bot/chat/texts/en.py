"""English."""

from bot.chat.texts import doubts, watching
from bot.chat.texts.phrasebook import Texts

EN = Texts(
    language="English",
    written_date="{month} {day}, {year}",
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    **watching.EN,
    search_command="Search the paper",
    export_command="Save results as a file",
    latest_command="Headlines of the newest issue",
    article_command="Read an article by its number",
    help_command="How to use this bot",
    trend_command="Words over time",
    settings_command="Settings",
    privacy_command="Privacy: what is kept",
    forgetme_command="Delete all that is kept about me",
    stats_command="Counts: archive, readers, questions",
    reindex_command="Make the index anew",
    remove_command="Remove a day from the archive",
    welcome="Hello! I keep the full text of a newspaper. Send a question or a few words: I answer by quoting it.",
    help=(
        "<b>Just write</b>: a word, a name or a question, such as <code>红十字救援队</code>. "
        "Single characters and Traditional script work too.\n"
        "<b>To be more exact</b>, alone or together: <code>“原话”</code> word for word, <code>算力|文旅</code> either, "
        "<code>-招聘</code> without, <code>标题:灯会</code> in the headline, <code>记者:王小明</code> by a reporter, "
        "<code>第3版</code> on a page, <code>昨天 停水</code> of a day (yesterday).\n"
        "/search words — search, in groups as well\n"
        "/export words — all results as a file: CSV, which Excel opens, or JSON\n"
        "/latest — headlines of the newest issue; <code>/latest 3</code> for three of them, "
        "<code>/latest 昨天</code> (yesterday) or <code>/latest 2026-01-07</code> for a day\n"
        "/trend 算力 文旅 — up to four words over time\n"
        "/article number — read an article\n"
        "/watch words — be told when they are printed, such as <code>/watch 算力 -招聘</code>; "
        "/watches lists your watches\n"
        "/digest 08:00 — the day's headlines at that time, every day; <code>/digest off</code> ends it\n"
        "@this_bot words, typed in any other chat — pick an article to post there\n"
        "/settings — language, results a page, order, script, quiet hours\n"
        "/privacy — what is kept about you; /forgetme deletes it\n"
        "/help — this page\n\n"
        "Below the results, a number opens the article, ▶ turns the page, ⇅ changes the order, "
        "⤓ saves all results as a file; below an article, "
        "📄 opens its page, 📅 the calendar, ↩ goes back. "
        "Reply to results to narrow them, or with a number to open one; to an article to search within it. "
        "Edit your message, and the answer changes with it."
    ),
    thanked="😊 Any time! Send a word or a question whenever you like; /help says what I can do.",
    operator_help=(
        "<b>For operators</b>\n"
        "Send a page file (up to 20 MB): it is shown first, and a button stores it; its caption may give the day\n"
        "/stats — counts; /reindex — make the index anew; /remove date — remove a day"
    ),
    empty_archive="The archive is still empty: it holds no newspaper yet.",
    found="🔎 {query} · {articles:article|articles}, {paragraphs:paragraph|paragraphs}",
    not_known="Not in the paper: {words}",
    nothing_found="Nothing found for “{query}”.",
    nothing_advice="I hold {articles:article|articles} from {first} to {last}. Try other words, or just the key words.",
    how_to_search="What are you looking for? Send a word or a sentence, such as <code>/search 红十字救援队</code>.",
    exported=(
        "⤓ {query} · {articles:article|articles}\n"
        "For each: date, page, paper, headline, reporters, the passage found, number, link."
    ),
    export_cut=(
        "{total:article matches|articles match}; the file has the first {articles}. "
        "Add conditions, such as days, to export the rest."
    ),
    export_usage=(
        "What would you like to export? Add words, such as <code>/export 红十字救援队</code>, "
        "or reply to results with /export."
    ),
    sent_before_toast="This file was sent before, see above; it is now up to date.",
    understood_words="with {runs}",
    understood_phrase="with “{run}”",
    understood_either="with {runs}",
    understood_without="without {run}",
    understood_headline="{run} in the headline",
    understood_reporters="by {runs}",
    understood_pages="on page {numbers}",
    understood_newest="newest first",
    understood_oldest="oldest first",
    or_separator=" or ",
    clause_separator=", ",
    whole_year="in {year}",
    whole_month="in {month} {year}",
    days_between="{first} to {last}",
    days_since="since {first}",
    days_until="until {last}",
    by_pinyin="No “{typed}”; by pinyin, found “{found}”.",
    days_outside="I hold no paper of those days.",
    nothing_proposed="I hold {articles:article|articles} from {first} to {last}. A button below tries another way:",
    near_button="🔎 {word} · {articles:article|articles}",
    without_button="Drop “{part}” · {articles:article|articles}",
    latest="📰 {date} · {articles:article|articles}",
    no_issue="No issue on or before {date}. The earliest is from {first}.",
    no_issue_that_day="There is no issue of {date}; this is the last one before it.",
    old_issue="This is the last issue that I hold; later ones have not come in yet.",
    month="📅 {month} · {issues:day|days} with an issue",
    latest_usage="Give a number or a day: "
    "<code>/latest 5</code>, <code>/latest 昨天</code>, <code>/latest 2026-01-07</code>.",
    article_usage="Give the article's number: <code>/article 1</code>.",
    no_article="There is no such article, or a corrected page has replaced it.",
    no_headline="(no headline)",
    inferred=" (inferred)",
    page="page {number}",
    reporters="by {names}",
    others="also {names}",
    part="({number}/{total})",
    found_within="🔎 {query} · {headline} · {paragraphs:paragraph|paragraphs}",
    nothing_within="Nothing found for “{query}” in “{headline}”.",
    related="🔗 {headline}",
    same_story="The same story on other days",
    also="Related articles",
    nothing_related="No article is related to “{headline}”.",
    list_separator=", ",
    newest_button="⇅ newest",
    oldest_button="⇅ oldest",
    relevance_button="⇅ best",
    back_button="↩ back",
    undo_button="↩ undo",
    whole_button="📖 whole article",
    page_button="📄 page",
    issue_button="📰 whole issue",
    calendar_button="📅",
    related_button="🔗 related",
    cite_button="❝ citation",
    link_button="📋 link",
    latest_button="📰 newest issue",
    inline_nothing="Nothing found for “{query}”. Ask the bot ›",
    inline_empty="The archive is still empty.",
    trend="{days} · {step}",
    trend_steps={
        "day": "by day",
        "week": "by week",
        "month": "by month",
        "quarter": "by quarter",
        "year": "by year",
        "decade": "by decade",
    },
    trend_line="<b>{word}</b> <code>{bars}</code> {articles:article|articles} · at most {peak} ({when})",
    trend_no_line="<b>{word}</b> is in no article",
    trend_all="All articles",
    trend_left_out="{most} words at a time: {left} more were left out.",
    trend_usage="Which words would you like to see over time? Write up to four after the command, such as "
    "<code>/trend 算力 文旅</code>. Days, pages and other conditions narrow it: "
    "<code>/trend 算力 2026-01 第1版</code>.",
    picture_button="🖼 Picture",
    text_button="📝 Text",
    settings="<b>Settings</b>",
    settings_advice="Tap what you would like to change.",
    setting="{title}: {value}",
    language_title="Language",
    script_title="Script of answers",
    per_screen_title="Results a page",
    sort_title="Order",
    quiet_title="Quiet hours",
    digest_title="Daily digest",
    zone_title="Time zone",
    as_telegram="as in Telegram",
    by_relevance="best first",
    by_newest="newest first",
    by_oldest="oldest first",
    as_printed="as printed",
    in_simplified="Simplified",
    in_traditional="Traditional",
    archive_zone="the paper’s",
    zones={
        "Asia/Shanghai": "Shanghai",
        "Asia/Taipei": "Taipei",
        "Asia/Tokyo": "Tokyo",
        "Asia/Singapore": "Singapore",
        "Australia/Sydney": "Sydney",
        "Europe/London": "London",
        "Europe/Berlin": "Berlin",
        "America/New_York": "New York",
        "America/Los_Angeles": "Los Angeles",
    },
    off="off",
    private_only="That is personal: please write to me in our private chat.",
    articles="{articles:article|articles}",
    no_date="no date",
    more_files="{files:more file|more files}, not looked at.",
    more_lines="… and {lines:more line|more lines}",
    store_button="✅ Store",
    drop_button="🗑 Drop",
    read_button="📰 Read it",
    upload_undated=(
        "No issue date in the name or on the page. Edit the caption of the file and give it, with "
        "the page if you like: <code>2026-01-08 第3版</code>."
    ),
    file_declined=(
        "Thank you, but only the operators of this paper can add pages. Send a word or a sentence to search."
    ),
    file_too_large=(
        "The file is larger than 20 MB, and Telegram does not let bots fetch it. Split it into one "
        "file a page, or use <code>newsbot ingest</code>."
    ),
    file_lost="Telegram did not hand over the file. Please send it again.",
    file_empty="There is no file in the archive that could be read.",
    dropped="Dropped; nothing was stored.",
    upload_gone_toast="This file was dealt with already, or deleted after a day. Send it again if you need to.",
    outcomes={
        "stored": "stored:",
        "replaced": "replaced:",
        "unchanged": "unchanged:",
        "parsed": "read:",
        "failed": "not stored:",
    },
    unusable="It cannot be used: {why}",
    doubts=doubts.EN,
    stats_archive=(
        "📊 Archive: {editions:issue|issues}, {pages:page|pages}, {articles:article|articles}, "
        "{paragraphs:paragraph|paragraphs}"
    ),
    stats_span="{first} to {last}",
    stats_gaps="Missing: {days:day|days}, {pages:page|pages}",
    stats_readers="Readers in the last 30 days: {readers}",
    stats_day="{date}: {queries:question|questions}, {nothing} without a result",
    reindexed="The index is made anew: {paragraphs:paragraph|paragraphs}, {seconds} s.",
    remove_usage="Say which day: <code>/remove 2026-01-08</code>.",
    remove_question=(
        "Remove {pages:page|pages} with {articles:article|articles} of {date} from the archive? Their files stay."
    ),
    remove_button="🗑 Remove",
    leave_button="Keep",
    left="Nothing was deleted.",
    removed="{pages:page|pages} of {date} removed.",
    nothing_to_remove="There is no issue of {date}.",
    admins_only_toast="Only the operators can do that.",
    trouble=(
        "⚠️ The bot met an error: <code>{kind}</code> at <code>{place}</code>. The log has the "
        "details; the same error is not reported again."
    ),
    privacy=(
        "🔒 <b>Privacy</b>\n"
        "I keep what you chose in /settings; which message of mine answers which of yours (their "
        "numbers only, so that an answer changes when you edit the question); and which search or article "
        "each of my messages shows (so that you can reply to it). The latter two go after a year. For watches and the "
        "digest I keep the words that you watch for, the language of your Telegram, which stories you were told of "
        "(for two weeks, so that each comes once), and messages until they are sent. The words "
        "that were asked are kept for the buttons and go after a year without use. Questions are counted by "
        "the day.\n"
        "A message or a press of a button is kept until it is answered, a day at most.\n"
        "I keep neither your name nor your phone number.\n"
        "\n"
        "Kept about you now: {kept}.\n"
        "/forgetme deletes all of it at once; backups have it until newer ones take their place."
    ),
    kept={
        "reader": "settings",
        "answer": "numbers of answers",
        "shown": "what my messages show",
        "watch": "what you watch for",
        "watcher": "the language of your Telegram",
        "told": "stories you were told of",
        "outbox": "messages to be sent",
        "digest": "the state of your digest",
        "received": "messages in hand",
    },
    kept_item="{what}: {count}",
    kept_nothing="nothing",
    forget_question="Delete all that is kept about you, now? It is: {kept}.",
    forget_button="🗑 Delete all",
    forgotten="All deleted: {kept}. Nothing about you is kept here any more; "
    "backups have it until newer ones take their place.",
    expired_toast="This button is too old. Please send your question again.",
    gone_toast="There is no such article, or a corrected page has replaced it.",
    faults={
        "disk_full": "⚠️ The disk is full: nothing can be stored; questions are answered as ever. "
        "The bot recovers by itself when there is space again.",
        "read_only": "⚠️ The data folder cannot be written to; questions are answered as ever. "
        "The bot recovers by itself when it can be written to again.",
        "damaged_index": "⚠️ The index is damaged, and is being made anew from the articles. "
        "If this happens again, check the disk.",
        "damaged": "⚠️ The archive's file is damaged. Stop the bot, run <code>newsbot restore</code>, which brings back "
        "the newest nightly backup, and check the disk.",
    },
    failed_by={
        "disk_full": "Sorry, the server's disk is full, so nothing can be stored now; searching and reading work. "
        "The operator has been told. Please try again later.",
        "read_only": "Sorry, the server cannot store anything now; searching and reading work. "
        "The operator has been told. Please try again later.",
        "damaged_index": "Sorry, the index is damaged, and is being made anew. Please ask again in a few minutes.",
        "damaged": "Sorry, the archive's file is damaged, and some of it cannot be read. The operator has been told. "
        "Please try again later.",
    },
    failed="Sorry, something went wrong and has been noted. Please try again later.",
    failed_toast="Sorry, something went wrong. Please try again later.",
    search_down="Sorry, the search index cannot be reached right now. Please try again in a few minutes.",
    text_only="I only read text: send a word or a sentence.",
    unknown_command="There is no such command. /help says what there is.",
    not_allowed="Sorry, this bot is open to certain readers only.",
    partial="⏳ Not everything could be searched in time. Fewer words, or a day, help.",
    too_fast="That was quick! Please wait {seconds:second|seconds}, then go on.",
)
