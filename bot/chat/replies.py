"""Results to messages: pure functions from models to Telegram's HTML and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.actions import Action, ExportResults, ShowIssue, ShowPassage, ShowResults, ShowTrend
from bot.chat.lines import escape, headline, passage, short, source
from bot.chat.texts import Count, Texts
from bot.export import Format
from bot.models import Coverage, Results, Sort

__all__ = ["MESSAGE", "Button", "File", "Reply", "escape", "nothing_found", "results", "rows", "way_back", "welcome"]

MESSAGE = 4000
"""Characters of a message: Telegram's limit is 4,096 after the HTML is parsed; ours counts the HTML."""

_ROW = 5
"""Buttons in a row; Telegram shows at most eight."""

_MARKS = 80
"""Highlights of a message, at most: Telegram shows its first 100 entities, and headlines are bold, too."""

_ECHO = 60
"""Characters of the question that are shown again."""

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
class File:
    """A file that a message carries, of 50 MB at most."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Reply:
    """A message.

    Attributes:
        html: Telegram's HTML; the caption, of 1,024 characters at most, where there is a file.
        rows: Rows of buttons.
        shows: The action that shows the same, for readers who reply to the message.
        fixed: It stays in its script, whatever the reader has chosen.
        picture: A PNG file; the HTML is its caption then, of 1,024 characters at most.
        file: The file that it carries. A button does not turn its own message into it: the chat has one message with
            a file for each action that `shows` one.
    """

    html: str
    rows: tuple[tuple[Button, ...], ...] = ()
    shows: Action | None = None
    fixed: bool = False
    picture: bytes | None = None
    file: File | None = None


def results(
    found: Results,
    query_id: str,
    held: Coverage,
    texts: Texts,
    back: Action | None = None,
    *,
    remarks: Sequence[str] = (),
) -> Reply:
    """A screen of results; where there is none, what was looked for and what there is.

    Args:
        found: The results.
        query_id: The id under which the query is kept, for the buttons.
        held: What the archive holds.
        texts: The reader's language.
        back: The results that these refine; a button undoes it.
        remarks: Lines of HTML on the query, which stand above the results.
    """
    query = found.query
    undo = way_back(back, texts)
    if not found.total:
        nothing = nothing_found(found, held, texts, remarks, texts.nothing_advice)
        return replace(nothing, rows=rows(*nothing.rows, undo))
    here = ShowResults(query_id, query.sort, query.offset, back, query.until)
    counts = {"articles": Count(found.total), "paragraphs": Count(found.paragraphs)}
    lines = [texts.found.format(query=short(query.text, _ECHO), **counts), *remarks]
    blocks = ["\n".join([*lines, *([_not_known(found, texts)] if found.unknown else [])])]
    for number, hit in enumerate(found.hits, query.offset + 1):
        lines = [f"{number}. {headline(hit.article, texts)}", source(hit.article, texts)]
        lines += [passage(best, _MARKS // query.limit) for best in hit.passages[:1]]
        block = "\n".join(lines)
        if len(blocks) > 1 and sum(map(len, blocks)) + len(block) > MESSAGE - 2 * query.limit:
            break
        blocks.append(block)
    shown = len(blocks) - 1
    open_row = tuple(
        Button(str(number), ShowPassage(hit.article.id, hit.passages[0].paragraph_id, here))
        for number, hit in enumerate(found.hits[:shown], query.offset + 1)
    )
    turn = [
        Button(label, replace(here, offset=offset))
        for label, offset in (
            ("◀", max(0, query.offset - query.limit) if query.offset else -1),
            ("▶", query.offset + shown),
        )
        if 0 <= offset < found.total
    ]
    if found.total > 1:
        other = _NEXT_SORT[query.sort]
        label = {
            Sort.NEWEST: texts.newest_button,
            Sort.OLDEST: texts.oldest_button,
            Sort.RELEVANCE: texts.relevance_button,
        }[other]
        turn.append(Button(label, ShowResults(query_id, other, 0, back)))
        turn.append(Button("⤓", ExportResults(query_id, query.sort, Format.CSV)))
    return Reply("\n\n".join(blocks), rows(open_row, tuple(turn), undo), here)


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
    lines = [texts.nothing_found.format(query=short(found.query.text, _ECHO)), *remarks]
    if found.unknown and found.unknown != (found.query.text,):
        lines.append(_not_known(found, texts))
    lines.append(advice.format(first=texts.day(held.first), last=texts.day(held.last), articles=Count(held.articles)))
    return Reply("\n".join(lines), ((Button(texts.latest_button, ShowIssue(held.last.day, 0)),),))


def welcome(held: Coverage, texts: Texts) -> Reply:
    """The first message: what this is, what it holds, how to use it."""
    if held.last is None:
        return Reply(f"{texts.welcome}\n{texts.empty_archive}\n\n{texts.help}")
    return Reply(f"{texts.welcome}\n\n{texts.help}", ((Button(texts.latest_button, ShowIssue(held.last.day, 0)),),))


def _not_known(found: Results, texts: Texts) -> str:
    return texts.not_known.format(words=texts.list_separator.join(short(word, _ECHO) for word in found.unknown[:5]))


def way_back(back: Action | None, texts: Texts) -> tuple[Button, ...]:
    """The button that leads from results to what they refine, or to where they were opened; none without one."""
    label = texts.back_button if isinstance(back, ShowTrend) else texts.undo_button
    return (Button(label, back),) if back else ()


def rows(*given: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    """Rows of buttons, long ones broken."""
    return tuple(row[i : i + _ROW] for row in given for i in range(0, len(row), _ROW))
