"""Cards of inline mode: what the list shows, and the message that a chosen card becomes."""

from dataclasses import dataclass

from bot.chat.replies import _LINE, Button, Reply, _headline, _marked, _short, _source
from bot.chat.texts import Texts
from bot.models import Article, ArticleHit, Headline, Passage

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
    return _card(hit.article, passage.excerpt, _marked(passage), username, texts)


def headline_card(item: Headline, username: str, texts: Texts) -> Card:
    """A headline of an issue: its summary."""
    return _card(item.article, item.summary, _short(item.summary, _LINE), username, texts)


def _card(article: Article, excerpt: str, html: str, username: str, texts: Texts) -> Card:
    title, link = article.headline or texts.no_headline, f"https://t.me/{username}?start=a_{article.id}"
    page = [texts.page.format(number=article.page)] if article.page is not None else []
    lines = [_headline(article, texts), _source(article, texts), html]
    return Card(
        id=f"a{article.id}",
        title=title[:_TITLE],
        description=" · ".join([str(article.date.day), *page, excerpt])[:_DESCRIPTION],
        message=Reply("\n".join(filter(None, lines)), ((Button(texts.whole_article_button, url=link),),)),
    )
