"""Cards of inline mode: what the list shows, and the message that a chosen card becomes."""

from dataclasses import dataclass, replace

from bot.chat.lines import LINE, headline, marked, short, source
from bot.chat.replies import Button, Reply
from bot.chat.screens.citation import link
from bot.chat.script import in_script, text_in_script
from bot.chat.texts import Texts
from bot.models import Article, ArticleHit, Headline, Passage, Script

_TITLE = 100
_DESCRIPTION = 200


@dataclass(frozen=True)
class Card:
    """A card of the list: its id, two plain texts, and the message that it becomes."""

    id: str
    title: str
    description: str
    message: Reply


def hit_card(hit: ArticleHit, username: str, texts: Texts) -> Card:
    """A result: its first passage, with what matches in bold."""
    passage = hit.passages[0] if hit.passages else Passage(0, "", "")
    return _card(hit.article, passage.excerpt, marked(passage.excerpt, passage.highlights), username, texts)


def headline_card(item: Headline, username: str, texts: Texts) -> Card:
    """A headline of an issue: its summary."""
    return _card(item.article, item.summary, short(item.summary, LINE), username, texts)


def card_in_script(card: Card, script: Script) -> Card:
    """The card, and the message that it becomes, in a script."""
    return replace(
        card,
        title=text_in_script(card.title, script),
        description=text_in_script(card.description, script),
        message=in_script(card.message, script),
    )


def _card(article: Article, excerpt: str, html: str, username: str, texts: Texts) -> Card:
    title = article.headline or texts.no_headline
    page = [texts.page.format(number=article.page)] if article.page is not None else []
    lines = [headline(article, texts), source(article, texts), html]
    return Card(
        id=f"a{article.id}",
        title=title[:_TITLE],
        description=" · ".join([texts.day(article.date), *page, excerpt])[:_DESCRIPTION],
        message=Reply("\n".join(filter(None, lines)), ((Button(texts.whole_button, url=link(article.id, username)),),)),
    )
