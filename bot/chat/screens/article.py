"""An article: whole, in parts, or a paragraph of it with its neighbours; and what leads on from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.chat.actions import SearchWithin, ShowArticle, ShowPageOf, ShowPassage, ShowRelated
from bot.chat.lines import LINE, escape, headline, marked, short, source
from bot.chat.lines import passage as passage_line
from bot.chat.replies import Button, Reply, rows
from bot.chat.screens.citation import citation, link
from bot.chat.texts import Count, Texts
from bot.models import Article, Paragraph, Passage, Role, Span
from bot.search.sentences import sentences

PART = 3500
"""Characters of an article in one message: under Telegram's limit, with room for the number of the part."""

OPEN = 600
"""Characters of a part that lie open; the rest of it is a quote that a tap expands."""

WINDOW = 900
"""Characters of the paragraphs around the one that was found: about a screen of a phone."""

_ELLIPSIS = "……"


@dataclass(frozen=True)
class _Piece:
    """A part of a paragraph, which is all of it unless it is long."""

    paragraph: Paragraph
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.paragraph.text[self.start : self.end]


_HEAD = frozenset({Role.HEADLINE, Role.SUBHEAD, Role.BYLINE, Role.LABEL})


def parts(item: Article, texts: Texts) -> list[str]:
    """A whole article as messages, each under Telegram's limits; of several, each says which part it is."""
    head = _head(item, texts)
    bodies: list[list[str]] = [[]]
    room = PART - len(head)
    for paragraph in _body(item):
        for piece in _cut(paragraph, PART):
            html = _html(paragraph.role, piece.text)
            if len(html) > room:
                bodies.append([])
                room = PART
            bodies[-1].append(html)
            room -= len(html) + 2  # the empty line before it
    said = ["\n\n".join(filter(None, (head if n == 0 else "", _half_open(body)))) for n, body in enumerate(bodies)]
    if len(said) == 1:
        return said
    return [f"{part}\n\n{texts.part.format(number=n, total=len(said))}" for n, part in enumerate(said, 1)]


def whole(item: Article, shown: ShowArticle, texts: Texts, username: str) -> Reply:
    """One part of an article, with buttons to its neighbours, onward and back.

    Args:
        item: The article.
        shown: Which part of it, and the way back.
        texts: The reader's language.
        username: The bot's, for the link to the article.
    """
    said = parts(item, texts)
    part = min(shown.part, len(said) - 1)
    turn = tuple(
        Button(label, ShowArticle(item.id, place, shown.back))
        for label, place in (("◀", part - 1), ("▶", part + 1))
        if 0 <= place < len(said)
    )
    here = ShowArticle(item.id, part, shown.back)
    return Reply(said[part], rows(turn, *_onward(item, here, texts, username)), here)


def passage(item: Article, shown: ShowPassage, marks: tuple[Span, ...], texts: Texts, username: str) -> Reply:
    """A paragraph with as many of its neighbours as fit a screen; the whole article where all of them do.

    Args:
        item: The article.
        shown: Which paragraph, and the way back.
        marks: What to mark in the paragraph.
        texts: The reader's language.
        username: The bot's, for the link to the article.
    """
    body = [piece for paragraph in _body(item) for piece in _cut(paragraph, WINDOW)]
    holds = [i for i, piece in enumerate(body) if piece.paragraph.id == shown.paragraph_id]
    if not holds:  # a headline
        return whole(item, ShowArticle(item.id, 0, shown.back), texts, username)
    at = next((i for i in holds if marks and marks[0][0] < body[i].end), holds[0])
    first, last = _window(body, at)
    lines = [_html(piece.paragraph.role, piece.text) for piece in body[first:last]]
    inside = tuple(
        (a - body[at].start, b - body[at].start) for a, b in marks if body[at].start <= a < b <= body[at].end
    )
    found = marked(body[at].text, inside) if inside else lines[at - first]
    lines[at - first] = f"<blockquote>{found}</blockquote>" if last - first > 1 else found
    cut = (first > 0, last < len(body))
    text = "\n\n".join([_head(item, texts), *([_ELLIPSIS] * cut[0]), *lines, *([_ELLIPSIS] * cut[1])])
    onward = (Button(texts.whole_button, ShowArticle(item.id, 0, shown.back)),) if any(cut) else ()
    return Reply(text, rows(onward, *_onward(item, shown, texts, username)), shown)


def within(item: Article, question: str, found: Sequence[Passage], here: SearchWithin, texts: Texts) -> Reply:
    """The passages of an article that answer a question, or that none does."""
    whole_button = Button(texts.whole_button, ShowArticle(item.id, 0, here))
    title = headline(item, texts)
    if not found:
        said = texts.nothing_within.format(query=short(question, 60), headline=title)
        return Reply(said, ((whole_button,),), here)
    said = texts.found_within.format(query=short(question, 60), headline=title, paragraphs=Count(len(found)))
    lines = [f"{number}. {passage_line(best)}" for number, best in enumerate(found, 1)]
    numbers = (Button(str(n), ShowPassage(item.id, best.paragraph_id, here)) for n, best in enumerate(found, 1))
    return Reply("\n\n".join([said, *lines]), rows(tuple(numbers), (whole_button,)), here)


def _onward(
    item: Article, here: ShowArticle | ShowPassage, texts: Texts, username: str
) -> tuple[tuple[Button, ...], ...]:
    page = f"📄 {texts.page.format(number=item.page)}" if item.page is not None else texts.page_button
    return (
        (Button(page, ShowPageOf(item.id, here)), Button(texts.related_button, ShowRelated(item.id, here))),
        (
            Button(texts.cite_button, copy=citation(item)),
            Button(texts.link_button, copy=link(item.id, username)),
            *((Button(texts.back_button, here.back),) if here.back else ()),
        ),
    )


def _head(item: Article, texts: Texts) -> str:
    """The column, kickers, headline, decks, and the line of when, where and who, as the page has them in order."""
    above = _texts_before_headline(item, Role.SUBHEAD)
    below = [subhead for subhead in item.subheads if subhead not in above]
    label = [p.text for p in item.paragraphs if p.role is Role.LABEL][:1]
    shown = [short(text, LINE) for text in (*label, *above[:2])]
    others = [texts.others.format(names=short(" ".join(item.others), LINE))] if item.others else []
    about = " · ".join([source(item, texts), *others, f"/article{item.id}"])
    return "\n".join([*shown, headline(item, texts), *(short(text, LINE) for text in below[:3]), about])


def _texts_before_headline(item: Article, role: Role) -> list[str]:
    place = next((i for i, p in enumerate(item.paragraphs) if p.role is Role.HEADLINE), 0)
    return [p.text for p in item.paragraphs[:place] if p.role is role]


def _body(item: Article) -> list[Paragraph]:
    return [paragraph for paragraph in item.paragraphs if paragraph.role not in _HEAD]


def _window(body: Sequence[_Piece], at: int) -> tuple[int, int]:
    """The first piece around `at` and the one after the last, grown on both sides while they fit `WINDOW`."""
    first, last, length = at, at + 1, len(body[at].text)
    while True:
        sides = [i for i in (last, first - 1) if 0 <= i < len(body) and length + len(body[i].text) <= WINDOW]
        if not sides:
            return first, last
        near = min(sides, key=lambda i: abs(i - at))
        first, last, length = min(first, near), max(last, near + 1), length + len(body[near].text)


def _half_open(body: Sequence[str]) -> str:
    """Paragraphs, of which those behind the first `OPEN` characters lie in a quote that a tap expands."""
    shown, length = 0, 0
    while shown < len(body) and (shown == 0 or length + len(body[shown]) <= OPEN):
        length += len(body[shown])
        shown += 1
    if sum(map(len, body[shown:])) <= OPEN // 2:
        return "\n\n".join(body)
    rest = "\n\n".join(body[shown:])
    return "\n\n".join([*body[:shown], f"<blockquote expandable>{rest}</blockquote>"])


def _cut(paragraph: Paragraph, size: int) -> list[_Piece]:
    """A paragraph in pieces of at most `size` characters, cut at sentence ends, an endless sentence anywhere."""
    edges = [0]
    for start, end in sentences(paragraph.text):
        for at in range(start, end, size):
            if min(end, at + size) - edges[-1] > size:
                edges.append(at)
    return [_Piece(paragraph, *span) for span in pairwise([*edges, len(paragraph.text)])]


def _html(role: Role, text: str) -> str:
    return f"<b>{escape(text)}</b>" if role is Role.CROSSHEAD else escape(text)
