"""English."""

from bot.chat.texts.phrasebook import Texts

EN = Texts(
    search_command="Search the paper",
    latest_command="Headlines of the newest issue",
    article_command="Read an article by its number",
    help_command="How to use this bot",
    welcome="Hello! I keep the full text of a newspaper. Send a question or a few words: I answer by quoting it.",
    help=(
        "<b>Just write</b>: a word, a name or a question, such as <code>红十字救援队</code>. "
        "Single characters and Traditional script work too.\n"
        "/search words — search, in groups as well\n"
        "/latest — headlines of the newest issue; <code>/latest 3</code> for three of them, "
        "<code>/latest 2026-01-07</code> for that day\n"
        "/article number — read an article\n"
        "@this_bot words, typed in any other chat — pick an article to post there\n"
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
    whole_article_button="📖 whole article",
    inline_nothing="Nothing found for “{query}”. Ask the bot ›",
    inline_empty="The archive is still empty.",
    expired_toast="This button is too old. Please send your question again.",
    gone_toast="There is no such article, or a corrected page has replaced it.",
    failed="Sorry, something went wrong and has been noted. Please try again later.",
    failed_toast="Sorry, something went wrong. Please try again later.",
    text_only="I only read text: send a word or a sentence.",
    unknown_command="There is no such command. /help says what there is.",
    not_allowed="Sorry, this bot is open to certain readers only.",
)
