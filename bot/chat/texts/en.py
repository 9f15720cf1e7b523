"""English."""

from bot.chat.texts.phrasebook import Texts

EN = Texts(
    language="English",
    search_command="Search the paper",
    latest_command="Headlines of the newest issue",
    article_command="Read an article by its number",
    help_command="How to use this bot",
    settings_command="Settings",
    welcome="Hello! I keep the full text of a newspaper. Send a question or a few words: I answer by quoting it.",
    help=(
        "<b>Just write</b>: a word, a name or a question, such as <code>红十字救援队</code>. "
        "Single characters and Traditional script work too.\n"
        "/search words — search, in groups as well\n"
        "/latest — headlines of the newest issue; <code>/latest 3</code> for three of them, "
        "<code>/latest 2026-01-07</code> for that day\n"
        "/article number — read an article\n"
        "/settings — language, results a page, order, script, quiet hours\n"
        "/help — this page\n\n"
        "Below the results, a number opens the article, ▶ turns the page, ⇅ changes the order. "
        "Edit your message, and the answer changes with it."
    ),
    empty_archive="The archive is still empty: it holds no newspaper yet.",
    found="🔎 {query} · {articles:article|articles}, {paragraphs:paragraph|paragraphs}",
    not_known="Not in the paper: {words}",
    nothing_found="Nothing found for “{query}”.",
    nothing_advice="I hold {articles:article|articles} from {first} to {last}. Try other words, or just the key words.",
    how_to_search="What are you looking for? Send a word or a sentence, such as <code>/search 红十字救援队</code>.",
    latest="📰 {date} · {articles:article|articles}",
    no_issue="No issue on or before {date}. The earliest is from {first}.",
    latest_usage="Give a number or a day: <code>/latest 5</code>, <code>/latest 2026-01-07</code>.",
    article_usage="Give the article's number: <code>/article 1</code>.",
    no_article="There is no such article, or a corrected page has replaced it.",
    no_headline="(no headline)",
    inferred=" (inferred)",
    page="page {number}",
    reporters="by {names}",
    part="({number}/{total})",
    list_separator=", ",
    newest_button="⇅ newest",
    oldest_button="⇅ oldest",
    relevance_button="⇅ best",
    back_button="↩ back",
    latest_button="📰 newest issue",
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
    expired_toast="This button is too old. Please send your question again.",
    gone_toast="There is no such article, or a corrected page has replaced it.",
    failed="Sorry, something went wrong and has been noted. Please try again later.",
    failed_toast="Sorry, something went wrong. Please try again later.",
    text_only="I only read text: send a word or a sentence.",
    unknown_command="There is no such command. /help says what there is.",
    not_allowed="Sorry, this bot is open to certain readers only.",
)
