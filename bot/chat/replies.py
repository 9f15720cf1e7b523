"""Results to messages: pure functions from models to Telegram's HTML and buttons."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape as html_escape

from bot.chat.callbacks import Action, ShowArticle, ShowIssue, ShowResults
from bot.chat.texts import Count, Texts
from bot.models import Article, Coverage, Headline, IssueDate, Passage, Results, Role, Sort
from bot.search.sentences import sentences

PER_SCREEN = 5
"""Results or headlines in one message: what fits a phone's screen or two."""

MESSAGE = 4000
"""Characters of a message: Telegram's limit is 4,096 after the HTML is parsed; ours counts the HTML."""

PART = 3500
"""Characters of an article in one message: under Telegram's limit, with room for the number of the part."""

_ROW = 5
"""Buttons in a row; Telegram shows at most eight."""

_MARKS = 15
"""Highlights of one passage, at most: Telegram shows the first 100 entities of a message."""

_LINE = 200
"""Characters of a headline or a list of names that are shown; a broken page may have a headline of any length."""

_ECHO = 60
"""Characters of the question that are shown again."""

_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_NEXT_SORT = {Sort.RELEVANCE: Sort.NEWEST, Sort.NEWEST: Sort.OLDEST, Sort.OLDEST: Sort.RELEVANCE}


@dataclass(frozen=True)
class Button:
    """A button under a message, and what it does: an action, or a text to copy, or an address to open.

    Telegram takes 256 characters to copy, at most.
    """

    label: str
    action: Action | None = None
    copy: str = ""
    url: str = ""


@dataclass(frozen=True)
class Reply:
    """A message: HTML, and rows of buttons."""

    html: str
    rows: tuple[tuple[Button, ...], ...] = ()


def results(found: Results, query_id: str, held: Coverage, texts: Texts, remarks: Sequence[str] = ()) -> Reply:
    """A screen of results; where there is none, what was looked for and what there is.

    Args:
        found: The results.
        query_id: The id of the saved query, for the buttons.
        held: What the archive has.
        texts: The language.
        remarks: Lines of HTML on the query, which stand above the results.
    """
    query = found.query
    if not found.total:
        return nothing_found(found, held, texts, remarks, texts.nothing_advice)
    here = ShowResults(query_id, query.sort, query.offset)
    counts = {"articles": Count(found.total), "paragraphs": Count(found.paragraphs)}
    lines = [texts.found.format(query=_short(query.text, _ECHO), **counts), *remarks]
    blocks = ["\n".join([*lines, *([_not_known(found, texts)] if found.unknown else [])])]
    for number, hit in enumerate(found.hits, query.offset + 1):
        lines = [f"{number}. {_headline(hit.article, texts)}", _source(hit.article, texts)]
        lines += [_marked(passage) for passage in hit.passages[:1]]
        blocks.append("\n".join(lines))
    open_row = tuple(
        Button(str(number), ShowArticle(hit.article.id, back=here))
        for number, hit in enumerate(found.hits, query.offset + 1)
    )
    turn = [
        Button(label, ShowResults(query_id, query.sort, offset))
        for label, offset in (("◀", query.offset - query.limit), ("▶", query.offset + query.limit))
        if 0 <= offset < found.total
    ]
    if found.total > 1:
        other = _NEXT_SORT[query.sort]
        label = {
            Sort.NEWEST: texts.newest_button,
            Sort.OLDEST: texts.oldest_button,
            Sort.RELEVANCE: texts.relevance_button,
        }[other]
        turn.append(Button(label, ShowResults(query_id, other, 0)))
    return Reply("\n\n".join(blocks), _rows(open_row, tuple(turn)))


def nothing_found(found: Results, held: Coverage, texts: Texts, remarks: Sequence[str], advice: str) -> Reply:
    """What to say when no paragraph matches: what was looked for, what is unknown, what the archive has.

    Args:
        found: The results that there are not.
        held: What the archive has.
        texts: The language.
        remarks: Lines of HTML on the query.
        advice: `texts.nothing_advice`, or another sentence with the same holes.
    """
    if held.first is None or held.last is None:
        return Reply(texts.empty_archive)
    if not found.words and not remarks:
        return Reply(texts.how_to_search)
    lines = [texts.nothing_found.format(query=_short(found.query.text, _ECHO)), *remarks]
    if found.unknown and found.unknown != (found.query.text,):
        lines.append(_not_known(found, texts))
    lines.append(
        advice.format(first=_day(held.first, texts), last=_day(held.last, texts), articles=Count(held.articles))
    )
    return Reply("\n".join(lines), ((Button(texts.latest_button, ShowIssue(held.last.day, 0)),),))


def issue(items: Sequence[Headline], offset: int, total: int, texts: Texts) -> Reply:
    """A screen of an issue's headline summaries: as many of `items` as fit, which begin at `offset` of `total`."""
    day = items[0].article.date
    text = texts.latest.format(date=_day(day, texts), articles=Count(total))
    shown: list[tuple[int, Headline]] = []
    for number, item in enumerate(items, offset + 1):
        source = _source(item.article, texts, dated=False)
        lines = [f"{number}. {_headline(item.article, texts)}", *_subheads(item.article), *([source] if source else [])]
        block = "\n".join([*lines, _short(item.summary, _LINE)])
        if shown and len(text) + len(block) > MESSAGE:
            break
        text += f"\n\n{block}"
        shown.append((number, item))
    here = ShowIssue(day.day, offset)
    open_row = tuple(Button(str(number), ShowArticle(item.article.id, back=here)) for number, item in shown)
    before, after = max(0, offset - PER_SCREEN), offset + len(shown)
    turn = [Button("◀", ShowIssue(day.day, before))] if offset else []
    turn += [Button("▶", ShowIssue(day.day, after))] if after < total else []
    return Reply(text, _rows(open_row, tuple(turn)))


def article(item: Article, texts: Texts) -> list[str]:
    """A whole article as messages, each under Telegram's limits; of several, each says which part it is."""
    head = "\n".join([_headline(item, texts), *_subheads(item), _source(item, texts)])
    body = [_paragraph(p.role, piece) for p in item.paragraphs if p.role not in _HEAD for piece in _pieces(p.text)]
    parts, room = [head], PART - len(head)
    for text in body:
        if len(text) > room:
            parts.append("")
            room = PART
        parts[-1] += ("\n\n" if parts[-1] else "") + text
        room -= len(text) + 2  # the empty line before it
    if len(parts) == 1:
        return parts
    return [f"{part}\n\n{texts.part.format(number=n, total=len(parts))}" for n, part in enumerate(parts, 1)]


def article_part(item: Article, shown: ShowArticle, texts: Texts) -> Reply:
    """One part of an article, with buttons to its neighbours and back."""
    parts = article(item, texts)
    part = min(shown.part, len(parts) - 1)
    turn = tuple(
        Button(label, ShowArticle(item.id, place, shown.back))
        for label, place in (("◀", part - 1), ("▶", part + 1))
        if 0 <= place < len(parts)
    )
    back = (Button(texts.back_button, shown.back),) if shown.back else ()
    return Reply(parts[part], _rows((*turn, *back)))


def welcome(held: Coverage, texts: Texts) -> Reply:
    """The first message: what this is, what it holds, how to use it."""
    if held.last is None:
        return Reply(f"{texts.welcome}\n{texts.empty_archive}\n\n{texts.help}")
    return Reply(f"{texts.welcome}\n\n{texts.help}", ((Button(texts.latest_button, ShowIssue(held.last.day, 0)),),))


def no_issue(day: date, held: Coverage, texts: Texts) -> Reply:
    """There is no issue of that day nor of any before."""
    if held.first is None:
        return Reply(texts.empty_archive)
    return Reply(texts.no_issue.format(date=day, first=_day(held.first, texts)))


_HEAD = frozenset({Role.HEADLINE, Role.SUBHEAD, Role.BYLINE})


def _pieces(paragraph: str) -> list[str]:
    """A paragraph in pieces that fit a message, cut at sentence ends; only an endless sentence is cut elsewhere."""
    pieces = [""]
    for start, end in sentences(paragraph):
        for at in range(start, end, PART):
            sentence = paragraph[at : min(end, at + PART)]
            if len(pieces[-1]) + len(sentence) > PART:
                pieces.append("")
            pieces[-1] += sentence
    return pieces


def _paragraph(role: Role, text: str) -> str:
    return f"<b>{escape(text)}</b>" if role is Role.CROSSHEAD else escape(text)


def _headline(item: Article, texts: Texts) -> str:
    return f"<b>{_short(item.headline or texts.no_headline, _LINE)}</b>"


def _subheads(item: Article) -> list[str]:
    return [_short(subhead, _LINE) for subhead in item.subheads[:3]]


def _source(item: Article, texts: Texts, *, dated: bool = True) -> str:
    parts = [_day(item.date, texts)] if dated else []
    if item.page is not None:
        parts.append(texts.page.format(number=item.page))
    if item.reporters:
        parts.append(texts.reporters.format(names=_short(" ".join(item.reporters), _LINE)))
    return " · ".join(parts)


def _marked(passage: Passage) -> str:
    parts, here = [], 0
    for start, end in passage.highlights[:_MARKS]:
        parts += [escape(passage.excerpt[here:start]), f"<b>{escape(passage.excerpt[start:end])}</b>"]
        here = end
    return "".join([*parts, escape(passage.excerpt[here:])])


def _not_known(found: Results, texts: Texts) -> str:
    return texts.not_known.format(words=texts.list_separator.join(_short(word, _ECHO) for word in found.unknown[:5]))


def _day(issue_date: IssueDate, texts: Texts) -> str:
    return f"{issue_date.day}{texts.inferred if issue_date.inferred else ''}"


def _rows(*rows: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(row[i : i + _ROW] for row in rows for i in range(0, len(row), _ROW))


def _short(text: str, length: int) -> str:
    """The text, cut first and escaped then, so that no entity is cut in two."""
    return escape(text if len(text) <= length else text[: length - 1] + "…")


def escape(text: str) -> str:
    """Text as Telegram's HTML shows it literally, without the marks that would turn the writing direction."""
    return html_escape(plain(text), quote=False)


def plain(text: str) -> str:
    """Text for a button, without the marks that would turn the writing direction."""
    return _INVISIBLE.sub("", text)
