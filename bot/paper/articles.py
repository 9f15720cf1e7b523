"""Units to articles: the parts that were read put together, and who wrote it, where it goes on, what was uncertain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.models import BODY, Block, Doubt, Note, ParsedArticle, Role
from bot.paper import evidence, roles
from bot.paper.bylines import people
from bot.paper.evidence import Part
from bot.paper.forms import Form
from bot.paper.layout import Unit, join, units
from bot.paper.page import PrintedLine
from bot.paper.readers.text import printed_lines

_ROLES = {
    Part.LABEL: Role.LABEL,
    Part.KICKER: Role.SUBHEAD,
    Part.HEADLINE: Role.HEADLINE,
    Part.DECK: Role.SUBHEAD,
    Part.BYLINE: Role.BYLINE,
    Part.TEXT: Role.TEXT,
    Part.CROSSHEAD: Role.CROSSHEAD,
    Part.CAPTION: Role.CAPTION,
    Part.CREDIT: Role.CREDIT,
    Part.JUMP: Role.JUMP,
    Part.SIGNATURE: Role.TEXT,
}
_SURE = 1.0
"""Evidence below this for a paragraph going on is worth a warning."""


def parse_text(page: str) -> tuple[tuple[ParsedArticle, ...], tuple[str, ...]]:
    """The articles of a page's text, and its furniture, as `parse`."""
    return parse(printed_lines(page))


def parse(lines: Sequence[PrintedLine]) -> tuple[tuple[ParsedArticle, ...], tuple[str, ...]]:
    """The articles of a page's lines, and its furniture.

    Every character of the page but white space and signs without width comes out once: in one block of one article, or
    in one line of furniture.
    """
    parsed, furniture = units(lines)
    return tuple(_article(draft) for draft in _drafts(parsed)), tuple(furniture)


@dataclass
class _Draft:
    """An article in the making: its parts, each with the texts that make it, and what was uncertain."""

    parts: list[tuple[Part, list[str]]] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)


def _drafts(parsed: Sequence[Unit]) -> Iterator[_Draft]:
    draft = _Draft()
    unfinished: list[str] = []
    for unit, reading in zip(parsed, roles.read(parsed), strict=True):
        if reading.begins and draft.parts:
            yield draft
            draft = _Draft()
        text = unit.form.text
        if reading.part is Part.MORE:
            if evidence.joins(Form.of(unfinished[-1]), unit) < _SURE:
                draft.warnings.append(Doubt.JOINED.of(unfinished[-1][-8:], text[:8]))
            unfinished.append(text)
            continue
        draft.parts.append((reading.part, [text]))
        if reading.part is Part.TEXT:
            unfinished = draft.parts[-1][1]
    if draft.parts:
        yield draft


def _article(draft: _Draft) -> ParsedArticle:
    blocks = tuple(Block(_ROLES[part], join(texts)) for part, texts in draft.parts)
    reporters, others, source_line = _byline(blocks)
    body = [Form.of(block.text) for block in blocks if block.role is Role.TEXT]
    jumps = [Form.of(block.text) for block in blocks if block.role is Role.JUMP]
    goes_on = next((form.jump_to for form in reversed([*body, *jumps]) if form.jump_to), None)
    comes_from = next((form.jump_from for form in [*jumps, *body[:1]] if form.jump_from), None)
    return ParsedArticle(
        blocks=blocks,
        reporters=reporters,
        others=others,
        source_line=source_line,
        goes_on=goes_on["page"] if goes_on else "",
        comes_from=comes_from["page"] if comes_from else "",
        warnings=(*draft.warnings, *_warnings(draft, blocks, signed=bool(source_line), continued=bool(comes_from))),
    )


def _byline(blocks: Sequence[Block]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Reporters, others and the byline as printed: on its own line, at the text's beginning, or at its end."""
    lines = [Form.of(block.text) for block in blocks if block.role is Role.BYLINE]
    texts = [Form.of(block.text) for block in blocks if block.role is Role.TEXT]
    named = [form.plain for form in lines]
    source_line = lines[0].text if lines else ""
    if texts and (source := texts[0].source):
        names = source["names"] or source["bare"]
        named += [names] if names else []
        if names or not source_line:
            source_line = texts[0].text[: source.end()].strip()
    for form in texts:
        if form.signature and len(named) < len(texts) + 2:
            named.append(form.signature)
            source_line = source_line or form.text[-len(form.signature) :]
    reporters, others = people(" | ".join(named))
    pictures = [Form.of(block.text).plain for block in blocks if block.role is Role.CREDIT]
    photographers = people(" | ".join(pictures))
    if not (reporters or others):
        return *photographers, source_line or "".join(b.text for b in blocks if b.role is Role.CREDIT)[:80]
    more = (name for names in photographers for name in names if name not in reporters)
    return reporters, tuple(dict.fromkeys((*others, *more))), source_line


def _warnings(draft: _Draft, blocks: Sequence[Block], *, signed: bool, continued: bool) -> Iterator[Note]:
    headline = next((block.text for block in blocks if block.role is Role.HEADLINE), "")
    if not any(block.role in BODY for block in blocks):
        yield Doubt.NO_TEXT.of()
    elif not headline and not continued:
        yield Doubt.NO_HEADLINE.of()
    elif not signed and not continued and not Form.of(headline).title:
        yield Doubt.NO_BYLINE.of()
    for part, texts in draft.parts:
        if part is Part.TEXT and not Form.of(texts[-1]).closed and not Form.of(texts[-1]).signature:
            yield Doubt.NO_END.of(texts[-1][-8:])
