"""What the Bot API accepts, and how it refuses the rest."""

import re
import struct
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.html import parse_html
from bot.sandbox.types import Formatted, Params, bad, is_url, utf16

CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
UPLOAD_LIMITS = {"photo": 10 << 20, "document": 50 << 20, "animation": 50 << 20, "audio": 50 << 20, "video": 50 << 20}
_CAPTIONED = ("photo", "document", "animation", "audio", "video", "caption", "caption_entities")
COMPARED: dict[str, tuple[str, ...]] = {
    "media": ("text", "entities", *_CAPTIONED),
    "text": ("text", "entities"),
    "caption": ("caption", "caption_entities"),
    "markup": (),
}
"""By what is edited, the fields of a message that an edit replaces."""

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
ACTION_FIELDS = {
    "url",
    "callback_data",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "web_app",
    "login_url",
    "pay",
    "callback_game",
}
RESULT_FIELDS: dict[
    str, list[tuple[str, ...]]
] = {  # for each type of inline result, the alternative sets of required fields
    "article": [("title", "input_message_content")],
    "photo": [("photo_url", "thumbnail_url"), ("photo_file_id",)],
    "document": [("title", "document_url", "mime_type"), ("title", "document_file_id")],
    "gif": [("gif_url", "thumbnail_url"), ("gif_file_id",)],
    "video": [("video_url", "mime_type", "thumbnail_url", "title"), ("video_file_id", "title")],
    "audio": [("audio_url", "title"), ("audio_file_id",)],
    "voice": [("voice_url", "title"), ("voice_file_id", "title")],
    "location": [("latitude", "longitude", "title")],
    "contact": [("phone_number", "first_name")],
    "venue": [("latitude", "longitude", "title", "address")],
    "sticker": [("sticker_file_id",)],
}


def trim(text: str, entities: list[Params]) -> tuple[str, list[Params]]:
    """Cut the white space around the text, as Telegram does, and move the entities along."""
    lead = min([len(text) - len(text.lstrip(" \n")), *(e["offset"] for e in entities)])
    text, kept = text.rstrip()[lead:], []
    for entity in entities:
        length = min(entity["offset"] - lead + entity["length"], utf16(text)) - (entity["offset"] - lead)
        if length > 0:
            kept.append({**entity, "offset": entity["offset"] - lead, "length": length})
    return text, kept


def formatted(p: Params, key: str, limit: int, required: bool | None = None) -> Formatted:
    """The text or caption of a call as (text, entities, warnings)."""
    required, source, mode = key == "text" if required is None else required, p.get(key) or "", p.get("parse_mode", "")
    entities: list[Params] = p.get("caption_entities" if key == "caption" else "entities") or []
    warnings: list[str] = []
    if required and not source:
        raise bad("message text is empty")
    if len(source.encode()) > 1 << 15:
        raise bad("text is too long")
    if mode.lower() == "html":
        source, entities, warnings = parse_html(source)
    elif mode.lower() not in ("", "none"):
        raise bad(f"the sandbox knows no parse mode but HTML, not {mode}")
    if any(e["offset"] < 0 or e["length"] < 0 or e["offset"] + e["length"] > utf16(source) for e in entities):
        raise bad("entity beginning or ending outside of the text")  # UTF-16 code units
    text, entities = trim(source, entities)
    if required and not text:
        raise bad("text must be non-empty")
    if len(text) > limit:  # code points, after parsing
        raise bad("message is too long" if key == "text" else "message caption is too long")
    if len(entities) > 100:
        warnings.append(f"only the first 100 of {len(entities)} entities are shown")
    return text, entities, warnings


def find_entities(text: str) -> Params:
    """The entities Telegram finds in a user's text: a command must be Latin and end at a word boundary."""
    patterns = {
        "bot_command": r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])",
        "mention": r"(?<![\w/])@[A-Za-z0-9_]{3,32}\b",
        "url": r"https?://[^\s<>]+",
    }
    found = [
        {"type": kind, "offset": utf16(text[: m.start()]), "length": utf16(m[0])}
        for kind, pattern in patterns.items()
        for m in re.finditer(pattern, text)
    ]
    return {"entities": sorted(found, key=lambda e: e["offset"])} if found else {}


def check_markup(markup: Any) -> Params:
    """The message field for a reply_markup: inline keyboards belong to the message, the others do not."""
    if not markup:
        return {}
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    for row in markup.get("keyboard", []):
        if not all(b if isinstance(b, str) else b.get("text") for b in row):
            raise bad("keyboard button text must be non-empty")
    rows = [row for row in markup.get("inline_keyboard", []) if row]
    for button in (b for row in rows for b in row):
        if not isinstance(button.get("text"), str):
            raise bad("can't parse inline keyboard button: Can't find field \"text\"")
        if not button["text"].strip():
            raise bad("inline keyboard button text must be non-empty")
        if not ACTION_FIELDS & {k for k, v in button.items() if v or k.startswith("switch_inline_query")}:
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if len(button.get("callback_data", "").encode()) > 64:
            raise bad("BUTTON_DATA_INVALID")
        if "url" in button and not is_url(button["url"]):
            raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        if "copy_text" in button and not 1 <= len(button["copy_text"].get("text", "")) <= 256:
            raise bad("BUTTON_COPY_TEXT_INVALID")
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def check_inline_answer(p: Params) -> list[str]:
    """Refuse a wrong answerInlineQuery; return warnings."""
    results: list[Params] = p.get("results", [])
    warnings: list[str] = []
    if len(results) > 50:
        raise bad("too many inline query results specified")
    for result in results:
        kind = str(result.get("type"))
        sets = RESULT_FIELDS.get(kind)
        if not sets:
            raise bad(f'can\'t parse inline query result: type "{kind}" is unsupported for the inline query result')
        missing = [[f for f in fields if f not in result] for fields in sets]
        if all(missing):
            raise bad(f"can't parse inline query result: Can't find field \"{min(missing, key=len)[0]}\"")
        if kind == "article" and not result["title"].strip():
            raise bad("ARTICLE_TITLE_EMPTY")
        if "message_text" in (content := result.get("input_message_content") or {}):
            warnings += formatted(content | {"text": content["message_text"]}, "text", 4096)[2]
        check_markup(result.get("reply_markup"))
    ids = [str(result.get("id", "")) for result in results]
    if not all(1 <= len(i.encode()) <= 64 for i in ids):
        raise bad("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad("RESULT_ID_DUPLICATE")
    if len(p.get("next_offset", "").encode()) > 64:
        raise bad("NEXT_OFFSET_INVALID")
    button = p.get("button")
    if button is not None and not str(button.get("text", "")).strip():
        raise bad("can't parse inline query results button: Can't find field \"text\"")
    start = (button or {}).get("start_parameter")
    if start is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start):
        raise bad("START_PARAM_INVALID")
    return warnings


def check_commands(commands: list[Params]) -> list[Params]:
    """Refuse a wrong menu; return it."""
    for command in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "").strip()) <= 256:
            raise bad("command description must be non-empty and not exceed 256")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    return commands


def check_webhook(p: Params) -> None:
    """Refuse a wrong setWebhook."""
    parts = urlsplit(p["url"])
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in (443, 80, 88, 8443):
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", p.get("secret_token", "")):
        raise bad("secret token contains unallowed characters")


def check_photo(data: bytes) -> tuple[int, int]:
    """Return the width and the height of an uploaded photo that Telegram takes: a JPEG or PNG of moderate size."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack(">II", data[16:24])
    elif data.startswith(b"\xff\xd8"):
        width, height = 90, 90
    else:
        raise bad("IMAGE_PROCESS_FAILED")
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height
