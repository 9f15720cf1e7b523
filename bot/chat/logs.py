"""Logging that never holds the token."""

import logging
import sys

from telegram.error import BadRequest, InvalidToken, NetworkError, TimedOut

from bot.chat.polling import unreached


class _Redacting(logging.Formatter):
    """Writes a record, its traceback included, with the secrets blotted out."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


class _Worthwhile(logging.Filter):
    """Lets through what is loud enough, and the retries, which python-telegram-bot whispers of without their reason.

    Of polling's, those that timed out: of the others, the error handler is told.

    A refused token's traceback is left out: the program says in one sentence what to do. So is that of a failure on the
    way to Telegram, which says nothing of where it happened.
    """

    def __init__(self, level: int) -> None:
        super().__init__()
        self._level = level

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], InvalidToken):
            return False
        if (
            record.exc_info
            and isinstance(error := record.exc_info[1], NetworkError)
            and not isinstance(error, BadRequest)
        ):
            record.msg, record.args, record.exc_info = f"{record.getMessage()} ({error})", (), None
        if "Failed run number" in str(record.msg) and isinstance(record.args, tuple):
            why = sys.exc_info()[1]  # it is logged where the error is caught
            runs = next((one for one in record.args if isinstance(one, int)), 0)
            if runs & (runs - 1) or ("Polling" in str(record.args[0]) and not isinstance(why, TimedOut)):
                return False  # the 0th, 1st, 2nd, 4th, 8th, ... are said: an outage of an hour is a few lines
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.msg, record.args = "%s; trying again.", (unreached(why),)
        return record.levelno >= self._level


def set_up(level: str, secrets: list[str]) -> None:
    """Log to stderr from that level on; `secrets` (tokens, and their halves) never show."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(secrets))
    handler.addFilter(_Worthwhile(logging.getLevelNamesMapping()[level]))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("telegram.ext").setLevel(logging.DEBUG)
    # It logs what Telegram has sent when that is no JSON, each time; the error that follows says as much.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
    for noisy in ("httpx", "httpcore"):  # httpx logs each request's address, with the token in it
        logging.getLogger(noisy).setLevel(logging.WARNING)
