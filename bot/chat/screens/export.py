"""A set of results as a message with a file."""

from dataclasses import replace

from bot.archive.inbox import safe_name
from bot.chat.actions import ExportResults
from bot.chat.lines import short
from bot.chat.replies import Button, File, Reply
from bot.chat.screens.citation import link
from bot.chat.screens.explained import remarks_on
from bot.chat.texts import Count, Texts
from bot.chat.texts.understood import conditional
from bot.export import Format, export
from bot.models import Explanation, Query, Results, Sort

_ECHO = 60
"""Characters of the question that are shown again."""


def exported(
    asked: Query, found: Results, why: Explanation, action: ExportResults, texts: Texts, username: str
) -> Reply:
    """The file, with a caption that says what it is, and a button for the other kind of file.

    Args:
        asked: The query as it was asked; the results may be those of another one, which pinyin spells.
        found: The results from the first on, as many as the file has.
        why: The explanation.
        action: What makes the same file again.
        texts: The language.
        username: The bot's name, for links to the articles.
    """
    lines = [texts.exported.format(query=short(found.query.text, _ECHO), articles=Count(len(found.hits)))]
    lines += remarks_on(asked, found, why, texts)
    if asked.sort is not Sort.RELEVANCE and not conditional(asked):  # else the conditions say it
        lines.append(texts.by_newest if asked.sort is Sort.NEWEST else texts.by_oldest)
    if found.total > len(found.hits):
        lines.append(texts.export_cut.format(total=Count(found.total), articles=Count(len(found.hits))))
    data = export(found, action.kind, lambda article_id: link(article_id, username))
    other = Format.JSON if action.kind is Format.CSV else Format.CSV
    return Reply(
        "\n".join(lines),
        ((Button(f"⤓ {other.upper()}", replace(action, kind=other)),),),
        action,
        file=File(safe_name(f"{found.query.text}.{action.kind}"), data),
    )
