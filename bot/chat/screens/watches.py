"""Watches: the rehearsal, the list, one of them, and the messages that tell of what was printed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.chat.actions import (
    ChangeWatch,
    ShowAlert,
    ShowArticle,
    ShowDigest,
    ShowIssue,
    ShowResults,
    ShowWatches,
    StartWatch,
    TryWatch,
)
from bot.chat.lines import escape, headline, passage, short, source
from bot.chat.replies import MESSAGE, Button, Reply, rows
from bot.chat.texts import Count, Texts
from bot.models import Article, IssueDate, Passage, Sort, Watch

SHOWN = 5
"""Articles in one alert."""

HEADLINES = 10
"""Headlines in one digest: five buttons in each of two rows."""

_LABEL = 24
"""Characters of a query on a button; a phone shows about so many."""

_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Form:
    """Another form of a query, the id under which it is saved, and how many articles it would have brought."""

    text: str
    query_id: str
    articles: int


@dataclass(frozen=True)
class Story:
    """An article to tell of: why, in words of a reader's watches, and the passage that shows it."""

    article: Article
    watches: tuple[Watch, ...]
    words: tuple[str, ...]
    passage: Passage | None


@dataclass(frozen=True)
class Rehearsal:
    """What a watch would have brought in the days before it begins.

    Attributes:
        asked: The query, and the id under which it is saved.
        last: The last of the days.
        recent: Whether that is today.
        days: Articles on each of the days, the last one last.
        examples: Some of the articles, the newest first.
        narrower: Forms that bring fewer articles.
        wider: Forms that bring more.
        instead_of: The watch that it would take the place of; 0 for none.
        unchanged: Whether that watch asks for the same: there is nothing to change yet, but it is said how.
    """

    asked: Form
    last: IssueDate
    recent: bool
    days: tuple[int, ...]
    examples: tuple[Story, ...]
    narrower: tuple[Form, ...]
    wider: tuple[Form, ...]
    instead_of: int = 0
    unchanged: bool = False


def sparkline(counts: Sequence[int]) -> str:
    """A bar for each number; only none at all is the lowest one."""
    most = max(counts, default=0)
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] if count else _BARS[0] for count in counts)


def rehearsal(shown: Rehearsal, texts: Texts) -> Reply:
    """What a watch would have brought, with other forms to tap and the button that begins it, or changes to it."""
    total = Count(shown.asked.articles)
    told = (
        texts.rehearsal_now.format(articles=total)
        if shown.recent
        else texts.rehearsal_then.format(articles=total, last=texts.day(shown.last))
    )
    head = (texts.watch_one if shown.unchanged else texts.rehearsal).format(query=escape(shown.asked.text))
    blocks = [f"{head}\n{told}\n<code>{sparkline(shown.days)}</code>"]
    blocks += [_story(story, str(number), texts) for number, story in enumerate(shown.examples, 1)]
    blocks += [texts.watch_edit] if shown.instead_of else []
    begin = texts.watch_replace_button if shown.instead_of else texts.watch_start_button
    rows = [
        (Button(f"{sign} {_label(form.text)} · {form.articles}", TryWatch(form.query_id, shown.instead_of)),)
        for sign, forms in (("➖", shown.narrower), ("➕", shown.wider))
        for form in forms
    ]
    back = (Button(texts.back_button, ChangeWatch(shown.instead_of)),) if shown.instead_of else ()
    start = () if shown.unchanged else (Button(begin, StartWatch(shown.asked.query_id, shown.instead_of)),)
    rows.append((*start, *back))
    return Reply("\n\n".join(blocks), tuple(rows), TryWatch(shown.asked.query_id, shown.instead_of))


def watch(shown: Watch, query_id: str, texts: Texts) -> Reply:
    """One watch, with all that can be done to it."""
    state = [texts.watch_rests if shown.paused else texts.watch_goes_on]
    if shown.silent:
        state.append(texts.watch_is_silent)
    lines = [texts.watch_one.format(query=escape(shown.text)), " · ".join(state)]
    if shown.older:
        lines.append(texts.watch_older.format(articles=Count(shown.older)))
    here = shown.id
    pause = (
        Button(texts.watch_resume_button, ChangeWatch(here, "resume"))
        if shown.paused
        else Button(texts.watch_pause_button, ChangeWatch(here, "pause"))
    )
    sound = (
        Button(texts.watch_sound_button, ChangeWatch(here, "sound"))
        if shown.silent
        else Button(texts.watch_silent_button, ChangeWatch(here, "silent"))
    )
    return Reply(
        "\n".join(lines),
        (
            (pause, sound, Button(texts.watch_delete_button, ChangeWatch(here, "delete"))),
            (Button(texts.watch_edit_button, TryWatch(query_id, here)), Button(texts.watches_button, ShowWatches())),
        ),
    )


def watches(shown: Sequence[Watch], texts: Texts, digest: str = "") -> Reply:
    """A reader's watches, each a button, and the daily digest, where there is one: all that comes unasked."""
    told = texts.watch_list.format(watches=len(shown)) if shown else texts.watch_list_empty
    rows = [
        (Button(f"{'⏸' if one.paused else '🔕' if one.silent else '🔔'} {_label(one.text)}", ChangeWatch(one.id)),)
        for one in shown
    ]
    if any(one.paused for one in shown):
        rows.append((Button(texts.watch_resume_all_button, ShowWatches(resume=True)),))
    return Reply("\n\n".join(filter(None, (told, digest))), tuple(rows))


def deleted(text: str, query_id: str, texts: Texts) -> Reply:
    """A watch has gone; one press brings it back."""
    return Reply(
        texts.watch_deleted.format(query=escape(text)),
        ((Button(texts.watch_undo_button, StartWatch(query_id)), Button(texts.watches_button, ShowWatches())),),
    )


def came_back(resting: int, texts: Texts) -> Reply:
    """A reader who had blocked the bot writes again."""
    rows = ((Button(texts.watch_resume_all_button, ShowWatches(resume=True)),),)
    return Reply(texts.watch_came_back.format(watches=resting), rows)


def alert(stories: Sequence[Story], more: int, query_ids: Sequence[tuple[Watch, str]], texts: Texts) -> Reply:
    """What was printed of a reader's watches.

    Args:
        stories: The articles, the best first; at most `SHOWN` are shown.
        more: How many there are besides.
        query_ids: The watches that were met, each with the id under which its query is saved.
        texts: The reader's language.
    """
    shown, more = stories[:SHOWN], more + len(stories[SHOWN:])
    counts = Counter(one.id for story in stories for one in story.watches)
    head = [texts.alert.format(articles=Count(len(shown) + more))]
    head += [
        texts.alert_count.format(query=f"“{escape(_label(one.text))}”", articles=counts[one.id])
        for one, _ in query_ids[:SHOWN]
    ]
    back = ShowAlert(tuple(story.article.id for story in shown), more)
    blocks, numbers = ["\n".join(head)], []
    for number, story in enumerate(shown, 1):
        block = _story(story, str(number), texts)
        if len("\n\n".join([*blocks, block])) > MESSAGE:
            break
        blocks.append(block)
        numbers.append(Button(str(number), ShowArticle(story.article.id, back=back)))
    if more:
        blocks.append(texts.alert_more.format(articles=Count(more)))
    rows = [tuple(numbers)]
    if more:
        rows += [
            (Button(f"🔎 {_label(one.text)}", ShowResults(query_id, Sort.NEWEST, 0)),)
            for one, query_id in query_ids[:SHOWN]
        ]
    rows.append((Button(texts.watches_button, ShowWatches()),))
    return Reply("\n\n".join(blocks), tuple(rows), back)


def digest(issue: IssueDate, stories: Sequence[Story], total: int, texts: Texts) -> Reply:
    """The headlines of a day, those that a reader watches for first, as many as one screen holds."""
    text, numbers = texts.latest.format(date=texts.day(issue), articles=Count(total)), []
    here = ShowDigest(issue.day)
    for number, story in enumerate(stories[:HEADLINES], 1):
        block = f"{number}. {headline(story.article, texts)}"
        block += "".join(f"\n{line}" for line in filter(None, (_why(story, texts, dated=False),)))
        if len(text) + len(block) > MESSAGE:
            break
        text += f"\n\n{block}"
        numbers.append(Button(str(number), ShowArticle(story.article.id, back=here)))
    return Reply(text, rows(tuple(numbers), (Button(texts.latest_button, ShowIssue(issue.day, 0, here)),)), here)


def digest_state(at: time | None, zone: str, texts: Texts) -> Reply:
    """Whether there is a daily digest, and when."""
    if at is None:
        return Reply(texts.digest_is_off)
    return Reply(texts.digest_is_on.format(time=f"{at:%H:%M}", zone=escape(zone)))


def _story(story: Story, number: str, texts: Texts) -> str:
    lines = [f"{number}. {headline(story.article, texts)}", _why(story, texts)]
    lines += [passage(story.passage)] if story.passage else []
    return "\n".join(lines)


def _why(story: Story, texts: Texts, *, dated: bool = True) -> str:
    """Where an article stands, and which words it was found by."""
    words = texts.list_separator.join(short(word, _LABEL) for word in story.words[:5])
    return " · ".join(filter(None, (source(story.article, texts, dated=dated), f"🔔 {words}" if words else "")))


def _label(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def days_before(last: date, found: Sequence[date], count: int) -> tuple[int, ...]:
    """How many of the days found are each of the last `count` days, the last one last."""
    counts = Counter((last - day).days for day in found)
    return tuple(counts[ago] for ago in range(count - 1, -1, -1))
