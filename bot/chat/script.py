"""A reply in the script of the reader's choice: one place for all replies, behind all that build them."""

import re
from dataclasses import replace
from functools import partial
from html import escape, unescape

from bot.chat.replies import Reply
from bot.models import Script
from bot.search.characters import in_simplified, in_traditional

_MARKUP = re.compile(r"(<code>.*?</code>|<[^<>]*>)", re.S)
"""What stays as it is: tags, and what is in `code`, because it is copied and typed back."""


def in_script(reply: Reply, script: Script) -> Reply:
    """The reply with its text and the labels of its buttons in a script; what a button does stays as it is."""
    if script is Script.PRINTED or reply.fixed:
        return reply
    convert = partial(text_in_script, script=script)
    pieces = _MARKUP.split(reply.html)
    texts = [unescape(piece) for piece in pieces[::2]]
    whole = convert("".join(texts))  # as a whole: a word that is half bold is converted as the word that it is
    at = 0
    for place, text in enumerate(texts):
        pieces[2 * place] = escape(whole[at : at + len(text)], quote=False)
        at += len(text)
    rows = tuple(tuple(replace(button, label=convert(button.label)) for button in row) for row in reply.rows)
    return replace(reply, html="".join(pieces), rows=rows)


def text_in_script(text: str, script: Script) -> str:
    """A text without markup in a script."""
    if script is Script.PRINTED:
        return text
    return in_simplified(text) if script is Script.HANS else in_traditional(text)
