"""Where a story goes on: the same one on other days as a thread, and what else is near to it."""

from collections.abc import Sequence
from itertools import count

from bot.chat.actions import ShowArticle, ShowRelated
from bot.chat.lines import headline, source
from bot.chat.replies import Button, Reply, rows
from bot.chat.texts import Texts
from bot.models import Article, Related


def related(item: Article, found: Sequence[Related], here: ShowRelated, texts: Texts) -> Reply:
    """The thread in the order of days, the article itself in its place, and then the others, the nearest first."""
    back = (Button(texts.back_button, here.back),) if here.back else ()
    title = headline(item, texts)
    if not found:
        return Reply(texts.nothing_related.format(headline=title), rows(back), here)
    same = [one.article for one in found if one.same_story]
    thread = sorted([item, *same], key=lambda one: (one.date.day, one.id)) if same else []
    others = [one.article for one in found if not one.same_story]
    numbers, buttons = count(1), list[Button]()

    def line(one: Article) -> str:
        if one.id == item.id:
            return f"▸ {headline(one, texts)}\n{source(one, texts)}"
        number = next(numbers)
        buttons.append(Button(str(number), ShowArticle(one.id, 0, here)))
        return f"{number}. {headline(one, texts)}\n{source(one, texts)}"

    blocks = [texts.related.format(headline=title)]
    for heading, items in ((texts.same_story, thread), (texts.also, others)):
        if items:
            blocks += [f"<u>{heading}</u>\n{line(items[0])}", *map(line, items[1:])]
    return Reply("\n\n".join(blocks), rows(tuple(buttons), back), here)
