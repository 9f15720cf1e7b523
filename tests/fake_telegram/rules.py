"""The objects of fake_telegram, what the Bot API accepts, and how it refuses the rest."""

import collections
import re
import struct
from urllib.parse import urlsplit

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
NAME = re.compile(r"<([^\s>]*)")
WORD = r"""[^\s=>/"']+(?![^\s=>/"'])"""
REST = re.compile(rf"""((?:\s*{WORD}(?:\s*=\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9.-]*(?=[\s>])))?)*)\s*>""")
ATTRIBUTE = re.compile(r"""([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]*)))?""")
END = re.compile(r"</([^\s>]*)\s*>")
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
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
RESULT_FIELDS = {  # for each type of inline result, the alternative sets of required fields
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


class Msg(dict):
    """A message as the Bot API shows it; `params` is the call that made it or last edited it."""

    params: dict = {}
    text = property(lambda self: self.get("text", self.get("caption", "")))
    buttons = property(lambda self: sum(self.get("reply_markup", {}).get("inline_keyboard", []), []))
    labels = property(lambda self: [button["text"] for button in self.buttons])

    def entity_texts(self, kind):
        raw = self.text.encode("utf-16-le")
        return [
            raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.get("entities", self.get("caption_entities", []))
            if e["type"] == kind
        ]


class Chat:
    def __init__(self, id, type, **info):
        self.info = {"id": id, "type": type, **info}
        self.id, self.started, self.blocked = id, id < 0, False
        self.messages, self.events, self.actions, self.drafts = {}, [], [], []  # events: what the bot sent or edited
        self.sent, self.touched, self.numbered = collections.deque(), 0.0, 0


class ApiError(Exception):
    def __init__(self, code, description, retry_after=0):
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


def bad(text):
    return ApiError(400, f"Bad Request: {text}")


def utf16(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_photo(data):
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


def is_url(url):
    """As Telegram sees it: a host without a dot, such as localhost, is no URL."""
    try:
        parts = urlsplit(url if "://" in str(url) else f"http://{url or ''}")
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("tg", "ton") or (parts.scheme in ("http", "https") and "." in host and " " not in host)


def parse_html(source):
    """Return (text, entities, warnings). Offsets count UTF-16 code units; errors come where Telegram's do."""
    out, entities, open_tags, warnings, here, i = [], [], [], [], 0, 0

    def fail(message, index=None):
        place = "" if index is None else f" at byte offset {len(source[:index].encode())}"
        raise bad(f"can't parse entities: {message.replace('@', place)}")

    while i < len(source):
        if source.startswith("</", i):
            if not open_tags:
                fail("Unexpected end tag@", i)
            if not (match := END.match(source, i)):
                fail("Unclosed end tag@", i)
            tag, begin, attributes, length = open_tags.pop()
            if match[1] and match[1].lower() != tag:
                fail(f'Unmatched end tag@, expected "</{tag}>", found "</{match[1].lower()}>"', i)
            if here > begin:
                entities.append({"type": TAGS[tag], "offset": begin, "length": here - begin})
                if tag == "a":
                    entities[-1]["url"] = attributes.get("href") or "".join(out[length:])
                    if not is_url(entities[-1]["url"]):
                        warnings.append(f"link dropped: {entities.pop()['url']!r} is not a URL")
                elif tag == "blockquote" and "expandable" in attributes:
                    entities[-1]["type"] = "expandable_blockquote"
            i = match.end()
        elif source[i] == "<":
            name = NAME.match(source, i)
            tag = name[1].lower()
            if name.end() == len(source):
                fail("Unclosed start tag@", i)
            if tag not in TAGS:
                fail(f'Unsupported start tag "{tag}"@', i)
            if not (match := REST.match(source, name.end())):
                fail(f'Unclosed start tag "{tag}"@', i)
            attributes = {m[1]: m[2] or m[3] or m[4] or "" for m in ATTRIBUTE.finditer(match[1])}
            if tag == "span" and attributes.get("class") != "tg-spoiler":
                fail('Tag "span" must have class "tg-spoiler"@', i)
            outer = {t for t, *_ in open_tags}
            if (outer & {"code", "pre"} and (tag, outer) != ("code", {"pre"})) or (
                tag == "blockquote" and tag in outer
            ):
                warnings.append(f"<{tag}> is ignored inside {sorted(outer)}")
            open_tags.append((tag, here, attributes, len(out)))
            i = match.end()
        else:
            char, step = source[i], 1
            if match := REFERENCE.match(source, i):
                code = ord(NAMED[match[3]]) if match[3] else int(match[1] or match[2], 16 if match[1] else 10)
                if 0xD800 <= code < 0xE000:
                    fail("Text contains invalid Unicode characters after decoding HTML entities")
                if 0 < code < 0x10FFFF:
                    char, step = chr(code), len(match[0])
            elif re.match(r"&\w+;", source[i : i + 12]):
                warnings.append(f"shown literally: {source[i : i + 12]!r}")
            out.append(char)
            here += utf16(char)
            i += step
    if open_tags:
        fail(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return "".join(out), sorted(entities, key=lambda e: (e["offset"], -e["length"])), warnings


def trim(text, entities):
    """Cut the white space around the text, as Telegram does, and move the entities along."""
    lead = min([len(text) - len(text.lstrip(" \n")), *(e["offset"] for e in entities)])
    text, kept = text.rstrip()[lead:], []
    for entity in entities:
        length = min(entity["offset"] - lead + entity["length"], utf16(text)) - (entity["offset"] - lead)
        if length > 0:
            kept.append({**entity, "offset": entity["offset"] - lead, "length": length})
    return text, kept


def formatted(p, key, limit, required=None):
    """The text or caption of a call as (text, entities, warnings)."""
    required, source, mode = key == "text" if required is None else required, p.get(key) or "", p.get("parse_mode", "")
    entities, warnings = p.get("caption_entities" if key == "caption" else "entities") or [], []
    if required and not source:
        raise bad("message text is empty")
    if len(source.encode()) > 1 << 15:
        raise bad("text is too long")
    if mode.lower() == "html":
        source, entities, warnings = parse_html(source)
    elif mode.lower() not in ("", "none"):
        raise bad(f"this fake knows no parse mode but HTML, not {mode}")
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


def find_entities(text):
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


def check_markup(markup):
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


def check_inline_answer(p):
    """Refuse a wrong answerInlineQuery; return warnings."""
    results, warnings = p.get("results", []), []
    if len(results) > 50:
        raise bad("too many inline query results specified")
    for result in results:
        kind, sets = result.get("type"), RESULT_FIELDS.get(result.get("type"))
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
    start = (p.get("button") or {}).get("start_parameter")
    if start is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start):
        raise bad("START_PARAM_INVALID")
    return warnings


def check_commands(commands):
    for command in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "").strip()) <= 256:
            raise bad("command description must be non-empty and not exceed 256")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    return commands


def check_webhook(p):
    parts = urlsplit(p["url"])
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in (443, 80, 88, 8443):
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", p.get("secret_token", "")):
        raise bad("secret token contains unallowed characters")
