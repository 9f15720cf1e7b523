"""What is kept about a reader, in plain words and in numbers."""

from collections.abc import Mapping

from bot.chat.actions import ForgetMe, LeaveIt
from bot.chat.replies import Button, Reply
from bot.chat.texts import Count, Texts


def privacy(kept: Mapping[str, int], texts: Texts) -> Reply:
    """What is kept, of anybody and of this reader; `kept` counts the rows of each table."""
    return Reply(texts.privacy.format(kept=_listed(kept, texts)))


def question(kept: Mapping[str, int], texts: Texts) -> Reply:
    """Asks whether all of it is to go."""
    buttons = (Button(texts.forget_button, ForgetMe()), Button(texts.leave_button, LeaveIt()))
    return Reply(texts.forget_question.format(kept=_listed(kept, texts)), (buttons,))


def forgotten(went: Mapping[str, int], texts: Texts) -> Reply:
    """What went."""
    return Reply(texts.forgotten.format(kept=_listed(went, texts)))


def _listed(kept: Mapping[str, int], texts: Texts) -> str:
    items = [texts.kept_item.format(what=texts.kept[table], count=Count(count)) for table, count in kept.items()]
    return texts.list_separator.join(items) or texts.kept_nothing
