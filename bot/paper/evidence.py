"""The evidence for what a unit of a page is: from its form, and from what stands before and behind it.

Numbers are weights that add up: 1 is a hint, 2 good evidence, 6 decides. Each function says what it speaks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.dictionary import tokenizer
from bot.models import Role
from bot.paper.forms import HEADING_LENGTH, Form
from bot.paper.layout import Unit

IMPOSSIBLE = float("-inf")
_NEVER = -1000.0
"""What a page does not print. Where a file's format insists, it is taken as it is."""

_CROSSHEAD_LENGTH = 18


class Part(Enum):
    """What a unit can be. A paragraph that is broken is a TEXT and as many MORE as it takes."""

    LABEL = auto()
    KICKER = auto()
    HEADLINE = auto()
    DECK = auto()
    BYLINE = auto()
    TEXT = auto()
    MORE = auto()
    CROSSHEAD = auto()
    CAPTION = auto()
    CREDIT = auto()
    JUMP = auto()
    SIGNATURE = auto()


HEAD = frozenset({Part.LABEL, Part.KICKER, Part.HEADLINE, Part.DECK})
_BELOW_IN_HEAD = {
    Part.LABEL: (Part.KICKER, Part.HEADLINE),
    Part.KICKER: (Part.KICKER, Part.HEADLINE),
    Part.HEADLINE: (Part.DECK,),
    Part.DECK: (Part.DECK,),
}
ASIDE = frozenset({Part.CAPTION, Part.CREDIT, Part.JUMP})
_OF_ROLE = {
    Role.LABEL: (Part.LABEL,),
    Role.HEADLINE: (Part.HEADLINE,),
    Role.SUBHEAD: (Part.KICKER, Part.DECK),
    Role.BYLINE: (Part.BYLINE,),
    Role.TEXT: (Part.TEXT,),
    Role.CROSSHEAD: (Part.CROSSHEAD,),
    Role.CAPTION: (Part.CAPTION,),
    Role.CREDIT: (Part.CREDIT,),
    Role.JUMP: (Part.JUMP,),
}


@dataclass(frozen=True)
class State:
    """What matters of the units so far: the last one's part, whether the article has text, what is unfinished."""

    part: Part | None = None
    has_text: bool = False
    unfinished: int | None = None


def parts(units: Sequence[Unit], i: int, *, marked: bool) -> dict[Part, float]:
    """What a unit looks like: the parts that it can have, each with what speaks for it."""
    unit, form = units[i], units[i].form
    if unit.role is not None:
        return dict.fromkeys(_OF_ROLE[unit.role], 0.0)
    parts = {Part.TEXT: _prose(form) + _paragraph(unit), Part.MORE: _prose(form)}
    if form.is_jump:
        parts[Part.JUMP] = 4.0
    if form.byline or form.author:
        parts[Part.BYLINE] = 5.0 if form.byline else 1.0
    if form.credit:
        parts[Part.CREDIT] = 5.5
    if form.caption:
        parts[Part.CAPTION] = 4.0
    if not form.closed and len(form.text) <= HEADING_LENGTH and _signs(units, i):
        parts[Part.SIGNATURE] = 4.0
    heading = _heading(unit)
    if heading > -9:
        parts[Part.CROSSHEAD] = heading + _crosshead(form)
        if not marked:
            parts[Part.HEADLINE] = heading + _headline(form)
            parts[Part.DECK] = heading + (3.0 if form.plain.startswith("——") else 0.5 * form.names_those_present)
            parts[Part.KICKER] = heading + (3.0 if form.introduces else -2.5)
            parts[Part.LABEL] = heading + _label(form)
    return parts


def _prose(form: Form) -> float:
    return 2.0 * form.closed + 2.0 * (len(form.text) > HEADING_LENGTH) + 1.0 * ("。" in form.text)


def _paragraph(unit: Unit) -> float:
    """Whether a paragraph begins with it."""
    form = unit.form
    score = 3.0 * form.opens + 3.0 * bool(unit.indented) + 2.0 * (form.item or form.note)
    if form.closed and form.asks and "。" not in form.text and len(form.text) <= 24:
        score -= 1.5  # 这条路，何时能修好？
    if form.signature:
        score += 1.0
    if unit.size is not None and unit.size >= 1.25:
        score -= 4.0
    return score


def _heading(unit: Unit) -> float:
    """Whether it looks like a heading of any kind."""
    form, length = unit.form, len(unit.form.text)
    if length > 2 * HEADING_LENGTH or form.plain.endswith(("。", ";", ",", "、")) or form.opens:
        return -10.0
    score = -6.0 * (length > HEADING_LENGTH) - 1.5 * (length > 28) - 5.0 * ("。" in form.plain[:-1])
    score -= 0.8 * form.plain.count(",") + 1.5 * (form.speaks and "," in form.plain)
    score -= 2.0 * form.quotes
    score -= 3.0 * (form.open_pairs or form.stray_close)
    score -= 2.0 * (form.item or form.note or form.caption or form.credit or form.byline)
    if unit.indented is not None:
        score += -3.0 if unit.indented else 1.5
    if unit.size is not None:
        score += 5.0 if unit.size >= 1.25 else 1.0 if unit.size >= 1.08 else -2.0
    return score


def _headline(form: Form) -> float:
    if form.title:
        return 6.0
    return 4.0 * form.notice - 1.0 * (len(form.bare) <= 5) - 3.0 * form.numbered - 3.0 * form.plain.startswith("——")


def _crosshead(form: Form) -> float:
    over = max(0, len(form.bare) - _CROSSHEAD_LENGTH)
    return 4.0 * form.numbered - 0.5 * over - 1.0 * (over > 0) - 4.0 * (form.title or form.pictures) - 2.0 * form.notice


def _label(form: Form) -> float:
    if form.pictures:
        return 6.0
    score = -3.0 - 0.3 * max(0, len(form.bare) - 8)
    return score + 3.0 * form.label + 1.0 * (len(form.bare) <= 6) - 2.0 * form.closed


def _signs(units: Sequence[Unit], i: int) -> bool:
    """Whether it is the office or the day below a notice."""
    form = units[i].form
    if form.is_day:
        return True
    below = units[i + 1].form if i + 1 < len(units) else None
    return form.names_a_body and below is not None and (below.is_day or below.names_a_body)


def follows(units: Sequence[Unit], i: int, before: State, part: Part, *, marked: bool) -> tuple[float, bool]:
    """What speaks for a part behind the units before it, and whether an article begins with it."""
    unit, form = units[i], units[i].form
    if part is Part.MORE:
        if before.unfinished is None or unit.begins:
            return IMPOSSIBLE, False
        return joins(units[before.unfinished].form, unit), False
    first = before.part is None
    begins = first or unit.begins if marked else first or _begins(before, part, form)
    score = 0.0
    if before.unfinished is not None and part not in ASIDE:
        score += _breaks_off(units[before.unfinished].form)
    if begins:
        score += _at_beginning(units, i, before, part, marked=marked)
    elif part in HEAD:
        score += _within_head(before, part, units, i)
    elif part is Part.TEXT:
        score += _text_after(before, form)
    elif part is Part.CROSSHEAD:
        score += _crosshead_after(units, i, before)
    elif part is Part.BYLINE:
        score += _byline_after(before, form)
    elif part is Part.SIGNATURE and not before.has_text:
        score += IMPOSSIBLE
    return score, begins


def _begins(before: State, part: Part, form: Form) -> bool:
    in_head = before.part in HEAD or (before.part in ASIDE and not before.has_text)
    if part in HEAD:
        return not in_head
    return part in (Part.TEXT, Part.BYLINE) and form.opens and before.has_text


def _at_beginning(units: Sequence[Unit], i: int, before: State, part: Part, *, marked: bool) -> float:
    """An article begins: what has come before must be whole, and a headline is what it begins with."""
    if marked:
        return 0.0
    above = units[i - 1].form if i else None
    score = 0.0 if above is None else -2.5
    if before.part in (Part.CROSSHEAD, Part.BYLINE):  # text belongs below it
        score -= 4.0
    if above is not None and _ends_an_article(above, before, units[i].form):
        score += 3.0
    if part in (Part.HEADLINE, Part.LABEL, Part.KICKER):
        return score
    if part is Part.DECK:
        return _NEVER
    if part in (Part.TEXT, Part.BYLINE):  # no headline is printed: the other half of 下转 or a piece of news of its own
        return score - (0.0 if units[i].form.jump_from else 1.0)
    return score - 3.0


def _ends_an_article(above: Form, before: State, form: Form) -> bool:
    signed = above.jump_to or above.signature or above.is_day or before.part is Part.CREDIT
    return bool(signed) or (above.item and not form.item)


def _within_head(before: State, part: Part, units: Sequence[Unit], i: int) -> float:
    """From the label to the kicker, the headline, the deck: each stands where it stands."""
    if before.part in ASIDE:
        return -1.0 if part in (Part.DECK, Part.HEADLINE) else _NEVER
    if before.part is None or part not in _BELOW_IN_HEAD.get(before.part, ()):
        return _NEVER
    if before.part is Part.LABEL:  # a label is shorter than what it stands above
        here, above = units[i].form, units[i - 1].form
        return 1.5 if above.label or len(here.bare) >= 1.5 * len(above.bare) else -1.5
    return _by_size(units[i - 1], units[i], part) - 0.3


def _by_size(above: Unit, unit: Unit, part: Part) -> float:
    """Of the lines of a head, the headline is set in the largest type."""
    if above.size is None or unit.size is None:
        return 0.0
    if part is Part.HEADLINE:
        return 4.0 if unit.size > 1.2 * above.size else -2.0
    return -6.0 if part is Part.DECK and unit.size > 1.2 * above.size else 0.0


def _text_after(before: State, form: Form) -> float:
    if before.part in (Part.LABEL, Part.KICKER):
        return -3.0
    if not before.has_text and before.part in HEAD | ASIDE | {Part.BYLINE}:
        return 3.0 if form.opens else -1.0 if before.part is not Part.BYLINE else 1.0
    if form.opens and before.part is Part.CROSSHEAD:
        return -6.0
    return 0.0


def _byline_after(before: State, form: Form) -> float:
    """Below the head; at the end of the text, what stands in brackets is a signature and belongs to it."""
    if before.part in HEAD:
        return 3.0
    if before.part in ASIDE and not before.has_text:
        return 0.0
    return -8.0 if form.plain.startswith("(") else -4.0


def _crosshead_after(units: Sequence[Unit], i: int, before: State) -> float:
    score = 0.0
    if not before.has_text:
        score -= 2.5
    if before.part is Part.CROSSHEAD:
        score -= 4.0
    above = units[i - 1].form
    if above.jump_to or above.signature or above.item or above.is_day or before.part is Part.SIGNATURE:
        score -= 3.0
    if i + 1 == len(units) or units[i + 1].form.opens or units[i + 1].form.byline:
        score -= 5.0
    return score


def _breaks_off(form: Form) -> float:
    """A paragraph that no end came to: of 210 real ones, none."""
    if form.signature or form.plain.endswith((":", "——")):
        return -1.0
    return -5.0


def ends(units: Sequence[Unit], state: State) -> float:
    """What speaks against a page that ends so."""
    score = _breaks_off(units[state.unfinished].form) / 2 if state.unfinished is not None else 0.0
    if state.part in HEAD | {Part.CROSSHEAD}:
        score -= 4.0
    return score


_OPEN_END = (
    "的",
    "和",
    "与",
    "及",
    "或",
    "在",
    "于",
    "对",
    "把",
    "被",
    "将",
    "从",
    "为",
    "是",
    "等",
    "并",
    "向",
    "以",
    "了",
)


def joins(above: Form, unit: Unit) -> float:
    """What speaks for a unit going on in the sentence that the one above did not end."""
    form = unit.form
    if form.opens or form.item or form.note or unit.indented or (unit.size or 1.0) >= 1.25:
        return -6.0
    score = -1.0 if not unit.interrupted else 3.0
    if above.plain.endswith((",", "、", ";", "“", "(", "《")) or form.plain.startswith(tuple(",。、;:!?”》)%")):
        score += 6.0
    if above.open_pairs and form.stray_close:
        score += 4.0
    if above.plain.endswith(_OPEN_END):
        score += 1.5
    if above.plain[-1:].isdigit() and (
        form.plain[:1].isdigit() or form.plain.startswith(tuple("年月日时万亿元个人名"))
    ):
        score += 4.0
    if _word_across(above.plain[-6:], form.plain[:6]):
        score += 3.0
    if form.speaks:
        score -= 1.0
    if not form.closed and len(form.text) <= HEADING_LENGTH:
        score -= 1.0
    return score


def _word_across(left: str, right: str) -> bool:
    """Whether a word of the dictionary stands across the break."""
    at = 0
    for word in tokenizer().cut(left + right, HMM=False):
        at += len(word)
        if at > len(left):
            return at - len(word) < len(left)
    return False
