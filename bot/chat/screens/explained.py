"""Results with an explanation: what was understood, what is unknown, and each way to find more in one tap."""

from collections.abc import Mapping
from dataclasses import replace

from bot.chat import replies
from bot.chat.actions import Action, ShowResults
from bot.chat.lines import escape, plain
from bot.chat.replies import Button, Reply
from bot.chat.texts import Count, Texts
from bot.chat.texts.understood import conditional, describe
from bot.models import Coverage, Explanation, Proposal, Query, Results

_LABEL = 30
"""Characters of a query or a word on a button: what a phone shows in one line, with the number behind it."""

_LINE = 300
"""Characters of the understood query that are shown."""


def results(
    asked: Query,
    found: Results,
    why: Explanation,
    ids: Mapping[str, str],
    held: Coverage,
    texts: Texts,
    back: Action | None = None,
) -> Reply:
    """A screen of results, or why there are none.

    Args:
        asked: The query as it was asked; the results may be those of another one, which pinyin spells.
        found: The results.
        why: The explanation.
        ids: By a query's text the id under which its buttons find it; a query that lacks one gets no button.
        held: What the archive has.
        texts: The language.
        back: The results that these refine; a button undoes it.
    """
    remarks = remarks_on(asked, found, why, texts)
    if why.spelled:
        found = replace(found, unknown=())
    rows = tuple(
        (Button(_label(proposal, texts), ShowResults(ids[proposal.query.text], asked.sort, 0)),)
        for proposal in why.proposals
        if proposal.query.text in ids
    )
    if found.total:
        reply = replies.results(found, ids.get(asked.text, ""), held, texts, back, remarks=remarks)
        return replace(reply, rows=(*reply.rows, *rows)) if asked.text in ids else Reply(reply.html, rows)
    reply = replies.nothing_found(found, held, texts, remarks, texts.nothing_proposed if rows else texts.nothing_advice)
    undo = replies.way_back(back, texts)
    return replace(reply, rows=replies.rows(*rows, *reply.rows, undo))


def remarks_on(asked: Query, found: Results, why: Explanation, texts: Texts) -> list[str]:
    """Lines of HTML that say how a query was understood."""
    remarks = [escape(_clipped(describe(asked, texts), _LINE))] if conditional(asked) else []
    if why.spelled:
        typed, new = _clipped(found.unknown[0], _LABEL), _clipped(why.spelled.new, _LABEL)
        remarks.append(texts.by_pinyin.format(typed=escape(typed), found=escape(new)))
    if found.partial:
        remarks.append(texts.partial)
    if why.outside:
        remarks.append(texts.days_outside)
    return remarks


def _label(proposal: Proposal, texts: Texts) -> str:
    articles = Count(proposal.articles)
    if proposal.new:
        return plain(texts.near_button.format(word=_clipped(proposal.new, _LABEL), articles=articles))
    return plain(texts.without_button.format(part=_clipped(describe(proposal.part, texts), _LABEL), articles=articles))


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
