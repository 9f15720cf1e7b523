"""Every sentence that the bot says, once a language; a language that lacks one does not import."""

from bot.chat.texts.en import EN
from bot.chat.texts.phrasebook import Count, Texts
from bot.chat.texts.zh_hans import ZH_HANS
from bot.chat.texts.zh_hant import ZH_HANT

__all__ = ["EN", "LANGUAGES", "Count", "Texts", "for_language"]

LANGUAGES = {"zh-Hans": ZH_HANS, "zh-Hant": ZH_HANT, "en": EN}


def for_language(code: str | None, default: str) -> Texts:
    """The texts for a reader.

    Args:
        code: What Telegram says of the reader's language (`zh-hans`, `zh-TW`, `en-GB`), if anything.
        default: The language of `LANGUAGES` for everybody else.
    """
    main, _, rest = (code or "").lower().replace("_", "-").partition("-")
    if main == "zh":
        parts = set(rest.split("-"))
        return ZH_HANT if {"hant", "tw", "hk", "mo"} & parts and "hans" not in parts else ZH_HANS
    return EN if main == "en" else LANGUAGES[default]
